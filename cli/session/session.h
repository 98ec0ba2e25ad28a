/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every command that talks to a target does first and last: its common options, opening, connecting,
 * saying who answered, and leaving the target; and what is known about a run when it is over.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "options/args.h"
#include "esp_loader.h"
#include "ports/port_list.h"
#include "ports/port_open.h"
#include "report/report.h"

/** Options common to all commands, as parsed. */
typedef struct {
    const char *port;
    uint32_t rate_baud;  /**< 0 = leave it at 115200 */
    uint32_t timeout_ms; /**< how late answers may be; 0 = as they are found to be */
    bool is_reset_before_off;
    bool is_stay_after;
    bool is_stub_off;
    uint32_t flash_size;           /**< bytes, as somebody has stated it; 0 = nobody */
    bool is_flash_size_of_project; /**< and not what --flash-size said */
    target_chip_t chip;            /**< expected chip, ESP_UNKNOWN_CHIP = any */
    bool is_chip_of_project;       /**< and not what --chip said */
    bool is_quiet;
    bool is_json; /**< print the report for programs, and nothing else: is_quiet is set, too */
} session_options_t;

/** Ids of the common options; a command's own ids begin at SESSION_OPTION_COUNT. */
enum {
    OPTION_HELP,
    OPTION_PORT,
    OPTION_BAUD,
    OPTION_TIMEOUT,
    OPTION_BEFORE,
    OPTION_NO_RESET,
    OPTION_AFTER,
    OPTION_NO_STUB,
    OPTION_CHIP,
    OPTION_STATED_SIZE,
    OPTION_QUIET,
    OPTION_JSON,
    SESSION_OPTION_COUNT
};

/** Rows of the common options, for a command's option table. */
#define SESSION_OPTIONS                                                                                      \
    {"help", 'h', false, OPTION_HELP}, {"port", 'p', true, OPTION_PORT}, {"baud", 'b', true, OPTION_BAUD},   \
        {"timeout", 0, true, OPTION_TIMEOUT}, {"before", 0, true, OPTION_BEFORE},                            \
        {"no-reset", 0, false, OPTION_NO_RESET}, {"after", 0, true, OPTION_AFTER},                           \
        {"no-stub", 0, false, OPTION_NO_STUB}, {"chip", 'c', true, OPTION_CHIP},                             \
        {"quiet", 'q', false, OPTION_QUIET},                                                                 \
    {                                                                                                        \
        "json", 0, false, OPTION_JSON                                                                        \
    }

/** Help text of the common options; --json also where the others do not apply. */
#define OPTION_JSON_HELP "      --json            print nothing but the outcome, as one JSON object\n"
#define SESSION_OPTIONS_HELP                                                                                 \
    "  -p, --port PORT       auto: the only board that is connected (see esp-loader ports);\n"               \
    "                        /dev/ttyACM0 or any other serial device; usb:, usb:SERIAL, usb:1-2\n"           \
    "                        (physical port) or usb:VID:PID: a USB device without a driver;\n"               \
    "                        rfc2217://HOST:PORT[?ign_set_control], or socket://HOST:PORT\n"                 \
    "  -b, --baud N          baud rate after connecting (default: 115200, as for connecting)\n"              \
    "      --timeout SECONDS wait so much longer for every answer; without it the tool finds out how\n"      \
    "                        late they are, up to 2 seconds\n"                                               \
    "      --before MODE     reset (default): put the target into download mode;\n"                          \
    "                        no-reset: it is there already\n"                                                \
    "      --no-reset        the same as --before no-reset\n"                                                \
    "      --after MODE      reset (default): run the application; stay: leave the target\n"                 \
    "                        in download mode\n"                                                             \
    "      --no-stub         use the loader in the target's ROM; otherwise a flasher stub is loaded\n"       \
    "                        into its RAM where there is one and the target runs it\n"                       \
    "  -c, --chip NAME       refuse any chip but this one, e.g. esp32s3\n"                                   \
    "  -q, --quiet           print failures only\n" OPTION_JSON_HELP                                         \
    "  -h, --help            print this text\n"

/** Row and help of --flash-size, for commands that write no bootloader: there it has to do with its header,
 * too. */
#define STATED_SIZE_OPTION                                                                                   \
    {                                                                                                        \
        "flash-size", 0, true, OPTION_STATED_SIZE                                                            \
    }
#define STATED_SIZE_OPTION_HELP                                                                              \
    "      --flash-size S    size of the flash, e.g. 4MB, where its id has none, or more than there is\n"

void session_options_init(session_options_t *options);

/** Takes one common option. false and one sentence in @p error if its value is invalid. */
bool session_options_take(session_options_t *options, int id, const char *value, char error[ARGS_ERROR_SIZE]);

/** Checks the options together, before anything is opened. false and one sentence in @p error. */
bool session_options_check(const session_options_t *options, char error[ARGS_ERROR_SIZE]);

/** How a target was left. */
typedef enum {
    SESSION_NOT_LEFT = 0, /**< it was not, or that failed */
    SESSION_LEFT_RUNNING,
    SESSION_LEFT_IN_DOWNLOAD_MODE, /**< as asked for, or because it came back to it */
    SESSION_LEFT_AS_IT_IS,         /**< the port cannot reset it */
} session_left_t;

/** One run of a command, with one target if the command has any. Set the options, zero the rest. Keep it
 * where it is: the library points into it. What is known stays when it is closed. */
typedef struct {
    const session_options_t *options;
    cli_port_t port;
    char auto_port[PORT_TEXT_SIZE]; /**< what "auto" has turned out to be */
    esp_loader_t loader;
    report_context_t context;
    bool is_open;
    bool is_rate_changed; /**< the target is not at the rate at which it is looked for */
    bool is_stub;         /**< the target's loader, once it is connected */
    bool has_revision;
    uint32_t revision; /**< major * 100 + minor */
    bool has_mac;
    uint8_t mac[6];
    uint32_t told_flash_size;          /**< by the flash chip's id; 0 = it tells none, or was not asked */
    bool is_flash_size_stated;         /**< what was stated counts, not what the id tells */
    esp_loader_error_detail_t no_size; /**< why the id was of no help; cause SUCCESS = it was, or not asked */
    const char *why_no_stub;           /**< NULL when one runs, or none is wanted */
    esp_loader_error_detail_t failure; /**< the first one; cause SUCCESS = none, or none of the library's */
    session_left_t left;
    char message[REPORT_SIZE]; /**< set when another thread made the run: its report_message() */
} session_t;

/** Opens the port, connects, checks the chip, changes the rate, and prints who answered. On failure it is
 * reported and the port closed.
 *  @param label  which of several targets, for reports; NULL = there is only one */
cli_exit_t session_open(session_t *session, const char *label);

/** Opens, works, and leaves the target.
 *  @param work  returns the exit code and has reported its failure; may close the session */
cli_exit_t session_run(session_t *session, cli_exit_t (*work)(session_t *session, void *ctx), void *ctx);

/** Reports the library's last failure on this session, and keeps it. */
cli_exit_t session_failure(session_t *session);

/** Keeps a failure that the command has reported in words of its own; the first one counts. */
void session_keep(session_t *session, const esp_loader_error_detail_t *detail);

/** The same, where no more is to be said than cause, stage and address. */
void session_keep_cause(session_t *session, esp_loader_error_t cause, esp_loader_stage_t stage,
                        uint32_t address);

/** Refuses, in a sentence, a range of which the flash is known not to have all. */
cli_exit_t session_check_range(session_t *session, uint32_t offset, uint32_t size);

/** Leaves the target as --after says and closes the port. */
cli_exit_t session_finish(session_t *session);

/** session_finish(), but for a target that cannot be talked to any more, whose port is only closed; nothing
 * when it is closed already. Returns @p code, or the failure of leaving when @p code is CLI_OK. */
cli_exit_t session_end(session_t *session, cli_exit_t code);

/** Brings a target that was asked to another rate back to 115200 baud, where the next program, or what it
 * runs now, looks for it. Failing is no failure of the command. */
void session_give_rate_back(session_t *session);

/** Gives the rate back and closes the port. */
void session_close(session_t *session);

#endif
