/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of the keys of esptool's configuration file, and of its environment variables.
 */
#ifndef CLI_ESPTOOL_CONFIG_H
#define CLI_ESPTOOL_CONFIG_H

#include <stddef.h>

#include "esptool/esptool_table.h"

typedef struct {
    const char *name;
    verdict_t verdict;
    const char *option;   /**< ours, without dashes; NULL = none */
    double usual;         /**< numbers up to this one change nothing here; 0 = of no matter, or none does */
    const char *sentence; /**< as for commands */
} esptool_key_t;

extern const esptool_key_t esptool_keys[];
extern const size_t esptool_key_count;

/** NULL when there is none. */
const esptool_key_t *esptool_find_key(const char *name);

typedef enum {
    ESPTOOL_KEY_OURS,   /**< *value is one of our option */
    ESPTOOL_KEY_USUAL,  /**< it is so anyway */
    ESPTOOL_KEY_LARGER, /**< it would have an effect there, and has none here */
    ESPTOOL_KEY_INVALID,
} esptool_key_result_t;

/** What a value means here. */
esptool_key_result_t esptool_key_translate(const esptool_key_t *key, const char **value);

/** Variables that are no option's (those are in the table of options). */
typedef struct {
    const char *name;
    verdict_t verdict;
    const char *sentence;
} esptool_variable_t;

extern const esptool_variable_t esptool_variables[];
extern const size_t esptool_variable_count;

#endif
