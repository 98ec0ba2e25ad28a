/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Life of a session object. It may start as garbage, so init clears it, all but the buffers at its end.
 */
#include <stddef.h>
#include <string.h>

#include "session/connect.h"

static const eli_link_ops_t serial = {eli_connect_by_sync, eli_resync, eli_send_slip, eli_link_receive};

esp_loader_error_t esp_loader_init_serial(esp_loader_t *loader, esp_loader_port_t *port)
{
    if (loader == NULL || port == NULL || (ELI_CHECKS_PORT && !eli_port_is_complete(port))) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    memset(loader, 0, offsetof(esp_loader_t, _buffers));
    loader->_port = port;
    loader->_ops = &serial;
    loader->_chip = ESP_UNKNOWN_CHIP;
    eli_forget_failure(loader, ESP_LOADER_STAGE_OPEN);

    return eli_fail_here(loader, eli_port_init(loader), 0, 0);
}

esp_loader_error_t esp_loader_init_spi(esp_loader_t *loader, esp_loader_port_t *port)
{
    (void)loader;
    (void)port;
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

esp_loader_error_t esp_loader_init_sdio(esp_loader_t *loader, esp_loader_port_t *port)
{
    (void)loader;
    (void)port;
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

void esp_loader_deinit(esp_loader_t *loader)
{
    loader->_is.connected = false;
    loader->_chip = ESP_UNKNOWN_CHIP;
    eli_port_deinit(loader);
}

target_chip_t esp_loader_get_target(esp_loader_t *loader)
{
    return loader->_chip;
}

bool esp_loader_stub_is_running(const esp_loader_t *loader)
{
    return loader != NULL && loader->_is.connected && eli_is_stub(loader);
}
