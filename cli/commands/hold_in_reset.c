/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader hold-in-reset: keeps the target's reset line asserted until it is told to stop. It stays: what becomes of
 * the line when the port is closed differs from port to port.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "commands/command.h"
#include "ports/cancel.h"
#include "session/json_events.h"
#include "session/json_report.h"
#include "session/port_wait.h"
#include "text/safe_text.h"

enum { LOOK_MS = 100 };

static cli_exit_t fail(const session_t *session, esp_loader_error_t error, esp_loader_stage_t stage)
{
    const esp_loader_error_detail_t detail = {.error = error, .cause = error, .stage = stage, .image = -1};

    return report_failure(&session->context, &detail);
}

/** The reset line alone: the strapping pin is not pulled, so what is released runs its application. */
static esp_loader_error_t hold(esp_loader_port_t *port, FILE *out)
{
    RETURN_ON_ERROR(port->ops->set_lines(port, false, true));
    if (out != NULL) {
        fprintf(out, "Holding the target in reset; Ctrl-C releases it\n");
    }
    while (!cancel_is_requested(NULL)) {
        port->ops->delay_ms(port, LOOK_MS);
    }
    return port->ops->set_lines(port, false, false);
}

static cli_exit_t run_port(session_t *session)
{
    FILE *out = session->options->is_quiet ? NULL : stdout;
    char name[SAFE_TEXT_SIZE];

    cli_exit_t code = session_choose_port(session, NULL);
    if (code != CLI_OK) {
        return code;
    }
    esp_loader_port_t *port = session->port.port;
    if (out != NULL) {
        fprintf(out, "Opening %s...\n", safe_text(session->context.port, name));
    }
    json_events_tell(session, "connecting",
                     json_pack("{s:o}", "port", json_report_name(session->context.port)));
    esp_loader_error_t error;
    while ((error = port->ops->init(port)) != ESP_LOADER_SUCCESS && port_wait_more(session, error)) {
    }
    if (error != ESP_LOADER_SUCCESS) {
        code = port_wait_end(session);
        return code == CLI_OK ? fail(session, error, ESP_LOADER_STAGE_OPEN) : code;
    }
    error = port->ops->set_lines != NULL ? hold(port, out) : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    port->ops->deinit(port);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        report_line("this port has no control lines: it cannot hold the target in reset");
        return CLI_PORT;
    }
    if (error == ESP_LOADER_SUCCESS && out != NULL) {
        fprintf(out, "\nReleased\n");
    }
    return error == ESP_LOADER_SUCCESS ? CLI_OK : fail(session, error, ESP_LOADER_STAGE_RESET);
}

static json_t *members(const session_t *session, const void *ctx)
{
    (void)session;
    (void)ctx;
    return json_object();
}

static cli_exit_t run_hold(void *state, operands_t operands)
{
    session_t session = {.options = state};

    (void)operands;
    return json_report_end(&session, run_port(&session), members, NULL);
}

const command_t hold_in_reset_command = {.state_size = sizeof(session_options_t), .run = run_hold};
