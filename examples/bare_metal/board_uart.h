/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The UARTs and pins of the board that is built for: registers behind a few functions that are the same everywhere.
 */
#ifndef BOARD_UART_H
#define BOARD_UART_H

#include <stdbool.h>
#include <stdint.h>

/** Number of the interrupt of the UART to the target. */
#if defined(BOARD_LM3S6965EVB)
#define BOARD_TARGET_INTERRUPT 6
#elif defined(BOARD_RP2040)
#define BOARD_TARGET_INTERRUPT 21
#else
#define BOARD_TARGET_INTERRUPT 38
#endif

extern const uint32_t board_core_hz; /**< clock of the core */

/** Turns both UARTs on; the one to the target interrupts when it has received something. */
void board_uart_open(void);

/** Takes a byte from the target's UART. @return false  there is none */
bool board_uart_take(uint8_t *out_byte);

/** Gives a byte to the target's UART. @return false  its transmitter has no room */
bool board_uart_give(uint8_t byte);

/** The handler of that interrupt (board.c). */
void board_target_interrupt(void);

/** Whether a byte came when there was no room for it (board.c). */
bool board_has_lost_bytes(void);

#endif
