/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader, the command-line tool: finds the command, and sees to it that what was printed has arrived.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ports/cancel.h"
#include "ports/features.h"
#include "commands/command.h"
#include "session/json_report.h"
#include "report/report.h"
#include "report/standard_streams.h"

static const command_t *const commands[] = {
    &flash_command, &watch_command, &read_command,     &verify_command, &erase_command, &merge_command,
    &image_command, &info_command,  &load_ram_command, &reg_command,    &reset_command, &ports_command};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_usage(FILE *out)
{
    fputs("usage: esp-loader COMMAND [options]\n"
          "       esp-loader help COMMAND | --help | --version\n"
          "\n"
          "Flashes Espressif chips over a serial port, USB or a network connection.\n"
          "\n"
          "commands:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\n"
          "exit codes:\n"
          "  0  done\n"
          "  1  something else failed, for example printing\n"
          "  2  invalid command line\n"
          "  3  the port cannot be opened, or failed\n"
          "  4  no target answers, or it stopped answering\n"
          "  5  an input file is unusable, or the images do not go together; nothing was erased\n"
          "  6  the images do not fit this target, or it refused\n"
          "  7  the flash differs from what was written\n"
          "  8  interrupted\n",
          out);
}

static const command_t *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static cli_exit_t unknown_command(const char *name)
{
    report_line("unknown command '%s' (see esp-loader --help)", name);
    return CLI_USAGE;
}

static cli_exit_t print_help(const char *name)
{
    const command_t *command = name != NULL ? find_command(name) : NULL;

    if (name != NULL && command == NULL) {
        return unknown_command(name);
    }
    if (command != NULL) {
        fputs(command->help, stdout);
    } else {
        print_usage(stdout);
    }
    return CLI_OK;
}

static cli_exit_t dispatch(int argc, char *const *argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("esp-loader %s\n", ESP_LOADER_CLI_VERSION);
        features_print();
        return CLI_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        return print_help(argc > 2 ? argv[2] : NULL);
    }
    const command_t *command = find_command(argv[1]);
    return command != NULL ? command->run(argc - 2, argv + 2) : unknown_command(argv[1]);
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

/** After a failure: nobody sees the difference in the words above. */
static void explain_typographic(int argc, char *const *argv)
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

/** Also with an invalid command line. */
static bool is_json_wanted(int argc, char *const *argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    standard_streams_secure();
    /* Whoever reads our output may go away; the flash must not be left half-written for that. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write() */
    cancel_catch_signals();
    setvbuf(stdout, NULL, _IOLBF, 0);

    cli_exit_t code = dispatch(argc, argv);
    if (code == CLI_USAGE || code == CLI_PORT || code == CLI_INPUT) {
        explain_typographic(argc, argv);
    }
    if (code != CLI_OK && is_json_wanted(argc, argv)) {
        json_report_failure(code);
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
