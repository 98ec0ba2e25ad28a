/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the simulator says to its user, not to the host: the trace, and the report of host misuse.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "esp_sim.h"

/** One line of the trace; does nothing without one. */
void sim_trace(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** One line of host misuse; only in strict mode, and not while the bytes at hand may have suffered from a
 * fault. */
void sim_misuse(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
