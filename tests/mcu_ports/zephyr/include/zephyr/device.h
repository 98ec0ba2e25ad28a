/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for Zephyr's device.h (3.4) and its macros of the devicetree: the macros make one device of one node.
 */
#ifndef ZEPHYR_DEVICE_H
#define ZEPHYR_DEVICE_H

#include <stdbool.h>

struct device {
    const void *config;
    void *data;
    int (*init)(const struct device *dev);
};
bool device_is_ready(const struct device *dev);

extern const struct device fake_uart;
#define DT_INST_PHANDLE(inst, property) fake_##property
#define DEVICE_DT_GET(node)             (&node)
#define DT_INST_PROP(inst, property)    FAKE_##property
/* Nodes of the driver's compatible, of which there is one with this name. */
#define FAKE_NODES_OF(compatible, make)          FAKE_NODES_OF_(compatible, make)
#define FAKE_NODES_OF_(compatible, make)         FAKE_JOINED(fake_nodes_of_, compatible)(make)
#define FAKE_JOINED(a, b)                        a##b
#define fake_nodes_of_espressif_esp_loader(make) make(0)
#define DT_INST_FOREACH_STATUS_OKAY(make)        FAKE_NODES_OF(DT_DRV_COMPAT, make)
#define FAKE_default_baudrate                    115200
#define FAKE_higher_baudrate                     460800
#define FAKE_sync_timeout_ms                     120
#define FAKE_num_trials                          7
#define DEVICE_DT_INST_DEFINE(inst, start, pm, data_of, config_of, level, priority, api)                     \
    const struct device fake_loader_device = {.config = config_of, .data = data_of, .init = start}

#endif
