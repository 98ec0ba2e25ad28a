/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations: bytes, control lines, rate, clock, log. They run in the caller's task; everything
 * that has to do with the life of the device is usb_cdc_link.c. Every wait has a deadline in microseconds of
 * esp_timer, and ticks are only ever rounded up, so a short timeout on a slow tick is neither skipped nor
 * shortened.
 */
#include "esp32_usb_cdc_acm_port.h"

#include <stdbool.h>
#include <stdio.h>

#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#include "esp_err.h"
#include "esp_log.h"
#include "esp_timer.h"
#include "usb/cdc_acm_host.h"

#include "usb_cdc_link.h"

#define MAX_TIMEOUT_MS 3600000u /* the driver counts ticks in 32 bits */
/* After a timeout the driver's task has to run before the next transfer: it gives a semaphore that would
 * otherwise be taken for the next transfer's. */
#define DRIVER_DELAY_TICKS 2
#define LOG_LINE_SIZE      160u /* a longer line is cut */

static const char *const tag = "esp_loader";

static const esp32_usb_cdc_acm_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, esp32_usb_cdc_acm_port_t, port);
}

static int64_t deadline_after(uint32_t timeout_ms)
{
    return esp_timer_get_time() + (int64_t)timeout_ms * 1000;
}

/** A wait of n ticks may end up to one tick early; who uses this looks at the clock again. */
static TickType_t us_to_ticks_up(int64_t us)
{
    const int64_t tick_us = 1000000 / configTICK_RATE_HZ;
    const int64_t limited_us = us < (int64_t)MAX_TIMEOUT_MS * 1000 ? us : (int64_t)MAX_TIMEOUT_MS * 1000;
    return (TickType_t)((limited_us + tick_us - 1) / tick_us);
}

/** Milliseconds that a driver which rounds them down to ticks and waits once turns into at least @p us. */
static uint32_t us_to_driver_ms(int64_t us)
{
    const uint64_t ticks = (uint64_t)us_to_ticks_up(us) + 1u;
    return (uint32_t)((ticks * 1000u + configTICK_RATE_HZ - 1u) / configTICK_RATE_HZ);
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    return usb_cdc_link_open(self(port));
}

static void port_deinit(esp_loader_port_t *port)
{
    usb_cdc_link_close(self(port));
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    const int64_t deadline_us = deadline_after(ms);
    for (int64_t left_us = (int64_t)ms * 1000; left_us > 0; left_us = deadline_us - esp_timer_get_time()) {
        vTaskDelay(us_to_ticks_up(left_us));
    }
}

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return (uint32_t)(esp_timer_get_time() / 1000);
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    esp_loader_link_t kind = ESP_LOADER_LINK_UNKNOWN;
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link != NULL) {
        kind = usb_cdc_link_info(link)->id.kind;
        usb_cdc_link_leave(link);
    }
    return kind;
}

/** What the slowest converter of a driver can do: a CP2102 (Silicon Labs AN205), a CH340 (its data sheet). */
static uint32_t port_max_rate(esp_loader_port_t *port)
{
    uint32_t rate_baud = 0;
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link != NULL) {
        const usb_cdc_driver_t driver = usb_cdc_link_info(link)->id.driver;
        rate_baud = driver == USB_CDC_DRIVER_CP210X ? 921600 : driver == USB_CDC_DRIVER_CH34X ? 2000000 : 0;
        usb_cdc_link_leave(link);
    }
    return rate_baud;
}

/** One transfer after the other; usually there is one. A transfer that times out may have been delivered in
 * part: the bytes of that transfer are not counted, and the library starts the next command with a new
 * synchronisation. */
static esp_loader_error_t send_transfers(usb_cdc_link_t *link, const uint8_t *data, size_t size,
                                         int64_t deadline_us, size_t *out_written)
{
    const size_t max_transfer = usb_cdc_link_info(link)->max_transfer;
    while (*out_written < size) {
        const esp_loader_error_t state = usb_cdc_link_state(link);
        if (state != ESP_LOADER_SUCCESS) {
            return state;
        }
        const int64_t left_us = deadline_us - esp_timer_get_time();
        if (left_us <= 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        const size_t left = size - *out_written;
        const size_t chunk = left < max_transfer ? left : max_transfer;
        const esp_err_t err = cdc_acm_host_data_tx_blocking(
            usb_cdc_link_info(link)->device, data + *out_written, chunk, us_to_driver_ms(left_us));
        if (err == ESP_ERR_NOT_FINISHED) { /* the driver has not taken the cancelled transfer back yet */
            vTaskDelay(1);
            continue;
        }
        if (err == ESP_ERR_TIMEOUT) {
            vTaskDelay(DRIVER_DELAY_TICKS);
            const esp_loader_error_t after = usb_cdc_link_state(link);
            return after == ESP_LOADER_SUCCESS ? ESP_LOADER_ERROR_TIMEOUT : after;
        }
        if (err != ESP_OK) { /* the endpoint stays halted; only opening again helps */
            return usb_cdc_link_lost(link, true);
        }
        *out_written += chunk;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    *out_written = 0;
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const esp_loader_error_t error =
        send_transfers(link, data, size, deadline_after(timeout_ms), out_written);
    usb_cdc_link_leave(link);
    return error;
}

static esp_loader_error_t receive(usb_cdc_link_t *link, uint8_t *buf, size_t capacity, int64_t deadline_us,
                                  size_t *out_read)
{
    for (;;) {
        esp_loader_error_t error;
        *out_read = usb_cdc_link_take(link, buf, capacity, &error);
        if (*out_read > 0 || error != ESP_LOADER_SUCCESS) {
            return error;
        }
        const int64_t left_us = deadline_us - esp_timer_get_time();
        if (left_us <= 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        usb_cdc_link_wait(link, us_to_ticks_up(left_us));
    }
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    *out_read = 0;
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const esp_loader_error_t error = receive(link, buf, capacity, deadline_after(timeout_ms), out_read);
    usb_cdc_link_leave(link);
    return error;
}

/** Result of a request on the control endpoint. The driver waits up to 5 s for one; after a timeout the late
 * answer would be taken for the next one's, so the link counts as failed. */
static esp_loader_error_t control_result(usb_cdc_link_t *link, esp_err_t err)
{
    switch (err) {
    case ESP_OK:
        return ESP_LOADER_SUCCESS;
    case ESP_ERR_NOT_SUPPORTED:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    case ESP_ERR_INVALID_ARG:
        return ESP_LOADER_ERROR_INVALID_PARAM;
    default:
        return usb_cdc_link_lost(link, err == ESP_ERR_TIMEOUT);
    }
}

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    esp_loader_error_t error = usb_cdc_link_state(link);
    if (error == ESP_LOADER_SUCCESS) {
        error = control_result(
            link, cdc_acm_host_set_control_line_state(usb_cdc_link_info(link)->device, dtr, rts));
    }
    usb_cdc_link_leave(link);
    return error;
}

/** The chip's own USB has no rate: it accepts any and reads back 9600, so it is not asked. */
static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    if (rate_baud == 0) { /* which CDC devices take as anything */
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    usb_cdc_link_t *link = usb_cdc_link_enter(self(port));
    if (link == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const esp_loader_link_t kind = usb_cdc_link_info(link)->id.kind;
    esp_loader_error_t error = usb_cdc_link_state(link);
    if (error == ESP_LOADER_SUCCESS && kind != ESP_LOADER_LINK_USB_SERIAL_JTAG &&
        kind != ESP_LOADER_LINK_USB_OTG) {
        const cdc_acm_line_coding_t coding = {.dwDTERate = rate_baud, .bDataBits = 8};
        error = control_result(link, cdc_acm_host_line_coding_set(usb_cdc_link_info(link)->device, &coding));
    }
    usb_cdc_link_leave(link);
    return error;
}

static esp_log_level_t level_of(esp_loader_log_level_t level)
{
    switch (level) {
    case ESP_LOADER_LOG_LEVEL_ERROR:
        return ESP_LOG_ERROR;
    case ESP_LOADER_LOG_LEVEL_WARN:
        return ESP_LOG_WARN;
    case ESP_LOADER_LOG_LEVEL_INFO:
        return ESP_LOG_INFO;
    case ESP_LOADER_LOG_LEVEL_DEBUG:
        return ESP_LOG_DEBUG;
    case ESP_LOADER_LOG_LEVEL_NONE:
        break;
    }
    return ESP_LOG_NONE;
}

static void port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    (void)port;
    char line[LOG_LINE_SIZE];
    if (vsnprintf(line, sizeof(line), fmt, args) >= 0 && level != ESP_LOADER_LOG_LEVEL_NONE) {
        ESP_LOG_LEVEL(level_of(level), tag, "%s", line);
    }
}

static void port_log_hex(esp_loader_port_t *port, esp_loader_log_level_t level, const char *label,
                         const uint8_t *data, size_t size)
{
    (void)port;
    if (level != ESP_LOADER_LOG_LEVEL_NONE && data != NULL) {
        const uint16_t shown = size < UINT16_MAX ? (uint16_t)size : UINT16_MAX;
        ESP_LOG_LEVEL(level_of(level), tag, "%s: %u bytes", label != NULL ? label : "data", (unsigned)size);
        ESP_LOG_BUFFER_HEX_LEVEL(tag, data, shown, level_of(level));
    }
}

bool esp32_usb_cdc_acm_is_attached(const esp32_usb_cdc_acm_port_t *port)
{
    usb_cdc_link_t *link = usb_cdc_link_enter(port);
    if (link == NULL) {
        return false;
    }
    const bool is_attached = usb_cdc_link_state(link) != ESP_LOADER_ERROR_DISCONNECTED &&
                             usb_cdc_device_is_attached(usb_cdc_link_info(link)->id.address);
    usb_cdc_link_leave(link);
    return is_attached;
}

void esp32_usb_cdc_acm_read_serial(const esp32_usb_cdc_acm_port_t *port, char *buf, size_t size)
{
    buf[0] = '\0';
    usb_cdc_link_t *link = usb_cdc_link_enter(port);
    if (link != NULL) {
        usb_cdc_device_read_serial(usb_cdc_link_info(link)->id.address, buf, size);
        usb_cdc_link_leave(link);
    }
}

const esp_loader_port_ops_t esp32_usb_cdc_acm_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .log = port_log,
    .log_hex = port_log_hex,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .set_lines = port_set_lines,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
    .max_rate = port_max_rate,
};
