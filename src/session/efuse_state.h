/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a burn has to know of the target before it begins.
 */
#ifndef ELI_EFUSE_STATE_H
#define ELI_EFUSE_STATE_H

#include "esp_loader_efuse_plan.h"
#include "target/efuse_layout.h"

/** Begins an operation on eFuses. */
esp_loader_error_t eli_efuse_enter(esp_loader_t *loader, const eli_efuse_layout_t **out_layout);

/** Begins it, and reads what the target holds.
 *  @param blocks  a bit for each block that is read */
esp_loader_error_t eli_efuse_read_state(esp_loader_t *loader, uint32_t blocks, esp_loader_efuse_state_t *out);

#endif
