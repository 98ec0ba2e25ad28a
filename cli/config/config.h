/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Options that files give: esp-loader.toml of the working folder, then the user's own, then esptool's configuration
 * file. The first one that says something about an option counts. What a file may say is in the table of options; a
 * file of the working folder may say less, because the authors of the project wrote it.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "config/config_file.h"
#include "options/option_value.h"
#include "report/exit_code.h"

enum { CONFIG_FILES_MAX = 3, CONFIG_VALUES_MAX = 64, CONFIG_PLACE_SIZE = CONFIG_PATH_SIZE + 16 };

/** What a file says about one option of the command. */
typedef struct {
    option_value_t value;
    const config_file_t *file;
    unsigned line;
    bool is_of_table; /**< of the command's own, or esptool's */
    bool is_on;       /**< false: a switch that is off */
    bool is_used;     /**< set by the command that has taken it */
} config_value_t;

/** Zero = nothing. Keep it where it is: values point into it. */
typedef struct {
    config_file_t files[CONFIG_FILES_MAX];
    size_t file_count;
    config_value_t values[CONFIG_VALUES_MAX];
    size_t count;
} config_t;

/** Where files are looked for. */
typedef struct {
    const char *path;    /**< this one and no other; NULL = all of the following */
    const char *home;    /**< the user's; NULL = none */
    const char *folder;  /**< XDG_CONFIG_HOME; NULL or not absolute = .config in `home` */
    const char *esptool; /**< ESPTOOL_CFGFILE; NULL = none */
} config_places_t;

/** Reads what there is for @p command; config_free() in any case. Has reported a mistake in a file, with its line,
 * when it does not return CLI_OK. Keys that nobody knows are named in a line and left out. */
cli_exit_t config_load(config_t *config, command_id_t command, const config_places_t *places);

/** What the files say about an option; NULL = nothing. */
config_value_t *config_find(config_t *config, const option_t *option);

/** "esp-loader.toml:3", for a sentence about a value. */
const char *config_place(const config_value_t *value, char room[CONFIG_PLACE_SIZE]);

void config_free(config_t *config);

#endif
