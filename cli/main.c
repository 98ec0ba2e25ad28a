/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader, the command-line tool: finds the command, and sees to it that what was printed has arrived.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ports/cancel.h"
#include "ports/features.h"
#include "commands/command.h"
#include "esptool/esptool_table.h"
#include "esptool/esptool_words.h"
#include "options/args.h"
#include "options/help.h"
#include "options/name.h"
#include "session/json_report.h"
#include "report/report.h"
#include "report/standard_streams.h"

static const command_t *const commands[COMMAND_COUNT] = {
    [COMMAND_FLASH] = &flash_command,
    [COMMAND_WATCH] = &watch_command,
    [COMMAND_READ] = &read_command,
    [COMMAND_VERIFY] = &verify_command,
    [COMMAND_ERASE] = &erase_command,
    [COMMAND_MERGE] = &merge_command,
    [COMMAND_IMAGE] = &image_command,
    [COMMAND_INFO] = &info_command,
    [COMMAND_EFUSE] = &efuse_command,
    [COMMAND_PARTITIONS] = &partitions_command,
    [COMMAND_OTA] = &ota_command,
    [COMMAND_LOAD_RAM] = &load_ram_command,
    [COMMAND_REG] = &reg_command,
    [COMMAND_SPI_FLASH] = &spi_flash_command,
    [COMMAND_MD5] = &md5_command,
    [COMMAND_RESET] = &reset_command,
    [COMMAND_HOLD_IN_RESET] = &hold_in_reset_command,
    [COMMAND_RFC2217_SERVER] = &rfc2217_server_command,
    [COMMAND_MONITOR] = &monitor_command,
    [COMMAND_SELFTEST] = &selftest_command,
    [COMMAND_PORTS] = &ports_command,
};

/** Index of the command; options may precede it. 0 = there is none, and nothing is wrong; -1 = a mistake
 * that has been reported. @p out_help is set to what a --help or --version before it asks for. */
static int find_command_word(int argc, const char *const *argv, option_id_t *out_asked)
{
    args_t args = {.commands = ~(command_set_t)0, .argc = argc - 1, .argv = argv + 1};

    for (;;) {
        const args_result_t result = args_next(&args);

        if (result == ARGS_OPERAND) {
            return args.index;
        }
        if (result == ARGS_ERROR) {
            report_line("%s (see esp-loader --help)", args.error);
            return -1;
        }
        if (result == ARGS_END) {
            return 0;
        }
        if (args.option->id == OPTION_HELP || args.option->id == OPTION_HELP_ALL ||
            args.option->id == OPTION_VERSION) {
            *out_asked = args.option->id;
        }
    }
}

static cli_exit_t unknown_command(const char *name)
{
    name_guess_t guess = {.word = name, .length = strlen(name)};

    for (int id = 0; id < COMMAND_COUNT; id++) {
        name_guess(&guess, command_table[id].name);
    }
    for (int id = 0; id < ESPTOOL_COMMAND_COUNT; id++) {
        name_guess(&guess, esptool_commands[id].name);
    }
    if (guess.name != NULL) {
        report_line("unknown command '%s': did you mean '%s'? (see esp-loader --help)", name, guess.name);
    } else {
        report_line("unknown command '%s' (see esp-loader --help)", name);
    }
    return CLI_USAGE;
}

/** @param name  of a command; NULL = of the program */
static cli_exit_t print_help(const char *name, bool is_all)
{
    const command_id_t id = name != NULL ? command_find(name) : COMMAND_NONE;

    if (name == NULL) {
        help_print_program(stdout);
    } else if (id == COMMAND_NONE) {
        return unknown_command(name);
    } else {
        help_print_command(stdout, id, is_all);
    }
    return CLI_OK;
}

/** Runs the command at @p at with the words before and after it. */
static cli_exit_t run_command(command_id_t id, int argc, const char *const *argv, int at)
{
    const char **words = calloc((size_t)argc, sizeof(*words)); /* never 0 */

    if (words == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    for (int i = 1, count = 0; i < argc; i++) {
        if (i != at) {
            words[count++] = argv[i];
        }
    }
    cli_exit_t code = command_run(commands[id], id, argc - 2, words);
    free(words);
    return code;
}

static cli_exit_t dispatch(int argc, const char *const *argv)
{
    option_id_t asked = OPTION_ID_NONE;
    const int at = find_command_word(argc, argv, &asked);
    const char *name = at > 0 ? argv[at] : NULL;

    if (at < 0) {
        return CLI_USAGE;
    }
    if (asked == OPTION_VERSION) {
        printf("esp-loader %s\n", ESP_LOADER_CLI_VERSION);
        features_print();
        return CLI_OK;
    }
    if (asked != OPTION_ID_NONE) {
        return print_help(name, asked == OPTION_HELP_ALL);
    }
    if (name == NULL) { /* a script whose command is empty by mistake has not succeeded */
        help_print_program(stderr);
        return CLI_USAGE;
    }
    if (strcmp(name, "help") == 0) {
        return print_help(at + 1 < argc ? argv[at + 1] : NULL, false);
    }
    const command_id_t id = command_find(name);
    return id != COMMAND_NONE ? run_command(id, argc, argv, at) : unknown_command(name);
}

/** The same for a command line in esptool's words. */
static cli_exit_t dispatch_any(int argc, const char *const *argv)
{
    const char **words = NULL;
    int count = 0;

    switch (esptool_translate(argc, argv, &words, &count)) {
    case ESPTOOL_REFUSED:
        return CLI_USAGE;
    case ESPTOOL_NO_MEMORY:
        report_line("out of memory");
        return CLI_OTHER;
    case ESPTOOL_TRANSLATED: {
        cli_exit_t code = dispatch(count, words);
        free(words);
        return code;
    }
    case ESPTOOL_FOREIGN:
    default:
        return dispatch(argc, argv);
    }
}

/** Has it what web pages and text processors make of dashes (U+2010 to U+2015, U+2212), quotes (U+2018 to
 * U+201F) and spaces (U+00A0)? */
static bool is_typographic(const char *word)
{
    for (const unsigned char *c = (const unsigned char *)word; *c != '\0'; c++) {
        const bool is_general = c[0] == 0xE2 && c[1] == 0x80;

        if ((is_general && c[2] >= 0x90 && c[2] <= 0x9F && c[2] != 0x96 && c[2] != 0x97) ||
            (c[0] == 0xE2 && c[1] == 0x88 && c[2] == 0x92) || (c[0] == 0xC2 && c[1] == 0xA0)) {
            return true;
        }
    }
    return false;
}

/** After a failure: the words above do not show the difference. */
static void explain_typographic(int argc, const char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        if (is_typographic(argv[i])) {
            report_note(
                NULL,
                "'%.80s' has a typographic dash, quote or space, as text copied from a web page may: type "
                "it anew",
                argv[i]);
            return;
        }
    }
}

/** Is an option without a value given, or on by its variable? Also with an invalid command line. */
static bool is_wanted_by(int argc, const char *const *argv, const char *option, const char *name)
{
    const char *variable = getenv(name);
    bool is_wanted = false;

    if (variable != NULL && !option_value_switch(variable, &is_wanted)) {
        is_wanted = false; /* it says neither */
    }
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        is_wanted = is_wanted || strcmp(argv[i], option) == 0;
    }
    return is_wanted;
}

int main(int argc, char **mutable_argv)
{
    const char *const *argv = (const char *const *)mutable_argv;

    standard_streams_secure();
    /* Whoever reads our output may go away; the flash must not be left half-written for that. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write() */
    cancel_catch_signals();
    setvbuf(stdout, NULL, _IOLBF, 0);

    cli_exit_t code = dispatch_any(argc, argv);
    if (code == CLI_USAGE || code == CLI_PORT || code == CLI_INPUT) {
        explain_typographic(argc, argv);
    }
    const bool has_events = is_wanted_by(argc, argv, "--json-events", "ESP_LOADER_JSON_EVENTS");
    if (code != CLI_OK && (has_events || is_wanted_by(argc, argv, "--json", "ESP_LOADER_JSON"))) {
        json_report_failure(code, has_events);
    }
    /* Whoever read our output and left, as head does, has all that it wanted. */
    const bool is_read = !standard_streams_is_reader_gone();
    const bool is_printed = ferror(stdout) == 0;
    if ((fclose(stdout) != 0 || !is_printed) && is_read) {
        report_line("cannot write to standard output");
        code = code != CLI_OK ? code : CLI_OTHER;
    }
    return (int)code;
}
