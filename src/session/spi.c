/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sessions over SPI, with the ROM of a chip that is a slave: registers, and loading RAM. There is no SYNC, no security
 * information, nothing for the flash and no stub. Source: ROM of the ESP32-C3, spi_slave_download(), executed.
 */
#include <stddef.h>

#include "link/spi.h"
#include "session/connect.h"
#include "session/open.h"
#include "target/spi_download.h"

#define DEFAULT_HANDSHAKE_MS 100u
#define TRIALS_PER_RESET     5

/* How long the chip may take for what it was told before: it does everything at once. */
#define DRAIN_MS 100u

/* The port brings the chip into download mode; one that cannot leaves it as it is. */
static esp_loader_error_t reset(esp_loader_t *loader)
{
    loader->_detail.stage = ESP_LOADER_STAGE_RESET;
    esp_loader_error_t err = eli_port_enter_bootloader(loader);
    return err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : err;
}

/* The ROM's mailbox holds "idle" until the host has announced itself. It no longer does after a session that was left: nobody
 * knows which commands that one has sent. */
static esp_loader_error_t handshake(esp_loader_t *loader, uint32_t timeout_ms)
{
    bool was_idle = false;
    loader->_detail.stage = ESP_LOADER_STAGE_SYNC;
    eli_port_set_deadline(loader, timeout_ms);
    for (bool is_late = false;; is_late = eli_port_remaining_ms(loader) == 0) {
        uint8_t mailbox;
        RETURN_ON_ERROR(eli_spi_read_mailbox(loader, &mailbox));
        if (mailbox == ELI_SPI_READY) {
            eli_spi_forget(loader);
            loader->_is.needs_resync = !was_idle;
            return ESP_LOADER_SUCCESS;
        }
        if (is_late) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        if (mailbox == ELI_SPI_IDLE) {
            was_idle = true;
            RETURN_ON_ERROR(eli_spi_write_mailbox(loader, ELI_SPI_READY));
        } else {
            eli_port_delay(loader, 1);
        }
    }
}

static esp_loader_error_t shake_hands(esp_loader_t *loader, const esp_loader_connect_args_t *args)
{
    esp_loader_error_t err = ESP_LOADER_ERROR_INVALID_PARAM;
    for (int32_t trial = 0; trial < args->trials; trial++) {
        err = trial % TRIALS_PER_RESET == 0 ? reset(loader) : ESP_LOADER_SUCCESS;
        if (err == ESP_LOADER_SUCCESS) {
            err = handshake(loader, args->sync_timeout != 0 ? args->sync_timeout : DEFAULT_HANDSHAKE_MS);
        }
        loader->_detail.attempts = (uint16_t)(trial + 1);
        if (err != ESP_LOADER_ERROR_TIMEOUT) {
            break;
        }
    }
    return eli_fail_here(loader, err, 0, 0);
}

/* By the number that each ROM has at a place that is the same in all its versions. */
static esp_loader_error_t detect(esp_loader_t *loader)
{
    uint32_t address = 0;
    uint32_t id = 0;
    loader->_detail.stage = ESP_LOADER_STAGE_DETECT;
    for (const eli_spi_download_t *row = NULL; (row = eli_spi_download_next(row)) != NULL;) {
        if (row->id_addr != address) {
            address = row->id_addr;
            RETURN_ON_ERROR(eli_register_read(loader, address, &id));
        }
        const eli_target_t *target = eli_target_of((target_chip_t)row->chip);
        if (target != NULL && id == target->image_chip_id) {
            return eli_accept(loader, target, id);
        }
    }
    return eli_accept(loader, NULL, id);
}

static esp_loader_error_t connect(esp_loader_t *loader, const esp_loader_connect_args_t *args)
{
    static const esp_loader_connect_args_t default_args = ESP_LOADER_CONNECT_DEFAULT();
    eli_connect_begin(loader);
    RETURN_ON_ERROR(shake_hands(loader, args != NULL ? args : &default_args));
    return detect(loader);
}

static esp_loader_error_t resync(esp_loader_t *loader)
{
    eli_port_set_deadline(loader, DRAIN_MS + loader->_unfinished_ms);
    esp_loader_error_t err = eli_spi_drain(loader, false);
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        eli_port_set_deadline(loader, DRAIN_MS);
        err = eli_spi_drain(loader, true);
    }
    if (err == ESP_LOADER_SUCCESS) {
        loader->_is.needs_resync = false;
        loader->_last_answer = 0;
        loader->_unfinished_ms = 0;
    }
    return err;
}

static esp_loader_error_t send(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped)
{
    const uint32_t served = 1u << ELI_MEM_BEGIN | 1u << ELI_MEM_END | 1u << ELI_MEM_DATA |
                            1u << ELI_WRITE_REG | 1u << ELI_READ_REG;
    if (command->shape.opcode >= 32 || (served >> command->shape.opcode & 1u) == 0) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    uint8_t *header = loader->_buffers.frame;
    const size_t header_size = eli_command_encode(command, skipped, header);
    return eli_spi_send(loader, header, header_size, command->payload, command->payload_size);
}

esp_loader_error_t esp_loader_init_spi(esp_loader_t *loader, esp_loader_port_t *port)
{
    static const eli_link_ops_t spi = {connect, resync, send, eli_spi_receive, false, false, false};
    if (loader == NULL || port == NULL || !eli_spi_port_is_complete(port)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    return eli_open(loader, port, &spi);
}
