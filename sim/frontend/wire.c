/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The pump of wire.h.
 */
#include "wire.h"

static void move_to_chip(fe_queue_t *queue, esp_sim_t *sim)
{
    size_t size;
    const uint8_t *bytes = fe_queue_peek(queue, &size);
    while (size > 0) {
        const size_t taken = esp_sim_host_write(sim, bytes, size);
        if (taken == 0) {
            break;
        }
        fe_queue_drop(queue, taken);
        bytes = fe_queue_peek(queue, &size);
    }
}

static void move_from_chip(fe_queue_t *queue, esp_sim_t *sim, bool has_client)
{
    uint8_t bytes[1024];
    for (;;) {
        const size_t space = has_client ? fe_queue_space(queue) : sizeof(bytes);
        const size_t capacity = space < sizeof(bytes) ? space : sizeof(bytes);
        const size_t size = capacity > 0 ? esp_sim_host_read(sim, bytes, capacity) : 0;
        if (size == 0) {
            break;
        }
        if (has_client) {
            (void)fe_queue_push(queue, bytes, size); /* fits: no more than the space was read */
        }
    }
}

static void send_to_client(fe_wire_t *wire)
{
    size_t size;
    const uint8_t *bytes = fe_queue_peek(&wire->to_client, &size);
    while (size > 0) {
        const size_t sent = wire->send(wire->cable, bytes, size);
        if (sent == 0) {
            break;
        }
        fe_queue_drop(&wire->to_client, sent);
        bytes = fe_queue_peek(&wire->to_client, &size);
    }
}

void fe_wire_move(fe_wire_t *wire, esp_sim_t *sim, bool has_client, bool is_sending)
{
    bool was_full;

    move_to_chip(&wire->to_chip, sim);
    do {
        move_from_chip(&wire->to_client, sim, has_client);
        was_full = fe_wire_is_blocked(wire);
        if (has_client && (was_full || is_sending)) {
            send_to_client(wire);
        }
    } while (was_full && !fe_wire_is_blocked(wire));
}

bool fe_wire_is_blocked(const fe_wire_t *wire)
{
    return fe_queue_space(&wire->to_client) == 0;
}
