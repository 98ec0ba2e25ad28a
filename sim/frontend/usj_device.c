/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The device of usj_device.h. Sources: USB 2.0, 5.8 (when a bulk transfer ends); ESP32-S3 TRM, USB
 * Serial/JTAG controller.
 */
#include "usj_device.h"

#include <stdlib.h>
#include <string.h>

fe_usj_transfer_t *fe_usj_transfer_new(size_t size)
{
    fe_usj_transfer_t *transfer = calloc(1, sizeof(*transfer) + size);
    if (transfer != NULL) {
        transfer->size = size;
    }
    return transfer;
}

void fe_usj_device_init(fe_usj_device_t *device, const fe_usj_host_t *host, const uint8_t mac[6])
{
    *device = (fe_usj_device_t){.host = *host};
    memcpy(device->mac, mac, sizeof(device->mac));
}

/* ---- queues ---- */

static void append(fe_usj_device_t *device, fe_usj_transfer_t *transfer)
{
    fe_usj_queue_t *queue = &device->waiting[transfer->is_in][transfer->endpoint];
    transfer->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = transfer;
    } else {
        queue->first = transfer;
    }
    queue->last = transfer;
    device->count++;
    device->bytes += transfer->size;
}

/* Takes out of @p queue @p transfer, which follows @p before (NULL = it is the first). */
static void take_out(fe_usj_device_t *device, fe_usj_queue_t *queue, fe_usj_transfer_t *before,
                     const fe_usj_transfer_t *transfer)
{
    if (before != NULL) {
        before->next = transfer->next;
    } else {
        queue->first = transfer->next;
    }
    if (queue->last == transfer) {
        queue->last = before;
    }
    device->count--;
    device->bytes -= transfer->size;
}

static void complete(const fe_usj_device_t *device, fe_usj_transfer_t *transfer, bool is_stalled,
                     bool is_overflow)
{
    device->host.completed(device->host.ctx, transfer, is_stalled, is_overflow);
    free(transfer);
}

/* Completes the first transfer of a queue. */
static void complete_first(fe_usj_device_t *device, fe_usj_queue_t *queue, bool is_stalled, bool is_overflow)
{
    fe_usj_transfer_t *transfer = queue->first;
    take_out(device, queue, NULL, transfer);
    complete(device, transfer, is_stalled, is_overflow);
}

bool fe_usj_device_unlink(fe_usj_device_t *device, uint32_t id)
{
    for (size_t i = 0; i < 2u * FE_USJ_ENDPOINTS; i++) {
        fe_usj_queue_t *queue = &device->waiting[i / FE_USJ_ENDPOINTS][i % FE_USJ_ENDPOINTS];
        fe_usj_transfer_t *before = NULL;
        fe_usj_transfer_t *transfer = queue->first;
        while (transfer != NULL && transfer->id != id) {
            before = transfer;
            transfer = transfer->next;
        }
        if (transfer != NULL) {
            take_out(device, queue, before, transfer);
            free(transfer);
            return true;
        }
    }
    return false;
}

void fe_usj_device_clear(fe_usj_device_t *device)
{
    for (size_t i = 0; i < 2u * FE_USJ_ENDPOINTS; i++) {
        fe_usj_queue_t *queue = &device->waiting[i / FE_USJ_ENDPOINTS][i % FE_USJ_ENDPOINTS];
        while (queue->first != NULL) {
            fe_usj_transfer_t *transfer = queue->first;
            take_out(device, queue, NULL, transfer);
            free(transfer);
        }
    }
    device->control = (fe_usj_control_t){0};
}

/* ---- submitting ---- */

/* An endpoint that was halted refuses what waits there already. */
static void refuse_halted(fe_usj_device_t *device)
{
    for (size_t i = 0; i < 2u * FE_USJ_ENDPOINTS; i++) {
        fe_usj_queue_t *queue = &device->waiting[i / FE_USJ_ENDPOINTS][i % FE_USJ_ENDPOINTS];
        while (device->control.is_halted[i / FE_USJ_ENDPOINTS][i % FE_USJ_ENDPOINTS] &&
               queue->first != NULL) {
            complete_first(device, queue, true, false);
        }
    }
}

static void run_control(fe_usj_device_t *device, fe_usj_transfer_t *transfer)
{
    fe_usj_answer_t answer;
    fe_usj_control_request(&device->control, device->mac, transfer->setup, transfer->size, &answer);
    if (transfer->is_in) {
        memcpy(transfer->data, answer.data, answer.size);
    }
    if (!answer.is_stalled) {
        transfer->done = transfer->is_in ? answer.size : transfer->size;
    }
    complete(device, transfer, answer.is_stalled, false);
    if (answer.has_lines) {
        device->host.set_lines(device->host.ctx, answer.dtr, answer.rts);
    }
    refuse_halted(device);
}

bool fe_usj_device_submit(fe_usj_device_t *device, fe_usj_transfer_t *transfer)
{
    if (device->count >= FE_USJ_TRANSFERS_MAX || transfer->size > FE_USJ_BYTES_MAX - device->bytes) {
        free(transfer);
        return false;
    }
    if (transfer->endpoint == 0) {
        run_control(device, transfer);
    } else if (!fe_usj_has_endpoint(transfer->endpoint, transfer->is_in) ||
               device->control.is_halted[transfer->is_in][transfer->endpoint]) {
        complete(device, transfer, true, false);
    } else {
        append(device, transfer);
    }
    return true;
}

/* ---- moving ---- */

static void move_to_chip(fe_usj_device_t *device, esp_sim_t *sim)
{
    fe_usj_queue_t *queue = &device->waiting[false][FE_USJ_OUT_SERIAL];
    while (queue->first != NULL) {
        fe_usj_transfer_t *transfer = queue->first;
        const size_t left = transfer->size - transfer->done;
        const size_t taken = left > 0 ? esp_sim_host_write(sim, transfer->data + transfer->done, left) : 0;
        transfer->done += taken;
        if (transfer->done == transfer->size) {
            complete_first(device, queue, false, false);
        } else if (taken == 0) {
            return;
        }
    }
}

/* Fills the oldest transfer packet by packet. It ends with a packet that is not full, an empty one among
 * them, or when it is full itself. */
static void move_from_chip(fe_usj_device_t *device, esp_sim_t *sim)
{
    fe_usj_queue_t *queue = &device->waiting[true][FE_USJ_IN_SERIAL];
    while (queue->first != NULL) {
        uint8_t packet[FE_USJ_PACKET_SIZE];
        fe_usj_transfer_t *transfer = queue->first;
        const size_t size = esp_sim_host_read(sim, packet, sizeof(packet));
        if (size == 0) {
            if (transfer->done > 0 && esp_sim_sends_zero_packet(sim)) {
                complete_first(device, queue, false, false);
            }
            return;
        }
        const size_t room = transfer->size - transfer->done;
        const size_t fitting = size < room ? size : room;
        memcpy(transfer->data + transfer->done, packet, fitting);
        transfer->done += fitting;
        if (size < sizeof(packet) || transfer->done == transfer->size) {
            complete_first(device, queue, false, size > room);
        }
    }
}

void fe_usj_device_move(fe_usj_device_t *device, esp_sim_t *sim)
{
    move_to_chip(device, sim);
    move_from_chip(device, sim);
}

bool fe_usj_device_is_blocked(const fe_usj_device_t *device, const esp_sim_t *sim)
{
    return device->waiting[true][FE_USJ_IN_SERIAL].first == NULL && esp_sim_has_output(sim);
}
