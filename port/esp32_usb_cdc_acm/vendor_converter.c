/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Converters with a vendor protocol instead of the CDC-ACM class, through Espressif's drivers
 * usb_host_cp210x_vcp and usb_host_ch34x_vcp (2.x, C interface). They need ESP-IDF 5.0; ESP32_USB_CDC_ACM_VCP
 * is set by the component's build where they are available.
 */
#include "usb_cdc_device.h"

#if ESP32_USB_CDC_ACM_VCP

#include "usb/vcp_ch34x.h"
#include "usb/vcp_cp210x.h"

esp_err_t usb_cdc_vendor_open(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                              cdc_acm_dev_hdl_t *out_handle)
{
    switch (device->driver) {
    case USB_CDC_DRIVER_CP210X:
        return cp210x_vcp_open(device->pid, device->interface_idx, config, out_handle);
    case USB_CDC_DRIVER_CH34X:
        return ch34x_vcp_open(device->pid, device->interface_idx, config, out_handle);
    case USB_CDC_DRIVER_ACM:
        break;
    }
    return ESP_ERR_NOT_SUPPORTED;
}

#else

esp_err_t usb_cdc_vendor_open(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                              cdc_acm_dev_hdl_t *out_handle)
{
    (void)device;
    (void)config;
    (void)out_handle;
    return ESP_ERR_NOT_SUPPORTED;
}

#endif
