/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting to a simulated ESP32-S3 over every wiring, through every kind of noise, and what can be learned
 * then.
 */
#include <string.h>

#include "bench.h"
#include "test.h"

static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE, ESP_SIM_WIRING_NONE};

static esp_loader_error_t connect_bench(bench_t *bench)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    return esp_loader_connect(&bench->loader, &args);
}

TEST(chip_is_found_over_every_wiring_and_timing)
{
    for (size_t i = 0; i < sizeof(wirings) / sizeof(wirings[0]); i++) {
        for (int timing = ESP_SIM_TIMING_DEFAULT; timing <= ESP_SIM_TIMING_FAST; timing++) {
            bench_t b = {.config = {.wiring = wirings[i], .timing = (esp_sim_timing_t)timing}};
            bench_connect(&b);
            assert_int_equal(esp_loader_get_target(&b.loader), ESP32S3_CHIP);
            assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_ROM);
            bench_close(&b);
        }
    }
}

TEST(unknown_link_finds_either_wiring)
{
    for (size_t i = 0; i < sizeof(wirings) / sizeof(wirings[0]); i++) {
        bench_t b = {.config = {.wiring = wirings[i]}};
        bench_open(&b);
        b.port.link = ESP_LOADER_LINK_UNKNOWN;
        assert_int_equal(connect_bench(&b), ESP_LOADER_SUCCESS);
        bench_close(&b);
    }
}

TEST(connecting_takes_a_fraction_of_a_second)
{
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    assert_in_range(esp_sim_now_us(b.sim), 0, 400000);
    bench_close(&b);
}

TEST(noise_is_survived)
{
    static const char *const scripts[] = {
        "stale 64",
        "stale 4000",
        "boot garbage 500",
        "sync ignore 3",
        "sync replies 1",
        "sync replies 30",
        "packet size 1",
        "at byte 3 in: corrupt",
        "at byte 700 in: drop",
        "at byte 10 out: drop",
        "at byte 20 out: corrupt 0xFF",
        "at transfer 1 out: drop",
        "at reply 1 of 0x08: drop",
        "at reply 1 of 0x08: corrupt",
    };
    for (size_t s = 0; s < sizeof(scripts) / sizeof(scripts[0]); s++) {
        for (size_t i = 0; i < sizeof(wirings) / sizeof(wirings[0]); i++) {
            print_message("wiring %d: %s\n", (int)wirings[i], scripts[s]);
            bench_t b = {.config = {.wiring = wirings[i]}};
            bench_open(&b);
            char error[200];
            if (!esp_sim_add_faults(b.sim, scripts[s], error, sizeof(error))) {
                fail_msg("%s", error);
            }
            assert_int_equal(connect_bench(&b), ESP_LOADER_SUCCESS);
            bench_close_ignoring_misuse(&b);
        }
    }
}

TEST(chip_that_is_dead_after_the_reset_is_a_timeout)
{
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ, .faults = "dead after reset"}};
    bench_open(&b);
    assert_int_equal(connect_bench(&b), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_SYNC);
    bench_close_ignoring_misuse(&b);
}

TEST(connecting_again_and_again_works_on_the_same_port)
{
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(esp_loader_init_serial(&b.loader, &b.port.port), ESP_LOADER_SUCCESS);
        assert_int_equal(connect_bench(&b), ESP_LOADER_SUCCESS);
    }
    bench_close(&b);
}

TEST(session_may_be_copied_by_value)
{
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    uint8_t mac[6];
    bench_connect(&b);
    esp_loader_t copy = b.loader;
    memset(&b.loader, 0xEE, sizeof(b.loader));
    assert_int_equal(esp_loader_read_mac(&copy, mac), ESP_LOADER_SUCCESS);
    b.loader = copy;
    bench_close(&b);
}

TEST(mac_revision_and_flash_size_are_the_chips)
{
    static const uint8_t mac[6] = {0x34, 0x85, 0x18, 0xAB, 0xCD, 0xEF};
    uint8_t read_mac[6];
    uint32_t revision;
    uint32_t size;
    uint32_t id;
    for (uint32_t flash_size = 1u << 20; flash_size <= 32u << 20; flash_size *= 2) {
        bench_t b = {.config = {.flash_size = flash_size, .chip_revision = 2}};
        memcpy(b.config.mac, mac, sizeof(mac));
        bench_connect(&b);
        assert_int_equal(esp_loader_read_mac(&b.loader, read_mac), ESP_LOADER_SUCCESS);
        assert_memory_equal(read_mac, mac, sizeof(mac));
        assert_int_equal(esp_loader_read_chip_revision(&b.loader, &revision), ESP_LOADER_SUCCESS);
        assert_int_equal(revision, 2);
        assert_int_equal(esp_loader_flash_detect_size(&b.loader, &size), ESP_LOADER_SUCCESS);
        assert_int_equal(size, flash_size);
        assert_int_equal(esp_loader_flash_read_id(&b.loader, &id), ESP_LOADER_SUCCESS);
        assert_int_equal(1u << (id >> 16), flash_size);
        bench_close(&b);
    }
}

TEST(absent_flash_is_an_error_with_the_raw_id)
{
    uint32_t size;
    bench_t b = {.config = {.flash_jedec_id = 0xFFFFFFFF}};
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_detect_size(&b.loader, &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_FLASH_ID);
    assert_int_equal(esp_loader_error_detail(&b.loader)->value, 0xFFFFFF);
    bench_close(&b);
}

TEST(security_information_of_an_open_chip_says_nothing_is_on)
{
    esp_loader_target_security_info_t info;
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    assert_int_equal(esp_loader_get_security_info(&b.loader, &info), ESP_LOADER_SUCCESS);
    assert_int_equal(info.target_chip, ESP32S3_CHIP);
    assert_false(info.secure_boot_enabled || info.flash_encryption_enabled ||
                 info.secure_download_mode_enabled);
    bench_close(&b);
}

TEST(watchdogs_are_stopped_so_a_long_pause_is_survived)
{
    uint8_t mac[6];
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 600u * 1000000u);
    assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_SUCCESS);
    bench_close(&b);
}

TEST(registers_are_read_and_written)
{
    uint32_t value = 0;
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    assert_int_equal(esp_loader_write_register(&b.loader, 0x60002058, 0xCAFEF00D), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_read_register(&b.loader, 0x60002058, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0xCAFEF00D);
    assert_int_equal(esp_loader_read_register(&b.loader, 0x60002059, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    bench_close(&b);
}

TEST(rate_change_is_confirmed_at_the_new_rate)
{
    uint8_t mac[6];
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&b);
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_SUCCESS);
    bench_close(&b);
}

TEST(rate_change_the_target_did_not_follow_falls_back)
{
    uint8_t mac[6];
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&b);
    bench_faults(&b, "from byte 1 in: corrupt 0x55"); /* a line too bad for any answer */
    assert_int_not_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
    bench_close_ignoring_misuse(&b);

    bench_t c = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&c);
    assert_int_equal(esp_loader_change_transmission_rate(&c.loader, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_read_mac(&c.loader, mac), ESP_LOADER_SUCCESS);
    bench_close(&c);
}

TEST(unplugging_while_connecting_is_reported_as_such)
{
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_USJ, .faults = "at time 100 ms: disconnect"}};
    bench_open(&b);
    assert_int_equal(connect_bench(&b), ESP_LOADER_ERROR_DISCONNECTED);
    bench_close_ignoring_misuse(&b);
}

TEST(reset_brings_the_chip_out_of_download_mode)
{
    for (int i = 0; i < 2; i++) {
        bench_t b = {.config = {.wiring = wirings[i]}};
        bench_connect(&b);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 1000000);
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
        bench_close(&b);
    }
    bench_t b = {.config = {.wiring = ESP_SIM_WIRING_NONE}};
    bench_connect(&b);
    assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&b);
}
