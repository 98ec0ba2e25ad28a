/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the flash parameters in an image's header while it passes by, and the SHA-256 that covers them.
 * The checksum byte covers segment data only and stays. Source: firmware image format document of
 * esptool 5.3.
 */
#include "image/image.h"

#include "digest/sha256.h"

#define NO_DIGEST UINT32_MAX

static bool is_nibble(uint8_t code)
{
    return code <= 0x0F || code == ESP_LOADER_FLASH_KEEP;
}

bool eli_flash_params_are_valid(const esp_loader_flash_params_t *params)
{
    return is_nibble(params->freq_code) && is_nibble(params->size_code);
}

bool eli_flash_params_keep_all(const esp_loader_flash_params_t *params)
{
    return params->mode_code == ESP_LOADER_FLASH_KEEP && params->freq_code == ESP_LOADER_FLASH_KEEP &&
           params->size_code == ESP_LOADER_FLASH_KEEP;
}

static bool is_changed(uint8_t code, uint8_t present)
{
    return code != ESP_LOADER_FLASH_KEEP && code != present;
}

bool eli_flash_params_change(const esp_loader_flash_params_t *params, const esp_loader_image_info_t *info)
{
    return is_changed(params->mode_code, info->flash_mode) ||
           is_changed(params->freq_code, info->flash_freq_code) ||
           is_changed(params->size_code, info->flash_size_code);
}

/* SHA-256 of the patched image up to its digest. */
static esp_loader_error_t compute_digest(const esp_loader_source_t *source,
                                         const esp_loader_image_patch_t *patch, uint32_t end,
                                         uint8_t out_digest[ESP_LOADER_SHA256_SIZE])
{
    uint8_t piece[ELI_IMAGE_PIECE_SIZE];
    eli_sha256_t sha;

    eli_sha256_init(&sha);
    for (uint32_t offset = 0; offset < end;) {
        uint32_t size = end - offset < sizeof(piece) ? end - offset : (uint32_t)sizeof(piece);
        RETURN_ON_ERROR(eli_source_read(source, offset, piece, size));
        esp_loader_image_patch_apply(patch, offset, piece, size);
        eli_sha256_update(&sha, piece, size);
        offset += size;
    }
    eli_sha256_finish(&sha, out_digest);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_image_patch_prepare(const esp_loader_source_t *source,
                                                  const esp_loader_flash_params_t *params,
                                                  esp_loader_image_patch_t *out_patch)
{
    eli_image_kind_t kind;
    esp_loader_image_info_t info;

    *out_patch = (esp_loader_image_patch_t){.params = *params, .digest_off = NO_DIGEST};
    if (!eli_flash_params_are_valid(params)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    RETURN_ON_ERROR(eli_source_kind(source, &kind));
    if (kind != ELI_IMAGE_EXECUTABLE || eli_flash_params_keep_all(params)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_image_walk(source, &info));
    if (info.has_flash_content || !eli_flash_params_change(params, &info)) {
        return ESP_LOADER_SUCCESS; /* an app of the ESP8266 is no bootloader; or there is nothing to change */
    }
    out_patch->is_active = true;
    if (info.has_digest) {
        uint32_t digest_off = eli_image_digest_off(&info);
        RETURN_ON_ERROR(compute_digest(source, out_patch, digest_off, out_patch->digest));
        out_patch->digest_off = digest_off;
    }
    return ESP_LOADER_SUCCESS;
}

static uint8_t patch_byte(const esp_loader_image_patch_t *patch, uint32_t offset, uint8_t byte)
{
    const esp_loader_flash_params_t *params = &patch->params;

    if (offset == ELI_IMAGE_FLASH_MODE_OFF && params->mode_code != ESP_LOADER_FLASH_KEEP) {
        return params->mode_code;
    }
    if (offset == ELI_IMAGE_FLASH_SIZE_FREQ_OFF) {
        uint8_t size = params->size_code != ESP_LOADER_FLASH_KEEP ? params->size_code : byte >> 4;
        uint8_t freq = params->freq_code != ESP_LOADER_FLASH_KEEP ? params->freq_code : byte & 0x0F;
        return (uint8_t)(size << 4 | freq);
    }
    if (offset >= patch->digest_off && offset - patch->digest_off < sizeof(patch->digest)) {
        return patch->digest[offset - patch->digest_off];
    }
    return byte;
}

esp_loader_error_t esp_loader_image_patch_prepare_at(const esp_loader_source_t *source, uint32_t image_off,
                                                     const esp_loader_flash_params_t *params,
                                                     esp_loader_image_patch_t *out_patch)
{
    esp_loader_view_t view;
    const esp_loader_source_t image = esp_loader_view(&view, source, image_off);

    RETURN_ON_ERROR(esp_loader_image_patch_prepare(&image, params, out_patch));
    out_patch->image_off = image_off;
    return ESP_LOADER_SUCCESS;
}

void esp_loader_image_patch_apply(const esp_loader_image_patch_t *patch, uint32_t offset, uint8_t *data,
                                  size_t size)
{
    for (size_t i = 0; patch->is_active && i < size; i++) {
        if (offset + i >= patch->image_off) {
            data[i] = patch_byte(patch, (uint32_t)(offset + i - patch->image_off), data[i]);
        }
    }
}
