/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The content of the image at hand: its digest, whether the flash holds it, which sectors of it are empty.
 */
#include <string.h>

#include "plan/plan.h"

#define PEEK_SIZE 64u /* what is read of a sector to see whether it may be empty */

esp_loader_error_t eli_plan_hash_image(eli_plan_t *plan, uint32_t start, uint32_t size,
                                       uint8_t out[ESP_LOADER_MD5_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    for (uint32_t done = 0; done < size;) {
        uint32_t piece = size - done < plan->block_size ? size - done : plan->block_size;
        RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_VERIFY, start + done));
        RETURN_ON_ERROR(
            eli_plan_read(plan, ESP_LOADER_STAGE_VERIFY, start + done, plan->options->buffer, piece));
        esp_loader_md5_update(&md5, plan->options->buffer, piece);
        done += piece;
    }
    esp_loader_md5_finish(&md5, out);
    return ESP_LOADER_SUCCESS;
}

/* A digest that differs from the one taken when writing began has two possible causes: the flash is wrong, or
 * the image has changed. */
esp_loader_error_t eli_plan_verify(eli_plan_t *plan)
{
    const uint32_t size = plan->image->source.size;
    uint8_t now[ESP_LOADER_MD5_SIZE];

    esp_loader_error_t err = eli_flash_verify(plan->loader, plan->image->offset, size, plan->digest);
    if (err != ESP_LOADER_ERROR_INVALID_MD5) {
        return err;
    }
    const esp_loader_error_detail_t detail = *esp_loader_error_detail(plan->loader);
    RETURN_ON_ERROR(eli_plan_hash_image(plan, 0, size, now));
    if (memcmp(now, plan->digest, sizeof(now)) != 0) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_VERIFY, 0, 0);
    }
    plan->loader->_detail = detail;
    return err;
}

esp_loader_error_t eli_plan_is_empty(eli_plan_t *plan, uint32_t offset, bool *out_is_empty)
{
    uint32_t left = plan->image->source.size - offset;
    uint32_t size = left < ELI_SECTOR_SIZE ? left : ELI_SECTOR_SIZE;
    uint8_t *buffer = plan->options->buffer;
    uint32_t piece = PEEK_SIZE;

    *out_is_empty = true;
    for (uint32_t done = 0; done < size && *out_is_empty; done += piece) {
        piece = done == 0 ? PEEK_SIZE : plan->block_size;
        piece = size - done < piece ? size - done : piece;
        RETURN_ON_ERROR(eli_plan_read(plan, ESP_LOADER_STAGE_WRITE, offset + done, buffer, piece));
        for (uint32_t i = 0; i < piece && *out_is_empty; i++) {
            *out_is_empty = buffer[i] == 0xFF;
        }
    }
    return ESP_LOADER_SUCCESS;
}
