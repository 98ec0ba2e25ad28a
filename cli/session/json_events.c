/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Events as JSON.
 */
#include "session/json_events.h"

#include <string.h>

#include "report/clock.h"
#include "session/json_print.h"
#include "session/json_report_values.h"

enum { SCHEMA_VERSION = 1, PACE_MS = 100 };

uint64_t json_events_time_ms(void)
{
    static uint64_t started_ms; /* set by json_events_start(), before there are threads */

    if (started_ms == 0) {
        started_ms = clock_now_ms();
    }
    return clock_now_ms() - started_ms;
}

/** A failed write is reported at the end, with the report. */
static void print(json_t *event)
{
    (void)json_print(event, 0);
    json_decref(event);
}

void json_events_start(const session_options_t *options, const char *command)
{
    if (options->is_events) {
        print(json_pack("{s:s, s:I, s:i, s:s}", "event", "start", "time_ms",
                        (json_int_t)json_events_time_ms(), "version", SCHEMA_VERSION, "command", command));
    }
}

void json_events_tell(const session_t *session, const char *event, json_t *members)
{
    if (session->options->is_events) {
        json_t *object =
            json_pack("{s:s, s:I}", "event", event, "time_ms", (json_int_t)json_events_time_ms());

        if (session->context.label != NULL) {
            json_object_set_new(object, "place", json_report_name(session->context.label));
        }
        json_object_update(object, members);
        print(object);
    }
    json_decref(members);
}

static bool is_due(const json_pace_t *pace, const json_work_t *work)
{
    const bool is_mere_count = work->result == NULL && work->done != 0 && work->done != work->total;

    return !pace->is_begun || !is_mere_count || json_events_time_ms() - pace->told_ms >= PACE_MS;
}

void json_events_progress(const session_t *session, json_pace_t *pace, const json_work_t *work)
{
    if (!session->options->is_events || !is_due(pace, work)) {
        return;
    }
    json_t *members = json_pack("{s:s}", "step", work->step);
    if (work->image != NULL) {
        json_object_set_new(members, "image", json_integer((json_int_t)work->index));
        json_object_set_new(members, "name", json_report_name(work->image->name));
        json_object_set_new(members, "offset", json_integer((json_int_t)work->image->offset));
    }
    json_object_set_new(members, "done", json_integer((json_int_t)work->done));
    json_object_set_new(members, "total", json_integer((json_int_t)work->total));
    if (work->result != NULL) {
        json_object_set_new(members, "result", json_string(work->result));
    }
    json_events_tell(session, "progress", members);
    pace->is_begun = true;
    pace->told_ms = json_events_time_ms(); /* not before the time that the event says */
}
