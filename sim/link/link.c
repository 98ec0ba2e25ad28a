/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What both transports have in common: the queues, the faults on bytes and transfers, holding and detaching.
 */
#include "link/link.h"

#include <stdlib.h>
#include <string.h>

#include "state/model.h"

enum { HOST_BAUD_DEFAULT = 115200 };

static void out_timer_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim->link.ops->arrive(sim);
}

static void hold_timer_fires(void *ctx)
{
    sim_link_pump(ctx);
}

/* The firmware has waited long enough for the host to take the oldest packet: what follows it is lost. */
static void in_timer_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_link_t *link = &sim->link;
    size_t at = link->in_head;
    do {
        at++;
    } while (at < link->in_end && !link->in[at].starts_packet);
    if (at < link->in_end) {
        sim_trace(sim, "link: host did not read, %zu bytes dropped", link->in_end - at);
        link->in_end = at;
    }
}

void sim_link_init(esp_sim_t *sim, const sim_link_ops_t *ops)
{
    sim_link_t *link = &sim->link;
    link->ops = ops;
    link->host_baud = HOST_BAUD_DEFAULT;
    link->chip_baud = sim->chip->boot_baud;
    sim_clock_add(&sim->clock, &link->out_timer, out_timer_fires, sim);
    sim_clock_add(&sim->clock, &link->hold_timer, hold_timer_fires, sim);
    sim_clock_add(&sim->clock, &link->in_timer, in_timer_fires, sim);
}

void sim_link_free(esp_sim_t *sim)
{
    free(sim->link.in);
    sim->link.in = NULL;
}

void sim_link_drop_received(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    link->is_disturbed = link->is_disturbed || link->rx_count > 0;
    link->rx_count = 0;
    link->is_rx_checked = link->is_rx_doubled = false;
}

void sim_link_attach(esp_sim_t *sim)
{
    sim->link.is_attached = true;
    sim->link.is_disturbed = false;
    sim->link.attach_count++;
}

void sim_link_detach(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    link->is_attached = false;
    link->is_disturbed = true;
    link->in_head = link->in_end = 0;
    link->packet_size = 0;
    link->tx_count = 0;
    link->is_in_transfer = false;
    sim_link_drop_received(sim);
    link->in_hold_ns = link->out_hold_ns = 0;
    sim_timer_clear(&link->out_timer);
    sim_timer_clear(&link->hold_timer);
    sim_timer_clear(&link->in_timer);
}

void sim_link_hold(esp_sim_t *sim, uint64_t out_until_ns, uint64_t in_until_ns)
{
    sim_link_t *link = &sim->link;
    link->out_hold_ns = out_until_ns > link->out_hold_ns ? out_until_ns : link->out_hold_ns;
    link->in_hold_ns = in_until_ns > link->in_hold_ns ? in_until_ns : link->in_hold_ns;
    if (link->out_hold_ns > sim->clock.now_ns) {
        sim_timer_set(&sim->clock, &link->hold_timer, link->out_hold_ns);
    }
}

/* ---- host to chip ---- */

void sim_link_push_tx(sim_link_t *link, uint8_t byte)
{
    link->tx[(link->tx_head + link->tx_count++) % SIM_TX_SIZE] = byte;
}

uint8_t sim_link_pop_tx(sim_link_t *link)
{
    uint8_t byte = link->tx[link->tx_head];
    link->tx_head = (link->tx_head + 1) % SIM_TX_SIZE;
    link->tx_count--;
    return byte;
}

bool sim_link_push_rx(sim_link_t *link, uint8_t byte)
{
    if (link->rx_count == SIM_RX_SIZE) {
        return false;
    }
    link->rx[(link->rx_head + link->rx_count++) % SIM_RX_SIZE] = byte;
    return true;
}

static void pop_rx(sim_link_t *link)
{
    link->rx_head = (link->rx_head + 1) % SIM_RX_SIZE;
    link->rx_count--;
    link->is_rx_checked = false;
}

/* Applies a fault to the byte the chip is about to read. Returns true when the byte can be delivered now. */
static bool apply_out_fault(esp_sim_t *sim, const sim_fault_t *fault)
{
    sim_link_t *link = &sim->link;
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        link->rx[link->rx_head] ^= fault->value;
        return true;
    }
    if (sim_fault_is(fault, SIM_DO_DUPLICATE)) {
        link->is_rx_doubled = true;
        return true;
    }
    if (sim_fault_is(fault, SIM_DO_DROP)) {
        pop_rx(link);
    } else if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_link_hold(sim, sim->clock.now_ns + fault->time_ns, 0);
    } else {
        sim->events->fault(sim, fault);
    }
    return false;
}

void sim_link_pump(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    while (link->rx_count > 0 && sim->clock.now_ns >= link->out_hold_ns && sim->events->can_receive(sim)) {
        if (!link->is_rx_checked) {
            link->is_rx_checked = true;
            const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_BYTE, SIM_OUT, -1);
            if (fault != NULL && !apply_out_fault(sim, fault)) {
                continue;
            }
        }
        uint8_t byte = link->rx[link->rx_head];
        if (link->is_rx_doubled) {
            link->is_rx_doubled = false;
        } else {
            pop_rx(link);
        }
        sim->events->receive(sim, byte);
    }
}

void sim_link_check_block(esp_sim_t *sim, size_t size)
{
    if (sim->config.wiring == ESP_SIM_WIRING_OTG && size > SIM_OTG_BLOCK_MAX) {
        sim_misuse(sim, "block of %zu bytes, USB-OTG is good for %u", size, (unsigned)SIM_OTG_BLOCK_MAX);
    }
}

/* ---- chip to host ---- */

static void make_room(sim_link_t *link)
{
    if (link->in_end < link->in_capacity) {
        return;
    }
    if (link->in_head > link->in_capacity / 2) {
        memmove(link->in, link->in + link->in_head, (link->in_end - link->in_head) * sizeof(*link->in));
        link->in_end -= link->in_head;
        link->in_head = 0;
        return;
    }
    link->in_capacity = link->in_capacity * 2 + 1024;
    link->in = sim_realloc(link->in, link->in_capacity * sizeof(*link->in));
}

void sim_link_push_in(esp_sim_t *sim, uint8_t byte, uint64_t ready_ns, bool starts_packet)
{
    sim_link_t *link = &sim->link;
    make_room(link);
    link->in[link->in_end++] = (sim_in_byte_t){ready_ns, byte, starts_packet, false};
    link->packet_size = starts_packet ? 1 : link->packet_size + 1;
    link->ready_ns = ready_ns;
}

void sim_link_send(esp_sim_t *sim, const void *data, size_t size)
{
    sim_link_t *link = &sim->link;
    if (!link->is_attached || sim->board.is_dead || size == 0) {
        return;
    }
    uint64_t timeout_ns = sim->faults.in_timeout_ns;
    bool is_waiting = link->in_head < link->in_end;
    if (timeout_ns != 0 && is_waiting && link->in[link->in_head].ready_ns + timeout_ns <= sim->clock.now_ns) {
        sim_trace(sim, "link: host does not read, %zu bytes dropped", size);
        return;
    }
    link->ops->send(sim, data, size);
    if (timeout_ns != 0) {
        sim_timer_set(&sim->clock, &link->in_timer, link->in[link->in_head].ready_ns + timeout_ns);
    }
}

/* Repeats the packet at the head of the queue. */
static void duplicate_packet(sim_link_t *link)
{
    size_t size = 1;
    while (link->in_head + size < link->in_end && !link->in[link->in_head + size].starts_packet) {
        size++;
    }
    for (size_t i = 0; i < size; i++) {
        make_room(link);
        link->in_end++;
    }
    sim_in_byte_t *packet = &link->in[link->in_head];
    memmove(packet + size, packet, (link->in_end - link->in_head - size) * sizeof(*packet));
    for (size_t i = 0; i < 2 * size; i++) {
        packet[i].is_checked = true;
    }
}

static void drop_packet(sim_link_t *link)
{
    do {
        link->in_head++;
    } while (link->in_head < link->in_end && !link->in[link->in_head].starts_packet);
}

static void drop_in_byte(sim_link_t *link)
{
    bool starts_packet = link->in[link->in_head].starts_packet;
    link->in_head++;
    if (starts_packet && link->in_head < link->in_end) {
        link->in[link->in_head].starts_packet = true;
    }
}

static void duplicate_in_byte(sim_link_t *link)
{
    make_room(link);
    sim_in_byte_t *byte = &link->in[link->in_head];
    memmove(byte + 1, byte, (link->in_end - link->in_head) * sizeof(*byte));
    link->in_end++;
    byte[0].is_checked = byte[1].is_checked = true;
    byte[1].starts_packet = false;
}

/* Applies a fault to the byte (or the packet it starts) at the head of the queue. Returns true when that byte
 * is still there and can be delivered now. */
static bool apply_in_fault(esp_sim_t *sim, const sim_fault_t *fault, bool is_packet)
{
    sim_link_t *link = &sim->link;
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        link->in[link->in_head].byte ^= fault->value;
        return true;
    }
    if (sim_fault_is(fault, SIM_DO_DUPLICATE)) {
        if (is_packet) {
            duplicate_packet(link);
        } else {
            duplicate_in_byte(link);
        }
        return true;
    }
    if (sim_fault_is(fault, SIM_DO_DROP)) {
        if (is_packet) {
            drop_packet(link);
        } else {
            drop_in_byte(link);
        }
    } else if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_link_hold(sim, 0, sim->clock.now_ns + fault->time_ns);
    } else {
        sim->events->fault(sim, fault);
    }
    return false;
}

/* Gives faults their look at the head of the queue; true when its byte can be delivered. */
static bool check_head(esp_sim_t *sim)
{
    sim_in_byte_t *head = &sim->link.in[sim->link.in_head];
    if (head->is_checked) {
        return true;
    }
    head->is_checked = true;
    if (head->starts_packet) {
        const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_TRANSFER, SIM_IN, -1);
        if (fault != NULL && !apply_in_fault(sim, fault, true)) {
            return false;
        }
    }
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_BYTE, SIM_IN, -1);
    return fault == NULL || apply_in_fault(sim, fault, false);
}

/* When the byte at the head of the queue is with the host. */
static uint64_t head_ready_ns(const esp_sim_t *sim)
{
    const sim_link_t *link = &sim->link;
    uint64_t ready_ns = link->in[link->in_head].ready_ns + sim->config.latency_us * UINT64_C(1000);
    return ready_ns > link->in_hold_ns ? ready_ns : link->in_hold_ns;
}

size_t sim_link_read(esp_sim_t *sim, void *buf, size_t capacity)
{
    sim_link_t *link = &sim->link;
    uint8_t *out = buf;
    size_t n = 0;
    while (n < capacity && link->in_head < link->in_end && head_ready_ns(sim) <= sim->clock.now_ns) {
        bool is_next_packet = n > 0 && link->in[link->in_head].starts_packet;
        if (is_next_packet && link->ops->has_packets) {
            break;
        }
        if (check_head(sim)) {
            out[n++] = link->in[link->in_head++].byte;
        }
    }
    if (n > 0 && sim->faults.in_timeout_ns != 0 && link->in_head < link->in_end) {
        uint64_t offered_ns = link->in[link->in_head].ready_ns;
        offered_ns = offered_ns > sim->clock.now_ns ? offered_ns : sim->clock.now_ns;
        sim_timer_set(&sim->clock, &link->in_timer, offered_ns + sim->faults.in_timeout_ns);
    }
    return n;
}

uint64_t sim_link_next_ready_ns(const esp_sim_t *sim)
{
    const sim_link_t *link = &sim->link;
    if (link->in_head == link->in_end) {
        return SIM_NEVER;
    }
    uint64_t ready_ns = head_ready_ns(sim);
    return ready_ns > sim->clock.now_ns ? ready_ns : SIM_NEVER;
}
