/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A reset sequence of the user's own, for a board whose wiring the library's sequences do not fit, in the notation
 * of esptool's configuration file: "D0|R1|W0.1|D1|R0|W0.05|D0".
 */
#ifndef CLI_RESET_SEQUENCE_H
#define CLI_RESET_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/port_open.h"

enum { RESET_SEQUENCE_STEPS_MAX = 32, RESET_SEQUENCE_ERROR_SIZE = 160 };

/** One state of both lines, and how long it is held. true = asserted. */
typedef struct {
    bool dtr;
    bool rts;
    uint32_t hold_ms;
} reset_step_t;

/** Without steps: there is none, the library's are used. */
typedef struct reset_sequence {
    reset_step_t steps[RESET_SEQUENCE_STEPS_MAX];
    size_t count;
    uint32_t wait_ms; /**< before the first of them */
} reset_sequence_t;

/** Reads D0, D1 (DTR), R0, R1 (RTS), U0,1 (both at once) and W0.1 (wait, seconds), separated by '|'. false and one
 * sentence in @p error: it is not of this form, has no or too many states of the lines, or waits longer than 30 s. */
bool reset_sequence_parse(reset_sequence_t *sequence, const char *text,
                          char error[RESET_SEQUENCE_ERROR_SIZE]);

/** Puts the sequences, which must stay where they are, in the place of the library's: @p enter into download mode,
 * @p run out of it. The port must be open. A port without DTR and RTS is left alone. */
void reset_sequence_begin(cli_port_t *port, const reset_sequence_t *enter, const reset_sequence_t *run);

#endif
