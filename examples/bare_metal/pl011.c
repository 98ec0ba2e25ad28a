/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of pl011.h.
 */
#include "pl011.h"

#define REGISTER(base, offset) (*(volatile uint32_t *)(uintptr_t)((base) + (offset)))
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
#define IM_RECEIVED            0x50u

void pl011_open(uint32_t base, uint32_t divisor_64ths)
{
    REGISTER(base, UART_IBRD) = divisor_64ths / 64;
    REGISTER(base, UART_FBRD) = divisor_64ths % 64;
    REGISTER(base, UART_LCRH) = LCRH_8N1_FIFO;
    REGISTER(base, UART_CTL) = CTL_ON;
}

void pl011_interrupt_when_received(uint32_t base)
{
    REGISTER(base, UART_IM) = IM_RECEIVED;
}

bool pl011_take(uint32_t base, uint8_t *out_byte)
{
    if ((REGISTER(base, UART_FR) & FR_RXFE) != 0) {
        return false;
    }
    *out_byte = (uint8_t)REGISTER(base, UART_DR);
    return true;
}

bool pl011_give(uint32_t base, uint8_t byte)
{
    if ((REGISTER(base, UART_FR) & FR_TXFF) != 0) {
        return false;
    }
    REGISTER(base, UART_DR) = byte;
    return true;
}
