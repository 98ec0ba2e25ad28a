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

const eli_stub_t eli_stubs[] = {
    {ESP8266_CHIP,
     0,
     ELI_STUB_ANY_REVISION,
     0x4010C504,
     {0x4010C500, 11456, bytes},
     {0x3FFFAE6C, 920, bytes}},
    {ESP32_CHIP, 0, ELI_STUB_ANY_REVISION, 0x400A902C, {0x400A8000, 6456, bytes}, {0x3FFDED6C, 212, bytes}},
    {ESP32S2_CHIP, 0, ELI_STUB_ANY_REVISION, 0x400290A4, {0x40028000, 6600, bytes}, {0x3FFE2DC4, 212, bytes}},
    {ESP32S3_CHIP, 0, ELI_STUB_ANY_REVISION, 0x403795A8, {0x40378000, 8668, bytes}, {0x3FCB2DC4, 264, bytes}},
    {ESP32C2_CHIP, 0, ELI_STUB_ANY_REVISION, 0x40380F90, {0x40380000, 5816, bytes}, {0x3FCB6D70, 204, bytes}},
    {ESP32C3_CHIP, 3, ELI_STUB_ANY_REVISION, 0x40380E9A, {0x40380000, 5880, bytes}, {0x3FC96D6C, 204, bytes}},
    {ESP32C5_CHIP, 0, ELI_STUB_ANY_REVISION, 0x40801610, {0x40800000, 8104, bytes}, {0x40852F0C, 216, bytes}},
    {ESP32C6_CHIP, 0, ELI_STUB_ANY_REVISION, 0x4080127C, {0x40800000, 7412, bytes}, {0x40852F0C, 216, bytes}},
    {ESP32C61_CHIP,
     0,
     ELI_STUB_ANY_REVISION,
     0x40801316,
     {0x40800000, 7040, bytes},
     {0x40822D68, 204, bytes}},
    {ESP32H2_CHIP, 0, ELI_STUB_ANY_REVISION, 0x40800E92, {0x40800000, 5864, bytes}, {0x40842D68, 204, bytes}},
    {ESP32P4_CHIP, 0, 299, 0x4FF11476, {0x4FF10000, 8208, bytes}, {0x4FF62DBC, 204, bytes}},
    {ESP32P4_CHIP,
     300,
     ELI_STUB_ANY_REVISION,
     0x4FF51476,
     {0x4FF50000, 8208, bytes},
     {0x4FF72DBC, 204, bytes}},
    {ESP32S31_CHIP,
     0,
     ELI_STUB_ANY_REVISION,
     0x2F00238C,
     {0x2F001000, 7512, bytes},
     {0x2F01CDB8, 204, bytes}},
    {ESP32H21_CHIP,
     0,
     ELI_STUB_ANY_REVISION,
     0x40800F32,
     {0x40800000, 6240, bytes},
     {0x40822D68, 204, bytes}},
    {ESP32H4_CHIP, 0, ELI_STUB_ANY_REVISION, 0x4081134A, {0x40810000, 7308, bytes}, {0x40842D68, 204, bytes}},
};
const size_t eli_stub_count = sizeof(eli_stubs) / sizeof(eli_stubs[0]);
