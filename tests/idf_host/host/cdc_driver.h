/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What tests do to the CDC-ACM driver stand-in (cdc_acm_host.c) besides calling it.
 */
#ifndef IDF_HOST_CDC_DRIVER_H
#define IDF_HOST_CDC_DRIVER_H

#include <stdbool.h>

/** Places between two instructions of the driver at which a test can hold a task. */
typedef enum {
    CDC_BEFORE_DATA_CALLBACK,  /**< driver's task: the callback is chosen but not called */
    CDC_BEFORE_EVENT_CALLBACK, /**< the same for an event */
    CDC_BEFORE_OPEN_RETURNS,   /**< opener: polling has begun, the handle is not written yet */
    CDC_AFTER_TX_WAITS,        /**< sender: woken, has not looked at the transfer yet */
    CDC_PLACE_COUNT,
} cdc_place_t;

/** Called without any lock in the task that is there. */
void cdc_driver_pause_at(cdc_place_t place, void (*function)(void));

/** Before 2.2.0 a send longer than the buffer is refused. */
void cdc_driver_be_older_than_2_2(void);

/** Opens and closes since the start, and devices open now. */
typedef struct {
    unsigned opens;
    unsigned closes;
    unsigned open_now;
    unsigned sends;
    unsigned controls;
} cdc_driver_counts_t;
cdc_driver_counts_t cdc_driver_counts(void);

#endif
