/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The older UARTs (F1, F2, F4, L1): one status and one data register (F4: header of the UART driver, device header).
 */
#ifndef STM32F4xx_HAL_H
#define STM32F4xx_HAL_H

#include "fake_stm32_hal.h"

#define USART_SR_RXNE 0x20u
#define DR            data[fake_data_register()]

#endif
