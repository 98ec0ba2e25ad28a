/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Command lines in esptool's words.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esptool/esptool_table.h"
#include "esptool/esptool_words.h"
#include "options/name.h"
#include "options/option.h"
#include "report/report.h"
#include "test.h"

enum { LINE_SIZE = 512, WORDS_MAX = 32 };

/** What becomes of the words of a line, separated by blanks; "" when they are not esptool's. */
static const char *translate(const char *line)
{
    static char text[LINE_SIZE];
    char copy[LINE_SIZE];
    const char *words[WORDS_MAX] = {"esp-loader"};
    const char **ours = NULL;
    char *rest = copy;
    int count = 1;

    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        assert_true(count < WORDS_MAX);
        words[count++] = word;
    }
    text[0] = '\0';
    switch (esptool_translate(count, words, &ours, &count)) {
    case ESPTOOL_FOREIGN:
        return "";
    case ESPTOOL_TRANSLATED:
        for (int i = 1; i < count; i++) {
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 1 ? " " : "", ours[i]);
        }
        free(ours);
        return text;
    case ESPTOOL_REFUSED:
    case ESPTOOL_NO_MEMORY:
    default:
        return report_message();
    }
}

TEST(esptools_command_lines_are_ours)
{
    static const char *const cases[][2] = {
        {"write-flash 0x0 a.bin 0x10000 b.bin", "flash 0x0 a.bin 0x10000 b.bin"},
        {"write_flash 0x0 a.bin", "flash 0x0 a.bin"},
        {"-p /dev/x -b 460800 write-flash -z 0 a.bin", "flash --port /dev/x --baud 460800 0 a.bin"},
        {"--chip esp32s3 --before default_reset --after hard_reset write_flash --flash_mode dio --flash_size "
         "detect "
         "--flash_freq 80m 0x0 a.bin",
         "flash --chip esp32s3 --before default_reset --after hard_reset --flash-mode dio --flash-size "
         "detect "
         "--flash-freq 80m 0x0 a.bin"},
        {"write-flash -fm dio -ff 80m -fs 4MB 0 a.bin",
         "flash --flash-mode dio --flash-freq 80m --flash-size 4MB 0 a.bin"},
        {"-b921600 write-flash --flash-size=4MB -fs=8MB 0 a.bin",
         "flash --baud 921600 --flash-size 4MB --flash-size 8MB 0 a.bin"},
        {"write-flash -e -p -s -u --force 0 a.bin", "flash --erase-all --no-compress --force-raw 0 a.bin"},
        {"write-flash 0 a.bin --diff-with old.bin older.bin --trust-flash-content", "flash 0 a.bin"},
        {"write-flash --flash-type nor -sc SPI 0 a.bin", "flash --spi-connection SPI 0 a.bin"},
        {"flash-id --spi-connection 6,17,8,11,16", "info --spi-connection 6,17,8,11,16"},
        {"write-flash @flash_args", "flash @flash_args"},
        {"read-flash -p 0 ALL f.bin", "read 0 ALL f.bin"},
        {"read-flash --flash-size detect 0 0x1000 f.bin", "read 0 0x1000 f.bin"},
        {"read-flash --flash-size 4MB 0 0x1000 f.bin", "read --flash-size 4MB 0 0x1000 f.bin"},
        {"verify-flash --diff 0 a.bin", "verify 0 a.bin"},
        {"erase-flash --force", "erase --all --force"},
        {"erase_region 0x9000 0x6000", "erase 0x9000 0x6000"},
        {"flash-id", "info"},
        {"-p x chip_id", "info --port x"},
        {"read-mac", "info"},
        {"get_security_info", "info"},
        {"image-info a.bin", "image a.bin"},
        {"--chip esp32 merge-bin -o all.bin -f raw -t 0x1000 --fill-flash-size 4MB 0x1000 a.bin",
         "merge --chip esp32 --output all.bin --target-offset 0x1000 --pad-to-size 4MB 0x1000 a.bin"},
        {"read-mem 0x3ff00000", "reg read 0x3ff00000"},
        {"write-mem 0x3ff00000 1 0xff", "reg write 0x3ff00000 1 0xff"},
        {"dump-mem 0x40000000 64 rom.bin", "reg dump 0x40000000 64 rom.bin"},
        {"load-ram p.bin", "load-ram p.bin"},
        {"--after no-reset run", "reset --after no-reset"},
        {"version", "--version"},
        {"read-flash-status --bytes 3", "spi-flash status --bytes 3"},
        {"write_flash_status --non-volatile --bytes 2 0x200",
         "spi-flash status --non-volatile --bytes 2 0x200"},
        {"read-flash-sfdp --flash-mode dio 0 4", "spi-flash sfdp 0 4"},
        {"--connect-attempts -1 -v -s chip-id", "info --connect-attempts 0 --quiet"},
        {"--no-stub -a no_reset flash_id", "info --no-stub --after no_reset"},
        /* with options of ours */
        {"--json write-flash --rewrite 0 a.bin", "flash --json --rewrite 0 a.bin"},
        {"chip-id -p /dev/x", "info -p /dev/x"},
        {"write-flash --no-such 0 a.bin", "flash --no-such 0 a.bin"},
        {"write-flash --help", "flash --help"},
        {"image-info -- -e", "image -- -e"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(translate(cases[i][0]), cases[i][1]);
    }
}

TEST(other_command_lines_are_left_alone)
{
    static const char *const cases[] = {"flash 0 a.bin",
                                        "--port write-flash flash 0 a.bin",
                                        "--no-such write-flash 0 a.bin",
                                        "falsh",
                                        "--version",
                                        "-- write-flash"};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(translate(cases[i]), "");
    }
}

/** In a thread of its own: the first failure of a thread counts. */
static void *refuse(void *ctx)
{
    const char *const *texts = ctx;

    return strncmp(translate(texts[0]), texts[1], strlen(texts[1])) == 0 ? ctx : NULL;
}

TEST(what_is_refused_is_refused_in_a_sentence)
{
    static const char *const cases[][2] = {
        {"elf2image a.elf", "elf2image of esptool: making images of ELF"},
        {"read_nand_spare 1", "read_nand_spare of esptool: SPI NAND"},
        {"write-flash --encrypt 0 a.bin", "--encrypt of esptool: the target does not encrypt here: encrypt"},
        {"write-flash --encrypt-files 0 a.bin", "--encrypt-files of esptool: the target"},
        {"write-flash --flash-type nand 0 a.bin", "--flash-type of esptool: SPI NAND"},
        {"-t chip-id", "-t of esptool: here it takes a file: --trace=FILE"},
        {"merge-bin -f uf2 -o a.uf2 0 a.bin", "-f of esptool: making images"},
        {"--port-filter vid=1 chip-id", "--port-filter of esptool: name the device"},
        {"--override-vddsdio=1.8V flash-id", "--override-vddsdio=1.8V of esptool: the voltage"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *texts[] = {cases[i][0], cases[i][1]};
        pthread_t thread;
        void *refused = NULL;

        assert_int_equal(pthread_create(&thread, NULL, refuse, texts), 0);
        assert_int_equal(pthread_join(thread, &refused), 0);
        assert_non_null(refused);
    }
}

TEST(rows_of_esptool_name_options_of_ours)
{
    for (size_t i = 0; i < esptool_option_count; i++) {
        const esptool_option_t *option = &esptool_options[i];
        const bool is_ours = option->verdict == VERDICT_DONE;

        assert_true(is_ours == (option->option != NULL));
        assert_true(is_ours || option->sentence != NULL);
        for (int id = 0; is_ours && id < ESPTOOL_COMMAND_COUNT; id++) {
            const esptool_command_t *command = &esptool_commands[id];

            if ((option->commands & (1u << id)) != 0 && (option->commands & (1u << ESPTOOL_ANY)) == 0 &&
                command->verdict == VERDICT_DONE && command->command != COMMAND_NONE &&
                strcmp(option->option, "--port") != 0) {
                const option_t *own = option_find(COMMAND_BIT(command->command), option->option + 2,
                                                  strlen(option->option + 2), false);

                assert_non_null(own);
                assert_true((own->kind != VALUE_NONE) == (option->arity == ESPTOOL_VALUE));
            }
        }
    }
}

TEST(help_names_esptools_commands)
{
    for (int id = 0; id < ESPTOOL_COMMAND_COUNT; id++) {
        const esptool_command_t *command = &esptool_commands[id];

        for (int own = 0; own < COMMAND_COUNT; own++) {
            const bool is_named =
                name_is_among(command_table[own].aliases, command->name, strlen(command->name));

            assert_int_equal(is_named, command->verdict == VERDICT_DONE && (int)command->command == own &&
                                           strcmp(command->name, command_table[own].name) != 0);
        }
    }
}

TEST(at_most_ten_reasons_say_no)
{
    const char *reasons[16];
    size_t count = 0;

    for (size_t i = 0; i < ESPTOOL_COMMAND_COUNT + esptool_option_count; i++) {
        const bool is_command = i < ESPTOOL_COMMAND_COUNT;
        const char *sentence =
            is_command ? esptool_commands[i].sentence : esptool_options[i - ESPTOOL_COMMAND_COUNT].sentence;
        const verdict_t verdict =
            is_command ? esptool_commands[i].verdict : esptool_options[i - ESPTOOL_COMMAND_COUNT].verdict;
        size_t k = 0;

        while (k < count && (verdict != VERDICT_NO || strcmp(reasons[k], sentence) != 0)) {
            k++;
        }
        if (verdict == VERDICT_NO && k == count) {
            assert_true(count < 16);
            reasons[count++] = sentence;
        }
    }
    assert_true(count <= 10);
}
