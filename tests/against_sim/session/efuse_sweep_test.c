/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A burn that is interrupted at every command, at every reply and at every word that the controller burns: what has
 * changed is of the blocks that the caller's journal names, and the next run completes it.
 */
#include "esp_loader_efuse_plan.h"

#include <string.h>

#include "bench.h"

typedef struct {
    const char *chip;
    esp_sim_wiring_t wiring;
    esp_sim_efuse_t before; /**< burnt before */
    uint16_t bit;           /**< of BLOCK0 */
    size_t key_size;        /**< of a key with a purpose; else of one whose place says what it is for */
    bool has_purpose;
    esp_loader_legacy_key_target_t target;
    unsigned step;     /**< from one command that is interrupted to the next */
    const char *burns; /**< commands, data and check words as espefuse burns them */
} part_t;

#define KEY0                                                                                                 \
    "0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / AE7C7C06 "    \
    "79D61C6D F2E11075: done\n"
#define MAC "0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8: done\n"

static const part_t parts[] = {
    {"esp32c6",
     ESP_SIM_WIRING_USJ,
     {0},
     87,
     32,
     true,
     0,
     1,
     "0x12 " KEY0 MAC "0x02 2=04800000: done\n0x02 0=00800100 1=00000001: done\n"},
    {"esp32s31",
     ESP_SIM_WIRING_BRIDGE,
     {0},
     87,
     32,
     true,
     0,
     5,
     "0x12 " KEY0 MAC "0x02 3=00000004: done\n0x02 2=00800000: done\n0x02 0=00800100 1=00000001: done\n"},
    {"esp32c2",
     ESP_SIM_WIRING_BRIDGE,
     {0},
     38,
     32,
     false,
     ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128,
     5,
     "0x0E " KEY0 "0x06 0=01EFCDAA 1=00000302 / 6B6E10F3 B10CAA29 BF979DE5: done\n"
     "0x02 1=04000440: done\n0x02 0=00000080 1=00000003: done\n"},
    {"esp32",
     ESP_SIM_WIRING_BRIDGE,
     {0},
     198,
     32,
     false,
     ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION,
     5,
     "0x02 +D8=EFCDAA56 +DC=00030201 +EC=01000000: done\n"
     "0x02 +98=1C1D1E1F +9C=18191A1B +A0=14151617 +A4=10111213 +A8=0C0D0E0F +AC=08090A0B +B0=04050607 "
     "+B4=00010203: done\n0x02 +34=00000040: done\n0x02 +1C=00010080: done\n"},
    {"esp32",
     ESP_SIM_WIRING_BRIDGE,
     {0x3FF5A018, 1},
     198,
     24,
     false,
     ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION,
     1,
     "0x02 +D8=EFCDAA56 +DC=42DD0201 +E0=00000003 +E4=02030000 +F4=06010100: done\n"
     "0x02 +98=14151617 +9C=36011213 +A0=0E0F1011 +A4=37010C0D +A8=08090A0B +AC=2C010607 +B0=02030405 "
     "+B4=13010001: done\n0x02 +34=00000040: done\n0x02 +1C=00010080: done\n"},
};

/** What a caller keeps where a power cut does not reach it. */
typedef struct {
    uint16_t begun, done;
} journal_t;

/** All that is burnt, with what a host cannot read. */
typedef struct {
    uint32_t words[ESP_SIM_EFUSE_BLOCKS][ESP_SIM_EFUSE_BLOCK_WORDS];
} cells_t;

static bench_t bench_of(const part_t *part)
{
    return (bench_t){.config = {.chip = part->chip,
                                .wiring = part->wiring,
                                .timing = ESP_SIM_TIMING_FAST,
                                .efuses = {part->before}}};
}

static void save_cells(const bench_t *b, cells_t *out)
{
    memcpy(out->words, esp_sim_efuse_cells(b->sim), sizeof(out->words));
}

static void stage(const part_t *part, const esp_loader_efuse_state_t *state, esp_loader_efuse_ctx_t *ctx)
{
    static const uint8_t mac[6] = {0xAA, 0xCD, 0xEF, 0x01, 0x02, 0x03};
    const esp_loader_efuse_desc_t bit = {0, part->bit, 1};
    const esp_loader_efuse_desc_t *const field[] = {&bit, NULL};
    uint8_t key[32];
    for (size_t i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t)i;
    }
    assert_success(esp_loader_efuse_stage_mac(state, ctx, mac));
    assert_success(esp_loader_efuse_stage_field(state, ctx, field, &(uint8_t){1}, 1, NULL));
    assert_success(part->has_purpose ? esp_loader_efuse_stage_key(state, ctx, ESP_LOADER_EFUSE_KEY0,
                                                                  ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, key,
                                                                  part->key_size, NULL, NULL)
                                     : esp_loader_efuse_stage_key_legacy(state, ctx, part->target, key,
                                                                         part->key_size, NULL, NULL));
}

/* All steps that are left, as a caller with a journal does it. */
static esp_loader_error_t burn_all(bench_t *b, const part_t *part, journal_t *journal)
{
    esp_loader_efuse_state_t state;
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_plan_t plan;
    RETURN_ON_ERROR(esp_loader_efuse_read_state(&b->loader, &state));
    state.begun_blocks = journal->begun;
    state.done_blocks = journal->done;
    stage(part, &state, &ctx);
    assert_success(esp_loader_efuse_make_plan(&state, &ctx, &plan));
    for (unsigned i = 0; i < plan.step_count; i++) {
        const uint16_t block = (uint16_t)(plan.steps[i].block == 0 ? 0 : 1u << plan.steps[i].block);
        journal->begun |= block;
        RETURN_ON_ERROR(esp_loader_efuse_burn_step(&b->loader, &plan.steps[i]));
        journal->done |= block;
    }
    return ESP_LOADER_SUCCESS;
}

/* What it leaves when nothing happens, and how many commands it takes. */
static unsigned burn_whole(const part_t *part, cells_t *before, cells_t *after)
{
    bench_t b = bench_of(part);
    journal_t journal = {0};
    bench_connect(&b);
    save_cells(&b, before);
    const uint64_t commands = esp_sim_stats(b.sim)->commands;
    assert_success(burn_all(&b, part, &journal));
    const unsigned count = (unsigned)(esp_sim_stats(b.sim)->commands - commands);
    save_cells(&b, after);
    assert_string_equal(esp_sim_burns(b.sim), part->burns);
    bench_close(&b);
    return count;
}

static void expect_named(const cells_t *before, const cells_t *now, const journal_t *journal)
{
    for (unsigned block = 1; block < ESP_SIM_EFUSE_BLOCKS; block++) { /* bits of BLOCK0 are read */
        if (memcmp(before->words[block], now->words[block], sizeof(now->words[block])) != 0) {
            assert_true((journal->begun >> block & 1u) != 0);
        }
    }
}

/* Returns whether the fault has come. */
static bool interrupt(const part_t *part, const char *fault, unsigned number, const cells_t *before,
                      const cells_t *after)
{
    bench_t b = bench_of(part);
    journal_t journal = {0};
    cells_t now;
    bench_connect(&b);
    bench_faults_at(&b, fault, number);
    const bool is_interrupted = burn_all(&b, part, &journal) != ESP_LOADER_SUCCESS;
    if (is_interrupted) {
        save_cells(&b, &now);
        expect_named(before, &now, &journal);
        bench_wait_us(&b, 20000000);
        bench_reconnect(&b);
        assert_success(burn_all(&b, part, &journal));
    }
    save_cells(&b, &now);
    assert_memory_equal(now.words, after->words, sizeof(now.words));
    bench_close(&b);
    return is_interrupted;
}

TEST_ROWS(burn_that_is_interrupted_at_a_command_is_completed, parts)
{
    cells_t before, after;
    const unsigned count = burn_whole(row, &before, &after);
    for (unsigned number = 1; number <= count; number += row->step * (unsigned)test_row_step()) {
        assert_true(interrupt(row, "at command %u: disconnect 1 ms", number, &before, &after));
    }
}

/* The command was executed, or nothing goes through for longer than it is asked again. */
TEST_ROWS(burn_whose_link_is_lost_is_completed, parts)
{
    static const char *const faults[] = {"at reply %u: disconnect 1 ms", "at reply %u: stall 20 s",
                                         "at command %u: stall 20 s"};
    cells_t before, after;
    const unsigned count = burn_whole(row, &before, &after);
    unsigned kind = 0;
    for (unsigned number = 1; number <= count; number += 2 * row->step * (unsigned)test_row_step()) {
        assert_true(interrupt(row, faults[kind++ % COUNT(faults)], number, &before, &after));
    }
}

TEST_ROWS(burn_that_is_interrupted_at_a_word_is_completed, parts)
{
    static const char *const faults[] = {"at efuse %u: disconnect 1 ms", "at efuse %u: reset"};
    cells_t before, after;
    (void)burn_whole(row, &before, &after);
    for (size_t i = 0; i < COUNT(faults); i++) {
        unsigned number = 1;
        while (interrupt(row, faults[i], number, &before, &after)) {
            number++;
        }
        assert_true(number > 20);
    }
}
