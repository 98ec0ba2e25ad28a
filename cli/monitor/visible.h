/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a target prints, as text that is safe for a terminal: colours act, everything else that would act is shown as
 * \xNN. Works on a stream, in pieces of any size.
 */
#ifndef CLI_MONITOR_VISIBLE_H
#define CLI_MONITOR_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where text goes. */
typedef struct {
    void (*put)(void *ctx, const char *text, size_t size);
    void *ctx;
} monitor_out_t;

/** Longest sequence that sets colours; one that is longer is none. */
enum { VISIBLE_HELD_MAX = 32 };

/** Zero = nothing has come yet. */
typedef struct {
    uint8_t held[VISIBLE_HELD_MAX]; /**< beginning of a character or sequence */
    size_t held_size;
    bool is_coloured; /**< a colour was set that has not been reset */
} visible_t;

/** Writes the next @p size bytes, which may hold anything, as text. "\r\n" becomes "\n". */
void visible_take(visible_t *visible, const uint8_t *bytes, size_t size, const monitor_out_t *out);

/** Writes what is held although it is incomplete: nothing more comes for now. */
void visible_flush(visible_t *visible, const monitor_out_t *out);

#endif
