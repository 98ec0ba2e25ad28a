/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The UART of the STM32 port: its receiver by the DMA ring or by polling, its transmitter. Two generations of UARTs differ in their registers: F1, F2, F4
 * and L1 have one status and one data register, all others a flag register that is cleared by another one.
 */
#ifndef STM32_USART_H
#define STM32_USART_H

#include "stm32_port.h"

/** Empties the receiver and, with a ring, starts the DMA channel. */
esp_loader_error_t stm32_receiver_start(stm32_port_t *self);

/** Ends the DMA channel; harmless when it does not run. */
void stm32_receiver_stop(stm32_port_t *self);

/** Without a ring: keeps what has come, as far as there is room. To be called while the port waits for something else. */
void stm32_receiver_poll(stm32_port_t *self);

/** Gives a byte to the transmitter.
 *  @return false  it has no room */
bool stm32_transmit(stm32_port_t *self, uint8_t byte);

/** Takes what has come. Sets is_lossy where bytes were lost.
 *  @return how many bytes */
size_t stm32_receiver_take(stm32_port_t *self, uint8_t *buf, size_t capacity);

/** Forgets what has come, and what was lost. */
void stm32_receiver_clear(stm32_port_t *self);

#endif
