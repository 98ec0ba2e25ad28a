/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fields of a chip by its number and revision. In a file of its own: this is what links all tables.
 */
#include "esp_loader_efuse.h"

#include "efuse/esp32/esp_loader_efuse_table.h"
#include "efuse/esp32c2/esp_loader_efuse_table.h"
#include "efuse/esp32c3/esp_loader_efuse_table.h"
#include "efuse/esp32c5/esp_loader_efuse_table.h"
#include "efuse/esp32c6/esp_loader_efuse_table.h"
#include "efuse/esp32c61/esp_loader_efuse_table.h"
#include "efuse/esp32h2/esp_loader_efuse_table.h"
#include "efuse/esp32h21/esp_loader_efuse_table.h"
#include "efuse/esp32h4/esp_loader_efuse_table.h"
#include "efuse/esp32p4/esp_loader_efuse_table.h"
#include "efuse/esp32s2/esp_loader_efuse_table.h"
#include "efuse/esp32s3/esp_loader_efuse_table.h"
#include "efuse/esp32s31/esp_loader_efuse_table.h"

/* The first that has the revision counts: of the H2 the one of its first revisions. */
static const esp_loader_efuse_field_set_t *const sets[] = {
    &ESP32_EFUSE_FIELDS,
    &ESP32C2_EFUSE_FIELDS,
    &ESP32C3_EFUSE_FIELDS,
    &ESP32C5_EFUSE_FIELDS,
    &ESP32C6_EFUSE_FIELDS,
    &ESP32C61_EFUSE_FIELDS,
    &ESP32H2_V0_0_V1_1_EFUSE_FIELDS,
    &ESP32H2_EFUSE_FIELDS,
    &ESP32P4_EFUSE_FIELDS,
    &ESP32P4_REV1_EFUSE_FIELDS,
    &ESP32S2_EFUSE_FIELDS,
    &ESP32S3_EFUSE_FIELDS,
    &ESP32S31_EFUSE_FIELDS,
    &ESP32H21_EFUSE_FIELDS,
    &ESP32H4_EFUSE_FIELDS,
};

esp_loader_error_t esp_loader_efuse_get_field_info(target_chip_t chip, uint16_t revision,
                                                   const esp_loader_efuse_field_set_t **set)
{
    if (set == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        if (sets[i]->chip == chip && revision >= sets[i]->rev_min && revision <= sets[i]->rev_max) {
            *set = sets[i];
            return ESP_LOADER_SUCCESS;
        }
    }
    return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
}
