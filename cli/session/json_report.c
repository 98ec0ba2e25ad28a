/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report as JSON. Members are never renamed or removed; what is not known is left out.
 */
#define _GNU_SOURCE
#include "session/json_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/safe_text.h"
#include "report/standard_streams.h"

enum { BYTES_MAX = 16 };

/* ---- values ---- */

json_t *json_report_number(uint32_t number, bool is_known)
{
    return is_known ? json_integer((json_int_t)number) : NULL;
}

static json_t *hex_string(const uint8_t *bytes, size_t size, const char *separator)
{
    char text[BYTES_MAX * 3 + 1] = "";
    size_t used = 0;

    for (size_t i = 0; i < size && i < BYTES_MAX; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%02x", i == 0 ? "" : separator,
                                 (unsigned)bytes[i]);
    }
    return json_string(text);
}

json_t *json_report_hex(const uint8_t *bytes, size_t size)
{
    return hex_string(bytes, size, "");
}

json_t *json_report_address(const uint8_t *bytes, size_t size)
{
    return hex_string(bytes, size, ":");
}

json_t *json_report_name(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL) {
        return NULL;
    }
    safe_text_make_utf8(copy);
    json_t *value = json_string(copy);
    free(copy);
    return value;
}

json_t *json_report_text(const char *text)
{
    return text[0] != '\0' ? json_report_name(text) : NULL;
}

json_t *json_report_array(size_t count, json_t *(*make)(const void *ctx, size_t index), const void *ctx)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(array, make(ctx, i)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *json_report_image(const esp_loader_image_t *image, const char *result)
{
    return json_pack("{s:o, s:I, s:I, s:s*}", "name", json_report_name(image->name), "offset",
                     (json_int_t)image->offset, "size", (json_int_t)image->source.size, "result", result);
}

/* ---- the object ---- */

static json_t *target_object(const session_t *session)
{
    json_t *target = json_pack("{s:s, s:s}", "chip", esp_loader_chip_name(session->context.chip), "loader",
                               session->is_stub ? "stub" : "rom");

    if (session->has_mac) {
        json_object_set_new(target, "mac", json_report_address(session->mac, sizeof(session->mac)));
    }
    if (session->context.flash_size != 0) {
        json_object_set_new(target, "flash_size", json_integer((json_int_t)session->context.flash_size));
    }
    if (session->no_size.cause == ESP_LOADER_ERROR_FLASH_SIZE ||
        session->no_size.cause == ESP_LOADER_ERROR_FLASH_ID) {
        json_object_set_new(target, "flash_id", json_integer((json_int_t)session->no_size.value));
    }
    return target;
}

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
        json_object_set_new(report, "target", target_object(session));
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

/** In one piece and at once, past the buffer of stdout: who reads along gets no half object. */
static bool write_whole(const char *text, size_t size)
{
    while (size > 0) {
        const ssize_t count = write(STDOUT_FILENO, text, size);

        if (count < 0 && errno != EINTR) {
            return false;
        }
        text += count < 0 ? 0 : count;
        size -= count < 0 ? 0 : (size_t)count;
    }
    return true;
}

static bool is_printed; /* an object, by whatever part of the program */

/** NULL, or what went wrong. */
static const char *print_object(const json_t *report, size_t format)
{
    const size_t flags = format | JSON_ENSURE_ASCII; /* what is printed does nothing to a terminal */
    const size_t size = json_dumpb(report, NULL, 0, flags);
    char *text = size != 0 ? malloc(size + 1) : NULL;

    if (text == NULL || json_dumpb(report, text, size, flags) != size) {
        free(text);
        return "out of memory";
    }
    is_printed = true;
    text[size] = '\n';
    const bool is_written = write_whole(text, size + 1);
    free(text);
    return is_written || standard_streams_is_reader_gone() ? NULL : "cannot write to standard output";
}

static cli_exit_t print(const session_t *session, cli_exit_t code, json_members_t members, const void *ctx,
                        size_t flags)
{
    if (!session->options->is_json || code == CLI_USAGE) {
        return code;
    }
    json_t *own = members(session, ctx);
    json_t *report = report_object(session, code, own);
    const char *mistake = print_object(report, flags);

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

void json_report_failure(cli_exit_t code)
{
    if (is_printed) {
        return;
    }
    json_t *report = json_pack("{s:b, s:i}", "ok", false, "exit_code", (int)code);
    add_message(report, report_message());
    const char *mistake = print_object(report, JSON_INDENT(2));
    json_decref(report);
    if (mistake != NULL) {
        report_line("%s", mistake);
    }
}
