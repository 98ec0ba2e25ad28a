/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Devices of the nodes "espressif,esp-loader": a port and a session each, opened when the kernel starts.
 */
#define DT_DRV_COMPAT espressif_esp_loader

#include <errno.h>

#include "zephyr_port.h"

typedef struct {
    esp_loader_t loader;
    zephyr_port_t port;
    esp_loader_connect_args_t connect_args;
} device_data_t;

static int device_init(const struct device *dev)
{
    device_data_t *data = dev->data;
    data->port.port.ops = &zephyr_uart_ops;
    data->port.config = dev->config;
    return esp_loader_init_serial(&data->loader, &data->port.port) == ESP_LOADER_SUCCESS ? 0 : -ENODEV;
}

esp_loader_t *esp_loader_from_device(const struct device *dev)
{
    return &((device_data_t *)dev->data)->loader;
}

const esp_loader_config_t *esp_loader_config_from_device(const struct device *dev)
{
    return dev->config;
}

esp_loader_connect_args_t *esp_loader_connect_args_from_device(const struct device *dev)
{
    return &((device_data_t *)dev->data)->connect_args;
}

esp_loader_error_t esp_loader_host_baudrate(esp_loader_t *loader, uint32_t rate)
{
    device_data_t *data = container_of(loader, device_data_t, loader);
    return zephyr_uart_ops.set_rate(&data->port.port, rate);
}

#define ESP_LOADER_DEVICE(inst)                                                                              \
    static const esp_loader_config_t config_##inst = {                                                       \
        .uart_dev = DEVICE_DT_GET(DT_INST_PHANDLE(inst, uart)),                                              \
        .enable_spec = GPIO_DT_SPEC_INST_GET(inst, reset_gpios),                                             \
        .boot_spec = GPIO_DT_SPEC_INST_GET(inst, boot_gpios),                                                \
        .baud_rate = DT_INST_PROP(inst, default_baudrate),                                                   \
        .baud_rate_high = DT_INST_PROP(inst, higher_baudrate),                                               \
    };                                                                                                       \
    static device_data_t data_##inst = {                                                                     \
        .connect_args =                                                                                      \
            {                                                                                                \
                .sync_timeout = DT_INST_PROP(inst, sync_timeout_ms),                                         \
                .trials = DT_INST_PROP(inst, num_trials),                                                    \
            },                                                                                               \
    };                                                                                                       \
    DEVICE_DT_INST_DEFINE(inst, device_init, NULL, &data_##inst, &config_##inst, POST_KERNEL,                \
                          CONFIG_ESP_SERIAL_FLASHER_INIT_PRIORITY, NULL);

DT_INST_FOREACH_STATUS_OKAY(ESP_LOADER_DEVICE)
