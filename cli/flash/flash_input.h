/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is to be flashed, as build systems write it down: which files, where, and with which settings.
 * Formats: docs/cli.md. Paths in such a file are relative to its folder.
 */
#ifndef CLI_FLASH_INPUT_H
#define CLI_FLASH_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/exit_code.h"
#include "text/flash_params.h"

/** Zero is empty. Owns every string in it. */
typedef struct {
    char **operands; /**< OFFSET FILE OFFSET FILE ...; NAME= instead of OFFSET is a partition */
    size_t operand_count;
    flash_params_text_t params; /**< NULL = not given */
    const char *chip;           /**< NULL = not given */
    bool is_app_named;          /**< a project's app has no offset, but the name app */
    char **strings;             /**< what the pointers above point to */
    size_t string_count;
} flash_input_t;

/** Adds the files of a build folder with a flasher_args.json, of a project folder with such a build/, or of
 * that file itself. Reports its failure. */
cli_exit_t flash_input_add_project(flash_input_t *input, const char *path);

/** Adds the content of a file of words, like ESP-IDF's flash_args. Reports its failure. */
cli_exit_t flash_input_add_arguments(flash_input_t *input, const char *path);

/** Adds one word of the command line; NAME=FILE, where an offset is expected, becomes two. Reports its failure. */
cli_exit_t flash_input_add_operand(flash_input_t *input, const char *word);

/** Adds a file of a build folder. Reports its failure. */
cli_exit_t flash_input_add_file(flash_input_t *input, const char *offset, const char *folder,
                                const char *name);

/** Copies a string that lives as long as @p input. NULL when there is no memory, which is reported. */
char *flash_input_keep(flash_input_t *input, const char *text);

void flash_input_free(flash_input_t *input);

#endif
