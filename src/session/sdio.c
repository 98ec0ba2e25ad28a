/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sessions over SDIO. The ROM takes packets and answers none: what loads RAM, writes a register and starts a program is
 * translated, and answered here once the ROM has confirmed its packets; any other command is refused before anything is
 * sent. A stub gets the frames of a serial link, without SLIP. A program that does not name esp_loader_init_sdio() is linked
 * without all of this.
 */
#include <stddef.h>
#include <string.h>

#include "common/bytes.h"
#include "link/sdio.h"
#include "session/connect.h"
#include "session/limits.h"
#include "session/open.h"

#define DEFAULT_SYNC_TIMEOUT_MS 100u
#define TRIALS_PER_RESET        5

/* As over a byte stream (transact.c). */
#define SYNC_TIMEOUT_MS 100u
#define SYNC_REPLIES    8
#define RESYNC_TRIALS   9u

/* The card's device id is this and the chip's id. */
#define DEVICE_ID_BASE 0x1000u

#define ALL_BITS 0xFFFFFFFFu

/* ---- connecting ---- */

/* The card may not be there yet, or still be initialising: waits for the rest of the time. */
static esp_loader_error_t open_card(esp_loader_t *loader, uint32_t timeout_ms, eli_sdio_id_t *out)
{
    eli_port_set_deadline(loader, timeout_ms);
    esp_loader_error_t err = eli_sdio_open(loader, out);
    if (err != ESP_LOADER_SUCCESS) {
        eli_port_delay(loader, eli_port_remaining_ms(loader));
    }
    return err;
}

static bool is_spent_try(const esp_loader_t *loader, esp_loader_error_t err)
{
    return err == ESP_LOADER_ERROR_TIMEOUT || err == ESP_LOADER_ERROR_IO ||
           (err == ESP_LOADER_ERROR_FAIL && eli_port_is_first_generation(loader));
}

static esp_loader_error_t find_card(esp_loader_t *loader, const esp_loader_connect_args_t *args,
                                    eli_sdio_id_t *out)
{
    uint32_t timeout_ms = args->sync_timeout != 0 ? args->sync_timeout : DEFAULT_SYNC_TIMEOUT_MS;
    esp_loader_error_t err = ESP_LOADER_ERROR_INVALID_PARAM;
    for (int32_t trial = 0; trial < args->trials; trial++) {
        err = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
        if (trial % TRIALS_PER_RESET == 0) {
            loader->_detail.stage = ESP_LOADER_STAGE_RESET;
            err = eli_port_enter_bootloader(loader);
        }
        if (err == ESP_LOADER_SUCCESS || err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            loader->_detail.stage = ESP_LOADER_STAGE_SYNC;
            err = open_card(loader, timeout_ms, out);
        }
        loader->_detail.attempts = (uint16_t)(trial + 1);
        if (!is_spent_try(loader, err)) {
            break;
        }
    }
    return err;
}

static esp_loader_error_t connect(esp_loader_t *loader, const esp_loader_connect_args_t *args)
{
    static const esp_loader_connect_args_t default_args = ESP_LOADER_CONNECT_DEFAULT();
    eli_sdio_id_t id = {0, 0};
    eli_connect_begin(loader);
    loader->_is.needs_resync = false;
    memset(&loader->_buffers.sdio, 0, sizeof(loader->_buffers.sdio));
    esp_loader_error_t err = find_card(loader, args != NULL ? args : &default_args, &id);
    if (err != ESP_LOADER_SUCCESS) {
        return eli_fail_here(loader, err, 0, 0);
    }
    loader->_detail.stage = ESP_LOADER_STAGE_DETECT;
    const eli_target_t *target =
        id.device >= DEVICE_ID_BASE ? eli_target_by_chip_id(id.device - DEVICE_ID_BASE) : NULL;
    const bool is_served = id.vendor == ELI_SDIO_VENDOR && target != NULL && eli_has(target, ELI_ROM_SDIO);
    RETURN_ON_ERROR(eli_accept(loader, is_served ? target : NULL, (uint32_t)id.vendor << 16 | id.device));
    eli_port_set_deadline(loader, ELI_DEFAULT_TIMEOUT_MS);
    return eli_fail_here(loader, eli_sdio_prepare(loader), 0, 0);
}

/* ---- the ROM ---- */

static esp_loader_error_t jump(esp_loader_t *loader, const eli_command_t *command)
{
    RETURN_ON_ERROR(eli_sip_boot(loader, command->words[1]));
    loader->_buffers.sdio._has_booted = true;
    return ESP_LOADER_SUCCESS;
}

/* Whoever loads a stub does that at a stage of its own. */
static bool is_stub_served(const esp_loader_t *loader)
{
    return loader->_detail.stage != ESP_LOADER_STAGE_STUB || eli_has(eli_target(loader), ELI_STUB_SDIO);
}

/* The ROM changes whole registers only. */
static bool is_plain_write(const eli_command_t *command)
{
    return command->shape.word_count == 4 && command->words[2] == ALL_BITS && command->words[3] == 0;
}

static esp_loader_error_t translate(esp_loader_t *loader, const eli_command_t *command)
{
    const uint32_t *words = command->words;
    esp_loader_sdio_t *sdio = &loader->_buffers.sdio;
    uint32_t address;
    switch (command->shape.opcode) {
    case ELI_MEM_BEGIN:
        sdio->_address = words[3];
        return is_stub_served(loader) ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    case ELI_MEM_DATA:
        address = sdio->_address;
        sdio->_address += command->payload_size;
        return eli_sip_write(loader, address, command->payload, command->payload_size);
    case ELI_MEM_END:
        return words[0] == 0 ? jump(loader, command) : ESP_LOADER_SUCCESS;
    case ELI_WRITE_REG:
        return is_plain_write(command) ? eli_sip_write_register(loader, words[0], words[1])
                                       : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    default:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
}

/* After a packet of which nobody knows whether the ROM has it there can be no other. */
static esp_loader_error_t send_to_rom(esp_loader_t *loader, const eli_command_t *command)
{
    esp_loader_sdio_t *sdio = &loader->_buffers.sdio;
    sdio->_answered = 0;
    esp_loader_error_t err = translate(loader, command);
    if (err == ESP_LOADER_SUCCESS) {
        sdio->_answered = command->is_answered_by_stub ? 0 : (uint8_t)command->shape.opcode;
    }
    sdio->_is_lost = err != ESP_LOADER_SUCCESS && err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    return err;
}

/* The reply that a loader with replies would have given. */
static esp_loader_error_t answer(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size)
{
    const uint8_t reply[ELI_REPLY_HEADER_SIZE + 2] = {1, loader->_buffers.sdio._answered, 2};
    *out_size = 0;
    if (loader->_buffers.sdio._answered == 0 || capacity < sizeof(reply)) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    loader->_buffers.sdio._answered = 0;
    memcpy(buf, reply, sizeof(reply));
    *out_size = sizeof(reply);
    return ESP_LOADER_SUCCESS;
}

/* ---- the stub ---- */

static esp_loader_error_t send_to_stub(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped)
{
    uint8_t *header = loader->_buffers.frame;
    if (command->shape.opcode == ELI_CHANGE_BAUDRATE) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    const size_t header_size = eli_command_encode(command, skipped, header);
    const size_t size = header_size + command->payload_size + command->padding;
    RETURN_ON_ERROR(eli_sdio_await_room(loader, size));
    eli_sdio_begin(loader, size);
    eli_sdio_put(loader, header, header_size);
    eli_sdio_put(loader, command->payload, command->payload_size);
    eli_sdio_put_fill(loader, command->fill, command->padding);
    return eli_sdio_end(loader);
}

static esp_loader_error_t send_bare(esp_loader_t *loader, const uint8_t *data, size_t size)
{
    RETURN_ON_ERROR(eli_sdio_await_room(loader, size));
    eli_sdio_begin(loader, size);
    eli_sdio_put(loader, data, size);
    return eli_sdio_end(loader);
}

static esp_loader_error_t send(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped)
{
    return loader->_buffers.sdio._has_booted ? send_to_stub(loader, command, skipped)
                                             : send_to_rom(loader, command);
}

/* A program that was started may have answered already: only the frames of a stub are waited for. */
static esp_loader_error_t receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size)
{
    bool is_frame = loader->_buffers.sdio._has_booted && loader->_buffers.sdio._answered == 0;
    return is_frame ? eli_sdio_receive(loader, buf, capacity, out_size)
                    : answer(loader, buf, capacity, out_size);
}

/* Takes frames until none comes any more, or as many. */
static void take_frames(esp_loader_t *loader, uint32_t timeout_ms, int count)
{
    size_t size;
    eli_port_set_deadline(loader, timeout_ms);
    while (count-- > 0 && eli_sdio_receive(loader, loader->_buffers.frame, sizeof(loader->_buffers.frame),
                                           &size) == ESP_LOADER_SUCCESS) {
    }
}

/* As eli_resync(), on a link whose frames cannot be out of sync: an answer after a SYNC without one may be to that. */
static esp_loader_error_t resync(esp_loader_t *loader)
{
    bool is_doubtful = false;
    uint32_t trials = RESYNC_TRIALS + eli_divide(loader->_unfinished_ms, SYNC_TIMEOUT_MS);
    if (!loader->_buffers.sdio._has_booted) {
        loader->_is.needs_resync = loader->_buffers.sdio._is_lost;
        return loader->_buffers.sdio._is_lost ? ESP_LOADER_ERROR_TIMEOUT : ESP_LOADER_SUCCESS;
    }
    for (; trials > 0; trials--) {
        take_frames(loader, 0, INT16_MAX);
        esp_loader_error_t err = eli_sync_once(loader, SYNC_TIMEOUT_MS, NULL);
        if (err == ESP_LOADER_ERROR_TIMEOUT) {
            is_doubtful = true;
            continue;
        }
        RETURN_ON_ERROR(err);
        take_frames(loader, SYNC_TIMEOUT_MS, is_doubtful ? INT16_MAX : SYNC_REPLIES - 1);
        if (!is_doubtful) {
            loader->_is.needs_resync = false;
            loader->_last_answer = 0;
            loader->_unfinished_ms = 0;
            return ESP_LOADER_SUCCESS;
        }
        is_doubtful = false;
    }
    return ESP_LOADER_ERROR_TIMEOUT;
}

/* ---- life ---- */

static const eli_frame_ops_t sdio = {{connect, resync, send, receive, true, false, true}, send_bare};

esp_loader_error_t esp_loader_init_sdio(esp_loader_t *loader, esp_loader_port_t *port)
{
    if (loader == NULL || port == NULL || !eli_sdio_is_complete(port)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    return eli_open(loader, port, &sdio.common);
}
