/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Translation, word by word. Names of commands do not collide, so nothing else has to say whose words they
 * are.
 */
#include "esptool/esptool_words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "esptool/esptool_table.h"
#include "options/name.h"
#include "options/option.h"
#include "report/report.h"

typedef struct {
    int argc;
    const char *const *argv;
    int at; /**< the next word */
    const char **words;
    int count;
} walk_t;

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/** How many words follow the option, if it is in no table of esptool's. -1 = there is no such option. */
static int own_words(const char *word)
{
    const bool is_long = word[1] == '-';
    const size_t length = is_long ? strcspn(word + 2, "=") : 0;
    const bool has_value = is_long ? word[2 + length] == '=' : word[2] != '\0';
    const option_t *option = is_long ? option_find(~(command_set_t)0, word + 2, length, has_value)
                                     : option_find_short(~(command_set_t)0, word[1]);

    return option == NULL ? -1 : option->kind != VALUE_NONE && !has_value ? 1 : 0;
}

/** Index of the command; 0 when there is none, or when a word before it is in no table. */
static int find_command(int argc, const char *const *argv)
{
    int at = 1;

    while (at < argc && is_option(argv[at])) {
        const char *value;
        const esptool_option_t *option = esptool_find_option(ESPTOOL_ANY, argv[at], &value);
        const int own = option == NULL ? own_words(argv[at]) : 0;

        if (own < 0) {
            return 0;
        }
        at += 1 + own + (option != NULL && option->arity != ESPTOOL_FLAG && value == NULL ? 1 : 0);
    }
    return at < argc ? at : 0;
}

static void add(walk_t *walk, const char *word)
{
    walk->words[walk->count++] = word;
}

static bool refuse(const char *name, const char *sentence)
{
    report_line("%s of esptool: %s", name, sentence);
    return false;
}

/** Takes the value of an option from the next word. */
static const char *next_value(walk_t *walk)
{
    return walk->at < walk->argc ? walk->argv[walk->at++] : NULL;
}

/** Takes an option with what belongs to it. false: it is refused. */
static bool take_option(walk_t *walk, const esptool_option_t *option, const char *word, const char *value)
{
    if (option->arity == ESPTOOL_VALUE && value == NULL) {
        value = next_value(walk);
    } else if (option->arity == ESPTOOL_VALUES) {
        while (walk->at < walk->argc && !is_option(walk->argv[walk->at])) {
            walk->at++;
        }
    }
    if (value != NULL && name_is_among(option->left_out, value, strlen(value))) {
        return true;
    }
    if (option->verdict == VERDICT_WORDS || option->verdict == VERDICT_NO) {
        return refuse(word, option->sentence);
    }
    if (option->option == NULL) {
        return true;
    }
    add(walk, option->option);
    if (option->arity == ESPTOOL_VALUE && value != NULL) {
        const bool is_negative = value[0] == '-' && value[1] >= '0' && value[1] <= '9';

        add(walk, is_negative ? "0" : value); /* attempts without end */
    }
    return true;
}

static bool take_words(walk_t *walk, esptool_command_id_t id, int command_at)
{
    while (walk->at < walk->argc) {
        const bool is_before = walk->at < command_at;
        const int at = walk->at++;
        const char *word = walk->argv[at];
        const char *value;

        if (at == command_at) {
            continue;
        }
        if (strcmp(word, "--") == 0) {
            for (add(walk, word); walk->at < walk->argc;) {
                add(walk, walk->argv[walk->at++]);
            }
        } else if (!is_option(word)) {
            add(walk, word);
        } else {
            const esptool_option_t *option = esptool_find_option(is_before ? ESPTOOL_ANY : id, word, &value);

            if (option == NULL) {
                add(walk, word); /* one of ours, or unknown */
                if (own_words(word) > 0 && walk->at < walk->argc) {
                    add(walk, walk->argv[walk->at++]);
                }
            } else if (!take_option(walk, option, word, value)) {
                return false;
            }
        }
    }
    return true;
}

esptool_result_t esptool_translate(int argc, const char *const *argv, const char ***out_words, int *out_count)
{
    const int command_at = find_command(argc, argv);
    const esptool_command_id_t id =
        command_at > 0 ? esptool_find_command(argv[command_at]) : ESPTOOL_COMMAND_COUNT;

    if (id == ESPTOOL_COMMAND_COUNT) {
        return ESPTOOL_FOREIGN;
    }
    const esptool_command_t *command = &esptool_commands[id];
    if (command->verdict != VERDICT_DONE) {
        refuse(argv[command_at], command->sentence);
        return ESPTOOL_REFUSED;
    }
    walk_t walk = {.argc = argc, .argv = argv, .at = 1};
    walk.words =
        calloc(2 * (size_t)argc + 4, sizeof(*walk.words)); /* a word may become an option and its value */
    if (walk.words == NULL) {
        return ESPTOOL_NO_MEMORY;
    }
    add(&walk, argv[0]);
    if (command->command != COMMAND_NONE) {
        add(&walk, command_table[command->command].name);
    }
    if (command->words != NULL) {
        add(&walk, command->words);
    }
    if (!take_words(&walk, id, command_at)) {
        free(walk.words);
        return ESPTOOL_REFUSED;
    }
    *out_words = walk.words;
    *out_count = walk.count;
    return ESPTOOL_TRANSLATED;
}
