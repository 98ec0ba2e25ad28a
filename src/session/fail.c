/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One record per session of what went wrong.
 */
#include "session/core.h"

void eli_forget_failure(esp_loader_t *loader, esp_loader_stage_t stage)
{
    loader->_detail = (esp_loader_error_detail_t){.stage = stage, .image = -1};
}

esp_loader_error_t eli_fail_for(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                                uint32_t address, uint32_t value)
{
    esp_loader_error_detail_t *detail = &loader->_detail;
    if (detail->error == ESP_LOADER_SUCCESS) {
        detail->error = error;
        detail->cause = cause;
        detail->address = address;
        detail->value = value;
    }
    return error;
}

const esp_loader_error_detail_t *esp_loader_error_detail(const esp_loader_t *loader)
{
    return &loader->_detail;
}
