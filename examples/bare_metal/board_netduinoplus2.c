/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of an STM32F405, board netduinoplus2: USART1 is the console, USART2 goes to the target. QEMU's model of the
 * board has no pins: the target is in download mode already. Reference manual RM0090, chapter "USART".
 */
#include "board.h"
#include "board_uart.h"
#include "console.h"

#define UART_CONSOLE           0x40011000u
#define UART_TARGET            0x40004400u
#define REGISTER(base, offset) (*(volatile uint32_t *)((base) + (offset)))
#define USART_SR               0x00u
#define USART_DR               0x04u
#define USART_BRR              0x08u
#define USART_CR1              0x0Cu
#define SR_RXNE                0x20u
#define SR_TXE                 0x80u
#define CR1_ON                 0x200Cu /* USART, transmitter, receiver */
#define CR1_RXNEIE             0x20u

const uint32_t board_core_hz = 168000000;

static void open_uart(uint32_t base, uint32_t clock_hz)
{
    REGISTER(base, USART_BRR) = clock_hz / 115200;
    REGISTER(base, USART_CR1) = CR1_ON;
}

void board_uart_open(void)
{
    open_uart(UART_CONSOLE, 84000000);
    open_uart(UART_TARGET, 42000000);
    REGISTER(UART_TARGET, USART_CR1) |= CR1_RXNEIE;
}

bool board_uart_take(uint8_t *out_byte)
{
    if ((REGISTER(UART_TARGET, USART_SR) & SR_RXNE) == 0) {
        return false;
    }
    *out_byte = (uint8_t)REGISTER(UART_TARGET, USART_DR);
    return true;
}

bool board_uart_give(uint8_t byte)
{
    if ((REGISTER(UART_TARGET, USART_SR) & SR_TXE) == 0) {
        return false;
    }
    REGISTER(UART_TARGET, USART_DR) = byte;
    return true;
}

void console_put(char c)
{
    while ((REGISTER(UART_CONSOLE, USART_SR) & SR_TXE) == 0) {
    }
    REGISTER(UART_CONSOLE, USART_DR) = (uint8_t)c;
}

void board_set_pins(bool en, bool boot)
{
    (void)en;
    (void)boot;
}
