/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The USB-Serial/JTAG device as a host's USB stack meets it: transfers are submitted to endpoints, wait there
 * as long as the chip has nothing to send or does not accept more, and complete, or are given up. Moves
 * packets between the serial endpoints and the chip model. How transfers get here is usbip_cable.c's
 * business.
 */
#ifndef FE_USJ_DEVICE_H
#define FE_USJ_DEVICE_H

#include "esp_sim.h"
#include "usj_control.h"

enum {
    FE_USJ_TRANSFERS_MAX = 1024,         /**< that may wait at once */
    FE_USJ_BYTES_MAX = 16 * 1024 * 1024, /**< in them */
};

typedef struct fe_usj_transfer fe_usj_transfer_t;
struct fe_usj_transfer {
    fe_usj_transfer_t *next;
    uint32_t id; /**< the host's */
    bool is_in;
    uint8_t endpoint; /**< without the direction bit */
    uint8_t setup[8]; /**< endpoint 0 only */
    size_t size;      /**< bytes to send, or room to receive */
    size_t done;      /**< bytes that were moved */
    uint8_t data[];
};

/** Makes an empty transfer with room for @p size bytes; NULL when memory is short. */
fe_usj_transfer_t *fe_usj_transfer_new(size_t size);

typedef struct {
    fe_usj_transfer_t *first;
    fe_usj_transfer_t *last;
} fe_usj_queue_t;

/** What the device reports to the host's side. */
typedef struct {
    /** A transfer has ended; it is freed after the call. @p is_stalled: the endpoint refused it.
     *  @p is_overflow: the chip sent more than there was room for. */
    void (*completed)(void *ctx, const fe_usj_transfer_t *transfer, bool is_stalled, bool is_overflow);
    /** The host has set DTR and RTS. */
    void (*set_lines)(void *ctx, bool dtr, bool rts);
    void *ctx;
} fe_usj_host_t;

typedef struct {
    fe_usj_host_t host;
    uint8_t mac[6];
    fe_usj_control_t control;
    fe_usj_queue_t waiting[2][FE_USJ_ENDPOINTS]; /**< [is IN][number] */
    size_t count;                                /**< transfers that wait */
    size_t bytes;                                /**< in them */
} fe_usj_device_t;

/** A device that was just plugged in. */
void fe_usj_device_init(fe_usj_device_t *device, const fe_usj_host_t *host, const uint8_t mac[6]);

/** Submits a transfer, which is the device's from here on; it may complete within the call. False when it
 * exceeds what may wait at once: then it was freed and will not complete. */
bool fe_usj_device_submit(fe_usj_device_t *device, fe_usj_transfer_t *transfer);

/** Gives up the transfer with that @p id; what of it was moved stays moved. False when none waits: it has
 * completed. */
bool fe_usj_device_unlink(fe_usj_device_t *device, uint32_t id);

/** Moves packets between the serial endpoints and the chip as far as both take them at the present model
 * time. */
void fe_usj_device_move(fe_usj_device_t *device, esp_sim_t *sim);

/** Whether the chip's bytes wait because the host has submitted no transfer for them. */
bool fe_usj_device_is_blocked(const fe_usj_device_t *device, const esp_sim_t *sim);

/** The device leaves the bus: transfers that wait are forgotten without completing. */
void fe_usj_device_clear(fe_usj_device_t *device);

#endif
