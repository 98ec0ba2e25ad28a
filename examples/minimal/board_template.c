/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board without hardware: everything compiles, nothing answers. Copy it and fill it in, function by
 * function.
 */
#include "board.h"

static uint32_t milliseconds;

void board_init(void)
{
    milliseconds = 0;
}

uint32_t board_now_ms(void)
{
    return milliseconds;
}

size_t board_uart_write(const uint8_t *data, size_t size, uint32_t timeout_ms)
{
    (void)data;
    (void)timeout_ms;
    return size;
}

size_t board_uart_read(uint8_t *data, size_t capacity, uint32_t timeout_ms)
{
    (void)data;
    (void)capacity;
    milliseconds += timeout_ms;
    return 0;
}

void board_set_pins(bool en, bool boot)
{
    (void)en;
    (void)boot;
}
