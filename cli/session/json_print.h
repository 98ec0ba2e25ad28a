/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * JSON objects on standard output, each in one piece.
 */
#ifndef CLI_JSON_PRINT_H
#define CLI_JSON_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** Prints an object and a newline, past the buffer of stdout: who reads along gets no half object. Threads may
 * call it at the same time.
 *  @param format  JSON_INDENT(), or 0 for one line
 *  @return NULL, or what went wrong */
const char *json_print(const json_t *object, size_t format);

#endif
