/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How operations begin and fail. Apart from the record (fail.c), which a compiler would repeat in each of these.
 */
#include "session/core.h"

esp_loader_error_t eli_enter(esp_loader_t *loader, esp_loader_stage_t stage)
{
    eli_forget_failure(loader, stage);
    if (!loader->_is.connected) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_NOT_CONNECTED, 0, 0);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_fail(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                            esp_loader_stage_t stage, uint32_t address, uint32_t value)
{
    if (loader->_detail.error == ESP_LOADER_SUCCESS) {
        loader->_detail.stage = stage;
    }
    return eli_fail_for(loader, error, cause, address, value);
}

esp_loader_error_t eli_fail_here(esp_loader_t *loader, esp_loader_error_t error, uint32_t address,
                                 uint32_t value)
{
    return eli_fail_for(loader, error, error, address, value);
}

esp_loader_error_t eli_fail_unsupported(esp_loader_t *loader, uint32_t address)
{
    esp_loader_error_t cause =
        loader->_is.secure_download ? ESP_LOADER_ERROR_SECURITY : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    return eli_fail_for(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, cause, address, 0);
}
