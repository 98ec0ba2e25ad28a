/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The byte stream between a client and a chip: one bounded queue each way, the same for all cables that carry
 * a stream. How bytes get from and to the client is the cable's business.
 */
#ifndef FE_WIRE_H
#define FE_WIRE_H

#include "esp_sim.h"
#include "queue.h"

/** Takes bytes for the client; returns how many went out now. */
typedef size_t (*fe_wire_send_t)(void *cable, const uint8_t *bytes, size_t size);

typedef struct {
    fe_queue_t to_chip;
    fe_queue_t to_client;
    fe_wire_send_t send; /**< must not block */
    void *cable;         /**< for send */
} fe_wire_t;

/** Offers the chip what waits for it, and takes from it what has arrived, as far as there is room; makes room
 * by sending.
 *  @param has_client  false: no program has the port open, so what the chip sends is lost, as on a closed
 *                     serial port
 *  @param is_sending  send the client what there is; otherwise only when the queue is full, so that a reply
 *                     that arrives byte by byte goes out as one piece */
void fe_wire_move(fe_wire_t *wire, esp_sim_t *sim, bool has_client, bool is_sending);

/** Whether the client keeps bytes from leaving the chip. */
bool fe_wire_is_blocked(const fe_wire_t *wire);

#endif
