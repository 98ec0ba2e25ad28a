/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the simulator tells its user: the chip's console, the misuse report, the trace. Also the growing text
 * they are kept in.
 */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"

/** Text that grows; always NUL terminated once something was added. */
typedef struct {
    char *text;
    size_t length;
    size_t capacity;
} sim_text_t;

void sim_text_add(sim_text_t *text, const char *bytes, size_t size);
/** The text, "" while it is empty. */
const char *sim_text_get(const sim_text_t *text);
void sim_text_free(sim_text_t *text);

/** Copies a text field of at most @p size bytes to @p out, which has room for one more. Anything that does
 * not print becomes a '?': what stands in the flash must not act on the user's terminal. */
void sim_copy_text(char *out, const uint8_t *field, size_t size);

/** Memory or a message and the end of the program: the simulator has no use for a half-made model. */
void *sim_realloc(void *old, size_t size);

/** Text the chip prints: goes to the console and, when a host is attached, over the wire. Lines end with
 * "\r\n". */
void sim_print(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** One line of the trace; does nothing without one. */
void sim_trace(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** One line of host misuse; only in strict mode, and not while the bytes at hand may have suffered from a
 * fault. */
void sim_misuse(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** snprintf for the error sentences of the public interface; @p error may be NULL. Always returns false. */
bool sim_error(char *error, size_t error_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
