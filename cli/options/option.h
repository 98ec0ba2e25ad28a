/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The one description of every option: parsing, --help, the tables of the manual, man pages and completions are
 * made of its rows. An option is added by a row in option_table.c, an id here, and a case where its value goes.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/command_info.h"

/** What an option means; rows of the same meaning for different commands share an id. */
typedef enum {
    OPTION_ID_NONE,
    OPTION_HELP,
    OPTION_HELP_ALL,
    OPTION_VERSION,
    /* every command with a target */
    OPTION_PORT,
    OPTION_BAUD,
    OPTION_NO_CACHE,
    OPTION_CHIP,
    OPTION_BEFORE,
    OPTION_NO_RESET,
    OPTION_AFTER,
    OPTION_NO_STUB,
    OPTION_TIMEOUT,
    OPTION_CONNECT_ATTEMPTS,
    OPTION_STATED_SIZE,
    OPTION_SPI_CONNECTION,
    OPTION_VERBOSE,
    OPTION_TABLE_OFFSET,
    OPTION_TRACE,
    OPTION_RESET_GPIO,
    OPTION_RESET_SEQUENCE,
    OPTION_HARD_RESET_SEQUENCE,
    OPTION_WAIT,
    OPTION_WAIT_SECONDS,
    OPTION_OPEN_PORT_ATTEMPTS,
    OPTION_CONFIG,
    OPTION_NO_CONFIG,
    OPTION_QUIET,
    OPTION_JSON,
    OPTION_JSON_EVENTS,
    /* what is to be in the flash, and how it gets there */
    OPTION_PROJECT,
    OPTION_FLASH_MODE,
    OPTION_FLASH_FREQ,
    OPTION_FLASH_SIZE,
    OPTION_VERIFY,
    OPTION_NO_VERIFY,
    OPTION_REWRITE,
    OPTION_ERASE_ALL,
    OPTION_NO_COMPRESS,
    OPTION_PIECES,
    OPTION_APP_PARTITION,
    OPTION_FORCE_RAW,
    OPTION_FORCE_RAW_AT,
    /* single commands */
    OPTION_ALL,
    OPTION_FORCE,
    OPTION_OUTPUT,
    OPTION_PARTITION,
    OPTION_TARGET_OFFSET,
    OPTION_PAD_TO_SIZE,
    OPTION_TSV,
    OPTION_BYTES,
    OPTION_NON_VOLATILE,
    OPTION_BOARD_COUNT,
    OPTION_LISTEN,
    OPTION_SCRATCH,
    OPTION_WITH_MAC,
    OPTION_SHOW_KEYS,
    OPTION_DRY_RUN,
    OPTION_YES_BURN,
    OPTION_NO_WRITE_PROTECT,
    OPTION_NO_READ_PROTECT,
    OPTION_JOURNAL,
    OPTION_MONITOR,
    /* monitor_options_has(), from the first to the last */
    OPTION_MONITOR_BAUD,
    OPTION_MONITOR_NO_RESET,
    OPTION_MODE,
    OPTION_RAW,
    OPTION_FILTER,
    OPTION_TIMESTAMPS,
    OPTION_ELF,
    OPTION_LOG,
    OPTION_EXIT_ON,
    OPTION_EXIT_AFTER,
} option_id_t;

typedef enum {
    VALUE_NONE,    /**< the option is there or not */
    VALUE_TEXT,    /**< anything */
    VALUE_NUMBER,  /**< number_parse(), from min to max; or one of the choices, which is 0 */
    VALUE_SECONDS, /**< with decimals; min and max in milliseconds */
    VALUE_CHOICE,  /**< one of the choices */
    VALUE_FILE,    /**< a path, for completion */
    VALUE_FOLDER,  /**< the same */
    VALUE_PORT,    /**< a port, for completion */
    VALUE_CHIP,    /**< a chip's name, for completion */
} value_kind_t;

/** Which files may set an option. A file of the working folder is part of what others have made: it may set
 * nothing that names other files, runs or skips a check, or is hard to undo. */
typedef enum {
    FILE_NEVER, /**< none */
    FILE_USERS, /**< the user's own, or one that the command line names */
    FILE_ANY,   /**< one of the working folder, too */
} file_right_t;

/** Choices of --before and --after, in the order of their words. */
enum { BEFORE_RESET, BEFORE_NO_RESET };
enum { AFTER_RESET, AFTER_STAY };

typedef struct {
    option_id_t id;
    command_set_t commands;
    file_right_t file;
    const char *name; /**< without dashes, e.g. "port" */
    char short_name;  /**< 0 = none */
    value_kind_t kind;
    /** Has its value only as "--name=VALUE"; another row of the same name and commands has none. */
    bool needs_equals;
    bool is_everyday;    /**< shown by --help, not by --help-all alone */
    command_set_t aside; /**< but not by that of these commands, which have many */
    uint32_t min, max;   /**< of numbers and seconds */
    const char *value;   /**< placeholder, e.g. "PORT" */
    /** Words to choose from, ended by NULL. Each may be followed by other spellings of it, separated by blanks. Of a
     * VALUE_CHOICE there are no others, of a VALUE_TEXT they are what completion offers. */
    const char *const *choices;
    const char *fallback;    /**< the default as it is shown; NULL = what the help says */
    const char *aliases;     /**< other names without dashes, separated by blanks; NULL = none */
    const char *environment; /**< variables that give a default, the first that is set wins; NULL = none */
    const char *help;        /**< what it does, in a line or two; `words` are literal */
    const char *more;        /**< sentences for --help-all, the manual and the man page; NULL = none */
} option_t;

extern const option_t option_table[];
extern const size_t option_table_count;

static inline bool option_is_of(const option_t *option, command_id_t command)
{
    return (option->commands & COMMAND_BIT(command)) != 0;
}

/** Finds a row of one of @p commands by its long name, '_' counting as '-', or by an alias; NULL when there is none.
 * Of two rows with the same name it is the one that wants its value after an equals sign, or that does not. */
const option_t *option_find(command_set_t commands, const char *name, size_t length, bool has_equals);

/** The same by its short name. */
const option_t *option_find_short(command_set_t commands, char name);

#endif
