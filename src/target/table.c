/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip table. Values: esptool 5.3, of S31, H21 and H4 5.6 (target classes), checked against the register chapters of the
 * Technical Reference Manuals. A new chip is one more row. What few programs need has tables of its own beside this one.
 */
#include "target/target.h"

#include "common/count_of.h"

/* From one register to another. */
#define WORDS_BETWEEN(from, to) ((int32_t)((uint32_t)(to) - (uint32_t)(from)) / 4)

static const eli_target_t targets[] = {
#if ELI_HAS_ESP8266
    {
        .chip = ESP8266_CHIP,
        .image_chip_id = ELI_NO_CHIP_ID,
        .features = ELI_ROM_ERASES_HEAD_TWICE | ELI_MAC_WITH_OUI | ELI_STUB_RATE_IS_RELATIVE |
                    ELI_SPI_ADDRESS_IS_HIGH | ELI_SPI_WITHOUT_LENGTHS,
        .spi_base = 0x60000200,
        .efuse_base = 0x3FF00050,
        .mac_off = 0x00,
    },
#endif
#if ELI_HAS_ESP32
    {
        .chip = ESP32_CHIP,
        .image_chip_id = 0,
        .features = ELI_BOOTLOADER_AT_1000 | ELI_ROM_ESP32_AND_LATER | ELI_MAJOR_REVISION_COUNTS |
                    ELI_SPI_PADS_IN_EFUSE | ELI_SPI_ADDRESS_IS_HIGH | ELI_FLASH_ON_ANY_PINS,
        .spi_base = 0x3FF42000,
        .efuse_base = 0x3FF5A000,
        .mac_off = 0x04,
    },
#endif
#if ELI_HAS_ESP32S2
    {
        .chip = ESP32S2_CHIP,
        .image_chip_id = 2,
        .features = ELI_BOOTLOADER_AT_1000 | ELI_ROM_S2_AND_LATER | ELI_FLASH_ON_ANY_PINS,
        .wdt_config0 = 0x3F408094,
        .wdt_protect_off = 0x18,
        .spi_base = 0x3F402000,
        .efuse_base = 0x3F41A000,
        .mac_off = 0x44,
        .force_download_words = WORDS_BETWEEN(0x3F41A000, 0x3F408128),
    },
#endif
#if ELI_HAS_ESP32C3
    {
        .chip = ESP32C3_CHIP,
        .image_chip_id = 5,
        .features = ELI_ROM_S2_AND_LATER | ELI_LEGACY_REVISION_IS_MINOR | ELI_STUB_NOT_WITH_SECURE_BOOT |
                    ELI_FLASH_ON_ANY_PINS | ELI_SWD_RTC,
        .spi_base = 0x60002000,
        .efuse_base = 0x60008800,
        .mac_off = 0x44,
        .wdt_config0 = 0x60008090,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x60008800, 0x600080F4),
    },
#endif
#if ELI_HAS_ESP32S3
    {
        .chip = ESP32S3_CHIP,
        .image_chip_id = 9,
        .features = ELI_ROM_S2_AND_LATER | ELI_STUB_NOT_WITH_SECURE_BOOT | ELI_STUB_WIDE |
                    ELI_REVISION_CAN_BE_0_0 | ELI_FLASH_ON_ANY_PINS | ELI_SWD_RTC,
        .spi_base = 0x60002000,
        .efuse_base = 0x60007000,
        .mac_off = 0x44,
        .wdt_config0 = 0x60008098,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x60007000, 0x6000812C),
    },
#endif
#if ELI_HAS_ESP32C2
    {
        .chip = ESP32C2_CHIP,
        .image_chip_id = 12,
        .features = ELI_ROM_S2_AND_LATER,
        .spi_base = 0x60002000,
        .efuse_base = 0x60008800,
        .mac_off = 0x40,
        .force_download_words = WORDS_BETWEEN(0x60008800, 0x600080E0),
    },
#endif
#if ELI_HAS_ESP32C5
    {
        .chip = ESP32C5_CHIP,
        .image_chip_id = 23,
        .features = ELI_BOOTLOADER_AT_2000 | ELI_ROM_S2_AND_LATER | ELI_STUB_WIDE | ELI_SWD_LP |
                    ELI_FORCE_DOWNLOAD_TWO_BITS | ELI_ROM_SDIO | ELI_STUB_SDIO,
        .spi_base = 0x60003000,
        .efuse_base = 0x600B4800,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B1C00,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x600B4800, 0x600B1034),
        .force_download_shift = 29,
    },
#endif
#if ELI_HAS_ESP32H2
    {
        .chip = ESP32H2_CHIP,
        .image_chip_id = 16,
        .features = ELI_ROM_S2_AND_LATER | ELI_SWD_LP,
        .spi_base = 0x60003000,
        .efuse_base = 0x600B0800,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B1C00,
        .wdt_protect_off = 0x1C,
        .force_download_words = WORDS_BETWEEN(0x600B0800, 0x600B1034),
        .force_download_shift = 30,
    },
#endif
#if ELI_HAS_ESP32C6
    {
        .chip = ESP32C6_CHIP,
        .image_chip_id = 13,
        .features = ELI_ROM_S2_AND_LATER | ELI_SWD_LP | ELI_ROM_SDIO | ELI_STUB_SDIO,
        .spi_base = 0x60003000,
        .efuse_base = 0x600B0800,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B1C00,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x600B0800, 0x600B1034),
        .force_download_shift = 30,
    },
#endif
#if ELI_HAS_ESP32P4
    {
        .chip = ESP32P4_CHIP,
        .image_chip_id = 18,
        .features =
            ELI_BOOTLOADER_AT_2000 | ELI_ROM_S2_AND_LATER | ELI_STUB_WIDE | ELI_FLASH_POWER_UP | ELI_SWD_LP,
        .spi_base = 0x5008D000,
        .efuse_base = 0x5012D000,
        .mac_off = 0x44,
        .wdt_config0 = 0x50116000,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x5012D000, 0x50110008),
        .force_download_shift = 2,
    },
#endif
#if ELI_HAS_ESP32C61
    {
        .chip = ESP32C61_CHIP,
        .image_chip_id = 20,
        .features = ELI_ROM_S2_AND_LATER | ELI_STUB_WIDE | ELI_SWD_LP | ELI_ROM_SDIO,
        .spi_base = 0x60003000,
        .efuse_base = 0x600B4800,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B1C00,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x600B4800, 0x600B1034),
        .force_download_shift = 30,
    },
#endif
#if ELI_HAS_ESP32S31
    {
        .chip = ESP32S31_CHIP,
        .image_chip_id = 32,
        .features = ELI_BOOTLOADER_AT_2000 | ELI_ROM_S2_AND_LATER | ELI_STUB_WIDE | ELI_SWD_LP,
        .spi_base = 0x20501000,
        .efuse_base = 0x20715000,
        .mac_off = 0x50,
        .wdt_config0 = 0x20801000,
        .wdt_protect_off = 0x18,
        .force_download_words = WORDS_BETWEEN(0x20715000, 0x20700008),
        .force_download_shift = 2,
    },
#endif
#if ELI_HAS_ESP32H21
    {
        .chip = ESP32H21_CHIP,
        .image_chip_id = 25,
        .features = ELI_ROM_S2_AND_LATER | ELI_SWD_LP,
        .spi_base = 0x60003000,
        .efuse_base = 0x600B4000,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B1C00,
        .wdt_protect_off = 0x1C,
        .force_download_words = WORDS_BETWEEN(0x600B4000, 0x600B1034),
        .force_download_shift = 30,
    },
#endif
#if ELI_HAS_ESP32H4
    {
        .chip = ESP32H4_CHIP,
        .image_chip_id = 28,
        .features = ELI_BOOTLOADER_AT_2000 | ELI_ROM_S2_AND_LATER | ELI_STUB_WIDE | ELI_SWD_LP,
        .spi_base = 0x60099000,
        .efuse_base = 0x600B1800,
        .mac_off = 0x44,
        .wdt_config0 = 0x600B5400, /* ESP-IDF's; esptool has a timer group's, which no core reset leaves on */
        .wdt_protect_off = 0x1C,
    },
#endif
};

/* selection.h cannot use the enumerators. */
_Static_assert(ESP8266_CHIP == 0 && ESP32_CHIP == 1 && ESP32S2_CHIP == 2 && ESP32C3_CHIP == 3 &&
                   ESP32S3_CHIP == 4 && ESP32C2_CHIP == 5 && ESP32C5_CHIP == 6 && ESP32H2_CHIP == 7 &&
                   ESP32C6_CHIP == 8 && ESP32P4_CHIP == 9 && ESP32C61_CHIP == 10 && ESP32S31_CHIP == 11 &&
                   ESP32H21_CHIP == 12 && ESP32H4_CHIP == 13,
               "the bits of selection.h are the numbers of the chips");

const eli_target_t *eli_target_of(target_chip_t chip)
{
    for (size_t i = 0; i < ELI_COUNT_OF(targets); i++) {
        if (targets[i].chip == chip) {
            return &targets[i];
        }
    }
    return NULL;
}

const eli_target_t *eli_target_find(uint32_t chip_id)
{
    for (size_t i = 0; i < ELI_COUNT_OF(targets); i++) {
        if (targets[i].image_chip_id == chip_id) {
            return &targets[i];
        }
    }
    return NULL;
}

#if ELI_HAS_MAGICS

static const struct {
    uint32_t magic;
    uint32_t image_chip_id;
} magics[] = {
#if ELI_HAS_ESP8266
    {0xFFF0C101, ELI_NO_CHIP_ID},
#endif
#if ELI_HAS_ESP32
    {0x00F01D83, 0},
#endif
#if ELI_HAS_ESP32S2
    {ELI_MAGIC_OF_SHORT_SECURITY_INFO, 2},
#endif
};

const eli_target_t *eli_target_by_magic(uint32_t magic)
{
    for (size_t i = 0; i < ELI_COUNT_OF(magics); i++) {
        if (magics[i].magic == magic) {
            return eli_target_find(magics[i].image_chip_id);
        }
    }
    return NULL;
}

#endif

target_chip_t esp_loader_chip_of_image(uint16_t chip_id)
{
    for (size_t i = 0; i < ELI_COUNT_OF(targets); i++) {
        if (targets[i].image_chip_id == chip_id) {
            return targets[i].chip;
        }
    }
    return ESP_UNKNOWN_CHIP;
}

uint32_t esp_loader_chip_bootloader_offset(target_chip_t chip)
{
    const eli_target_t *target = eli_target_of(chip);
    return target != NULL ? eli_bootloader_offset(target) : UINT32_MAX;
}
