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

static const uint8_t bytes[] = {KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB, KIB};

const eli_stub_t eli_stubs[] = {
    {bytes, 0x4010C500, 0x3FFFAE6C, 11456, 920, 0x4, 0, ESP8266_CHIP},
    {bytes, 0x400A8000, 0x3FFDED6C, 6456, 212, 0x102C, 0, ESP32_CHIP},
    {bytes, 0x40028000, 0x3FFE2DC4, 6600, 212, 0x10A4, 0, ESP32S2_CHIP},
    {bytes, 0x40378000, 0x3FCB2DC4, 8668, 264, 0x15A8, 0, ESP32S3_CHIP},
    {bytes, 0x40380000, 0x3FCB6D70, 5816, 204, 0xF90, 0, ESP32C2_CHIP},
    {bytes, 0x40380000, 0x3FC96D6C, 5880, 204, 0xE9A, 3, ESP32C3_CHIP},
    {bytes, 0x40800000, 0x40852F0C, 8104, 216, 0x1610, 0, ESP32C5_CHIP},
    {bytes, 0x40800000, 0x40852F0C, 7412, 216, 0x127C, 0, ESP32C6_CHIP},
    {bytes, 0x40800000, 0x40822D68, 7040, 204, 0x1316, 0, ESP32C61_CHIP},
    {bytes, 0x40800000, 0x40842D68, 5864, 204, 0xE92, 0, ESP32H2_CHIP},
    {bytes, 0x4FF50000, 0x4FF72DBC, 8208, 204, 0x1476, 300, ESP32P4_CHIP},
    {bytes, 0x4FF10000, 0x4FF62DBC, 8208, 204, 0x1476, 0, ESP32P4_CHIP},
    {bytes, 0x2F001000, 0x2F01CDB8, 7512, 204, 0x138C, 0, ESP32S31_CHIP},
    {bytes, 0x40800000, 0x40822D68, 6240, 204, 0xF32, 0, ESP32H21_CHIP},
    {bytes, 0x40810000, 0x40842D68, 7308, 204, 0x134A, 0, ESP32H4_CHIP},
};
const size_t eli_stub_count = sizeof(eli_stubs) / sizeof(eli_stubs[0]);
