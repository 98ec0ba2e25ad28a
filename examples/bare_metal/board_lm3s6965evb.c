/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of a Stellaris LM3S6965, board lm3s6965evb: UART 0 is the console, UART 1 goes to the target, pins A0 and A1
 * to its EN and strapping pin. Data sheet of the LM3S6965: chapters "General-Purpose Input/Outputs" and "UARTs".
 */
#include "board.h"
#include "board_uart.h"
#include "console.h"

#define UART_CONSOLE           0x4000C000u
#define UART_TARGET            0x4000D000u
#define REGISTER(base, offset) (*(volatile uint32_t *)((base) + (offset)))
#define UART_DR                0x00u
#define UART_FR                0x18u
#define UART_IBRD              0x24u
#define UART_FBRD              0x28u
#define UART_LCRH              0x2Cu
#define UART_CTL               0x30u
#define UART_IM                0x38u
#define FR_RXFE                0x10u /* receiver empty */
#define FR_TXFF                0x20u /* transmitter full */
#define LCRH_8N1_FIFO          0x70u
#define CTL_ON                 0x301u /* UART, transmitter, receiver */
#define IM_RECEIVED            0x50u  /* enough bytes, or silence after some */

#define GPIO_A     0x40004000u
#define GPIO_DIR   0x400u
#define GPIO_DEN   0x51Cu
#define GPIO_RCGC2 0x400FE108u /* its clock */
#define PIN_EN     1u
#define PIN_BOOT   2u
#define PINS       (PIN_EN | PIN_BOOT)

const uint32_t board_core_hz = 12000000;

static void open_uart(uint32_t base)
{
    REGISTER(base, UART_IBRD) = 6; /* 12 MHz / (16 * 115200) = 6 + 33/64 */
    REGISTER(base, UART_FBRD) = 33;
    REGISTER(base, UART_LCRH) = LCRH_8N1_FIFO;
    REGISTER(base, UART_CTL) = CTL_ON;
}

void board_uart_open(void)
{
    open_uart(UART_CONSOLE);
    open_uart(UART_TARGET);
    REGISTER(UART_TARGET, UART_IM) = IM_RECEIVED;
}

bool board_uart_take(uint8_t *out_byte)
{
    if ((REGISTER(UART_TARGET, UART_FR) & FR_RXFE) != 0) {
        return false;
    }
    *out_byte = (uint8_t)REGISTER(UART_TARGET, UART_DR);
    return true;
}

bool board_uart_give(uint8_t byte)
{
    if ((REGISTER(UART_TARGET, UART_FR) & FR_TXFF) != 0) {
        return false;
    }
    REGISTER(UART_TARGET, UART_DR) = byte;
    return true;
}

void console_put(char c)
{
    while ((REGISTER(UART_CONSOLE, UART_FR) & FR_TXFF) != 0) {
    }
    REGISTER(UART_CONSOLE, UART_DR) = (uint8_t)c;
}

/* The level is there before the pin becomes an output; QEMU's model takes it only afterwards, so it is set again. */
void board_set_pins(bool en, bool boot)
{
    volatile uint32_t *data = (volatile uint32_t *)(GPIO_A + (PINS << 2)); /* the address selects the pins */
    const uint32_t levels = (en ? PIN_EN : 0) | (boot ? PIN_BOOT : 0);

    *(volatile uint32_t *)GPIO_RCGC2 |= 1u;
    *data = levels;
    REGISTER(GPIO_A, GPIO_DEN) = PINS;
    REGISTER(GPIO_A, GPIO_DIR) = PINS;
    *data = levels;
}
