/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for what the port calls of ST's HAL, in the form that both register generations share; the header of a family
 * includes it. Names, types and what they do are those of the drivers for F4 1.8.3 (Inc and Src of stm32f4xx_hal_uart,
 * _dma, _gpio, stm32f4xx_hal.c) and L4.
 */
#ifndef FAKE_STM32_HAL_H
#define FAKE_STM32_HAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { HAL_OK = 0x00, HAL_ERROR = 0x01, HAL_BUSY = 0x02, HAL_TIMEOUT = 0x03 } HAL_StatusTypeDef;

/* ---- GPIO ---- */

typedef struct {
    uint32_t unused;
} GPIO_TypeDef;
typedef enum { GPIO_PIN_RESET = 0, GPIO_PIN_SET } GPIO_PinState;
#define GPIO_PIN_0 ((uint16_t)0x0001)
#define GPIO_PIN_1 ((uint16_t)0x0002)
extern GPIO_TypeDef fake_gpioa;
#define GPIOA (&fake_gpioa)
void HAL_GPIO_WritePin(GPIO_TypeDef *GPIOx, uint16_t GPIO_Pin, GPIO_PinState PinState);

/* ---- DMA ---- */

typedef struct {
    uint32_t Mode;
} DMA_InitTypeDef;
typedef struct {
    uint32_t counter;
    bool is_complete;
    bool is_running;
    uint8_t *memory;
    uint32_t size;
    DMA_InitTypeDef Init;
} DMA_HandleTypeDef;
#define DMA_CIRCULAR 0x100u
#define DMA_NORMAL   0x000u
HAL_StatusTypeDef HAL_DMA_Start(DMA_HandleTypeDef *hdma, uint32_t SrcAddress, uint32_t DstAddress,
                                uint32_t DataLength);
HAL_StatusTypeDef HAL_DMA_Abort(DMA_HandleTypeDef *hdma);
uint32_t fake_dma_counter(DMA_HandleTypeDef *hdma);
#define __HAL_DMA_GET_COUNTER(handle)       fake_dma_counter(handle)
#define __HAL_DMA_GET_TC_FLAG_INDEX(handle) 0x20u
#define __HAL_DMA_GET_FLAG(handle, flag)    ((flag) == 0x20u && (handle)->is_complete)
#define __HAL_DMA_CLEAR_FLAG(handle, flag)  ((handle)->is_complete = (flag) != 0x20u)

/* ---- UART ---- */

/* Reading and writing the data register have effects, so it is an element of an array whose index is a call. What the access was
 * shows in the element afterwards: it is looked at in the next call of anything here. */
typedef struct {
    uint32_t data[1];
    uint32_t BRR;
    uint32_t CR3;
} USART_TypeDef;
size_t fake_data_register(void);

typedef struct {
    uint32_t BaudRate;
    uint32_t OverSampling;
} UART_InitTypeDef;
typedef struct {
    USART_TypeDef *Instance;
    UART_InitTypeDef Init;
    DMA_HandleTypeDef *hdmarx;
} UART_HandleTypeDef;
#define UART_OVERSAMPLING_16 0x0000u
#define UART_OVERSAMPLING_8  0x8000u
#define USART_CR3_DMAR       0x0040u
#define UART_FLAG_RXNE       0x0020u
#define UART_FLAG_TC         0x0040u
#define UART_FLAG_ORE        0x0008u
#define UART_FLAG_TXE        0x0080u
HAL_StatusTypeDef HAL_UART_Init(UART_HandleTypeDef *huart);
bool fake_uart_flag(UART_HandleTypeDef *huart, uint32_t flag);
void fake_uart_clear_overrun(UART_HandleTypeDef *huart);
void fake_uart_disable(UART_HandleTypeDef *huart);
#define __HAL_UART_GET_FLAG(handle, flag) fake_uart_flag(handle, flag)
#define __HAL_UART_DISABLE(handle)        fake_uart_disable(handle)

#define SET_BIT(REG, BIT)   ((REG) |= (BIT))
#define CLEAR_BIT(REG, BIT) ((REG) &= ~(BIT))

uint32_t HAL_GetTick(void);

#endif
