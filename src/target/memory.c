/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where a chip has memory that an image is loaded to, and windows through which flash is mapped. Source:
 * esptool 5.3, memory maps of its target definitions; tightly coupled memory of the ESP32-P4: ESP-IDF 6.1.
 */
#include "esp_loader_content.h"

#include "common/count_of.h"
#include "target/target.h"

typedef struct {
    uint8_t chip; /* target_chip_t */
    bool is_flash;
    uint32_t start;
    uint32_t end; /* first address after it */
} range_t;

static const range_t ranges[] = {
#if ELI_HAS_ESP8266
    {ESP8266_CHIP, true, 0x40200000, 0x40300000},   {ESP8266_CHIP, false, 0x3FFE8000, 0x40000000},
    {ESP8266_CHIP, false, 0x40100000, 0x40110000},
#endif
#if ELI_HAS_ESP32
    {ESP32_CHIP, true, 0x3F400000, 0x3F800000},     {ESP32_CHIP, true, 0x400D0000, 0x40400000},
    {ESP32_CHIP, false, 0x3FF80000, 0x3FF82000},    {ESP32_CHIP, false, 0x3FFAE000, 0x40000000},
    {ESP32_CHIP, false, 0x40070000, 0x400C2000},    {ESP32_CHIP, false, 0x50000000, 0x50002000},
#endif
#if ELI_HAS_ESP32S2
    {ESP32S2_CHIP, true, 0x3F000000, 0x3FF80000},   {ESP32S2_CHIP, true, 0x40080000, 0x40B80000},
    {ESP32S2_CHIP, false, 0x3FF9E000, 0x40000000},  {ESP32S2_CHIP, false, 0x40020000, 0x40072000},
    {ESP32S2_CHIP, false, 0x50000000, 0x50002000},
#endif
#if ELI_HAS_ESP32S3
    {ESP32S3_CHIP, true, 0x3C000000, 0x3E000000},   {ESP32S3_CHIP, true, 0x42000000, 0x44000000},
    {ESP32S3_CHIP, false, 0x3FC88000, 0x3FD00000},  {ESP32S3_CHIP, false, 0x40370000, 0x403E0000},
    {ESP32S3_CHIP, false, 0x50000000, 0x50002000},  {ESP32S3_CHIP, false, 0x600FE000, 0x60100000},
#endif
#if ELI_HAS_ESP32C2
    {ESP32C2_CHIP, true, 0x3C000000, 0x3C400000},   {ESP32C2_CHIP, true, 0x42000000, 0x42400000},
    {ESP32C2_CHIP, false, 0x3FCA0000, 0x3FCE0000},  {ESP32C2_CHIP, false, 0x4037C000, 0x403C0000},
#endif
#if ELI_HAS_ESP32C3
    {ESP32C3_CHIP, true, 0x3C000000, 0x3C800000},   {ESP32C3_CHIP, true, 0x42000000, 0x42800000},
    {ESP32C3_CHIP, false, 0x3FC80000, 0x3FCE0000},  {ESP32C3_CHIP, false, 0x4037C000, 0x403E0000},
    {ESP32C3_CHIP, false, 0x50000000, 0x50002000},
#endif
#if ELI_HAS_ESP32C5
    {ESP32C5_CHIP, true, 0x42000000, 0x44000000},   {ESP32C5_CHIP, false, 0x40800000, 0x40860000},
    {ESP32C5_CHIP, false, 0x50000000, 0x50004000},
#endif
#if ELI_HAS_ESP32C6
    {ESP32C6_CHIP, true, 0x42000000, 0x43000000},   {ESP32C6_CHIP, false, 0x40800000, 0x40880000},
    {ESP32C6_CHIP, false, 0x50000000, 0x50004000},
#endif
#if ELI_HAS_ESP32C61
    {ESP32C61_CHIP, true, 0x42000000, 0x44000000},  {ESP32C61_CHIP, false, 0x40800000, 0x40860000},
    {ESP32C61_CHIP, false, 0x50000000, 0x50004000},
#endif
#if ELI_HAS_ESP32H2
    {ESP32H2_CHIP, true, 0x42000000, 0x43000000},   {ESP32H2_CHIP, false, 0x40800000, 0x40880000},
    {ESP32H2_CHIP, false, 0x50000000, 0x50004000},
#endif
#if ELI_HAS_ESP32P4
    {ESP32P4_CHIP, true, 0x40000000, 0x4C000000},   {ESP32P4_CHIP, false, 0x4FF00000, 0x4FFC0000},
    {ESP32P4_CHIP, false, 0x30100000, 0x30102000},  {ESP32P4_CHIP, false, 0x50108000, 0x50110000},
#endif
#if ELI_HAS_ESP32S31
    {ESP32S31_CHIP, true, 0x40000000, 0x54000000},  {ESP32S31_CHIP, false, 0x2F000000, 0x2F080000},
    {ESP32S31_CHIP, false, 0x2E000000, 0x2E008000},
#endif
#if ELI_HAS_ESP32H21
    {ESP32H21_CHIP, true, 0x42000000, 0x43000000},  {ESP32H21_CHIP, false, 0x40800000, 0x40850000},
    {ESP32H21_CHIP, false, 0x50000000, 0x50001000},
#endif
#if ELI_HAS_ESP32H4
    {ESP32H4_CHIP, true, 0x42000000, 0x44000000},   {ESP32H4_CHIP, false, 0x40810000, 0x40860000},
#endif
};

esp_loader_memory_t esp_loader_chip_memory(target_chip_t chip, uint32_t address)
{
    for (size_t i = 0; i < ELI_COUNT_OF(ranges); i++) {
        const range_t *range = &ranges[i];
        if (range->chip == (uint8_t)chip && address >= range->start && address < range->end) {
            return range->is_flash ? ESP_LOADER_MEMORY_FLASH : ESP_LOADER_MEMORY_RAM;
        }
    }
    return ESP_LOADER_MEMORY_NONE;
}
