/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which addresses of a chip are RAM and which show its flash: some of each, and what holds for all.
 */
#include "esp_loader_content.h"
#include "test.h"

enum { PAGE = 0x1000, MIB = 0x100000 };

/* Nothing of this kind lies elsewhere on any of these chips. */
#define FIRST_PAGE (0x2E000000u / PAGE)
#define LAST_PAGE  (0x60200000u / PAGE)

TEST(addresses_are_ram_or_flash_of_their_chip)
{
    assert_int_equal(esp_loader_chip_memory(ESP32_CHIP, 0x3F400020), ESP_LOADER_MEMORY_FLASH);
    assert_int_equal(esp_loader_chip_memory(ESP32_CHIP, 0x3FFB0000), ESP_LOADER_MEMORY_RAM);
    assert_int_equal(esp_loader_chip_memory(ESP32_CHIP, 0x20000000), ESP_LOADER_MEMORY_NONE);
    assert_int_equal(esp_loader_chip_memory(ESP32P4_CHIP, 0x40000020), ESP_LOADER_MEMORY_FLASH);
    assert_int_equal(esp_loader_chip_memory(ESP32C3_CHIP, 0x40380000), ESP_LOADER_MEMORY_RAM);
    assert_int_equal(esp_loader_chip_memory(ESP32C3_CHIP, 0x403DFFFF), ESP_LOADER_MEMORY_RAM);
    assert_int_equal(esp_loader_chip_memory(ESP32C3_CHIP, 0x403E0000), ESP_LOADER_MEMORY_NONE);
    assert_int_equal(esp_loader_chip_memory(ESP32S31_CHIP, 0x2F07FFFF), ESP_LOADER_MEMORY_RAM);
    assert_int_equal(esp_loader_chip_memory(ESP32S31_CHIP, 0x53FFFFFF), ESP_LOADER_MEMORY_FLASH);
    assert_int_equal(esp_loader_chip_memory(ESP32H21_CHIP, 0x43000000), ESP_LOADER_MEMORY_NONE);
    assert_int_equal(esp_loader_chip_memory(ESP32H4_CHIP, 0x4080FFFF), ESP_LOADER_MEMORY_NONE);
    assert_int_equal(esp_loader_chip_memory(ESP32H4_CHIP, 0x40810000), ESP_LOADER_MEMORY_RAM);
    assert_int_equal(esp_loader_chip_memory(ESP_UNKNOWN_CHIP, 0x40380000), ESP_LOADER_MEMORY_NONE);
}

/* No chip has so much RAM of its own in one piece, and none shows less of its flash. */
static void assert_plausible(esp_loader_memory_t kind, uint32_t pages)
{
    if (kind == ESP_LOADER_MEMORY_FLASH) {
        assert_true(pages >= MIB / PAGE);
    } else if (kind == ESP_LOADER_MEMORY_RAM) {
        assert_true(pages < MIB / PAGE);
    }
}

/* A page is one or the other as a whole. */
TEST(memory_begins_and_ends_with_pages_and_flash_is_the_larger)
{
    for (int chip = ESP8266_CHIP; chip < ESP_MAX_CHIP; chip++) {
        esp_loader_memory_t last = ESP_LOADER_MEMORY_NONE;
        uint32_t pages = 0;
        uint32_t of_kind[3] = {0};
        for (uint32_t page = FIRST_PAGE; page <= LAST_PAGE; page++) {
            esp_loader_memory_t kind = esp_loader_chip_memory((target_chip_t)chip, page * PAGE);
            assert_int_equal(esp_loader_chip_memory((target_chip_t)chip, page * PAGE + PAGE - 1), kind);
            if (kind != last) {
                assert_plausible(last, pages);
                pages = 0;
                last = kind;
            }
            pages++;
            of_kind[kind]++;
        }
        bool is_supported = esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX;
        assert_int_equal(of_kind[ESP_LOADER_MEMORY_RAM] > 0, is_supported);
        assert_int_equal(of_kind[ESP_LOADER_MEMORY_FLASH] > 0, is_supported);
    }
}
