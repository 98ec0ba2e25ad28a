/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every command that talks to a target does first and last: its common options, opening, connecting,
 * saying who answered, and leaving the target.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "esp_loader.h"
#include "port_list.h"
#include "port_open.h"
#include "report.h"

/** Options common to all commands, as parsed. */
typedef struct {
    const char *port;
    uint32_t rate_baud; /**< 0 = leave it at 115200 */
    bool is_reset_before_off;
    bool is_stay_after;
    bool is_stub_off;
    uint32_t flash_size; /**< bytes, for a target that cannot tell; 0 = not given */
    target_chip_t chip;  /**< expected chip, ESP_UNKNOWN_CHIP = any */
    bool is_quiet;
} session_options_t;

/** Ids of the common options; a command's own ids begin at SESSION_OPTION_COUNT. */
enum {
    OPTION_HELP,
    OPTION_PORT,
    OPTION_BAUD,
    OPTION_BEFORE,
    OPTION_NO_RESET,
    OPTION_AFTER,
    OPTION_NO_STUB,
    OPTION_CHIP,
    OPTION_QUIET,
    SESSION_OPTION_COUNT
};

/** Rows of the common options, for a command's option table. */
#define SESSION_OPTIONS                                                                                      \
    {"help", 'h', false, OPTION_HELP}, {"port", 'p', true, OPTION_PORT}, {"baud", 'b', true, OPTION_BAUD},   \
        {"before", 0, true, OPTION_BEFORE}, {"no-reset", 0, false, OPTION_NO_RESET},                         \
        {"after", 0, true, OPTION_AFTER}, {"no-stub", 0, false, OPTION_NO_STUB},                             \
        {"chip", 'c', true, OPTION_CHIP},                                                                    \
    {                                                                                                        \
        "quiet", 'q', false, OPTION_QUIET                                                                    \
    }

/** Help text of the common options. */
#define SESSION_OPTIONS_HELP                                                                                 \
    "  -p, --port PORT       auto: the only board that is connected (see esp-loader ports);\n"               \
    "                        /dev/ttyACM0 or any other serial device; usb:, usb:SERIAL, usb:1-2\n"           \
    "                        (physical port) or usb:VID:PID: a USB device without a driver;\n"               \
    "                        rfc2217://HOST:PORT[?ign_set_control], or socket://HOST:PORT\n"                 \
    "  -b, --baud N          transmission rate after connecting; connecting is at 115200\n"                  \
    "      --before MODE     reset (default): put the target into download mode;\n"                          \
    "                        no-reset: it is there already\n"                                                \
    "      --no-reset        the same as --before no-reset\n"                                                \
    "      --after MODE      reset (default): run the application; stay: leave the target\n"                 \
    "                        in download mode\n"                                                             \
    "      --no-stub         use the loader in the target's ROM; otherwise a flasher stub is loaded\n"       \
    "                        into its RAM where there is one and the target runs it\n"                       \
    "  -c, --chip NAME       refuse any chip but this one, e.g. esp32s3\n"                                   \
    "  -q, --quiet           print failures only\n"                                                          \
    "  -h, --help            print this text\n"

void session_options_init(session_options_t *options);

/** Takes one common option. false and one sentence in @p error when its value makes no sense. */
bool session_options_take(session_options_t *options, int id, const char *value, char error[ARGS_ERROR_SIZE]);

/** Checks the options together, before anything is opened. false and one sentence in @p error. */
bool session_options_check(const session_options_t *options, char error[ARGS_ERROR_SIZE]);

/** One run of a command with one target. Keep it where it is: the library points into it. */
typedef struct {
    const session_options_t *options;
    cli_port_t port;
    char auto_port[PORT_TEXT_SIZE]; /**< what "auto" has turned out to be */
    esp_loader_t loader;
    report_context_t context;
    bool has_mac;
    uint8_t mac[6];
    const char *why_no_stub; /**< NULL when one runs, or none is wanted */
} session_t;

/** Opens the port, connects, checks the chip, changes the rate, and prints who answered. On failure it is
 * reported and the port closed.
 *  @param label  which of several targets, for reports; NULL = there is only one */
cli_exit_t session_open(session_t *session, const session_options_t *options, const char *label);

/** Reports the library's last failure on this session. */
cli_exit_t session_failure(const session_t *session);

/** Refuses, in a sentence, a range of which the flash is known not to have all. */
cli_exit_t session_check_range(const session_t *session, uint32_t offset, uint32_t size);

/** Leaves the target as --after says and closes the port. */
cli_exit_t session_finish(session_t *session);

/** session_finish(), but for a target that cannot be talked to any more, whose port is only closed. Returns
 * @p code, or the failure of leaving when @p code is CLI_OK. */
cli_exit_t session_end(session_t *session, cli_exit_t code);

/** Closes the port and nothing else. */
void session_close(session_t *session);

#endif
