/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which devices are taken: every open link has one of its own, also when several have the same USB ids.
 */
#ifndef USB_CDC_CLAIM_H
#define USB_CDC_CLAIM_H

#include "usb_cdc_device.h"

/** Finds a device that fits @p vid and @p pid (0 = any) and that is not claimed, claims and opens it.
 *  @retval ESP_ERR_NOT_FOUND      none, or it left meanwhile
 *  @retval ESP_ERR_NOT_SUPPORTED  the build has no driver for it; or one with the same ids is claimed, and
 *                                 its driver opens by ids, so it would open that one
 *  @return otherwise the error of USB Host Library or driver */
esp_err_t usb_cdc_claim_open(uint16_t vid, uint16_t pid, const cdc_acm_host_device_config_t *config,
                             usb_cdc_device_t *out_device, cdc_acm_dev_hdl_t *out_handle);

/** Call it when the device has been closed: its address may be reused then. 0 = none. */
void usb_cdc_claim_release(uint8_t address);

#endif
