/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/burn_request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "efuse/burn_keys.h"
#include "efuse/burn_pem.h"
#include "efuse/burn_refusal.h"
#include "efuse/flash_voltage.h"
#include "report/report.h"
#include "text/number.h"
#include "text/safe_text.h"

/* ---- the command line ---- */

/** Names, ours first, then those that espefuse has. */
static const char *const names[BURN_KINDS][2] = {
    [BURN_FIELD] = {"burn-field", "burn-efuse"},
    [BURN_BIT] = {"burn-bit", "burn-bit"},
    [BURN_KEY] = {"burn-key", "burn-key"},
    [BURN_DIGEST] = {"burn-key-digest", "burn-key-digest"},
    [BURN_MAC] = {"burn-mac", "burn-custom-mac"},
    [BURN_DATA] = {"burn-data", "burn-block-data"},
    [BURN_VOLTAGE] = {"set-flash-voltage", "set-flash-voltage"},
    [BURN_PROTECT] = {"protect", "protect"},
    [BURN_WRITE_PROTECT] = {"write-protect", "write-protect-efuse"},
    [BURN_READ_PROTECT] = {"read-protect", "read-protect-efuse"},
};

/** '_' counts as '-', as in espefuse. */
static bool is_name(const char *word, const char *name)
{
    while (*word != '\0' && (*word == '_' ? '-' : *word) == *name) {
        word++;
        name++;
    }
    return *word == '\0' && *name == '\0';
}

bool burn_find(const char *word, burn_kind_t *out_kind)
{
    for (size_t i = 0; i < BURN_KINDS; i++) {
        if (is_name(word, names[i][0]) || is_name(word, names[i][1])) {
            *out_kind = (burn_kind_t)i;
            return true;
        }
    }
    return false;
}

const char *burn_name(burn_kind_t kind)
{
    return names[kind][0];
}

static const char *parse_keys(burn_request_t *request)
{
    size_t at = 0;

    while (at < request->count) {
        const bool has_purpose = !burn_key_has_no_purpose(request->words[at]);
        const size_t needed = has_purpose ? 3 : 2;
        if (request->count - at < needed || request->key_count == BURN_KEYS_MAX) {
            return "burn-key takes BLOCK FILE PURPOSE, for example BLOCK_KEY0 key.bin XTS_AES_128_KEY";
        }
        request->keys[request->key_count++] =
            (burn_key_t){.block = request->words[at],
                         .path = request->words[at + 1],
                         .purpose = has_purpose ? request->words[at + 2] : NULL};
        at += needed;
    }
    return NULL;
}

/** One digest of an ESP32 or ESP32-C2, which have one place for it, or of other chips as keys. */
static const char *parse_digests(burn_request_t *request)
{
    if (request->count == 1) {
        request->keys[0] = (burn_key_t){.block = "secure_boot_v2", .path = request->words[0]};
        request->key_count = 1;
        return NULL;
    }
    return request->count == 0 || parse_keys(request) != NULL
               ? "burn-key-digest takes BLOCK FILE PURPOSE [...], or FILE on ESP32 and ESP32-C2"
               : NULL;
}

const char *burn_parse(burn_request_t *request, burn_kind_t kind, const char *const *words, size_t count)
{
    if (kind == BURN_PROTECT && count >= 2 &&
        (strcmp(words[0], "write") == 0 || strcmp(words[0], "read") == 0)) {
        kind = words[0][0] == 'w' ? BURN_WRITE_PROTECT : BURN_READ_PROTECT;
        words++;
        count--;
    }
    request->kind = kind;
    request->words = words;
    request->count = count;
    switch (kind) {
    case BURN_FIELD:
        return count == 0 || count % 2 != 0 ? "burn-field takes NAME VALUE [NAME VALUE ...]" : NULL;
    case BURN_BIT:
        return count < 2 ? "burn-bit takes BLOCK BIT [BIT ...]" : NULL;
    case BURN_KEY:
        return count == 0 ? "burn-key takes BLOCK FILE PURPOSE [BLOCK FILE PURPOSE ...]"
                          : parse_keys(request);
    case BURN_DIGEST:
        return parse_digests(request);
    case BURN_MAC:
        return count != 1 ? "burn-mac takes one MAC" : NULL;
    case BURN_DATA:
        if (count == 2) {
            request->keys[0] = (burn_key_t){.block = words[0], .path = words[1]};
            request->key_count = 1;
        }
        return count != 2 ? "burn-data takes BLOCK FILE" : NULL;
    case BURN_VOLTAGE:
        return count != 1 || !flash_voltage_is_word(words[0]) ? "set-flash-voltage takes 1.8V, 3.3V or OFF"
                                                              : NULL;
    case BURN_WRITE_PROTECT:
    case BURN_READ_PROTECT:
        return count == 0 ? "give the NAME of an eFuse, for example BLOCK_KEY0" : NULL;
    case BURN_PROTECT:
    case BURN_KINDS:
        break;
    }
    return "protect takes write or read, and the NAME of an eFuse";
}

/* ---- files ---- */

/** From here on a crash, or SIGQUIT, leaves no file with a key in it. */
static void forbid_core_dumps(void)
{
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* where a program receives them, the limit does not hold */
}

/** Reads all of it by system calls: no other copy of it stays in this process. */
static bool read_file(burn_key_t *key)
{
    const int fd = open(key->path, O_RDONLY | O_CLOEXEC);
    uint8_t more;
    ssize_t got = fd >= 0 ? 1 : -1;

    key->size = 0;
    while (got > 0 && key->size < sizeof(key->bytes)) {
        got = read(fd, key->bytes + key->size, sizeof(key->bytes) - key->size);
        key->size += got > 0 ? (size_t)got : 0;
    }
    if (got > 0 && read(fd, &more, 1) > 0) {
        errno = EFBIG;
        got = -1;
    }
    const int why = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = why;
    return got >= 0;
}

cli_exit_t burn_read_files(burn_request_t *request, const char *label)
{
    char text[SAFE_TEXT_SIZE];

    forbid_core_dumps();
    for (size_t i = 0; i < request->key_count; i++) {
        if (!read_file(&request->keys[i])) {
            report_labelled_line(label, "cannot read '%s': %s", safe_text(request->keys[i].path, text),
                                 strerror(errno));
            return CLI_INPUT;
        }
        const char *why = request->kind == BURN_DATA
                              ? NULL
                              : burn_take_pem(&request->keys[i], request->kind == BURN_DIGEST);
        if (why != NULL) {
            report_labelled_line(label, "'%s': %s", safe_text(request->keys[i].path, text), why);
            return CLI_INPUT;
        }
    }
    return CLI_OK;
}

/* ---- staging ---- */

typedef struct {
    const burn_request_t *request;
    const efuse_contents_t *contents;
    const esp_loader_efuse_state_t *state;
    esp_loader_efuse_ctx_t *ctx;
    char *sentence;
} staging_t;

static cli_exit_t fail(const staging_t *s, cli_exit_t code, const char *name, const char *why)
{
    char text[SAFE_TEXT_SIZE];

    (void)snprintf(s->sentence, BURN_SENTENCE_SIZE, "%.64s: %s", safe_text(name, text), why);
    return code;
}

/** The field of that name; NULL, after a sentence, when there is none. */
static const efuse_field_t *find(const staging_t *s, const char *name)
{
    const efuse_field_t *field = efuse_find(s->contents->table, name);

    if (field == NULL) {
        (void)fail(s, CLI_USAGE, name, "the chip has no such eFuse");
    }
    return field;
}

static cli_exit_t stage_runs(const staging_t *s, const char *name, const efuse_run_t *runs, size_t count,
                             const uint8_t *bytes, size_t bits)
{
    enum { RUNS_MAX = 8 };
    esp_loader_efuse_desc_t runs_of[RUNS_MAX];
    const esp_loader_efuse_desc_t *field[RUNS_MAX + 1] = {NULL};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;

    for (size_t i = 0; i < count && i < RUNS_MAX; i++) {
        runs_of[i] = (esp_loader_efuse_desc_t){runs[i].block, runs[i].first, runs[i].count};
        field[i] = &runs_of[i];
    }
    switch (esp_loader_efuse_stage_field(s->state, s->ctx, field, bytes, bits, &refusal)) {
    case ESP_LOADER_SUCCESS:
        return CLI_OK;
    case ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE:
        return fail(s, CLI_TARGET, name, burn_refusal_text(refusal));
    default:
        return fail(s, CLI_TARGET, name, "the block does not have these bits");
    }
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/** A number, which may have as many hexadecimal digits as a field has. false: it is none. */
static bool parse_value(const char *text, uint8_t bytes[EFUSE_BYTES_MAX])
{
    uint32_t number;
    const size_t length = strlen(text);

    memset(bytes, 0, EFUSE_BYTES_MAX);
    if (number_parse(text, &number)) {
        for (size_t i = 0; i < 4; i++) {
            bytes[i] = (uint8_t)(number >> 8 * i);
        }
        return true;
    }
    if (strncasecmp(text, "0x", 2) != 0 || length == 2 || length > 2 + 2 * EFUSE_BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i + 2 < length; i++) {
        const int digit = digit_of(text[length - 1 - i]);
        if (digit < 0) {
            return false;
        }
        bytes[i / 2] |= (uint8_t)(digit << 4 * (i % 2));
    }
    return true;
}

static bool fits(const uint8_t *bytes, size_t bits)
{
    for (size_t bit = bits; bit < (size_t)8 * EFUSE_BYTES_MAX; bit++) {
        if ((bytes[bit / 8] >> bit % 8 & 1) != 0) {
            return false;
        }
    }
    return true;
}

static cli_exit_t stage_fields(const staging_t *s)
{
    for (size_t i = 0; i < s->request->count; i += 2) {
        const char *name = s->request->words[i];
        const efuse_field_t *field = find(s, name);
        uint8_t bytes[EFUSE_BYTES_MAX];
        if (field == NULL) {
            return CLI_USAGE;
        }
        if (efuse_is_key(s->contents->table, field)) {
            return fail(s, CLI_USAGE, name, "keys are burnt with burn-key, from a file");
        }
        for (size_t other = 0; other < i; other += 2) {
            if (efuse_find(s->contents->table, s->request->words[other]) == field) {
                return fail(s, CLI_USAGE, name, "it is given twice, and the bits of both would be burnt");
            }
        }
        const size_t bits = efuse_bit_count(s->contents, field);
        if (!parse_value(s->request->words[i + 1], bytes) || !fits(bytes, bits)) {
            return fail(s, CLI_USAGE, name, "give a number that the field has room for");
        }
        const cli_exit_t code = stage_runs(s, name, &efuse_runs[field->run], field->run_count, bytes, bits);
        if (code != CLI_OK) {
            return code;
        }
    }
    return CLI_OK;
}

/** BLOCK3, 3, or a name of a field that is a block. BLOCK10 has none in some chips' tables, but one that espefuse knows. */
static cli_exit_t find_block(const staging_t *s, const char *name, unsigned *out_block)
{
    const char *number = strncasecmp(name, "BLOCK", 5) == 0 ? name + 5 : name;
    const efuse_field_t *field = efuse_find(s->contents->table, name);
    uint32_t value;

    if (field != NULL) {
        *out_block = efuse_runs[field->run].block;
    } else if (number_parse(strcasecmp(name, "BLOCK_SYS_DATA2") == 0 ? "10" : number, &value) &&
               value < s->contents->table->controller->block_count) {
        *out_block = value;
    } else {
        return fail(s, CLI_USAGE, name, "the chip has no such block");
    }
    return s->contents->table->controller->blocks[*out_block].is_key
               ? fail(s, CLI_USAGE, name, "keys are burnt with burn-key, from a file")
               : CLI_OK;
}

static cli_exit_t stage_bits(const staging_t *s)
{
    static const uint8_t one = 1;
    unsigned block = 0;
    cli_exit_t code = find_block(s, s->request->words[0], &block);

    for (size_t i = 1; i < s->request->count && code == CLI_OK; i++) {
        uint32_t bit;
        if (!number_parse(s->request->words[i], &bit) || bit > UINT16_MAX) {
            return fail(s, CLI_USAGE, s->request->words[i], "give the number of a bit");
        }
        const efuse_run_t run = {(uint8_t)block, (uint16_t)bit, 1};
        code = stage_runs(s, s->request->words[0], &run, 1, &one, 1);
    }
    return code;
}

static cli_exit_t stage_data(const staging_t *s)
{
    const burn_key_t *data = &s->request->keys[0];
    unsigned block = 0;
    cli_exit_t code = find_block(s, data->block, &block);

    if (code != CLI_OK) {
        return code;
    }
    const efuse_run_t run = {(uint8_t)block, 0,
                             (uint16_t)(32 * s->contents->table->controller->blocks[block].words)};
    if (block == 0 || data->size == 0 || 8 * data->size > run.count) {
        return fail(s, CLI_INPUT, data->block,
                    block == 0 ? "burn its fields by name" : "the file is empty, or longer than the block");
    }
    return stage_runs(s, data->block, &run, 1, data->bytes, 8 * data->size);
}

/** Two digits for each byte: a MAC address that lost one while it was copied is none. */
static bool parse_mac(const char *text, uint8_t mac[6])
{
    for (size_t i = 0; i < 6; i++, text += 3) {
        if (digit_of(text[0]) < 0 || digit_of(text[1]) < 0 || text[2] != (i < 5 ? ':' : '\0')) {
            return false;
        }
        mac[i] = (uint8_t)(digit_of(text[0]) << 4 | digit_of(text[1]));
    }
    return true;
}

static cli_exit_t stage_mac(const staging_t *s)
{
    const char *text = s->request->words[0];
    uint8_t mac[6];

    if (!parse_mac(text, mac)) {
        return fail(s, CLI_USAGE, text, "give a MAC address like 02:00:00:12:34:56");
    }
    return esp_loader_efuse_stage_mac(s->state, s->ctx, mac) == ESP_LOADER_SUCCESS
               ? CLI_OK
               : fail(s, CLI_USAGE, text, "a multicast address cannot be a chip's own");
}

static cli_exit_t stage_voltage(const staging_t *s)
{
    const flash_voltage_fields_t fields = flash_voltage_fields(s->contents->table, s->request->words[0]);
    cli_exit_t code = CLI_OK;

    if (fields.count == 0) {
        return fail(s, CLI_TARGET, "set-flash-voltage", "the chip has no eFuses for it");
    }
    for (size_t i = 0; i < fields.count && code == CLI_OK; i++) {
        const efuse_field_t *field = efuse_find(s->contents->table, fields.names[i]);
        code =
            stage_runs(s, fields.names[i], &efuse_runs[field->run], field->run_count, &fields.values[i], 1);
    }
    return code;
}

static cli_exit_t stage_protections(const staging_t *s)
{
    static const uint8_t ones = 0xFF;

    for (size_t i = 0; i < s->request->count; i++) {
        const char *name = s->request->words[i];
        const efuse_field_t *field = find(s, name);
        const bool is_write = s->request->kind == BURN_WRITE_PROTECT;
        if (field == NULL) {
            return CLI_USAGE;
        }
        if (is_write ? field->wr_dis == EFUSE_NO_BIT : field->rd_dis_count == 0) {
            return fail(s, CLI_USAGE, name,
                        is_write ? "it cannot be write-protected" : "it cannot be read-protected");
        }
        const efuse_run_t run = {0, is_write ? field->wr_dis : field->rd_dis,
                                 is_write ? 1 : field->rd_dis_count};
        const cli_exit_t code = stage_runs(s, name, &run, 1, &ones, run.count);
        if (code != CLI_OK) {
            return code;
        }
    }
    return CLI_OK;
}

cli_exit_t burn_stage(const burn_request_t *request, const efuse_contents_t *contents,
                      const esp_loader_efuse_state_t *state, esp_loader_efuse_ctx_t *ctx,
                      char sentence[BURN_SENTENCE_SIZE])
{
    const staging_t s = {request, contents, state, ctx, sentence};
    cli_exit_t code = CLI_OK;

    switch (request->kind) {
    case BURN_FIELD:
        return stage_fields(&s);
    case BURN_BIT:
        return stage_bits(&s);
    case BURN_MAC:
        return stage_mac(&s);
    case BURN_DATA:
        return stage_data(&s);
    case BURN_KEY:
    case BURN_DIGEST:
        for (size_t i = 0; i < request->key_count && code == CLI_OK; i++) {
            code = burn_stage_key(request, &request->keys[i], contents, state, ctx, sentence);
        }
        return code;
    case BURN_VOLTAGE:
        return stage_voltage(&s);
    case BURN_WRITE_PROTECT:
    case BURN_READ_PROTECT:
    case BURN_PROTECT:
    case BURN_KINDS:
        break;
    }
    return stage_protections(&s);
}
