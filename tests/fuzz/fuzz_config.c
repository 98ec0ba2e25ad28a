/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Configuration files in both notations, and the reset sequences in them. Entries are texts in what was read, of plain
 * characters where the notation has no others; what is refused is refused with the line; and nothing is read that is
 * not there.
 *
 * Input: 't' for TOML, anything else for esptool's; then the file.
 */
#include <stdlib.h>
#include <string.h>

#include "config/ini.h"
#include "config/toml.h"
#include "fuzz.h"
#include "ports/reset_sequence.h"

typedef struct {
    const char *text;
    size_t size;
    bool is_toml;
    unsigned line; /**< of the last entry */
} read_t;

static bool is_inside(const read_t *read, const char *text)
{
    return text >= read->text && text + strlen(text) <= read->text + read->size;
}

static void check_sequence(const char *text)
{
    reset_sequence_t sequence;
    char error[RESET_SEQUENCE_ERROR_SIZE] = "";
    bool is_valid = reset_sequence_parse(&sequence, text, error);
    uint64_t wait_ms = sequence.wait_ms;

    FUZZ_CHECK(is_valid || error[0] != '\0');
    FUZZ_CHECK(sequence.count <= RESET_SEQUENCE_STEPS_MAX && (sequence.count > 0 || !is_valid));
    for (size_t i = 0; i < sequence.count; i++) {
        wait_ms += sequence.steps[i].hold_ms;
    }
    FUZZ_CHECK(wait_ms <= 30000);
}

static bool take(void *ctx, const config_entry_t *entry, char error[CONFIG_ERROR_SIZE])
{
    read_t *read = ctx;

    FUZZ_CHECK(is_inside(read, entry->key) && is_inside(read, entry->value));
    FUZZ_CHECK(entry->line > read->line && entry->line <= read->size + 1);
    read->line = entry->line;
    for (const char *c = entry->value; read->is_toml && *c != '\0'; c++) {
        FUZZ_CHECK((unsigned char)*c >= 0x20 || *c == '\t');
    }
    if (read->is_toml) {
        FUZZ_CHECK(entry->key[0] != '\0' && strpbrk(entry->key, " \t=#\"'.[]") == NULL);
        FUZZ_CHECK(entry->table[0] == '\0' || is_inside(read, entry->table));
        FUZZ_CHECK(entry->kind != CONFIG_SWITCH || strcmp(entry->value, "true") == 0 ||
                   strcmp(entry->value, "false") == 0);
        FUZZ_CHECK(entry->kind != CONFIG_NUMBER ||
                   entry->value[strspn(entry->value, "+-.0123456789abcdefABCDEFx")] == '\0');
    }
    check_sequence(entry->value);
    if (strcmp(entry->key, "no") == 0) {
        error[0] = '!';
        error[1] = '\0';
        return false;
    }
    return true;
}

static const char words[] =
    "[esptool]\n|[flash]\n|[|]|\n|\r\n|custom_reset_sequence = |port = "
    "|baud=|true|false|\"|'|\\\\|\\\"|#|;|=|:|D0|"
    "|R1|U0,1|W0.1|W1e9| |\t|0x8000|921_600|1.5e3|.|no = 1\n|\xEF\xBB\xBF|\xC3\xA9|\\u0000|";

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const bool is_toml = fuzz_u8(&input) == 't';
    char *text = fuzz_text(input, words);
    read_t read = {.text = text, .size = strlen(text), .is_toml = is_toml};
    const config_taker_t taker = {.take = take, .ctx = &read};
    config_error_t error = {.line = 0};
    bool has_section = true;

    bool is_read = is_toml ? toml_read(text, read.size, &taker, &error)
                           : ini_read(text, read.size, "esptool", &taker, &has_section, &error);
    FUZZ_CHECK(is_read || (error.text[0] != '\0' && error.line > 0 && error.line <= read.size + 1));
    FUZZ_CHECK(has_section || read.line == 0);
    free(text);
}

static const char *const seeds[] = {
    "tport = \"/dev/ttyACM0\" # board\nbaud = 921_600\nno-stub = true\n[flash]\nflash-mode = 'dio'\n",
    "ttimeout = 1.5e3\nx = 0x80_00\n\ny = \"a\\\"b\\\\c\"\r\n",
    "ta = [1]\n",
    "tcustom-reset-sequence = 'U0,1|W0.1|U1,0|W0.05|U0,0'\n",
    "i[other]\nx =\n  y\n[esptool]\ntimeout = 5\n; x\ncustom_reset_sequence = D0|R1|W0.1|D1|R0|W0.05|D0\n",
    "i[esptool]\na = 1\n b\n",
    "tno = 1",
    "i[esptool]\nno : 1"};

FUZZ_SEEDS(sizeof(seeds) / sizeof(seeds[0]))
{
    fuzz_put_text(seed, seeds[number]);
}
