/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the commands that show a target's output have in common, as parsed.
 */
#ifndef CLI_MONITOR_OPTIONS_H
#define CLI_MONITOR_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/decoder.h"
#include "monitor/view.h"
#include "options/option_value.h"
#include "session/session_options.h"

typedef struct {
    uint32_t rate_baud;
    bool is_rate_demanded; /**< by the command line */
    bool is_reset_off;
    monitor_mode_t mode;
    monitor_filter_t filter;
    const char *timestamps;           /**< format; NULL = none */
    const char *log;                  /**< file; NULL = none */
    const char *exit_on;              /**< text that ends it; NULL = none does */
    uint32_t exit_after_ms;           /**< 0 = never */
    const char *elves[DECODER_FILES]; /**< ELF files */
    size_t elf_count;
    const char *rom_folder; /**< with ELF files of ROMs; NULL = none */
} monitor_options_t;

void monitor_options_init(monitor_options_t *options);

/** Is it one of these options? */
bool monitor_options_has(const option_value_t *value);

/** Takes one of these options. false and one sentence in @p error if its value is invalid. */
bool monitor_options_take(monitor_options_t *options, const option_value_t *value,
                          char error[OPTION_ERROR_SIZE]);

/** Checks the options together, with the port that session_options_check() has set. false and one sentence in
 * @p error. */
bool monitor_options_check(const monitor_options_t *options, const session_options_t *session,
                           char error[OPTION_ERROR_SIZE]);

#endif
