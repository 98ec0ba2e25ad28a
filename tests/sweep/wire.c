/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wire.h"

#include <stdio.h>
#include <string.h>

#include "wire_faults.h"

enum { END = 0xC0, ESC = 0xDB, ESC_END = 0xDC, ESC_ESC = 0xDD, CALLS_MAX = 20000000 };

static wire_t *self(esp_loader_port_t *port)
{
    return container_of(port, wire_t, base.port);
}

static uint32_t byte_us(const wire_t *wire)
{
    return wire->link == ESP_LOADER_LINK_UART ? 87 : 1; /* 115200 baud */
}

/* A library that no longer comes back is given errors from here on, so that it does. */
static bool is_over(wire_t *wire)
{
    wire->calls++;
    wire->has_hung = wire->has_hung || wire->calls > CALLS_MAX || wire->now_us / 1000 > wire->limit_ms;
    return wire->has_hung;
}

static void advance(wire_t *wire, uint64_t us)
{
    wire->now_us += us;
    chip_advance(wire->chip, wire->now_us);
}

/* ---- to the target ---- */

static void deliver(wire_t *wire, uint8_t byte)
{
    advance(wire, byte_us(wire));
    chip_receive(wire->chip, byte);
}

static void send_byte(wire_t *wire, uint8_t byte)
{
    uint32_t index = wire->counts[SPACE_OUT]++;
    byte_fault_t fault = {.byte = byte, .copies = 1};
    wire_fault_out(wire, index, &fault);
    advance(wire, fault.delay_us);
    if (fault.has_extra) {
        deliver(wire, fault.extra);
    }
    for (unsigned i = 0; i < fault.copies; i++) {
        deliver(wire, fault.byte);
    }
}

static void trace(const wire_t *wire, const char *what, const uint8_t *data, size_t size)
{
    if (!wire->is_traced) {
        return;
    }
    printf("%10.3f ms %s", (double)wire->now_us / 1000, what);
    for (size_t i = 0; i < size && i < 40; i++) {
        printf(" %02X", data[i]);
    }
    printf("%s (%zu)\n", size > 40 ? " ..." : "", size);
}

/* Where requests begin, and in them what is to be erased: size and offset, the words 0 and 3 of FLASH_BEGIN
 * and FLASH_DEFL_BEGIN, 0 and 1 of ERASE_REGION. Escapes in front of them are not looked at. */
static void note_request(wire_t *wire, const uint8_t *data, size_t size)
{
    if (data[0] != END || size < 3 || wire->header_count == HEADERS_MAX) {
        return;
    }
    wire->headers[wire->header_count++] = wire->counts[SPACE_OUT];
    bool is_begin = data[2] == 0x02 || data[2] == 0x10;
    if ((is_begin || data[2] == 0xD1) && wire->begin_count + BEGIN_SIZE <= HEADERS_MAX) {
        for (uint32_t i = 0; i < BEGIN_SIZE; i++) {
            uint32_t word = i < 4 ? 0 : is_begin ? 3 : 1;
            wire->begins[wire->begin_count++] = wire->counts[SPACE_OUT] + 9 + 4 * word + i % 4;
        }
    }
}

static esp_loader_error_t write_bytes(wire_t *wire, const uint8_t *data, size_t size, size_t *out_written)
{
    uint32_t index = wire->counts[SPACE_WRITE]++;
    esp_loader_error_t err = ESP_LOADER_SUCCESS;
    *out_written = 0;
    if (is_over(wire)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    trace(wire, "->", data, size);
    note_request(wire, data, size);
    size_t kept = wire_fault_write(wire, index, size, &err);
    for (size_t i = 0; i < kept; i++) {
        size_t whole = wire_fault_out_distance(wire, wire->counts[SPACE_OUT], kept - i);
        whole = chip_receive_plain(wire->chip, data + i, whole);
        if (whole > 0) {
            advance(wire, whole * byte_us(wire));
            wire->counts[SPACE_OUT] += (uint32_t)whole;
            i += whole;
        }
        if (i < kept) {
            send_byte(wire, data[i]);
        }
    }
    wire->counts[SPACE_OUT] += (uint32_t)(size - kept);
    *out_written = err == ESP_LOADER_SUCCESS ? size : kept;
    return err;
}

/* ---- from the target ---- */

static void queue_byte(wire_t *wire, uint8_t byte)
{
    wire->last_in_us += byte_us(wire);
    if (wire->queue_count < QUEUE) {
        uint32_t at = (wire->queue_head + wire->queue_count++) % QUEUE;
        wire->queue[at].at_us = wire->last_in_us;
        wire->queue[at].byte = byte;
    }
}

static void come_byte(wire_t *wire, uint8_t byte)
{
    byte_fault_t fault = {.byte = byte, .copies = 1};
    wire_fault_in(wire, wire->counts[SPACE_IN]++, &fault);
    wire->last_in_us += fault.delay_us;
    if (fault.has_extra) {
        queue_byte(wire, fault.extra);
    }
    for (unsigned i = 0; i < fault.copies; i++) {
        queue_byte(wire, fault.byte);
    }
}

static void come_frame(void *ctx, uint64_t at_us, const uint8_t *frame, size_t size)
{
    wire_t *wire = ctx;
    trace(wire, "<-", frame, size);
    at_us += wire_fault_latency_us(wire);
    wire->last_in_us = wire->last_in_us > at_us ? wire->last_in_us : at_us;
    come_byte(wire, END);
    for (size_t i = 0; i < size; i++) {
        if (frame[i] == END || frame[i] == ESC) {
            come_byte(wire, ESC);
            come_byte(wire, frame[i] == END ? ESC_END : ESC_ESC);
        } else {
            come_byte(wire, frame[i]);
        }
    }
    come_byte(wire, END);
}

static void emit(void *ctx, uint64_t at_us, const uint8_t *frame, size_t size)
{
    wire_t *wire = ctx;
    wire_fault_reply(wire, wire->counts[SPACE_REPLY]++, at_us, frame, size, come_frame);
    wire->previous_size = size;
    memcpy(wire->previous, frame, size);
}

static void emit_text(void *ctx, uint64_t at_us, const char *text)
{
    wire_t *wire = ctx;
    wire->last_in_us = wire->last_in_us > at_us ? wire->last_in_us : at_us;
    for (; *text != 0; text++) {
        come_byte(wire, (uint8_t)*text);
    }
}

/* Waits for the first byte, and takes what is there by then. */
static esp_loader_error_t read_bytes(wire_t *wire, uint8_t *buf, size_t capacity, uint32_t timeout_ms,
                                     size_t *out_read)
{
    uint64_t end_us = wire->now_us + (uint64_t)timeout_ms * 1000;
    esp_loader_error_t err = ESP_LOADER_SUCCESS;
    *out_read = 0;
    bool has_data = wire_fault_read(wire, wire->counts[SPACE_READ]++, &capacity, &err);
    if (is_over(wire)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (!has_data) {
        return err;
    }
    while (wire->queue_count == 0 || wire->queue[wire->queue_head].at_us > wire->now_us) {
        uint64_t next_us = chip_next_event(wire->chip);
        if (wire->queue_count > 0 && wire->queue[wire->queue_head].at_us < next_us) {
            next_us = wire->queue[wire->queue_head].at_us;
        }
        if (next_us > end_us) {
            advance(wire, end_us - wire->now_us);
            return err == ESP_LOADER_SUCCESS ? ESP_LOADER_ERROR_TIMEOUT : err;
        }
        advance(wire, next_us > wire->now_us ? next_us - wire->now_us : 0);
    }
    while (*out_read < capacity && wire->queue_count > 0 &&
           wire->queue[wire->queue_head].at_us <= wire->now_us) {
        buf[(*out_read)++] = wire->queue[wire->queue_head].byte;
        wire->queue_head = (wire->queue_head + 1) % QUEUE;
        wire->queue_count--;
    }
    return err;
}

/* ---- the port, second generation ---- */

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    (void)timeout_ms;
    return write_bytes(self(port), data, size, out_written);
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    return read_bytes(self(port), buf, capacity, timeout_ms, out_read);
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    wire_t *wire = self(port);
    wire_fault_clock(wire, wire->counts[SPACE_CLOCK]++);
    (void)is_over(wire);
    return wire->clock_base_ms + wire->clock_jump_ms + (uint32_t)(wire->now_us / 1000);
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    wire_t *wire = self(port);
    (void)is_over(wire);
    advance(wire, (uint64_t)ms * 1000);
}

static esp_loader_error_t enter_bootloader(esp_loader_port_t *port)
{
    wire_t *wire = self(port);
    advance(wire, 100000);
    chip_reset(wire->chip, true);
    advance(wire, 50000);
    return ESP_LOADER_SUCCESS;
}

/* ---- first generation ---- */

static void start_timer(esp_loader_port_t *port, uint32_t ms)
{
    wire_t *wire = self(port);
    wire->timer_end_us = wire->now_us + (uint64_t)ms * 1000;
}

/* A jump of the clock ends or stretches the timer. */
static uint32_t remaining_time(esp_loader_port_t *port)
{
    wire_t *wire = self(port);
    uint32_t jump_ms = wire->clock_jump_ms;
    wire_fault_clock(wire, wire->counts[SPACE_CLOCK]++);
    (void)is_over(wire);
    jump_ms = wire->clock_jump_ms - jump_ms;
    if (jump_ms != 0 && jump_ms < UINT32_MAX / 2) {
        uint64_t jump_us = (uint64_t)jump_ms * 1000;
        wire->timer_end_us = wire->timer_end_us > jump_us ? wire->timer_end_us - jump_us : 0;
    }
    return wire->timer_end_us > wire->now_us ? (uint32_t)((wire->timer_end_us - wire->now_us) / 1000) : 0;
}

void wire_init(wire_t *wire, chip_t *chip)
{
    size_t size = offsetof(wire_t, queue);
    memset(wire, 0, size);
    wire->queue_head = wire->queue_count = 0;
    wire->last_in_us = 0;
    wire->previous_size = 0;
    wire->header_count = wire->begin_count = 0;
    wire->chip = chip;
    chip->gate = wire_fault_command;
    chip->emit = emit;
    chip->emit_text = emit_text;
    chip->ctx = wire;
}

void wire_open(wire_t *wire)
{
    static const esp_loader_port_ops_t hooks = {.delay_ms = delay_ms,
                                                .write_all = write_all,
                                                .read_some = read_some,
                                                .now_ms = now_ms,
                                                .enter_bootloader_checked = enter_bootloader};
    test_port_init(&wire->base, &hooks);
    esp_loader_port_ops_t *ops = &wire->base.ops;
    const esp_loader_port_ops_t second = *ops;
    wire->base.link = wire->link;
    ops->set_lines = NULL;
    ops->set_rate = NULL;
    if (wire->is_first_generation) { /* with a timer that jumps as the clock does */
        test_port_make_v1(&wire->base);
        ops->start_timer = start_timer;
        ops->remaining_time = remaining_time;
        ops->link_kind = second.link_kind;
    }
    if (!wire->has_reset) {
        ops->enter_bootloader = NULL;
        ops->enter_bootloader_checked = NULL;
    }
}

void wire_settle(wire_t *wire)
{
    wire->fault_count = 0;
    wire->calls = 0;
    wire->has_hung = false;
    if (wire->last_in_us > wire->now_us) {
        advance(wire, wire->last_in_us - wire->now_us);
    }
    wire->limit_ms += (uint32_t)(wire->now_us / 1000);
}
