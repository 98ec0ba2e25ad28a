/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names of chips.
 */
#include "target/row.h"
#include "target/selection.h"

static const struct {
    uint8_t chip; /* target_chip_t */
    char name[11];
} names[] = {
#if ELI_HAS_ESP8266
    {ESP8266_CHIP, "ESP8266"},
#endif
#if ELI_HAS_ESP32
    {ESP32_CHIP, "ESP32"},
#endif
#if ELI_HAS_ESP32S2
    {ESP32S2_CHIP, "ESP32-S2"},
#endif
#if ELI_HAS_ESP32C3
    {ESP32C3_CHIP, "ESP32-C3"},
#endif
#if ELI_HAS_ESP32S3
    {ESP32S3_CHIP, "ESP32-S3"},
#endif
#if ELI_HAS_ESP32C2
    {ESP32C2_CHIP, "ESP32-C2"},
#endif
#if ELI_HAS_ESP32C5
    {ESP32C5_CHIP, "ESP32-C5"},
#endif
#if ELI_HAS_ESP32H2
    {ESP32H2_CHIP, "ESP32-H2"},
#endif
#if ELI_HAS_ESP32C6
    {ESP32C6_CHIP, "ESP32-C6"},
#endif
#if ELI_HAS_ESP32P4
    {ESP32P4_CHIP, "ESP32-P4"},
#endif
#if ELI_HAS_ESP32C61
    {ESP32C61_CHIP, "ESP32-C61"},
#endif
#if ELI_HAS_ESP32S31
    {ESP32S31_CHIP, "ESP32-S31"},
#endif
#if ELI_HAS_ESP32H21
    {ESP32H21_CHIP, "ESP32-H21"},
#endif
#if ELI_HAS_ESP32H4
    {ESP32H4_CHIP, "ESP32-H4"},
#endif
};

const char *esp_loader_chip_name(target_chip_t chip)
{
    for (size_t i = 0; i < ELI_COUNT_OF(names); i++) {
        if (names[i].chip == chip) {
            return names[i].name;
        }
    }
    return "unknown chip";
}
