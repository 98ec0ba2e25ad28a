/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The content after an image, outside of the plan. No checksum covers the words of BEGIN. A ROM has been told
 * that the flash ends with the image (session/spi_flash.c); a stub takes any size: it erases just ahead of
 * the data, but 64 KiB at once where the size says that they are all to be written. So it is asked before the
 * first erase and at the end whether the first thing after the image is still there: an erase that goes too
 * far begins with it. What is blank cannot be lost.
 */
#include <string.h>

#include "plan/plan.h"

#define SECTOR ELI_SECTOR_SIZE
#define REACH  ELI_ERASE_BLOCK_SIZE

static uint32_t end_of(const esp_loader_image_t *image)
{
    return (image->offset + image->source.size + SECTOR - 1) / SECTOR * SECTOR;
}

/* The first sector from @p at on that is in no image. Images come in any order: each round may pass one. */
static uint32_t skip_images(const eli_plan_t *plan, uint32_t at)
{
    for (size_t round = 0; round < plan->count; round++) {
        for (size_t i = 0; i < plan->count; i++) {
            if (at >= plan->images[i].offset && at < end_of(&plan->images[i])) {
                at = end_of(&plan->images[i]);
            }
        }
    }
    return at;
}

/* Where the next image begins, at most @p end. */
static uint32_t next_image(const eli_plan_t *plan, uint32_t at, uint32_t end)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->images[i].offset >= at && plan->images[i].offset < end) {
            end = plan->images[i].offset;
        }
    }
    return end;
}

/* The recorded digest must be right, or a loss would be reported that did not happen: it is asked for twice,
 * and both answers have to be the same. */
static esp_loader_error_t confirm(eli_plan_t *plan)
{
    eli_neighbour_t *neighbour = &plan->neighbour;
    uint8_t again[ESP_LOADER_MD5_SIZE];
    bool is_doubtful;
    eli_sent_t sent;

    RETURN_ON_ERROR(eli_md5_send(plan->loader, neighbour->offset, neighbour->size, &sent));
    RETURN_ON_ERROR(eli_md5_collect(plan->loader, &sent, again, &is_doubtful));
    if (memcmp(again, neighbour->digest, sizeof(again)) == 0) {
        return ESP_LOADER_SUCCESS;
    }
    return eli_fail_here(plan->loader, ESP_LOADER_ERROR_MALFORMED_REPLY, neighbour->offset, neighbour->size);
}

esp_loader_error_t eli_plan_note_neighbour(eli_plan_t *plan)
{
    eli_neighbour_t *neighbour = &plan->neighbour;
    uint32_t at = end_of(plan->image);
    uint32_t end = eli_flash_reach(plan->loader);

    if (end > at && end - at > REACH) {
        end = at + REACH;
    }
    for (uint32_t size = SECTOR; (at = skip_images(plan, at)) < end; at += neighbour->size) {
        neighbour->offset = at;
        neighbour->size = next_image(plan, at, end - at < size ? end : at + size) - at;
        size = REACH;
        RETURN_ON_ERROR(eli_flash_md5(plan->loader, at, neighbour->size, neighbour->digest));
        if (!eli_plan_is_blank(neighbour->digest, neighbour->size)) {
            return confirm(plan);
        }
    }
    neighbour->size = 0;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_plan_check_neighbour(eli_plan_t *plan)
{
    const eli_neighbour_t *neighbour = &plan->neighbour;

    if (neighbour->size == 0) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err =
        eli_flash_verify(plan->loader, neighbour->offset, neighbour->size, neighbour->digest);
    if (err == ESP_LOADER_ERROR_INVALID_MD5) {
        plan->loader->_detail.fault = ESP_LOADER_FAULT_ERASED_BEYOND;
    }
    return err;
}
