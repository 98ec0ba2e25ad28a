/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What there is to know about a command without running it: parsing, --help, the manual, man pages and
 * completions are all made of these rows and those of option.h.
 */
#ifndef CLI_COMMAND_INFO_H
#define CLI_COMMAND_INFO_H

#include <stddef.h>
#include <stdint.h>

/** In the order in which they are listed. */
typedef enum {
    COMMAND_FLASH,
    COMMAND_WATCH,
    COMMAND_READ,
    COMMAND_VERIFY,
    COMMAND_ERASE,
    COMMAND_PARTITIONS,
    COMMAND_OTA,
    COMMAND_MERGE,
    COMMAND_IMAGE,
    COMMAND_INFO,
    COMMAND_EFUSE,
    COMMAND_LOAD_RAM,
    COMMAND_REG,
    COMMAND_SPI_FLASH,
    COMMAND_MD5,
    COMMAND_RESET,
    COMMAND_HOLD_IN_RESET,
    COMMAND_RFC2217_SERVER,
    COMMAND_MONITOR,
    COMMAND_SELFTEST,
    COMMAND_PORTS,
    COMMAND_COUNT,
    COMMAND_NONE = COMMAND_COUNT, /**< the program itself, without a command */
} command_id_t;

/** A set of commands. */
typedef uint64_t command_set_t;

#define COMMAND_BIT(id) ((command_set_t)1 << (id))

/** What the operands of a command are, for completion. */
typedef enum { OPERANDS_NONE, OPERANDS_FILES, OPERANDS_WORDS } operands_kind_t;

typedef struct {
    const char *name;
    const char
        *aliases; /**< of esptool, whose command lines are translated; separated by blanks; NULL = none */
    const char *summary; /**< one line for the list of commands */
    const char *usage;   /**< what follows the name, one line for each form, options included */
    const char *text;    /**< what it does, in paragraphs separated by "\n\n"; `words` are literal */
    operands_kind_t operands;
    const char *operand_words; /**< of OPERANDS_WORDS, separated by blanks */
    size_t operand_min, operand_max;
    const char *operands_wanted; /**< what to say when there are more or fewer */
} command_info_t;

/** By command_id_t. */
extern const command_info_t command_table[COMMAND_COUNT];

/** Finds a command by name, '_' counting as '-'; COMMAND_NONE when there is none. */
command_id_t command_find(const char *name);

enum { EXIT_CODE_COUNT = 9 };

/** What the exit codes mean, by code. */
extern const char *const exit_code_texts[EXIT_CODE_COUNT];

#endif
