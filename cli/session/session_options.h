/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The options that all commands with a target have in common, as parsed.
 */
#ifndef CLI_SESSION_OPTIONS_H
#define CLI_SESSION_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader.h"
#include "options/option_value.h"
#include "ports/reset_sequence.h"

/** Waiting for a port without an end. */
#define SESSION_WAIT_ENDLESS UINT32_MAX

typedef struct {
    const char
        *port; /**< of session_options_check(): "auto" when none was given; NULL = the command has none */
    uint32_t rate_baud; /**< 0 = whatever carries */
    bool
        is_rate_demanded; /**< by the command line, not by the environment, which counts where there are rates */
    uint32_t timeout_ms;       /**< how late answers may be; 0 = as they are found to be */
    uint32_t connect_attempts; /**< 0 = until it succeeds */
    bool is_reset_before_off;
    bool is_stay_after;
    bool is_stub_off;
    bool is_cache_off; /**< neither remember nor use the rate that worked the last time */
    bool is_verbose;
    uint32_t flash_size;             /**< bytes, as stated; 0 = not stated */
    bool is_flash_size_of_project;   /**< and not what --flash-size said */
    uint32_t flash_pins;             /**< of esp_loader_flash_set_pins() */
    const char *reset_gpio;          /**< CHIP:RESET:BOOT; NULL = the port's own lines */
    reset_sequence_t enter_sequence; /**< into download mode, instead of the library's */
    reset_sequence_t run_sequence;   /**< out of it */
    uint32_t wait_ms;                /**< for the port to appear; 0 = not at all */
    const char *trace;               /**< file for what goes over the port; NULL = none */
    uint32_t table_offset;           /**< of the partition table in the flash */
    target_chip_t chip;              /**< expected chip, ESP_UNKNOWN_CHIP = any */
    bool is_chip_of_project;         /**< and not what --chip said */
    bool is_quiet;
    bool is_events; /**< and what happens, event by event: is_json is set, too */
    bool is_json;   /**< print the report for programs, and nothing else: is_quiet is set, too */
} session_options_t;

void session_options_init(session_options_t *options);

/** Takes one of these options. false and one sentence in @p error if its value is invalid. */
bool session_options_take(session_options_t *options, const option_value_t *value,
                          char error[OPTION_ERROR_SIZE]);

/** Checks the options together, before anything is opened, and sets the port that counts where none was
 * given. false and one sentence in @p error. */
bool session_options_check(session_options_t *options, char error[OPTION_ERROR_SIZE]);

#endif
