/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a command is to main.c, and the list of them. One file per command.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "report/exit_code.h"

typedef struct {
    const char *name;
    const char *summary; /**< one line for the list of commands */
    const char *help;    /**< complete text of "help COMMAND" */
    /** Runs with the words after the command's name. Has reported its failure when it returns. */
    cli_exit_t (*run)(int argc, char *const *argv);
} command_t;

extern const command_t flash_command;
extern const command_t info_command;
extern const command_t read_command;
extern const command_t verify_command;
extern const command_t erase_command;
extern const command_t image_command;
extern const command_t merge_command;
extern const command_t load_ram_command;
extern const command_t reg_command;
extern const command_t reset_command;
extern const command_t ports_command;
extern const command_t watch_command;

#endif
