/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The newer UARTs (all others): flags that another register clears, receive and transmit data apart
 * (L4: header of the UART driver, device header).
 */
#ifndef STM32L4xx_HAL_H
#define STM32L4xx_HAL_H

#include "fake_stm32_hal.h"

#define RDR             data[fake_data_register()]
#define TDR             data[fake_data_register()]
#define UART_CLEAR_OREF 0x0008u
extern bool stm32_rig_is_low_power;
#define UART_INSTANCE_LOWPOWER(handle) ((handle) != NULL && stm32_rig_is_low_power)
#define __HAL_UART_CLEAR_FLAG(handle, flag)                                                                  \
    do {                                                                                                     \
        if ((flag) == UART_CLEAR_OREF) {                                                                     \
            fake_uart_clear_overrun(handle);                                                                 \
        }                                                                                                    \
    } while (0)

#endif
