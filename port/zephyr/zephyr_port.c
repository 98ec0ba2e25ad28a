/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations and its interrupt handler. Waits have a deadline in milliseconds of the uptime, 64 bits, and cover the
 * whole call.
 */
#include "zephyr_port.h"

#include <errno.h>
#include <zephyr/drivers/uart.h>

#include "pin_reset.h"

enum {
    READ_AT_ONCE = 32,
    LARGEST_FIFO = 128,
    BITS_PER_BYTE = 10,
};

static zephyr_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, zephyr_port_t, port);
}

/* ---- interrupt ---- */

static void receive(zephyr_port_t *self)
{
    const struct device *uart = self->config->uart_dev;
    uint8_t bytes[READ_AT_ONCE];
    for (;;) {
        const int size = uart_fifo_read(uart, bytes, sizeof(bytes));
        if (size <= 0) {
            break;
        }
        if (ring_buf_put(&self->_state.ring, bytes, (uint32_t)size) < (uint32_t)size) {
            self->_state.is_lossy = true;
        }
    }
    k_sem_give(&self->_state.has_bytes);
}

/* Some drivers say that there is room although nothing is to be sent: what ends is told once. */
static void send(zephyr_port_t *self)
{
    const struct device *uart = self->config->uart_dev;
    const k_spinlock_key_t key = k_spin_lock(&self->_state.lock);
    if (self->_state.left > 0) {
        /* Not more: several drivers count the bytes in 8 bits. */
        const size_t size = self->_state.left < LARGEST_FIFO ? self->_state.left : LARGEST_FIFO;
        const int sent = uart_fifo_fill(uart, self->_state.to_send, (int)size);
        self->_state.to_send += sent > 0 ? sent : 0;
        self->_state.left -= sent > 0 ? (size_t)sent : 0;
        if (self->_state.left == 0) {
            k_sem_give(&self->_state.has_sent);
        }
    }
    if (self->_state.left == 0) {
        uart_irq_tx_disable(uart);
    }
    k_spin_unlock(&self->_state.lock, key);
}

/* Whether an interrupt is pending is not asked: drivers whose transmit interrupt is an edge call this to begin with. */
static void on_interrupt(const struct device *uart, void *user_data)
{
    zephyr_port_t *self = user_data;
    if (uart_irq_update(uart) <= 0) {
        return;
    }
    const int errors = uart_err_check(uart); /* negative where the driver has none */
    if (errors > 0 && (errors & UART_ERROR_OVERRUN) != 0) {
        self->_state.is_lossy = true;
        k_sem_give(&self->_state.has_bytes);
    }
    if (uart_irq_rx_ready(uart) > 0) {
        receive(self);
    }
    if (uart_irq_tx_ready(uart) > 0) {
        send(self);
    }
}

/* ---- time ---- */

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return k_uptime_get_32();
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    const int64_t end_ms = k_uptime_get() + (int64_t)ms;
    for (int64_t left_ms = ms; left_ms > 0; left_ms = end_ms - k_uptime_get()) {
        (void)k_msleep((int32_t)(left_ms < INT32_MAX ? left_ms : INT32_MAX));
    }
}

/* What is left, rounded up to ticks by the kernel; 0 when it is over. */
static k_timeout_t until(int64_t end_ms)
{
    const int64_t left_ms = end_ms - k_uptime_get();
    return left_ms <= 0 ? K_NO_WAIT : K_MSEC(left_ms < INT32_MAX ? left_ms : INT32_MAX);
}

/* ---- pins ---- */

static bool is_connected(const struct gpio_dt_spec *pin)
{
    return pin->port != NULL;
}

/* Some drivers forget the level that a pin is to begin with, so it is set again. */
static esp_loader_error_t set_up_pin(const struct gpio_dt_spec *pin)
{
    if (!is_connected(pin)) {
        return ESP_LOADER_SUCCESS;
    }
    if (!gpio_is_ready_dt(pin)) {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    }
    if (gpio_pin_configure_dt(pin, GPIO_OUTPUT_INACTIVE) != 0) {
        return ESP_LOADER_ERROR_IO;
    }
    (void)gpio_pin_set_dt(pin, 0);
    return ESP_LOADER_SUCCESS;
}

static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    const esp_loader_config_t *config = self_of(port)->config;
    const struct gpio_dt_spec *spec = pin == PIN_EN ? &config->enable_spec : &config->boot_spec;
    if (!is_connected(spec)) {
        return false;
    }
    (void)gpio_pin_set_dt(spec, is_active ? 1 : 0);
    return true;
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

/* Until the last bit is out: only its interrupt handler may ask a driver for that, so as long as the largest FIFO takes. */
static void drain(uint32_t rate_baud)
{
    (void)k_msleep((int32_t)(LARGEST_FIFO * BITS_PER_BYTE * 1000u / rate_baud + 1u));
}

static esp_loader_error_t set_rate(const struct device *uart, uint32_t rate_baud)
{
    struct uart_config config;
    if (uart_config_get(uart, &config) != 0) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (config.baudrate == rate_baud) {
        return ESP_LOADER_SUCCESS;
    }
    if (config.baudrate != 0) { /* a driver that does not know it has sent nothing yet */
        drain(config.baudrate);
    }
    config.baudrate = rate_baud;
    uart_irq_rx_disable(uart); /* some drivers want that */
    const int error = uart_configure(uart, &config);
    uart_irq_rx_enable(uart);
    if (error == 0) {
        return ESP_LOADER_SUCCESS;
    }
    return error == -EIO ? ESP_LOADER_ERROR_IO : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    zephyr_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return rate_baud == 0 ? ESP_LOADER_ERROR_INVALID_PARAM : set_rate(self->config->uart_dev, rate_baud);
}

/* ---- opening ---- */

static void port_deinit(esp_loader_port_t *port)
{
    zephyr_port_t *self = self_of(port);
    if (self->_state.is_open) {
        self->_state.is_open = false;
        uart_irq_rx_disable(self->config->uart_dev);
        uart_irq_tx_disable(self->config->uart_dev);
    }
}

static void drop_received(zephyr_port_t *self)
{
    uart_irq_rx_disable(self->config->uart_dev);
    ring_buf_reset(&self->_state.ring);
    self->_state.is_lossy = false;
    uart_irq_rx_enable(self->config->uart_dev);
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    zephyr_port_t *self = self_of(port);
    const struct device *uart = self->config->uart_dev;
    struct uart_config current;
    unsigned char ignored;
    port_deinit(port);
    if (uart == NULL || !device_is_ready(uart)) {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    }
    RETURN_ON_ERROR(set_up_pin(&self->config->enable_spec));
    RETURN_ON_ERROR(set_up_pin(&self->config->boot_spec));
    ring_buf_init(&self->_state.ring, sizeof(self->_state.memory), self->_state.memory);
    (void)k_sem_init(&self->_state.has_bytes, 0, 1);
    (void)k_sem_init(&self->_state.has_sent, 0, 1);
    self->_state.left = 0;
    uart_irq_rx_disable(uart);
    uart_irq_tx_disable(uart);
    if (uart_irq_callback_user_data_set(uart, on_interrupt, self) != 0) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    /* A driver that cannot say its rate has that of the devicetree. */
    if (self->config->baud_rate != 0 && uart_config_get(uart, &current) == 0) {
        RETURN_ON_ERROR(set_rate(uart, self->config->baud_rate));
    }
    while (uart_poll_in(uart, &ignored) == 0) {
    }
    drop_received(self);
    self->_state.is_open = true;
    return ESP_LOADER_SUCCESS;
}

/* ---- transfers ---- */

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    zephyr_port_t *self = self_of(port);
    const int64_t end_ms = k_uptime_get() + (int64_t)timeout_ms;
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (size == 0) {
        return ESP_LOADER_SUCCESS;
    }
    k_sem_reset(&self->_state.has_sent);
    k_spinlock_key_t key = k_spin_lock(&self->_state.lock);
    self->_state.to_send = data;
    self->_state.left = size;
    k_spin_unlock(&self->_state.lock, key);
    uart_irq_tx_enable(self->config->uart_dev);
    int error = k_sem_take(&self->_state.has_sent, until(end_ms));
    while (error != 0 && k_uptime_get() < end_ms) {
        error = k_sem_take(&self->_state.has_sent, until(end_ms));
    }
    key = k_spin_lock(&self->_state.lock);
    *out_written = size - self->_state.left;
    self->_state.left = 0; /* nothing of the caller's is read after this */
    k_spin_unlock(&self->_state.lock, key);
    uart_irq_tx_disable(self->config->uart_dev);
    return *out_written == size ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    zephyr_port_t *self = self_of(port);
    const int64_t end_ms = k_uptime_get() + (int64_t)timeout_ms;
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        if (self->_state.is_lossy) { /* what is there has a gap */
            drop_received(self);
            return ESP_LOADER_ERROR_IO;
        }
        *out_read = ring_buf_get(&self->_state.ring, buf, (uint32_t)capacity);
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (k_sem_take(&self->_state.has_bytes, until(end_ms)) != 0 && k_uptime_get() >= end_ms) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_UART;
}

const esp_loader_port_ops_t zephyr_uart_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
};
