/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ARM's UART PL011, which LM3S6965 and RP2040 have (ARM DDI 0183, chapter "Programmers Model").
 */
#ifndef PL011_H
#define PL011_H

#include <stdbool.h>
#include <stdint.h>

/** Turns the UART at @p base on, 8N1 with FIFOs. The divisor of its clock by 16 times the rate is in 64ths. */
void pl011_open(uint32_t base, uint32_t divisor_64ths);

/** Interrupts when there are enough bytes, or silence after some. */
void pl011_interrupt_when_received(uint32_t base);

/** Takes a byte. @return false  there is none */
bool pl011_take(uint32_t base, uint8_t *out_byte);

/** Gives a byte. @return false  the transmitter has no room */
bool pl011_give(uint32_t base, uint8_t byte);

#endif
