/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread that has the port: it reads all the time, and in between sends what was typed and resets the target. A
 * device that leaves is opened again when it comes back.
 */
#ifndef CLI_MONITOR_LISTENER_H
#define CLI_MONITOR_LISTENER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "monitor/pieces.h"
#include "ports/port_list.h"
#include "session/session.h"

enum { LISTENER_TYPED_MAX = 4096 };

/** What is to be done with the target. */
typedef enum { LISTENER_NOTHING = 0, LISTENER_RESET, LISTENER_DOWNLOAD } listener_order_t;

/** Set the first group of fields, zero the rest. */
typedef struct {
    session_t *session; /**< its port is open; nobody else uses it while the thread runs */
    uint32_t rate_baud; /**< of what the target runs */
    pieces_t *pieces;   /**< where everything goes */

    pthread_t thread;
    atomic_bool is_stopped;
    atomic_int order;     /**< a listener_order_t */
    pthread_mutex_t lock; /**< of what follows */
    uint8_t typed[LISTENER_TYPED_MAX];
    size_t typed_size;
    /* the thread's own */
    linux_device_t place; /**< of the device, as long as it is known */
    char path[PORT_TEXT_SIZE];
    bool is_in_loader; /**< the target was reset into download mode, and not out of it by us */
} listener_t;

/** Starts the thread.
 *  @param order  what it does first
 *  @return false without memory */
bool listener_begin(listener_t *listener, listener_order_t order);

/** Ends the thread; the port stays open. */
void listener_end(listener_t *listener);

/** Takes bytes for the target; returns for how many there is room now. */
size_t listener_send(listener_t *listener, const void *bytes, size_t size);

/** For how many bytes there is room now. */
size_t listener_room(listener_t *listener);

/** Asks for a reset of the target, into its application or into download mode. */
void listener_ask(listener_t *listener, listener_order_t order);

#endif
