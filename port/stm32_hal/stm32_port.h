/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for a UART of an STM32, by ST's HAL. CubeMX sets up UART and pins; the port takes the handle as it is, needs no
 * interrupt and defines no callback of the HAL.
 *
 * With a circular DMA channel for the receiver and a ring (rx_ring) no byte is lost while the program does something else.
 * Without, the receiver is polled: it is deaf while the program is outside of the port, which is enough for a target that
 * only answers, up to about 230400 baud. What is lost either way is told by ESP_LOADER_ERROR_IO.
 */
#ifndef STM32_PORT_H
#define STM32_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"

#if __has_include("stm32c0xx_hal.h")
#include "stm32c0xx_hal.h"
#elif __has_include("stm32c5xx_hal.h")
#include "stm32c5xx_hal.h"
#elif __has_include("stm32f0xx_hal.h")
#include "stm32f0xx_hal.h"
#elif __has_include("stm32f1xx_hal.h")
#include "stm32f1xx_hal.h"
#elif __has_include("stm32f2xx_hal.h")
#include "stm32f2xx_hal.h"
#elif __has_include("stm32f3xx_hal.h")
#include "stm32f3xx_hal.h"
#elif __has_include("stm32f4xx_hal.h")
#include "stm32f4xx_hal.h"
#elif __has_include("stm32f7xx_hal.h")
#include "stm32f7xx_hal.h"
#elif __has_include("stm32g0xx_hal.h")
#include "stm32g0xx_hal.h"
#elif __has_include("stm32g4xx_hal.h")
#include "stm32g4xx_hal.h"
#elif __has_include("stm32h5xx_hal.h")
#include "stm32h5xx_hal.h"
#elif __has_include("stm32h7rsxx_hal.h")
#include "stm32h7rsxx_hal.h"
#elif __has_include("stm32h7xx_hal.h")
#include "stm32h7xx_hal.h"
#elif __has_include("stm32l0xx_hal.h")
#include "stm32l0xx_hal.h"
#elif __has_include("stm32l1xx_hal.h")
#include "stm32l1xx_hal.h"
#elif __has_include("stm32l4xx_hal.h")
#include "stm32l4xx_hal.h"
#elif __has_include("stm32l5xx_hal.h")
#include "stm32l5xx_hal.h"
#elif __has_include("stm32n6xx_hal.h")
#include "stm32n6xx_hal.h"
#elif __has_include("stm32u0xx_hal.h")
#include "stm32u0xx_hal.h"
#elif __has_include("stm32u5xx_hal.h")
#include "stm32u5xx_hal.h"
#elif __has_include("stm32wb0x_hal.h")
#include "stm32wb0x_hal.h"
#elif __has_include("stm32wbaxx_hal.h")
#include "stm32wbaxx_hal.h"
#elif __has_include("stm32wbxx_hal.h")
#include "stm32wbxx_hal.h"
#elif __has_include("stm32wlxx_hal.h")
#include "stm32wlxx_hal.h"
#else
#error "no HAL of an STM32 in the include path"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that a receiver without a ring keeps while the port waits for something else than bytes. */
#define STM32_PORT_EARLY_SIZE 256u

/** One UART with two pins. What a designated initialiser does not name is zero: its default. */
typedef struct {
    esp_loader_port_t port;    /**< .ops = &stm32_uart_ops */
    UART_HandleTypeDef *huart; /**< initialised by CubeMX's code: 8N1, the rate of the loader, 115200 baud */
    GPIO_TypeDef *port_boot;   /**< port of the pin at the target's strapping pin; NULL = not connected */
    uint16_t pin_num_boot;     /**< GPIO_PIN_... */
    GPIO_TypeDef *port_rst;    /**< port of the pin at the target's EN; NULL = not connected */
    uint16_t pin_num_rst;      /**< GPIO_PIN_... */
    /** Receive ring, where huart->hdmarx is a channel in circular mode; 2 KiB or more, at 921600 baud 4 KiB. Memory that the
     * DMA reaches; with a data cache aligned to 32 bytes and of a size that is a multiple of 32. NULL = polled. */
    uint8_t *rx_ring;
    uint16_t rx_ring_size; /**< bytes of it */

    struct {
        uint64_t clock; /**< of the UART, seen from its divisor, in the parts in which that counts */
        bool is_open;
        bool is_lossy;         /**< bytes were lost and nobody has been told */
        uint32_t tail;         /**< the next byte of the ring to be read */
        uint32_t polled_at_ms; /**< when the ring was looked at last */
        uint8_t early[STM32_PORT_EARLY_SIZE];
        uint32_t early_count;
    } _state;
} stm32_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  no handle; or a ring without a circular DMA channel
 *  @retval ESP_LOADER_ERROR_IO             the HAL refuses to start the DMA channel */
extern const esp_loader_port_ops_t stm32_uart_ops;

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As stm32_port_t. */
typedef struct {
    UART_HandleTypeDef *huart;
    GPIO_TypeDef *port_io0;
    uint16_t pin_num_io0;
    GPIO_TypeDef *port_rst;
    uint16_t pin_num_rst;
} loader_stm32_config_t;

/** Opens the one port of a 1.x program; @p config is copied. A failure shows in the first command. */
void loader_port_stm32_init(const loader_stm32_config_t *config);

#ifdef __cplusplus
}
#endif

#endif
