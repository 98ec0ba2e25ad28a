/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sketch of examples/arduino_flash as Arduino's builder makes a source of it, with an image of the test.
 */
#include <Arduino.h>

#include "arduino_rig.h"
#include "image.h"
#include "arduino_flash.ino"

const uint8_t *const arduino_rig_image = image_data;
const uint32_t arduino_rig_image_size = sizeof(image_data);
const uint32_t arduino_rig_image_offset = image_offset;
