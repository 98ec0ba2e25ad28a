/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Options of files: what a file may set, and which file counts.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "esptool/esptool_config.h"
#include "options/name.h"
#include "report/report.h"
#include "test.h"

/* ---- rights ---- */

/** What somebody else's file may do is bounded by what there is no row for. */
TEST(no_file_sets_what_names_other_files_or_skips_a_check)
{
    static const char *const never[] = {
        "force",  "force-raw", "no-verify", "erase-all", "all",  "scratch",   "trace", "project",
        "output", "config",    "no-config", "json",      "help", "partition", "tsv",   "json-events"};
    size_t count = 0;

    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        count += option->file != FILE_NEVER;
        for (size_t k = 0; k < sizeof(never) / sizeof(never[0]); k++) {
            assert_true(option->file == FILE_NEVER || strcmp(option->name, never[k]) != 0);
        }
        assert_true(option->file == FILE_NEVER ||
                    (option->kind != VALUE_FILE && option->kind != VALUE_FOLDER));
    }
    assert_true(count > 20 && count <= CONFIG_VALUES_MAX);
}

TEST(keys_of_esptool_name_options_that_files_may_set)
{
    for (size_t i = 0; i < esptool_key_count; i++) {
        const esptool_key_t *key = &esptool_keys[i];

        assert_ptr_equal(esptool_find_key(key->name), key);
        assert_true((key->verdict == VERDICT_DONE) == (key->option != NULL));
        assert_true(key->option != NULL || key->sentence != NULL);
        if (key->option != NULL) {
            const option_t *option =
                option_find(COMMAND_BIT(COMMAND_FLASH), key->option, strlen(key->option), false);

            assert_non_null(option);
            assert_int_equal(option->file, FILE_ANY);
        }
    }
    assert_null(esptool_find_key("no_such"));
}

/* ---- files ---- */

static char folder[] = "/tmp/config-test-XXXXXX";
static char home[sizeof(folder) + 8];

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void clean_up(void)
{
    char command[sizeof(folder) + 16];

    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0) { /* NOLINT(cert-env33-c): a name that mkdtemp() has made */
        perror(folder);
    }
}

/** A working folder and a home without files. */
static void enter_empty_folders(void)
{
    static bool is_made;
    char command[5 * sizeof(folder) + 128];

    if (!is_made) {
        assert_non_null(mkdtemp(folder));
        is_made = true;
        atexit(clean_up);
    }
    snprintf(home, sizeof(home), "%s/home", folder);
    snprintf(command, sizeof(command), "rm -rf %s/* && mkdir -p %s/.config/esp-loader %s/.config/esptool",
             folder, home, home);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a name that mkdtemp() has made */
    assert_int_equal(chdir(folder), 0);
}

typedef struct {
    config_places_t places;
    command_id_t command;
    config_t *config;
    cli_exit_t code;
    char message[REPORT_SIZE];
} load_t;

static void *load_in_thread(void *ctx)
{
    load_t *load = ctx;

    load->code = config_load(load->config, load->command, &load->places);
    snprintf(load->message, sizeof(load->message), "%s", report_message());
    return NULL;
}

/** Loads what there is; the first failure of a thread counts, so it has one of its own. */
static load_t load(command_id_t command, const char *path)
{
    load_t load = {
        .places = {.path = path, .home = home}, .command = command, .config = calloc(1, sizeof(config_t))};
    pthread_t thread;

    assert_non_null(load.config);
    assert_int_equal(pthread_create(&thread, NULL, load_in_thread, &load), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    return load;
}

static void unload(load_t *load)
{
    config_free(load->config);
    free(load->config);
}

/** Is the value of an option so? NULL = nobody says anything, "" = it is off. */
static void assert_value(const load_t *load, const char *name, const char *text)
{
    const option_t *option = option_find(COMMAND_BIT(load->command), name, strlen(name), false);
    const config_value_t *value = config_find(load->config, option);

    assert_non_null(option);
    assert_true((value == NULL) == (text == NULL));
    if (value != NULL) {
        assert_string_equal(value->is_on ? value->value.text : "", text);
        assert_string_equal(value->value.source, value->file->path);
    }
}

static void assert_refused(command_id_t command, const char *content, const char *sentence)
{
    write_file("esp-loader.toml", content);
    load_t loaded = load(command, NULL);

    assert_int_equal(loaded.code, CLI_USAGE);
    assert_string_equal(loaded.message, sentence);
    unload(&loaded);
}

TEST(without_files_nothing_is_said)
{
    enter_empty_folders();
    load_t loaded = load(COMMAND_INFO, NULL);

    assert_int_equal(loaded.code, CLI_OK);
    assert_int_equal(loaded.config->count, 0);
    unload(&loaded);
}

TEST(the_working_folder_counts_before_the_user_and_he_before_esptool)
{
    enter_empty_folders();
    write_file("esp-loader.toml", "port = '/dev/a'\nno-stub = false\n");
    write_file("home/.config/esp-loader/esp-loader.toml", "port = '/dev/b'\nbaud = 9600\nno-stub = true\n");
    write_file("setup.cfg", "[esptool]\nconnect_attempts = 3\nsync_timeout = 0.5\n");
    load_t loaded = load(COMMAND_INFO, NULL);

    assert_int_equal(loaded.code, CLI_OK);
    assert_value(&loaded, "port", "/dev/a");
    assert_value(&loaded, "no-stub", "");
    assert_value(&loaded, "baud", "9600");
    assert_value(&loaded, "connect-attempts", "3");
    assert_value(&loaded, "timeout", "0.5");
    assert_value(&loaded, "chip", NULL);
    unload(&loaded);
}

TEST(a_file_that_is_named_counts_alone)
{
    enter_empty_folders();
    write_file("esp-loader.toml", "port = '/dev/a'\n");
    write_file("esptool.cfg", "[esptool]\nconnect_attempts = 3\n");
    write_file("other.toml", "quiet = true\nport = 'rfc2217://h:1'\nreset-gpio = '/dev/gpiochip0:1:2'\n");
    load_t loaded = load(COMMAND_INFO, "other.toml");

    assert_int_equal(loaded.code, CLI_OK);
    assert_int_equal(loaded.config->count, 3);
    assert_value(&loaded, "port", "rfc2217://h:1");
    unload(&loaded);
    loaded = load(COMMAND_INFO, "nope.toml");
    assert_int_equal(loaded.code, CLI_USAGE);
    assert_string_equal(loaded.message, "nope.toml: cannot read it: No such file or directory");
    unload(&loaded);
}

TEST(esptools_files_are_found_where_esptool_finds_them)
{
    static const char *const paths[] = {"esptool.cfg", "setup.cfg", "tox.ini",
                                        "home/.config/esptool/esptool.cfg", "home/tox.ini"};

    for (size_t first = 0; first < sizeof(paths) / sizeof(paths[0]); first++) {
        enter_empty_folders();
        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
            char content[64];

            snprintf(content, sizeof(content), "[%s]\nconnect_attempts = %zu\n",
                     i < first ? "flake8" : "esptool", i + 1);
            write_file(paths[i], content);
        }
        load_t loaded = load(COMMAND_INFO, NULL);
        char expected[16];

        snprintf(expected, sizeof(expected), "%zu", first + 1);
        assert_value(&loaded, "connect-attempts", expected);
        unload(&loaded);
    }
}

TEST(esptools_variable_names_its_file)
{
    enter_empty_folders();
    write_file("esptool.cfg", "[esptool]\nconnect_attempts = 3\n");
    write_file("mine.cfg", "[esptool]\nconnect_attempts = -1\nopen_port_attempts = 0\n");
    config_t config = {.count = 0};
    load_t loaded = {.command = COMMAND_INFO, .config = &config};

    assert_int_equal(config_load(&config, COMMAND_INFO, &(config_places_t){.esptool = "mine.cfg"}), CLI_OK);
    assert_value(&loaded, "connect-attempts", "0"); /* without end */
    assert_value(&loaded, "open-port-attempts", "0");
    config_free(&config);
    assert_int_equal(config_load(&config, COMMAND_INFO, &(config_places_t){.esptool = "nope.cfg"}), CLI_OK);
    assert_value(&loaded, "connect-attempts", "3");
    config_free(&config);
}

TEST(tables_are_for_their_command)
{
    static const char content[] =
        "flash-size = '4MB'\nbaud = 9600\n[read]\nflash-size = '8MB'\n[flash]\nbaud = 115200\n";

    enter_empty_folders();
    write_file("esp-loader.toml", content);
    load_t loaded = load(COMMAND_READ, NULL);
    assert_int_equal(loaded.code, CLI_OK);
    assert_value(&loaded, "flash-size", "8MB");
    assert_value(&loaded, "baud", "9600");
    unload(&loaded);
    loaded = load(COMMAND_FLASH, NULL);
    assert_value(&loaded, "flash-size", "4MB");
    assert_value(&loaded, "baud", "115200");
    unload(&loaded);
    loaded = load(COMMAND_HOLD_IN_RESET, NULL); /* has neither */
    assert_int_equal(loaded.code, CLI_OK);
    assert_int_equal(loaded.config->count, 0);
    unload(&loaded);
}

TEST(watch_takes_no_port_of_a_file)
{
    enter_empty_folders();
    write_file("esp-loader.toml", "port = '/dev/a'\nbaud = 9600\n");
    load_t loaded = load(COMMAND_WATCH, NULL);

    assert_int_equal(loaded.code, CLI_OK);
    assert_int_equal(loaded.config->count, 1);
    unload(&loaded);
}

TEST(waiting_has_a_limit_or_none)
{
    enter_empty_folders();
    write_file("esp-loader.toml", "wait = 2.5\n");
    write_file("home/.config/esp-loader/esp-loader.toml", "wait = true\n");
    load_t loaded = load(COMMAND_INFO, NULL);

    assert_int_equal(loaded.config->count, 1);
    assert_int_equal(loaded.config->values[0].value.option->id, OPTION_WAIT_SECONDS);
    assert_int_equal(loaded.config->values[0].value.number, 2500);
    unload(&loaded);
    write_file("esp-loader.toml", "wait = true\n");
    loaded = load(COMMAND_INFO, NULL);
    assert_int_equal(loaded.config->values[0].value.option->id, OPTION_WAIT);
    unload(&loaded);
}

TEST(what_a_file_may_not_say_is_refused_with_its_line)
{
    enter_empty_folders();
    assert_refused(COMMAND_ERASE, "\nforce = true\n",
                   "esp-loader.toml:2: 'force' cannot be set by a file: give it on the command line");
    /* whichever command runs */
    assert_refused(COMMAND_INFO, "erase-all = true\n",
                   "esp-loader.toml:1: 'erase-all' cannot be set by a file: give it on the command line");
    assert_refused(
        COMMAND_INFO, "quiet = true\n",
        "esp-loader.toml:1: 'quiet' cannot be set by a file of the working folder, only by your own, a "
        "variable or the command line");
    assert_refused(
        COMMAND_INFO, "port = 'socket://h:1'\n",
        "esp-loader.toml:1: a file of the working folder cannot choose a port on a network, only your own, "
        "a variable or the command line");
    assert_refused(COMMAND_INFO, "no-stub = 1\n", "esp-loader.toml:1: 'no-stub' is true or false");
    assert_refused(COMMAND_INFO, "baud = true\n", "esp-loader.toml:1: 'baud' is a number");
    assert_refused(COMMAND_INFO, "chip = true\n", "esp-loader.toml:1: 'chip' is a text in quotes");
    assert_refused(COMMAND_INFO, "baud = 0\n",
                   "esp-loader.toml:1: --baud is a number from 1 on or auto, not '0'");
    assert_refused(COMMAND_INFO, "baud = 1\nBAUD = 2\nbaud = 3\n",
                   "esp-loader.toml:3: 'baud' is there twice");
    assert_refused(COMMAND_INFO, "[info]\nbaud = 1\n[info]\nbaud = 3\n",
                   "esp-loader.toml:4: 'baud' is there twice");
    assert_refused(COMMAND_INFO, "port", "esp-loader.toml:1: expected '=' after the key");
    unlink("esp-loader.toml");
    write_file("tox.ini", "[tox]\n[esptool]\nmax_timeout = soon\n");
    load_t loaded = load(COMMAND_INFO, NULL);
    assert_string_equal(loaded.message, "tox.ini:3: max_timeout is a number, not 'soon'");
    unload(&loaded);
}

TEST(keys_and_tables_that_nobody_knows_are_left_out)
{
    enter_empty_folders();
    write_file("esp-loader.toml", "bauf = 1\nno_stub = true\n[falsh]\nforce = true\n");
    write_file("tox.ini", "[esptool]\nconect_attempts = 1\n");
    load_t loaded = load(COMMAND_INFO, NULL);

    assert_int_equal(loaded.code, CLI_OK);
    assert_int_equal(loaded.config->count, 1);
    assert_value(&loaded, "no-stub", "true");
    unload(&loaded);
}

TEST(a_file_that_is_none_ends_nothing_but_the_run)
{
    enter_empty_folders();
    assert_int_equal(mkdir("esp-loader.toml", 0700), 0);
    load_t loaded = load(COMMAND_INFO, NULL);
    assert_string_equal(loaded.message, "esp-loader.toml: it is not a regular file");
    unload(&loaded);
    assert_int_equal(rmdir("esp-loader.toml"), 0);
    assert_int_equal(mkfifo("esp-loader.toml", 0600), 0);
    loaded = load(COMMAND_INFO, NULL);
    assert_string_equal(loaded.message, "esp-loader.toml: it is not a regular file");
    unload(&loaded);
    assert_int_equal(unlink("esp-loader.toml"), 0);
    write_file("esp-loader.toml", "");
    assert_int_equal(truncate("esp-loader.toml", CONFIG_FILE_SIZE_MAX + 1), 0);
    loaded = load(COMMAND_INFO, NULL);
    assert_string_equal(loaded.message, "esp-loader.toml: it is larger than 256 KB");
    unload(&loaded);
}

/* ---- esptool's values ---- */

TEST(esptools_values_that_change_nothing_are_left_out)
{
    static const struct {
        const char *key;
        const char *value;
        esptool_key_result_t result;
        const char *ours;
    } cases[] = {
        {"timeout", "3", ESPTOOL_KEY_USUAL, NULL},
        {"timeout", "3.5", ESPTOOL_KEY_LARGER, NULL},
        {"timeout", "nan", ESPTOOL_KEY_INVALID, NULL},
        {"timeout", "", ESPTOOL_KEY_INVALID, NULL},
        {"chip_erase_timeout", "140", ESPTOOL_KEY_USUAL, NULL},
        {"max_timeout", "10000", ESPTOOL_KEY_USUAL, NULL},
        {"write_block_attempts", "9", ESPTOOL_KEY_USUAL, NULL},
        {"reset_delay", "0.75", ESPTOOL_KEY_LARGER, NULL},
        {"sync_timeout", "0.1", ESPTOOL_KEY_USUAL, NULL},
        {"sync_timeout", "0.5", ESPTOOL_KEY_OURS, "0.5"},
        {"connect_attempts", "7", ESPTOOL_KEY_OURS, "7"},
        {"connect_attempts", "-1", ESPTOOL_KEY_OURS, "0"},
        {"custom_reset_sequence", "D0", ESPTOOL_KEY_OURS, "D0"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *value = cases[i].value;

        assert_int_equal(esptool_key_translate(esptool_find_key(cases[i].key), &value), cases[i].result);
        if (cases[i].ours != NULL) {
            assert_string_equal(value, cases[i].ours);
        }
    }
}
