/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An image as it is in the flash: the bytes of its file, with the flash parameters asked for if it is the
 * bootloader.
 */
#ifndef CLI_PATCHED_H
#define CLI_PATCHED_H

#include "esp_loader_plan.h"

typedef struct {
    const esp_loader_image_t *image;
    esp_loader_image_patch_t patch;
} patched_t;

/** @param params  NULL = leave the image as it is; else they change it if it has what is at the
 *                 bootloader's offset of @p chip
 *  @return as esp_loader_image_patch_prepare() */
esp_loader_error_t patched_open(patched_t *patched, const esp_loader_image_t *image, target_chip_t chip,
                                const esp_loader_flash_params_t *params);

/** Reads @p size bytes at @p offset of the image; the error is the file's. */
esp_loader_error_t patched_read(const patched_t *patched, uint32_t offset, void *buf, size_t size);

#endif
