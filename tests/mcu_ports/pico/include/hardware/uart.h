/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for pico-sdk's hardware/uart.h (2.2.0), what the port uses. Reading the data register has an effect, so it is an
 * element of an array whose index is a call.
 */
#ifndef HARDWARE_UART_H
#define HARDWARE_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned int uint;
typedef struct {
    uint32_t data[1];
    uint32_t rsr;
    uint32_t flags[1];
} uart_hw_t;
#define dr data[fake_uart_read()]
#define fr flags[fake_uart_flags()]
size_t fake_uart_read(void);
size_t fake_uart_flags(void);
#define UART_UARTDR_BE_BITS   0x00000400u
#define UART_UARTRSR_OE_BITS  0x00000008u
#define UART_UARTFR_BUSY_BITS 0x00000008u

typedef struct uart_inst uart_inst_t;
extern uart_inst_t *const fake_uart1;
#define uart1                       fake_uart1
#define UART_IRQ_NUM(uart)          (20u + uart_get_index(uart))
#define UART_FUNCSEL_NUM(uart, pin) GPIO_FUNC_UART /* uses neither, as that of the RP2040 */

uint uart_init(uart_inst_t *uart, uint baudrate);
void uart_deinit(uart_inst_t *uart);
uint uart_set_baudrate(uart_inst_t *uart, uint baudrate);
uint uart_get_index(uart_inst_t *uart);
uart_hw_t *uart_get_hw(uart_inst_t *uart);
bool uart_is_readable(uart_inst_t *uart);
bool uart_is_writable(uart_inst_t *uart);
void uart_putc_raw(uart_inst_t *uart, char c);
void uart_set_irqs_enabled(uart_inst_t *uart, bool rx_has_data, bool tx_needs_data);

#endif
