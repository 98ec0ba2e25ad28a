/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire of wire.h.
 */
#include "wire.h"

#include <string.h>

#include "test.h"

enum {
    QUEUE_SIZE = 1 << 16, /* powers of two */
    MAX_STATES = 64,
    BITS_PER_BYTE = 10,
    STUCK = 1 << 20,
    OVERRUN_BYTES = 6000, /* more than any receiver here holds */
    STEPS_PER_CALL = 1 << 22,
};

/** Bytes with the time at which they are there. */
typedef struct {
    uint8_t bytes[QUEUE_SIZE];
    uint64_t due_us[QUEUE_SIZE];
    size_t first;
    size_t last;
} queue_t;

static struct {
    const wire_uart_t *uart;
    esp_sim_t *sim;
    uint64_t now_us;
    int64_t clock_offset_us;
    uint32_t rate_baud;
    queue_t to_host;
    queue_t to_peer;
    queue_t arrived;
    bool is_held;
    bool is_storming;
    bool is_blocked;
    bool is_in_interrupt;
    conformance_pins_t states[MAX_STATES];
    size_t state_count;
} wire;

static bool is_empty(const queue_t *queue)
{
    return queue->first == queue->last;
}

static void put(queue_t *queue, uint8_t byte, uint64_t due_us)
{
    assert_true(queue->last - queue->first < QUEUE_SIZE);
    queue->bytes[queue->last % QUEUE_SIZE] = byte;
    queue->due_us[queue->last % QUEUE_SIZE] = due_us;
    queue->last++;
}

static uint64_t due(const queue_t *queue, size_t index)
{
    return queue->due_us[index % QUEUE_SIZE];
}

static uint8_t take(queue_t *queue)
{
    return queue->bytes[queue->first++ % QUEUE_SIZE];
}

static uint64_t byte_us(void)
{
    return (BITS_PER_BYTE * 1000000u + wire.rate_baud - 1) / wire.rate_baud;
}

/* When the byte after those that are queued would be there. */
static uint64_t next_due(const queue_t *queue, uint64_t earliest_us)
{
    const uint64_t last_us = queue->last == 0 ? 0 : due(queue, queue->last - 1);
    return (last_us > earliest_us ? last_us : earliest_us) + byte_us();
}

void wire_start(const wire_uart_t *uart, esp_sim_t *sim)
{
    memset(&wire, 0, sizeof(wire));
    wire.uart = uart;
    wire.sim = sim;
    wire.rate_baud = 115200;
    wire.states[wire.state_count++] = (conformance_pins_t){.en = true, .boot = true};
    if (sim != NULL) {
        wire.now_us = esp_sim_now_us(sim);
    }
}

uint64_t wire_now_us(void)
{
    return wire.now_us;
}

uint64_t wire_clock_us(void)
{
    return wire.now_us + (uint64_t)wire.clock_offset_us;
}

/* ---- time ---- */

static void serve_interrupt(void)
{
    if (wire.uart->interrupt != NULL && !wire.is_blocked && !wire.is_in_interrupt) {
        wire.is_in_interrupt = true;
        wire.uart->interrupt();
        wire.is_in_interrupt = false;
    }
}

void wire_block_interrupts(bool is_blocked)
{
    wire.is_blocked = is_blocked;
    serve_interrupt();
}

/* What the virtual chip has sent by now has the host's rate already, or is garbage. */
static void fetch_from_sim(void)
{
    uint8_t buf[256];
    size_t got;
    if (wire.sim == NULL) {
        return;
    }
    while ((got = esp_sim_host_read(wire.sim, buf, sizeof(buf))) > 0) {
        for (size_t i = 0; i < got; i++) {
            put(&wire.to_host, buf[i], next_due(&wire.to_host, wire.now_us - byte_us()));
        }
    }
}

static void deliver_to_peer(uint8_t byte)
{
    if (wire.sim == NULL) {
        put(&wire.arrived, byte, wire.now_us);
        return;
    }
    (void)esp_sim_host_write(wire.sim, &byte, 1); /* a UART cannot wait: what is not taken is lost */
}

static uint64_t sooner(uint64_t a_us, uint64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

static uint64_t next_event_us(void)
{
    uint64_t next_us = UINT64_MAX;
    if (wire.is_storming && is_empty(&wire.to_host)) {
        put(&wire.to_host, (uint8_t)wire.now_us, wire.now_us + byte_us());
    }
    if (!is_empty(&wire.to_host)) {
        next_us = due(&wire.to_host, wire.to_host.first);
    }
    if (!is_empty(&wire.to_peer)) {
        next_us = sooner(next_us, due(&wire.to_peer, wire.to_peer.first));
    }
    if (wire.sim != NULL) {
        next_us = sooner(next_us, esp_sim_next_event_us(wire.sim));
    }
    return next_us;
}

/* Everything that is due now. */
static void happen(void)
{
    if (wire.sim != NULL) {
        esp_sim_run_until(wire.sim, wire.now_us);
        fetch_from_sim();
    }
    while (!is_empty(&wire.to_peer) && due(&wire.to_peer, wire.to_peer.first) <= wire.now_us) {
        deliver_to_peer(take(&wire.to_peer));
        serve_interrupt();
    }
    while (!is_empty(&wire.to_host) && due(&wire.to_host, wire.to_host.first) <= wire.now_us) {
        wire.uart->receive(take(&wire.to_host));
        serve_interrupt();
    }
}

/* To the next event, or the end. */
static void step(uint64_t end_us)
{
    if (wire.uart->settle != NULL) {
        wire.uart->settle();
    }
    const uint64_t next_us = next_event_us();
    wire.now_us = next_us > wire.now_us ? sooner(next_us, end_us) : wire.now_us;
    happen();
}

void wire_pass_us(uint64_t time_us)
{
    const uint64_t end_us = wire.now_us + time_us;
    assert_false(wire.is_in_interrupt);
    for (size_t i = 0; wire.now_us < end_us; i++) {
        assert_true(i < STEPS_PER_CALL);
        step(end_us);
    }
    happen();
}

void wire_pass_to_event(uint64_t time_us)
{
    assert_false(wire.is_in_interrupt);
    step(wire.now_us + time_us);
}

/* ---- the host's side ---- */

void wire_put(uint8_t byte)
{
    put(&wire.to_peer, byte, next_due(&wire.to_peer, wire.now_us));
}

size_t wire_pending(void)
{
    return wire.is_held ? STUCK : wire.to_peer.last - wire.to_peer.first;
}

void wire_set_rate(uint32_t rate_baud)
{
    for (size_t i = wire.to_peer.first; i != wire.to_peer.last; i++) {
        wire.to_peer.bytes[i % QUEUE_SIZE] ^= 0x55;
    }
    wire.rate_baud = rate_baud;
    if (wire.sim != NULL) {
        (void)esp_sim_host_set_rate(wire.sim, rate_baud);
    }
}

void wire_set_pins(bool en, bool boot)
{
    const conformance_pins_t *last = &wire.states[wire.state_count - 1];
    if (last->en == en && last->boot == boot) {
        return;
    }
    assert_true(wire.state_count < MAX_STATES);
    wire.states[wire.state_count++] =
        (conformance_pins_t){.at_ms = (uint32_t)(wire.now_us / 1000), .en = en, .boot = boot};
    if (wire.sim != NULL) { /* its circuit has no state with both low: BOOT counts when EN rises */
        esp_sim_host_set_lines(wire.sim, en && !boot, !en);
    }
}

/* ---- the peer ---- */

static void peer_restart(void *ctx)
{
    (void)ctx;
    wire_start(wire.uart, wire.sim);
}

static void peer_send(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms)
{
    (void)ctx;
    for (size_t i = 0; i < size; i++) {
        put(&wire.to_host, data[i], next_due(&wire.to_host, wire.now_us + (uint64_t)delay_ms * 1000));
    }
}

static size_t peer_receive(void *ctx, uint8_t *buf, size_t capacity)
{
    size_t size = 0;
    (void)ctx;
    if (is_empty(&wire.arrived)) {
        wire_pass_us(200000); /* what is in the transmitter */
    }
    while (size < capacity && !is_empty(&wire.arrived)) {
        buf[size++] = take(&wire.arrived);
    }
    return size;
}

static void peer_hold(void *ctx)
{
    (void)ctx;
    wire.is_held = true;
}

static void peer_overrun(void *ctx)
{
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)i;
    }
    wire_block_interrupts(true);
    for (size_t i = 0; i < OVERRUN_BYTES; i += sizeof(bytes)) {
        peer_send(ctx, bytes, sizeof(bytes), 0);
    }
    wire_pass_us(OVERRUN_BYTES * byte_us());
    wire_block_interrupts(false);
}

static void peer_storm(void *ctx)
{
    (void)ctx;
    wire.is_storming = true;
}

static uint32_t peer_rate(void *ctx)
{
    (void)ctx;
    return wire.rate_baud;
}

static size_t peer_pins(void *ctx, conformance_pins_t *states, size_t capacity)
{
    const size_t count = wire.state_count < capacity ? wire.state_count : capacity;
    (void)ctx;
    memcpy(states, wire.states, count * sizeof(states[0]));
    wire.states[0] = wire.states[wire.state_count - 1];
    wire.state_count = 1;
    return count;
}

static void peer_set_clock(void *ctx, uint32_t now_ms)
{
    (void)ctx;
    wire.clock_offset_us = (int64_t)now_ms * 1000 - (int64_t)wire.now_us;
}

const conformance_peer_t wire_peer = {
    .restart = peer_restart,
    .send = peer_send,
    .receive = peer_receive,
    .hold = peer_hold,
    .overrun = peer_overrun,
    .storm = peer_storm,
    .rate = peer_rate,
    .pins = peer_pins,
    .set_clock = peer_set_clock,
    .slack_ms = 12,
};
