/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "source.h"

#include <string.h>

static esp_loader_error_t read_checked(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const fuzz_input_t *input = ctx;
    FUZZ_CHECK(offset <= input->size && size <= input->size - offset);
    if (size > 0) {
        memcpy(buf, input->data + offset, size);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_source_t fuzz_source(const fuzz_input_t *input)
{
    union {
        const fuzz_input_t *from;
        void *to;
    } ctx = {input};
    return (esp_loader_source_t){.read = read_checked, .ctx = ctx.to, .size = (uint32_t)input->size};
}
