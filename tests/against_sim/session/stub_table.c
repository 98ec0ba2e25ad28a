/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stubs that are none: they go where the published ones go, and the simulated chip that accepts any stub
 * behaves as if they were. So these tests need no network. Linked into a test they replace the library's
 * empty table. Source of the addresses: esptool 5.6.
 */
#include "stub/stub.h"

#include "esp_loader.h"

#define TIMES_8(...)                                                                                         \
    __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define KIB                                                                                                  \
    TIMES_8(TIMES_8(0x13, 0x05, 0x40, 0xFF, 0xC0, 0xDB, 0xDC, 0xDD, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,      \
                    0x07, 0x08))

static const uint8_t bytes[] = {KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB};

#define STUB(name, entry, text, text_size, data, data_size)                                                  \
    static const esp_loader_bin_segment_t name##_segments[] = {{text, text_size, bytes},                     \
                                                               {data, data_size, bytes}};                    \
    static const esp_stub_t name = {                                                                         \
        .header = {.entrypoint = (entry)}, .segments = name##_segments, .segment_count = 2}

STUB(esp8266, 0x4010C504, 0x4010C500, 11456, 0x3FFFAE6C, 920);
STUB(esp32, 0x400A902C, 0x400A8000, 6456, 0x3FFDED6C, 212);
STUB(esp32s2, 0x400290A4, 0x40028000, 6600, 0x3FFE2DC4, 212);
STUB(esp32s3, 0x403795A8, 0x40378000, 8668, 0x3FCB2DC4, 264);
STUB(esp32c2, 0x40380F90, 0x40380000, 5816, 0x3FCB6D70, 204);
STUB(esp32c3, 0x40380E9A, 0x40380000, 5880, 0x3FC96D6C, 204);
STUB(esp32c5, 0x40801610, 0x40800000, 8104, 0x40852F0C, 216);
STUB(esp32c6, 0x4080127C, 0x40800000, 7412, 0x40852F0C, 216);
STUB(esp32c61, 0x40801316, 0x40800000, 7040, 0x40822D68, 204);
STUB(esp32h2, 0x40800E92, 0x40800000, 5864, 0x40842D68, 204);
STUB(esp32p4rev1, 0x4FF11476, 0x4FF10000, 8208, 0x4FF62DBC, 204);
STUB(esp32p4, 0x4FF51476, 0x4FF50000, 8208, 0x4FF72DBC, 204);
STUB(esp32s31, 0x2F00238C, 0x2F001000, 7512, 0x2F01CDB8, 204);
STUB(esp32h21, 0x40800F32, 0x40800000, 6240, 0x40822D68, 204);
STUB(esp32h4, 0x4081134A, 0x40810000, 7308, 0x40842D68, 204);

const eli_stub_t eli_stubs[] = {
    {&esp8266, 0, ESP8266_CHIP},   {&esp32, 0, ESP32_CHIP},       {&esp32s2, 0, ESP32S2_CHIP},
    {&esp32s3, 0, ESP32S3_CHIP},   {&esp32c2, 0, ESP32C2_CHIP},   {&esp32c3, 3, ESP32C3_CHIP},
    {&esp32c5, 0, ESP32C5_CHIP},   {&esp32c6, 0, ESP32C6_CHIP},   {&esp32c61, 0, ESP32C61_CHIP},
    {&esp32h2, 0, ESP32H2_CHIP},   {&esp32p4, 300, ESP32P4_CHIP}, {&esp32p4rev1, 0, ESP32P4_CHIP},
    {&esp32s31, 0, ESP32S31_CHIP}, {&esp32h21, 0, ESP32H21_CHIP}, {&esp32h4, 0, ESP32H4_CHIP},
};
const size_t eli_stub_count = sizeof(eli_stubs) / sizeof(eli_stubs[0]);
