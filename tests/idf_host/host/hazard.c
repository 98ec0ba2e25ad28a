/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The common part of hazard.h.
 */
#include "hazard.h"

#include "cdc_driver.h"

void hazard_passes(void (*main)(void))
{
    for (unsigned cores = 1; cores <= 2; cores++) {
        (void)scenario_passes(&(scenario_t){
            .label = cores == 1 ? "on one core" : "on two cores", .cores = cores, .main = main});
    }
}

toy_t *hazard_open(esp32_usb_cdc_acm_port_t *port)
{
    rig_start();
    toy_t *toy = rig_plug_toy();
    *port = rig_port();
    CHECK(rig_init(port) == ESP_LOADER_SUCCESS);
    return toy;
}

void hazard_check_every_call(esp32_usb_cdc_acm_port_t *port, esp_loader_error_t error)
{
    uint8_t buf[4];
    size_t n;
    CHECK(rig_read(port, buf, sizeof(buf), LONG_MS, &n) == error && n == 0);
    CHECK(rig_write(port, "x", 1, LONG_MS, &n) == error && n == 0);
    CHECK(port->port.ops->set_lines(&port->port, true, false) == error);
    CHECK(port->port.ops->set_rate(&port->port, 115200) == error);
}

void hazard_check_next_device(esp32_usb_cdc_acm_port_t *port)
{
    rig_unplug();
    rig_sleep(20); /* else the one that is leaving might be opened */
    toy_t *toy = rig_plug_toy();
    *port = rig_port();
    CHECK(rig_init(port) == ESP_LOADER_SUCCESS);
    uint8_t buf[8];
    size_t n;
    WITH_LOCK(toy_send(toy, "fresh", 5));
    CHECK(rig_read(port, buf, sizeof(buf), 1000, &n) == ESP_LOADER_SUCCESS && n == 5);
    CHECK(rig_write(port, "hello", 5, 1000, &n) == ESP_LOADER_SUCCESS && n == 5);
    rig_deinit(port);
    CHECK(cdc_driver_counts().open_now == 0);
}
