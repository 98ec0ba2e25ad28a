/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/burn_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "efuse/wipe.h"

enum { VERSION = 1, HEX_SIZE = 2 * ESP_LOADER_MD5_SIZE + 1 };

_Static_assert(BURN_SALT_SIZE == ESP_LOADER_MD5_SIZE, "both are written in the same way");

/* ---- digests ---- */

static void add_text(esp_loader_md5_t *md5, const char *text)
{
    esp_loader_md5_update(md5, text, strlen(text) + 1);
}

/** Of all that decides what is burnt. Paths do not: the content of the files does. */
static void digest_request(const burn_journal_t *journal, const burn_request_t *request,
                           uint8_t out[ESP_LOADER_MD5_SIZE])
{
    const uint8_t flags[] = {request->no_write_protect, request->no_read_protect};
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, journal->salt, sizeof(journal->salt));
    add_text(&md5, burn_name(request->kind));
    esp_loader_md5_update(&md5, flags, sizeof(flags));
    for (size_t i = 0; i < request->key_count; i++) {
        const burn_key_t *key = &request->keys[i];
        add_text(&md5, key->block);
        add_text(&md5, key->purpose != NULL ? key->purpose : "");
        esp_loader_md5_update(&md5, key->bytes, key->size);
    }
    for (size_t i = 0; i < request->count && request->key_count == 0; i++) {
        add_text(&md5, request->words[i]);
    }
    esp_loader_md5_finish(&md5, out);
    wipe_bytes(&md5, sizeof(md5));
}

static void digest_step(const burn_journal_t *journal, const esp_loader_efuse_step_t *step,
                        uint8_t out[ESP_LOADER_MD5_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, journal->salt, sizeof(journal->salt));
    esp_loader_md5_update(&md5, step->words, sizeof(step->words));
    esp_loader_md5_finish(&md5, out);
    wipe_bytes(&md5, sizeof(md5));
}

static const char *hex_of(const uint8_t bytes[ESP_LOADER_MD5_SIZE], char text[HEX_SIZE])
{
    for (size_t i = 0; i < ESP_LOADER_MD5_SIZE; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return text;
}

static bool parse_hex(const char *text, uint8_t bytes[ESP_LOADER_MD5_SIZE])
{
    int end = 0;

    for (size_t i = 0; text != NULL && i < ESP_LOADER_MD5_SIZE; i++, text += 2) {
        if (sscanf(text, "%2hhx%n", &bytes[i], &end) != 1 || end != 2) {
            return false;
        }
    }
    return text != NULL && *text == '\0';
}

const char *burn_mac_text(const uint8_t mac[6], char text[BURN_MAC_SIZE])
{
    (void)snprintf(text, BURN_MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                   mac[4], mac[5]);
    return text;
}

/* ---- where it is ---- */

/** Makes each folder of a path that is not there. */
static void make_folders(const char *path)
{
    char folder[PATH_MAX];

    (void)snprintf(folder, sizeof(folder), "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
}

static bool make_path(burn_journal_t *journal, const char *path, const uint8_t mac[6])
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    const bool has_state = state != NULL && state[0] == '/';
    int size = 0;

    if (path != NULL) {
        size = snprintf(journal->path, sizeof(journal->path), "%s", path);
    } else if (has_state || (home != NULL && home[0] == '/')) {
        size = snprintf(journal->path, sizeof(journal->path),
                        "%s%s/esp-loader/efuse-%02x%02x%02x%02x%02x%02x.json", has_state ? state : home,
                        has_state ? "" : "/.local/state", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
    }
    return size > 0 && (size_t)size < sizeof(journal->path);
}

/* ---- reading ---- */

static bool read_journal(burn_journal_t *journal, json_t *root, const char **out_mac)
{
    const char *command = NULL;
    const char *salt = NULL;
    const char *request = NULL;
    int version = 0;
    int begun = 0;
    int done = 0;

    const bool is_read = json_unpack(root, "{s:i, s:s, s:s, s:s, s:s, s:i, s:i}", "journal", &version, "mac",
                                     out_mac, "command", &command, "salt", &salt, "request", &request,
                                     "begun_blocks", &begun, "done_blocks", &done) == 0 &&
                         version == VERSION && parse_hex(salt, journal->salt) &&
                         parse_hex(request, journal->request) && begun >= 0 && done >= 0 &&
                         begun <= UINT16_MAX && done <= UINT16_MAX;
    if (is_read) {
        (void)snprintf(journal->command, sizeof(journal->command), "%s", command);
        journal->begun_blocks = (uint16_t)begun;
        journal->done_blocks = (uint16_t)done;
        journal->is_found = true;
    }
    return is_read;
}

bool burn_journal_open(burn_journal_t *journal, const char *path, const uint8_t mac[6],
                       char sentence[BURN_SENTENCE_SIZE])
{
    char this_mac[BURN_MAC_SIZE];
    const char *other_mac = NULL;

    memset(journal, 0, sizeof(*journal));
    memcpy(journal->mac, mac, sizeof(journal->mac));
    if (!make_path(journal, path, mac)) {
        (void)snprintf(sentence, BURN_SENTENCE_SIZE,
                       "there is no folder for the journal: give --journal FILE");
        return false;
    }
    FILE *file = fopen(journal->path, "re");
    if (file == NULL && errno == ENOENT) {
        if (getrandom(journal->salt, sizeof(journal->salt), 0) == (ssize_t)sizeof(journal->salt)) {
            return true;
        }
    }
    if (file == NULL) {
        (void)snprintf(sentence, BURN_SENTENCE_SIZE, "cannot read the journal '%.150s': %s", journal->path,
                       strerror(errno));
        return false;
    }
    json_t *root = json_loadf(file, 0, NULL);
    (void)fclose(file);
    const bool is_read = root != NULL && read_journal(journal, root, &other_mac);
    const bool is_of_chip = is_read && strcmp(burn_mac_text(mac, this_mac), other_mac) == 0;
    json_decref(root);
    if (!is_of_chip) {
        (void)snprintf(sentence, BURN_SENTENCE_SIZE,
                       is_read ? "'%.150s' is the journal of another part"
                               : "'%.150s' is not a journal of eFuses",
                       journal->path);
    }
    return is_of_chip;
}

bool burn_journal_is_of(const burn_journal_t *journal, const burn_request_t *request)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    digest_request(journal, request, digest);
    return memcmp(digest, journal->request, sizeof(digest)) == 0;
}

/* ---- writing ---- */

static json_t *make_steps(const burn_journal_t *journal, const esp_loader_efuse_plan_t *plan, unsigned step)
{
    json_t *steps = json_array();

    for (unsigned i = 0; i < plan->step_count; i++) {
        uint8_t digest[ESP_LOADER_MD5_SIZE];
        char text[HEX_SIZE];
        digest_step(journal, &plan->steps[i], digest);
        (void)json_array_append_new(steps, json_pack("{s:i, s:s, s:s}", "block", (int)plan->steps[i].block,
                                                     "digest", hex_of(digest, text), "state",
                                                     i < step    ? "done"
                                                     : i == step ? "begun"
                                                                 : "planned"));
    }
    return steps;
}

static json_t *make_journal(burn_journal_t *journal, const burn_request_t *request,
                            const esp_loader_efuse_plan_t *plan, unsigned step)
{
    char salt[HEX_SIZE];
    char digest[HEX_SIZE];
    char mac[BURN_MAC_SIZE];

    digest_request(journal, request, journal->request);
    for (unsigned i = 0; i <= step && i < plan->step_count; i++) {
        const uint16_t block = (uint16_t)(1u << plan->steps[i].block);
        journal->begun_blocks |= block;
        journal->done_blocks |= i < step ? block : 0;
    }
    journal->begun_blocks &= (uint16_t)~1u; /* bits of BLOCK0 are read */
    journal->done_blocks &= (uint16_t)~1u;
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:i, s:o}", "journal", VERSION, "mac",
                     burn_mac_text(journal->mac, mac), "command", burn_name(request->kind), "salt",
                     hex_of(journal->salt, salt), "request", hex_of(journal->request, digest), "begun_blocks",
                     (int)journal->begun_blocks, "done_blocks", (int)journal->done_blocks, "steps",
                     make_steps(journal, plan, step));
}

static bool write_file(const char *path, const json_t *root)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (file == NULL) {
        return false;
    }
    const bool is_written = json_dumpf(root, file, JSON_INDENT(2)) == 0 && fputc('\n', file) != EOF &&
                            fflush(file) == 0 && fsync(fd) == 0;
    return fclose(file) == 0 && is_written;
}

/** A new name is on the disk once its folder is. */
static bool sync_folder(const char *path)
{
    char folder[PATH_MAX];

    (void)snprintf(folder, sizeof(folder), "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    const int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_synced;
}

bool burn_journal_write(burn_journal_t *journal, const burn_request_t *request,
                        const esp_loader_efuse_plan_t *plan, unsigned step)
{
    char temporary[PATH_MAX + 5];
    json_t *root = make_journal(journal, request, plan, step);

    make_folders(journal->path);
    (void)snprintf(temporary, sizeof(temporary), "%s.new", journal->path);
    (void)unlink(temporary);
    const bool is_written = root != NULL && write_file(temporary, root) &&
                            rename(temporary, journal->path) == 0 && sync_folder(journal->path);
    json_decref(root);
    return is_written;
}

void burn_journal_remove(const burn_journal_t *journal)
{
    (void)unlink(journal->path);
    (void)sync_folder(journal->path);
}
