/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of a Stellaris LM3S6965, board lm3s6965evb: UART 0 is the console, UART 1 goes to the target, pins A0 and A1
 * to its EN and strapping pin. Data sheet of the LM3S6965: chapter "General-Purpose Input/Outputs".
 */
#include "board.h"
#include "board_uart.h"
#include "console.h"
#include "pl011.h"

#define UART_CONSOLE 0x4000C000u
#define UART_TARGET  0x4000D000u
#define DIVISOR      417u /* 12 MHz / (16 * 115200), in 64ths */

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define GPIO_A            0x40004000u
#define GPIO_A_DIR        0x40004400u
#define GPIO_A_DEN        0x4000451Cu
#define RCGC2             0x400FE108u /* its clock */
#define PIN_EN            1u
#define PIN_BOOT          2u
#define PINS              (PIN_EN | PIN_BOOT)

const uint32_t board_core_hz = 12000000;

void board_uart_open(void)
{
    pl011_open(UART_CONSOLE, DIVISOR);
    pl011_open(UART_TARGET, DIVISOR);
    pl011_interrupt_when_received(UART_TARGET);
}

bool board_uart_take(uint8_t *out_byte)
{
    return pl011_take(UART_TARGET, out_byte);
}

bool board_uart_give(uint8_t byte)
{
    return pl011_give(UART_TARGET, byte);
}

void console_put(char c)
{
    while (!pl011_give(UART_CONSOLE, (uint8_t)c)) {
    }
}

/* The level is there before the pin becomes an output; QEMU's model takes it only afterwards, so it is set again. */
void board_set_pins(bool en, bool boot)
{
    volatile uint32_t *data = &REGISTER(GPIO_A + (PINS << 2)); /* the address selects the pins */
    const uint32_t levels = (en ? PIN_EN : 0) | (boot ? PIN_BOOT : 0);

    REGISTER(RCGC2) |= 1u;
    *data = levels;
    REGISTER(GPIO_A_DEN) = PINS;
    REGISTER(GPIO_A_DIR) = PINS;
    *data = levels;
}
