/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board of the stand-in: one UART, one DMA channel, two pins.
 */
#ifndef STM32_RIG_H
#define STM32_RIG_H

#include "stm32_port.h"
#include "wire.h"

#define STM32_RIG_EN   GPIO_PIN_0
#define STM32_RIG_BOOT GPIO_PIN_1

extern UART_HandleTypeDef stm32_rig_uart;
extern DMA_HandleTypeDef stm32_rig_dma;
extern const wire_uart_t stm32_rig_wire;
/** Clock of the UART, Hz, and whether it is an LPUART: to be changed before stm32_rig_start(). */
extern uint32_t stm32_rig_clock_hz;
extern bool stm32_rig_is_low_power;

/** As after CubeMX's code: the UART at 115200 baud, both pins high; the DMA channel has been used before. */
void stm32_rig_start(bool has_dma);

#endif
