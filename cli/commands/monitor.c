/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader monitor: opens the port and shows what the target prints.
 */
#define _GNU_SOURCE
#include "commands/command.h"
#include "monitor/monitor.h"

typedef struct {
    session_options_t session;
    monitor_options_t monitor;
} options_t;

static bool begin(void *state, size_t word_count)
{
    options_t *options = state;

    (void)word_count;
    monitor_options_init(&options->monitor);
    return true;
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    options_t *options = state;

    return monitor_options_has(value) ? monitor_options_take(&options->monitor, value, error)
                                      : session_options_take(&options->session, value, error);
}

static cli_exit_t run_monitor(void *state, operands_t operands)
{
    const options_t *options = state;
    session_t session = {.options = &options->session};
    char error[OPTION_ERROR_SIZE];

    (void)operands;
    if (!monitor_options_check(&options->monitor, &options->session, error)) {
        return command_mistake(COMMAND_MONITOR, error);
    }
    cli_exit_t code = session_choose_port(&session, NULL);
    if (code != CLI_OK) {
        return code;
    }
    cli_port_open_at(&session.port, options->monitor.rate_baud);
    code = esp_loader_init_serial(&session.loader, session.port.port) == ESP_LOADER_SUCCESS
               ? monitor_run(&session, &options->monitor)
               : session_failure(&session);
    esp_loader_deinit(&session.loader);
    return code;
}

const command_t monitor_command = {
    .state_size = sizeof(options_t), .begin = begin, .take = take_option, .run = run_monitor};
