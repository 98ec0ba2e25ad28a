/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_BURN_REFUSAL_H
#define CLI_BURN_REFUSAL_H

#include "esp_loader_efuse_plan.h"

/** Why something is not burnt, in words. */
const char *burn_refusal_text(esp_loader_efuse_refusal_t refusal);

#endif
