/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loading RAM, for those who load a stub.
 */
#ifndef ELI_MEMORY_H
#define ELI_MEMORY_H

#include "session/core.h"

/** Announces what is to be loaded to the ROM. */
esp_loader_error_t eli_mem_begin(esp_loader_t *loader, const esp_loader_blocks_t *blocks);

#endif
