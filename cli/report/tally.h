/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the events of a plan add up to: how much is done, how fast, how long the rest takes, and where the time
 * went.
 */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_plan.h"

enum { TALLY_STEPS = ESP_LOADER_PLAN_DONE + 1 };

/** Begins as zeros. */
typedef struct {
    bool is_begun;
    size_t image_index;
    esp_loader_plan_step_t step;    /**< what goes on now */
    uint32_t done;                  /**< bytes of the image: compared, written or there already */
    uint32_t written;               /**< bytes of the image, without those that were only compared */
    uint32_t total;                 /**< of the image */
    uint64_t all_total;             /**< bytes of all images; 0 = of this one */
    size_t last_index;              /**< the last image that has begun */
    uint32_t last_total;            /**< its bytes */
    uint64_t before;                /**< bytes of the images before that one */
    uint64_t rate;                  /**< bytes per second, lately; 0 = not known */
    uint64_t began_ms;              /**< the image */
    uint64_t at_ms;                 /**< the last event */
    uint64_t spent_ms[TALLY_STEPS]; /**< with each step; after the last image with VERIFY */
    uint32_t rate_done;             /**< where the rate was taken last, */
    uint64_t rate_ms;               /**< and when */
} tally_t;

/** Sets out. */
void tally_begin(tally_t *tally, uint64_t all_total, uint64_t now_ms);

/** Counts an event of a plan. */
void tally_event(tally_t *tally, const esp_loader_plan_event_t *event, uint64_t now_ms);

/** Counts the time since the last event. */
void tally_end(tally_t *tally, uint64_t now_ms);

/** Per cent of the image, and of all. */
unsigned tally_percent(const tally_t *tally);
unsigned tally_all_percent(const tally_t *tally);

/** How long the rest of all images takes at this rate; 0 = not known, or nothing. */
uint64_t tally_left_ms(const tally_t *tally);

#endif
