/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every command that talks to a target does first and last: opening, connecting, saying who answered,
 * and leaving the target; and what is known about a run when it is over.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader.h"
#include "ports/port_list.h"
#include "ports/port_open.h"
#include "report/report.h"
#include "ports/auto_rate.h"
#include "session/session_options.h"

/** How a target was left. */
typedef enum {
    SESSION_NOT_LEFT = 0, /**< it was not, or that failed */
    SESSION_LEFT_RUNNING,
    SESSION_LEFT_IN_DOWNLOAD_MODE, /**< as asked for, or because it came back to it */
    SESSION_LEFT_AS_IT_IS,         /**< the port cannot reset it */
} session_left_t;

/** Private to port_wait.c. */
typedef struct {
    bool is_begun;
    uint64_t begin_ms;
    uint64_t absent_ms; /**< when the port was last seen to be missing */
} port_wait_t;

/** One run of a command, with one target if the command has any. Set the options, zero the rest. Keep it
 * where it is: the library points into it. What is known stays when it is closed. */
typedef struct {
    const session_options_t *options;
    cli_port_t port;
    char gpio[CLI_PORT_GPIO_SIZE];  /**< path of the GPIO chip that resets */
    char auto_port[PORT_TEXT_SIZE]; /**< what "auto" has turned out to be */
    esp_loader_t loader;
    report_context_t context;
    port_wait_t wait;
    bool is_open;
    bool is_rate_changed; /**< the target is not at the rate at which it is looked for */
    auto_rate_t rate;     /**< of a port that has one, unless the user has chosen it */
    bool is_stub;         /**< the target's loader, once it is connected */
    bool has_revision;
    uint32_t revision; /**< major * 100 + minor */
    bool has_mac;
    uint8_t mac[6];
    uint32_t told_flash_size;          /**< in the flash chip's id; 0 = it has none, or was not read */
    bool is_flash_size_stated;         /**< the stated size counts, not the one in the id */
    esp_loader_error_detail_t no_size; /**< why the id was of no help; cause SUCCESS = it was, or not asked */
    const char *why_no_stub;           /**< NULL when one runs, or none is wanted */
    esp_loader_error_detail_t failure; /**< the first one; cause SUCCESS = none, or none of the library's */
    session_left_t left;
    char message[REPORT_SIZE]; /**< set when another thread made the run: its report_message() */
} session_t;

/** Finds out which port is meant and prepares it, unopened. CLI_OK, or a failure that has been reported. */
cli_exit_t session_choose_port(session_t *session, const char *label);

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

/** Instead of session_finish(): the port stays open for the caller, who calls session_close() later. */
void session_hand_over(session_t *session);

/** session_finish(), but for a target that cannot be talked to any more, whose port is only closed; nothing
 * when it is closed already. Returns @p code, or the failure of leaving when @p code is CLI_OK. */
cli_exit_t session_end(session_t *session, cli_exit_t code);

/** The baud rate at which most was sent; 0 = the port has none. */
uint32_t session_rate(const session_t *session);

/** Raises the rate, before much is read. On failure it is reported. */
cli_exit_t session_raise_rate(session_t *session);

/** After a failure of reading: is it to be tried again, at the lower rate that there is now? */
bool session_lower_rate(session_t *session);

/** After the library may have changed the rate by itself: whether it is to be given back. */
void session_note_rate(session_t *session);

/** Brings a target that was asked to another rate back to 115200 baud, where the next program, or what it
 * runs now, looks for it. Failing is no failure of the command. */
void session_give_rate_back(session_t *session);

/** Gives the rate back and closes the port. */
void session_close(session_t *session);

#endif
