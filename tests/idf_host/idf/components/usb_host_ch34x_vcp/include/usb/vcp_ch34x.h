/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: the CH34x driver.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_VCP_CH34X_H
#define IDF_HOST_VCP_CH34X_H

#include "usb/cdc_acm_host.h"

esp_err_t ch34x_vcp_open(uint16_t pid, uint8_t interface_idx, const cdc_acm_host_device_config_t *dev_config,
                         cdc_acm_dev_hdl_t *cdc_hdl_ret);

#endif
