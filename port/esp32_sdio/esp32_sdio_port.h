/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for the SDMMC host of an Espressif chip (ESP32, S3, P4), by ESP-IDF's driver (4.4 to 6.x): for esp_loader_init_sdio(),
 * to an ESP32-C5, C6 or C61 that is the card. The port initialises host and slot, unless told not to. One task uses a port
 * at a time.
 *
 * The port object holds the buffers that DMA uses: it belongs into internal RAM, so it is neither on a stack nor in memory
 * that may be PSRAM. For an ESP32-P4 it is aligned to a line of the cache: it is a static object, not one of malloc().
 */
#ifndef ESP32_SDIO_PORT_H
#define ESP32_SDIO_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/gpio.h"
#include "driver/sdmmc_host.h"
#include "sdkconfig.h"
#include "sdmmc_cmd.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Data lines. */
typedef enum {
    SDIO_4BIT = 0, /**< D0 to D3 */
    SDIO_1BIT,     /**< D0 alone; D1 to D3 still need their pull-ups */
} sdio_bus_width_t;

#if CONFIG_IDF_TARGET_ESP32P4
#define ESP32_SDIO_ALIGNED __attribute__((aligned(64)))
#else
#define ESP32_SDIO_ALIGNED __attribute__((aligned(4)))
#endif

/** One slot with two pins. Zero is the default of every number but the pins: 0 is a pin, GPIO_NUM_NC is none. */
typedef struct {
    esp_loader_port_t port; /**< .ops = &esp32_sdio_ops */
    int slot;               /**< SDMMC_HOST_SLOT_0 or _1 */
    uint32_t max_freq_khz;  /**< of the clock, kHz, at most; 0 = 20000 */
    gpio_num_t
        sdio_clk_pin; /**< this and the next five: where the slot has no pins of its own, as on the ESP32 */
    gpio_num_t sdio_d0_pin;           /**< data */
    gpio_num_t sdio_d1_pin;           /**< data, and the card's interrupt */
    gpio_num_t sdio_d2_pin;           /**< data */
    gpio_num_t sdio_d3_pin;           /**< data */
    gpio_num_t sdio_cmd_pin;          /**< commands */
    gpio_num_t reset_pin;             /**< to the target's EN; GPIO_NUM_NC = not connected */
    gpio_num_t boot_pin;              /**< to the target's strapping pin; GPIO_NUM_NC = not connected */
    bool dont_initialize_host_driver; /**< the application has initialised the host and the slot */
    sdio_bus_width_t bus_width;       /**< data lines */

    struct {
        uint8_t data[512] ESP32_SDIO_ALIGNED;
#if CONFIG_IDF_TARGET_ESP32P4
        uint8_t line
            [512] ESP32_SDIO_ALIGNED; /* for the driver, which copies what is not whole lines of the cache */
#endif
        sdmmc_card_t card;
        bool is_open;
        bool has_card;
    } _state;
} esp32_sdio_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  no such slot or pin
 *  @retval ESP_LOADER_ERROR_PORT_BUSY      the host is in use, or there is no memory for it
 *
 *  and its transfers, besides what every port returns,
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     the port object is where DMA does not reach
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  `sdio_card_init`: a card, but none with functions */
extern const esp_loader_port_ops_t esp32_sdio_ops;

/** Waits for the card's interrupt, which comes over D1: for programs that were loaded into the target's RAM and call their
 * host this way. The library does not need it. What the target has raised stays until the program clears it there.
 *  @param timeout  ms; 0 = do not wait
 *  @retval ESP_LOADER_ERROR_TIMEOUT       none came
 *  @retval ESP_LOADER_ERROR_DISCONNECTED  there is no card, or the port is closed */
esp_loader_error_t loader_port_wait_int(esp32_sdio_port_t *port, uint32_t timeout);

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As esp32_sdio_port_t; a pin that is not connected is 255. */
typedef struct {
    int slot;
    uint32_t max_freq_khz;
    uint8_t sdio_clk_pin;
    uint8_t sdio_d0_pin;
    uint8_t sdio_d1_pin;
    uint8_t sdio_d2_pin;
    uint8_t sdio_d3_pin;
    uint8_t sdio_cmd_pin;
    uint8_t reset_trigger_pin;
    uint8_t boot_pin;
    bool dont_initialize_host_driver;
    sdio_bus_width_t bus_width;
} loader_esp32_sdio_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_esp32_sdio_init(const loader_esp32_sdio_config_t *config);

/** Closes it; harmless when not open. */
void loader_port_esp32_sdio_deinit(void);

/** loader_port_wait_int() of the one port. 1.x calls it by that name, which esp_loader_v1.h, included first, makes this. */
esp_loader_error_t loader_port_esp32_sdio_wait_int(uint32_t timeout);
#if defined(ESP_LOADER_V1_H) && !defined(ESP_LOADER_V1_KEEP_NAMES)
#define loader_port_wait_int loader_port_esp32_sdio_wait_int
#endif

#ifdef __cplusplus
}
#endif

#endif
