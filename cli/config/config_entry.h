/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a configuration file says, line by line, whichever notation it is written in.
 */
#ifndef CLI_CONFIG_ENTRY_H
#define CLI_CONFIG_ENTRY_H

#include <stdbool.h>

typedef enum {
    CONFIG_TEXT,
    CONFIG_NUMBER,
    CONFIG_SWITCH, /**< "true" or "false" */
} config_kind_t;

/** One key with its value. The strings are in the text that was read. */
typedef struct {
    const char *table; /**< "" = before the first one */
    const char *key;
    const char *value; /**< without quotes and escapes */
    config_kind_t kind;
    unsigned line; /**< from 1 on */
} config_entry_t;

enum { CONFIG_ERROR_SIZE = 320 };

/** Why a file was not read to its end. */
typedef struct {
    unsigned line;
    char text[CONFIG_ERROR_SIZE]; /**< a sentence */
} config_error_t;

/** Who is given the entries in their order. false ends reading; the sentence is in @p error. */
typedef struct {
    bool (*take)(void *ctx, const config_entry_t *entry, char error[CONFIG_ERROR_SIZE]);
    void *ctx;
} config_taker_t;

#endif
