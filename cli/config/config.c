/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From entries of files to values of options.
 */
#define _GNU_SOURCE
#include "config/config.h"

#include <stdio.h>
#include <string.h>

#include "config/ini.h"
#include "config/toml.h"
#include "esptool/esptool_config.h"
#include "options/name.h"
#include "report/report.h"

#define FILE_NAME "esp-loader.toml"
#define SECTION   "esptool"

/** One file being read. */
typedef struct {
    config_t *config;
    command_id_t command;
    const config_file_t *file;
    size_t first; /**< index of its first value */
} reader_t;

/* ---- keys and values ---- */

static bool is_network(const char *port)
{
    return strstr(port, "://") != NULL;
}

/** Says that nobody knows the key, and which one may have been meant. */
static void note_unknown(const reader_t *reader, const config_entry_t *entry, const char *what,
                         const name_guess_t *guess)
{
    if (guess->name != NULL) {
        report_note(NULL, "%s:%u: unknown %s '%.40s' is left out: did you mean '%s'?", reader->file->path,
                    entry->line, what, guess->word, guess->name);
    } else {
        report_note(NULL, "%s:%u: unknown %s '%.40s' is left out", reader->file->path, entry->line, what,
                    guess->word);
    }
}

static void note_unknown_key(const reader_t *reader, const config_entry_t *entry)
{
    name_guess_t guess = {.word = entry->key, .length = strlen(entry->key)};

    for (size_t i = 0; i < option_table_count; i++) {
        if (option_table[i].file != FILE_NEVER) {
            name_guess(&guess, option_table[i].name);
        }
    }
    note_unknown(reader, entry, "key", &guess);
}

/** The row that the entry is about, of any of @p commands, that a file may set; NULL = none. */
static const option_t *find_row(command_set_t commands, const config_entry_t *entry)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if ((option->commands & commands) != 0 && option->file != FILE_NEVER &&
            name_is(option->name, entry->key, strlen(entry->key)) &&
            (option->kind == VALUE_NONE) == (entry->kind == CONFIG_SWITCH)) {
            return option;
        }
    }
    return NULL;
}

/** What values the option has in a file. */
static const char *kind_name(const option_t *option)
{
    return option->kind == VALUE_NONE                                      ? "true or false"
           : option->kind == VALUE_NUMBER || option->kind == VALUE_SECONDS ? "a number"
                                                                           : "a text in quotes";
}

/** Is the entry allowed, for whichever command? false: *error says why not. *out_is_known: there is such an option. */
static bool check_key(const reader_t *reader, const config_entry_t *entry, bool *out_is_known,
                      char error[CONFIG_ERROR_SIZE])
{
    const option_t *row = find_row(~(command_set_t)0, entry);
    const option_t *any = option_find(~(command_set_t)0, entry->key, strlen(entry->key), false);

    *out_is_known = any != NULL;
    if (any == NULL) {
        note_unknown_key(reader, entry);
        return true;
    }
    if (row != NULL && (row->file == FILE_ANY || !reader->file->is_of_folder)) {
        return true;
    }
    if (row != NULL) {
        snprintf(error, CONFIG_ERROR_SIZE,
                 "'%.40s' cannot be set by a file of the working folder, only by your own, a variable or the "
                 "command line",
                 entry->key);
        return false;
    }
    for (size_t i = 0; i < option_table_count; i++) {
        if (option_table[i].file != FILE_NEVER &&
            name_is(option_table[i].name, entry->key, strlen(entry->key))) {
            snprintf(error, CONFIG_ERROR_SIZE, "'%.40s' is %s", entry->key, kind_name(&option_table[i]));
            return false;
        }
    }
    snprintf(error, CONFIG_ERROR_SIZE, "'%.40s' cannot be set by a file: give it on the command line",
             entry->key);
    return false;
}

/** What has been said about an option of that name; NULL = nothing. */
static config_value_t *find_named(config_t *config, const char *name)
{
    for (size_t i = 0; i < config->count; i++) {
        if (strcmp(config->values[i].value.option->name, name) == 0) {
            return &config->values[i];
        }
    }
    return NULL;
}

/** Keeps a value for the command. */
static bool add_value(reader_t *reader, const option_t *option, const config_entry_t *entry,
                      char error[CONFIG_ERROR_SIZE])
{
    config_t *config = reader->config;
    config_value_t added = {.file = reader->file,
                            .line = entry->line,
                            .is_of_table = entry->table[0] != '\0',
                            .is_on = strcmp(entry->value, "false") != 0};
    char why[OPTION_ERROR_SIZE];

    config_value_t *before = find_named(config, option->name);
    if (!option_value_parse(&added.value, option, entry->value, why)) {
        snprintf(error, CONFIG_ERROR_SIZE, "%s", why);
        return false;
    }
    if (option->id == OPTION_PORT && reader->file->is_of_folder && is_network(entry->value)) {
        snprintf(error, CONFIG_ERROR_SIZE,
                 "a file of the working folder cannot choose a port on a network, only your own, a variable "
                 "or the "
                 "command line");
        return false;
    }
    added.value.source = reader->file->path;
    if (before == NULL && config->count == CONFIG_VALUES_MAX) {
        snprintf(error, CONFIG_ERROR_SIZE, "too many keys");
        return false;
    }
    if (before == NULL) {
        before = &config->values[config->count++];
    } else if (before < config->values + reader->first) {
        return true; /* of a file that counts more */
    } else if (before->is_of_table == added.is_of_table) {
        snprintf(error, CONFIG_ERROR_SIZE, "'%.40s' is there twice", entry->key);
        return false;
    }
    *before = added;
    return true;
}

/** An entry of esp-loader.toml. */
static bool take_own(void *ctx, const config_entry_t *entry, char error[CONFIG_ERROR_SIZE])
{
    reader_t *reader = ctx;
    const command_id_t table = command_find(entry->table);
    bool is_known;

    if (entry->table[0] != '\0' && table == COMMAND_NONE) {
        name_guess_t guess = {.word = entry->table, .length = strlen(entry->table)};

        for (int id = 0; id < COMMAND_COUNT; id++) {
            name_guess(&guess, command_table[id].name);
        }
        note_unknown(reader, entry, "table", &guess);
        return true;
    }
    if (!check_key(reader, entry, &is_known, error)) {
        return false;
    }
    const option_t *option = find_row(COMMAND_BIT(reader->command), entry);
    const bool is_meant = entry->table[0] == '\0' || table == reader->command;
    return !is_known || !is_meant || option == NULL || add_value(reader, option, entry, error);
}

/** An entry of esptool's file. */
static bool take_esptools(void *ctx, const config_entry_t *entry, char error[CONFIG_ERROR_SIZE])
{
    reader_t *reader = ctx;
    config_entry_t own = *entry;

    const esptool_key_t *key = esptool_find_key(entry->key);
    if (key == NULL) {
        name_guess_t guess = {.word = entry->key, .length = strlen(entry->key)};

        for (size_t i = 0; i < esptool_key_count; i++) {
            name_guess(&guess, esptool_keys[i].name);
        }
        note_unknown(reader, entry, "key", &guess);
        return true;
    }
    switch (esptool_key_translate(key, &own.value)) {
    case ESPTOOL_KEY_USUAL:
        return true;
    case ESPTOOL_KEY_LARGER:
        report_note(NULL, "%s:%u: %s has no effect: %s", reader->file->path, entry->line, key->name,
                    key->sentence);
        return true;
    case ESPTOOL_KEY_INVALID:
        snprintf(error, CONFIG_ERROR_SIZE, "%s is a number, not '%.60s'", key->name, entry->value);
        return false;
    case ESPTOOL_KEY_OURS:
    default:
        break;
    }
    own.key = key->option;
    const option_t *option = find_row(COMMAND_BIT(reader->command), &own);
    return option == NULL || add_value(reader, option, &own, error);
}

/* ---- files ---- */

static bool say_fault(const char *path, unsigned line, const char *sentence)
{
    if (line != 0) {
        report_line("%s:%u: %s", path, line, sentence);
    } else {
        report_line("%s: %s", path, sentence);
    }
    return false;
}

static reader_t reader_of(config_t *config, command_id_t command)
{
    return (reader_t){.config = config,
                      .command = command,
                      .file = &config->files[config->file_count],
                      .first = config->count};
}

/** Reads an esp-loader.toml. false: a mistake that has been reported. */
static bool load_own(config_t *config, command_id_t command, const char *path, bool is_of_folder,
                     bool is_wanted)
{
    reader_t reader = reader_of(config, command);
    const config_taker_t taker = {.take = take_own, .ctx = &reader};
    config_file_t *file = &config->files[config->file_count];
    config_error_t error = {.line = 0};

    const config_file_result_t result = config_file_read(file, path, error.text, sizeof(error.text));
    file->is_of_folder = is_of_folder;
    config->file_count++;
    if (result == CONFIG_FILE_ABSENT && !is_wanted) {
        return true;
    }
    return (result == CONFIG_FILE_READ && toml_read(file->text, file->size, &taker, &error)) ||
           say_fault(path, error.line, error.text);
}

/** Reads a file that may have a section for esptool. *out_has_section = that is the one. */
static bool load_esptools(config_t *config, command_id_t command, const char *path, bool is_of_folder,
                          bool *out_has_section)
{
    reader_t reader = reader_of(config, command);
    const config_taker_t taker = {.take = take_esptools, .ctx = &reader};
    config_file_t *file = &config->files[config->file_count];
    config_error_t error = {.line = 0};

    *out_has_section = false;
    const config_file_result_t result = config_file_read(file, path, error.text, sizeof(error.text));
    file->is_of_folder = is_of_folder;
    bool is_read = result != CONFIG_FILE_READ ||
                   ini_read(file->text, file->size, SECTION, &taker, out_has_section, &error) ||
                   say_fault(path, error.line, error.text);
    if (*out_has_section) {
        config->file_count++;
    } else {
        config_file_free(file);
    }
    return is_read;
}

/** Where esptool looks, in its order. false: a mistake that has been reported. */
static bool search_esptools(config_t *config, command_id_t command, const config_places_t *places)
{
    static const char *const names[] = {"esptool.cfg", "setup.cfg", "tox.ini"};
    static const char *const folders[] = {"", "/.config/esptool/", "/"};
    bool has_section = false;

    if (places->esptool != NULL) {
        if (!load_esptools(config, command, places->esptool, false, &has_section)) {
            return false;
        }
        if (!has_section) {
            report_note(NULL, "%s, of ESPTOOL_CFGFILE, has no section [" SECTION "], or cannot be read",
                        places->esptool);
        }
    }
    for (size_t i = 0; i < 9 && !has_section; i++) {
        const bool is_of_folder = i < 3;
        char path[CONFIG_PATH_SIZE];

        if (!is_of_folder && places->home == NULL) {
            break;
        }
        snprintf(path, sizeof(path), "%s%s%s", is_of_folder ? "" : places->home, folders[i / 3],
                 names[i % 3]);
        if (!load_esptools(config, command, path, is_of_folder, &has_section)) {
            return false;
        }
    }
    return true;
}

static bool search(config_t *config, command_id_t command, const config_places_t *places)
{
    char path[CONFIG_PATH_SIZE] = "";

    if (places->folder != NULL && places->folder[0] == '/') {
        snprintf(path, sizeof(path), "%s/esp-loader/" FILE_NAME, places->folder);
    } else if (places->home != NULL) {
        snprintf(path, sizeof(path), "%s/.config/esp-loader/" FILE_NAME, places->home);
    }
    return load_own(config, command, FILE_NAME, true, false) &&
           (path[0] == '\0' || load_own(config, command, path, false, false)) &&
           search_esptools(config, command, places);
}

cli_exit_t config_load(config_t *config, command_id_t command, const config_places_t *places)
{
    const bool is_read = places->path != NULL ? load_own(config, command, places->path, false, true)
                                              : search(config, command, places);

    return is_read ? CLI_OK : CLI_USAGE;
}

config_value_t *config_find(config_t *config, const option_t *option)
{
    config_value_t *found = find_named(config, option->name);

    return found != NULL && found->value.option == option ? found : NULL;
}

const char *config_place(const config_value_t *value, char room[CONFIG_PLACE_SIZE])
{
    snprintf(room, CONFIG_PLACE_SIZE, "%s:%u", value->file->path, value->line);
    return room;
}

void config_free(config_t *config)
{
    for (size_t i = 0; i < config->file_count; i++) {
        config_file_free(&config->files[i]);
    }
    *config = (config_t){.count = 0};
}
