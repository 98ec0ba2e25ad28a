/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for a UART and two pins of a Zephyr board (3.4 and later), by the interrupt-driven UART API. With a node
 * "espressif,esp-loader" in the devicetree, the driver of this folder makes a device of it, whose session is open when the
 * kernel has started. One thread uses a session at a time.
 */
#ifndef ZEPHYR_PORT_H
#define ZEPHYR_PORT_H

#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the receive ring in each port. */
#ifdef CONFIG_ESP_SERIAL_FLASHER_UART_BUFSIZE
#define ZEPHYR_PORT_RING_SIZE CONFIG_ESP_SERIAL_FLASHER_UART_BUFSIZE
#else
#define ZEPHYR_PORT_RING_SIZE 4096
#endif

/** What is wired where. */
typedef struct {
    const struct device *uart_dev;
    struct gpio_dt_spec enable_spec; /**< EN; active = reset: GPIO_ACTIVE_LOW. Without port = not connected */
    struct gpio_dt_spec boot_spec;   /**< strapping pin; active = loader: GPIO_ACTIVE_LOW */
    uint32_t baud_rate; /**< rate after init, baud; 0, or a driver without uart_config_get: as the UART is */
    uint32_t baud_rate_high; /**< for the application; the port does not use it */
} esp_loader_config_t;

/** One UART. It holds the ring, so it is too large for a stack. */
typedef struct {
    esp_loader_port_t port;            /**< .ops = &zephyr_uart_ops */
    const esp_loader_config_t *config; /**< must stay valid while the port is used */

    struct {
        bool is_open;
        volatile bool is_lossy; /**< bytes were lost and nobody has been told */
        struct ring_buf ring;
        uint8_t memory[ZEPHYR_PORT_RING_SIZE];
        struct k_sem has_bytes;
        struct k_sem has_sent;
        struct k_spinlock lock; /**< of what is being sent */
        const uint8_t *to_send;
        size_t left;
    } _state;
} zephyr_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    the UART or a pin is not ready
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  its driver has no interrupts, or refuses `baud_rate`
 *  @retval ESP_LOADER_ERROR_IO                a pin cannot be an output */
extern const esp_loader_port_ops_t zephyr_uart_ops;

/** Session of a device "espressif,esp-loader": open, not connected. */
esp_loader_t *esp_loader_from_device(const struct device *dev);

/** What the devicetree says of it. */
const esp_loader_config_t *esp_loader_config_from_device(const struct device *dev);

/** How it is to be connected: `num-trials` and `sync-timeout-ms`. */
esp_loader_connect_args_t *esp_loader_connect_args_from_device(const struct device *dev);

/** Sets the host's rate alone, baud; esp_loader_change_transmission_rate() does both.
 *  @param loader  that of a device */
esp_loader_error_t esp_loader_host_baudrate(esp_loader_t *loader, uint32_t rate);

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As esp_loader_config_t; the rate is that of the UART. */
typedef struct {
    const struct device *uart_dev;
    const struct gpio_dt_spec enable_spec;
    const struct gpio_dt_spec boot_spec;
} loader_zephyr_config_t;

/** Opens the one port of a 1.x program; @p config is copied.
 *  @return as init above */
esp_loader_error_t loader_port_zephyr_init(const loader_zephyr_config_t *config);

#ifdef __cplusplus
}
#endif

#endif
