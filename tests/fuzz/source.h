/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An image's bytes as a source that fails when it is asked for what it does not have.
 */
#ifndef FUZZ_SOURCE_H
#define FUZZ_SOURCE_H

#include "esp_loader_image.h"
#include "fuzz.h"

/* @p input must stay as it is while the source is used. */
esp_loader_source_t fuzz_source(const fuzz_input_t *input);

#endif
