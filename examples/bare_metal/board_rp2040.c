/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of an RP2040: UART 0 at GPIO 0 and 1 is the console, UART 1 at GPIO 4 and 5 goes to the target, GPIO 2 and 3 to
 * its EN and strapping pin. Only what the emulator rp2040js asks for: on silicon a second-stage boot loader and the clocks
 * come first. RP2040 data sheet: chapters "Subsystem Resets", "GPIO" and "SIO".
 */
#include "board.h"
#include "board_uart.h"
#include "console.h"
#include "pl011.h"

#define UART_CONSOLE 0x40034000u
#define UART_TARGET  0x40038000u
#define DIVISOR      4340u /* 125 MHz / (16 * 115200), in 64ths */

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RESETS_CLEAR      0x4000F000u
#define RESET_IO_BANK0    (1u << 5)
#define RESET_PADS_BANK0  (1u << 8)
#define RESET_UARTS       (3u << 22)
#define GPIO_CTRL(pin)    (0x40014004u + 8u * (pin))
#define FUNCTION_UART     2u
#define FUNCTION_SIO      5u
#define SIO_OUT_SET       0xD0000014u
#define SIO_OUT_CLEAR     0xD0000018u
#define SIO_OE_SET        0xD0000024u
#define PIN_EN            2u
#define PIN_BOOT          3u
#define PINS              ((1u << PIN_EN) | (1u << PIN_BOOT))

const uint32_t board_core_hz = 125000000;

void board_uart_open(void)
{
    static const uint8_t pins[] = {0, 1, 4, 5};
    for (uint32_t i = 0; i < sizeof(pins); i++) {
        REGISTER(GPIO_CTRL(pins[i])) = FUNCTION_UART;
    }
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

/* The levels are there before the pins become outputs. Called first of all, so it takes the blocks out of reset. */
void board_set_pins(bool en, bool boot)
{
    const uint32_t high = (en ? 1u << PIN_EN : 0) | (boot ? 1u << PIN_BOOT : 0);

    REGISTER(RESETS_CLEAR) = RESET_IO_BANK0 | RESET_PADS_BANK0 | RESET_UARTS;
    REGISTER(SIO_OUT_SET) = high;
    REGISTER(SIO_OUT_CLEAR) = PINS & ~high;
    REGISTER(SIO_OE_SET) = PINS;
    REGISTER(GPIO_CTRL(PIN_EN)) = FUNCTION_SIO;
    REGISTER(GPIO_CTRL(PIN_BOOT)) = FUNCTION_SIO;
}
