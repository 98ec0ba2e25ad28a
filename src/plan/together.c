/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Images that follow each other in the plan and sector by sector in flash are flashed as one: compared,
 * erased and verified together, with erased flash where one ends inside a sector. So 64 KiB blocks are
 * erased at once, and one question covers several images, wherever they are cut. Reports and events stay
 * those of each image.
 */
#include <string.h>

#include "plan/plan.h"

#define SECTOR ELI_SECTOR_SIZE

/* ---- which ones ---- */

static void take(eli_plan_t *plan, size_t together)
{
    const size_t last = plan->index + together - 1;

    plan->image = &plan->images[plan->index];
    plan->together = together;
    plan->joined = (esp_loader_image_t){.offset = plan->image->offset};
    plan->joined.source.size = eli_plan_end_of(plan, last);
    plan->image = together > 1 ? &plan->joined : plan->image;
}

static esp_loader_error_t compare(eli_plan_t *plan, uint32_t start, uint32_t end, bool *out_is_equal)
{
    uint8_t ours[ESP_LOADER_MD5_SIZE];
    uint8_t theirs[ESP_LOADER_MD5_SIZE];

    RETURN_ON_ERROR(eli_flash_md5(plan->loader, plan->image->offset + start, end - start, theirs));
    RETURN_ON_ERROR(eli_plan_hash_image(plan, start, end - start, ours));
    *out_is_equal = memcmp(ours, theirs, sizeof(ours)) == 0;
    return ESP_LOADER_SUCCESS;
}

/* Is there content after the image before the last one, in its last sector, that would stay if they were not
 * flashed as one? It goes anyway where that sector is written. Where nobody knows, it stays. */
static bool would_lose(eli_plan_t *plan)
{
    const size_t index = plan->index + plan->together - 2;
    const uint32_t end = eli_plan_end_of(plan, index);
    const uint32_t start = (end - 1) / SECTOR * SECTOR;
    bool is_equal = false;

    if (end == start + SECTOR || plan->options->rewrite_equal || !eli_flash_has_md5(plan->loader)) {
        return false;
    }
    esp_loader_error_t err = compare(plan, start, start + SECTOR, &is_equal);
    if (err == ESP_LOADER_SUCCESS && is_equal) {
        return false;
    }
    if (err == ESP_LOADER_SUCCESS) {
        err = compare(plan, start, end, &is_equal);
    }
    eli_forget_failure(plan->loader, ESP_LOADER_STAGE_VERIFY); /* what is wrong shows when it is flashed */
    return err != ESP_LOADER_SUCCESS || is_equal;
}

/* An image that brings its own zlib stream is sent as a whole. A ROM that may erase one sector more than it
 * is asked for was checked image by image. */
static bool can_join(const eli_plan_t *plan)
{
    const size_t last = plan->index + plan->together - 1;
    const esp_loader_image_t *image = &plan->images[last];
    const uint32_t end = image->offset + image->source.size;

    return last + 1 < plan->count && image[1].offset >= end && image[1].offset - end < SECTOR &&
           image[0].deflated.size == 0 && image[1].deflated.size == 0 &&
           (eli_is_stub(plan->loader) || !eli_has(eli_target(plan->loader), ELI_ROM_ERASES_HEAD_TWICE));
}

esp_loader_error_t eli_plan_join(eli_plan_t *plan)
{
    RETURN_ON_ERROR(eli_plan_prepare_patch(plan, plan->index));
    while (can_join(plan)) {
        take(plan, plan->together + 1);
        if (would_lose(plan)) {
            take(plan, plan->together - 1);
            break;
        }
        RETURN_ON_ERROR(eli_plan_prepare_patch(plan, plan->index + plan->together - 1));
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- reports and events ---- */

void eli_plan_count_sectors(eli_plan_t *plan, uint32_t start, uint32_t end, bool is_erased)
{
    for (size_t i = eli_plan_index_at(plan, start); start < end; i++) {
        uint32_t next = eli_plan_share_of(plan, i, end);
        esp_loader_image_report_t *report = eli_plan_report(plan, i);
        report->result = ESP_LOADER_IMAGE_WRITTEN;
        report->sectors_erased += is_erased ? (next - start + SECTOR - 1) / SECTOR : 0;
        start = next;
    }
}

void eli_plan_count_sent(eli_plan_t *plan, uint32_t start, uint32_t end, uint32_t bytes)
{
    for (size_t i = eli_plan_index_at(plan, start); start < end; i++) {
        uint32_t next = eli_plan_share_of(plan, i, end);
        uint32_t share = (uint32_t)((uint64_t)bytes * (next - start) / (end - start));
        eli_plan_report(plan, i)->bytes_sent += share;
        bytes -= share;
        start = next;
    }
}

void eli_plan_show_rest(eli_plan_t *plan)
{
    if (plan->shown != plan->count && plan->shown_end < eli_plan_end_of(plan, plan->shown)) {
        eli_plan_notify(plan, ESP_LOADER_PLAN_WRITE, plan->shown, eli_plan_end_of(plan, plan->shown));
    }
    plan->shown = plan->count;
}

void eli_plan_show_written(eli_plan_t *plan, uint32_t start, uint32_t end)
{
    size_t i = eli_plan_index_at(plan, start);

    do {
        if (i != plan->shown) {
            eli_plan_show_rest(plan);
            plan->shown = i;
            eli_plan_notify(plan, ESP_LOADER_PLAN_WRITE, i, eli_plan_start_of(plan, i));
        }
        uint32_t next = eli_plan_share_of(plan, i, end);
        if (next > start) {
            eli_plan_notify(plan, ESP_LOADER_PLAN_WRITE, i, next);
        }
        plan->shown_end = next;
        start = next;
        i++;
    } while (start < end);
}

/* ---- what went wrong ---- */

esp_loader_error_t eli_plan_find_damaged(eli_plan_t *plan, esp_loader_error_t err)
{
    esp_loader_error_detail_t detail = plan->loader->_detail;
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    bool is_of_content = detail.fault == ESP_LOADER_FAULT_NONE &&
                         (err == ESP_LOADER_ERROR_INVALID_MD5 || err == ESP_LOADER_ERROR_SOURCE);

    for (size_t i = plan->index; is_of_content && plan->together > 1 && i < plan->index + plan->together;
         i++) {
        const esp_loader_image_t *image = &plan->images[i];
        if (eli_plan_hash_image(plan, eli_plan_start_of(plan, i), image->source.size, digest) !=
                ESP_LOADER_SUCCESS ||
            eli_flash_verify(plan->loader, image->offset, image->source.size, digest) != ESP_LOADER_SUCCESS) {
            detail.address = image->offset;
            break;
        }
    }
    plan->loader->_detail = detail;
    return err;
}
