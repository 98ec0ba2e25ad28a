/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The revision in the form of the 2.1 API.
 */
#include "session/chip.h"
#include "session/core.h"

esp_loader_error_t esp_loader_get_chip_revision(esp_loader_t *loader, uint16_t *revision)
{
    uint32_t value;
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    if (revision == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    if (eli_revision_parts_of(loader->_chip)->width == 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, 0, 0);
    }
    RETURN_ON_ERROR(esp_loader_read_chip_revision(loader, &value));
    *revision = (uint16_t)value;
    return ESP_LOADER_SUCCESS;
}
