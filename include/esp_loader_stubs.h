/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flasher stubs that are built in, by name, for a program that chooses among them itself: a provider
 * (esp_loader_connect_with_stub_provider()) that returns one of them links that one alone. Each is in an object of its
 * own. In a build without stubs, or without the chip (ESP_LOADER_CHIPS), a stub is empty: connecting with it returns
 * ESP_LOADER_ERROR_INVALID_PARAM.
 */
#ifndef ESP_LOADER_STUBS_H
#define ESP_LOADER_STUBS_H

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const esp_stub_t esp_stub_esp8266;     /**< ESP8266 */
extern const esp_stub_t esp_stub_esp32;       /**< ESP32 */
extern const esp_stub_t esp_stub_esp32s2;     /**< ESP32-S2 */
extern const esp_stub_t esp_stub_esp32c3;     /**< ESP32-C3 */
extern const esp_stub_t esp_stub_esp32s3;     /**< ESP32-S3 */
extern const esp_stub_t esp_stub_esp32c2;     /**< ESP32-C2, from v0.1 on */
extern const esp_stub_t esp_stub_esp32c5;     /**< ESP32-C5 */
extern const esp_stub_t esp_stub_esp32h2;     /**< ESP32-H2 */
extern const esp_stub_t esp_stub_esp32c6;     /**< ESP32-C6 */
extern const esp_stub_t esp_stub_esp32p4;     /**< ESP32-P4, from v3.0 on */
extern const esp_stub_t esp_stub_esp32p4rev1; /**< ESP32-P4, before v3.0 */
extern const esp_stub_t esp_stub_esp32c61;    /**< ESP32-C61 */
extern const esp_stub_t esp_stub_esp32s31;    /**< ESP32-S31 */
extern const esp_stub_t esp_stub_esp32h21;    /**< ESP32-H21 */
extern const esp_stub_t esp_stub_esp32h4;     /**< ESP32-H4 */

#ifdef __cplusplus
}
#endif

#endif
