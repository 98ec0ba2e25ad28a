/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Skeleton of a port: copy this folder, rename, and fill in template_port.c. It compiles and is complete in
 * the sense of esp_loader_init_serial(), but it has no device: every transfer reports so. Guide:
 * docs/porting.md.
 */
#ifndef TEMPLATE_PORT_H
#define TEMPLATE_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One device. What the user sets comes first, zero being the default; what the port keeps comes last. */
typedef struct {
    esp_loader_port_t port; /**< .ops = &template_ops */
    uint32_t baudrate;      /**< rate after init, baud; 0 = 115200 */

    struct {
        bool is_open;
    } _state;
} template_port_t;

extern const esp_loader_port_ops_t template_ops;

#ifdef __cplusplus
}
#endif

#endif
