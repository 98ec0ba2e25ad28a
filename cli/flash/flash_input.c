/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Collecting what is to be flashed, and files of words. Source of their form: esptool 5.6, "@file" arguments,
 * which are words as a shell splits them.
 */
#define _GNU_SOURCE
#include "flash/flash_input.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/number.h"
#include "report/report.h"

/** Such files are a few lines long. */
enum { MAX_FILE_SIZE = 65536, MAX_WORD_SIZE = 4096 };

/** Room for one more pointer; NULL when there is no memory, which is reported. */
static char **grow(char **list, size_t count)
{
    char **larger = reallocarray(list, count + 1, sizeof(*list));

    if (larger == NULL) {
        report_line("out of memory");
    }
    return larger;
}

char *flash_input_keep(flash_input_t *input, const char *text)
{
    char **strings = grow(input->strings, input->string_count);

    if (strings == NULL) {
        return NULL;
    }
    input->strings = strings;
    char *copy = strdup(text);
    if (copy == NULL) {
        report_line("out of memory");
        return NULL;
    }
    input->strings[input->string_count++] = copy;
    return copy;
}

static cli_exit_t add_word(flash_input_t *input, const char *word)
{
    char **operands = grow(input->operands, input->operand_count);

    if (operands == NULL) {
        return CLI_OTHER;
    }
    input->operands = operands;
    char *copy = flash_input_keep(input, word);
    if (copy == NULL) {
        return CLI_OTHER;
    }
    input->operands[input->operand_count++] = copy;
    return CLI_OK;
}

cli_exit_t flash_input_add_operand(flash_input_t *input, const char *word)
{
    const char *equals = input->operand_count % 2 == 0 ? strchr(word, '=') : NULL;

    /* What begins otherwise is more likely an option whose dashes are none. */
    if (equals == NULL || equals[1] == '\0' || (!isalnum((unsigned char)word[0]) && word[0] != '_')) {
        return add_word(input, word);
    }
    char *name = strndup(word, (size_t)(equals - word) + 1);
    if (name == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    cli_exit_t code = add_word(input, name);
    free(name);
    return code == CLI_OK ? add_word(input, equals + 1) : code;
}

cli_exit_t flash_input_add_file(flash_input_t *input, const char *offset, const char *folder,
                                const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s%s%s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name) < 0) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    cli_exit_t code = add_word(input, offset);
    if (code == CLI_OK) {
        code = add_word(input, path);
    }
    free(path);
    return code;
}

void flash_input_free(flash_input_t *input)
{
    for (size_t i = 0; i < input->string_count; i++) {
        free(input->strings[i]);
    }
    free(input->strings);
    free(input->operands);
    *input = (flash_input_t){0};
}

/* ---- files of words ---- */

/** One walk through such a file. */
typedef struct {
    flash_input_t *input;
    const char *path;
    const char *folder;
    const char *rest; /**< not taken yet */
    char word[MAX_WORD_SIZE];
} walk_t;

typedef enum { WORD, NO_MORE_WORDS, BAD_WORD } word_result_t;

/** Takes the next word into walk->word, quotes and backslashes resolved. */
static word_result_t next_word(walk_t *walk)
{
    size_t size = 0;
    char quote = '\0';

    walk->rest += strspn(walk->rest, " \t\r\n");
    if (*walk->rest == '\0') {
        return NO_MORE_WORDS;
    }
    for (; *walk->rest != '\0'; walk->rest++) {
        char c = *walk->rest;

        if (quote == '\0' && strchr(" \t\r\n", c) != NULL) {
            break;
        }
        if (quote == '\0' ? c == '"' || c == '\'' : c == quote) {
            quote = quote == '\0' ? c : '\0';
            continue;
        }
        if (c == '\\' && quote != '\'' && walk->rest[1] != '\0') {
            c = *++walk->rest;
        }
        if (size == sizeof(walk->word) - 1) {
            return BAD_WORD;
        }
        walk->word[size++] = c;
    }
    walk->word[size] = '\0';
    return quote == '\0' ? WORD : BAD_WORD;
}

static cli_exit_t refuse(const walk_t *walk, const char *what)
{
    report_line("%s: '%.60s' %s", walk->path, walk->word, what);
    return CLI_INPUT;
}

static cli_exit_t refuse_bad_word(const walk_t *walk)
{
    report_line("%s: a quote is not closed, or a word is too long", walk->path);
    return CLI_INPUT;
}

/** Where the value of an option goes; NULL when there is no such option. */
static const char **place_of(flash_params_text_t *params, const char *option, size_t length)
{
    static const char *const names[] = {"flash-mode", "flash-freq", "flash-size"};
    const char **const places[] = {&params->mode, &params->freq, &params->size};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool is_same = strlen(names[i]) == length;
        for (size_t k = 0; is_same && k < length; k++) {
            is_same = names[i][k] == (option[k] == '_' ? '-' : option[k]); /* older releases write "_" */
        }
        if (is_same) {
            return places[i];
        }
    }
    return NULL;
}

static cli_exit_t take_option(walk_t *walk)
{
    const char *name = walk->word + strspn(walk->word, "-");
    const size_t length = strcspn(name, "=");
    const char **place = place_of(&walk->input->params, name, length);
    const char *value = name + length + 1;

    if (place == NULL) {
        return refuse(walk, "is not an option this program knows in such a file");
    }
    if (name[length] == '\0') {
        if (next_word(walk) != WORD) {
            report_line("%s: the last option needs a value", walk->path);
            return CLI_INPUT;
        }
        value = walk->word;
    }
    *place = flash_input_keep(walk->input, value);
    return *place != NULL ? CLI_OK : CLI_OTHER;
}

static cli_exit_t take_file(walk_t *walk)
{
    char offset[32];
    uint32_t number;
    const size_t length = strlen(walk->word);

    if (length >= sizeof(offset) || !number_parse(walk->word, &number)) {
        return refuse(walk, "is not a flash offset");
    }
    memcpy(offset, walk->word, length + 1);
    switch (next_word(walk)) {
    case WORD:
        break;
    case BAD_WORD:
        return refuse_bad_word(walk);
    case NO_MORE_WORDS:
    default:
        snprintf(walk->word, sizeof(walk->word), "%s", offset);
        return refuse(walk, "needs a file after it");
    }
    return flash_input_add_file(walk->input, offset, walk->folder, walk->word);
}

static cli_exit_t take_words(walk_t *walk)
{
    for (;;) {
        switch (next_word(walk)) {
        case NO_MORE_WORDS:
            return CLI_OK;
        case BAD_WORD:
            return refuse_bad_word(walk);
        case WORD:
        default:
            break;
        }
        cli_exit_t code = walk->word[0] == '-' ? take_option(walk) : take_file(walk);
        if (code != CLI_OK) {
            return code;
        }
    }
}

/** The file as a string that the caller frees; NULL after reporting. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, MAX_FILE_SIZE + 1);
    size_t size = 0;

    if (file == NULL || text == NULL) {
        report_line("cannot read %s: %s", path, strerror(errno));
    } else {
        size = fread(text, 1, MAX_FILE_SIZE, file);
        if (ferror(file)) {
            report_line("cannot read %s: %s", path, strerror(errno));
        } else if (size == 0) {
            report_line("%s is empty", path);
        } else if (size == MAX_FILE_SIZE || memchr(text, '\0', size) != NULL) {
            report_line("%s is not a file of arguments", path);
        } else {
            fclose(file);
            return text;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    free(text);
    return NULL;
}

cli_exit_t flash_input_add_arguments(flash_input_t *input, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *text = read_text(path);
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path));
    walk_t *walk = calloc(1, sizeof(*walk));
    cli_exit_t code = CLI_INPUT;

    if (text != NULL && folder != NULL && walk != NULL) {
        walk->input = input;
        walk->path = path;
        walk->folder = folder;
        walk->rest = text + (strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0); /* byte order mark */
        code = take_words(walk);
    }
    free(walk);
    free(folder);
    free(text);
    return code;
}
