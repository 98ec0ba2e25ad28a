/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the values of the common options go.
 */
#define _GNU_SOURCE
#include "session/session_options.h"

#include <stdio.h>
#include <string.h>

#include "ports/port_open.h"
#include "text/chip_name.h"
#include "text/flash_params.h"
#include "text/flash_pins.h"

/** Where ESP-IDF puts the partition table unless told otherwise. */
enum { USUAL_TABLE_OFFSET = 0x8000, SECTOR_SIZE = 4096 };

void session_options_init(session_options_t *options)
{
    *options = (session_options_t){
        .chip = ESP_UNKNOWN_CHIP, .connect_attempts = 1, .table_offset = USUAL_TABLE_OFFSET};
}

bool session_options_take(session_options_t *options, const option_value_t *value,
                          char error[OPTION_ERROR_SIZE])
{
    switch (value->option->id) {
    case OPTION_PORT:
        options->port = value->text;
        return true;
    case OPTION_BAUD:
        options->rate_baud = value->number;
        options->is_rate_demanded = value->source == NULL && value->number != 0;
        return true;
    case OPTION_NO_CACHE:
        options->is_cache_off = true;
        return true;
    case OPTION_VERBOSE:
        options->is_verbose = true;
        return true;
    case OPTION_TIMEOUT:
        options->timeout_ms = value->number;
        return true;
    case OPTION_CONNECT_ATTEMPTS:
        options->connect_attempts = value->number;
        return true;
    case OPTION_BEFORE:
        options->is_reset_before_off = value->number == BEFORE_NO_RESET;
        return true;
    case OPTION_NO_RESET:
        options->is_reset_before_off = true;
        return true;
    case OPTION_AFTER:
        options->is_stay_after = value->number == AFTER_STAY;
        return true;
    case OPTION_NO_STUB:
        options->is_stub_off = true;
        return true;
    case OPTION_CHIP:
        options->chip = chip_name_find(value->text);
        if (options->chip != ESP_UNKNOWN_CHIP || strcmp(value->text, "auto") == 0) {
            return true;
        }
        snprintf(error, OPTION_ERROR_SIZE, "unknown chip '%.60s'", value->text);
        return false;
    case OPTION_STATED_SIZE:
        options->flash_size = flash_params_size(value->text);
        if (options->flash_size != 0) {
            return true;
        }
        snprintf(error, OPTION_ERROR_SIZE, "invalid flash size '%.60s': give it like 4MB", value->text);
        return false;
    case OPTION_JSON_EVENTS:
        options->is_events = true;
        options->is_json = true;
        options->is_quiet = true;
        return true;
    case OPTION_SPI_CONNECTION:
        if (flash_pins_parse(value->text, &options->flash_pins)) {
            return true;
        }
        snprintf(error, OPTION_ERROR_SIZE,
                 "--spi-connection is SPI, HSPI or CLK,Q,D,HD,CS, five different GPIOs, "
                 "not '%.40s'",
                 value->text);
        return false;
    case OPTION_RESET_GPIO:
        options->reset_gpio = value->text;
        return true;
    case OPTION_RESET_SEQUENCE:
        return reset_sequence_parse(&options->enter_sequence, value->text, error);
    case OPTION_HARD_RESET_SEQUENCE:
        return reset_sequence_parse(&options->run_sequence, value->text, error);
    case OPTION_WAIT:
        options->wait_ms = SESSION_WAIT_ENDLESS;
        return true;
    case OPTION_WAIT_SECONDS:
        options->wait_ms = value->number;
        return true;
    case OPTION_OPEN_PORT_ATTEMPTS: /* the first one is not waited for, and ten make a second */
        options->wait_ms = value->number == 0 ? SESSION_WAIT_ENDLESS : (value->number - 1) * 100;
        return true;
    case OPTION_TRACE:
        options->trace = value->text;
        return true;
    case OPTION_TABLE_OFFSET:
        options->table_offset = value->number;
        if (value->number % SECTOR_SIZE == 0) {
            return true;
        }
        snprintf(error, OPTION_ERROR_SIZE, "--%s is a multiple of 4096", value->option->name);
        return false;
    case OPTION_JSON:
        options->is_json = true;
        options->is_quiet = true;
        return true;
    case OPTION_QUIET:
        options->is_quiet = true;
        return true;
    default:
        snprintf(error, OPTION_ERROR_SIZE, "--%s is not one of the common options", value->option->name);
        return false;
    }
}

bool session_options_check(session_options_t *options, char error[OPTION_ERROR_SIZE])
{
    cli_port_t port;

    if (options->port == NULL) {
        options->port = "auto";
    }
    if (options->port[0] == '\0') {
        snprintf(error, OPTION_ERROR_SIZE, "no port given: --port is empty");
        return false;
    }
    if (!cli_port_prepare(&port, options->port)) {
        snprintf(error, OPTION_ERROR_SIZE, "'%.60s' is neither socket://HOST:PORT nor rfc2217://HOST:PORT",
                 options->port);
        return false;
    }
    if (options->is_rate_demanded && !port.has_rate) {
        snprintf(error, OPTION_ERROR_SIZE, "a socket:// port has no baud rate: leave out --baud");
        return false;
    }
    if (!port.has_rate) {
        options->rate_baud = 0;
    }
    return true;
}
