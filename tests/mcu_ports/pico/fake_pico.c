/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stand-in behaves. Rules are those of pico-sdk 2.2.0, hardware_uart and hardware_gpio, and of the
 * RP2040's data sheet.
 */
#include <string.h>

#include "hardware/clocks.h"
#include "hardware/gpio.h"
#include "hardware/irq.h"
#include "pico/time.h"

#include "pico_rig.h"
#include "test.h"

enum {
    FIFO_SIZE = 32,
    FULL_THRESHOLD = 4,
    SILENCE_BITS = 32,
    CLOCK_HZ = 125000000,
    POLL_US = 20,
    UART1_IRQ = 21,
    PINS = 30,
};

struct uart_inst {
    uart_hw_t hw;
};

static struct uart_inst instance;
uart_inst_t *const fake_uart1 = &instance;

static struct {
    uint32_t fifo[FIFO_SIZE];
    size_t count;
    uint64_t last_byte_us;
    uint32_t rate_baud;
    bool is_on;
    bool is_rx_irq_on;
    bool is_irq_on;
    irq_handler_t handler;
} uart;

static struct {
    bool is_output;
    bool level;
    bool has_pull_up;
} pins[PINS];

/* RP2040 data sheet 4.2.7 (UARTRSR): an overrun shows at once and stays until the register is written. */
static void put_into_fifo(uint32_t data)
{
    uart.last_byte_us = wire_now_us();
    if (!uart.is_on) {
        return;
    }
    if (uart.count == FIFO_SIZE) {
        instance.hw.rsr |= UART_UARTRSR_OE_BITS;
        return;
    }
    uart.fifo[uart.count++] = data;
}

static void receive(uint8_t byte)
{
    put_into_fifo(byte);
}

/* uart_set_irqs_enabled() sets the level of 4 bytes; the receive timeout comes after 32 bit periods (data sheet 4.2.5). */
static void interrupt(void)
{
    const uint64_t silence_us = SILENCE_BITS * 1000000ull / (uart.rate_baud + 1u);
    if (uart.handler != NULL && uart.is_irq_on && uart.is_rx_irq_on && uart.count > 0 &&
        (uart.count >= FULL_THRESHOLD || wire_now_us() >= uart.last_byte_us + silence_us)) {
        uart.handler();
    }
}

const wire_uart_t pico_rig_wire = {.receive = receive, .interrupt = interrupt};

static void pass(void)
{
    if (uart.count > 0) {
        wire_pass_us(POLL_US);
        wire_block_interrupts(false); /* the end of silence */
    } else {
        wire_pass_to_event(POLL_US);
    }
}

void pico_rig_start(void)
{
    memset(&uart, 0, sizeof(uart));
    memset(&instance, 0, sizeof(instance));
    memset(pins, 0, sizeof(pins));
    wire_start(&pico_rig_wire, NULL);
}

unsigned pico_rig_fifo_level(void)
{
    return (unsigned)uart.count;
}

void pico_rig_break(void)
{
    put_into_fifo(UART_UARTDR_BE_BITS);
}

/* ---- time ---- */

uint64_t time_us_64(void)
{
    pass();
    return wire_clock_us();
}

void sleep_ms(uint32_t ms)
{
    const uint64_t end_us = wire_now_us() + (uint64_t)ms * 1000u;
    while (wire_now_us() < end_us) {
        pass();
    }
}

void tight_loop_contents(void)
{
}

uint32_t clock_get_hz(clock_handle_t clock)
{
    assert_int_equal(clock, clk_peri);
    return CLOCK_HZ;
}

/* ---- pins ---- */

static bool level_of(unsigned int gpio)
{
    return !pins[gpio].is_output || pins[gpio].level; /* the target has pull-ups as well */
}

static void show_pins(void)
{
    wire_set_pins(level_of(PICO_RIG_EN), level_of(PICO_RIG_BOOT));
}

/* gpio_init(): an input, output level 0, function SIO. */
void gpio_init(unsigned int gpio)
{
    assert_true(gpio < PINS);
    pins[gpio].is_output = false;
    pins[gpio].level = false;
    show_pins();
}

void gpio_put(unsigned int gpio, bool value)
{
    pins[gpio].level = value;
    show_pins();
}

void gpio_set_dir(unsigned int gpio, bool out)
{
    pins[gpio].is_output = out;
    show_pins();
}

void gpio_pull_up(unsigned int gpio)
{
    pins[gpio].has_pull_up = true;
}

void gpio_set_function(unsigned int gpio, gpio_function_t fn)
{
    assert_true(gpio < PINS);
    assert_int_equal(fn, GPIO_FUNC_UART);
}

/* ---- interrupts ---- */

void irq_add_shared_handler(unsigned int num, irq_handler_t handler, uint8_t order_priority)
{
    assert_int_equal(num, UART1_IRQ);
    assert_int_equal(order_priority, PICO_SHARED_IRQ_HANDLER_DEFAULT_ORDER_PRIORITY);
    assert_null(uart.handler);
    uart.handler = handler;
}

void irq_remove_handler(unsigned int num, irq_handler_t handler)
{
    assert_int_equal(num, UART1_IRQ);
    assert_ptr_equal(uart.handler, handler);
    uart.handler = NULL;
}

void irq_set_enabled(unsigned int num, bool enabled)
{
    assert_int_equal(num, UART1_IRQ);
    uart.is_irq_on = enabled;
}

/* ---- the UART ---- */

uint uart_get_index(uart_inst_t *instance_used)
{
    assert_ptr_equal(instance_used, fake_uart1);
    return 1;
}

uart_hw_t *uart_get_hw(uart_inst_t *instance_used)
{
    return &instance_used->hw;
}

size_t fake_uart_read(void)
{
    assert_true(uart.count > 0);
    instance.hw.data[0] = uart.fifo[0];
    uart.count--;
    memmove(&uart.fifo[0], &uart.fifo[1], uart.count * sizeof(uart.fifo[0]));
    return 0;
}

size_t fake_uart_flags(void)
{
    instance.hw.flags[0] = wire_pending() > 0 ? UART_UARTFR_BUSY_BITS : 0;
    return 0;
}

bool uart_is_readable(uart_inst_t *instance_used)
{
    (void)instance_used;
    return uart.count > 0;
}

bool uart_is_writable(uart_inst_t *instance_used)
{
    (void)instance_used;
    return wire_pending() < FIFO_SIZE;
}

void uart_putc_raw(uart_inst_t *instance_used, char c)
{
    (void)instance_used;
    assert_true(wire_pending() < FIFO_SIZE); /* else it blocks */
    wire_put((uint8_t)c);
}

/* uart_set_baudrate(): a divisor in 64ths, clipped; returns the real rate. It turns the UART off for a moment. */
uint uart_set_baudrate(uart_inst_t *instance_used, uint baudrate)
{
    (void)instance_used;
    assert_true(baudrate > 0);
    assert_int_equal(wire_pending(), 0);
    uint64_t sixty_fourths = (8ull * CLOCK_HZ / baudrate + 1) / 2;
    if (sixty_fourths < 64) {
        sixty_fourths = 64;
    } else if (sixty_fourths > 65535 * 64) {
        sixty_fourths = 65535 * 64;
    }
    uart.rate_baud = (uint32_t)(4ull * CLOCK_HZ / sixty_fourths);
    wire_set_rate(uart.rate_baud);
    return uart.rate_baud;
}

/* uart_init(): the UART is reset, and on with empty FIFOs. */
uint uart_init(uart_inst_t *instance_used, uint baudrate)
{
    instance_used->hw.rsr = 0;
    uart.count = 0;
    uart.is_on = true;
    return uart_set_baudrate(instance_used, baudrate);
}

void uart_deinit(uart_inst_t *instance_used)
{
    (void)instance_used;
    uart.is_on = false;
}

void uart_set_irqs_enabled(uart_inst_t *instance_used, bool rx_has_data, bool tx_needs_data)
{
    (void)instance_used;
    assert_false(tx_needs_data);
    uart.is_rx_irq_on = rx_has_data;
}
