/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader-pages: writes what is made of the tables of commands and options. It runs while the tool is built.
 *
 *   esp-loader-pages man FOLDER VERSION        esp-loader.1 and one page per command
 *   esp-loader-pages completions FOLDER        for bash, zsh and fish
 *   esp-loader-pages usage COMMAND             on standard output, for docs/cli.md
 *   esp-loader-pages options COMMAND [BUT]     the same; those of the command BUT are left out
 *   esp-loader-pages esptool WHAT              commands, options, keys or variables, for docs/esptool.md; list, for a test
 *   esp-loader-pages config keys               for docs/configuration.md
 */
#include <stdlib.h>
#include <string.h>

#include "pages/pages.h"

static FILE *create(const char *folder, const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return out;
}

static void finish(FILE *out)
{
    if (ferror(out) || fclose(out) != 0) {
        perror("esp-loader-pages");
        exit(EXIT_FAILURE);
    }
}

static void write_man_pages(const char *folder, const char *version)
{
    FILE *out = create(folder, "esp-loader.1");

    man_print_program(out, version);
    finish(out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        char name[64];

        snprintf(name, sizeof(name), "esp-loader-%s.1", command_table[id].name);
        out = create(folder, name);
        man_print_command(out, (command_id_t)id, version);
        finish(out);
    }
}

static void write_completions(const char *folder)
{
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } shells[] = {
        {"esp-loader.bash", bash_print}, {"_esp-loader", zsh_print}, {"esp-loader.fish", fish_print}};

    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        FILE *out = create(folder, shells[i].name);

        shells[i].print(out);
        finish(out);
    }
}

static command_id_t named(const char *name)
{
    const command_id_t id = command_find(name);

    if (id == COMMAND_NONE) {
        fprintf(stderr, "esp-loader-pages: there is no command '%s'\n", name);
        exit(EXIT_FAILURE);
    }
    return id;
}

static bool print_esptool(const char *what)
{
    if (strcmp(what, "commands") == 0) {
        esptool_print_commands(stdout);
    } else if (strcmp(what, "options") == 0) {
        esptool_print_options(stdout);
    } else if (strcmp(what, "keys") == 0) {
        esptool_print_keys(stdout);
    } else if (strcmp(what, "variables") == 0) {
        esptool_print_variables(stdout);
    } else if (strcmp(what, "list") == 0) {
        esptool_print_list(stdout);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";

    if (strcmp(what, "man") == 0 && argc == 4) {
        write_man_pages(argv[2], argv[3]);
    } else if (strcmp(what, "completions") == 0 && argc == 3) {
        write_completions(argv[2]);
    } else if (strcmp(what, "usage") == 0 && argc == 3) {
        manual_print_usage(stdout, named(argv[2]));
    } else if (strcmp(what, "options") == 0 && argc <= 4) {
        manual_print_options(stdout, named(argv[2]), argc == 4 ? named(argv[3]) : COMMAND_NONE);
    } else if (strcmp(what, "config") == 0 && argc == 3) {
        config_print_keys(stdout);
    } else if (strcmp(what, "esptool") != 0 || argc != 3 || !print_esptool(argv[2])) {
        fputs("usage: esp-loader-pages man FOLDER VERSION | completions FOLDER | usage COMMAND | options "
              "COMMAND [BUT]\n",
              stderr);
        return EXIT_FAILURE;
    }
    finish(stdout);
    return EXIT_SUCCESS;
}
