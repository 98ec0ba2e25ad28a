/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for an SPI bus of an Espressif chip, by ESP-IDF's driver (4.4 to 6.x): for esp_loader_init_spi(), which loads RAM and
 * reads and writes registers. The port initialises the bus, unless told not to, and drives chip select itself. One task uses a
 * port at a time; other devices may be on the bus, which is theirs between transactions.
 */
#ifndef ESP32_SPI_PORT_H
#define ESP32_SPI_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/gpio.h"
#include "driver/spi_master.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One bus, chip select, and up to five pins that reset. 0 is a pin, GPIO_NUM_NC is none. Only reset, straps and the quad
 * pins may be GPIO_NUM_NC. */
typedef struct {
    esp_loader_port_t port;    /**< .ops = &esp32_spi_ops */
    spi_host_device_t spi_bus; /**< SPI2_HOST or SPI3_HOST */
    uint32_t frequency;        /**< of the clock, Hz, at most; 0 = 20 MHz */
    gpio_num_t spi_clk_pin;    /**< this and the next two: ignored with `dont_initialize_bus` */
    gpio_num_t spi_miso_pin;   /**< from the target */
    gpio_num_t spi_mosi_pin;   /**< to the target */
    gpio_num_t spi_cs_pin;     /**< chip select */
    gpio_num_t
        spi_quadwp_pin; /**< for compatibility: ROMs need one data line in each direction, so this one is left alone */
    gpio_num_t spi_quadhd_pin; /**< the same */
    gpio_num_t reset_pin;      /**< to the target's EN */
    gpio_num_t strap_bit0_pin; /**< bit 0 of the strapping pins: high while the target leaves reset */
    gpio_num_t strap_bit1_pin; /**< bit 1: low meanwhile */
    gpio_num_t strap_bit2_pin; /**< bit 2: low */
    gpio_num_t strap_bit3_pin; /**< bit 3: low */
    bool dont_initialize_bus;  /**< the application has initialised the bus, with DMA or without */

    struct {
        spi_device_handle_t device; /* NULL = the bus is not open */
        size_t piece;               /* bytes of a transfer, at most */
        bool is_selected;
        bool is_open;
    } _state;
} esp32_spi_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no such bus or pin
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the bus cannot make `frequency`
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         the bus is in use, has no room for a device, or there is no memory for it
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    `dont_initialize_bus`, and it is not initialised */
extern const esp_loader_port_ops_t esp32_spi_ops;

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As esp32_spi_port_t. */
typedef struct {
    spi_host_device_t spi_bus;
    uint32_t frequency;
    uint32_t spi_clk_pin;
    uint32_t spi_miso_pin;
    uint32_t spi_mosi_pin;
    uint32_t spi_cs_pin;
    uint32_t spi_quadwp_pin;
    uint32_t spi_quadhd_pin;
    uint32_t reset_trigger_pin;
    uint32_t strap_bit0_pin;
    uint32_t strap_bit1_pin;
    uint32_t strap_bit2_pin;
    uint32_t strap_bit3_pin;
    bool dont_initialize_bus;
} loader_esp32_spi_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_esp32_spi_init(const loader_esp32_spi_config_t *config);

/** Closes it; harmless when not open. */
void loader_port_esp32_spi_deinit(void);

#ifdef __cplusplus
}
#endif

#endif
