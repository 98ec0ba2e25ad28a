/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which USB devices can be flashed through, how each is recognised and opened. Nothing is kept here; the open
 * device belongs to usb_cdc_link.c.
 */
#ifndef USB_CDC_DEVICE_H
#define USB_CDC_DEVICE_H

#include <stdint.h>

#include "esp_err.h"
#include "usb/cdc_acm_host.h"

#include "esp_loader_io.h"

/** The driver that speaks to a device. */
typedef enum {
    USB_CDC_DRIVER_ACM = 0, /**< CDC-ACM class */
    USB_CDC_DRIVER_CP210X,  /**< vendor protocol of Silicon Labs */
    USB_CDC_DRIVER_CH34X,   /**< vendor protocol of WCH */
} usb_cdc_driver_t;

typedef struct {
    uint16_t vid;
    uint16_t pid;
    uint8_t interface_idx;
    usb_cdc_driver_t driver;
    esp_loader_link_t kind;
} usb_cdc_device_t;

/** What a device with these ids is; an id that is not in the table is taken for a CDC-ACM converter. */
usb_cdc_device_t usb_cdc_device_from_ids(uint16_t vid, uint16_t pid);

/** Looks through the devices attached now for one that fits @p vid and @p pid (0 = any) and that the port can
 * drive.
 *  @retval ESP_ERR_NOT_FOUND  none
 *  @return otherwise the USB Host Library's error */
esp_err_t usb_cdc_device_find(uint16_t vid, uint16_t pid, usb_cdc_device_t *out_device);

/** Opens @p device through its driver.
 *  @retval ESP_ERR_NOT_FOUND      not there within config->connection_timeout_ms
 *  @retval ESP_ERR_NOT_SUPPORTED  the build has no driver for it
 *  @return otherwise the driver's error */
esp_err_t usb_cdc_device_open(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                              cdc_acm_dev_hdl_t *out_handle);

/** Opens a converter with a vendor protocol; vendor_converter.c. ESP_ERR_NOT_SUPPORTED without its driver. */
esp_err_t usb_cdc_vendor_open(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                              cdc_acm_dev_hdl_t *out_handle);

#endif
