/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the values of the options go.
 */
#define _GNU_SOURCE
#include "monitor/monitor_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/finder.h"
#include "monitor/timestamp.h"
#include "ports/port_open.h"

/** The rate of ESP-IDF's console unless it is configured. */
enum { USUAL_BAUD = 115200 };

void monitor_options_init(monitor_options_t *options)
{
    *options = (monitor_options_t){.rate_baud = USUAL_BAUD, .rom_folder = getenv("ESP_ROM_ELF_DIR")};
}

static bool take_filter(monitor_options_t *options, const char *text, char error[OPTION_ERROR_SIZE])
{
    char why[MONITOR_FILTER_ERROR_SIZE];

    if (monitor_filter_parse(&options->filter, text, why)) {
        return true;
    }
    snprintf(error, OPTION_ERROR_SIZE, "invalid filter: %s", why);
    return false;
}

static bool take_timestamps(monitor_options_t *options, const char *format, char error[OPTION_ERROR_SIZE])
{
    options->timestamps = format;
    if (timestamp_is_usable(format)) {
        return true;
    }
    snprintf(error, OPTION_ERROR_SIZE, "invalid format of time stamps '%.60s'", format);
    return false;
}

static bool take_exit_on(monitor_options_t *options, const char *text, char error[OPTION_ERROR_SIZE])
{
    const size_t length = strlen(text);

    options->exit_on = text;
    if (length > 0 && length <= FINDER_TEXT_MAX) {
        return true;
    }
    snprintf(error, OPTION_ERROR_SIZE, "the text of --exit-on has 1 to %d bytes", (int)FINDER_TEXT_MAX);
    return false;
}

static bool take_elf(monitor_options_t *options, const char *path, char error[OPTION_ERROR_SIZE])
{
    if (options->elf_count < DECODER_FILES) {
        options->elves[options->elf_count++] = path;
        return true;
    }
    snprintf(error, OPTION_ERROR_SIZE, "more than %d ELF files", (int)DECODER_FILES);
    return false;
}

bool monitor_options_has(const option_value_t *value)
{
    return value->option->id >= OPTION_MONITOR_BAUD && value->option->id <= OPTION_EXIT_AFTER;
}

bool monitor_options_take(monitor_options_t *options, const option_value_t *value,
                          char error[OPTION_ERROR_SIZE])
{
    switch (value->option->id) {
    case OPTION_MONITOR_BAUD:
        options->rate_baud = value->number;
        options->is_rate_demanded = value->source == NULL;
        return true;
    case OPTION_MONITOR_NO_RESET:
        options->is_reset_off = true;
        return true;
    case OPTION_MODE:
        options->mode = (monitor_mode_t)value->number;
        return true;
    case OPTION_RAW:
        options->mode = MONITOR_RAW;
        return true;
    case OPTION_FILTER:
        return take_filter(options, value->text, error);
    case OPTION_TIMESTAMPS:
        return take_timestamps(options, value->text != NULL ? value->text : TIMESTAMP_USUAL, error);
    case OPTION_ELF:
        return take_elf(options, value->text, error);
    case OPTION_LOG:
        options->log = value->text;
        return true;
    case OPTION_EXIT_ON:
        return take_exit_on(options, value->text, error);
    case OPTION_EXIT_AFTER:
        options->exit_after_ms = value->number;
        return true;
    default:
        snprintf(error, OPTION_ERROR_SIZE, "--%s is not one of a monitor's options", value->option->name);
        return false;
    }
}

bool monitor_options_check(const monitor_options_t *options, const session_options_t *session,
                           char error[OPTION_ERROR_SIZE])
{
    cli_port_t port;

    if (options->filter.count > 0 && options->mode != MONITOR_LINE) {
        snprintf(error, OPTION_ERROR_SIZE, "--filter needs lines: leave out --mode and --raw");
        return false;
    }
    if (options->elf_count > 0 && options->mode != MONITOR_LINE) {
        snprintf(error, OPTION_ERROR_SIZE, "--elf needs lines: leave out --mode and --raw");
        return false;
    }
    if (options->timestamps != NULL && options->mode == MONITOR_RAW) {
        snprintf(error, OPTION_ERROR_SIZE, "nothing is added to raw bytes: leave out --timestamps");
        return false;
    }
    if (options->is_rate_demanded && cli_port_prepare(&port, session->port) && !port.has_rate) {
        snprintf(error, OPTION_ERROR_SIZE, "a socket:// port has no baud rate: leave it out");
        return false;
    }
    return true;
}
