/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The main loop: one poll() for all chips, their clients, signals and standard input.
 */
#ifndef FE_LOOP_H
#define FE_LOOP_H

#include "station.h"

/** Blocks the signals that end the program (INT, TERM, HUP) and returns a descriptor that reports them; -1
 * with errno. To be called before the first ready line is printed, so that a signal sent after it always ends
 * the program in order. */
int fe_loop_catch_signals(void);

/** Starts the clocks and runs until the program is to end, a signal, or with @p exits_on_eof the end of
 * standard input.
 *  @return false with one sentence in @p error when waiting itself fails */
bool fe_loop_run(fe_station_t *stations, size_t count, int signals, bool exits_on_eof,
                 const fe_shared_t *shared, char *error, size_t error_size);

#endif
