/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The user's own file is not spoken of unless asked: it is no news. One of the working folder is.
 */
#include "commands/command_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "session/json_events.h"
#include "session/json_report_values.h"

/** What the command line or the environment says about --config or --no-config; NULL = nothing. */
static const char *word_of(command_id_t id, const char *name, const option_value_t *values, size_t count)
{
    const option_t *option = option_find(COMMAND_BIT(id), name, strlen(name), false);
    char variable[64];
    const char *text = NULL;

    for (size_t i = 0; i < count; i++) {
        if (values[i].option == option) {
            return values[i].text != NULL ? values[i].text : "1";
        }
    }
    /* Whichever of the two the command line has counts alone. */
    for (size_t i = 0; i < count; i++) {
        if (values[i].option->id == OPTION_CONFIG || values[i].option->id == OPTION_NO_CONFIG) {
            return NULL;
        }
    }
    return option_value_find_variable(option->environment, variable, &text) != NULL ? text : NULL;
}

/** The value of a variable; NULL when it is empty, too. */
static const char *variable(const char *name)
{
    const char *text = getenv(name);

    return text != NULL && *text != '\0' ? text : NULL;
}

cli_exit_t command_config_load(config_t *config, command_id_t id, const option_value_t *values, size_t count)
{
    bool is_off = false;

    if (option_find(COMMAND_BIT(id), "config", 6, false) == NULL) {
        return CLI_OK;
    }
    const char *off = word_of(id, "no-config", values, count);
    if (off != NULL && !option_value_switch(off, &is_off)) {
        report_line("environment variable ESP_LOADER_NO_CONFIG: --no-config is 1 or 0, not '%.60s'", off);
        return CLI_USAGE;
    }
    if (is_off) {
        return CLI_OK;
    }
    return config_load(config, id,
                       &(config_places_t){.path = word_of(id, "config", values, count),
                                          .home = variable("HOME"),
                                          .folder = variable("XDG_CONFIG_HOME"),
                                          .esptool = variable("ESPTOOL_CFGFILE")});
}

static void tell_of(const config_t *config, const config_file_t *file, const session_options_t *options)
{
    const session_t session = {.options = options};
    json_t *names = json_array();
    char list[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < config->count; i++) {
        const config_value_t *value = &config->values[i];

        if (value->is_used && value->file == file) {
            const char *name = value->value.option->name;

            json_array_append_new(names, json_string(name));
            if (used < sizeof(list)) {
                used +=
                    (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "", name);
            }
        }
    }
    if (used > 0 && !options->is_quiet && (file->is_of_folder || options->is_verbose)) {
        report_note(NULL, "options of %s: %s", file->path, list);
    }
    if (used > 0) {
        json_events_tell(&session, "options",
                         json_pack("{s:o, s:O}", "file", json_report_name(file->path), "names", names));
    }
    json_decref(names);
}

void command_config_tell(const config_t *config, const session_options_t *options)
{
    for (size_t i = 0; i < config->file_count; i++) {
        tell_of(config, &config->files[i], options);
    }
}
