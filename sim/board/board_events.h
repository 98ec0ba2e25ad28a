/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board takes what the chip reports.
 */
#ifndef SIM_BOARD_EVENTS_H
#define SIM_BOARD_EVENTS_H

#include "chip/chip_events.h"

extern const sim_chip_events_t sim_board_events;

#endif
