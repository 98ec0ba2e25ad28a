/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A stub that is none, short so that a run is: the library loads it in place of the published ones, and the
 * target starts when it has got all of it. Replaces the library's table of stubs.
 */
#include "stub/stub.h"

#include "chip.h"
#include "esp_loader.h"

enum { TEXT_SIZE = 128, DATA_SIZE = 24, TEXT_ADDRESS = 0x40380000, DATA_ADDRESS = 0x3FC96D6C };

static const uint8_t bytes[TEXT_SIZE + DATA_SIZE] = {
    0x13, 0x00, 0xC0, 0xDB, 0x37, 0x11, 0xFF, 0x55, 0x82, 0x80, [TEXT_SIZE] = 0xDB, 0xDC, 0x01};

const stub_image_t sweep_stub = {.entry = TEXT_ADDRESS + 4,
                                 .address = {TEXT_ADDRESS, DATA_ADDRESS},
                                 .size = {TEXT_SIZE, DATA_SIZE},
                                 .data = {bytes, bytes + TEXT_SIZE}};

#define ROW(chip)                                                                                            \
    {                                                                                                        \
        bytes, TEXT_ADDRESS, DATA_ADDRESS, TEXT_SIZE, DATA_SIZE, 4, 0, chip                                  \
    }

const eli_stub_t eli_stubs[] = {ROW(ESP32_CHIP), ROW(ESP32S2_CHIP), ROW(ESP32C3_CHIP)};
const size_t eli_stub_count = sizeof(eli_stubs) / sizeof(eli_stubs[0]);
