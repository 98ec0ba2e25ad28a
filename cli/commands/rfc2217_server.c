/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader rfc2217-server: opens a serial device and serves it on the network until Ctrl-C.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "ports/port_list.h"
#include "server/share.h"
#include "session/json_events.h"
#include "session/json_report.h"
#include "text/safe_text.h"

typedef struct {
    session_options_t session;
    const char *listen;
    share_t share;
} server_t;

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    server_t *server = state;

    if (value->option->id != OPTION_LISTEN) {
        return session_options_take(&server->session, value, error);
    }
    server->listen = value->text;
    return true;
}

static void announce(const session_t *session, const server_t *server, FILE *out)
{
    const listener_t *listener = &server->share.listener;

    json_events_tell(session, "listening", json_pack("{s:s}", "address", listener->name));
    if (out != NULL) {
        fprintf(out, "Sharing %s at rfc2217://%s; Ctrl-C ends\n", server->share.port, listener->name);
    }
    if (!listener->is_local) {
        report_note(NULL,
                    "there is no authentication: everybody who reaches %s can read and write this board",
                    listener->name);
    }
}

static cli_exit_t open_listener(server_t *server)
{
    char error[LISTENER_ERROR_SIZE];
    bool is_usage;

    if (listener_open(&server->share.listener, server->listen != NULL ? server->listen : "127.0.0.1:4000",
                      &is_usage, error)) {
        return CLI_OK;
    }
    report_line("%s", error);
    return is_usage ? CLI_USAGE : CLI_PORT;
}

static cli_exit_t open_board(session_t *session, server_t *server)
{
    const char *path = cli_port_serial_device(&session->port);

    if (path == NULL) {
        report_line("only a serial device can be shared, as /dev/ttyUSB0");
        return CLI_USAGE;
    }
    esp_loader_error_t error =
        shared_board_open(&server->share.board, path, port_list_sysfs_root(), port_list_dev_root());
    const esp_loader_error_detail_t detail = {
        .error = error, .cause = error, .stage = ESP_LOADER_STAGE_OPEN, .image = -1};
    return error == ESP_LOADER_SUCCESS ? CLI_OK : report_failure(&session->context, &detail);
}

static cli_exit_t serve(session_t *session, server_t *server, FILE *out)
{
    char name[SAFE_TEXT_SIZE];

    server->share.out = out;
    server->share.port = safe_text(session->context.port, name);
    announce(session, server, out);
    if (!share_run(&server->share)) {
        report_line("the server has stopped: %s", strerror(errno));
        return CLI_OTHER;
    }
    if (out != NULL) {
        fprintf(out, "\nClosed\n");
    }
    return CLI_OK;
}

static cli_exit_t run_port(session_t *session, server_t *server)
{
    FILE *out = session->options->is_quiet ? NULL : stdout;

    cli_exit_t code = session_choose_port(session, NULL);
    if (code != CLI_OK) {
        return code;
    }
    json_events_tell(session, "connecting",
                     json_pack("{s:o}", "port", json_report_name(session->context.port)));
    code = open_listener(server);
    if (code != CLI_OK) {
        return code;
    }
    code = open_board(session, server);
    if (code == CLI_OK) {
        code = serve(session, server, out);
        shared_board_close(&server->share.board);
    }
    listener_close(&server->share.listener);
    return code;
}

static json_t *members(const session_t *session, const void *ctx)
{
    const server_t *server = ctx;

    (void)session;
    return json_pack("{s:i}", "clients", (int)server->share.client_count);
}

static cli_exit_t run_server(void *state, operands_t operands)
{
    server_t *server = state;
    session_t session = {.options = &server->session};

    (void)operands;
    return json_report_end(&session, run_port(&session, server), members, server);
}

const command_t rfc2217_server_command = {.state_size = sizeof(server_t),
                                          .session_offset = offsetof(server_t, session),
                                          .take = take_option,
                                          .run = run_server};
