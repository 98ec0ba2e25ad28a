/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ESP-IDF's flasher_args.json. Source: ESP-IDF 6.1, components/esptool_py/flasher_args.json.in.
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flash/flash_input.h"
#include "text/number.h"
#include "text/partition_name.h"
#include "report/report.h"

/** One file of the project. */
typedef struct {
    uint32_t offset;
    const char *offset_text;
    const char *name;
} entry_t;

static int by_offset(const void *a, const void *b)
{
    const entry_t *left = a;
    const entry_t *right = b;

    return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/** Adds the files, in the order of their offsets; JSON has none. The file @p app, if any, has no offset but a name. */
static cli_exit_t add_files(flash_input_t *input, const char *path, const char *folder, json_t *files,
                            const char *app)
{
    entry_t *entries = calloc(json_object_size(files) + 1, sizeof(*entries));
    cli_exit_t code = entries != NULL ? CLI_OK : CLI_OTHER;
    size_t count = 0;
    const char *key;
    json_t *value;

    if (entries == NULL) {
        report_line("out of memory");
        return code;
    }
    json_object_foreach(files, key, value)
    {
        entry_t *entry = &entries[count];

        entry->offset_text = key;
        entry->name = json_string_value(value);
        if (entry->name == NULL || !number_parse(key, &entry->offset)) {
            report_line("%s: '%.60s' in flash_files is not an offset with a file", path, key);
            free(entries);
            return CLI_INPUT;
        }
        count++;
    }
    qsort(entries, count, sizeof(*entries), by_offset);
    for (size_t i = 0; i < count && code == CLI_OK; i++) {
        const bool is_app = app != NULL && strcmp(entries[i].name, app) == 0;

        code = flash_input_add_file(input, is_app ? PARTITIONS_APP "=" : entries[i].offset_text, folder,
                                    entries[i].name);
    }
    free(entries);
    return code;
}

/** The name of an image that has to be written encrypted, NULL when there is none. The JSON has a string
 * where one expects a boolean. */
static const char *find_encrypted(json_t *root)
{
    const char *key;
    json_t *value;

    json_object_foreach(root, key, value)
    {
        json_t *encrypted = json_object_get(value, "encrypted");
        const char *text = json_string_value(encrypted);

        if (json_is_true(encrypted) || (text != NULL && strcmp(text, "true") == 0)) {
            return key;
        }
    }
    return NULL;
}

/** Keeps a string of @p object if it has it; false when there is no memory. */
static bool keep_string(flash_input_t *input, json_t *object, const char *key, const char **out_text)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (text == NULL) {
        return true;
    }
    *out_text = flash_input_keep(input, text);
    return *out_text != NULL;
}

static cli_exit_t add_root(flash_input_t *input, const char *path, const char *folder, json_t *root)
{
    json_t *files = json_object_get(root, "flash_files");
    json_t *settings = json_object_get(root, "flash_settings");
    const char *encrypted = find_encrypted(root);

    if (json_object_size(files) == 0) {
        report_line("%s names no flash_files", path);
        return CLI_INPUT;
    }
    if (encrypted != NULL) {
        report_line("%s: '%.60s' requires on-device encryption, which is not supported", path, encrypted);
        return CLI_INPUT;
    }
    if (!keep_string(input, settings, "flash_mode", &input->params.mode) ||
        !keep_string(input, settings, "flash_freq", &input->params.freq) ||
        !keep_string(input, settings, "flash_size", &input->params.size) ||
        !keep_string(input, json_object_get(root, "extra_esptool_args"), "chip", &input->chip)) {
        return CLI_OTHER;
    }
    const char *app = json_string_value(json_object_get(json_object_get(root, "app"), "file"));
    return add_files(input, path, folder, files, input->is_app_named ? app : NULL);
}

/** Loads a file that may begin with a byte order mark, as some editors and shells write it. NULL and, where
 * that is not its content, a line of 0 in @p out_error. */
static json_t *load(const char *path, json_error_t *out_error)
{
    FILE *file = fopen(path, "re");
    char mark[3];
    json_t *root = NULL;

    *out_error = (json_error_t){0};
    if (file == NULL) {
        return NULL;
    }
    if (fread(mark, 1, sizeof(mark), file) != sizeof(mark) ||
        memcmp(mark, "\xEF\xBB\xBF", sizeof(mark)) != 0) {
        rewind(file);
    }
    root = json_loadf(file, JSON_REJECT_DUPLICATES, out_error);
    fclose(file);
    return root;
}

static cli_exit_t add_json(flash_input_t *input, const char *path)
{
    json_error_t error;
    json_t *root = load(path, &error);
    char *folder = strdup(path);
    cli_exit_t code = CLI_OTHER;

    if (root == NULL && error.line > 0) {
        report_line("%s, line %d: %s", path, error.line, error.text);
        code = CLI_INPUT;
    } else if (root == NULL) {
        report_line("cannot read %s", path);
        code = CLI_INPUT;
    } else if (folder == NULL) {
        report_line("out of memory");
    } else {
        char *slash = strrchr(folder, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        code = add_root(input, path, slash != NULL ? folder : ".", root);
    }
    free(folder);
    json_decref(root);
    return code;
}

cli_exit_t flash_input_add_project(flash_input_t *input, const char *path)
{
    static const char *const places[] = {"/flasher_args.json", "/build/flasher_args.json"};
    const char *suffix = strrchr(path, '.');

    if (suffix != NULL && strcmp(suffix, ".json") == 0) {
        return add_json(input, path);
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char *name = NULL;

        if (asprintf(&name, "%s%s", path, places[i]) < 0) {
            report_line("out of memory");
            return CLI_OTHER;
        }
        if (access(name, F_OK) == 0) {
            cli_exit_t code = add_json(input, name);
            free(name);
            return code;
        }
        free(name);
    }
    report_line("%s has no flasher_args.json: build the project first, or name its build folder", path);
    return CLI_INPUT;
}
