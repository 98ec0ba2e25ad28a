/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames of the serial protocol in words, for a trace.
 */
#ifndef CLI_TRACE_FRAME_H
#define CLI_TRACE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TRACE_FRAME_KEPT = 32 };

/** One direction; zero = nothing has come. */
typedef struct {
    uint8_t bytes[TRACE_FRAME_KEPT]; /**< the first ones of the frame */
    size_t size;                     /**< of the frame so far */
    bool is_escaped;
} trace_frame_t;

/** Takes bytes as they are on the wire; prints a line for each frame that ends. */
void trace_frame_take(trace_frame_t *frame, FILE *out, const uint8_t *data, size_t size);

#endif
