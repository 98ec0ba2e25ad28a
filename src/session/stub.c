/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starting the flasher stub: the ROM loads it into RAM and jumps to it; it runs once its start-up message
 * (OHAI) arrives. Source: esptool 5.6, run_stub; esp-flasher-stub 1.4.
 */
#include "session/stub.h"

#include "session/blocks.h"
#include "session/chip.h"
#include "session/limits.h"
#include "session/memory.h"
#include "session/security.h"

void eli_stub_begin(esp_loader_t *loader)
{
    eli_forget_failure(loader, ESP_LOADER_STAGE_STUB);
    loader->_is.connected = false;
    loader->_chip = ESP_UNKNOWN_CHIP;
}

esp_loader_error_t eli_stub_refuse(esp_loader_t *loader, esp_loader_error_t cause, uint32_t value)
{
    return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, cause, ESP_LOADER_STAGE_STUB, 0, value);
}

/* Secure download mode does not load RAM; the ROMs of some chips do not jump while secure boot is on. */
static esp_loader_error_t check_security(esp_loader_t *loader)
{
    if (loader->_is.secure_download) {
        return eli_stub_refuse(loader, ESP_LOADER_ERROR_SECURITY, 0);
    }
    if (eli_has(eli_target(loader), ELI_STUB_NOT_WITH_SECURE_BOOT)) {
        eli_security_t security;
        RETURN_ON_ERROR(eli_security_read(loader, &security));
        if ((security.flags & ELI_SECURITY_SECURE_BOOT) != 0) {
            return eli_stub_refuse(loader, ESP_LOADER_ERROR_SECURITY, security.flags);
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_stub_prepare(esp_loader_t *loader, esp_loader_connect_args_t *connect_args)
{
    if (!eli_ops(loader)->carries_stubs) {
        return eli_stub_refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0);
    }
    RETURN_ON_ERROR(esp_loader_connect(loader, connect_args));
    if (eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS;
    }
    loader->_is.connected = false;
    loader->_detail.stage = ESP_LOADER_STAGE_STUB;
    return check_security(loader);
}

static esp_loader_error_t upload(esp_loader_t *loader, const esp_loader_bin_segment_t *segment)
{
    esp_loader_blocks_t blocks = {._address = segment->addr,
                                  ._size = segment->size,
                                  ._block_size = eli_limit_block_size(loader, ELI_RAM_BLOCK_SIZE),
                                  ._opcode = ELI_MEM_DATA,
                                  ._stage = ESP_LOADER_STAGE_STUB};
    RETURN_ON_ERROR(eli_mem_begin(loader, &blocks));
    while (blocks._written < segment->size) {
        const uint32_t left = segment->size - blocks._written;
        RETURN_ON_ERROR(eli_blocks_write(loader, &blocks, segment->data + blocks._written,
                                         left < blocks._block_size ? left : blocks._block_size));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t load(esp_loader_t *loader, uint32_t entrypoint,
                               const esp_loader_bin_segment_t *segments, size_t count)
{
    for (; count > 0; count--, segments++) {
        if (segments->size != 0) {
            RETURN_ON_ERROR(upload(loader, segments));
        }
    }

    /* The reply of the ROM may be lost in the jump; what counts is the start-up message. */
    const uint32_t words[] = {0 /* jump */, entrypoint};
    const eli_command_t command = {
        .shape = {ELI_MEM_END, 2, 2, 0, 0}, .words = words, .is_answered_by_stub = true};
    eli_reply_t unused;
    RETURN_ON_ERROR(eli_transact(loader, &command, &unused));
    loader->_is.stub_running = ELI_STUB_ANY;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_stub_start(esp_loader_t *loader, uint32_t entrypoint,
                                  const esp_loader_bin_segment_t *segments, size_t count)
{
    loader->_is.connected = true;
    esp_loader_error_t err = load(loader, entrypoint, segments, count);
    loader->_is.connected = err == ESP_LOADER_SUCCESS;
    return err;
}
