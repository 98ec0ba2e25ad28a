/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the two ways to a flasher stub have in common: one that is built in, and one that the program brings.
 */
#ifndef ELI_SESSION_STUB_H
#define ELI_SESSION_STUB_H

#include "session/core.h"

/** Forgets the target of an earlier connect: what is refused before the next one leaves the session unconnected. */
void eli_stub_begin(esp_loader_t *loader);

/** Why no stub can be started, at stage STUB.
 *  @return ESP_LOADER_ERROR_UNSUPPORTED_FUNC */
esp_loader_error_t eli_stub_refuse(esp_loader_t *loader, esp_loader_error_t cause, uint32_t value);

/** Connects. Unless a stub is running already (eli_is_stub()), the session does not count as connected then, and the
 * target's security settings let a stub run.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  they do not */
esp_loader_error_t eli_stub_prepare(esp_loader_t *loader, esp_loader_connect_args_t *connect_args);

/** Loads a stub, one whose content has been checked, and starts it; the session is connected then. */
esp_loader_error_t eli_stub_start(esp_loader_t *loader, uint32_t entrypoint,
                                  const esp_loader_bin_segment_t *segments, size_t count);

#endif
