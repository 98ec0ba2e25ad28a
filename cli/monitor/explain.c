/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The first line of a ROM names it: "ESP-ROM:esp32s3-20210327", on the ESP32 "ets Jul 29 2019 12:21:46". The ELF file of that
 * ROM contains the same text. Source: the ELF files of the ROMs that come with ESP-IDF, whose tools look for the date there.
 */
#define _GNU_SOURCE
#include "monitor/explain.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

enum { ROM_FILE_MAX = 16 * 1024 * 1024, ROM_NAME_MAX = 64 };

bool explain_begin(explain_t *explain, const char *const *paths, size_t count, const char *rom_folder)
{
    const char *why = NULL;
    const char *path = NULL;

    *explain = (explain_t){.count = count, .rom_folder = rom_folder};
    if (count == 0) {
        return true;
    }
    memcpy(explain->paths, paths, count * sizeof(*paths));
    explain->decoder = decoder_open(paths, count, &why, &path);
    if (explain->decoder == NULL) {
        report_line("%s%s%s", path == NULL ? "" : path, path == NULL ? "" : ": ", why);
    }
    return explain->decoder != NULL;
}

/** Is @p name in the file, as a text that ends there? */
static bool has_text(const char *path, const char *name)
{
    FILE *file = fopen(path, "rb");
    char *content = file == NULL ? NULL : malloc(ROM_FILE_MAX);
    const size_t size = content == NULL ? 0 : fread(content, 1, ROM_FILE_MAX, file);
    const bool has = size > 0 && memmem(content, size, name, strlen(name)) != NULL;

    free(content);
    if (file != NULL) {
        (void)fclose(file);
    }
    return has;
}

/** Finds the ELF file of the ROM that calls itself @p name. */
static bool find_rom(explain_t *explain, const char *name)
{
    DIR *folder = opendir(explain->rom_folder);
    const struct dirent *entry = NULL;
    bool is_found = false;

    while (folder != NULL && !is_found && (entry = readdir(folder)) != NULL) {
        const size_t length = strlen(entry->d_name);

        if (length > 4 && strcmp(entry->d_name + length - 4, ".elf") == 0) {
            (void)snprintf(explain->rom_path, sizeof(explain->rom_path), "%s/%s", explain->rom_folder,
                           entry->d_name);
            is_found = has_text(explain->rom_path, name);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return is_found;
}

/** What names the ROM in a line; false when it is another line. */
static bool name_of_rom(const char *line, size_t size, char out_name[ROM_NAME_MAX])
{
    static const struct {
        const char *prefix;
        size_t name_size; /* 0 = the rest of the line */
    } forms[] = {{"ESP-ROM:", 0}, {"ets ", sizeof("Jul 29 2019") - 1}};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const size_t start = strlen(forms[i].prefix);

        if (size > start && memcmp(line, forms[i].prefix, start) == 0) {
            const size_t rest = size - start;
            const size_t name_size = forms[i].name_size != 0 ? forms[i].name_size : rest;

            if (name_size > rest || name_size >= ROM_NAME_MAX) {
                return false;
            }
            memcpy(out_name, line + start, name_size);
            out_name[name_size] = '\0';
            return true;
        }
    }
    return false;
}

/** The ROM's ELF file joins the others; without it they go on as before. */
static void look_at_rom(explain_t *explain, const char *line, size_t size)
{
    char name[ROM_NAME_MAX];
    const char *why = NULL;
    const char *path = NULL;

    if (explain->rom_folder == NULL || !name_of_rom(line, size, name)) {
        return;
    }
    if (explain->count < DECODER_FILES && find_rom(explain, name)) {
        explain->paths[explain->count] = explain->rom_path;
        decoder_t *decoder = decoder_open(explain->paths, explain->count + 1, &why, &path);

        if (decoder != NULL) {
            decoder_close(explain->decoder);
            explain->decoder = decoder;
        }
    }
    explain->rom_folder = NULL; /* once is enough: a target has one ROM */
}

void explain_line(void *ctx, const char *line, size_t size, const monitor_out_t *out)
{
    explain_t *explain = ctx;

    if (explain->decoder == NULL) {
        return;
    }
    look_at_rom(explain, line, size);
    if (decoder_line(explain->decoder, line, size)) {
        const char *answer = decoder_answer(explain->decoder);

        out->put(out->ctx, answer, strlen(answer));
    }
}

void explain_end(explain_t *explain)
{
    decoder_close(explain->decoder);
    explain->decoder = NULL;
}
