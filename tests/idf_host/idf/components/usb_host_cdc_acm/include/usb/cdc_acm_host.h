/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: the CDC-ACM class driver, as of 2.4: cdc_acm_host_open is a macro.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_CDC_ACM_HOST_H
#define IDF_HOST_CDC_ACM_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "usb/usb_host.h"

typedef struct cdc_dev_s *cdc_acm_dev_hdl_t;

typedef struct {
    uint32_t dwDTERate;
    uint8_t bCharFormat;
    uint8_t bParityType;
    uint8_t bDataBits;
} __attribute__((packed)) cdc_acm_line_coding_t;

typedef struct {
    union {
        struct {
            uint16_t bRxCarrier : 1;
            uint16_t bTxCarrier : 1;
            uint16_t bBreak : 1;
            uint16_t bRingSignal : 1;
            uint16_t bFraming : 1;
            uint16_t bParity : 1;
            uint16_t bOverRun : 1;
            uint16_t reserved : 9;
        };
        uint16_t val;
    };
} cdc_acm_uart_state_t;

typedef enum {
    CDC_ACM_HOST_ERROR,
    CDC_ACM_HOST_SERIAL_STATE,
    CDC_ACM_HOST_NETWORK_CONNECTION,
    CDC_ACM_HOST_DEVICE_DISCONNECTED,
} cdc_acm_host_dev_event_t;

typedef struct {
    cdc_acm_host_dev_event_t type;
    union {
        int error;
        cdc_acm_uart_state_t serial_state;
        bool network_connected;
        cdc_acm_dev_hdl_t cdc_hdl;
    } data;
} cdc_acm_host_dev_event_data_t;

typedef void (*cdc_acm_new_dev_callback_t)(usb_device_handle_t usb_dev);
typedef bool (*cdc_acm_data_callback_t)(const uint8_t *data, size_t data_len, void *user_arg);
typedef void (*cdc_acm_host_dev_callback_t)(const cdc_acm_host_dev_event_data_t *event, void *user_ctx);

typedef struct {
    size_t driver_task_stack_size;
    unsigned driver_task_priority;
    int xCoreID;
    cdc_acm_new_dev_callback_t new_dev_cb;
} cdc_acm_host_driver_config_t;

typedef struct {
    uint32_t connection_timeout_ms;
    size_t out_buffer_size;
    size_t in_buffer_size;
    cdc_acm_host_dev_callback_t event_cb;
    cdc_acm_data_callback_t data_cb;
    void *user_arg;
} cdc_acm_host_device_config_t;

typedef struct {
    uint16_t vid;
    uint16_t pid;
    uint8_t interface_idx;
    uint8_t dev_addr;
    uint32_t connection_timeout_ms;
    size_t out_buffer_size;
    size_t in_buffer_size;
    cdc_acm_host_dev_callback_t event_cb;
    cdc_acm_data_callback_t data_cb;
    void *user_arg;
} cdc_acm_host_open_config_t;

esp_err_t cdc_acm_host_install(const cdc_acm_host_driver_config_t *driver_config);
esp_err_t cdc_acm_host_open_v2(const cdc_acm_host_open_config_t *open_config, cdc_acm_dev_hdl_t *cdc_hdl_ret);
esp_err_t cdc_acm_host_open_v1_dispatch(uint16_t vid, uint16_t pid, uint8_t interface_idx,
                                        const cdc_acm_host_device_config_t *dev_config,
                                        cdc_acm_dev_hdl_t *cdc_hdl_ret);
#ifdef IDF_HOST_OLD_CDC_DRIVER /* before 2.4.0 */
esp_err_t cdc_acm_host_open(uint16_t vid, uint16_t pid, uint8_t interface_idx,
                            const cdc_acm_host_device_config_t *dev_config, cdc_acm_dev_hdl_t *cdc_hdl_ret);
#else
#define cdc_acm_host_open(first, ...)                                                                        \
    _Generic((first),                                                                                               \
        cdc_acm_host_open_config_t *: cdc_acm_host_open_v2,                                                         \
        const cdc_acm_host_open_config_t *: cdc_acm_host_open_v2,                                                   \
        default: cdc_acm_host_open_v1_dispatch)(first, __VA_ARGS__)
#endif
esp_err_t cdc_acm_host_close(cdc_acm_dev_hdl_t cdc_hdl);
esp_err_t cdc_acm_host_data_tx_blocking(cdc_acm_dev_hdl_t cdc_hdl, const uint8_t *data, size_t data_len,
                                        uint32_t timeout_ms);
esp_err_t cdc_acm_host_line_coding_set(cdc_acm_dev_hdl_t cdc_hdl, const cdc_acm_line_coding_t *line_coding);
esp_err_t cdc_acm_host_set_control_line_state(cdc_acm_dev_hdl_t cdc_hdl, bool dtr, bool rts);

#endif
