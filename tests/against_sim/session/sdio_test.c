/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sessions over SDIO: what the ROM takes and what its stub serves, on each chip that has the slave, and with everything that
 * goes wrong on the bus.
 */
#include <stdlib.h>
#include <string.h>

#include "operations.h"

/* Those with a stub that answers first. */
static const char *const sdio_chips[] = {"esp32c5", "esp32c6", "esp32c61"};

static const chip_t *chip_of(const char *name)
{
    for (size_t i = 0; i < chip_count; i++) {
        if (strcmp(chips[i].sim_name, name) == 0) {
            return &chips[i];
        }
    }
    fail_msg("%s is in no table", name);
    return NULL;
}

static bench_t bench_of(const char *name)
{
    return bench_for(chip_of(name), ESP_SIM_WIRING_SDIO);
}

/* An ESP32-C6. */
static bench_t c6(int target_loader)
{
    bench_t bench = bench_of("esp32c6");
    bench.target_loader = target_loader;
    return bench;
}

/* ---- connecting ---- */

TEST_OPEN_EACH(rom_is_found_by_the_card, COUNT(sdio_chips), bench_of(sdio_chips[i]))
{
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_int_equal(esp_loader_get_target(&b->loader), chip_of(sdio_chips[i])->chip);
    assert_false(esp_loader_stub_is_running(&b->loader));
    assert_int_equal(b->sdio.resets, 1);
}

TEST_OPEN(a_port_needs_its_three_entries_and_a_clock, c6(ROM))
{
    const esp_loader_port_ops_t ops = b->sdio.ops;
    b->sdio.ops.sdio_card_init = NULL;
    assert_int_equal(esp_loader_init_sdio(&b->loader, &b->sdio.port), ESP_LOADER_ERROR_INVALID_PARAM);
    b->sdio.ops = ops;
    b->sdio.ops.sdio_read = NULL;
    assert_int_equal(esp_loader_init_sdio(&b->loader, &b->sdio.port), ESP_LOADER_ERROR_INVALID_PARAM);
    b->sdio.ops = ops;
    b->sdio.ops.sdio_write = NULL;
    assert_int_equal(esp_loader_init_sdio(&b->loader, &b->sdio.port), ESP_LOADER_ERROR_INVALID_PARAM);
    b->sdio.ops = ops;
    b->sdio.ops.remaining_time = NULL;
    assert_int_equal(esp_loader_init_sdio(&b->loader, &b->sdio.port), ESP_LOADER_ERROR_INVALID_PARAM);
    b->sdio.ops = ops;
    assert_int_equal(esp_loader_init_sdio(&b->loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_sdio(NULL, &b->sdio.port), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(esp_loader_init_sdio(&b->loader, &b->sdio.port));
}

static const char *const odd_cards[] = {"sdio fillers 400", "sdio ready 50 ms", "at transfer 1 in: drop",
                                        "at transfer 3 in: corrupt"};

TEST_OPEN_EACH(an_odd_card_is_no_failure, COUNT(odd_cards), c6(ROM))
{
    bench_faults(b, odd_cards[i]);
    assert_success(esp_loader_connect(&b->loader, NULL));
}

/* ---- what the ROM takes ---- */

TEST_CONNECTED_EACH(rom_does_what_it_can_and_refuses_the_rest_unasked, operation_count *COUNT(sdio_chips),
                    bench_of(sdio_chips[i / operation_count]))
{
    const operation_t *operation = &operations[i % operation_count];
    const bool is_served = strcmp(operation->name, "RAM") == 0 || strcmp(operation->name, "reset") == 0;
    if (operation->is_for_stub) {
        return;
    }
    memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
    const unsigned transactions = b->sdio.transactions;
    const bool writes_first = strcmp(operation->name, "registers") == 0;
    const esp_loader_error_t err = operation->run(b, chip_of(sdio_chips[i / operation_count]));
    assert_int_equal(err, is_served ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    if (!is_served && !writes_first) {
        assert_int_equal(b->sdio.transactions, transactions);
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    }
}

TEST_CONNECTED(rom_writes_registers, c6(ROM))
{
    assert_success(esp_loader_write_register(&b->loader, 0x40810000, 0xC0FFEE));
    assert_int_equal(esp_sim_peek(b->sim, 0x40810000), 0xC0FFEE);
    assert_int_equal(esp_sim_stats(b->sim)->commands, 1);
}

/* What was not sent is not lost. */
TEST_CONNECTED(rom_goes_on_after_what_it_cannot_do, c6(ROM))
{
    uint32_t value;
    assert_int_equal(esp_loader_read_register(&b->loader, 0x40810000, &value),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_success(esp_loader_write_register(&b->loader, 0x40810000, 0xC0FFEE));
    assert_int_equal(esp_sim_peek(b->sim, 0x40810000), 0xC0FFEE);
}

static const uint32_t ram_sizes[] = {1, 3, 4, 235, 236, 237, 472, 1000, 6143, 6144};

TEST_CONNECTED_EACH(ram_of_any_size_is_loaded_and_nothing_beyond_it, COUNT(ram_sizes), c6(ROM))
{
    const uint32_t size = ram_sizes[i];
    uint8_t *data = bench_make_data(size);
    esp_loader_mem_cfg_t cfg = {.offset = 0x40810000, .size = size, .block_size = (size + 3) / 4 * 4};
    for (uint32_t at = 0; at < size + 8; at += 4) {
        assert_success(esp_loader_write_register(&b->loader, 0x40810000 + at, 0xA5A5A5A5));
    }
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data, size));
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, 0));
    for (uint32_t at = 0; at < size + 4; at++) {
        uint32_t word = esp_sim_peek(b->sim, 0x40810000 + at / 4 * 4);
        assert_int_equal(word >> 8 * (at % 4) & 0xFF, at < size ? data[at] : 0xA5);
    }
    free(data);
}

TEST_CONNECTED(several_parts_of_ram_are_loaded_before_the_jump, c6(ROM))
{
    uint8_t bytes[512];
    bench_fill(bytes, sizeof(bytes), 7);
    for (uint32_t part = 0; part < 3; part++) {
        esp_loader_mem_cfg_t cfg = {.offset = 0x40810000 + 0x1000 * part, .size = 512, .block_size = 256};
        assert_success(esp_loader_mem_start(&b->loader, &cfg));
        assert_success(esp_loader_mem_write(&b->loader, &cfg, bytes, 256));
        assert_success(esp_loader_mem_write(&b->loader, &cfg, bytes + 256, 256));
        assert_success(esp_loader_mem_finish(&b->loader, &cfg, part < 2 ? 0 : 0x40811000));
    }
    bench_wait_us(b, 1000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_RAM_CODE);
    for (unsigned k = 0; k < 2; k++) { /* the ROM's last answer is none to a question */
        uint32_t value;
        assert_int_equal(esp_loader_read_register(&b->loader, 0x40810000, &value), ESP_LOADER_ERROR_TIMEOUT);
    }
}

#ifndef ESP_LOADER_SMALL /* which has no stub */

enum { WITH_STUB = 2, IMAGE_OFFSET = 0x10000, IMAGE_SIZE = 20000, TRANSFERS_MAX = 2000 };

static bench_t c6_with_timing(esp_sim_timing_t timing)
{
    bench_t bench = c6(STUB);
    bench.config.timing = timing;
    return bench;
}

static bench_t with_misuse(bench_t bench)
{
    bench.expects_misuse = true;
    return bench;
}

static bench_t with_stub(bench_t bench)
{
    bench.target_loader = STUB;
    return bench;
}

static bench_t early_c5(void)
{
    bench_t bench = bench_of("esp32c5");
    bench.config.chip_revision = 1;
    return bench;
}

static bench_t waiting_c6(void)
{
    bench_t bench = c6(STUB);
    bench.config.start_in_download = true;
    return bench;
}

static const uint8_t *image(void)
{
    static uint8_t bytes[IMAGE_SIZE];
    bench_fill(bytes, sizeof(bytes), 42);
    return bytes;
}

static esp_loader_error_t write_image(bench_t *b)
{
    return bench_flash_blocks(b, IMAGE_OFFSET, image(), IMAGE_SIZE, 4096, false);
}

static void assert_image_in_flash(const bench_t *b)
{
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image(), IMAGE_SIZE);
}

static const esp_sim_timing_t timings[] = {ESP_SIM_TIMING_FAST, ESP_SIM_TIMING_DEFAULT, ESP_SIM_TIMING_SLOW};

TEST_OPEN_EACH(stub_is_started_however_slow_the_chip_is, COUNT(timings), c6_with_timing(timings[i]))
{
    assert_success(bench_try_connect(b));
    assert_true(esp_loader_stub_is_running(&b->loader));
    assert_answers(b);
    assert_success(write_image(b));
    assert_image_in_flash(b);
}

TEST_OPEN(a_session_is_begun_again_after_any_other, c6(ROM))
{
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    b->target_loader = STUB;
    bench_reconnect(b);
    assert_answers(b);
}

TEST_OPEN(stub_of_a_chip_without_sdio_transport_is_refused_before_it_is_sent, bench_of("esp32c61"))
{
    assert_success(esp_loader_connect(&b->loader, NULL));
    const uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
}

TEST_OPEN(stub_that_answers_elsewhere_is_a_timeout, early_c5())
{
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
}

TEST_OPEN(a_port_that_cannot_reset_finds_a_chip_that_waits, waiting_c6())
{
    bench_wait_us(b, 500000);
    b->sdio.ops.enter_bootloader = NULL;
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    assert_answers(b);
}

/* ---- what is wrong with the card ---- */

typedef struct {
    const char *faults;
    esp_loader_error_t error;
    esp_loader_stage_t stage;
} bad_card_t;

static const bad_card_t bad_cards[] = {
    {"sdio absent", ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC},
    {"sdio ready 10 s", ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC},
    {"sdio vendor 0x1234", ESP_LOADER_ERROR_INVALID_TARGET, ESP_LOADER_STAGE_DETECT},
    {"sdio device 0x1001", ESP_LOADER_ERROR_INVALID_TARGET, ESP_LOADER_STAGE_DETECT},
    {"sdio device 0x1005", ESP_LOADER_ERROR_INVALID_TARGET, ESP_LOADER_STAGE_DETECT}, /* C3: has none */
    {"sdio device 13", ESP_LOADER_ERROR_INVALID_TARGET, ESP_LOADER_STAGE_DETECT},
    {"sdio fillers 600", ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_STAGE_SYNC},
    {"sdio setup lost", ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_STAGE_DETECT},
    {"sdio no credits", ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_STUB},
    {"sdio length 0", ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_STAGE_STUB},
    {"sdio length 20000", ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_STAGE_STUB},
};

TEST_OPEN_EACH(a_bad_card_is_an_error_that_says_so, COUNT(bad_cards), with_misuse(c6(ROM)))
{
    bench_faults(b, bad_cards[i].faults);
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), bad_cards[i].error);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, bad_cards[i].stage);
    assert_false(esp_loader_stub_is_running(&b->loader));
}

/* ---- the stub ---- */

TEST_CONNECTED_EACH(stub_does_everything_but_rates, operation_count *WITH_STUB,
                    with_stub(bench_of(sdio_chips[i / operation_count])))
{
    const operation_t *operation = &operations[i % operation_count];
    const bool is_rate = strcmp(operation->name, "rate") == 0;
    if (operation->is_for_stub) {
        return; /* over a serial link */
    }
    memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
    const unsigned transactions = b->sdio.transactions;
    const esp_loader_error_t err = operation->run(b, chip_of(sdio_chips[i / operation_count]));
    assert_int_equal(err, is_rate ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_SUCCESS);
    if (is_rate) {
        assert_int_equal(b->sdio.transactions, transactions);
    }
}

static esp_loader_error_t take_rate(esp_loader_port_t *port, uint32_t rate)
{
    (void)port;
    (void)rate;
    return ESP_LOADER_SUCCESS;
}

TEST_CONNECTED(a_port_that_claims_rates_changes_nothing, c6(STUB))
{
    b->sdio.ops.change_transmission_rate = take_rate;
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, 921600),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_answers(b);
}

static const uint32_t block_sizes[] = {16, 512, 4096, 12288};

TEST_CONNECTED_EACH(blocks_up_to_12_kib_are_written, COUNT(block_sizes), c6(STUB))
{
    assert_success(bench_flash_blocks(b, IMAGE_OFFSET, image(), IMAGE_SIZE, block_sizes[i], false));
    assert_image_in_flash(b);
}

TEST_CONNECTED(larger_blocks_do_not_fit_the_chain_of_the_stub, c6(STUB))
{
    assert_int_equal(bench_flash_blocks(b, IMAGE_OFFSET, image(), IMAGE_SIZE, 16384, false),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

/* ---- faults ---- */

static const char *const answers_lost[] = {"at reply 2: drop", "at reply 3: drop", "at reply 2: corrupt 0xff",
                                           "at command 2: drop", "at command 1 of 0x13: wrong md5"};

TEST_CONNECTED_EACH(a_question_survives_what_the_stub_loses, COUNT(answers_lost),
                    c6_with_timing(ESP_SIM_TIMING_DEFAULT))
{
    uint8_t mac[6];
    bench_faults(b, answers_lost[i]);
    assert_success(esp_loader_read_mac(&b->loader, mac));
    assert_answers(b);
}

/* Cuts each transaction of a session in turn, the ones that write or those that read. What was said to be verified is in flash,
 * and after a new connect everything works. */
static bool cut(size_t number, const char *direction, const char *action)
{
    bench_t b = with_misuse(c6(STUB));
    bench_open(&b);
    bench_faults_at(&b, "at transfer %zu %s: %s", number, direction, action);
    esp_loader_error_t err = bench_try_connect(&b);
    if (err == ESP_LOADER_SUCCESS) {
        err = write_image(&b);
    }
    const uint64_t transfers =
        direction[0] == 'i' ? esp_sim_stats(b.sim)->host_reads : esp_sim_stats(b.sim)->host_writes;
    if (err == ESP_LOADER_SUCCESS) {
        assert_image_in_flash(&b);
    } else {
        bench_reconnect(&b);
        assert_success(write_image(&b));
        assert_image_in_flash(&b);
    }
    bench_close(&b);
    return transfers >= number;
}

static void cut_everywhere(const char *direction, const char *action, size_t step)
{
    size_t number = 1;
    while (cut(number, direction, action)) {
        number += step;
        assert_in_range(number, 0, TRANSFERS_MAX);
    }
    assert_in_range(number, 100, TRANSFERS_MAX);
}

TEST(a_transaction_that_is_lost_costs_no_more_than_a_new_connect)
{
    cut_everywhere("out", "drop", 7);
    cut_everywhere("in", "drop", 11);
}

TEST(a_transaction_that_is_damaged_costs_no_more_than_a_new_connect)
{
    cut_everywhere("out", "corrupt", 7);
    cut_everywhere("in", "corrupt", 11);
}

/* A bit that the bus's checksum has not found: in whatever it is, what is called verified is in flash. */
TEST(a_flipped_bit_is_never_verified)
{
    unsigned failures = 0;
    for (unsigned step = 0; step < 60; step++) {
        bench_t b = with_misuse(c6(STUB));
        bench_connect(&b);
        bench_faults_at(&b, "at byte %u out: corrupt 0x10", 1 + 361 * step);
        if (write_image(&b) == ESP_LOADER_SUCCESS) {
            assert_image_in_flash(&b);
        } else {
            failures++;
        }
        bench_close(&b);
    }
    assert_in_range(failures, 0, 20); /* most are found by the stub, and sent again */
}

TEST_CONNECTED(a_target_that_is_gone_is_a_timeout, c6(STUB))
{
    uint8_t mac[6];
    esp_sim_unplug(b->sim);
    assert_int_equal(esp_loader_read_mac(&b->loader, mac), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_read_mac(&b->loader, mac), ESP_LOADER_ERROR_TIMEOUT); /* after a resync */
}

#endif
