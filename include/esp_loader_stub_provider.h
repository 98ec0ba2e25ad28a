/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flasher stubs that the program brings, or chooses. Part of esp_loader.h.
 */
#ifndef ESP_LOADER_STUB_PROVIDER_H
#define ESP_LOADER_STUB_PROVIDER_H

#include <stddef.h>

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A flasher stub: a program that is loaded into the target's RAM and flashes faster than its ROM. Those that are
 * built in: esp_loader_stubs.h. */
typedef struct {
    esp_loader_bin_header_t header;           /**< only entrypoint is used */
    const esp_loader_bin_segment_t *segments; /**< what is loaded before it starts, in this order */
    size_t segment_count;                     /**< at least 1 */
} esp_stub_t;

/** Chooses the flasher stub of a target, for esp_loader_connect_with_stub_provider(). The ROM loader answers on
 * @p loader, so registers can be read and the security information asked for.
 *  @param chip  the chip that was found
 *  @param ctx   as it was passed to the connect function
 *  @return what stays valid, with its segments and their data, until the connect function returns; NULL = none */
typedef const esp_stub_t *(*esp_loader_stub_provider_t)(esp_loader_t *loader, target_chip_t chip, void *ctx);

/** As esp_loader_connect(), then loads the stub that @p provider returns into the target's RAM and starts it. The
 * provider is called once, when the chip is known; not at all if a stub is already running, which is used as it is.
 * Only these stubs are linked that the program names. Later the session may need a stub again: after a reset,
 * esp_loader_raise_rate() loads the one that is built in. Blocks up to 3 s more per 6 KiB of stub.
 *  @param ctx  passed to @p provider
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no provider (the target was not touched), or what it returned is no
 *                                             stub: without entry point or segments, all of them empty, or one
 *                                             without its data. Nothing was loaded
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP  the provider returned NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: the target's security settings do not allow a stub to
 *                                             run. With no other cause: this build cannot talk to a stub, because it
 *                                             has none and ESP_LOADER_KNOWS_STUBS is not defined; the target was not
 *                                             touched. Stage STUB
 *  @retval ESP_LOADER_ERROR_TIMEOUT           stage STUB: the stub was uploaded but sent no start-up message
 *                                             (`OHAI`)
 *  @return otherwise as esp_loader_connect() */
esp_loader_error_t esp_loader_connect_with_stub_provider(esp_loader_t *loader,
                                                         esp_loader_connect_args_t *connect_args,
                                                         esp_loader_stub_provider_t provider, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
