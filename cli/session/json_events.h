/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What happens during a run, for programs: one event a line on standard output, as --json-events asks for. Without
 * it nothing is printed here. docs/json-events.schema.json describes each.
 */
#ifndef CLI_JSON_EVENTS_H
#define CLI_JSON_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

/** The first event: which command. */
void json_events_start(const session_options_t *options, const char *command);

/** An event with members of its own, which are taken over; NULL = none. */
void json_events_tell(const session_t *session, const char *event, json_t *members);

/** How far the work is. */
typedef struct {
    const char *step;                /**< "write", "read" ... */
    const esp_loader_image_t *image; /**< NULL = not about an image */
    size_t index;                    /**< of the image */
    const char *result;              /**< of the image, at its end; else NULL */
    uint32_t done;
    uint32_t total;
} json_work_t;

/** Of one run; begins as zeros. */
typedef struct {
    bool is_begun;
    uint64_t told_ms;
} json_pace_t;

/** The event "progress". One that says no more than how much is done comes at most ten times a second. */
void json_events_progress(const session_t *session, json_pace_t *pace, const json_work_t *work);

/** Milliseconds since the first call: the time of an event. */
uint64_t json_events_time_ms(void);

#endif
