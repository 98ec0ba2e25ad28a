/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips by the name users type: "esp32s3", "ESP32-S3".
 */
#ifndef CLI_CHIP_NAME_H
#define CLI_CHIP_NAME_H

#include "esp_loader.h"

/** Chip called @p name, letter case and dashes ignored; ESP_UNKNOWN_CHIP when this build knows none. */
target_chip_t chip_name_find(const char *name);

#endif
