/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The frame around every command: its words become options and operands, what the environment says counts where the
 * command line says nothing, the command takes them and runs.
 */
#include "commands/command.h"
#include "commands/command_config.h"

#include <stdio.h>
#include <stdlib.h>

#include "options/args.h"
#include "options/help.h"
#include "report/report.h"
#include "session/json_events.h"
#include "session/session_options.h"

/** A command line, walked through. */
typedef struct {
    command_id_t id;
    option_value_t *values; /**< in their order */
    size_t value_count;
    const char **operands;
    size_t operand_count;
} words_t;

cli_exit_t command_mistake(command_id_t id, const char *sentence)
{
    report_line("%s (see esp-loader help %s)", sentence, command_table[id].name);
    return CLI_USAGE;
}

static bool stop(command_id_t id, const char *sentence, cli_exit_t *out_code)
{
    *out_code = command_mistake(id, sentence);
    return false;
}

/** Walks through the words. false: nothing more to do, *out_code is the exit code; help has been printed or the
 * mistake reported. */
static bool walk(words_t *words, int argc, const char *const *argv, cli_exit_t *out_code)
{
    const command_info_t *info = &command_table[words->id];
    args_t args = {.commands = COMMAND_BIT(words->id), .argc = argc, .argv = argv};
    char error[OPTION_ERROR_SIZE];
    args_result_t result;

    while ((result = args_next(&args)) != ARGS_END) {
        if (result == ARGS_ERROR) {
            return stop(words->id, args.error, out_code);
        }
        if (result == ARGS_OPERAND) {
            if (words->operand_count == info->operand_max) {
                return stop(words->id, info->operands_wanted, out_code);
            }
            words->operands[words->operand_count++] = args.value;
        } else if (args.option->id == OPTION_HELP || args.option->id == OPTION_HELP_ALL) {
            help_print_command(stdout, words->id, args.option->id == OPTION_HELP_ALL);
            *out_code = CLI_OK;
            return false;
        } else if (!option_value_parse(&words->values[words->value_count++], args.option, args.value,
                                       error)) {
            return stop(words->id, error, out_code);
        }
    }
    if (words->operand_count < info->operand_min) {
        return stop(words->id, info->operands_wanted, out_code);
    }
    return true;
}

static bool take(const command_t *command, void *state, const option_value_t *value,
                 char error[OPTION_ERROR_SIZE])
{
    void *session = (char *)state + command->session_offset;

    if (value->option->id == OPTION_CONFIG || value->option->id == OPTION_NO_CONFIG) {
        return true; /* has been looked at before */
    }
    return command->take != NULL ? command->take(state, value, error)
                                 : session_options_take(session, value, error);
}

static bool is_given(const words_t *words, option_id_t id)
{
    for (size_t i = 0; i < words->value_count; i++) {
        if (words->values[i].option->id == id) {
            return true;
        }
    }
    return false;
}

/** Takes what a file says; true if it says nothing. */
static bool take_of_file(const command_t *command, void *state, config_value_t *value,
                         char error[OPTION_ERROR_SIZE])
{
    char place[CONFIG_PLACE_SIZE];
    char why[OPTION_ERROR_SIZE];

    if (value == NULL || !value->is_on) {
        return true;
    }
    value->is_used = true;
    if (take(command, state, &value->value, why)) {
        return true;
    }
    snprintf(error, OPTION_ERROR_SIZE, "%.60s: %.180s", config_place(value, place), why);
    return false;
}

/** Takes what an environment variable says. */
static bool take_variable(const command_t *command, void *state, const option_t *option, const char *name,
                          const char *text, char error[OPTION_ERROR_SIZE])
{
    char why[OPTION_ERROR_SIZE];
    option_value_t value;
    bool is_on = true;

    if (option->kind == VALUE_NONE && !option_value_switch(text, &is_on)) {
        snprintf(why, sizeof(why), "--%s is 1 or 0, not '%.60s'", option->name, text);
    } else if (!is_on) {
        return true;
    } else if (option_value_parse(&value, option, text, why)) {
        value.source = name;
        if (take(command, state, &value, why)) {
            return true;
        }
    }
    snprintf(error, OPTION_ERROR_SIZE, "environment variable %.40s: %.180s", name, why);
    return false;
}

/** Takes what the environment and files say about an option that the command line does not give. */
static bool take_default(config_t *config, const command_t *command, void *state, const option_t *option,
                         char error[OPTION_ERROR_SIZE])
{
    char name[64];
    const char *text;

    return option_value_find_variable(option->environment, name, &text) != NULL
               ? take_variable(command, state, option, name, text, error)
               : take_of_file(command, state, config_find(config, option), error);
}

/** The environment and files first, then the command line, which wins. */
static bool take_all(const words_t *words, config_t *config, const command_t *command, void *state,
                     char error[OPTION_ERROR_SIZE])
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option_is_of(option, words->id) && !is_given(words, option->id) &&
            !take_default(config, command, state, option, error)) {
            return false;
        }
    }
    for (size_t i = 0; i < words->value_count; i++) {
        if (!take(command, state, &words->values[i], error)) {
            return false;
        }
    }
    session_options_t *session = (void *)((char *)state + command->session_offset);
    return command->needs_no_port || session_options_check(session, error);
}

/** Runs the command with what it was given. */
static cli_exit_t run(const words_t *words, config_t *config, const command_t *command, void *state)
{
    const session_options_t *options = (void *)((char *)state + command->session_offset);
    char error[OPTION_ERROR_SIZE];

    cli_exit_t code = command_config_load(config, words->id, words->values, words->value_count);
    if (code != CLI_OK) {
        return code;
    }
    if (!take_all(words, config, command, state, error)) {
        return command_mistake(words->id, error);
    }
    json_events_start(options, command_table[words->id].name);
    command_config_tell(config, options);
    return command->run(state, (operands_t){.words = words->operands, .count = words->operand_count});
}

cli_exit_t command_run(const command_t *command, command_id_t id, int argc, const char *const *argv)
{
    const size_t room = (size_t)argc + 1; /* an option or operand has a word; never 0 */
    words_t words = {.id = id,
                     .values = calloc(room, sizeof(*words.values)),
                     .operands = calloc(room, sizeof(*words.operands))};
    config_t *config = calloc(1, sizeof(*config));
    void *state = calloc(1, command->state_size);
    cli_exit_t code = CLI_OTHER;

    bool is_ready = words.values != NULL && words.operands != NULL && state != NULL && config != NULL;
    if (is_ready) {
        session_options_init((void *)((char *)state + command->session_offset));
        is_ready = command->begin == NULL || command->begin(state, room);
    }
    if (!is_ready) {
        report_line("out of memory");
    } else if (walk(&words, argc, argv, &code)) {
        code = run(&words, config, command, state);
    }
    if (state != NULL && command->end != NULL) {
        command->end(state);
    }
    free(state);
    if (config != NULL) {
        config_free(config);
    }
    free(config);
    free(words.operands);
    free(words.values);
    return code;
}
