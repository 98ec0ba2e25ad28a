/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which chips this build supports. What belongs to the others is left out.
 */
#ifndef ELI_SELECTION_H
#define ELI_SELECTION_H

/** Bit n selects the chip whose number in target_chip_t is n; chips that are not selected cost nothing. */
#ifndef ESP_LOADER_CHIPS
#define ESP_LOADER_CHIPS 0x3FFF
#endif

/* The preprocessor does not know the numbers of target_chip_t; table.c compares them. */
#define ELI_HAS_ESP8266  (ESP_LOADER_CHIPS & 1 << 0)
#define ELI_HAS_ESP32    (ESP_LOADER_CHIPS & 1 << 1)
#define ELI_HAS_ESP32S2  (ESP_LOADER_CHIPS & 1 << 2)
#define ELI_HAS_ESP32C3  (ESP_LOADER_CHIPS & 1 << 3)
#define ELI_HAS_ESP32S3  (ESP_LOADER_CHIPS & 1 << 4)
#define ELI_HAS_ESP32C2  (ESP_LOADER_CHIPS & 1 << 5)
#define ELI_HAS_ESP32C5  (ESP_LOADER_CHIPS & 1 << 6)
#define ELI_HAS_ESP32H2  (ESP_LOADER_CHIPS & 1 << 7)
#define ELI_HAS_ESP32C6  (ESP_LOADER_CHIPS & 1 << 8)
#define ELI_HAS_ESP32P4  (ESP_LOADER_CHIPS & 1 << 9)
#define ELI_HAS_ESP32C61 (ESP_LOADER_CHIPS & 1 << 10)
#define ELI_HAS_ESP32S31 (ESP_LOADER_CHIPS & 1 << 11)
#define ELI_HAS_ESP32H21 (ESP_LOADER_CHIPS & 1 << 12)
#define ELI_HAS_ESP32H4  (ESP_LOADER_CHIPS & 1 << 13)

#endif
