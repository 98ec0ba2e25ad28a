/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looks for a text in a stream, in pieces of any size.
 */
#ifndef CLI_MONITOR_FINDER_H
#define CLI_MONITOR_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FINDER_TEXT_MAX = 255 };

/** Set the text, zero the rest. */
typedef struct {
    const char *text; /**< of 1 to FINDER_TEXT_MAX bytes */
    size_t matched;   /**< so many bytes at the end of the stream are the beginning of the text */
} finder_t;

/** Is the text in what has come so far, the next @p size bytes included? */
bool finder_take(finder_t *finder, const uint8_t *bytes, size_t size);

#endif
