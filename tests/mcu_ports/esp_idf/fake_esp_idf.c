/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stand-in behaves. Rules are those of components/esp_driver_uart/src of ESP-IDF 5.5, unless they name another file.
 */
#include <string.h>

#include "esp_idf_rig.h"
#include "esp_timer.h"
#include "fake_gpio.h"
#include "freertos/task.h"
#include "test.h"

enum {
    FIFO_SIZE = 128,
    FULL_THRESHOLD = 120,
    MAX_RING = 16384,
    MAX_EVENTS = 256,
    TICK_US = 10000, /* 100 Hz, which is the default */
    BITS_PER_BYTE = 10,
    POLL_US = 20,
    CLOCK_HZ = 80000000,
};

TickType_t idf_host_tick_rate_hz = 1000000 / TICK_US;

struct QueueDefinition {
    uart_event_t events[MAX_EVENTS];
    size_t size;
    size_t count;
};

static struct {
    uint8_t fifo[FIFO_SIZE];
    size_t fifo_count;
    size_t full_threshold;
    uint32_t silence_symbols;
    uint64_t last_byte_us;
    bool has_overflowed;
    uint8_t stash[FIFO_SIZE];
    size_t stash_count;
    uint8_t ring[MAX_RING];
    size_t ring_size;
    size_t ring_count;
    bool is_installed;
    bool is_configured;
    struct QueueDefinition queue;
    uint32_t rate_baud;
    uint32_t sixteenths; /* of the divisor */
} uart;

/* ---- the receiver ---- */

static void receive(uint8_t byte)
{
    uart.last_byte_us = wire_now_us();
    if (!uart.is_configured) {
        return;
    }
    if (uart.fifo_count == FIFO_SIZE) {
        uart.has_overflowed = true;
    } else {
        uart.fifo[uart.fifo_count++] = byte;
    }
}

/* uart_rx_intr_handler_default(): an event that finds no room is gone. */
static void send_event(uart_event_type_t type)
{
    if (uart.queue.count < uart.queue.size) {
        uart.queue.events[uart.queue.count++].type = type;
    }
}

/* uart_check_buf_full(): what found no room, when there is some. */
static void put_stash_into_ring(void)
{
    if (uart.stash_count <= uart.ring_size - uart.ring_count) {
        memcpy(uart.ring + uart.ring_count, uart.stash, uart.stash_count);
        uart.ring_count += uart.stash_count;
        uart.stash_count = 0;
    }
}

/* uart_rx_intr_handler_default(): the FIFO is taken first. What does not fit the ring waits outside of it, and this interrupt is off
 * meanwhile. An overflow empties the FIFO. */
static void serve(bool is_due)
{
    if (is_due && uart.stash_count == 0) {
        memcpy(uart.stash, uart.fifo, uart.fifo_count);
        uart.stash_count = uart.fifo_count;
        uart.fifo_count = 0;
        put_stash_into_ring();
        send_event(uart.stash_count > 0 ? UART_BUFFER_FULL : UART_DATA);
    }
    if (uart.has_overflowed) {
        uart.has_overflowed = false;
        uart.fifo_count = 0;
        send_event(UART_FIFO_OVF);
    }
}

static void interrupt(void)
{
    const uint64_t silence_us =
        (uint64_t)uart.silence_symbols * BITS_PER_BYTE * 1000000u / (uart.rate_baud + 1u);
    const bool is_due = uart.fifo_count >= uart.full_threshold ||
                        (uart.fifo_count > 0 && wire_now_us() >= uart.last_byte_us + silence_us);
    if (uart.is_installed && (is_due || uart.has_overflowed)) {
        serve(is_due);
    }
}

const wire_uart_t esp_idf_rig_wire = {.receive = receive, .interrupt = interrupt};

/* The interrupt after silence comes by itself. */
static void pass_us(uint64_t time_us)
{
    wire_pass_us(time_us);
    wire_block_interrupts(false);
}

/* Sleeps like xSemaphoreTake(): until the end of the n-th tick, unless it is woken. */
static bool sleep_until(bool (*is_done)(void), TickType_t ticks)
{
    const uint64_t end_us = (wire_now_us() / TICK_US + ticks) * TICK_US;
    while (!is_done()) {
        if (wire_now_us() >= end_us) {
            return false;
        }
        const uint64_t left_us = end_us - wire_now_us();
        if (uart.fifo_count > 0) { /* the end of silence */
            pass_us(left_us < POLL_US ? left_us : POLL_US);
        } else {
            wire_pass_to_event(left_us);
        }
    }
    return true;
}

static bool never(void)
{
    return false;
}

static bool has_bytes(void)
{
    return uart.ring_count > 0;
}

static bool is_idle(void)
{
    return wire_pending() == 0;
}

/* ---- time and queues ---- */

int64_t esp_timer_get_time(void)
{
    pass_us(1);
    return (int64_t)wire_clock_us();
}

void vTaskDelay(TickType_t xTicksToDelay)
{
    (void)sleep_until(never, xTicksToDelay);
}

BaseType_t xQueueReceive(QueueHandle_t xQueue, void *pvBuffer, TickType_t xTicksToWait)
{
    assert_int_equal(xTicksToWait, 0);
    if (xQueue->count == 0) {
        return pdFALSE;
    }
    memcpy(pvBuffer, &xQueue->events[0], sizeof(xQueue->events[0]));
    xQueue->count--;
    memmove(&xQueue->events[0], &xQueue->events[1], xQueue->count * sizeof(xQueue->events[0]));
    return pdTRUE;
}

UBaseType_t uxQueueSpacesAvailable(QueueHandle_t xQueue)
{
    return (UBaseType_t)(xQueue->size - xQueue->count);
}

/* ---- pins ---- */

static void show_pins(void)
{
    wire_set_pins(fake_gpio_level(GPIO_NUM_4), fake_gpio_level(GPIO_NUM_5));
}

void esp_idf_rig_start(void)
{
    memset(&uart, 0, sizeof(uart));
    uart.full_threshold = FULL_THRESHOLD;
    uart.silence_symbols = 10;
    wire_start(&esp_idf_rig_wire, NULL);
    fake_gpio_start(show_pins);
}

/* ---- the driver ---- */

/* uart_param_config() turns the module's clock on, without which nothing is received. */
esp_err_t uart_param_config(uart_port_t uart_num, const uart_config_t *uart_config)
{
    assert_int_equal(uart_num, UART_NUM_1);
    assert_false(uart.is_installed);
    uart.is_configured = true;
    return uart_set_baudrate(uart_num, (uint32_t)uart_config->baud_rate);
}

esp_err_t uart_set_pin(uart_port_t uart_num, int tx_io_num, int rx_io_num, int rts_io_num, int cts_io_num)
{
    (void)uart_num;
    assert_int_equal(rts_io_num & cts_io_num, UART_PIN_NO_CHANGE);
    return tx_io_num < GPIO_NUM_MAX && rx_io_num < GPIO_NUM_MAX ? ESP_OK : ESP_FAIL;
}

/* uart_driver_install(): FAIL when it is installed, and for rings that are not larger than the FIFO. */
esp_err_t uart_driver_install(uart_port_t uart_num, int rx_buffer_size, int tx_buffer_size, int queue_size,
                              QueueHandle_t *uart_queue, int intr_alloc_flags)
{
    (void)uart_num;
    assert_int_equal(intr_alloc_flags, 0);
    assert_in_range(rx_buffer_size, 1, MAX_RING);
    assert_in_range(queue_size, 1, MAX_EVENTS);
    if (uart.is_installed || rx_buffer_size <= FIFO_SIZE ||
        (tx_buffer_size != 0 && tx_buffer_size <= FIFO_SIZE)) {
        return ESP_FAIL;
    }
    uart.is_installed = true;
    uart.ring_size = (size_t)rx_buffer_size;
    uart.ring_count = 0;
    uart.stash_count = 0;
    uart.queue.size = (size_t)queue_size;
    uart.queue.count = 0;
    *uart_queue = &uart.queue;
    return ESP_OK;
}

esp_err_t uart_driver_delete(uart_port_t uart_num)
{
    (void)uart_num;
    uart.is_installed = false;
    uart.is_configured = false;
    return ESP_OK;
}

bool uart_is_driver_installed(uart_port_t uart_num)
{
    assert_in_range(uart_num, UART_NUM_0, UART_NUM_MAX - 1);
    return uart_num == UART_NUM_1 && uart.is_installed;
}

/* uart_read_bytes(): waits for all bytes, so long for each item of the ring; after each, what found no room comes in. */
int uart_read_bytes(uart_port_t uart_num, void *buf, uint32_t length, TickType_t ticks_to_wait)
{
    size_t done = 0;
    (void)uart_num;
    if (!uart.is_installed) {
        return -1;
    }
    while (done < length && sleep_until(has_bytes, ticks_to_wait)) {
        const size_t left = length - done;
        const size_t size = uart.ring_count < left ? uart.ring_count : left;
        memcpy((uint8_t *)buf + done, uart.ring, size);
        uart.ring_count -= size;
        memmove(uart.ring, uart.ring + size, uart.ring_count);
        done += size;
        put_stash_into_ring();
    }
    return (int)done;
}

/* uart_write_bytes() without a ring: until everything is in the FIFO, for ever if need be. */
int uart_write_bytes(uart_port_t uart_num, const void *src, size_t size)
{
    (void)uart_num;
    for (size_t i = 0; i < size; i++) {
        while (wire_pending() >= FIFO_SIZE) {
            assert_true(wire_pending() <= FIFO_SIZE); /* else the port hangs here */
            pass_us(POLL_US);
        }
        wire_put(((const uint8_t *)src)[i]);
    }
    return (int)size;
}

esp_err_t uart_wait_tx_done(uart_port_t uart_num, TickType_t ticks_to_wait)
{
    (void)uart_num;
    return sleep_until(is_idle, ticks_to_wait) ? ESP_OK : ESP_ERR_TIMEOUT;
}

esp_err_t uart_get_buffered_data_len(uart_port_t uart_num, size_t *size)
{
    (void)uart_num;
    pass_us(1);
    *size = uart.ring_count;
    return uart.is_installed ? ESP_OK : ESP_FAIL;
}

esp_err_t uart_flush_input(uart_port_t uart_num)
{
    (void)uart_num;
    uart.ring_count = 0;
    uart.stash_count = 0;
    uart.fifo_count = 0; /* the interrupt of an overflow stays */
    return uart.is_installed ? ESP_OK : ESP_FAIL;
}

/* uart_ll_set_baudrate() and uart_ll_get_baudrate() (components/hal/esp32, 4.4 to 6.0): a divisor in sixteenths, rounded down. Rates
 * above UART_BITRATE_MAX are taken and told although the UART cannot make them, and above 16 times the clock asking for the rate
 * divides by 0. A rate of 0 is refused, before 5.5 it is a division by 0. */
esp_err_t uart_set_baudrate(uart_port_t uart_num, uint32_t baudrate)
{
    (void)uart_num;
    assert_true(baudrate > 0);
    uart.sixteenths = (uint32_t)((uint64_t)CLOCK_HZ * 16 / baudrate);
    if (baudrate <= UART_BITRATE_MAX) {
        uart.rate_baud = CLOCK_HZ * 16u / uart.sixteenths;
        wire_set_rate(uart.rate_baud);
    }
    return ESP_OK;
}

esp_err_t uart_get_baudrate(uart_port_t uart_num, uint32_t *baudrate)
{
    (void)uart_num;
    assert_true(uart.sixteenths > 0);
    *baudrate = CLOCK_HZ * 16u / uart.sixteenths;
    return ESP_OK;
}

esp_err_t uart_set_rx_timeout(uart_port_t uart_num, const uint8_t tout_thresh)
{
    (void)uart_num;
    uart.silence_symbols = tout_thresh;
    return ESP_OK;
}

esp_err_t uart_set_rx_full_threshold(uart_port_t uart_num, int threshold)
{
    (void)uart_num;
    uart.full_threshold = (size_t)threshold;
    return ESP_OK;
}
