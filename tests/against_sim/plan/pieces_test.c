/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans with larger pieces: where they are used and where not, what the flash is spared, and that the target has its
 * own sizes again afterwards, whatever happens. The same on the chips' own code: tests/against_sim/code.
 */
#include <string.h>

#include "plan.h"

/* Where the loader's table is, as the symbols of the published ROMs say, and where in it the sizes are. */
typedef struct {
    plan_chip_t chip;
    uint32_t variable, table, sizes_off;
} table_t;

static const table_t tables[] = {
    {{"esp32s3", 9, 0x0}, 0x3FCEFFE8, 0x3FCEF670, 4},
    {{"esp32c3", 5, 0x0}, 0x3FCDFFF4, 0x3FF1E1AC, 0},
    {{"esp32c2", 12, 0x0}, 0x3FCDFFF4, 0x3FCDF9E8, 4},
    {{"esp32c5", 23, 0x2000}, 0x4085FFF0, 0x4085FB00, 4},
    {{"esp32c6", 13, 0x0}, 0x4087FFF0, 0x4087FA24, 4},
    {{"esp32c61", 20, 0x0}, 0x4084FFF0, 0x4084FAEC, 4},
    {{"esp32h2", 16, 0x0}, 0x4084FFF0, 0x4084FF38, 4},
    {{"esp32p4", 18, 0x2000}, 0x4FFBFFEC, 0x4FFBFF04, 4},
    {{"esp32s31", 32, 0x2000}, 0x2F07FFE4, 0x2F07F978, 4},
};

enum { S3, C3, BOTH_KINDS }; /* a table in RAM, one in ROM */

static esp_loader_pieces_t pieces;

static void begin_on(plan_t *plan, const table_t *table)
{
    plan_take_chip(plan, &table->chip);
    pieces = (esp_loader_pieces_t){.code = &esp_loader_pieces_64};
    plan->options.pieces = &pieces;
    plan->options.keep_rate = true;
}

static uint32_t variable(const plan_t *plan, const table_t *table)
{
    return esp_sim_peek(plan->bench.sim, table->variable);
}

static void assert_sizes(const plan_t *plan, const table_t *table, uint32_t read, uint32_t write)
{
    const uint32_t at = variable(plan, table) + table->sizes_off;
    assert_int_equal(esp_sim_peek(plan->bench.sim, at), read);
    assert_int_equal(esp_sim_peek(plan->bench.sim, at + 4), write);
}

static void assert_usual(const plan_t *plan, const table_t *table)
{
    assert_int_equal(variable(plan, table), table->table);
    assert_sizes(plan, table, 16, 32);
    assert_false(pieces.is_left);
}

/* Program operations of a plan that writes everything. */
static uint64_t count_programs(plan_t *plan)
{
    const uint64_t before = esp_sim_stats(plan->bench.sim)->programs;
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    assert_all_flashed(plan);
    return esp_sim_stats(plan->bench.sim)->programs - before;
}

TEST_LOADERS_EACH(with_larger_pieces_the_flash_is_programmed_half_as_often, COUNT(tables))
{
    begin_on(plan, &tables[i]);
    plan->options.rewrite_equal = true;
    plan_connect(plan);
    const uint64_t large = count_programs(plan);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_usual(plan, &tables[i]);
    plan->options.pieces = NULL;
    assert_in_range(count_programs(plan), 2 * large - 4, 2 * large);
    assert_usual(plan, &tables[i]);
}

TEST_LOADERS(early_revisions_of_the_esp32p4_have_their_table_elsewhere)
{
    static const table_t early = {{"esp32p4", 18, 0x2000}, 0x4FF3FFEC, 0x4FF3FEF8, 4};

    begin_on(plan, &early);
    plan->bench.config.chip_revision = 103;
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_usual(plan, &early);
}

/* ---- where they are not used ---- */

static void assert_not_used(plan_t *plan, esp_loader_pieces_result_t result)
{
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, result);
    assert_false(pieces.is_left);
    assert_true(esp_sim_stats(plan->bench.sim)->programs * 32 >=
                esp_sim_stats(plan->bench.sim)->bytes_programmed);
    assert_all_flashed(plan);
}

static const table_t without[] = {{{"esp32", 0, 0x1000}, 0, 0, 0}, {{"esp32s2", 2, 0x1000}, 0, 0, 0}};

TEST_LOADERS_EACH(chips_whose_size_is_a_constant_keep_it, COUNT(without))
{
    begin_on(plan, &without[i]);
    plan_connect(plan);
    assert_not_used(plan, ESP_LOADER_PIECES_UNSUPPORTED);
}

static const struct {
    size_t table;
    uint32_t flash_size;
    esp_loader_pieces_result_t result;
} sizes[] = {
    {0, 32u << 20, ESP_LOADER_PIECES_UNSUPPORTED}, {3, 32u << 20, ESP_LOADER_PIECES_UNSUPPORTED},
    {5, 32u << 20, ESP_LOADER_PIECES_UNSUPPORTED}, {7, 32u << 20, ESP_LOADER_PIECES_UNSUPPORTED},
    {8, 32u << 20, ESP_LOADER_PIECES_UNSUPPORTED}, {8, 16u << 20, ESP_LOADER_PIECES_USED},
    {0, 16u << 20, ESP_LOADER_PIECES_USED},        {4, 32u << 20, ESP_LOADER_PIECES_USED},
};

TEST_LOADERS_EACH(flash_beyond_16_mb_is_left_to_the_stubs_own_routine, COUNT(sizes))
{
    const table_t *table = &tables[sizes[i].table];

    begin_on(plan, table);
    plan->bench.config.flash_size = sizes[i].flash_size;
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, sizes[i].result);
    assert_usual(plan, table);
}

TEST_PLAN_EACH(secure_download_mode_has_none, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->bench.config.is_secure_download = true;
    plan_connect(plan);
    assert_success(esp_loader_flash_set_size(&plan->bench.loader, 8u << 20));
    assert_not_used(plan, ESP_LOADER_PIECES_UNSUPPORTED);
}

TEST_PLAN(what_was_reported_of_one_plan_is_not_reported_of_the_next)
{
    begin_on(plan, &tables[S3]);
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    plan->images[APP].offset++;
    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_UNUSED);
}

TEST_PLAN(without_a_verification_there_are_none)
{
    begin_on(plan, &tables[S3]);
    plan->options.skip_verify = true;
    plan_connect(plan);
    assert_not_used(plan, ESP_LOADER_PIECES_UNSUPPORTED);
}

#ifndef ESP_LOADER_SMALL /* which has no stub */
/* Its code may be anybody's. */
TEST_PLAN_EACH(a_stub_that_was_left_running_is_not_told, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->bench.config.wiring = ESP_SIM_WIRING_NONE;
    plan->bench.target_loader = STUB;
    plan_connect(plan);
    assert_success(esp_loader_connect_with_stub(&plan->bench.loader, NULL));
    assert_true(esp_loader_stub_is_running(&plan->bench.loader));
    assert_not_used(plan, ESP_LOADER_PIECES_UNSUPPORTED);
}
#endif

/* A word is not what it should be: address, value. */
static const struct {
    size_t kind;
    uint32_t address, value;
} strange[] = {
    {S3, 0x3FCEFFE8, 0},          {S3, 0x3FCEFFE8, 0x3FCEF672}, {S3, 0x3FCEFFE8, 0x60000000},
    {S3, 0x3FCEFFE8, 0x3FCFFFFC}, {S3, 0x3FCEFFE8, 0x40048000}, {S3, 0x3FCEF670, 0x18181820},
    {S3, 0x3FCEF674, 64},         {S3, 0x3FCEF674, 0},          {S3, 0x3FCEF678, 64},
    {C3, 0x3FCDFFF4, 0},          {C3, 0x3FCDFFF4, 0x3FCC0000}, {C3, 0x3FCDFFF4, 0x3FC90000},
    {C3, 0x3FCDFFF4, 0x3FF20000}, {C3, 0x3FF1E1AC, 32},         {C3, 0x3FF1E1B0, 64},
    {C3, 0x3FF1E1B4, 0x4004DEB6}, {C3, 0x3FF1E1D4, 1},
};

TEST_LOADERS_EACH(a_table_that_is_not_known_is_left_alone, COUNT(strange))
{
    begin_on(plan, &tables[strange[i].kind]);
    plan_connect(plan);
    assert_success(esp_loader_write_register(&plan->bench.loader, strange[i].address, strange[i].value));
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_UNKNOWN);
    assert_false(pieces.is_left);
    assert_all_flashed(plan);
    assert_int_equal(esp_sim_peek(plan->bench.sim, strange[i].address), strange[i].value);
}

/* Commands of a plan that finds everything equal, on a target whose table is said to be there. */
static uint64_t commands_with_table_at(plan_t *plan, uint32_t address)
{
    plan_reconnect(plan);
    assert_success(esp_loader_write_register(&plan->bench.loader, tables[S3].variable, address));
    const uint64_t before = esp_sim_stats(plan->bench.sim)->commands;
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_UNKNOWN);
    return esp_sim_stats(plan->bench.sim)->commands - before;
}

/* Its first word is right, and its last one would be after the end of the RAM. */
TEST_LOADERS(a_table_that_leaves_the_ram_is_not_read)
{
    const uint32_t end = 0x3FD00000, three_bytes = 0x18181818;
    begin_on(plan, &tables[S3]);
    plan_connect(plan);
    assert_success(esp_loader_write_register(&plan->bench.loader, end - 8, three_bytes));
    assert_success(plan_run(plan));
    commands_with_table_at(plan, 2); /* the first one after the flash was written asks more */
    const uint64_t usual = commands_with_table_at(plan, 2);
    assert_int_equal(commands_with_table_at(plan, end - 8), usual);
}

/* ---- what goes wrong ---- */

static plan_t *spoiled;

/* When what was written is about to be verified, a bit of it changes. */
static void spoil(void *ctx, const esp_loader_plan_event_t *event)
{
    (void)ctx;
    if (spoiled != NULL && event->step == ESP_LOADER_PLAN_VERIFY && event->image_index == APP) {
        esp_sim_flash(spoiled->bench.sim)[spoiled->images[APP].offset + 0x1234] ^= 1;
        spoiled = NULL;
    }
}

TEST_LOADERS_EACH(after_a_failed_verification_the_plan_goes_on_with_usual_pieces, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->options.on_event = spoil;
    plan_connect(plan);
    spoiled = plan;
    assert_success(plan_run(plan));
    assert_null(spoiled);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_FAILED);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    assert_all_flashed(plan);
    assert_usual(plan, &tables[i]);
}

/* Flash that does not hold what is written to it stays a failure. */
TEST_LOADERS_EACH(bad_flash_ends_the_plan_all_the_same, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan_connect(plan);
    bench_faults(&plan->bench, "flash stuck 0x10100 bit 3 at 0");
    const bool is_held = (esp_sim_flash(plan->bench.sim)[0x10100] & 8) == (plan->blobs[APP].bytes[0x100] & 8);
    assert_int_equal(plan_run(plan) == ESP_LOADER_SUCCESS, is_held);
    assert_int_equal(pieces.result, is_held ? ESP_LOADER_PIECES_USED : ESP_LOADER_PIECES_FAILED);
    assert_usual(plan, &tables[i]);
}

TEST_LOADERS_EACH(a_plan_that_is_cancelled_anywhere_puts_them_back, BOTH_KINDS)
{
    esp_loader_error_t err = ESP_LOADER_ERROR_CANCELLED;

    begin_on(plan, &tables[i]);
    plan->options.rewrite_equal = true;
    plan_connect(plan);
    for (plan->cancel_at = 1; err == ESP_LOADER_ERROR_CANCELLED; plan->cancel_at++) {
        err = plan_run(plan);
        assert_usual(plan, &tables[i]);
    }
    assert_success(err);
    assert_in_range(plan->cancel_at, 4, 100);
}

/* What becomes of a command that is the n-th of the plan. */
enum { CORRUPT = 3 };
static const char *const faults[] = {"at command %u: drop", "at reply %u: drop", "at command %u: error 0x06",
                                     "at command %u: corrupt 0x40"};

/* Until the n-th command is none of the plan any more: then nothing has failed. */
static void fail_everywhere(plan_t *plan, const table_t *table, const char *fault)
{
    for (unsigned n = 1; n < 400; n++) {
        plan_reconnect(plan);
        memset(esp_sim_flash(plan->bench.sim), 0, 0x20000);
        const uint64_t before = esp_sim_stats(plan->bench.sim)->commands;
        bench_faults_at(&plan->bench, fault, n);
        const esp_loader_error_t err = plan_run(plan);
        if (err == ESP_LOADER_SUCCESS) {
            assert_all_flashed(plan);
        }
        if (!pieces.is_left) {
            assert_usual(plan, table);
        } else { /* the damaged byte of a WRITE_REG makes the loader wait for half an hour */
            assert_true(err != ESP_LOADER_SUCCESS || fault == faults[CORRUPT]);
        }
        if (esp_sim_stats(plan->bench.sim)->commands - before + 1 < n) {
            assert_success(err);
            return;
        }
    }
    fail_msg("the plan has no end");
}

TEST_LOADERS_EACH(whatever_command_fails_they_are_put_back, BOTH_KINDS *COUNT(faults))
{
    const table_t *table = &tables[i % BOTH_KINDS];

    begin_on(plan, table);
    plan->bench.expects_misuse = true;
    plan->options.buffer_size = 4096;
    plan_connect(plan);
    fail_everywhere(plan, table, faults[i / BOTH_KINDS]);
}

/* No checksum covers a register that is written: what is not there again is said to be left. Each third byte: so it is
 * another one of the word in each command. */
TEST_PLAN_EACH(whatever_byte_is_damaged_they_are_usual_again_or_said_to_be_left, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->bench.expects_misuse = true;
    plan_connect(plan);
    assert_success(plan_run(plan)); /* from here on nothing is to be written, and a run is short */
    plan_reconnect(plan);
    const uint64_t before = esp_sim_stats(plan->bench.sim)->bytes_out;
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    const uint64_t size = esp_sim_stats(plan->bench.sim)->bytes_out - before;
    for (uint64_t at = 1; at <= size; at += 3 * test_row_step()) {
        plan_reconnect(plan);
        bench_faults_at(&plan->bench, "at byte %u out: corrupt 0x40", (unsigned)at);
        const esp_loader_error_t err = plan_run(plan);
        if (!pieces.is_left) {
            assert_usual(plan, &tables[i]);
        } else {
            assert_true(err != ESP_LOADER_SUCCESS || pieces.result == ESP_LOADER_PIECES_USED);
        }
    }
}

/* Of a target that is gone nothing can be put back: its next reset does that. */
TEST_LOADERS_EACH(after_a_lost_connection_the_reset_puts_them_back, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->bench.expects_misuse = true;
    plan_connect(plan);
    bench_faults(&plan->bench, "at command 3 of 0x03: disconnect 100ms");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_true(pieces.is_left);
    plan_reconnect(plan);
    assert_int_equal(variable(plan, &tables[i]), tables[i].table);
    assert_sizes(plan, &tables[i], 16, 32);
    assert_success(plan_run(plan));
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_usual(plan, &tables[i]);
}

#ifndef ESP_LOADER_SMALL /* which leaves the rate alone */
/* Looking for a higher rate may reset the target, which then has its usual sizes. */
TEST_LOADERS_EACH(a_reset_on_the_way_to_a_rate_does_not_end_them, BOTH_KINDS)
{
    begin_on(plan, &tables[i]);
    plan->options.keep_rate = false;
    plan->bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan->bench.config.faults = "bridge above 500000: make 400000";
    plan->bench.expects_misuse = true;
    plan_replace(plan, EXTRA - 1, make_blob(60000, 0x5A));
    plan->images[EXTRA - 1].is_raw = true;
    plan_connect(plan);
    const uint64_t resets = esp_sim_stats(plan->bench.sim)->resets;
    const uint64_t programs = esp_sim_stats(plan->bench.sim)->programs;
    assert_success(plan_run(plan));
    assert_true(esp_sim_stats(plan->bench.sim)->resets > resets);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_true((esp_sim_stats(plan->bench.sim)->programs - programs) * 60 < 70000);
    assert_usual(plan, &tables[i]);
}

/* How long 1 MiB takes over used flash, USB and a stub. */
static uint64_t time_of(esp_loader_pieces_t *of)
{
    static uint8_t buffer[2 * 16384];
    plan_t plan;

    plan_begin(&plan);
    plan.bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan.bench.target_loader = STUB;
    plan_add(&plan, 0x100000, make_blob(1 << 20, 0x5A))->is_raw = true;
    bench_fill(plan.blobs[EXTRA].bytes, plan.blobs[EXTRA].size, 1);
    plan.options.buffer = buffer;
    plan.options.buffer_size = sizeof(buffer);
    plan.options.pieces = of;
    plan_connect(&plan);
    memset(esp_sim_flash(plan.bench.sim), 0, 4 << 20);
    const uint64_t start_us = esp_sim_now_us(plan.bench.sim);
    assert_success(
        esp_loader_plan_run(&plan.bench.loader, &plan.images[EXTRA], 1, &plan.options, plan.reports));
    const uint64_t time_us = esp_sim_now_us(plan.bench.sim) - start_us;
    plan_end(&plan);
    return time_us;
}

TEST(in_the_model_a_mebibyte_takes_seven_percent_less_time)
{
    const uint64_t usual_us = time_of(NULL);
    pieces = (esp_loader_pieces_t){.code = &esp_loader_pieces_64};
    const uint64_t large_us = time_of(&pieces);

    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    assert_in_range(large_us * 1000 / usual_us, 925, 935);
}
#endif

/* Of the flash's id, of the copy, and of the pointer to it and back. */
enum { WRITES = 9 + 9 + 2 + 1 };

TEST_PLAN_EACH(a_copy_of_the_table_that_is_refused_anywhere_is_an_error, WRITES + 1)
{
    begin_on(plan, &tables[C3]);
    plan->bench.expects_misuse = true;
    plan_connect(plan);
    bench_faults_at(&plan->bench, "from command %u of 0x09: error 0x06", (unsigned)i + 1);
    assert_int_equal(plan_run(plan) == ESP_LOADER_SUCCESS, i == WRITES);
}
