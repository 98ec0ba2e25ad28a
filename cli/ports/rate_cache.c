/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The file is $XDG_CACHE_HOME/esp-loader/rates, else ~/.cache/esp-loader/rates: lines of key, rate and seconds since
 * 1970, newest last. A line that is not like that is dropped. Source of the folder: XDG Base Directory Specification.
 */
#define _GNU_SOURCE
#include "ports/rate_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_SIZE = RATE_CACHE_KEY_SIZE + 40, BAUD_MAX = 20000000 };

typedef struct {
    char key[RATE_CACHE_KEY_SIZE];
    uint32_t baud;
    int64_t time;
} entry_t;

typedef struct {
    entry_t entries[RATE_CACHE_ENTRIES_MAX];
    size_t count;
} entries_t;

/* Each text becomes part of a word: nothing but letters, digits and a few marks. */
static size_t put_word(char *key, size_t used, const char *text)
{
    for (; *text != '\0' && used < RATE_CACHE_KEY_SIZE - 1; text++) {
        const bool is_plain = (*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
                              (*text >= 'a' && *text <= 'z') || strchr(":.-_", *text) != NULL;
        key[used++] = is_plain ? *text : '?';
    }
    key[used] = '\0';
    return used;
}

void rate_cache_key(const linux_device_t *device, char key[RATE_CACHE_KEY_SIZE])
{
    const char *place = device->usb_interface[0] != '\0' ? device->usb_interface : device->usb_path;
    size_t used = (size_t)snprintf(key, RATE_CACHE_KEY_SIZE, "%04x:%04x_", device->usb_vid, device->usb_pid);

    used = put_word(key, used, place);
    used = put_word(key, used, "_");
    (void)put_word(key, used, device->serial);
}

/* A path below the cache folder; false = there is none. Relative folders are not to be used. */
static bool make_path(char path[PATH_MAX], const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int size = 0;

    if (cache != NULL && cache[0] == '/') {
        size = snprintf(path, PATH_MAX, "%s/esp-loader%s", cache, name);
    } else if (home != NULL && home[0] == '/') {
        size = snprintf(path, PATH_MAX, "%s/.cache/esp-loader%s", home, name);
    }
    return size > 0 && size < PATH_MAX;
}

static bool parse_line(const char *line, entry_t *out)
{
    long long time = 0;
    unsigned baud = 0;
    int end = 0;
    bool is_entry =
        sscanf(line, "%191s %9u %19lld%n", out->key, &baud, &time, &end) == 3 && line[end] == '\n';

    out->baud = baud;
    out->time = time;
    return is_entry && baud > 0 && baud <= BAUD_MAX && time > 0;
}

/* A file that is longer than ours gets is read up to there. */
static void load(entries_t *entries)
{
    char path[PATH_MAX];
    char line[LINE_SIZE];
    FILE *file = make_path(path, "/rates") ? fopen(path, "re") : NULL;

    entries->count = 0;
    if (file == NULL) {
        return;
    }
    while (entries->count < RATE_CACHE_ENTRIES_MAX && fgets(line, sizeof(line), file) != NULL) {
        entries->count += parse_line(line, &entries->entries[entries->count]);
    }
    (void)fclose(file);
}

/* An entry of tomorrow is of a clock that was wrong. */
static bool is_fresh(const entry_t *entry, time_t now)
{
    return entry->time <= now && now - entry->time <= RATE_CACHE_SECONDS;
}

uint32_t rate_cache_find(const char *key, time_t now)
{
    entries_t *entries = malloc(sizeof(*entries));
    uint32_t baud = 0;

    if (entries != NULL) {
        load(entries);
        for (size_t i = 0; i < entries->count; i++) {
            if (strcmp(entries->entries[i].key, key) == 0 && is_fresh(&entries->entries[i], now)) {
                baud = entries->entries[i].baud;
            }
        }
    }
    free(entries);
    return baud;
}

static void write_all(FILE *file, const entries_t *entries, const char *key, uint32_t baud, time_t now)
{
    size_t skipped = entries->count == RATE_CACHE_ENTRIES_MAX ? 1 : 0; /* the oldest makes room */

    for (size_t i = skipped; i < entries->count; i++) {
        const entry_t *entry = &entries->entries[i];
        if (strcmp(entry->key, key) != 0 && is_fresh(entry, now)) {
            (void)fprintf(file, "%s %" PRIu32 " %" PRId64 "\n", entry->key, entry->baud, entry->time);
        }
    }
    (void)fprintf(file, "%s %" PRIu32 " %" PRId64 "\n", key, baud, (int64_t)now);
}

/* ~/.cache itself may be missing, but not the folder above it. */
static void make_folders(void)
{
    char path[PATH_MAX];

    if (make_path(path, "")) {
        char *last = strrchr(path, '/');
        *last = '\0';
        (void)mkdir(path, 0700);
        *last = '/';
        (void)mkdir(path, 0700);
    }
}

void rate_cache_store(const char *key, uint32_t baud, time_t now)
{
    char path[PATH_MAX];
    char other[PATH_MAX];
    entries_t *entries = malloc(sizeof(*entries));
    int fd = -1;

    if (entries != NULL && make_path(path, "/rates") && make_path(other, "/rates.XXXXXX")) {
        load(entries);
        make_folders();
        fd = mkostemp(other, O_CLOEXEC);
    }
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file != NULL) {
        write_all(file, entries, key, baud, now);
        bool is_written = ferror(file) == 0;
        is_written = fclose(file) == 0 && is_written;
        if (!is_written || rename(other, path) != 0) {
            (void)unlink(other);
        }
    } else if (fd >= 0) {
        (void)close(fd);
        (void)unlink(other);
    }
    free(entries);
}
