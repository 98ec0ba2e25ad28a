/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations and its interrupt handler. Waits have a deadline in microseconds of 64 bits, which never wrap.
 */
#include "pi_pico_port.h"

#include "hardware/clocks.h"
#include "hardware/gpio.h"
#include "hardware/irq.h"
#include "pico/time.h"

#include "pin_reset.h"

#define DEFAULT_BAUD      115200u
#define DRAIN_US          200000u /* longer than the FIFO takes at 9600 baud */
#define TOLERANCE_PERCENT 2u

#ifdef SERIAL_FLASHER_RESET_INVERT
#define IS_RESET_INVERTED true
#else
#define IS_RESET_INVERTED false
#endif
#ifdef SERIAL_FLASHER_BOOT_INVERT
#define IS_BOOT_INVERTED true
#else
#define IS_BOOT_INVERTED false
#endif

static pi_pico_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, pi_pico_port_t, port);
}

/* ---- the receiver ---- */

/* A handler is given nothing: there is one for each UART, and this is whose it is. */
static pi_pico_port_t *owners[2];

static void keep(pi_pico_port_t *self, uint8_t byte)
{
    const uint32_t head = self->_state.head;
    if (head - self->_state.tail == PI_PICO_PORT_RING_SIZE) {
        self->_state.is_lossy = true;
        return;
    }
    self->_state.ring[head % PI_PICO_PORT_RING_SIZE] = byte;
    self->_state.head = head + 1u;
}

/* The functions of the SDK that read drop the error bits. An overrun is in a register of its own at once. */
static void empty_fifo(pi_pico_port_t *self)
{
    uart_hw_t *hw = uart_get_hw(self->uart_inst);
    while (uart_is_readable(self->uart_inst)) {
        const uint32_t data = hw->dr;
        if ((data & UART_UARTDR_BE_BITS) == 0) { /* a break is no byte: a target without power */
            keep(self, (uint8_t)data);
        }
    }
    if ((hw->rsr & UART_UARTRSR_OE_BITS) != 0) {
        hw->rsr = 0; /* any value clears it */
        self->_state.is_lossy = true;
    }
}

static void on_uart0(void)
{
    empty_fifo(owners[0]);
}

static void on_uart1(void)
{
    empty_fifo(owners[1]);
}

static irq_handler_t handler_of(const pi_pico_port_t *self)
{
    return uart_get_index(self->uart_inst) == 0 ? on_uart0 : on_uart1;
}

static size_t take(pi_pico_port_t *self, uint8_t *buf, size_t capacity)
{
    size_t size = 0;
    while (size < capacity && self->_state.tail != self->_state.head) {
        buf[size++] = self->_state.ring[self->_state.tail % PI_PICO_PORT_RING_SIZE];
        self->_state.tail = self->_state.tail + 1u;
    }
    return size;
}

/* ---- time ---- */

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return (uint32_t)(time_us_64() / 1000u);
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    sleep_ms(ms);
}

/* ---- pins ---- */

/* Active is low: the level stays low and the direction is switched, so the line is pulled or let go, never driven high. Inverted,
 * for a transistor: both levels. */
static void set_level(uint pin, bool is_inverted, bool is_active)
{
    if (is_inverted) {
        gpio_put(pin, is_active);
        gpio_set_dir(pin, GPIO_OUT);
    } else {
        gpio_set_dir(pin, is_active ? GPIO_OUT : GPIO_IN);
    }
}

/* As gpio_init() leaves it: an input whose output would be low. */
static void set_up_pin(uint pin, bool is_inverted)
{
    if (pin != PI_PICO_PORT_NO_PIN) {
        gpio_init(pin);
        if (!is_inverted) {
            gpio_pull_up(pin);
        }
        set_level(pin, is_inverted, false);
    }
}

static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    const pi_pico_port_t *self = self_of(port);
    const uint number = pin == PIN_EN ? self->reset_pin_num : self->boot_pin_num;
    if (number == PI_PICO_PORT_NO_PIN) {
        return false;
    }
    set_level(number, pin == PIN_EN ? IS_RESET_INVERTED : IS_BOOT_INVERTED, is_active);
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

/* ---- opening ---- */

static bool is_near(uint rate, uint wanted)
{
    const uint difference = rate > wanted ? rate - wanted : wanted - rate;
    return difference <= wanted / 100u * TOLERANCE_PERCENT;
}

static void set_function(const pi_pico_port_t *self, uint pin)
{
    (void)self;         /* the SDK's macro may not use it */
#ifdef UART_FUNCSEL_NUM /* SDK 2.0 on: the RP2350 has two functions with UARTs */
    gpio_set_function(pin, UART_FUNCSEL_NUM(self->uart_inst, pin));
#else
    gpio_set_function(pin, GPIO_FUNC_UART);
#endif
}

static void port_deinit(esp_loader_port_t *port)
{
    pi_pico_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return;
    }
    self->_state.is_open = false;
    uart_set_irqs_enabled(self->uart_inst, false, false);
    irq_remove_handler(UART_IRQ_NUM(self->uart_inst), handler_of(self));
    owners[uart_get_index(self->uart_inst)] = NULL;
    if (!self->dont_initialize_peripheral) {
        uart_deinit(self->uart_inst);
    }
    if (self->reset_pin_num != PI_PICO_PORT_NO_PIN) { /* the pull-up stays: the target runs */
        gpio_set_dir(self->reset_pin_num, GPIO_IN);
    }
    if (self->boot_pin_num != PI_PICO_PORT_NO_PIN) {
        gpio_set_dir(self->boot_pin_num, GPIO_IN);
    }
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    pi_pico_port_t *self = self_of(port);
    port_deinit(port);
    if (self->uart_inst == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (owners[uart_get_index(self->uart_inst)] != NULL) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    set_up_pin(self->reset_pin_num, IS_RESET_INVERTED);
    set_up_pin(self->boot_pin_num, IS_BOOT_INVERTED);
    self->_state.rate_baud = self->baudrate == 0 ? DEFAULT_BAUD : self->baudrate;
    if (!self->dont_initialize_peripheral) {
        if (!is_near(uart_init(self->uart_inst, self->_state.rate_baud), self->_state.rate_baud)) {
            uart_deinit(self->uart_inst);
            return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
        }
        set_function(self, self->uart_tx_pin_num);
        set_function(self, self->uart_rx_pin_num);
        gpio_pull_up(self->uart_rx_pin_num);
    }
    empty_fifo(self);
    self->_state.tail = self->_state.head;
    self->_state.is_lossy = false;
    owners[uart_get_index(self->uart_inst)] = self;
    irq_add_shared_handler(UART_IRQ_NUM(self->uart_inst), handler_of(self),
                           PICO_SHARED_IRQ_HANDLER_DEFAULT_ORDER_PRIORITY);
    irq_set_enabled(UART_IRQ_NUM(self->uart_inst), true);
    uart_set_irqs_enabled(self->uart_inst, true, false);
    self->_state.is_open = true;
    return ESP_LOADER_SUCCESS;
}

/* ---- transfers ---- */

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    pi_pico_port_t *self = self_of(port);
    const uint64_t deadline_us = time_us_64() + (uint64_t)timeout_ms * 1000u;
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    while (*out_written < size) {
        if (uart_is_writable(self->uart_inst)) {
            uart_putc_raw(self->uart_inst, (char)data[*out_written]);
            (*out_written)++;
        } else if (time_us_64() >= deadline_us) {
            return ESP_LOADER_ERROR_TIMEOUT;
        } else {
            tight_loop_contents();
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    pi_pico_port_t *self = self_of(port);
    const uint64_t deadline_us = time_us_64() + (uint64_t)timeout_ms * 1000u;
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        if (self->_state.is_lossy) { /* what is there has a gap */
            self->_state.is_lossy = false;
            self->_state.tail = self->_state.head;
            return ESP_LOADER_ERROR_IO;
        }
        *out_read = take(self, buf, capacity);
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (time_us_64() >= deadline_us) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        tight_loop_contents();
    }
}

/* ---- rate ---- */

/* uart_set_baudrate() turns the UART off for a moment: nothing may be under way. */
static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    pi_pico_port_t *self = self_of(port);
    const uint64_t deadline_us = time_us_64() + DRAIN_US;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (rate_baud == 0) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    while ((uart_get_hw(self->uart_inst)->fr & UART_UARTFR_BUSY_BITS) != 0) {
        if (time_us_64() >= deadline_us) {
            return ESP_LOADER_ERROR_IO;
        }
        tight_loop_contents();
    }
    if (!is_near(uart_set_baudrate(self->uart_inst, rate_baud), rate_baud)) {
        (void)uart_set_baudrate(self->uart_inst, self->_state.rate_baud);
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    self->_state.rate_baud = rate_baud;
    return ESP_LOADER_SUCCESS;
}

static uint32_t port_max_rate(esp_loader_port_t *port)
{
    (void)port;
    return clock_get_hz(clk_peri) / 16u;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_UART;
}

const esp_loader_port_ops_t pi_pico_uart_ops = {
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
    .max_rate = port_max_rate,
};
