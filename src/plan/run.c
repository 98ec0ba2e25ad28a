/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan: one image after the other, each compared, written where it differs, and reported.
 */
#include "plan/plan.h"

#define MAX_BLOCK_SIZE 16384u

esp_loader_error_t eli_plan_fail(eli_plan_t *plan, esp_loader_error_t error, esp_loader_stage_t stage,
                                 uint32_t offset, uint32_t value)
{
    RETURN_ON_ERROR(eli_enter(plan->loader, stage));
    return eli_fail(plan->loader, error, error, stage, plan->image->offset + offset, value);
}

void eli_plan_notify(const eli_plan_t *plan, esp_loader_plan_step_t step, uint32_t done)
{
    const esp_loader_plan_event_t event = {.step = step,
                                           .image_index = plan->index,
                                           .image = plan->image,
                                           .done = done,
                                           .total = plan->image->source.size};
    if (plan->options->on_event != NULL) {
        plan->options->on_event(plan->options->ctx, &event);
    }
}

esp_loader_error_t eli_plan_check_cancelled(eli_plan_t *plan, esp_loader_stage_t stage, uint32_t offset)
{
    if (plan->options->is_cancelled != NULL && plan->options->is_cancelled(plan->options->ctx)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_CANCELLED, stage, offset, 0);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_plan_read(eli_plan_t *plan, esp_loader_stage_t stage, uint32_t offset, uint8_t *buf,
                                 uint32_t size)
{
    const esp_loader_source_t *source = &plan->image->source;

    esp_loader_error_t err = source->read(source->ctx, offset, buf, size);
    if (err != ESP_LOADER_SUCCESS) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, stage, offset, (uint32_t)err);
    }
    esp_loader_image_patch_apply(&plan->patch, offset, buf, size);
    return ESP_LOADER_SUCCESS;
}

/* ---- one image ---- */

/* A block whose reply is lost may or may not be in flash, and a block must not be sent twice. The way on is
 * to compare once more and write what is not there. */
static bool can_go_on(const esp_loader_t *loader)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(loader);

    return detail->stage == ESP_LOADER_STAGE_WRITE &&
           (detail->cause == ESP_LOADER_ERROR_TIMEOUT || detail->cause == ESP_LOADER_ERROR_CHECKSUM);
}

static esp_loader_error_t flash_part(eli_plan_t *plan, uint32_t start, uint32_t end)
{
    eli_changes_t changes;

    eli_changes_begin(&changes, start, end);
    if (!plan->options->rewrite_equal) {
        RETURN_ON_ERROR(eli_plan_compare(plan, &changes));
    }
    esp_loader_error_t err = eli_plan_write(plan, &changes);
    if (err != ESP_LOADER_SUCCESS && !plan->has_lost_block && can_go_on(plan->loader)) {
        plan->has_lost_block = true;
        eli_changes_begin(&changes, start, end);
        RETURN_ON_ERROR(eli_plan_compare(plan, &changes));
        err = eli_plan_write(plan, &changes);
    }
    return err;
}

static esp_loader_image_result_t result_of(const eli_plan_t *plan)
{
    if (plan->report.sectors_erased == 0 && plan->report.bytes_sent == 0) {
        return ESP_LOADER_IMAGE_EQUAL;
    }
    if (plan->options->skip_verify) {
        return ESP_LOADER_IMAGE_WRITTEN;
    }
    return plan->has_md5 ? ESP_LOADER_IMAGE_VERIFIED : ESP_LOADER_IMAGE_UNVERIFIED;
}

static esp_loader_error_t flash_image(eli_plan_t *plan)
{
    const uint32_t part_size = ELI_WINDOW_SECTORS * ELI_SECTOR_SIZE;
    uint32_t size = plan->image->source.size;

    RETURN_ON_ERROR(eli_plan_prepare_patch(plan));
    for (uint32_t start = 0, end; start < size; start = end) {
        end = size - start < part_size ? size : start + part_size;
        RETURN_ON_ERROR(flash_part(plan, start, end));
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
    plan->has_lost_block = false;
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
    uint32_t size = MAX_BLOCK_SIZE;

    while (size > plan->options->buffer_size || size > eli_flash_block_size(plan->loader)) {
        size /= 2;
    }
    return size;
}

/* A link of unknown kind, like a network connection, may end in a UART: it gets compressed data, which does
 * little harm if it does not; but questions are asked as on a fast one, where they can do harm. */
static void choose_costs(eli_plan_t *plan)
{
    esp_loader_link_t kind = eli_port_link_kind(plan->loader);
    bool is_usb = kind == ESP_LOADER_LINK_USB_SERIAL_JTAG || kind == ESP_LOADER_LINK_USB_OTG;
    bool is_unknown = kind == ESP_LOADER_LINK_UNKNOWN && plan->loader->_rate_baud == 0;
    uint32_t limit_ms = plan->loader->_round_trip_limit_ms;
    eli_cost_link_t link = {.is_uart = !is_usb,
                            .rate_baud = plan->loader->_rate_baud,
                            .is_stub = eli_is_stub(plan->loader),
                            .round_trip_ms = limit_ms != 0 ? limit_ms - 1 : 0};

    plan->wire_cost = eli_cost_of(&link);
    link.is_uart = !is_usb && !is_unknown;
    plan->cost = eli_cost_of(&link);
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
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash_all(eli_plan_t *plan)
{
    plan->block_size = choose_block_size(plan);
    choose_costs(plan);
    plan->has_md5 = true;
    for (size_t i = 0; i < plan->count; i++) {
        select_image(plan, i);
        uint32_t started_ms = eli_now_ms(plan->loader);
        esp_loader_error_t err = flash_image(plan);
        plan->report.time_ms = eli_now_ms(plan->loader) - started_ms;
        RETURN_ON_ERROR(attribute(plan, err));
        keep_report(plan);
        eli_plan_notify(plan, ESP_LOADER_PLAN_DONE, plan->image->source.size);
    }
    return ESP_LOADER_SUCCESS;
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
    return flash_all(&plan);
}
