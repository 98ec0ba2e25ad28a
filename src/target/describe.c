/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Descriptions of parts, one row per chip. Its own table, so that a program which does not ask for them does
 * not link it. Source: esptool 5.6 (target classes), eFuse tables of ESP-IDF.
 */
#include "target/describe.h"

#include "target/row.h"

#define LIST(list)                                                                                           \
    {                                                                                                        \
        ELI_COUNT_OF(list), list                                                                             \
    }

#if ELI_HAS_ESP8266
static const eli_package_t esp8266_packages[] = {{.code = 0, .name = "ESP8266EX"},
                                                 {.code = 1, .name = "ESP8285"}};
static const uint8_t esp8266_flash[] = {0, 1, 2, ELI_MIB_UNKNOWN, ELI_MIB_UNKNOWN, 2, 4};
#endif

#if ELI_HAS_ESP32
/* Bit 4 of the field: one core is disabled. */
static const eli_package_t esp32_packages[] = {
    {.code = 0x00, .name = "ESP32-D0WDQ6"},
    {.code = 0x00, .name = "ESP32-D0WDQ6-V3", .min_revision = 300},
    {.code = 0x10, .name = "ESP32-S0WDQ6"},
    {.code = 0x01, .name = "ESP32-D0WD"},
    {.code = 0x01, .name = "ESP32-D0WD-V3", .min_revision = 300},
    {.code = 0x11, .name = "ESP32-S0WD"},
    {.code = 0x02, .name = "ESP32-D2WD"},
    {.code = 0x12, .name = "ESP32-D2WD"},
    {.code = 0x03, .name = "ESP32-D0WD-OEM"},
    {.code = 0x13, .name = "ESP32-S0WD-OEM"},
    {.code = 0x04, .name = "ESP32-U4WDH"},
    {.code = 0x14, .name = "ESP32-U4WDH"},
    {.code = 0x05, .name = "ESP32-PICO-D4"},
    {.code = 0x05, .name = "ESP32-PICO-V3", .min_revision = 300},
    {.code = 0x06, .name = "ESP32-PICO-V3-02"},
    {.code = 0x07, .name = "ESP32-D0WDR2-V3"},
};
#endif

#if ELI_HAS_ESP32S2
/* By the codes of flash and, from bit 4 on, PSRAM. */
static const eli_package_t s2_packages[] = {{.code = 0x00, .name = "ESP32-S2"},
                                            {.code = 0x01, .name = "ESP32-S2FH2"},
                                            {.code = 0x02, .name = "ESP32-S2FH4"},
                                            {.code = 0x10, .name = "ESP32-S2R2"},
                                            {.code = 0x12, .name = "ESP32-S2FNR2"}};
static const uint8_t s2_sizes[] = {0, 2, 4};
#endif

#if ELI_HAS_ESP32C3 || ELI_HAS_ESP32C2
static const char *const zbit_vendors[] = {NULL, "XMC", "GD", "FM", "TT", "ZBIT"};
#endif

#if ELI_HAS_ESP32C3
static const eli_package_t c3_packages[] = {{.code = 0, .name = "ESP32-C3 (QFN32)"},
                                            {.code = 1, .name = "ESP8685 (QFN28)"},
                                            {.code = 2, .name = "ESP32-C3 AZ (QFN32)"},
                                            {.code = 3, .name = "ESP8686 (QFN24)"}};
static const uint8_t c3_flash[] = {0, 4, 2, 1, 8};
#endif

#if ELI_HAS_ESP32S3
static const eli_package_t s3_packages[] = {{.code = 0, .name = "ESP32-S3 (QFN56)"},
                                            {.code = 1, .name = "ESP32-S3-PICO-1 (LGA56)"}};
static const uint8_t s3_flash[] = {0, 8, 4};
static const uint8_t s3_psram[] = {0, 8, 2, 16, 4};
static const char *const s3_flash_vendors[] = {NULL, "XMC", "GD", "FM", "TT", "BY"};
static const char *const s3_psram_vendors[] = {NULL, "AP_3v3", "AP_1v8"};
#endif

#if ELI_HAS_ESP32C2
static const uint8_t c2_flash[] = {0, 4, 2, 1};
#endif

#if ELI_HAS_ESP32C5
static const uint8_t c5_flash[] = {0, 4};
static const uint8_t c5_psram[] = {0, 4, 8};
static const char *const c5_flash_vendors[] = {NULL, "XMC"};
static const char *const c5_psram_vendors[] = {NULL, "AP_3v3"};
#endif

#if ELI_HAS_ESP32H2
static const uint8_t h2_flash[] = {0, 4, 2, 1};
static const char *const h2_flash_vendors[] = {NULL, "XMC", "GD", "FM", "TT"};
#endif

#if ELI_HAS_ESP32C61
static const uint8_t c61_flash[] = {0, 4, 8};
static const uint8_t c61_psram[] = {0, 2, 8};
#endif

#if ELI_HAS_ESP32C6
static const eli_package_t c6_packages[] = {{.code = 0, .name = "ESP32-C6 (QFN40)"},
                                            {.code = 1, .name = "ESP32-C6FH4 (QFN32)"}};
static const uint8_t c6_flash[] = {ELI_MIB_UNKNOWN, 4, 8};
#endif

#if ELI_HAS_ESP32S31
static const eli_package_t s31_packages[] = {{.code = 0, .name = "ESP32-S31"}};
#endif

#if ELI_HAS_ESP32H21
static const uint8_t h21_flash[] = {0, 4, 2};
static const char *const h21_flash_vendors[] = {NULL, "FM", "XMC"};
#endif

#if ELI_HAS_ESP32H4
static const uint8_t h4_flash[] = {0, 4};
static const uint8_t h4_psram[] = {0, 8, 2};
static const char *const h4_flash_vendors[] = {NULL, "FM", "XMC", "PY"};
static const char *const h4_psram_vendors[] = {NULL, "AP"};
#endif

static const eli_description_t descriptions[] = {
#if ELI_HAS_ESP8266
    {.chip = ESP8266_CHIP,
     .package = {{0x00, 4, 1, 0}, {0x08, 16, 1, 0}},
     .package_mask = 0x1,
     .packages = esp8266_packages,
     .package_count = ELI_COUNT_OF(esp8266_packages),
     .flash_size = {{0x00, 4, 1, 0}, {0x0C, 25, 1, 1}, {0x0C, 26, 1, 2}, {0x0C, 27, 1, 3}},
     .flash_sizes = LIST(esp8266_flash)},
#endif
#if ELI_HAS_ESP32
    {.chip = ESP32_CHIP,
     .package = {{0x0C, 9, 3, 0}, {0x0C, 2, 1, 3}, {0x0C, 0, 1, 4}},
     .package_mask = 0xF,
     .packages = esp32_packages,
     .package_count = ELI_COUNT_OF(esp32_packages)},
#endif
#if ELI_HAS_ESP32S2
    {.chip = ESP32S2_CHIP,
     .crystal_mhz = 40,
     .package = {{0x54, 0, 4, 0}, {0x50, 21, 4, 4}, {0x50, 28, 4, 8}},
     .package_mask = 0xF,
     .name_shift = 4,
     .packages = s2_packages,
     .package_count = ELI_COUNT_OF(s2_packages),
     .flash_size = {{0x50, 21, 4, 0}},
     .flash_sizes = LIST(s2_sizes),
     .psram_size = {{0x50, 28, 4, 0}},
     .psram_sizes = LIST(s2_sizes),
     .octal_flash = {{0x3C, 9, 1, 0}}},
#endif
#if ELI_HAS_ESP32C3
    {.chip = ESP32C3_CHIP,
     .crystal_mhz = 40,
     .package = {{0x50, 21, 3, 0}},
     .package_mask = 0x7,
     .packages = c3_packages,
     .package_count = ELI_COUNT_OF(c3_packages),
     .flash_size = {{0x50, 27, 3, 0}},
     .flash_sizes = LIST(c3_flash),
     .flash_vendor = {{0x54, 0, 3, 0}},
     .flash_vendors = LIST(zbit_vendors)},
#endif
#if ELI_HAS_ESP32S3
    {.chip = ESP32S3_CHIP,
     .crystal_mhz = 40,
     .package = {{0x50, 21, 3, 0}},
     .package_mask = 0x7,
     .packages = s3_packages,
     .package_count = ELI_COUNT_OF(s3_packages),
     .flash_size = {{0x50, 27, 3, 0}},
     .flash_sizes = LIST(s3_flash),
     .flash_vendor = {{0x54, 0, 3, 0}},
     .flash_vendors = LIST(s3_flash_vendors),
     .psram_size = {{0x54, 3, 2, 0}, {0x58, 19, 1, 2}},
     .psram_sizes = LIST(s3_psram),
     .psram_vendor = {{0x54, 7, 2, 0}},
     .psram_vendors = LIST(s3_psram_vendors),
     .octal_flash = {{0x3C, 9, 1, 0}}},
#endif
#if ELI_HAS_ESP32C2
    {.chip = ESP32C2_CHIP,
     .package = {{0x44, 22, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x5C, 29, 3, 0}},
     .flash_sizes = LIST(c2_flash),
     .flash_vendor = {{0x5C, 24, 3, 0}},
     .flash_vendors = LIST(zbit_vendors)},
#endif
#if ELI_HAS_ESP32C5
    {.chip = ESP32C5_CHIP,
     .package = {{0x4C, 26, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x4C, 13, 3, 0}},
     .flash_sizes = LIST(c5_flash),
     .flash_vendor = {{0x4C, 16, 3, 0}},
     .flash_vendors = LIST(c5_flash_vendors),
     .psram_size = {{0x4C, 19, 3, 0}},
     .psram_sizes = LIST(c5_psram),
     .psram_vendor = {{0x4C, 22, 2, 0}},
     .psram_vendors = LIST(c5_psram_vendors),
     .has_eui64 = true},
#endif
#if ELI_HAS_ESP32H2
    {.chip = ESP32H2_CHIP,
     .crystal_mhz = 32,
     .package = {{0x54, 0, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x50, 24, 3, 0}},
     .flash_sizes = LIST(h2_flash),
     .flash_vendor = {{0x50, 29, 3, 0}},
     .flash_vendors = LIST(h2_flash_vendors),
     .has_eui64 = true},
#endif
#if ELI_HAS_ESP32C6
    {.chip = ESP32C6_CHIP,
     .crystal_mhz = 40,
     .package = {{0x50, 24, 3, 0}},
     .package_mask = 0x7,
     .packages = c6_packages,
     .package_count = ELI_COUNT_OF(c6_packages),
     .flash_size = {{0x54, 0, 3, 0}},
     .flash_sizes = LIST(c6_flash),
     .has_eui64 = true},
#endif
#if ELI_HAS_ESP32P4
    {.chip = ESP32P4_CHIP, .crystal_mhz = 40, .package = {{0x4C, 20, 3, 0}}, .package_mask = 0x7},
#endif
#if ELI_HAS_ESP32C61
    {.chip = ESP32C61_CHIP,
     .crystal_mhz = 40,
     .package = {{0x4C, 26, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x4C, 13, 3, 0}},
     .flash_sizes = LIST(c61_flash),
     .psram_size = {{0x4C, 19, 3, 0}},
     .psram_sizes = LIST(c61_psram)},
#endif
#if ELI_HAS_ESP32S31
    {.chip = ESP32S31_CHIP,
     .crystal_mhz = 40,
     .package = {{0x60, 6, 2, 0}},
     .package_mask = 0x3,
     .packages = s31_packages,
     .package_count = ELI_COUNT_OF(s31_packages)},
#endif
#if ELI_HAS_ESP32H21
    {.chip = ESP32H21_CHIP,
     .crystal_mhz = 32,
     .package = {{0x58, 11, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x50, 24, 3, 0}},
     .flash_sizes = LIST(h21_flash),
     .flash_vendor = {{0x50, 27, 3, 0}},
     .flash_vendors = LIST(h21_flash_vendors),
     .has_eui64 = true},
#endif
#if ELI_HAS_ESP32H4
    {.chip = ESP32H4_CHIP,
     .crystal_mhz = 32,
     .package = {{0x54, 12, 3, 0}},
     .package_mask = 0x7,
     .flash_size = {{0x50, 31, 1, 0}, {0x54, 0, 2, 1}},
     .flash_sizes = LIST(h4_flash),
     .flash_vendor = {{0x54, 2, 3, 0}},
     .flash_vendors = LIST(h4_flash_vendors),
     .psram_size = {{0x54, 5, 3, 0}},
     .psram_sizes = LIST(h4_psram),
     .psram_vendor = {{0x54, 8, 2, 0}},
     .psram_vendors = LIST(h4_psram_vendors),
     .has_eui64 = true},
#endif
};

const eli_description_t *eli_description_of(target_chip_t chip)
{
    return ELI_ROW_OF(descriptions, chip);
}
