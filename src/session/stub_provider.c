/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A stub that the program brings.
 */
#include "session/chip.h"
#include "session/stub.h"

/* Is there something to load, and are all bytes of it there? */
static bool is_complete(const esp_stub_t *stub)
{
    bool has_content = false;
    if (stub->header.entrypoint == 0 || stub->segments == NULL) {
        return false;
    }
    for (size_t i = 0; i < stub->segment_count; i++) {
        if (stub->segments[i].size != 0) {
            if (stub->segments[i].data == NULL) {
                return false;
            }
            has_content = true;
        }
    }
    return has_content;
}

esp_loader_error_t esp_loader_connect_with_stub_provider(esp_loader_t *loader,
                                                         esp_loader_connect_args_t *connect_args,
                                                         esp_loader_stub_provider_t provider, void *ctx)
{
    eli_stub_begin(loader);
    if (provider == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    if (!ELI_KNOWS_STUBS) {
        return eli_stub_refuse(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0);
    }
    RETURN_ON_ERROR(eli_stub_prepare(loader, connect_args));
    if (eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS;
    }
    loader->_is.connected = true; /* for what the provider asks of the target, which its ROM loader answers */
    const esp_stub_t *stub = provider(loader, loader->_chip, ctx);
    loader->_is.connected = false;
    eli_forget_failure(loader, ESP_LOADER_STAGE_STUB); /* of a question that the provider could do without */
    if (stub == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, 0, 0);
    }
    if (!is_complete(stub)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    return eli_stub_start(loader, stub->header.entrypoint, stub->segments, stub->segment_count);
}
