/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stub that is built in for a chip and its revision. In a file of its own: a program that calls this links all of them.
 */
#include "stub/stub.h"

#include "common/count_of.h"
#include "session/chip.h"
#include "session/stub.h"

static esp_loader_error_t find(esp_loader_t *loader, const eli_stub_t **out)
{
    bool is_known = false;
    uint32_t revision = 0;
    for (const eli_stub_t *row = eli_stubs; row < eli_stubs + eli_stub_count; row++) {
        if (row->chip != loader->_chip) {
            continue;
        }
        if (row->min_revision != 0 && !is_known) {
            RETURN_ON_ERROR(eli_chip_revision(loader, &revision));
            is_known = true;
        }
        if (revision >= row->min_revision) {
            *out = row;
            return ESP_LOADER_SUCCESS;
        }
    }
    return eli_stub_refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, revision);
}

static esp_loader_error_t start(esp_loader_t *loader, const eli_stub_t *stub)
{
    const esp_loader_bin_segment_t segments[] = {
        {stub->text_addr, stub->text_size, stub->image},
        {stub->data_addr, stub->data_size, stub->image + stub->text_size},
    };
    return eli_stub_start(loader, stub->text_addr + stub->entry_off, segments, ELI_COUNT_OF(segments));
}

esp_loader_error_t esp_loader_connect_with_stub(esp_loader_t *loader, esp_loader_connect_args_t *connect_args)
{
    const eli_stub_t *stub = NULL;
    eli_stub_begin(loader);
    if (!ELI_KNOWS_STUBS || eli_stub_count == 0) {
        return eli_stub_refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0);
    }
    RETURN_ON_ERROR(eli_stub_prepare(loader, connect_args));
    if (eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(find(loader, &stub));
    RETURN_ON_ERROR(start(loader, stub));
    loader->_is.stub_running = ELI_STUB_BUNDLED;
    return ESP_LOADER_SUCCESS;
}
