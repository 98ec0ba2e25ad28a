/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows. Source: esptool 5.6, --help of all commands, and the older spellings it accepts.
 */
#include "esptool/esptool_table.h"

#include <string.h>

#include "options/name.h"

#define NO_NAND "SPI NAND flash is not supported"
#define NO_SDC  "the Secure Debug Controller is not supported"
#define NO_CONVERSION                                                                                        \
    "making images of ELF, hex and UF2 files is not supported yet: use the .bin that the build has made"
#define NO_MATTER "what the part says of itself does not depend on it"

const esptool_command_t esptool_commands[ESPTOOL_COMMAND_COUNT] = {
    [ESPTOOL_WRITE_FLASH] = {.name = "write-flash", .command = COMMAND_FLASH},
    [ESPTOOL_READ_FLASH] = {.name = "read-flash", .command = COMMAND_READ},
    [ESPTOOL_VERIFY_FLASH] = {.name = "verify-flash", .command = COMMAND_VERIFY},
    [ESPTOOL_ERASE_FLASH] = {.name = "erase-flash", .command = COMMAND_ERASE, .words = "--all"},
    [ESPTOOL_ERASE_REGION] = {.name = "erase-region", .command = COMMAND_ERASE},
    [ESPTOOL_FLASH_ID] = {.name = "flash-id", .command = COMMAND_INFO},
    [ESPTOOL_CHIP_ID] = {.name = "chip-id", .command = COMMAND_INFO},
    [ESPTOOL_READ_MAC] = {.name = "read-mac", .command = COMMAND_INFO},
    [ESPTOOL_GET_SECURITY_INFO] = {.name = "get-security-info", .command = COMMAND_INFO},
    [ESPTOOL_IMAGE_INFO] = {.name = "image-info", .command = COMMAND_IMAGE},
    [ESPTOOL_MERGE_BIN] = {.name = "merge-bin", .command = COMMAND_MERGE},
    [ESPTOOL_READ_MEM] = {.name = "read-mem", .command = COMMAND_REG, .words = "read"},
    [ESPTOOL_WRITE_MEM] = {.name = "write-mem", .command = COMMAND_REG, .words = "write"},
    [ESPTOOL_DUMP_MEM] = {.name = "dump-mem", .command = COMMAND_REG, .words = "dump"},
    [ESPTOOL_LOAD_RAM] = {.name = "load-ram", .command = COMMAND_LOAD_RAM},
    [ESPTOOL_RUN] = {.name = "run", .command = COMMAND_RESET},
    [ESPTOOL_VERSION] = {.name = "version", .command = COMMAND_NONE, .words = "--version"},
    [ESPTOOL_READ_FLASH_STATUS] = {.name = "read-flash-status",
                                   .command = COMMAND_SPI_FLASH,
                                   .words = "status"},
    [ESPTOOL_WRITE_FLASH_STATUS] = {.name = "write-flash-status",
                                    .command = COMMAND_SPI_FLASH,
                                    .words = "status"},
    [ESPTOOL_READ_FLASH_SFDP] = {.name = "read-flash-sfdp", .command = COMMAND_SPI_FLASH, .words = "sfdp"},
    [ESPTOOL_ELF2IMAGE] = {.name = "elf2image",
                           .verdict = VERDICT_NO,
                           .command = COMMAND_NONE,
                           .sentence = NO_CONVERSION},
    [ESPTOOL_VERIFY_SDC_CERTIFICATE] = {.name = "verify-sdc-certificate",
                                        .verdict = VERDICT_NO,
                                        .command = COMMAND_NONE,
                                        .sentence = NO_SDC},
    [ESPTOOL_READ_SDC_CHIP_INFO] = {.name = "read-sdc-chip-info",
                                    .verdict = VERDICT_NO,
                                    .command = COMMAND_NONE,
                                    .sentence = NO_SDC},
    [ESPTOOL_READ_NAND_SPARE] = {.name = "read-nand-spare",
                                 .verdict = VERDICT_NO,
                                 .command = COMMAND_NONE,
                                 .sentence = NO_NAND},
    [ESPTOOL_WRITE_NAND_SPARE] = {.name = "write-nand-spare",
                                  .verdict = VERDICT_NO,
                                  .command = COMMAND_NONE,
                                  .sentence = NO_NAND},
    [ESPTOOL_DUMP_BBM] = {.name = "dump-bbm",
                          .verdict = VERDICT_NO,
                          .command = COMMAND_NONE,
                          .sentence = NO_NAND},
};

#define BIT(name)  (1u << ESPTOOL_##name)
#define ALL        ((1u << (ESPTOOL_COMMAND_COUNT + 1)) - 1)
#define WITH_FILES (BIT(WRITE_FLASH) | BIT(VERIFY_FLASH) | BIT(MERGE_BIN))
#define WITH_NAND                                                                                            \
    (BIT(WRITE_FLASH) | BIT(READ_FLASH) | BIT(VERIFY_FLASH) | BIT(ERASE_FLASH) | BIT(ERASE_REGION))
#define ON_STATUS (BIT(READ_FLASH_STATUS) | BIT(WRITE_FLASH_STATUS))
#define WITH_PINS (WITH_NAND | ON_STATUS | BIT(FLASH_ID) | BIT(READ_FLASH_SFDP))

const esptool_option_t esptool_options[] = {
    /* before the command; they may follow it, too */
    {.name = "chip", .letters = "c", .arity = ESPTOOL_VALUE, .option = "--chip", .commands = ALL},
    {.name = "port", .letters = "p", .arity = ESPTOOL_VALUE, .option = "--port", .commands = BIT(ANY)},
    {.name = "port", .arity = ESPTOOL_VALUE, .option = "--port", .commands = ALL & ~BIT(ANY)},
    {.name = "baud", .letters = "b", .arity = ESPTOOL_VALUE, .option = "--baud", .commands = ALL},
    {.name = "port-filter",
     .arity = ESPTOOL_VALUES,
     .verdict = VERDICT_WORDS,
     .sentence = "name the device instead: --port usb:VID:PID or --port usb:SERIAL, or see esp-loader ports",
     .commands = ALL},
    {.name = "before", .arity = ESPTOOL_VALUE, .option = "--before", .commands = ALL},
    {.name = "after", .letters = "a", .arity = ESPTOOL_VALUE, .option = "--after", .commands = ALL},
    {.name = "no-stub", .arity = ESPTOOL_FLAG, .option = "--no-stub", .commands = ALL},
    {.name = "stub-version",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .sentence = "there is one version of the flasher stub, the one that is built in",
     .commands = ALL},
    {.name = "trace",
     .letters = "t",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_NO,
     .sentence = "here it takes a file: --trace=FILE",
     .commands = BIT(ANY)},
    {.name = "verbose",
     .letters = "v",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "nothing is collapsed",
     .commands = BIT(ANY)},
    {.name = "silent", .letters = "s", .arity = ESPTOOL_FLAG, .option = "--quiet", .commands = BIT(ANY)},
    {.name = "override-vddsdio",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .sentence = "the voltage of an ESP32's flash is not changed",
     .commands = ALL},
    {.name = "connect-attempts",
     .arity = ESPTOOL_VALUE,
     .option = "--connect-attempts",
     .sentence = "one attempt is ten of esptool's",
     .commands = ALL},
    /* what is flashed */
    {.name = "erase-all",
     .letters = "e",
     .arity = ESPTOOL_FLAG,
     .option = "--erase-all",
     .commands = BIT(WRITE_FLASH)},
    {.name = "no-progress",
     .letters = "p",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "progress is a line now and then where standard output is not a terminal",
     .commands = BIT(WRITE_FLASH) | BIT(READ_FLASH)},
    {.name = "encrypt",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_WORDS,
     .sentence = "the target does not encrypt here: encrypt the file with espsecure and flash the result "
                 "with --force-raw",
     .commands = BIT(WRITE_FLASH)},
    {.name = "encrypt-files",
     .arity = ESPTOOL_VALUES,
     .verdict = VERDICT_WORDS,
     .sentence = "the target does not encrypt here: encrypt the files with espsecure and flash them with "
                 "--force-raw=OFFSET",
     .commands = BIT(WRITE_FLASH)},
    {.name = "ignore-flash-enc-efuse",
     .aliases = "ignore-flash-encryption-efuse-setting",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_WORDS,
     .sentence = "the target does not encrypt here: encrypt the file with espsecure and flash the result "
                 "with --force-raw",
     .commands = BIT(WRITE_FLASH)},
    {.name = "diff-with",
     .arity = ESPTOOL_VALUES,
     .verdict = VERDICT_ALWAYS,
     .sentence = "the file is compared with the flash itself, sector by sector",
     .commands = BIT(WRITE_FLASH)},
    {.name = "trust-flash-content",
     .aliases = "no-diff-verify",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "the comparison with the flash takes no longer",
     .commands = BIT(WRITE_FLASH)},
    {.name = "skip-flashed",
     .letters = "s",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "what the flash holds is not written again",
     .commands = BIT(WRITE_FLASH)},
    {.name = "force", .arity = ESPTOOL_FLAG, .option = "--force-raw", .commands = BIT(WRITE_FLASH)},
    {.name = "force",
     .arity = ESPTOOL_FLAG,
     .option = "--force",
     .commands = BIT(ERASE_FLASH) | BIT(ERASE_REGION)},
    {.name = "compress",
     .letters = "z",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "to a stub, where it is faster",
     .commands = BIT(WRITE_FLASH)},
    {.name = "no-compress",
     .letters = "u",
     .arity = ESPTOOL_FLAG,
     .option = "--no-compress",
     .commands = BIT(WRITE_FLASH)},
    {.name = "diff",
     .letters = "d",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_ALWAYS,
     .sentence = "how many sectors differ, and the first one",
     .commands = BIT(VERIFY_FLASH)},
    {.name = "flash-mode",
     .letters = "fm",
     .arity = ESPTOOL_VALUE,
     .option = "--flash-mode",
     .commands = WITH_FILES},
    {.name = "flash-freq",
     .letters = "ff",
     .arity = ESPTOOL_VALUE,
     .option = "--flash-freq",
     .commands = WITH_FILES},
    {.name = "flash-size",
     .letters = "fs",
     .arity = ESPTOOL_VALUE,
     .option = "--flash-size",
     .commands = WITH_FILES},
    {.name = "flash-size",
     .letters = "fs",
     .arity = ESPTOOL_VALUE,
     .option = "--flash-size",
     .left_out = "keep detect",
     .commands = BIT(READ_FLASH)},
    {.name = "flash-type",
     .letters = "ft",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .left_out = "nor",
     .sentence = NO_NAND,
     .commands = WITH_NAND},
    {.name = "nand-end-address",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .sentence = NO_NAND,
     .commands = BIT(WRITE_FLASH)},
    {.name = "spi-connection",
     .letters = "sc",
     .arity = ESPTOOL_VALUE,
     .option = "--spi-connection",
     .commands = WITH_PINS},
    {.name = "bytes", .arity = ESPTOOL_VALUE, .option = "--bytes", .commands = ON_STATUS},
    {.name = "non-volatile",
     .arity = ESPTOOL_FLAG,
     .option = "--non-volatile",
     .commands = BIT(WRITE_FLASH_STATUS)},
    {.name = "flash-mode",
     .letters = "fm",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_ALWAYS,
     .sentence = NO_MATTER,
     .commands = BIT(READ_FLASH_SFDP)},
    {.name = "flash-freq",
     .letters = "ff",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_ALWAYS,
     .sentence = NO_MATTER,
     .commands = BIT(READ_FLASH_SFDP)},
    {.name = "flash-size",
     .letters = "fs",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_ALWAYS,
     .sentence = NO_MATTER,
     .commands = BIT(READ_FLASH_SFDP)},
    /* merging */
    {.name = "output",
     .letters = "o",
     .arity = ESPTOOL_VALUE,
     .option = "--output",
     .commands = BIT(MERGE_BIN)},
    {.name = "format",
     .letters = "f",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .left_out = "raw",
     .sentence = NO_CONVERSION,
     .commands = BIT(MERGE_BIN)},
    {.name = "chunk-size",
     .arity = ESPTOOL_VALUE,
     .verdict = VERDICT_NO,
     .sentence = NO_CONVERSION,
     .commands = BIT(MERGE_BIN)},
    {.name = "md5-disable",
     .arity = ESPTOOL_FLAG,
     .verdict = VERDICT_NO,
     .sentence = NO_CONVERSION,
     .commands = BIT(MERGE_BIN)},
    {.name = "target-offset",
     .letters = "t",
     .arity = ESPTOOL_VALUE,
     .option = "--target-offset",
     .commands = BIT(MERGE_BIN)},
    {.name = "pad-to-size",
     .aliases = "fill-flash-size",
     .arity = ESPTOOL_VALUE,
     .option = "--pad-to-size",
     .commands = BIT(MERGE_BIN)},
};

const size_t esptool_option_count = sizeof(esptool_options) / sizeof(esptool_options[0]);

esptool_command_id_t esptool_find_command(const char *name)
{
    int id = 0;

    while (id < ESPTOOL_COMMAND_COUNT && !name_is(esptool_commands[id].name, name, strlen(name))) {
        id++;
    }
    return (esptool_command_id_t)id;
}

/** Does the word name it by letters? The value may follow at once where there is one letter. */
static bool is_by_letters(const esptool_option_t *option, const char *word, const char **out_value)
{
    const size_t size = option->letters != NULL ? strlen(option->letters) : 0;

    if (size == 0 || strncmp(word + 1, option->letters, size) != 0) {
        return false;
    }
    const char *rest = word + 1 + size;
    *out_value = *rest == '=' ? rest + 1 : *rest != '\0' ? rest : NULL;
    return *rest == '\0' || *rest == '=' || (size == 1 && option->arity != ESPTOOL_FLAG);
}

const esptool_option_t *esptool_find_option(esptool_command_id_t id, const char *word, const char **out_value)
{
    const bool is_long = word[1] == '-';
    const size_t length = is_long ? strcspn(word + 2, "=") : 0;
    const esptool_option_t *found = NULL;
    size_t found_size = 0;

    *out_value = NULL;
    for (size_t i = 0; i < esptool_option_count; i++) {
        const esptool_option_t *option = &esptool_options[i];
        const char *value = NULL;

        if ((option->commands & (1u << id)) == 0) {
            continue;
        }
        if (is_long) {
            if (name_is(option->name, word + 2, length) || name_is_among(option->aliases, word + 2, length)) {
                *out_value = word[2 + length] == '=' ? word + 3 + length : NULL;
                return option;
            }
        } else if (is_by_letters(option, word, &value) && strlen(option->letters) > found_size) {
            found = option; /* "-fs" rather than "-f s" */
            found_size = strlen(option->letters);
            *out_value = value;
        }
    }
    return found;
}
