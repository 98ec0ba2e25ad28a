/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report as JSON. Members are never renamed or removed; what is not known is left out.
 */
#define _GNU_SOURCE
#include "session/json_report.h"

#include "session/json_events.h"
#include "session/json_print.h"

static json_t *failure_object(const esp_loader_error_detail_t *detail)
{
    json_t *failure =
        json_pack("{s:s, s:s, s:s}", "cause", esp_loader_error_name(detail->cause), "text",
                  esp_loader_error_text(detail->cause), "stage", esp_loader_stage_name(detail->stage));

    if (detail->command != 0) {
        json_object_set_new(failure, "command", json_integer(detail->command));
    }
    if (detail->target_status != 0) {
        json_object_set_new(failure, "target_status",
                            json_pack("[i, i]", (int)detail->target_status, (int)detail->target_reason));
    }
    if (detail->fault != ESP_LOADER_FAULT_NONE) {
        json_object_set_new(failure, "fault", json_string(esp_loader_fault_text(detail->fault)));
    }
    if (detail->partition[0] != '\0') {
        json_object_set_new(failure, "partition", json_report_text(detail->partition));
    }
    json_object_set_new(failure, "address", json_integer((json_int_t)detail->address));
    if (detail->image >= 0) {
        json_object_set_new(failure, "image", json_integer(detail->image));
    }
    return failure;
}

static void add_message(json_t *report, const char *message)
{
    json_object_set_new(report, "message", json_report_text(message)); /* nothing when it is empty */
}

/** NULL when it cannot be made. */
static json_t *report_object(const session_t *session, cli_exit_t code, json_t *members)
{
    json_t *report = json_pack("{s:b, s:i}", "ok", code == CLI_OK, "exit_code", (int)code);

    if (session->options->port != NULL) {
        json_object_set_new(report, "port", json_report_name(session->options->port));
    }
    if (session->context.is_connected) {
        json_object_set_new(report, "target", json_report_target(session));
    }
    if (json_object_update(report, members) != 0) {
        json_decref(report);
        return NULL;
    }
    if (code != CLI_OK) {
        add_message(report, session->message[0] != '\0' ? session->message : report_message());
    }
    if (session->failure.cause != ESP_LOADER_SUCCESS) {
        json_object_set_new(report, "failure", failure_object(&session->failure));
    }
    return report;
}

/* ---- printing ---- */

static bool is_printed; /* an object, by whatever part of the program */

/** NULL, or what went wrong. With --json-events the report is an event.
 *  @param place  of one of several boards; NULL = none */
static const char *print_report(json_t *report, bool is_event, const char *place, size_t format)
{
    is_printed = true;
    if (!is_event) {
        return json_print(report, format);
    }
    json_t *event = json_pack("{s:s, s:I}", "event", "report", "time_ms", (json_int_t)json_events_time_ms());
    if (place != NULL) {
        json_object_set_new(event, "place", json_report_name(place));
    }
    json_object_set(event, "report", report);
    const char *mistake = json_print(event, 0);
    json_decref(event);
    return mistake;
}

static cli_exit_t print(const session_t *session, cli_exit_t code, json_members_t members, const void *ctx,
                        size_t flags)
{
    if (!session->options->is_json || code == CLI_USAGE) {
        return code;
    }
    json_t *own = members(session, ctx);
    json_t *report = report_object(session, code, own);
    const char *mistake = print_report(report, session->options->is_events, session->context.label, flags);

    json_decref(own);
    json_decref(report);
    if (mistake == NULL) {
        return code;
    }
    report_line("%s", mistake);
    return code != CLI_OK ? code : CLI_OTHER;
}

cli_exit_t json_report_end(const session_t *session, cli_exit_t code, json_members_t members, const void *ctx)
{
    return print(session, code, members, ctx, JSON_INDENT(2));
}

cli_exit_t json_report_run(const session_options_t *options,
                           cli_exit_t (*work)(session_t *session, void *ctx), json_members_t members,
                           void *ctx)
{
    session_t session = {.options = options};
    cli_exit_t code = session_run(&session, work, ctx);

    return json_report_end(&session, code, members, ctx);
}

cli_exit_t json_report_line(const session_t *session, cli_exit_t code, json_members_t members,
                            const void *ctx)
{
    return print(session, code, members, ctx, 0);
}

void json_report_done(void)
{
    is_printed = true;
}

void json_report_failure(cli_exit_t code, bool is_event)
{
    if (is_printed) {
        return;
    }
    json_t *report = json_pack("{s:b, s:i}", "ok", false, "exit_code", (int)code);
    add_message(report, report_message());
    const char *mistake = print_report(report, is_event, NULL, JSON_INDENT(2));
    json_decref(report);
    if (mistake != NULL) {
        report_line("%s", mistake);
    }
}
