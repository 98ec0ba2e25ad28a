/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip table of the image maker.
 * Source: esptool 5.3, its target definitions (image ids, memory maps, flash frequency and size codes). The
 * addresses inside DRAM and IRAM are ours: any that lie inside the documented region will do.
 */
#include "chips.h"

#include <string.h>

#define FREQS_80_TO_20                                                                                       \
    {                                                                                                        \
        {"80m", 0xF}, {"40m", 0x0}, {"26m", 0x1}, {"20m", 0x2},                                              \
    }

/* The app of the ESP8266 is mapped where it lies in flash; it is meant for 0x10000. */
static const mkimage_chip_t CHIPS[] = {
    {"esp8266", MKIMAGE_NO_ID, 0x0, 0x3FFE8000, 0x40100000, 0x40210000, 0x40210000, FREQS_80_TO_20},
    {"esp32", 0, 0x1000, 0x3FFB0000, 0x40080000, 0x3F400000, 0x400D0000, FREQS_80_TO_20},
    {"esp32s2", 2, 0x1000, 0x3FFC0000, 0x40028000, 0x3F000000, 0x40080000, FREQS_80_TO_20},
    {"esp32s3", 9, 0x0, 0x3FC98000, 0x40378000, 0x3C000000, 0x42000000, FREQS_80_TO_20},
    {"esp32c2",
     12,
     0x0,
     0x3FCA8000,
     0x40380000,
     0x3C000000,
     0x42000000,
     {{"60m", 0xF}, {"30m", 0x0}, {"20m", 0x1}, {"15m", 0x2}}},
    {"esp32c3", 5, 0x0, 0x3FC90000, 0x40380000, 0x3C000000, 0x42000000, FREQS_80_TO_20},
    {"esp32c5",
     23,
     0x2000,
     0x40820000,
     0x40800000,
     0x42000000,
     0x42000000,
     {{"80m", 0xF}, {"40m", 0x0}, {"20m", 0x2}}},
    {"esp32c6",
     13,
     0x0,
     0x40820000,
     0x40800000,
     0x42800000,
     0x42000000,
     {{"80m", 0x0}, {"40m", 0x0}, {"20m", 0x2}}},
    {"esp32c61",
     20,
     0x0,
     0x40820000,
     0x40800000,
     0x42800000,
     0x42000000,
     {{"80m", 0xF}, {"40m", 0x0}, {"20m", 0x2}}},
    {"esp32h2",
     16,
     0x0,
     0x40820000,
     0x40800000,
     0x42800000,
     0x42000000,
     {{"48m", 0xF}, {"24m", 0x0}, {"16m", 0x1}, {"12m", 0x2}}},
    {"esp32p4", 18, 0x2000, 0x4FF40000, 0x4FF00000, 0x40000000, 0x40000000, FREQS_80_TO_20},
    {"esp32s31",
     32,
     0x2000,
     0x2F040000,
     0x2F010000,
     0x40000000,
     0x40000000,
     {{"80m", 0xF}, {"40m", 0x0}, {"20m", 0x2}}},
    {"esp32h21", 25, 0x0, 0x40820000, 0x40800000, 0x42000000, 0x42000000, {{"48m", 0xF}, {"24m", 0x0}}},
    {"esp32h4", 28, 0x2000, 0x40830000, 0x40810000, 0x42000000, 0x42000000, {{"48m", 0xF}, {"24m", 0x0}}},
};

const mkimage_chip_t *mkimage_chip_at(size_t index)
{
    return index < sizeof(CHIPS) / sizeof(CHIPS[0]) ? &CHIPS[index] : NULL;
}

const mkimage_chip_t *mkimage_chip_find(const char *name)
{
    const mkimage_chip_t *chip;
    for (size_t i = 0; (chip = mkimage_chip_at(i)) != NULL; i++) {
        if (strcmp(chip->name, name) == 0) {
            return chip;
        }
    }
    return NULL;
}

static bool index_of(const char *const *names, size_t count, const char *name, uint8_t *out_index)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out_index = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool mkimage_flash_mode_code(const char *name, uint8_t *out_code)
{
    static const char *const MODES[] = {"qio", "qout", "dio", "dout"};
    return index_of(MODES, sizeof(MODES) / sizeof(MODES[0]), name, out_code);
}

bool mkimage_flash_size_code(const mkimage_chip_t *chip, const char *name, uint8_t *out_code)
{
    static const char *const SIZES[] = {"1MB", "2MB", "4MB", "8MB", "16MB", "32MB", "64MB", "128MB"};
    static const char *const SHORT_SIZES[] = {"512KB",  "256KB",  "1MB", "2MB", "4MB",
                                              "2MB-c1", "4MB-c1", "",    "8MB", "16MB"};
    return mkimage_has_short_header(chip)
               ? index_of(SHORT_SIZES, sizeof(SHORT_SIZES) / sizeof(SHORT_SIZES[0]), name, out_code)
               : index_of(SIZES, sizeof(SIZES) / sizeof(SIZES[0]), name, out_code);
}

bool mkimage_flash_freq_code(const mkimage_chip_t *chip, const char *name, uint8_t *out_code)
{
    for (size_t i = 0; i < MKIMAGE_MAX_FREQS && chip->freqs[i].name != NULL; i++) {
        if (strcmp(chip->freqs[i].name, name) == 0) {
            *out_code = chip->freqs[i].code;
            return true;
        }
    }
    return false;
}
