/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. A transaction is several transfers with chip select held by the port and the bus acquired, so that
 * no other device comes in between. Nothing that the library reads into is given to DMA, which writes whole words: each
 * transfer reads one word into the driver's own field.
 */
#include "esp32_spi_port.h"

#include <string.h>

#include "esp_err.h"
#include "freertos/FreeRTOS.h"

#include "idf_pin.h"
#include "idf_time.h"
#include "pin_reset.h"

#define DEFAULT_HZ 20000000u
#define PIECE                                                                                                \
    1024u /* bytes: bounds the time of a transfer, which has no timeout, and the copy that the driver makes
                       of what is in flash or PSRAM */
#define WORD 4u

static esp32_spi_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, esp32_spi_port_t, port);
}

/* ---- the bus ---- */

static esp_loader_error_t initialize_bus(const esp32_spi_port_t *self)
{
    const spi_bus_config_t config = {
        .mosi_io_num = self->spi_mosi_pin,
        .miso_io_num = self->spi_miso_pin,
        .sclk_io_num = self->spi_clk_pin,
        .quadwp_io_num = GPIO_NUM_NC,
        .quadhd_io_num = GPIO_NUM_NC,
        .data4_io_num = GPIO_NUM_NC,
        .data5_io_num = GPIO_NUM_NC,
        .data6_io_num = GPIO_NUM_NC,
        .data7_io_num = GPIO_NUM_NC,
        .max_transfer_sz = PIECE,
    };
    switch (spi_bus_initialize(self->spi_bus, &config, SPI_DMA_CH_AUTO)) {
    case ESP_OK:
        return ESP_LOADER_SUCCESS;
    case ESP_ERR_INVALID_ARG:
        return ESP_LOADER_ERROR_INVALID_PARAM;
    default:
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
}

/* Without the driver's dummy bits: the target would count their clocks. */
static esp_loader_error_t add_device(esp32_spi_port_t *self)
{
    const spi_device_interface_config_t config = {
        .mode = 0,
        .clock_speed_hz = (int)(self->frequency == 0 ? DEFAULT_HZ : self->frequency),
        .spics_io_num = GPIO_NUM_NC,
        .flags = SPI_DEVICE_HALFDUPLEX | SPI_DEVICE_NO_DUMMY,
        .queue_size = 1,
    };
    switch (spi_bus_add_device(self->spi_bus, &config, &self->_state.device)) {
    case ESP_OK:
        return ESP_LOADER_SUCCESS;
    case ESP_ERR_INVALID_STATE:
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    case ESP_ERR_INVALID_ARG:
    case ESP_ERR_NOT_SUPPORTED:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    default:
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
}

static void free_bus(const esp32_spi_port_t *self)
{
    if (!self->dont_initialize_bus) {
        (void)spi_bus_free(self->spi_bus);
    }
}

static esp_loader_error_t open_bus(esp32_spi_port_t *self)
{
    esp_loader_error_t error = self->dont_initialize_bus ? ESP_LOADER_SUCCESS : initialize_bus(self);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    error = add_device(self);
    if (error != ESP_LOADER_SUCCESS) {
        self->_state.device = NULL;
        free_bus(self);
        return error;
    }
    size_t most = WORD;
    (void)spi_bus_get_max_transaction_len(self->spi_bus, &most);
    self->_state.piece = most < PIECE ? most : PIECE;
    return ESP_LOADER_SUCCESS;
}

static void port_set_cs(esp_loader_port_t *port, uint32_t level)
{
    esp32_spi_port_t *self = self_of(port);
    if (level == 0 && self->_state.device != NULL && !self->_state.is_selected) {
        self->_state.is_selected = spi_device_acquire_bus(self->_state.device, portMAX_DELAY) == ESP_OK;
        (void)idf_pin_drive(self->spi_cs_pin, 0, self->_state.is_selected);
    } else if (level != 0 && self->_state.is_selected) {
        (void)idf_pin_drive(self->spi_cs_pin, 0, false);
        spi_device_release_bus(self->_state.device);
        self->_state.is_selected = false;
    }
}

static void close_bus(esp32_spi_port_t *self)
{
    if (self->_state.device != NULL) {
        port_set_cs(&self->port, 1);
        (void)spi_bus_remove_device(self->_state.device);
        self->_state.device = NULL;
        free_bus(self);
    }
}

/* ---- pins ---- */

static esp_err_t set_up_pins(const esp32_spi_port_t *self)
{
    const gpio_num_t straps[] = {self->strap_bit0_pin, self->strap_bit1_pin, self->strap_bit2_pin,
                                 self->strap_bit3_pin};
    esp_err_t err = idf_pin_output(self->spi_cs_pin, 1, GPIO_MODE_OUTPUT);
    if (err == ESP_OK) {
        err = idf_pin_set_up(self->reset_pin, IDF_RESET_ACTIVE);
    }
    for (size_t i = 0; err == ESP_OK && i < sizeof(straps) / sizeof(straps[0]); i++) {
        err = idf_pin_set_up(straps[i], IDF_BOOT_ACTIVE);
    }
    return err;
}

static void release_pins(const esp32_spi_port_t *self)
{
    idf_pin_release(self->reset_pin, IDF_RESET_ACTIVE);
    idf_pin_release(self->strap_bit0_pin, IDF_BOOT_ACTIVE);
    idf_pin_release(self->strap_bit1_pin, IDF_BOOT_ACTIVE);
    idf_pin_release(self->strap_bit2_pin, IDF_BOOT_ACTIVE);
    idf_pin_release(self->strap_bit3_pin, IDF_BOOT_ACTIVE);
    idf_pin_release(self->spi_cs_pin, 0);
}

/* Strap bit 0 is high because nobody pulls it down: on some chips it is MISO, which the target drives soon. The others may
 * be wired instead. */
static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    const esp32_spi_port_t *self = self_of(port);
    if (pin == PIN_EN) {
        return idf_pin_drive(self->reset_pin, IDF_RESET_ACTIVE, is_active);
    }
    (void)idf_pin_drive(self->strap_bit1_pin, IDF_BOOT_ACTIVE, is_active);
    (void)idf_pin_drive(self->strap_bit2_pin, IDF_BOOT_ACTIVE, is_active);
    (void)idf_pin_drive(self->strap_bit3_pin, IDF_BOOT_ACTIVE, is_active);
    return true;
}

/* The driver makes MISO an output as well, where the pin can be one: while straps are sampled it must not be. */
static esp_loader_error_t reset_by(esp_loader_port_t *port,
                                   esp_loader_error_t (*sequence)(esp_loader_port_t *port,
                                                                  pin_reset_drive_t drive))
{
    esp32_spi_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    close_bus(self);
    const esp_loader_error_t error = sequence(port, drive);
    const esp_loader_error_t opened = open_bus(self);
    return error != ESP_LOADER_SUCCESS ? error : opened;
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    return reset_by(port, pin_reset_into_loader);
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    return reset_by(port, pin_reset_into_app);
}

/* ---- opening ---- */

static void port_deinit(esp_loader_port_t *port)
{
    esp32_spi_port_t *self = self_of(port);
    if (self->_state.is_open) {
        self->_state.is_open = false;
        close_bus(self);
        release_pins(self);
    }
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    esp32_spi_port_t *self = self_of(port);
    port_deinit(port);
    if (self->frequency > INT32_MAX || set_up_pins(self) != ESP_OK) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const esp_loader_error_t error = open_bus(self);
    self->_state.is_open = error == ESP_LOADER_SUCCESS;
    return error;
}

/* ---- transfers ---- */

static esp_loader_error_t transfer(const esp32_spi_port_t *self, spi_transaction_t *transaction)
{
    if (self->_state.device == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return self->_state.is_selected && spi_device_polling_transmit(self->_state.device, transaction) == ESP_OK
               ? ESP_LOADER_SUCCESS
               : ESP_LOADER_ERROR_IO;
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    const esp32_spi_port_t *self = self_of(port);
    const int64_t deadline_us = idf_deadline_after(timeout_ms);
    *out_written = 0;
    while (*out_written < size) {
        const size_t left = size - *out_written;
        const size_t piece = left < self->_state.piece ? left : self->_state.piece;
        spi_transaction_t transaction = {.length = 8 * piece, .tx_buffer = data + *out_written};
        if (*out_written > 0 && idf_ticks_until(deadline_us) == 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        const esp_loader_error_t error = transfer(self, &transaction);
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
        *out_written += piece;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    const size_t size = capacity < WORD ? capacity : WORD;
    spi_transaction_t transaction = {.flags = SPI_TRANS_USE_RXDATA, .rxlength = 8 * size};
    (void)timeout_ms;
    const esp_loader_error_t error = transfer(self_of(port), &transaction);
    *out_read = error == ESP_LOADER_SUCCESS ? size : 0;
    memcpy(buf, transaction.rx_data, *out_read);
    return error;
}

const esp_loader_port_ops_t esp32_spi_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = idf_delay_ms,
    .spi_set_cs = port_set_cs,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = idf_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
};
