/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The checks of the kit themselves: a port that keeps the contract passes them all, and each of its defects fails the check
 * that is made for it.
 */
#include <string.h>

#include "conformance_excuses.h"
#include "conformance_report.h"
#include "test.h"
#include "wire.h"

enum { RING_SIZE = 4096, FIFO_SIZE = 16, POLL_US = 10 };

typedef enum {
    DEFECT_NONE = 0,
    DEFECT_LOOK_WAITS,
    DEFECT_EARLY_TIMEOUT,
    DEFECT_LATE_TIMEOUT,
    DEFECT_EMPTY_SUCCESS,
    DEFECT_READ_DROPS_REST,
    DEFECT_READ_WAITS_FOR_ALL,
    DEFECT_XON,
    DEFECT_WRITE_STOPS,
    DEFECT_WRITE_TIMEOUT_RESTARTS,
    DEFECT_WRITE_COUNT,
    DEFECT_SMALL_RING,
    DEFECT_SILENT_LOSS,
    DEFECT_DEAF_AFTER_LOSS,
    DEFECT_READ_WAITS_FOR_SILENCE,
    DEFECT_SHORT_DELAY,
    DEFECT_CLOCK_OF_31_BITS,
    DEFECT_OPENS_ONCE,
    DEFECT_KEEPS_OLD_BYTES,
    DEFECT_CLOSED_TIMEOUT,
    DEFECT_INIT_PULLS,
    DEFECT_BOOT_TOO_LATE,
    DEFECT_RESET_HOLDS_BOOT,
    DEFECT_RATE_BEFORE_SENT,
    DEFECT_RATE_IGNORED,
    DEFECT_RATE_ZERO,
    DEFECT_VANISHED_LOSES_BYTES,
    DEFECT_VANISHED_TIMES_OUT,
    DEFECT_VANISHED_IS_WRITTEN_TO,
} defect_t;

static struct {
    defect_t defect;
    uint8_t fifo[FIFO_SIZE];
    size_t fifo_size;
    uint8_t ring[RING_SIZE];
    size_t size;
    bool is_lossy;
    bool is_deaf;
    bool is_open;
    bool was_open;
    bool is_gone;
} model;

static bool has(defect_t defect)
{
    return model.defect == defect;
}

static void receive(uint8_t byte)
{
    if (model.fifo_size == FIFO_SIZE) {
        model.is_lossy = true;
        return;
    }
    model.fifo[model.fifo_size++] = byte;
}

static void interrupt(void)
{
    const size_t capacity = has(DEFECT_SMALL_RING) ? 64 : RING_SIZE;
    for (size_t i = 0; i < model.fifo_size; i++) {
        if (has(DEFECT_XON) && model.fifo[i] == 0x11) {
            continue;
        }
        if (model.size < capacity && !model.is_deaf) {
            model.ring[model.size++] = model.fifo[i];
        } else {
            model.is_lossy = !has(DEFECT_SMALL_RING);
        }
    }
    model.fifo_size = 0;
}

static const wire_uart_t model_uart = {.receive = receive, .interrupt = interrupt};

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return (uint32_t)(wire_clock_us() / 1000) & (has(DEFECT_CLOCK_OF_31_BITS) ? UINT32_MAX / 2 : UINT32_MAX);
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    wire_pass_us((uint64_t)(has(DEFECT_SHORT_DELAY) ? ms / 2 : ms) * 1000);
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    (void)port;
    if (has(DEFECT_OPENS_ONCE) && model.is_open) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    if (!has(DEFECT_KEEPS_OLD_BYTES)) {
        model.size = 0;
    }
    model.fifo_size = 0;
    model.is_lossy = false;
    model.is_deaf = false;
    model.is_gone = false;
    model.is_open = true;
    wire_set_rate(115200);
    if (has(DEFECT_INIT_PULLS)) {
        wire_set_pins(false, false);
    }
    wire_set_pins(true, true);
    return ESP_LOADER_SUCCESS;
}

static void port_deinit(esp_loader_port_t *port)
{
    (void)port;
    model.is_open = false;
}

/* Until something has come, or the time is over. */
static void wait_for_byte(uint32_t timeout_ms)
{
    const uint64_t end_us = wire_now_us() + (uint64_t)timeout_ms * 1000;
    while (model.size == 0 && !model.is_lossy && !model.is_gone && wire_now_us() < end_us) {
        wire_pass_us(POLL_US);
    }
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    *out_read = 0;
    if (!model.is_open && !has(DEFECT_CLOSED_TIMEOUT)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (has(DEFECT_LOOK_WAITS) && timeout_ms == 0) {
        timeout_ms = 30;
    }
    if (has(DEFECT_LATE_TIMEOUT) && timeout_ms == 50) {
        timeout_ms = 150;
    }
    wait_for_byte(has(DEFECT_EARLY_TIMEOUT) ? timeout_ms / 2 : timeout_ms);
    if (has(DEFECT_READ_WAITS_FOR_ALL)) {
        wire_pass_us(100000);
    }
    while (has(DEFECT_READ_WAITS_FOR_SILENCE) && model.size > 0 && model.size < RING_SIZE) {
        const size_t before = model.size;
        wire_pass_us(200);
        if (model.size == before) {
            break;
        }
    }
    if (model.is_lossy && !has(DEFECT_SILENT_LOSS)) {
        model.is_lossy = false;
        model.is_deaf = has(DEFECT_DEAF_AFTER_LOSS);
        model.size = 0;
        return ESP_LOADER_ERROR_IO;
    }
    model.is_lossy = false;
    if (model.size == 0) {
        return has(DEFECT_EMPTY_SUCCESS) ? ESP_LOADER_SUCCESS
               : model.is_gone           ? ESP_LOADER_ERROR_DISCONNECTED
                                         : ESP_LOADER_ERROR_TIMEOUT;
    }
    *out_read = model.size < capacity ? model.size : capacity;
    memcpy(buf, model.ring, *out_read);
    memmove(model.ring, model.ring + *out_read, model.size - *out_read);
    model.size = has(DEFECT_READ_DROPS_REST) ? 0 : model.size - *out_read;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    uint64_t end_us = wire_now_us() + (uint64_t)timeout_ms * 1000;
    (void)port;
    *out_written = 0;
    if (!model.is_open && !has(DEFECT_CLOSED_TIMEOUT)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (model.is_gone && !has(DEFECT_VANISHED_IS_WRITTEN_TO)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    while (*out_written < size && !(has(DEFECT_WRITE_STOPS) && *out_written == 4096)) {
        if (wire_pending() < FIFO_SIZE) {
            wire_put(data[(*out_written)++]);
            if (has(DEFECT_WRITE_TIMEOUT_RESTARTS)) {
                end_us = wire_now_us() + (uint64_t)timeout_ms * 1000;
            }
        } else if (wire_now_us() >= end_us + (has(DEFECT_WRITE_TIMEOUT_RESTARTS) ? 100000 : 0)) {
            *out_written = has(DEFECT_WRITE_COUNT) ? size : *out_written;
            return ESP_LOADER_ERROR_TIMEOUT;
        } else {
            wire_pass_us(POLL_US);
        }
    }
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    wire_set_pins(false, has(DEFECT_BOOT_TOO_LATE));
    port_delay_ms(port, 100);
    wire_set_pins(true, has(DEFECT_BOOT_TOO_LATE));
    wire_set_pins(true, false);
    port_delay_ms(port, 50);
    wire_set_pins(true, true);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    wire_set_pins(false, !has(DEFECT_RESET_HOLDS_BOOT));
    port_delay_ms(port, 100);
    wire_set_pins(true, !has(DEFECT_RESET_HOLDS_BOOT));
    wire_set_pins(true, true);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    (void)port;
    if (rate_baud == 0 && !has(DEFECT_RATE_ZERO)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    while (wire_pending() > 0 && !has(DEFECT_RATE_BEFORE_SENT)) {
        wire_pass_us(POLL_US);
    }
    if (!has(DEFECT_RATE_IGNORED) && rate_baud > 0) {
        wire_set_rate(rate_baud);
    }
    return ESP_LOADER_SUCCESS;
}

static const esp_loader_port_ops_t model_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
    .set_rate = port_set_rate,
};

/* The wire, and a device that can be unplugged. */
static void unplug(void *ctx)
{
    (void)ctx;
    model.is_gone = !has(DEFECT_VANISHED_TIMES_OUT);
    model.size = has(DEFECT_VANISHED_LOSES_BYTES) ? 0 : model.size;
}

static conformance_peer_t pluggable_peer(void)
{
    conformance_peer_t peer = wire_peer;
    peer.unplug = unplug;
    return peer;
}

static size_t run_with(defect_t defect, conformance_row_t *rows)
{
    esp_loader_port_t port = {.ops = &model_ops};
    memset(&model, 0, sizeof(model));
    model.defect = defect;
    const conformance_peer_t peer = pluggable_peer();
    wire_start(&model_uart, NULL);
    return port_conformance_run(&port, &peer, rows);
}

TEST(a_port_that_keeps_the_contract_passes)
{
    esp_loader_port_t port = {.ops = &model_ops};
    memset(&model, 0, sizeof(model));
    const conformance_peer_t peer = pluggable_peer();
    wire_start(&model_uart, NULL);
    assert_conforms(&port, &peer, (const char *const[]){NULL});
}

TEST(what_is_not_checked_needs_a_reason_and_nothing_else_has_one)
{
    const conformance_row_t made[] = {{"a read works", CONFORMANCE_PASSED, ""},
                                      {"a device that vanishes", CONFORMANCE_NOT_CHECKED, "the peer cannot"}};
    conformance_row_t rows[2];
    memcpy(rows, made, sizeof(rows));
    assert_null(conformance_excuse(rows, 2, (const char *const[]){"vanishes: it is soldered", NULL}));
    assert_string_equal(rows[1].why, "it is soldered");
    memcpy(rows, made, sizeof(rows));
    assert_ptr_equal(conformance_excuse(rows, 2, (const char *const[]){NULL}), &rows[1]);
    assert_ptr_equal(conformance_excuse(rows, 2, (const char *const[]){"vanishes", NULL}), &rows[1]);
    const char *const both[] = {"vanishes: it is soldered", "read works: it is not needed", NULL};
    assert_ptr_equal(conformance_excuse(rows, 2, both), &rows[0]);
}

static const struct {
    defect_t defect;
    const char *check; /* a part of its name */
} defects[] = {
    {DEFECT_LOOK_WAITS, "timeout 0"},
    {DEFECT_EARLY_TIMEOUT, "not early and not late"},
    {DEFECT_LATE_TIMEOUT, "not early and not late"},
    {DEFECT_EMPTY_SUCCESS, "not early and not late"},
    {DEFECT_READ_DROPS_REST, "the next one the rest"},
    {DEFECT_READ_WAITS_FOR_ALL, "does not wait for more"},
    {DEFECT_XON, "all values"},
    {DEFECT_WRITE_STOPS, "large write"},
    {DEFECT_WRITE_TIMEOUT_RESTARTS, "covers the call"},
    {DEFECT_WRITE_COUNT, "covers the call"},
    {DEFECT_SMALL_RING, "nobody reads"},
    {DEFECT_SILENT_LOSS, "an overrun"},
    {DEFECT_DEAF_AFTER_LOSS, "an overrun"},
    {DEFECT_READ_WAITS_FOR_SILENCE, "never stop"},
    {DEFECT_SHORT_DELAY, "a delay"},
    {DEFECT_CLOCK_OF_31_BITS, "may wrap"},
    {DEFECT_OPENS_ONCE, "init again"},
    {DEFECT_KEEPS_OLD_BYTES, "before"},
    {DEFECT_CLOSED_TIMEOUT, "a closed port"},
    {DEFECT_INIT_PULLS, "init pulls"},
    {DEFECT_BOOT_TOO_LATE, "into the loader"},
    {DEFECT_RESET_HOLDS_BOOT, "reset: "},
    {DEFECT_RATE_BEFORE_SENT, "a change of rate"},
    {DEFECT_RATE_IGNORED, "a change of rate"},
    {DEFECT_RATE_ZERO, "an impossible rate"},
    {DEFECT_VANISHED_LOSES_BYTES, "vanishes"},
    {DEFECT_VANISHED_TIMES_OUT, "vanishes"},
    {DEFECT_VANISHED_IS_WRITTEN_TO, "vanishes"},
};

TEST_ROWS(a_defect_fails_its_check, defects)
{
    conformance_row_t rows[CONFORMANCE_MAX_ROWS];
    const size_t count = run_with(row->defect, rows);
    bool is_found = false;
    for (size_t i = 0; i < count; i++) {
        is_found |= rows[i].outcome == CONFORMANCE_FAILED && strstr(rows[i].check, row->check) != NULL;
    }
    assert_true(is_found);
}
