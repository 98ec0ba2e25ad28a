/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading images through their patch.
 */
#include "files/patched.h"

esp_loader_error_t patched_open(patched_t *patched, const esp_loader_image_t *image, target_chip_t chip,
                                const esp_loader_flash_params_t *params)
{
    *patched = (patched_t){.image = image};
    const uint32_t place = esp_loader_chip_bootloader_offset(chip);

    if (params == NULL || image->is_raw || place < image->offset ||
        place - image->offset >= image->source.size) {
        return ESP_LOADER_SUCCESS;
    }
    return esp_loader_image_patch_prepare_at(&image->source, place - image->offset, params, &patched->patch);
}

esp_loader_error_t patched_read(const patched_t *patched, uint32_t offset, void *buf, size_t size)
{
    const esp_loader_source_t *source = &patched->image->source;

    RETURN_ON_ERROR(source->read(source->ctx, offset, buf, size));
    if (patched->patch.is_active) {
        esp_loader_image_patch_apply(&patched->patch, offset, buf, size);
    }
    return ESP_LOADER_SUCCESS;
}
