/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is particular to chips. Every operation on every chip: matrix_test.c.
 */
#include "operations.h"

/* A long pause: the watchdogs that a reset over the chip's own USB leaves running must not fire. */
TEST_CONNECTED_EACH(no_watchdog_ends_the_session, chip_count,
                    bench_for(&chips[i], chips[i].has_usb ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE))
{
    bench_wait_us(b, 120u * 1000000u);
    assert_answers(b);
}

TEST_CONNECTED_EACH(every_revision_of_the_esp32_is_told_apart, 4u,
                    BENCH(.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE,
                          .chip_revision = (uint32_t)i * 100 + 1))
{
    uint32_t revision;
    assert_success(esp_loader_read_chip_revision(&b->loader, &revision));
    assert_int_equal(revision, b->config.chip_revision);
}

TEST_CONNECTED_EACH(revision_is_the_same_in_the_form_of_the_2_1_api, chip_count,
                    bench_for(&chips[i], ESP_SIM_WIRING_BRIDGE))
{
    uint32_t revision = 0;
    uint16_t value = 0;
    esp_loader_error_t err = esp_loader_read_chip_revision(&b->loader, &revision);
    bool has_revision = err == ESP_LOADER_SUCCESS;
    assert_true(has_revision || err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_get_chip_revision(&b->loader, &value),
                     has_revision ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(value, revision);
    assert_int_equal(esp_loader_get_chip_revision(&b->loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
}

#ifndef ESP_LOADER_SMALL /* which leaves it as it is */
static const struct {
    const char *chip;
    uint32_t addr, value;
} force_registers[] = {
    {"esp32s3", 0x6000812C, 0x1},         {"esp32c3", 0x600080F4, 0x1},
    {"esp32c6", 0x600B1034, 0x40000000},  {"esp32c61", 0x600B1034, 0x40000000},
    {"esp32h2", 0x600B1034, 0x40000000},  {"esp32c5", 0x600B1034, 0x20000000},
    {"esp32c5", 0x600B1034, 0x40000000},  {"esp32c5", 0x600B1034, 0x60000000},
    {"esp32p4", 0x50110008, 0x4},         {"esp32s31", 0x20700008, 0x4},
    {"esp32h21", 0x600B1034, 0x40000000},
};

/* The field survives the core reset of the chip's own USB. */
TEST_CONNECTED_EACH(forced_download_mode_is_left_by_the_reset, COUNT(force_registers),
                    BENCH(.chip = force_registers[i].chip, .timing = ESP_SIM_TIMING_FAST))
{
    const uint32_t other_bits = 0x10;
    assert_success(esp_loader_write_register(&b->loader, force_registers[i].addr,
                                             force_registers[i].value | other_bits));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    bench_wait_us(b, 1000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
    assert_int_equal(esp_sim_peek(b->sim, force_registers[i].addr), other_bits);
}
#endif

TEST_CONNECTED_EACH(secure_download_mode_is_recognised_on_every_chip_that_has_it, chip_count,
                    BENCH(.chip = chips[i].sim_name, .wiring = ESP_SIM_WIRING_BRIDGE,
                          .timing = ESP_SIM_TIMING_FAST, .chip_revision = chips[i].revision,
                          .is_secure_download = chips[i].has_security_info))
{
    const bool is_secured = chips[i].has_security_info;
    uint32_t value;
    assert_int_equal(esp_loader_get_target(&b->loader), chips[i].chip);
    assert_int_equal(esp_loader_read_register(&b->loader, chips[i].ram_addr, &value),
                     is_secured ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_connect_secure_download_mode(&b->loader, NULL, 4u << 20),
                     is_secured ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(simulator_and_library_know_the_same_chips)
{
    const char *const *names = esp_sim_chip_names();
    size_t count = 0;
    while (names[count] != NULL) {
        count++;
    }
    assert_int_equal(count, chip_count);
    count = 0;
    for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
        count += esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX ? 1 : 0;
    }
    assert_int_equal(count, chip_count);
    assert_string_equal(esp_loader_chip_name(ESP_UNKNOWN_CHIP), "unknown chip");
    assert_int_equal(esp_loader_chip_bootloader_offset(ESP_UNKNOWN_CHIP), UINT32_MAX);
    assert_int_equal(esp_loader_chip_of_image(0x7777), ESP_UNKNOWN_CHIP);
}
