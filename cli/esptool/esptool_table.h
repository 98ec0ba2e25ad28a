/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of esptool's commands and options here, a row for each: parsing, docs/esptool.md and the test
 * that asks esptool itself for its list are made of them.
 */
#ifndef CLI_ESPTOOL_TABLE_H
#define CLI_ESPTOOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "options/command_info.h"

typedef enum {
    VERDICT_DONE,   /**< carried out */
    VERDICT_ALWAYS, /**< accepted without a word: it is always so here */
    VERDICT_WORDS,  /**< refused, and the sentence says what to do instead */
    VERDICT_NO,     /**< refused */
} verdict_t;

/** esptool's commands; the last one is for options before the command. */
typedef enum {
    ESPTOOL_WRITE_FLASH,
    ESPTOOL_READ_FLASH,
    ESPTOOL_VERIFY_FLASH,
    ESPTOOL_ERASE_FLASH,
    ESPTOOL_ERASE_REGION,
    ESPTOOL_FLASH_ID,
    ESPTOOL_CHIP_ID,
    ESPTOOL_READ_MAC,
    ESPTOOL_GET_SECURITY_INFO,
    ESPTOOL_IMAGE_INFO,
    ESPTOOL_MERGE_BIN,
    ESPTOOL_READ_MEM,
    ESPTOOL_WRITE_MEM,
    ESPTOOL_DUMP_MEM,
    ESPTOOL_LOAD_RAM,
    ESPTOOL_RUN,
    ESPTOOL_VERSION,
    ESPTOOL_READ_FLASH_STATUS,
    ESPTOOL_WRITE_FLASH_STATUS,
    ESPTOOL_READ_FLASH_SFDP,
    ESPTOOL_ELF2IMAGE,
    ESPTOOL_VERIFY_SDC_CERTIFICATE,
    ESPTOOL_READ_SDC_CHIP_INFO,
    ESPTOOL_READ_NAND_SPARE,
    ESPTOOL_WRITE_NAND_SPARE,
    ESPTOOL_DUMP_BBM,
    ESPTOOL_COMMAND_COUNT,
    ESPTOOL_ANY = ESPTOOL_COMMAND_COUNT,
} esptool_command_id_t;

typedef struct {
    const char *name;
    verdict_t verdict;
    command_id_t command; /**< COMMAND_NONE = the program itself, or nothing */
    const char *words;    /**< that follow the command, or are the whole; NULL = none */
    const char *sentence; /**< why not, or what is to be known; NULL = nothing */
} esptool_command_t;

/** By esptool_command_id_t. What is refused is refused with all its options, which have no rows. */
extern const esptool_command_t esptool_commands[ESPTOOL_COMMAND_COUNT];

/** What follows an option. */
typedef enum {
    ESPTOOL_FLAG,
    ESPTOOL_VALUE,
    ESPTOOL_VALUES, /**< all words up to the next option */
} esptool_arity_t;

typedef struct {
    const char *name;    /**< without dashes */
    const char *aliases; /**< older names, separated by blanks; NULL = none */
    const char *letters; /**< after one dash; may be two; NULL = none */
    esptool_arity_t arity;
    verdict_t verdict;
    const char *option; /**< ours, with its dashes; the value stays; NULL = none */
    const char
        *left_out; /**< values that say what is so anyway, separated by blanks; of an option that is not ours
                               the only ones that are accepted; NULL = none */
    const char *sentence; /**< as for commands */
    unsigned commands;    /**< set of 1u << esptool_command_id_t */
} esptool_option_t;

extern const esptool_option_t esptool_options[];
extern const size_t esptool_option_count;

/** Finds a command; ESPTOOL_COMMAND_COUNT when there is none. */
esptool_command_id_t esptool_find_command(const char *name);

/** Finds the option that a word beginning with dashes names; NULL when there is none.
 *  @param out_value  what follows an equals sign, or the letter; NULL = nothing */
const esptool_option_t *esptool_find_option(esptool_command_id_t id, const char *word,
                                            const char **out_value);

#endif
