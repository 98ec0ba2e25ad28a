/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A session that connects again knows nothing of the target before: another board may be there now.
 */

#include "bench.h"

static uint8_t data[3000];

static esp_sim_t *another(const esp_sim_config_t *config)
{
    char error[200] = "";
    esp_sim_t *sim = esp_sim_new(config, error, sizeof(error));
    if (sim == NULL) {
        fail_msg("%s", error);
    }
    return sim;
}

/* The same port, another board at its end. */
static void exchange(bench_t *b, const esp_sim_config_t *config)
{
    assert_string_equal(esp_sim_misuse(b->sim), "");
    esp_sim_free(b->sim);
    b->config = *config;
    b->sim = another(config);
    b->port.sim = b->sim;
    b->port.attach_count = esp_sim_attach_count(b->sim);
}

static const esp_sim_config_t boards[] = {
    {.chip = "esp32s3",
     .wiring = ESP_SIM_WIRING_BRIDGE,
     .timing = ESP_SIM_TIMING_FAST,
     .is_secure_download = true},
    {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE, .timing = ESP_SIM_TIMING_FAST, .flash_size = 2u << 20},
    {.chip = "esp32s3",
     .wiring = ESP_SIM_WIRING_BRIDGE,
     .timing = ESP_SIM_TIMING_FAST,
     .flash_size = 16u << 20},
    {.chip = "esp8266",
     .wiring = ESP_SIM_WIRING_BRIDGE,
     .timing = ESP_SIM_TIMING_FAST,
     .flash_size = 4u << 20},
};
static const target_chip_t chips[] = {ESP32S3_CHIP, ESP32_CHIP, ESP32S3_CHIP, ESP8266_CHIP};

/* Everything that a session keeps is asked for, or used, with each. */
static void use(bench_t *b)
{
    uint32_t value;
    bool is_open = !b->config.is_secure_download;
    assert_int_equal(esp_loader_read_register(&b->loader, 0x3FF00050, &value) == ESP_LOADER_SUCCESS, is_open);
    assert_int_equal(esp_loader_flash_detect_size(&b->loader, &value) == ESP_LOADER_SUCCESS, is_open);
    if (is_open) {
        assert_int_equal(value, b->config.flash_size);
        assert_success(bench_flash(b, 0x10000, data, sizeof(data), true));
        assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
    }
}

TEST(the_next_board_is_taken_for_what_it_is)
{
    enum { COUNT = COUNT(boards) };
    bench_fill(data, sizeof(data), 11);
    for (size_t first = 0; first < COUNT; first++) {
        for (size_t second = 0; second < COUNT; second++) {
            bench_t b = {.config = boards[first]};
            bench_connect(&b);
            use(&b);
            exchange(&b, &boards[second]);
            assert_success(esp_loader_connect(&b.loader, NULL));
            assert_int_equal(esp_loader_get_target(&b.loader), chips[second]);
            use(&b);
            bench_close(&b);
        }
    }
}

TEST_CONNECTED(after_a_connect_that_failed_nothing_is_known, (bench_t){.config = boards[1]})
{
    esp_loader_connect_args_t args = {.sync_timeout = 10, .trials = 2};
    uint32_t value;
    bench_faults(b, "from command 1: drop");
    assert_int_equal(esp_loader_connect(&b->loader, &args), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_get_target(&b->loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(esp_loader_read_register(&b->loader, 0x3FF00050, &value),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    b->expects_misuse = true;
}

/* The chip has been reset, so its flash has to be attached again and its loader is the ROM. */
TEST(what_the_reset_has_undone_is_done_again)
{
    bench_t b = {.config = boards[2]};
    b.config.accepts_any_stub = true;
    bench_fill(data, sizeof(data), 12);
    bench_open(&b);
    if (esp_loader_connect_with_stub(&b.loader, NULL) == ESP_LOADER_SUCCESS) {
        use(&b);
        assert_true(esp_loader_stub_is_running(&b.loader));
    }
    assert_success(esp_loader_connect(&b.loader, NULL));
    assert_false(esp_loader_stub_is_running(&b.loader));
    use(&b);
    bench_close(&b);
}
