/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan: one image after the other, each compared, written where it differs, and reported.
 */
#include "plan/plan.h"

/* ---- one image ---- */

/* The flash itself, rather than the way to it. ROM: write, read; stub: SPI operation, unlocking. */
static bool is_flash_failure(const esp_loader_error_detail_t *detail)
{
    return detail->target_reason == 0x08 || detail->target_reason == 0x09 || detail->target_status == 0xC4 ||
           detail->target_status == 0xC5;
}

/* What a link can do to commands and replies. */
static bool is_link_failure(const esp_loader_error_detail_t *detail)
{
    switch (detail->cause) {
    case ESP_LOADER_ERROR_TIMEOUT:
    case ESP_LOADER_ERROR_CHECKSUM:
    case ESP_LOADER_ERROR_MALFORMED_REPLY:
    case ESP_LOADER_ERROR_UNSUPPORTED_FUNC:
        return true;
    case ESP_LOADER_ERROR_INVALID_MD5:
        return detail->fault == ESP_LOADER_FAULT_NONE;
    case ESP_LOADER_ERROR_TARGET_STATUS:
        return !is_flash_failure(detail);
    default:
        return false;
    }
}

/* May comparing once more, and writing what is not there, help? After a failure of the link it may, as long
 * as less is missing each time. */
static bool can_go_on(eli_plan_t *plan)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(plan->loader);
    bool is_nearer = plan->sectors_left < plan->failed_left;

    plan->failed_left = plan->sectors_left;
    plan->is_repeated = true;
    return is_nearer && plan->loader->_is.connected && is_link_failure(detail);
}

static esp_loader_error_t flash_part(eli_plan_t *plan, uint32_t start, uint32_t end)
{
    eli_changes_t changes;

    eli_changes_begin(&changes, start, end);
    if (!plan->options->rewrite_equal || plan->is_repeated) {
        RETURN_ON_ERROR(eli_plan_compare(plan, &changes));
    }
    plan->sectors_left = (plan->image->source.size - end) / ELI_SECTOR_SIZE + eli_changes_count(&changes);
    RETURN_ON_ERROR(eli_plan_raise_rate(plan, plan->sectors_left));
    return eli_plan_write(plan, &changes);
}

static esp_loader_image_result_t result_of(const eli_plan_t *plan)
{
    if (plan->report.sectors_erased == 0 && plan->report.bytes_sent == 0) {
        return ESP_LOADER_IMAGE_EQUAL;
    }
    if (plan->options->skip_verify) {
        return ESP_LOADER_IMAGE_WRITTEN;
    }
    return eli_plan_verifies(plan) ? ESP_LOADER_IMAGE_VERIFIED : ESP_LOADER_IMAGE_UNVERIFIED;
}

/* Part by part, and then all of it is verified. What fails is begun again where it was, the whole image when
 * it is not what it should be. */
static esp_loader_error_t flash_image(eli_plan_t *plan)
{
    const uint32_t part_size = ELI_WINDOW_SECTORS * ELI_SECTOR_SIZE;
    const uint32_t size = plan->image->source.size;
    uint32_t start = 0;

    RETURN_ON_ERROR(eli_plan_prepare_patch(plan));
    for (;;) {
        uint32_t end = size - start < part_size ? size : start + part_size;
        bool is_last = start == size;
        esp_loader_error_t err = ESP_LOADER_SUCCESS;

        if (!is_last) {
            err = flash_part(plan, start, end);
        } else if (plan->is_writing && eli_plan_verifies(plan)) {
            eli_plan_notify(plan, ESP_LOADER_PLAN_VERIFY, size);
            err = eli_plan_verify(plan);
            if (err == ESP_LOADER_SUCCESS && eli_is_stub(plan->loader)) {
                err = eli_plan_check_neighbour(plan);
            }
        }
        if (err != ESP_LOADER_SUCCESS) {
            if (is_link_failure(esp_loader_error_detail(plan->loader)) && eli_plan_lower_rate(plan)) {
                plan->failed_left = UINT32_MAX;
                plan->is_repeated = true;
            } else if (!can_go_on(plan)) {
                return err;
            }
            start = is_last ? 0 : start;
        } else if (is_last) {
            break;
        } else {
            start = end;
        }
    }
    if (plan->is_writing && plan->written_end != size) {
        eli_plan_notify(plan, ESP_LOADER_PLAN_WRITE, size); /* what follows was there already */
    }
    plan->report.result = result_of(plan);
    return ESP_LOADER_SUCCESS;
}

/* ---- the whole plan ---- */

static esp_loader_image_report_t empty_report(const esp_loader_image_t *image)
{
    return (esp_loader_image_report_t){.result = ESP_LOADER_IMAGE_NOT_STARTED, .bytes = image->source.size};
}

static void select_image(eli_plan_t *plan, size_t index)
{
    plan->index = index;
    plan->image = &plan->images[index];
    plan->report = empty_report(plan->image);
    plan->is_writing = false;
    plan->is_repeated = false;
    plan->sectors_left = 0;
    plan->failed_left = UINT32_MAX;
}

static void keep_report(eli_plan_t *plan)
{
    if (plan->reports != NULL) {
        plan->reports[plan->index] = plan->report;
    }
}

/* Largest power of two that buffer and loader can take. */
static uint32_t choose_block_size(const eli_plan_t *plan)
{
    uint32_t size = ELI_MAX_BLOCK_SIZE;

    while (size > plan->options->buffer_size || size > eli_flash_block_size(plan->loader)) {
        size /= 2;
    }
    return size;
}

/* Adds to a failure which image it concerns. */
static esp_loader_error_t attribute(eli_plan_t *plan, esp_loader_error_t err)
{
    if (err != ESP_LOADER_SUCCESS) {
        plan->loader->_detail.image = (int32_t)plan->index;
        plan->report.result = ESP_LOADER_IMAGE_FAILED;
        plan->report.error = plan->loader->_detail.cause;
        keep_report(plan);
    }
    return err;
}

static esp_loader_error_t check_target(eli_plan_t *plan)
{
    RETURN_ON_ERROR(eli_plan_read_target(plan));
    for (size_t i = 0; i < plan->count; i++) {
        select_image(plan, i);
        RETURN_ON_ERROR(attribute(plan, eli_plan_check_image(plan)));
    }
    RETURN_ON_ERROR(attribute(plan, eli_plan_check_target_table(plan)));
    return attribute(plan, eli_plan_check_size(plan));
}

static esp_loader_error_t flash_one(eli_plan_t *plan)
{
    uint32_t started_ms = eli_now_ms(plan->loader);
    esp_loader_error_t err = flash_image(plan);

    plan->report.time_ms += eli_now_ms(plan->loader) - started_ms;
    RETURN_ON_ERROR(attribute(plan, err));
    keep_report(plan);
    eli_plan_notify(plan, ESP_LOADER_PLAN_DONE, plan->image->source.size);
    return ESP_LOADER_SUCCESS;
}

/* No checksum covers the words of an erase: one damaged bit, and it hits other content. An image that it has
 * hit is flashed once more. */
static esp_loader_error_t look_again(eli_plan_t *plan, size_t index)
{
    uint32_t started_ms = eli_now_ms(plan->loader);

    select_image(plan, index);
    if (plan->reports != NULL) {
        plan->report = plan->reports[index];
    }
    esp_loader_error_t err = eli_plan_prepare_patch(plan);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_plan_hash_image(plan, 0, plan->image->source.size, plan->digest);
    }
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_plan_verify(plan);
    }
    plan->report.time_ms += eli_now_ms(plan->loader) - started_ms;
    if (err != ESP_LOADER_SUCCESS) {
        return can_go_on(plan) ? flash_one(plan) : attribute(plan, err);
    }
    keep_report(plan);
    return ESP_LOADER_SUCCESS;
}

/* Looks at every image that was last seen before the last erase. Right after the run these are the ones
 * before the image that was erased last; after another erase all but its own. */
static esp_loader_error_t look_at_all_again(eli_plan_t *plan)
{
    size_t left = plan->erased_last < plan->count ? plan->erased_last : 0;
    size_t repeats = 0;

    for (size_t i = 0; left > 0; i = (i + 1) % plan->count) {
        plan->erased_last = plan->count;
        RETURN_ON_ERROR(look_again(plan, i));
        left--;
        if (plan->erased_last != plan->count) {
            left = plan->count - 1;
            if (++repeats > plan->count) {
                return attribute(
                    plan, eli_plan_fail(plan, ESP_LOADER_ERROR_INVALID_MD5, ESP_LOADER_STAGE_VERIFY, 0, 0));
            }
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash_all(eli_plan_t *plan)
{
    plan->block_size = choose_block_size(plan);
    eli_plan_begin_rate(plan);
    eli_plan_choose_costs(plan);
    plan->erased_last = plan->count;
    for (size_t i = 0; i < plan->count; i++) {
        select_image(plan, i);
        RETURN_ON_ERROR(flash_one(plan));
    }
    return eli_plan_verifies(plan) ? look_at_all_again(plan) : ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_plan_run(esp_loader_t *loader, const esp_loader_image_t *images, size_t count,
                                       const esp_loader_plan_options_t *options,
                                       esp_loader_image_report_t *reports)
{
    eli_plan_t plan = {.loader = loader,
                       .images = images,
                       .count = count,
                       .options = options,
                       .reports = reports,
                       .check = {.images = images, .count = count}};

    for (size_t i = 0; images != NULL && reports != NULL && i < count; i++) {
        reports[i] = empty_report(&images[i]);
    }
    esp_loader_error_t err = eli_check_all(&plan.check, options);
    loader->_detail = plan.check.detail;
    if (err != ESP_LOADER_SUCCESS) {
        if (reports != NULL && loader->_detail.image >= 0) {
            reports[loader->_detail.image].result = ESP_LOADER_IMAGE_FAILED;
            reports[loader->_detail.image].error = loader->_detail.cause;
        }
        return err;
    }
    RETURN_ON_ERROR(check_target(&plan));
    return eli_plan_end_rate(&plan, attribute(&plan, eli_plan_check_size_again(&plan, flash_all(&plan))));
}
