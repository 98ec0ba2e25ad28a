/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a command is to the program: its state, where its options go, and what it does. One file per command; what
 * is known about it without running it is in its row of command_table.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "options/option_value.h"
#include "report/exit_code.h"

/** The words of a command that are no options. */
typedef struct {
    const char *const *words;
    size_t count;
} operands_t;

typedef struct {
    size_t state_size;     /**< of what begin(), take(), run() and end() are given; it begins as zeros */
    size_t session_offset; /**< of the session_options_t in it */
    bool needs_no_port;
    /** Makes the state ready to take options, session_options_init() being done; @p word_count is that of the
     * command line. false when there is no memory. NULL = zeros do. */
    bool (*begin)(void *state, size_t word_count);
    /** Takes an option; false and one sentence in @p error when its value is of no use. NULL = all options are
     * those that session_options_take() takes, which otherwise is to be called for what is not the command's own. */
    bool (*take)(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE]);
    /** Does the work. Has reported its failure when it returns. */
    cli_exit_t (*run)(void *state, operands_t operands);
    void (*end)(void *state); /**< frees what the state holds, whatever has happened; NULL = nothing */
} command_t;

/** Runs a command with the words of its command line, the name left out. Has reported its failure. */
cli_exit_t command_run(const command_t *command, command_id_t id, int argc, const char *const *argv);

/** Reports a mistake on the command line of a command. */
cli_exit_t command_mistake(command_id_t id, const char *sentence);

extern const command_t flash_command;
extern const command_t info_command;
extern const command_t efuse_command;
extern const command_t read_command;
extern const command_t verify_command;
extern const command_t erase_command;
extern const command_t partitions_command;
extern const command_t ota_command;
extern const command_t image_command;
extern const command_t merge_command;
extern const command_t load_ram_command;
extern const command_t reg_command;
extern const command_t spi_flash_command;
extern const command_t md5_command;
extern const command_t reset_command;
extern const command_t hold_in_reset_command;
extern const command_t rfc2217_server_command;
extern const command_t selftest_command;
extern const command_t ports_command;
extern const command_t watch_command;
extern const command_t monitor_command;

#endif
