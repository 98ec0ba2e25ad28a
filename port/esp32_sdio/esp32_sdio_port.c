/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. All data goes through the port's own buffer: DMA needs aligned memory that it reaches, and writes
 * whole words. The card's own registers, function 0, are read and written by CMD52, which has no data phase.
 */
#include "esp32_sdio_port.h"

#include <string.h>

#include "esp_err.h"
#include "freertos/FreeRTOS.h"

#include "idf_pin.h"
#include "idf_time.h"
#include "pin_reset.h"

#define WORD         4u
#define CARD_INIT_MS 100u /* for each of its commands */
#define LEAST_TICKS  2u

static esp32_sdio_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, esp32_sdio_port_t, port);
}

/* For the driver's `command_timeout_ms`, of which 0 is its default. It rounds down to ticks, and a wait of n of them may
 * end a tick early. */
static int command_timeout_ms(int64_t deadline_us)
{
    const TickType_t ticks = idf_ticks_until(deadline_us) + 1;
    return (int)((ticks < LEAST_TICKS ? LEAST_TICKS : ticks) * portTICK_PERIOD_MS);
}

static esp_loader_error_t error_of(esp_err_t err)
{
    switch (err) {
    case ESP_OK:
        return ESP_LOADER_SUCCESS;
    case ESP_ERR_TIMEOUT:
    case ESP_ERR_NOT_FOUND: /* no card, where it has a line that shows it */
        return ESP_LOADER_ERROR_TIMEOUT;
    case ESP_ERR_INVALID_ARG: /* the buffer */
        return ESP_LOADER_ERROR_INVALID_PARAM;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

/* ---- pins ---- */

static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    const esp32_sdio_port_t *self = self_of(port);
    return pin == PIN_EN ? idf_pin_drive(self->reset_pin, IDF_RESET_ACTIVE, is_active)
                         : idf_pin_drive(self->boot_pin, IDF_BOOT_ACTIVE, is_active);
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    self_of(port)->_state.has_card = false;
    return pin_reset_into_loader(port, drive);
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    self_of(port)->_state.has_card = false;
    return pin_reset_into_app(port, drive);
}

/* ---- opening ---- */

static uint8_t width_of(const esp32_sdio_port_t *self)
{
    return self->bus_width == SDIO_1BIT ? 1 : 4;
}

/* Later versions of ESP-IDF count the slots, and show it by a flag; there the host of no slot may stay. Earlier ones end it
 * as a whole. */
static void end_host(const esp32_sdio_port_t *self, bool has_slot)
{
    const sdmmc_host_t host = SDMMC_HOST_DEFAULT();
    if ((host.flags & SDMMC_HOST_FLAG_DEINIT_ARG) == 0) {
        (void)host.deinit();
    } else if (has_slot) {
        (void)host.deinit_p(self->slot);
    }
}

static esp_loader_error_t begin_host(const esp32_sdio_port_t *self)
{
    sdmmc_slot_config_t slot = SDMMC_SLOT_CONFIG_DEFAULT();
    slot.width = width_of(self);
#ifdef SOC_SDMMC_USE_GPIO_MATRIX
    slot.clk = self->sdio_clk_pin;
    slot.cmd = self->sdio_cmd_pin;
    slot.d0 = self->sdio_d0_pin;
    slot.d1 = self->sdio_d1_pin;
    slot.d2 = self->sdio_d2_pin;
    slot.d3 = self->sdio_d3_pin;
#endif
    if (sdmmc_host_init() != ESP_OK) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    const esp_err_t err = sdmmc_host_init_slot(self->slot, &slot);
    if (err != ESP_OK) {
        end_host(self, false);
        return err == ESP_ERR_INVALID_ARG ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_PORT_BUSY;
    }
    return ESP_LOADER_SUCCESS;
}

static void port_deinit(esp_loader_port_t *port)
{
    esp32_sdio_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return;
    }
    self->_state.is_open = false;
    self->_state.has_card = false;
    if (!self->dont_initialize_host_driver) {
        end_host(self, true);
    }
    idf_pin_release(self->reset_pin, IDF_RESET_ACTIVE);
    idf_pin_release(self->boot_pin, IDF_BOOT_ACTIVE);
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    esp32_sdio_port_t *self = self_of(port);
    port_deinit(port);
    if (self->slot < SDMMC_HOST_SLOT_0 || self->slot > SDMMC_HOST_SLOT_1 ||
        idf_pin_set_up(self->reset_pin, IDF_RESET_ACTIVE) != ESP_OK ||
        idf_pin_set_up(self->boot_pin, IDF_BOOT_ACTIVE) != ESP_OK) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const esp_loader_error_t error =
        self->dont_initialize_host_driver ? ESP_LOADER_SUCCESS : begin_host(self);
    self->_state.is_open = error == ESP_LOADER_SUCCESS;
    return error;
}

static esp_loader_error_t port_card_init(esp_loader_port_t *port)
{
    esp32_sdio_port_t *self = self_of(port);
    sdmmc_host_t host = SDMMC_HOST_DEFAULT();
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    host.flags = SDMMC_HOST_FLAG_1BIT | (self->bus_width == SDIO_1BIT ? 0 : SDMMC_HOST_FLAG_4BIT);
    host.slot = self->slot;
    host.max_freq_khz = self->max_freq_khz == 0 ? SDMMC_FREQ_DEFAULT : (int)self->max_freq_khz;
    host.command_timeout_ms = command_timeout_ms(idf_deadline_after(CARD_INIT_MS));
#if CONFIG_IDF_TARGET_ESP32P4
    host.dma_aligned_buffer = self->_state.line;
#endif
    const esp_loader_error_t error = error_of(sdmmc_card_init(&host, &self->_state.card));
    self->_state.has_card = error == ESP_LOADER_SUCCESS && self->_state.card.is_sdio;
    return error == ESP_LOADER_SUCCESS && !self->_state.has_card ? ESP_LOADER_ERROR_INVALID_RESPONSE : error;
}

/* ---- transfers ---- */

typedef struct {
    uint32_t function;
    uint32_t address;
    uint16_t size;
    bool is_write;
} transfer_t;

/* One command. The driver would split what is no multiple of 4 itself, with a timeout for each part. */
static esp_err_t transfer_part(esp32_sdio_port_t *self, const transfer_t *transfer, uint32_t done,
                               uint32_t size)
{
    sdmmc_card_t *card = &self->_state.card;
    const uint32_t address = transfer->address + done;
    uint8_t *data = &self->_state.data[done];
    if (transfer->function == 0) {
        return transfer->is_write ? sdmmc_io_write_byte(card, 0, address, *data, NULL)
                                  : sdmmc_io_read_byte(card, 0, address, data);
    }
    return transfer->is_write ? sdmmc_io_write_bytes(card, transfer->function, address, data, size)
                              : sdmmc_io_read_bytes(card, transfer->function, address, data, size);
}

static uint32_t part_of(const transfer_t *transfer, uint32_t left)
{
    if (transfer->function == 0) {
        return 1;
    }
    return left < WORD ? left : left / WORD * WORD;
}

static esp_loader_error_t transfer_all(esp32_sdio_port_t *self, const transfer_t *transfer,
                                       uint32_t timeout_ms)
{
    const int64_t deadline_us = idf_deadline_after(timeout_ms);
    uint32_t part;
    for (uint32_t done = 0; done < transfer->size; done += part) {
        part = part_of(transfer, transfer->size - done);
        self->_state.card.host.command_timeout_ms = command_timeout_ms(deadline_us);
        const esp_loader_error_t error = error_of(transfer_part(self, transfer, done, part));
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
        if (done + part < transfer->size && timeout_ms > 0 && idf_ticks_until(deadline_us) == 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check(const esp32_sdio_port_t *self, uint16_t size)
{
    if (!self->_state.is_open || !self->_state.has_card) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return size > 0 && size <= sizeof(self->_state.data) ? ESP_LOADER_SUCCESS
                                                         : ESP_LOADER_ERROR_INVALID_PARAM;
}

static esp_loader_error_t port_write(esp_loader_port_t *port, uint32_t function, uint32_t addr,
                                     const uint8_t *data, uint16_t size, uint32_t timeout)
{
    esp32_sdio_port_t *self = self_of(port);
    const transfer_t transfer = {function, addr, size, true};
    const esp_loader_error_t error = check(self, size);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    memcpy(self->_state.data, data, size);
    return transfer_all(self, &transfer, timeout);
}

static esp_loader_error_t port_read(esp_loader_port_t *port, uint32_t function, uint32_t addr, uint8_t *data,
                                    uint16_t size, uint32_t timeout)
{
    esp32_sdio_port_t *self = self_of(port);
    const transfer_t transfer = {function, addr, size, false};
    esp_loader_error_t error = check(self, size);
    if (error == ESP_LOADER_SUCCESS) {
        error = transfer_all(self, &transfer, timeout);
    }
    if (error == ESP_LOADER_SUCCESS) {
        memcpy(data, self->_state.data, size);
    }
    return error;
}

esp_loader_error_t loader_port_wait_int(esp32_sdio_port_t *port, uint32_t timeout)
{
    const int64_t deadline_us = idf_deadline_after(timeout);
    if (!port->_state.is_open || !port->_state.has_card) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        const TickType_t ticks = idf_ticks_until(deadline_us);
        const esp_err_t err = sdmmc_io_wait_int(&port->_state.card, ticks);
        if (err != ESP_ERR_TIMEOUT || ticks == 0) {
            return error_of(err);
        }
    }
}

const esp_loader_port_ops_t esp32_sdio_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = idf_delay_ms,
    .sdio_write = port_write,
    .sdio_read = port_read,
    .sdio_card_init = port_card_init,
    .now_ms = idf_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
};
