/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * DTR and RTS: what the pair does to the chip depends on what is between them and it.
 */
#ifndef SIM_LINES_H
#define SIM_LINES_H

#include "esp_sim.h"

void sim_lines_init(esp_sim_t *sim);
/** The host changes both lines together; true = asserted. */
void sim_lines_set(esp_sim_t *sim, bool dtr, bool rts);
/** Reports a host that talks while it holds the chip in reset. */
void sim_lines_check_write(esp_sim_t *sim);

#endif
