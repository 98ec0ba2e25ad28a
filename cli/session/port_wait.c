/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looks ten times a second.
 */
#define _GNU_SOURCE
#include "session/port_wait.h"

#include <time.h>

#include "ports/cancel.h"
#include "report/clock.h"
#include "session/json_events.h"
#include "session/json_report_values.h"
#include "text/safe_text.h"

/* A device that has just appeared is still being given to its group, or is probed by a modem manager. */
enum { LOOK_MS = 100, SETTLE_MS = 3000 };

static void tell(session_t *session)
{
    char name[SAFE_TEXT_SIZE];
    const char *port = session->context.port;

    if (!session->options->is_quiet) {
        printf("Waiting for %s; Ctrl-C ends\n", safe_text(port, name));
    }
    json_events_tell(session, "waiting", json_pack("{s:o}", "port", json_report_name(port)));
}

bool port_wait_more(session_t *session, esp_loader_error_t error)
{
    port_wait_t *wait = &session->wait;
    const uint32_t limit_ms = session->options->wait_ms;
    const uint64_t now_ms = clock_now_ms();
    const bool is_absent = error == ESP_LOADER_ERROR_PORT_NOT_FOUND;
    const bool is_settling = wait->is_begun && now_ms < wait->absent_ms + SETTLE_MS &&
                             (error == ESP_LOADER_ERROR_PORT_ACCESS || error == ESP_LOADER_ERROR_PORT_BUSY);

    if (limit_ms == 0 || (!is_absent && !is_settling)) {
        return false;
    }
    if (!wait->is_begun) {
        *wait = (port_wait_t){.is_begun = true, .begin_ms = now_ms};
        tell(session);
    }
    wait->absent_ms = is_absent ? now_ms : wait->absent_ms;
    if (cancel_is_requested(NULL) ||
        (limit_ms != SESSION_WAIT_ENDLESS && now_ms - wait->begin_ms >= limit_ms)) {
        return false;
    }
    nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    return true;
}

cli_exit_t port_wait_end(session_t *session)
{
    static const esp_loader_error_detail_t cancelled = {.error = ESP_LOADER_ERROR_CANCELLED,
                                                        .cause = ESP_LOADER_ERROR_CANCELLED,
                                                        .stage = ESP_LOADER_STAGE_OPEN,
                                                        .image = -1};

    if (!session->wait.is_begun || !cancel_is_requested(NULL)) {
        return CLI_OK;
    }
    session_keep(session, &cancelled);
    return report_failure(&session->context, &cancelled);
}
