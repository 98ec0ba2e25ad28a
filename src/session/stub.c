/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starting the flasher stub: the ROM loads it into RAM and jumps to it; it runs once its start-up message
 * (OHAI) arrives. Source: esptool 5.6, run_stub; esp-flasher-stub 1.4.
 */
#include "stub/stub.h"

#include "session/chip.h"
#include "session/core.h"
#include "session/limits.h"
#include "session/security.h"

static esp_loader_error_t refuse(esp_loader_t *loader, esp_loader_error_t cause, uint32_t value)
{
    return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, cause, ESP_LOADER_STAGE_STUB, 0, value);
}

esp_loader_error_t eli_stub_check_build(esp_loader_t *loader)
{
    return ELI_KNOWS_STUBS && eli_stub_count != 0 ? ESP_LOADER_SUCCESS
                                                  : refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0);
}

static esp_loader_error_t find(esp_loader_t *loader, const eli_stub_t **out)
{
    bool has_chip = false;
    uint32_t revision = 0;
    for (size_t i = 0; i < eli_stub_count; i++) {
        const eli_stub_t *stub = &eli_stubs[i];
        if (stub->chip != loader->_chip) {
            continue;
        }
        bool is_for_all = stub->min_revision == 0 && stub->max_revision == ELI_STUB_ANY_REVISION;
        if (!is_for_all && !has_chip) {
            RETURN_ON_ERROR(eli_chip_revision(loader, &revision));
        }
        has_chip = true;
        if (is_for_all || (revision >= stub->min_revision && revision <= stub->max_revision)) {
            *out = stub;
            return ESP_LOADER_SUCCESS;
        }
    }
    return refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, revision);
}

/* Secure download mode does not load RAM; the ROMs of some chips do not jump while secure boot is on. */
static esp_loader_error_t check_security(esp_loader_t *loader)
{
    if (loader->_is.secure_download) {
        return refuse(loader, ESP_LOADER_ERROR_SECURITY, 0);
    }
    if (eli_has(eli_target(loader), ELI_STUB_NOT_WITH_SECURE_BOOT)) {
        eli_security_t security;
        RETURN_ON_ERROR(eli_security_read(loader, &security));
        if ((security.flags & ELI_SECURITY_SECURE_BOOT) != 0) {
            return refuse(loader, ESP_LOADER_ERROR_SECURITY, security.flags);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t upload(esp_loader_t *loader, const eli_stub_segment_t *segment)
{
    uint32_t block_size = eli_limit_block_size(loader, ELI_RAM_BLOCK_SIZE);
    eli_reply_t reply;
    eli_command_t command = {
        .opcode = ELI_MEM_BEGIN,
        .words = {segment->size, eli_block_count(segment->size, block_size), block_size, segment->address},
        .word_count = 4};
    RETURN_ON_ERROR(eli_transact(loader, &command, segment->address, &reply));
    reply.next_number = 0;
    for (uint32_t done = 0; done < segment->size;) {
        uint32_t left = segment->size - done;
        const eli_block_t block = {.opcode = ELI_MEM_DATA,
                                   .sequence = reply.next_number,
                                   .data = segment->data + done,
                                   .size = left < block_size ? left : block_size};
        eli_block_command(&block, &command);
        RETURN_ON_ERROR(eli_transact(loader, &command, segment->address + done, &reply));
        done += block.size;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_stub_start(esp_loader_t *loader)
{
    const eli_stub_t *stub = NULL;
    loader->_detail.stage = ESP_LOADER_STAGE_STUB;
    RETURN_ON_ERROR(check_security(loader));
    RETURN_ON_ERROR(find(loader, &stub));
    RETURN_ON_ERROR(upload(loader, &stub->text));
    RETURN_ON_ERROR(upload(loader, &stub->data));

    /* The reply of the ROM may be lost in the jump; what counts is the start-up message. */
    const eli_command_t command = {.opcode = ELI_MEM_END,
                                   .words = {0 /* jump */, stub->entry},
                                   .word_count = 2,
                                   .is_answered_by_stub = true};
    RETURN_ON_ERROR(eli_transact(loader, &command, stub->entry, NULL));
    loader->_is.stub_running = true;
    return ESP_LOADER_SUCCESS;
}
