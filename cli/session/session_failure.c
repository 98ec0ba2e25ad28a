/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The failure of a session that counts: the first one.
 */
#define _GNU_SOURCE
#include "session/session.h"

void session_keep(session_t *session, const esp_loader_error_detail_t *detail)
{
    if (session->failure.cause == ESP_LOADER_SUCCESS) {
        session->failure = *detail;
    }
}

void session_keep_cause(session_t *session, esp_loader_error_t cause, esp_loader_stage_t stage,
                        uint32_t address)
{
    session_keep(session,
                 &(esp_loader_error_detail_t){
                     .error = cause, .cause = cause, .stage = stage, .address = address, .image = -1});
}

cli_exit_t session_failure(session_t *session)
{
    session_keep(session, esp_loader_error_detail(&session->loader));
    session->context.boot = session->port.boot.mode;
    session->context.lines_are_unconfirmed = cli_port_lines_are_unconfirmed(&session->port);
    return report_failure(&session->context, esp_loader_error_detail(&session->loader));
}
