/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting to a simulated ESP32-S3 over every wiring, through every kind of noise, and what can be learned
 * then.
 */
#include <string.h>

#include "bench.h"

static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE, ESP_SIM_WIRING_NONE};

static const esp_sim_timing_t timings[] = {ESP_SIM_TIMING_DEFAULT, ESP_SIM_TIMING_SLOW, ESP_SIM_TIMING_FAST};

TEST_CONNECTED_EACH(chip_is_found_over_every_wiring_and_timing, COUNT(wirings) * COUNT(timings),
                    BENCH(.wiring = wirings[i / COUNT(timings)], .timing = timings[i % COUNT(timings)]))
{
    assert_int_equal(esp_loader_get_target(&b->loader), ESP32S3_CHIP);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_OPEN_EACH(unknown_link_finds_either_wiring, COUNT(wirings), BENCH(.wiring = wirings[i]))
{
    b->port.base.link = ESP_LOADER_LINK_UNKNOWN;
    assert_success(bench_try_connect(b));
}

TEST_CONNECTED(connecting_takes_a_fraction_of_a_second, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    assert_in_range(esp_sim_now_us(b->sim), 0, 400000);
}

static const char *const noises[] = {
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

TEST_OPEN_EACH(noise_is_survived, COUNT(noises) * COUNT(wirings),
               BENCH(.wiring = wirings[i % COUNT(wirings)]))
{
    print_message("wiring %d: %s\n", (int)b->config.wiring, noises[i / COUNT(wirings)]);
    bench_faults(b, noises[i / COUNT(wirings)]);
    assert_success(bench_try_connect(b));
    b->expects_misuse = true;
}

TEST_OPEN(chip_that_is_dead_after_the_reset_is_a_timeout,
          BENCH(.wiring = ESP_SIM_WIRING_USJ, .faults = "dead after reset"))
{
    assert_int_equal(bench_try_connect(b), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_SYNC);
    b->expects_misuse = true;
}

TEST_CONNECTED(connecting_again_and_again_works_on_the_same_port, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    for (int i = 0; i < 5; i++) {
        assert_success(esp_loader_init_serial(&b->loader, &b->port.base.port));
        assert_success(bench_try_connect(b));
    }
}

TEST_CONNECTED(session_may_be_copied_by_value, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    uint8_t mac[6];
    esp_loader_t copy = b->loader;
    memset(&b->loader, 0xEE, sizeof(b->loader));
    assert_success(esp_loader_read_mac(&copy, mac));
    b->loader = copy;
}

TEST_CONNECTED_EACH(mac_revision_and_flash_size_are_the_chips, 6u,
                    BENCH(.flash_size = 1u << (20 + i), .chip_revision = 2,
                          .mac = {0x34, 0x85, 0x18, 0xAB, 0xCD, 0xEF}))
{
    uint8_t mac[6];
    uint32_t value;
    assert_success(esp_loader_read_mac(&b->loader, mac));
    assert_memory_equal(mac, b->config.mac, sizeof(mac));
    assert_success(esp_loader_read_chip_revision(&b->loader, &value));
    assert_int_equal(value, 2);
    assert_success(esp_loader_flash_detect_size(&b->loader, &value));
    assert_int_equal(value, b->config.flash_size);
    assert_success(esp_loader_flash_read_id(&b->loader, &value));
    assert_int_equal(1u << (value >> 16), b->config.flash_size);
}

TEST_CONNECTED(absent_flash_is_an_error_with_the_raw_id, BENCH(.flash_jedec_id = 0xFFFFFFFF))
{
    uint32_t size;
    assert_int_equal(esp_loader_flash_detect_size(&b->loader, &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_ID);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, 0xFFFFFF);
}

TEST_CONNECTED(security_information_of_an_open_chip_says_nothing_is_on, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    esp_loader_target_security_info_t info;
    assert_success(esp_loader_get_security_info(&b->loader, &info));
    assert_int_equal(info.target_chip, ESP32S3_CHIP);
    assert_false(info.secure_boot_enabled || info.flash_encryption_enabled ||
                 info.secure_download_mode_enabled);
}

TEST_CONNECTED(watchdogs_are_stopped_so_a_long_pause_is_survived, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    bench_wait_us(b, 600u * 1000000u);
    assert_answers(b);
}

TEST_CONNECTED(registers_are_read_and_written, BENCH(.wiring = ESP_SIM_WIRING_USJ))
{
    uint32_t value = 0;
    assert_success(esp_loader_write_register(&b->loader, 0x60002058, 0xCAFEF00D));
    assert_success(esp_loader_read_register(&b->loader, 0x60002058, &value));
    assert_int_equal(value, 0xCAFEF00D);
    assert_int_equal(esp_loader_read_register(&b->loader, 0x60002059, &value),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_CONNECTED_EACH(rate_change_is_confirmed_at_the_new_rate, 2u,
                    BENCH(.wiring = i == 0 ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ))
{
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_answers(b);
}

TEST_CONNECTED(rate_change_that_is_not_answered_is_an_error, BENCH(.wiring = ESP_SIM_WIRING_BRIDGE))
{
    bench_faults(b, "from byte 1 in: corrupt 0x55"); /* a line too bad for any answer */
    assert_int_not_equal(esp_loader_change_transmission_rate(&b->loader, 921600), ESP_LOADER_SUCCESS);
    b->expects_misuse = true;
}

TEST_OPEN(unplugging_while_connecting_is_reported_as_such,
          BENCH(.wiring = ESP_SIM_WIRING_USJ, .faults = "at time 100 ms: disconnect"))
{
    assert_int_equal(bench_try_connect(b), ESP_LOADER_ERROR_DISCONNECTED);
    b->expects_misuse = true;
}

TEST_CONNECTED_EACH(reset_brings_the_chip_out_of_download_mode, COUNT(wirings), BENCH(.wiring = wirings[i]))
{
    if (b->config.wiring == ESP_SIM_WIRING_NONE) {
        assert_int_equal(esp_loader_reset_target_checked(&b->loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        return;
    }
    assert_success(esp_loader_reset_target_checked(&b->loader));
    bench_wait_us(b, 1000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
}
