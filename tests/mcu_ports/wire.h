/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire between a stand-in for a microcontroller's UART and what is at its other end: a script or a virtual chip. Time is
 * virtual: it passes only where a stand-in says so, and bytes need their time at the host's rate.
 */
#ifndef MCU_WIRE_H
#define MCU_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"
#include "port_conformance.h"

/** The UART of a stand-in. */
typedef struct {
    /** A byte is in the receiver's shift register: into its FIFO, or an overrun. */
    void (*receive)(uint8_t byte);
    /** Interrupts are served: called after each byte and whenever the transmitter has sent one. May be NULL. */
    void (*interrupt)(void);
    /** Registers that were written take effect: called before time passes. May be NULL. */
    void (*settle)(void);
} wire_uart_t;

/** Everything as after power-up, at 115200 baud; @p sim is at the other end, or with NULL a script (wire_peer). */
void wire_start(const wire_uart_t *uart, esp_sim_t *sim);

uint64_t wire_now_us(void);

/** The clock of the stand-ins, which can be set: milliseconds that may wrap, and the microseconds they are made of. */
uint64_t wire_clock_us(void);

/** Time passes, and with it what happens on the wire. Not in an interrupt. */
void wire_pass_us(uint64_t time_us);

/** Time passes until the next byte arrives or has been sent, at most @p time_us. */
void wire_pass_to_event(uint64_t time_us);

/** Gives a byte to the transmitter; it goes out after those before. */
void wire_put(uint8_t byte);

/** How many bytes the transmitter still has, with the one that is on its way. */
size_t wire_pending(void);

/** The host's rate, baud. What is under way is damaged. */
void wire_set_rate(uint32_t rate_baud);

/** Levels at the target's pins: what the host drives, or the pull-ups. */
void wire_set_pins(bool en, bool boot);

/** No interrupt is served, as while another one with a higher priority runs. */
void wire_block_interrupts(bool is_blocked);

/** The other end as a peer of the conformance checks; `overrun` and `hold` work with every UART that has interrupts, or is
 * polled. */
extern const conformance_peer_t wire_peer;

#endif
