/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which USB devices can be flashed through, how each is recognised and opened. Nothing is kept here; the open
 * device belongs to usb_cdc_link.c.
 */
#ifndef USB_CDC_DEVICE_H
#define USB_CDC_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
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
    uint8_t address; /**< on the bus; belongs to the device until the last one has closed it */
    uint8_t interface_idx;
    usb_cdc_driver_t driver;
    esp_loader_link_t kind;
} usb_cdc_device_t;

/** Looks through the devices attached now for one that fits @p vid and @p pid (0 = any), that the port can
 * drive and that @p is_taken does not exclude.
 *  @retval ESP_ERR_NOT_FOUND  none
 *  @return otherwise the USB Host Library's error */
esp_err_t usb_cdc_device_find(uint16_t vid, uint16_t pid, bool (*is_taken)(uint8_t address),
                              usb_cdc_device_t *out_device);

/** Does its driver open exactly this device, or the first with the same ids? */
bool usb_cdc_device_opens_by_address(const usb_cdc_device_t *device);

/** Is the device with this address still there? One that is gone keeps its address until it is closed.
 *  @return true also when it cannot be asked, for want of memory */
bool usb_cdc_device_is_attached(uint8_t address);

/** Its USB serial number, cut to @p size - 1 characters; "" when it has none or cannot be asked. */
void usb_cdc_device_read_serial(uint8_t address, char *buf, size_t size);

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
