/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The names of esp_loader_stubs.h in a build without stubs: a program that uses them links, and connecting refuses what
 * they are.
 */
#include "esp_loader_stubs.h"

#ifndef ESP_LOADER_HAS_STUBS
const esp_stub_t esp_stub_esp8266 = {0};
const esp_stub_t esp_stub_esp32 = {0};
const esp_stub_t esp_stub_esp32s2 = {0};
const esp_stub_t esp_stub_esp32c3 = {0};
const esp_stub_t esp_stub_esp32s3 = {0};
const esp_stub_t esp_stub_esp32c2 = {0};
const esp_stub_t esp_stub_esp32c5 = {0};
const esp_stub_t esp_stub_esp32h2 = {0};
const esp_stub_t esp_stub_esp32c6 = {0};
const esp_stub_t esp_stub_esp32p4 = {0};
const esp_stub_t esp_stub_esp32p4rev1 = {0};
const esp_stub_t esp_stub_esp32c61 = {0};
const esp_stub_t esp_stub_esp32s31 = {0};
const esp_stub_t esp_stub_esp32h21 = {0};
const esp_stub_t esp_stub_esp32h4 = {0};
#endif
