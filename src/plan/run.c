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

/* Over USB-Serial/JTAG a ROM holds the sender back when it is busy, so it gets large blocks, if there is room for two. Not
 * in secure download mode, whose commands are carried out by code of their own. */
static bool takes_large_blocks(const eli_plan_t *plan)
{
    const esp_loader_t *loader = plan->loader;
    return !eli_is_stub(loader) && !loader->_is.secure_download && !plan->has_small_blocks &&
           eli_port_link_kind(loader) == ESP_LOADER_LINK_USB_SERIAL_JTAG &&
           plan->options->buffer_size >= 4 * ELI_PAD_SIZE;
}

/* What the loader takes, or the largest power of two that fits into the buffer. */
static void choose_block_size(eli_plan_t *plan)
{
    size_t half = plan->options->buffer_size / 2;
    uint32_t size = ELI_MAX_BLOCK_SIZE;

    while (size > plan->options->buffer_size || size > eli_flash_block_size(plan->loader)) {
        size /= 2;
    }
    if (takes_large_blocks(plan)) {
        size = half < ELI_ROM_LARGE_BLOCK_SIZE ? (uint32_t)half / ELI_PAD_SIZE * ELI_PAD_SIZE
                                               : ELI_ROM_LARGE_BLOCK_SIZE;
    }
    plan->block_size = size;
    eli_plan_choose_costs(plan);
}

/* A ROM that has trouble with large blocks, or a link, gets those of 1 KiB from here on. */
static bool take_small_blocks(eli_plan_t *plan)
{
    bool is_large = plan->block_size > eli_flash_block_size(plan->loader);

    if (is_large && plan->loader->_is.connected) {
        plan->has_small_blocks = true;
        choose_block_size(plan);
    }
    return is_large && plan->has_small_blocks;
}

/* ---- larger pieces ---- */

static void begin_pieces(const esp_loader_plan_options_t *options)
{
    if (options != NULL && options->pieces != NULL) {
        options->pieces->result = ESP_LOADER_PIECES_UNUSED;
        options->pieces->is_left = false;
        options->pieces->_is_changing = false;
    }
}

/* May what is wrong in the flash come from them? Then the rest is written without. */
static bool give_up_pieces(eli_plan_t *plan)
{
    esp_loader_pieces_t *pieces = plan->options->pieces;
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(plan->loader);

    if (pieces == NULL || pieces->result != ESP_LOADER_PIECES_USED ||
        !(is_flash_failure(detail) ||
          (detail->cause == ESP_LOADER_ERROR_INVALID_MD5 && is_link_failure(detail)))) {
        return false;
    }
    pieces->result = ESP_LOADER_PIECES_FAILED;
    pieces->code->leave(plan);
    return true;
}

static void leave_pieces(eli_plan_t *plan)
{
    if (plan->options->pieces != NULL) {
        plan->options->pieces->code->leave(plan);
    }
}

/* ---- an image, continued ---- */

/* Until an image is finished, WRITTEN says that something was written of it. */
static void finish_report(const eli_plan_t *plan, esp_loader_image_report_t *report)
{
    if (report->result == ESP_LOADER_IMAGE_NOT_STARTED) {
        report->result = ESP_LOADER_IMAGE_EQUAL;
    } else if (report->result == ESP_LOADER_IMAGE_WRITTEN && !plan->options->skip_verify) {
        report->result = eli_plan_verifies(plan) ? ESP_LOADER_IMAGE_VERIFIED : ESP_LOADER_IMAGE_UNVERIFIED;
    }
}

static esp_loader_error_t verify(eli_plan_t *plan)
{
    for (size_t i = plan->index; i < plan->index + plan->together; i++) {
        if (eli_plan_report(plan, i)->result == ESP_LOADER_IMAGE_WRITTEN) {
            eli_plan_notify(plan, ESP_LOADER_PLAN_VERIFY, i, eli_plan_end_of(plan, i));
        }
    }
    RETURN_ON_ERROR(eli_plan_verify(plan));
    return eli_is_stub(plan->loader) ? eli_plan_check_neighbour(plan) : ESP_LOADER_SUCCESS;
}

static bool can_try_otherwise(eli_plan_t *plan)
{
    return give_up_pieces(plan) || (is_link_failure(esp_loader_error_detail(plan->loader)) &&
                                    (eli_plan_lower_rate(plan) || take_small_blocks(plan)));
}

/* Part by part, and then all of it is verified. What fails is begun again where it was, the whole image when
 * it is not what it should be. */
static esp_loader_error_t flash_image(eli_plan_t *plan)
{
    const uint32_t part_size = ELI_WINDOW_SECTORS * ELI_SECTOR_SIZE;
    const uint32_t size = plan->image->source.size;
    uint32_t start = 0;

    for (;;) {
        uint32_t end = size - start < part_size ? size : start + part_size;
        bool is_last = start == size;
        esp_loader_error_t err = ESP_LOADER_SUCCESS;

        if (!is_last) {
            err = eli_plan_flash_window(plan, start, end);
        } else {
            eli_plan_show_rest(plan);
            err = plan->is_writing && eli_plan_verifies(plan) ? verify(plan) : err;
        }
        if (err != ESP_LOADER_SUCCESS) {
            plan->has_taken_pieces = false;
            if (can_try_otherwise(plan)) {
                plan->failed_left = UINT32_MAX;
                plan->is_repeated = true;
            } else if (!can_go_on(plan)) {
                return is_last ? eli_plan_find_damaged(plan, err) : err;
            }
            start = is_last ? 0 : start;
        } else if (is_last) {
            break;
        } else {
            start = end;
        }
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- the whole plan ---- */

static esp_loader_image_report_t empty_report(const esp_loader_image_t *image)
{
    return (esp_loader_image_report_t){.result = ESP_LOADER_IMAGE_NOT_STARTED, .bytes = image->source.size};
}

/* Adds to a failure which image it concerns. What was written of others that are flashed as one with it is not
 * verified either. */
static esp_loader_error_t attribute(eli_plan_t *plan, esp_loader_error_t err)
{
    esp_loader_error_detail_t *detail = &plan->loader->_detail;
    size_t index = plan->index;

    if (err == ESP_LOADER_SUCCESS) {
        return err;
    }
    if (detail->stage != ESP_LOADER_STAGE_REGISTER && detail->address > plan->image->offset) {
        index = eli_plan_index_at(plan, detail->address - plan->image->offset);
    }
    detail->image = (int32_t)index;
    for (size_t i = plan->index; i < plan->index + plan->together; i++) {
        esp_loader_image_report_t *report = eli_plan_report(plan, i);
        if (i == index || report->result == ESP_LOADER_IMAGE_WRITTEN) {
            report->result = ESP_LOADER_IMAGE_FAILED;
            report->error = detail->cause;
        }
    }
    return err;
}

static esp_loader_error_t check_target(eli_plan_t *plan)
{
    RETURN_ON_ERROR(eli_plan_read_target(plan));
    for (size_t i = 0; i < plan->count; i++) {
        eli_plan_select(plan, i);
        RETURN_ON_ERROR(attribute(plan, eli_plan_check_image(plan)));
    }
    RETURN_ON_ERROR(attribute(plan, eli_plan_check_target_table(plan)));
    return attribute(plan, eli_plan_check_size(plan));
}

static esp_loader_error_t flash_one(eli_plan_t *plan)
{
    esp_loader_error_t err = flash_image(plan);

    eli_plan_count_time(plan, plan->index);
    RETURN_ON_ERROR(attribute(plan, err));
    for (size_t i = plan->index; i < plan->index + plan->together; i++) {
        finish_report(plan, eli_plan_report(plan, i));
        eli_plan_notify(plan, ESP_LOADER_PLAN_DONE, i, eli_plan_end_of(plan, i));
    }
    return ESP_LOADER_SUCCESS;
}

/* No checksum covers the words of an erase: one damaged bit, and it hits other content. An image that it has
 * hit is flashed once more. */
static esp_loader_error_t look_again(eli_plan_t *plan, size_t index)
{
    eli_plan_select(plan, index);
    esp_loader_error_t err = eli_plan_prepare_patch(plan, index);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_plan_hash_image(plan, 0, plan->image->source.size, plan->digest);
    }
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_plan_verify(plan);
    }
    eli_plan_count_time(plan, index);
    if (err != ESP_LOADER_SUCCESS) {
        return can_go_on(plan) ? flash_one(plan) : attribute(plan, err);
    }
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
    eli_plan_begin_rate(plan);
    choose_block_size(plan);
    plan->erased_last = plan->count;
    for (size_t i = 0; i < plan->count; i += plan->together) {
        eli_plan_select(plan, i);
        RETURN_ON_ERROR(attribute(plan, eli_plan_join(plan)));
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
                       .check = {.images = images, .count = count, .detail = &loader->_detail}};

    for (size_t i = 0; images != NULL && reports != NULL && i < count; i++) {
        reports[i] = empty_report(&images[i]);
    }
    begin_pieces(options);
    esp_loader_error_t err = eli_check_all(&plan.check, options);
    if (err != ESP_LOADER_SUCCESS) {
        if (reports != NULL && loader->_detail.image >= 0) {
            reports[loader->_detail.image].result = ESP_LOADER_IMAGE_FAILED;
            reports[loader->_detail.image].error = loader->_detail.cause;
        }
        return err;
    }
    RETURN_ON_ERROR(check_target(&plan));
    err = attribute(&plan, eli_plan_check_size_again(&plan, flash_all(&plan)));
    leave_pieces(&plan);
    return eli_plan_end_rate(&plan, err);
}
