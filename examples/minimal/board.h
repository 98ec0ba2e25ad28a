/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What this example needs of a board: a UART to the target, a clock, and two pins. Replace board_template.c
 * by functions of your own; the rest of the example stays.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Sets up UART (115200 baud, 8N1), clock and pins. */
void board_init(void);

/** Milliseconds from any start; may wrap. */
uint32_t board_now_ms(void);

/** Gives all bytes to the UART; returns how many it took before @p timeout_ms was over. */
size_t board_uart_write(const uint8_t *data, size_t size, uint32_t timeout_ms);

/** Takes what the UART has received, at most @p capacity bytes; waits up to @p timeout_ms for the first. */
size_t board_uart_read(uint8_t *data, size_t capacity, uint32_t timeout_ms);

/** Drives the target's EN and strapping pins; true = high. */
void board_set_pins(bool en, bool boot);

#endif
