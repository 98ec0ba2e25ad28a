/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How every kind of session opens its port.
 */
#ifndef ELI_OPEN_H
#define ELI_OPEN_H

#include <stddef.h>
#include <string.h>

#include "session/core.h"

/** The object may start as garbage: clears all of it but the buffers at its end, and opens the port. */
static inline esp_loader_error_t eli_open(esp_loader_t *loader, esp_loader_port_t *port,
                                          const eli_link_ops_t *ops)
{
    memset(loader, 0, offsetof(esp_loader_t, _buffers));
    loader->_port = port;
    loader->_ops = ops;
    loader->_chip = ESP_UNKNOWN_CHIP;
    eli_forget_failure(loader, ESP_LOADER_STAGE_OPEN);
    return eli_fail_here(loader, eli_port_init(loader), 0, 0);
}

#endif
