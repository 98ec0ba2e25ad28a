/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board of the stand-in: UART 1, and two pins.
 */
#ifndef PICO_RIG_H
#define PICO_RIG_H

#include "pi_pico_port.h"
#include "wire.h"

#define PICO_RIG_EN   4u
#define PICO_RIG_BOOT 5u

extern const wire_uart_t pico_rig_wire;

/** As after power-up: pins are inputs without pulls, no UART runs. */
void pico_rig_start(void);

/** Bytes that the FIFO holds. */
unsigned pico_rig_fifo_level(void);

/** A break arrives: a target without power pulls the line. */
void pico_rig_break(void);

#endif
