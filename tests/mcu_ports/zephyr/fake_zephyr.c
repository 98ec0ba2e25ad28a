/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stand-in behaves. Rules are those of Zephyr 3.4, include/zephyr/drivers, kernel and lib/os; the receiver is that of
 * a PL011 (drivers/serial), the pins are those of a driver that writes a pin's level before it is an output.
 */
#include <string.h>

#include <zephyr/drivers/uart.h>

#include "test.h"
#include "zephyr_rig.h"

enum {
    FIFO_SIZE = 16,
    TICK_US = 10000, /* CONFIG_SYS_CLOCK_TICKS_PER_SEC=100 */
    POLL_US = 50,
    PINS = 2,
};

const struct device fake_uart;
const struct device fake_gpio;

static struct {
    zephyr_rig_lacks_t lacks;
    uart_irq_callback_user_data_t callback;
    void *user_data;
    uint8_t fifo[FIFO_SIZE];
    size_t count;
    bool is_in_handler;
    bool is_overrun;
    bool is_rx_on;
    bool is_tx_on;
    bool is_sending; /* without a FIFO: a byte has not left yet */
    bool has_sent;   /* the interrupt of that */
    uint32_t rate_baud;
} uart;

static struct {
    bool is_output;
    bool is_active;
} pins[PINS];

static void receive(uint8_t byte)
{
    if (uart.count == FIFO_SIZE) {
        uart.is_overrun = true;
        return;
    }
    uart.fifo[uart.count++] = byte;
}

static bool has_room(void)
{
    return wire_pending() < (uart.lacks.has_no_fifo ? 1 : FIFO_SIZE);
}

static bool is_pending(void)
{
    if (uart.is_sending && has_room()) {
        uart.is_sending = false;
        uart.has_sent = true;
    }
    return (uart.is_rx_on && uart.count > 0) ||
           (uart.is_tx_on && (uart.lacks.has_no_fifo ? uart.has_sent : has_room()));
}

static void call_handler(void)
{
    uart.is_in_handler = true;
    uart.callback(&fake_uart, uart.user_data);
    uart.is_in_handler = false;
}

static void interrupt(void)
{
    if (uart.callback != NULL && is_pending()) {
        call_handler();
    }
}

/* The result of these functions is undefined elsewhere (drivers/uart.h). */
static void must_be_in_handler(void)
{
    assert_true(uart.is_in_handler);
}

const wire_uart_t zephyr_rig_wire = {.receive = receive, .interrupt = interrupt};

void zephyr_rig_start(const zephyr_rig_lacks_t *lacks)
{
    memset(&uart, 0, sizeof(uart));
    memset(pins, 0, sizeof(pins));
    uart.lacks = *lacks;
    uart.rate_baud = 115200;
    wire_start(&zephyr_rig_wire, NULL);
}

/* ---- kernel ---- */

int64_t k_uptime_get(void)
{
    wire_pass_us(1);
    return (int64_t)(wire_clock_us() / 1000);
}

uint32_t k_uptime_get_32(void)
{
    return (uint32_t)k_uptime_get();
}

/* Waits are rounded up to ticks, and begin with the next one (kernel timeouts). */
static uint64_t end_of(int64_t ms)
{
    const uint64_t end_us = wire_now_us() + (uint64_t)ms * 1000u;
    return ms == 0 ? wire_now_us() : (end_us / TICK_US + 1u) * TICK_US;
}

int32_t k_msleep(int32_t ms)
{
    wire_pass_us(end_of(ms) - wire_now_us());
    return 0;
}

int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit)
{
    sem->count = initial_count;
    sem->limit = limit;
    return 0;
}

void k_sem_give(struct k_sem *sem)
{
    sem->count += sem->count < sem->limit ? 1 : 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
    const uint64_t end_us = end_of(timeout.ms);
    while (sem->count == 0) {
        if (wire_now_us() >= end_us) {
            return timeout.ms == 0 ? -EBUSY : -EAGAIN;
        }
        wire_pass_to_event(end_us - wire_now_us() < POLL_US ? end_us - wire_now_us() : POLL_US);
    }
    sem->count--;
    return 0;
}

void k_sem_reset(struct k_sem *sem)
{
    sem->count = 0;
}

k_spinlock_key_t k_spin_lock(struct k_spinlock *l)
{
    assert_false(l->is_held);
    l->is_held = true;
    return (k_spinlock_key_t){0};
}

void k_spin_unlock(struct k_spinlock *l, k_spinlock_key_t key)
{
    (void)key;
    assert_true(l->is_held);
    l->is_held = false;
}

void ring_buf_init(struct ring_buf *buf, uint32_t size, uint8_t *data)
{
    *buf = (struct ring_buf){.data = data, .size = size};
}

void ring_buf_reset(struct ring_buf *buf)
{
    buf->head = buf->tail = 0;
}

uint32_t ring_buf_put(struct ring_buf *buf, const uint8_t *data, uint32_t size)
{
    uint32_t done = 0;
    while (done < size && buf->head - buf->tail < buf->size) {
        buf->data[buf->head++ % buf->size] = data[done++];
    }
    return done;
}

uint32_t ring_buf_get(struct ring_buf *buf, uint8_t *data, uint32_t size)
{
    uint32_t done = 0;
    while (done < size && buf->tail != buf->head) {
        data[done++] = buf->data[buf->tail++ % buf->size];
    }
    return done;
}

/* ---- pins ---- */

static void show_pins(void)
{
    wire_set_pins(!pins[0].is_output || !pins[0].is_active, !pins[1].is_output || !pins[1].is_active);
}

bool device_is_ready(const struct device *dev)
{
    return dev != &fake_uart || !uart.lacks.is_absent;
}

bool gpio_is_ready_dt(const struct gpio_dt_spec *spec)
{
    return spec->port == &fake_gpio;
}

int gpio_pin_configure_dt(const struct gpio_dt_spec *spec, gpio_flags_t extra_flags)
{
    assert_int_equal(extra_flags, GPIO_OUTPUT_INACTIVE);
    if (uart.lacks.refuses_pins) {
        return -ENOTSUP;
    }
    pins[spec->pin].is_output = true;
    pins[spec->pin].is_active = false;
    show_pins();
    return 0;
}

/* gpio_pin_set_dt(): logical levels; these pins are GPIO_ACTIVE_LOW. */
int gpio_pin_set_dt(const struct gpio_dt_spec *spec, int value)
{
    assert_int_equal(spec->dt_flags, GPIO_ACTIVE_LOW);
    pins[spec->pin].is_active = value != 0;
    show_pins();
    return 0;
}

/* ---- UART ---- */

int uart_irq_callback_user_data_set(const struct device *dev, uart_irq_callback_user_data_t cb,
                                    void *user_data)
{
    (void)dev;
    if (uart.lacks.has_no_irq) {
        return -ENOSYS;
    }
    uart.callback = cb;
    uart.user_data = user_data;
    return 0;
}

void uart_irq_rx_enable(const struct device *dev)
{
    (void)dev;
    uart.is_rx_on = true;
    wire_block_interrupts(false); /* one that is pending comes at once */
}

void uart_irq_rx_disable(const struct device *dev)
{
    (void)dev;
    uart.is_rx_on = false;
}

void uart_irq_tx_enable(const struct device *dev)
{
    (void)dev;
    uart.is_tx_on = true;
    if (uart.lacks
            .has_no_fifo) { /* uart_cmsdk_apb.c: nothing has left, so it calls the handler itself, nothing is pending */
        call_handler();
    }
    wire_block_interrupts(false);
}

void uart_irq_tx_disable(const struct device *dev)
{
    (void)dev;
    uart.is_tx_on = false;
    uart.has_sent = false;
}

int uart_irq_update(const struct device *dev)
{
    (void)dev;
    must_be_in_handler();
    return 1;
}

int uart_irq_rx_ready(const struct device *dev)
{
    (void)dev;
    must_be_in_handler();
    return uart.is_rx_on && uart.count > 0 ? 1 : 0;
}

int uart_irq_tx_ready(const struct device *dev)
{
    (void)dev;
    must_be_in_handler();
    /* "if the interrupt is enabled", says uart.h; uart_cmsdk_apb.c does not ask. */
    return (uart.is_tx_on || uart.lacks.has_no_fifo) && has_room() ? 1 : 0;
}

int uart_poll_in(const struct device *dev, unsigned char *p_char)
{
    (void)dev;
    if (uart.count == 0) {
        return -1;
    }
    *p_char = uart.fifo[0];
    uart.count--;
    memmove(uart.fifo, uart.fifo + 1, uart.count);
    return 0;
}

/* Several drivers count in 8 bits (uart_stellaris.c, uart_stm32.c): they begin again at the first byte, without an end where
 * the FIFO is never full, as in QEMU. */
static void must_fit_8_bits(int size)
{
    assert_in_range(size, 1, UINT8_MAX);
}

int uart_fifo_read(const struct device *dev, uint8_t *rx_data, const int size)
{
    int done = 0;
    must_be_in_handler();
    must_fit_8_bits(size);
    while (done < size && uart_poll_in(dev, rx_data + done) == 0) {
        done++;
    }
    return done;
}

int uart_fifo_fill(const struct device *dev, const uint8_t *tx_data, int size)
{
    int done = 0;
    (void)dev;
    must_be_in_handler();
    must_fit_8_bits(size);
    while (done < size && has_room()) {
        wire_put(tx_data[done++]);
    }
    uart.has_sent = false;
    uart.is_sending = uart.lacks.has_no_fifo;
    return done;
}

int uart_err_check(const struct device *dev)
{
    const bool was_overrun = uart.is_overrun;
    (void)dev;
    if (uart.lacks.has_no_errors) {
        return -ENOSYS;
    }
    uart.is_overrun = false;
    return was_overrun ? UART_ERROR_OVERRUN : 0;
}

int uart_config_get(const struct device *dev, struct uart_config *cfg)
{
    (void)dev;
    *cfg = (struct uart_config){.baudrate = uart.rate_baud};
    return uart.lacks.has_no_config ? -ENOSYS : 0;
}

int uart_configure(const struct device *dev, const struct uart_config *cfg)
{
    (void)dev;
    assert_false(uart.is_rx_on);
    if (cfg->baudrate > 3000000) {
        return -EINVAL;
    }
    uart.rate_baud = cfg->baudrate;
    wire_set_rate(cfg->baudrate);
    return 0;
}
