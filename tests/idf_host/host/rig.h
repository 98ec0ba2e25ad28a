/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * For scenarios that drive the port without the example: starts what an application starts, and makes ports.
 */
#ifndef IDF_HOST_RIG_H
#define IDF_HOST_RIG_H

#include "esp32_usb_cdc_acm_port.h"

#include "gadget.h"

#define LONG_MS 60000u /* longer than anything here takes */
#define AT_ONCE 200u   /* ms; far below any timeout used here */

/** Installs USB Host Library, its task and the CDC-ACM driver. */
void rig_start(void);

/** A port for the chip's own USB whose callbacks count. */
esp32_usb_cdc_acm_port_t rig_port(void);

/** How often which callback was called. */
typedef struct {
    unsigned disconnects;
    unsigned errors;
} rig_counts_t;
rig_counts_t rig_counts(void);

/** Plugs in, from a task. */
void rig_plug(usb_gadget_t *gadget);
/** A toy that looks like a chip's own USB. */
toy_t *rig_plug_toy(void);
void rig_unplug(void);
/** Pulls the plug in @p delay_ms. */
void rig_unplug_in(uint32_t delay_ms);
/** The next transfer of the endpoint does not go as it should. */
void rig_fail_next(bus_endpoint_t endpoint, bus_action_t action);
void rig_sleep(uint32_t ms);
uint32_t rig_now_ms(void);

/** The port's operations, shorter to write. */
esp_loader_error_t rig_init(esp32_usb_cdc_acm_port_t *port);
void rig_deinit(esp32_usb_cdc_acm_port_t *port);
esp_loader_error_t rig_write(esp32_usb_cdc_acm_port_t *port, const void *data, size_t size,
                             uint32_t timeout_ms, size_t *out_written);
esp_loader_error_t rig_read(esp32_usb_cdc_acm_port_t *port, void *buf, size_t size, uint32_t timeout_ms,
                            size_t *out_read);

#endif
