/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is made of the tables of commands and options while the tool is built: man pages, completions, and the blocks
 * of docs/cli.md.
 */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include <stdio.h>

#include "options/option_text.h"

/** man(7): the page of the program. */
void man_print_program(FILE *out, const char *version);

/** man(7): the page of a command. */
void man_print_command(FILE *out, command_id_t id, const char *version);

void bash_print(FILE *out);
void zsh_print(FILE *out);
void fish_print(FILE *out);

/** Markdown: the forms of a command. */
void manual_print_usage(FILE *out, command_id_t id);

/** Markdown: a table of the options of a command.
 *  @param but  those of this command are left out; COMMAND_NONE = none are */
void manual_print_options(FILE *out, command_id_t id, command_id_t but);

/** Markdown: a text in the cell of a table. */
void manual_print_cell(FILE *out, const char *text, size_t size);

/** Markdown: what becomes of esptool's commands, and of its options. */
void esptool_print_commands(FILE *out);
void esptool_print_options(FILE *out);

/** The same for the keys of its configuration file, and its environment variables. */
void esptool_print_keys(FILE *out);
void esptool_print_variables(FILE *out);

/** Markdown: what a configuration file may set. */
void config_print_keys(FILE *out);

/** What becomes of all that is esptool's, for a program: fields separated by tabs. */
void esptool_print_list(FILE *out);

/** The words that completion offers as a value of an option, separated by blanks; "" = there are none. */
const char *words_of(const option_t *option, char *room, size_t size);

#endif
