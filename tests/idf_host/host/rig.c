/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rig of rig.h.
 */
#include "rig.h"

#include "usb/cdc_acm_host.h"
#include "usb/usb_host.h"

#include "scenario.h"

static rig_counts_t counts;

static void daemon_task(void *arg)
{
    (void)arg;
    for (;;) {
        uint32_t flags;
        ESP_ERROR_CHECK(usb_host_lib_handle_events(portMAX_DELAY, &flags));
    }
}

void rig_start(void)
{
    ESP_ERROR_CHECK(usb_host_install(&(usb_host_config_t){0}));
    CHECK(xTaskCreate(daemon_task, "usb_lib", 4096, NULL, 20, NULL) == pdTRUE);
    ESP_ERROR_CHECK(cdc_acm_host_install(NULL));
}

static void on_disconnect(void)
{
    WITH_LOCK(counts.disconnects++);
}

static void on_error(void)
{
    WITH_LOCK(counts.errors++);
}

esp32_usb_cdc_acm_port_t rig_port(void)
{
    return (esp32_usb_cdc_acm_port_t){
        .port.ops = &esp32_usb_cdc_acm_ops,
        .device_vid = ESPRESSIF_VID,
        .device_pid = ESP_SERIAL_JTAG_PID,
        .connection_timeout_ms = 2000,
        .out_buffer_size = 4096,
        .acm_host_error_callback = on_error,
        .device_disconnected_callback = on_disconnect,
    };
}

rig_counts_t rig_counts(void)
{
    kernel_lock();
    const rig_counts_t now = counts;
    kernel_unlock();
    return now;
}

void rig_plug(usb_gadget_t *gadget)
{
    WITH_LOCK(bus_plug(gadget));
}

toy_t *rig_plug_toy(void)
{
    toy_t *toy = toy_new(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
    rig_plug(&toy->gadget);
    return toy;
}

void rig_unplug(void)
{
    WITH_LOCK(bus_unplug());
}

static void unplug(void *arg)
{
    (void)arg;
    bus_unplug();
}

void rig_unplug_in(uint32_t delay_ms)
{
    WITH_LOCK(bus_after(delay_ms * 1000u, unplug, NULL));
}

static bus_endpoint_t failing_endpoint;
static bus_action_t failing_action;

static bus_action_t fail_once(void *arg, unsigned number, bus_endpoint_t endpoint, bus_moment_t moment)
{
    (void)arg;
    (void)number;
    if (endpoint != failing_endpoint || moment != BUS_BEFORE) {
        return BUS_GO_ON;
    }
    bus_watch(NULL, NULL);
    return failing_action;
}

void rig_fail_next(bus_endpoint_t endpoint, bus_action_t action)
{
    WITH_LOCK(failing_endpoint = endpoint; failing_action = action; bus_watch(fail_once, NULL));
}

void rig_sleep(uint32_t ms)
{
    vTaskDelay(pdMS_TO_TICKS(ms) + 1u);
}

uint32_t rig_now_ms(void)
{
    kernel_lock();
    const uint32_t now_ms = (uint32_t)(kernel_now_us_locked() / 1000u);
    kernel_unlock();
    return now_ms;
}

esp_loader_error_t rig_init(esp32_usb_cdc_acm_port_t *port)
{
    return port->port.ops->init(&port->port);
}

void rig_deinit(esp32_usb_cdc_acm_port_t *port)
{
    port->port.ops->deinit(&port->port);
}

esp_loader_error_t rig_write(esp32_usb_cdc_acm_port_t *port, const void *data, size_t size,
                             uint32_t timeout_ms, size_t *out_written)
{
    return port->port.ops->write_all(&port->port, data, size, timeout_ms, out_written);
}

esp_loader_error_t rig_read(esp32_usb_cdc_acm_port_t *port, void *buf, size_t size, uint32_t timeout_ms,
                            size_t *out_read)
{
    return port->port.ops->read_some(&port->port, buf, size, timeout_ms, out_read);
}
