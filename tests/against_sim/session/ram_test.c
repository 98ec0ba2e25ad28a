/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loading RAM and jumping into it: which outcomes of the jump are a success, and what is refused beforehand.
 */

#include "bench.h"

#define RAM   0x40378000u
#define OTHER 0x40378004u

static const bench_t fast = {.config = {.timing = ESP_SIM_TIMING_FAST}};
static uint8_t data[3000];

/* The loaded and complete series, in two blocks. */
static esp_loader_mem_cfg_t load(bench_t *b, const char *faults)
{
    esp_loader_mem_cfg_t cfg = {.offset = RAM, .size = sizeof(data), .block_size = 2048};
    bench_fill(data, sizeof(data), 9);
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data, 2048));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data + 2048, sizeof(data) - 2048));
    bench_faults(b, faults);
    return cfg;
}

static void assert_detail(const bench_t *b, esp_loader_error_t cause, uint32_t address)
{
    assert_int_equal(bench_cause(b), cause);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RAM);
    assert_int_equal(esp_loader_error_detail(&b->loader)->address, address);
}

/* The code that runs may disturb the link before the reply has left. */
TEST_CONNECTED(jump_whose_reply_is_lost_is_a_success_without_a_failure_on_record, fast)
{
    esp_loader_mem_cfg_t cfg = load(b, "at reply 1 of 0x06: drop");
    uint64_t start_us = esp_sim_now_us(b->sim);
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, RAM));
    assert_success(esp_loader_error_detail(&b->loader)->error);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RAM);
    assert_in_range(esp_sim_now_us(b->sim) - start_us, 200000, 300000); /* it is not waited for much */
    bench_wait_us(b, 100000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_RAM_CODE);
}

TEST_CONNECTED(jump_that_is_refused_is_a_failure, fast)
{
    esp_loader_mem_cfg_t cfg = load(b, "at command 1 of 0x06: error 0x06");
    assert_int_equal(esp_loader_mem_finish(&b->loader, &cfg, RAM), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_detail(b, ESP_LOADER_ERROR_TARGET_STATUS, RAM);
}

TEST_CONNECTED(jump_of_a_target_that_leaves_is_a_failure, fast)
{
    esp_loader_mem_cfg_t cfg = load(b, "at command 1 of 0x06: disconnect");
    assert_int_equal(esp_loader_mem_finish(&b->loader, &cfg, RAM), ESP_LOADER_ERROR_DISCONNECTED);
    assert_detail(b, ESP_LOADER_ERROR_DISCONNECTED, RAM);
    b->expects_misuse = true;
}

TEST_CONNECTED(end_without_a_jump_needs_its_reply, fast)
{
    esp_loader_mem_cfg_t cfg = load(b, "at reply 1 of 0x06: drop");
    assert_int_equal(esp_loader_mem_finish(&b->loader, &cfg, 0), ESP_LOADER_ERROR_TIMEOUT);
    assert_detail(b, ESP_LOADER_ERROR_TIMEOUT, 0);
}

TEST_CONNECTED(end_without_a_jump_stays_in_the_loader, fast)
{
    esp_loader_mem_cfg_t cfg = load(b, "");
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, 0));
    bench_wait_us(b, 100000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_CONNECTED(jump_before_everything_is_loaded_is_refused, fast)
{
    esp_loader_mem_cfg_t cfg = {.offset = RAM, .size = 1000, .block_size = 500};
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data, 500));
    assert_int_equal(esp_loader_mem_finish(&b->loader, &cfg, RAM), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_CONNECTED(what_a_rom_would_refuse_is_refused_before_it_is_asked,
               BENCH(.timing = ESP_SIM_TIMING_FAST, .wiring = ESP_SIM_WIRING_BRIDGE))
{
    static const esp_loader_mem_cfg_t cases[] = {
        {.offset = RAM + 1, .size = 4, .block_size = 4},     {.offset = RAM + 2, .size = 4, .block_size = 4},
        {.offset = RAM, .size = 0, .block_size = 4},         {.offset = RAM, .size = 4, .block_size = 0},
        {.offset = RAM, .size = 4, .block_size = 6},         {.offset = RAM, .size = 4, .block_size = 0x1804},
        {.offset = RAM, .size = 4, .block_size = UINT32_MAX}};
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    for (size_t i = 0; i < COUNT(cases); i++) {
        esp_loader_mem_cfg_t cfg = cases[i];
        assert_int_equal(esp_loader_mem_start(&b->loader, &cfg), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_detail(b, ESP_LOADER_ERROR_INVALID_PARAM, cases[i].offset);
        assert_int_equal(esp_loader_mem_write(&b->loader, &cfg, data, 4), ESP_LOADER_ERROR_INVALID_PARAM);
    }
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);

    /* The largest block, and a size below it. */
    esp_loader_mem_cfg_t cfg = {.offset = OTHER, .size = 2996, .block_size = 0x1800};
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data, 2996));
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, 0));
}

TEST_CONNECTED(secure_download_mode_loads_no_ram, BENCH(.is_secure_download = true))
{
    esp_loader_mem_cfg_t cfg = {.offset = RAM, .size = 4, .block_size = 4};
    assert_int_equal(esp_loader_mem_start(&b->loader, &cfg), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_detail(b, ESP_LOADER_ERROR_SECURITY, RAM);
}
