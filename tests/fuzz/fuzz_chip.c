/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulated chip, ROM and stub, under a host that sends anything at any time. It comes to rest whatever
 * it gets, counts each byte once, and does not write flash outside of it or before it was told to.
 *
 * Input: chip, wiring and settings, then steps (chip.c).
 */
#include <string.h>

#include "chip.h"

enum { FLASH_SIZE = 256 * 1024, STEPS_MAX = 48 };

static const char *const names[] = {"esp32s3", "esp32",   "esp8266", "esp32c3",  "esp32c2",
                                    "esp32s2", "esp32p4", "esp32c5", "esp32s31", "esp32c61"};
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

/* Of the eFuse controllers: base, opcode, command, where BLOCK0 is written and read. */
static const struct {
    uint32_t base;
    uint16_t conf, cmd, write, read;
} efuses[NAME_COUNT] = {{0x60007000, 0x1CC, 0x1D4, 0x00, 0x2C},
                        {0x3FF5A000, 0x0FC, 0x104, 0x1C, 0x00},
                        {0},
                        {0x60008800, 0x1CC, 0x1D4, 0x00, 0x2C},
                        {0x60008800, 0x08C, 0x094, 0x00, 0x2C},
                        {0x3F41A000, 0x1CC, 0x1D4, 0x00, 0x2C},
                        {0x5012D000, 0x1CC, 0x1D4, 0x00, 0x2C},
                        {0x600B4800, 0x1CC, 0x1D8, 0x00, 0x2C},
                        {0x20715000, 0x1CC, 0x1D8, 0x00, 0x2C},
                        {0x600B4800, 0x1CC, 0x1D4, 0x00, 0x2C}};

static bool is_blank(const uint8_t *flash)
{
    return flash[0] == 0xFF && memcmp(flash, flash + 1, FLASH_SIZE - 1) == 0;
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const uint8_t kind = fuzz_u8(&input);
    const uint8_t flags = fuzz_u8(&input);
    char error[200] = "";
    esp_sim_config_t config = {.chip = names[kind % NAME_COUNT],
                               .flash_size = FLASH_SIZE,
                               .wiring = (esp_sim_wiring_t)(kind / NAME_COUNT % 4),
                               .timing = (flags & 1) != 0 ? ESP_SIM_TIMING_DEFAULT : ESP_SIM_TIMING_FAST,
                               .as_rom = (flags & 2) != 0,
                               .start_in_download = (flags & 4) == 0,
                               .is_secure_download = (flags & 24) == 24,
                               .accepts_any_stub = (flags & 32) == 0,
                               .repeated_blocks = (esp_sim_repeated_t)(flags / 64 % 3)};
    chip_t chip = {.name = config.chip};
    chip.sim = esp_sim_new(&config, error, sizeof(error));
    if (chip.sim == NULL) { /* the chip has no such port */
        FUZZ_CHECK(error[0] != '\0');
        config.wiring = ESP_SIM_WIRING_BRIDGE;
        chip.sim = esp_sim_new(&config, error, sizeof(error));
        FUZZ_CHECK(chip.sim != NULL);
    }
    chip_wait(&chip, 1000000);
    const bool has_locks = efuses[kind % NAME_COUNT].base != 0;
    const uint32_t locks_addr = efuses[kind % NAME_COUNT].base + efuses[kind % NAME_COUNT].read;
    const uint32_t locks = esp_sim_peek(chip.sim, locks_addr);
    chip_run(&chip, &input, STEPS_MAX);
    FUZZ_CHECK(esp_sim_stats(chip.sim)->bytes_programmed > 0 || is_blank(esp_sim_flash(chip.sim)));
    FUZZ_CHECK(!has_locks || (locks & ~esp_sim_peek(chip.sim, locks_addr)) == 0);
    FUZZ_CHECK(!has_locks || esp_sim_burns(chip.sim)[0] != '\0' ||
               locks == esp_sim_peek(chip.sim, locks_addr));
    esp_sim_free(chip.sim);
}

/* A command on the flash chip's bus, by the registers of the ESP32-S3's SPI peripheral. */
static void put_spi_command(fuzz_seed_t *seed, uint32_t opcode, uint32_t address)
{
    const uint32_t base = 0x60002000;
    const uint32_t writes[][2] = {
        {0x18, 0xF8000000}, /* command, address, dummy bits, data both ways */
        {0x1C, 23u << 26 | 7}, {0x20, 7u << 28 | opcode}, {0x24, 31}, {0x28, 31}, {0x04, address},
        {0x58, 0xA5},          {0x00, 1u << 18}};
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        chip_put_words(seed, 0x09, (const uint32_t[]){base + writes[i][0], writes[i][1], 0xFFFFFFFF, 0}, 4);
    }
    chip_put_words(seed, 0x0A, (const uint32_t[]){base + 0x58}, 1);
}

/* Burns a bit of BLOCK0, and the first words of a block, with what the timing registers have: it may be wrong. */
static void put_burn(fuzz_seed_t *seed, unsigned chip, uint32_t block)
{
    const uint32_t base = efuses[chip].base;
    const uint32_t writes[][2] = {{efuses[chip].write, 1u << 8}, {efuses[chip].write + 4u, 0x04030201},
                                  {efuses[chip].conf, 0x5A5A},   {efuses[chip].cmd, 2 | block << 2},
                                  {efuses[chip].conf, 0x5AA5},   {efuses[chip].cmd, 1}};
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        chip_put_words(seed, 0x09, (const uint32_t[]){base + writes[i][0], writes[i][1], 0xFFFFFFFF, 0}, 4);
        if (efuses[chip].cmd == writes[i][0]) {
            chip_put_wait(seed);
        }
    }
    chip_put_words(seed, 0x0A, (const uint32_t[]){base + efuses[chip].read}, 1);
}

/* What a host does when all goes well, with every chip; every other one with the stub. */
FUZZ_SEEDS(3 * NAME_COUNT)
{
    fuzz_put_u8(seed, number % NAME_COUNT + number / NAME_COUNT * NAME_COUNT);
    fuzz_put_u8(seed, number % 3 * 64);
    chip_put_sync(seed);
    chip_put_words(seed, 0x0A, (const uint32_t[]){0x40001000}, 1);
    chip_put_words(seed, 0x14, NULL, 0);
    chip_put_words(seed, 0x09, (const uint32_t[]){0x60008090, 0x50D83AA1, 0xFFFFFFFF, 0}, 4);
    if (efuses[number % NAME_COUNT].base != 0) {
        put_burn(seed, number % NAME_COUNT, number / NAME_COUNT);
    }
    if (number % 2 != 0) {
        chip_put_start_stub(seed);
    }
    chip_put_write(seed, number / 2 % 2 != 0);
    chip_put_words(seed, number % 2 != 0 ? 0xD2 : 0x0E, (const uint32_t[]){0x1000, 64, 64, 64},
                   number % 2 != 0 ? 4 : 2);
    if (number % 2 != 0) {
        fuzz_put_u8(seed, 0);
        fuzz_put_u8(seed, 6);
        fuzz_put(seed, "\xC0\x40\x00\x00\x00\xC0", 6);
        chip_put_words(seed, 0xD1, (const uint32_t[]){0x1000, 0x1000}, 2);
        chip_put_words(seed, 0xD0, NULL, 0);
    }
    if (number % NAME_COUNT == 0) {
        static const uint8_t opcodes[] = {0x9F, 0x06, 0x20};
        put_spi_command(seed, opcodes[number / NAME_COUNT], 0x1000);
    }
    chip_put_words(seed, 0x0B, (const uint32_t[]){0, 0xFFFFFFFF, 65536, 4096, 256, 0xFFFF}, 6);
    chip_put_words(seed, 0x13, (const uint32_t[]){0, 0xFFFFFFFF, 0, 0}, 4);
    chip_put_words(seed, 0x0F, (const uint32_t[]){921600, 115200}, 2);
    chip_put_words(seed, 0x04, (const uint32_t[]){0}, 1);
}
