/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for a UART of a Raspberry Pi Pico (RP2040, RP2350), by the pico-sdk. It sets up the UART and its pins, unless told not
 * to; its interrupt handler fills a ring. Use a port on the core that has opened it: there the interrupt runs.
 */
#ifndef PI_PICO_PORT_H
#define PI_PICO_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "hardware/uart.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the ring in each port, a power of two. */
#ifndef PI_PICO_PORT_RING_SIZE
#define PI_PICO_PORT_RING_SIZE 4096u
#endif

#define PI_PICO_PORT_NO_PIN (~0u) /**< not connected; 0 is a pin */

/** One UART with two pins. It holds the ring, so it is too large for a stack. */
typedef struct {
    esp_loader_port_t port;          /**< .ops = &pi_pico_uart_ops */
    uart_inst_t *uart_inst;          /**< uart0 or uart1 */
    uint baudrate;                   /**< rate after init, baud; 0 = 115200 */
    uint uart_rx_pin_num;            /**< from the target's TX */
    uint uart_tx_pin_num;            /**< to the target's RX */
    uint reset_pin_num;              /**< to the target's EN, or PI_PICO_PORT_NO_PIN */
    uint boot_pin_num;               /**< to the target's strapping pin, or PI_PICO_PORT_NO_PIN */
    bool dont_initialize_peripheral; /**< the program has set up the UART and its pins, for 115200 baud */

    struct {
        bool is_open;
        uint rate_baud;
        volatile bool is_lossy; /**< bytes were lost and nobody has been told */
        volatile uint32_t head; /**< moved by the interrupt */
        volatile uint32_t tail; /**< moved by reads */
        volatile uint8_t ring[PI_PICO_PORT_RING_SIZE];
    } _state;
} pi_pico_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no UART
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         another port has this UART open
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the UART cannot make `baudrate` */
extern const esp_loader_port_ops_t pi_pico_uart_ops;

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As pi_pico_port_t. */
typedef struct {
    uart_inst_t *uart_inst;
    uint baudrate;
    uint uart_rx_pin_num;
    uint uart_tx_pin_num;
    uint reset_trigger_pin_num;
    uint boot_pin_num;
    bool dont_initialize_peripheral;
} loader_pi_pico_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_pi_pico_init(const loader_pi_pico_config_t *config);

/** Closes it; harmless when not open. */
void loader_port_pi_pico_deinit(void);

#ifdef __cplusplus
}
#endif

#endif
