/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The parser of control_line.h.
 */
#include "control_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char fe_control_help[] =
    "lines [dtr=0|1] [rts=0|1]  set both lines at once; one not named keeps its value\n"
    "rate BAUD                  set the rate of the host's UART, as a cable that carries it does\n"
    "reset [boot]               press EN; with boot, hold the boot button meanwhile\n"
    "unplug                     take the board off the bus and its power\n"
    "plug [boot]                power it again\n"
    "state                      where the chip is, its MAC, its lines, its time\n"
    "stats                      counters since the start\n"
    "console                    all text the chip has printed, each line after '| '\n"
    "misuse                     host misuse found so far, each line after '| '\n"
    "burns                      what the eFuse controller was told to burn, each command after '| '\n"
    "save [FILE]                save the flash, without FILE to the one of --flash\n"
    "load FILE                  replace the flash content\n"
    "faults SCRIPT              add faults\n"
    "app-print COUNT TEXT       the running application prints TEXT so often; \\n, \\r, \\e, \\\\ and \\xNN "
    "as in C\n"
    "app-rate BAUD              it is at another rate from now on\n"
    "app-echo on|off            it sends back what it receives\n"
    "help                       this list\n"
    "quit                       end esp-sim as SIGTERM does\n";

/* What may follow a command's name. */
typedef enum { NOTHING, BOOT, LINES, RATE, TEXT, OPTIONAL_TEXT, COUNT_TEXT, ON_OFF } arguments_t;

static const struct {
    const char *name;
    arguments_t arguments;
} commands[] = {
    [FE_CONTROL_LINES] = {"lines", LINES},       [FE_CONTROL_RATE] = {"rate", RATE},
    [FE_CONTROL_RESET] = {"reset", BOOT},        [FE_CONTROL_UNPLUG] = {"unplug", NOTHING},
    [FE_CONTROL_PLUG] = {"plug", BOOT},          [FE_CONTROL_STATE] = {"state", NOTHING},
    [FE_CONTROL_STATS] = {"stats", NOTHING},     [FE_CONTROL_CONSOLE] = {"console", NOTHING},
    [FE_CONTROL_MISUSE] = {"misuse", NOTHING},   [FE_CONTROL_BURNS] = {"burns", NOTHING},
    [FE_CONTROL_SAVE] = {"save", OPTIONAL_TEXT}, [FE_CONTROL_LOAD] = {"load", TEXT},
    [FE_CONTROL_FAULTS] = {"faults", TEXT},      [FE_CONTROL_APP_PRINT] = {"app-print", COUNT_TEXT},
    [FE_CONTROL_APP_RATE] = {"app-rate", RATE},  [FE_CONTROL_APP_ECHO] = {"app-echo", ON_OFF},
    [FE_CONTROL_HELP] = {"help", NOTHING},       [FE_CONTROL_QUIT] = {"quit", NOTHING},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]), MAX_BAUD = 10000000, MAX_COUNT = 1000000 };

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

static bool parse_lines(const char *text, fe_control_command_t *command)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, " \t");
        const bool is_on = size == 5 && text[4] == '1';
        if (is_word(text, size, "dtr=0") || is_word(text, size, "dtr=1")) {
            command->has_dtr = true;
            command->dtr = is_on;
        } else if (is_word(text, size, "rts=0") || is_word(text, size, "rts=1")) {
            command->has_rts = true;
            command->rts = is_on;
        } else {
            return false;
        }
        text = skip_blanks(text + size);
    }
    return command->has_dtr || command->has_rts;
}

static bool parse_rate(const char *text, uint32_t *out_baud)
{
    char *end;
    const unsigned long baud = strtoul(text, &end, 10);
    *out_baud = (uint32_t)baud;
    return *text >= '0' && *text <= '9' && *end == '\0' && baud > 0 && baud <= MAX_BAUD;
}

/* A count and a text, which begins after one blank. */
static bool parse_count_text(const char *text, fe_control_command_t *command)
{
    char *end;
    const unsigned long count = strtoul(text, &end, 10);
    command->count = (uint32_t)count;
    command->text = *end == ' ' ? end + 1 : end;
    return *text >= '0' && *text <= '9' && *end == ' ' && count > 0 && count <= MAX_COUNT;
}

/* NULL, or what should have followed the name. */
static const char *parse_arguments(arguments_t arguments, const char *text, fe_control_command_t *command)
{
    switch (arguments) {
    case NOTHING:
        return *text == '\0' ? NULL : "nothing";
    case BOOT:
        command->holds_boot = strcmp(text, "boot") == 0;
        return *text == '\0' || command->holds_boot ? NULL : "'boot' or nothing";
    case LINES:
        return parse_lines(text, command) ? NULL : "dtr=0|1 and/or rts=0|1";
    case RATE:
        return parse_rate(text, &command->baud) ? NULL : "a rate in baud, at most 10000000";
    case TEXT:
        return *text != '\0' ? NULL : "something";
    case OPTIONAL_TEXT:
        return NULL;
    case COUNT_TEXT:
        return parse_count_text(text, command) ? NULL : "a count, at most 1000000, and a text";
    case ON_OFF:
        command->is_on = strcmp(text, "on") == 0;
        return command->is_on || strcmp(text, "off") == 0 ? NULL : "on or off";
    }
    return NULL;
}

bool fe_control_parse(const char *line, fe_control_command_t *out_command, char *error, size_t error_size)
{
    const char *name = skip_blanks(line);
    const size_t size = strcspn(name, " \t");

    for (size_t i = 0; i < COMMANDS; i++) {
        if (!is_word(name, size, commands[i].name)) {
            continue;
        }
        const char *text = skip_blanks(name + size);
        fe_control_command_t command = {.verb = (fe_control_verb_t)i, .text = text};
        const char *expected = parse_arguments(commands[i].arguments, text, &command);
        if (expected != NULL) {
            (void)snprintf(error, error_size, "%s: expected %s after it; try help", commands[i].name,
                           expected);
            return false;
        }
        *out_command = command;
        return true;
    }
    (void)snprintf(error, error_size, "unknown command; try help");
    return false;
}
