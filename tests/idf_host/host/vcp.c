/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-ins for the vendor converter drivers: they open through the CDC-ACM driver. The gadget model
 * understands the class requests for lines and rate in their place, so only the choice of driver and the
 * errors are modelled.
 */
#include "usb/vcp_ch34x.h"
#include "usb/vcp_cp210x.h"

esp_err_t cp210x_vcp_open(uint16_t pid, uint8_t interface_idx, const cdc_acm_host_device_config_t *config,
                          cdc_acm_dev_hdl_t *out_dev)
{
    return cdc_acm_host_open(0x10C4, pid, interface_idx, config, out_dev);
}

esp_err_t ch34x_vcp_open(uint16_t pid, uint8_t interface_idx, const cdc_acm_host_device_config_t *config,
                         cdc_acm_dev_hdl_t *out_dev)
{
    return cdc_acm_host_open(0x1A86, pid, interface_idx, config, out_dev);
}
