/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash chip that is not at the chip's usual pins, with the ROM loader and with the stub.
 */
#include "bench.h"

enum { DATA_SIZE = 3000 };

#define PINS ESP_LOADER_FLASH_PINS(14, 12, 13, 21, 15)

static bench_t make_bench(const char *chip, uint32_t pins, size_t loader)
{
    return (bench_t){.config = {.chip = chip,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .accepts_any_stub = true,
                                .flash_pins = pins},
                     .target_loader = (int)loader};
}

static const uint8_t *data(void)
{
    static uint8_t bytes[DATA_SIZE];
    bench_fill(bytes, sizeof(bytes), 9);
    return bytes;
}

#ifndef ESP_LOADER_SMALL
static const struct {
    const char *chip;
    uint32_t pins;
} boards[] = {
    {"esp32", ESP_LOADER_FLASH_PINS_HSPI},
    {"esp32", PINS},
    {"esp32s2", PINS},
    {"esp32s3", PINS},
    {"esp32c3", PINS},
};

enum { BOARD_COUNT = sizeof(boards) / sizeof(boards[0]) };

TEST_CONNECTED_EACH(flash_is_used_where_it_is, BOARD_COUNT *LOADER_COUNT,
                    make_bench(boards[i % BOARD_COUNT].chip, boards[i % BOARD_COUNT].pins, i / BOARD_COUNT))
{
    uint8_t read[DATA_SIZE];

    assert_success(esp_loader_flash_set_pins(&b->loader, boards[i % BOARD_COUNT].pins));
    assert_success(bench_flash(b, 0x10000, data(), DATA_SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data(), DATA_SIZE);
    assert_success(esp_loader_flash_read(&b->loader, read, 0x10000, DATA_SIZE));
    assert_memory_equal(read, data(), DATA_SIZE);
}

TEST_CONNECTED_EACH(pins_outlive_another_connect, LOADER_COUNT, make_bench("esp32s3", PINS, i))
{
    assert_success(esp_loader_flash_set_pins(&b->loader, PINS));
    assert_success(bench_try_connect(b)); /* as after a rate at which nothing was heard */
    assert_success(bench_flash(b, 0, data(), DATA_SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim), data(), DATA_SIZE);
}

TEST_CONNECTED_EACH(pins_can_be_taken_back, LOADER_COUNT, make_bench("esp32c3", 0, i))
{
    assert_success(esp_loader_flash_set_pins(&b->loader, PINS));
    assert_success(esp_loader_flash_set_pins(&b->loader, 0));
    assert_success(bench_flash(b, 0, data(), DATA_SIZE, false));
}
#endif

static const struct {
    const char *chip;
    uint32_t pins;
} refused[] = {
    {"esp8266", PINS}, {"esp32c6", PINS}, {"esp32p4", PINS}, {"esp32s3", ESP_LOADER_FLASH_PINS_HSPI},
#ifdef ESP_LOADER_SMALL /* which knows no others */
    {"esp32", PINS},
#endif
};

TEST_CONNECTED_EACH(chips_with_fixed_pins_are_told_apart, sizeof(refused) / sizeof(refused[0]),
                    make_bench(refused[i].chip, 0, 0))
{
    assert_int_equal(esp_loader_flash_set_pins(&b->loader, refused[i].pins),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_success(bench_flash(b, 0, data(), DATA_SIZE, true)); /* at the usual ones */
}
