/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for a UART of an Espressif chip, by ESP-IDF's driver (4.4 to 6.x). The port installs the driver and sets up the pins,
 * unless told not to. One task uses a port at a time; the driver's interrupt fills a ring meanwhile.
 */
#ifndef ESP32_PORT_H
#define ESP32_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/gpio.h"
#include "driver/uart.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One UART with two pins. Zero is the default of every number but the pins: 0 is a pin, GPIO_NUM_NC is none. */
typedef struct {
    esp_loader_port_t port;  /**< .ops = &esp32_uart_ops */
    uint32_t baud_rate;      /**< rate after init, baud; 0 = 115200 */
    uint32_t uart_port;      /**< UART_NUM_... */
    gpio_num_t uart_rx_pin;  /**< from the target's TX */
    gpio_num_t uart_tx_pin;  /**< to the target's RX */
    gpio_num_t reset_pin;    /**< to the target's EN; GPIO_NUM_NC = not connected */
    gpio_num_t boot_pin;     /**< to the target's strapping pin; GPIO_NUM_NC = not connected */
    uint32_t rx_buffer_size; /**< ring of the driver, bytes; 0 = 4096, less than 256 = 256 */
    uint32_t tx_buffer_size; /**< ring of the driver, bytes; 0 = none, which suffices */
    uint32_t queue_size;     /**< events that the driver's queue holds; 0 = 64 */
    QueueHandle_t
        *uart_queue; /**< where the driver's event queue is put, for the application to read; then, and with a
                                         driver of its own, the port is not told of lost bytes. NULL = the port reads it */
    bool
        dont_initialize_peripheral; /**< the application has installed the driver and set up the UART and its pins */

    struct {
        QueueHandle_t events; /**< NULL = the application reads them */
        bool is_open;
    } _state;
} esp32_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no such UART or pin
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the UART cannot make `baud_rate`
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         the driver is installed already, or there is no memory for it
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    `dont_initialize_peripheral`, and no driver is installed */
extern const esp_loader_port_ops_t esp32_uart_ops;

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As esp32_port_t. */
typedef struct {
    uint32_t baud_rate;
    uint32_t uart_port;
    uint32_t uart_rx_pin;
    uint32_t uart_tx_pin;
    uint32_t reset_trigger_pin;
    uint32_t gpio0_trigger_pin;
    uint32_t rx_buffer_size;
    uint32_t tx_buffer_size;
    uint32_t queue_size;
    QueueHandle_t *uart_queue;
    bool dont_initialize_peripheral;
} loader_esp32_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_esp32_init(const loader_esp32_config_t *config);

/** Closes it; harmless when not open. */
void loader_port_esp32_deinit(void);

#ifdef __cplusplus
}
#endif

#endif
