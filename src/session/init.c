/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Life of a session object.
 */
#include "session/connect.h"
#include "session/open.h"

static const eli_link_ops_t serial = {
    eli_connect_by_sync, eli_resync, eli_send_slip, eli_link_receive, true, true, false};

esp_loader_error_t esp_loader_init_serial(esp_loader_t *loader, esp_loader_port_t *port)
{
    if (loader == NULL || port == NULL || (ELI_CHECKS_PORT && !eli_port_is_complete(port))) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    return eli_open(loader, port, &serial);
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
