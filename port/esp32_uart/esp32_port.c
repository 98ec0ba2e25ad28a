/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. Every wait has a deadline (idf_time.h).
 */
#include "esp32_port.h"

#include "esp_err.h"
#include "esp_timer.h"

#include "idf_pin.h"
#include "idf_time.h"
#include "pin_reset.h"

#define DEFAULT_BAUD   115200u
#define DEFAULT_RING   4096u
#define LEAST_RING     256u /* the driver wants more than its FIFO */
#define DEFAULT_EVENTS 64u
#define CHUNK                                                                                                \
    120u /* fits the FIFO of every UART but the LP UARTs, so that the driver's write, which has no timeout, does not wait */
#define FAST_BAUD 460800u
#define FAST_FULL                                                                                            \
    60 /* bytes in the FIFO that call the interrupt above that rate: leaves it half of the FIFO's time */
#define SILENCE_SYMBOLS                                                                                      \
    2 /* the same for fewer bytes: after so much silence. The driver's 10 make each reply late */
#define DRAIN_US          (200 * 1000)
#define TOLERANCE_PERCENT 2u

static esp32_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, esp32_port_t, port);
}

static uart_port_t uart_of(const esp32_port_t *self)
{
    return (uart_port_t)self->uart_port;
}

/* ---- pins ---- */

static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    const esp32_port_t *self = self_of(port);
    return pin == PIN_EN ? idf_pin_drive(self->reset_pin, IDF_RESET_ACTIVE, is_active)
                         : idf_pin_drive(self->boot_pin, IDF_BOOT_ACTIVE, is_active);
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    return pin_reset_into_loader(port, drive);
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    return pin_reset_into_app(port, drive);
}

/* ---- rate ---- */

static bool has_rate(const esp32_port_t *self, uint32_t rate_baud)
{
    uint32_t real;
    if (uart_get_baudrate(uart_of(self), &real) != ESP_OK) {
        return false;
    }
    const uint32_t difference = real > rate_baud ? real - rate_baud : rate_baud - real;
    return difference <= rate_baud / 100u * TOLERANCE_PERCENT;
}

/* The driver makes what it can of a rate; too low ones it refuses, from 5.5 on. */
static bool set_up_rate(const esp32_port_t *self, uint32_t rate_baud)
{
    if (uart_set_baudrate(uart_of(self), rate_baud) != ESP_OK || !has_rate(self, rate_baud)) {
        return false;
    }
    if (rate_baud > FAST_BAUD && !self->dont_initialize_peripheral) {
        (void)uart_set_rx_full_threshold(uart_of(self), FAST_FULL);
    }
    return true;
}

/* The driver takes and reports higher rates, too; asked for a rate above 16 times its clock it divides by 0. */
static bool is_possible(uint32_t rate_baud)
{
    return rate_baud <= UART_BITRATE_MAX;
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    const esp32_port_t *self = self_of(port);
    const int64_t deadline_us = esp_timer_get_time() + DRAIN_US;
    uint32_t before;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (rate_baud == 0) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (!is_possible(rate_baud)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (uart_get_baudrate(uart_of(self), &before) != ESP_OK ||
        uart_wait_tx_done(uart_of(self), idf_ticks_until(deadline_us)) != ESP_OK) {
        return ESP_LOADER_ERROR_IO;
    }
    if (!set_up_rate(self, rate_baud)) {
        return set_up_rate(self, before) ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_IO;
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- opening ---- */

static void port_deinit(esp_loader_port_t *port)
{
    esp32_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return;
    }
    self->_state.is_open = false;
    self->_state.events = NULL;
    if (!self->dont_initialize_peripheral) {
        (void)uart_driver_delete(uart_of(self));
    }
    idf_pin_release(self->reset_pin, IDF_RESET_ACTIVE);
    idf_pin_release(self->boot_pin, IDF_BOOT_ACTIVE);
}

static esp_loader_error_t install(esp32_port_t *self)
{
    const uart_config_t config = {
        .baud_rate = (int)(self->baud_rate == 0 ? DEFAULT_BAUD : self->baud_rate),
        .data_bits = UART_DATA_8_BITS,
        .parity = UART_PARITY_DISABLE,
        .stop_bits = UART_STOP_BITS_1,
        .flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
    };
    const uint32_t wanted = self->rx_buffer_size == 0 ? DEFAULT_RING : self->rx_buffer_size;
    const uint32_t events = self->queue_size == 0 ? DEFAULT_EVENTS : self->queue_size;
    QueueHandle_t queue = NULL;
    if (uart_is_driver_installed(uart_of(self))) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    if (!is_possible((uint32_t)config.baud_rate) || uart_param_config(uart_of(self), &config) != ESP_OK) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (uart_set_pin(uart_of(self), self->uart_tx_pin, self->uart_rx_pin, UART_PIN_NO_CHANGE,
                     UART_PIN_NO_CHANGE) != ESP_OK) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (uart_driver_install(uart_of(self), (int)(wanted < LEAST_RING ? LEAST_RING : wanted),
                            (int)self->tx_buffer_size, (int)events, &queue, 0) != ESP_OK) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    self->_state.events = self->uart_queue == NULL ? queue : NULL;
    if (self->uart_queue != NULL) {
        *self->uart_queue = queue;
    }
    (void)uart_set_rx_timeout(uart_of(self), SILENCE_SYMBOLS);
    if (!set_up_rate(self, (uint32_t)config.baud_rate)) {
        (void)uart_driver_delete(uart_of(self));
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    esp32_port_t *self = self_of(port);
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    port_deinit(port);
    if (self->uart_port >= UART_NUM_MAX) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (idf_pin_set_up(self->reset_pin, IDF_RESET_ACTIVE) != ESP_OK ||
        idf_pin_set_up(self->boot_pin, IDF_BOOT_ACTIVE) != ESP_OK) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (!self->dont_initialize_peripheral) {
        error = install(self);
    } else if (!uart_is_driver_installed(uart_of(self))) {
        error = ESP_LOADER_ERROR_PORT_NOT_FOUND;
    }
    self->_state.is_open = error == ESP_LOADER_SUCCESS;
    if (self->_state.is_open) {
        (void)uart_flush_input(uart_of(self));
    }
    return error;
}

/* ---- transfers ---- */

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    const esp32_port_t *self = self_of(port);
    const int64_t deadline_us = idf_deadline_after(timeout_ms);
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    while (*out_written < size) {
        const size_t left = size - *out_written;
        const size_t chunk = left < CHUNK ? left : CHUNK;
        esp_err_t err = uart_wait_tx_done(uart_of(self), idf_ticks_until(deadline_us));
        while (err == ESP_ERR_TIMEOUT && idf_ticks_until(deadline_us) > 0) {
            err = uart_wait_tx_done(uart_of(self), idf_ticks_until(deadline_us));
        }
        if (err != ESP_OK) {
            return err == ESP_ERR_TIMEOUT ? ESP_LOADER_ERROR_TIMEOUT : ESP_LOADER_ERROR_IO;
        }
        const int written = uart_write_bytes(uart_of(self), data + *out_written, chunk);
        if (written < 0) {
            return ESP_LOADER_ERROR_IO;
        }
        *out_written += (size_t)written;
    }
    return ESP_LOADER_SUCCESS;
}

/* The driver empties its FIFO when it overflows, and sends an event. Where its queue is full, that event may be among
 * those that found no room. */
static bool has_lost_bytes(const esp32_port_t *self)
{
    uart_event_t event;
    if (self->_state.events == NULL) {
        return false;
    }
    bool is_lost = uxQueueSpacesAvailable(self->_state.events) == 0;
    while (xQueueReceive(self->_state.events, &event, 0) == pdTRUE) {
        is_lost |= event.type == UART_FIFO_OVF;
    }
    return is_lost;
}

/* What is there, without waiting. */
static esp_loader_error_t take(const esp32_port_t *self, uint8_t *buf, size_t capacity, size_t *out_read)
{
    size_t there = 0;
    if (has_lost_bytes(self)) {
        (void)uart_flush_input(uart_of(self));
        return ESP_LOADER_ERROR_IO;
    }
    if (uart_get_buffered_data_len(uart_of(self), &there) != ESP_OK) {
        return ESP_LOADER_ERROR_IO;
    }
    if (there == 0) {
        return ESP_LOADER_SUCCESS;
    }
    const int got = uart_read_bytes(uart_of(self), buf, (uint32_t)(there < capacity ? there : capacity), 0);
    if (got < 0) {
        return ESP_LOADER_ERROR_IO;
    }
    *out_read = (size_t)got;
    return ESP_LOADER_SUCCESS;
}

/* The driver waits for as many bytes as it is asked for, and as long for each: it is asked for one. */
static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    const esp32_port_t *self = self_of(port);
    const int64_t deadline_us = idf_deadline_after(timeout_ms);
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        const esp_loader_error_t error = take(self, buf, capacity, out_read);
        if (error != ESP_LOADER_SUCCESS || *out_read > 0) {
            return error;
        }
        const TickType_t ticks = idf_ticks_until(deadline_us);
        if (ticks == 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        const int got = uart_read_bytes(uart_of(self), buf, 1, ticks);
        if (got > 0) {
            const esp_loader_error_t rest =
                capacity > 1 ? take(self, buf + 1, capacity - 1, out_read) : error;
            *out_read += rest == ESP_LOADER_SUCCESS ? 1u : 0;
            return rest;
        }
    }
}

static uint32_t port_max_rate(esp_loader_port_t *port)
{
    (void)port;
    return UART_BITRATE_MAX;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_UART;
}

const esp_loader_port_ops_t esp32_uart_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = idf_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = idf_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
    .max_rate = port_max_rate,
};
