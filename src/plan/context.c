/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What all steps of a plan need of it: failing, reporting, being cancelled, reading the image at hand, what things
 * cost.
 */
#include <string.h>

#include "plan/plan.h"

esp_loader_error_t eli_plan_fail(eli_plan_t *plan, esp_loader_error_t error, esp_loader_stage_t stage,
                                 uint32_t offset, uint32_t value)
{
    eli_forget_failure(plan->loader, stage);
    return eli_fail(plan->loader, error, error, stage, plan->image->offset + offset, value);
}

/* The image with the table may be another than the one at hand. */
esp_loader_error_t eli_plan_fail_as_checked(eli_plan_t *plan, esp_loader_error_t err)
{
    if (err != ESP_LOADER_SUCCESS) {
        eli_plan_select(plan, (size_t)plan->loader->_detail.image);
    }
    return err;
}

void eli_plan_select(eli_plan_t *plan, size_t index)
{
    plan->index = index;
    plan->together = 1;
    plan->image = &plan->images[index];
    plan->patch.is_active = false;
    plan->is_writing = false;
    plan->is_repeated = false;
    plan->sectors_left = 0;
    plan->failed_left = UINT32_MAX;
    plan->shown = plan->count;
    plan->lap_ms = eli_now_ms(plan->loader);
}

esp_loader_image_report_t *eli_plan_report(eli_plan_t *plan, size_t index)
{
    return plan->reports != NULL ? &plan->reports[index] : &plan->unread;
}

void eli_plan_count_time(eli_plan_t *plan, size_t index)
{
    uint32_t now_ms = eli_now_ms(plan->loader);

    eli_plan_report(plan, index)->time_ms += now_ms - plan->lap_ms;
    plan->lap_ms = now_ms;
}

void eli_plan_notify(eli_plan_t *plan, esp_loader_plan_step_t step, size_t index, uint32_t offset)
{
    const uint32_t start = eli_plan_start_of(plan, index);
    const uint32_t end = eli_plan_end_of(plan, index);
    const esp_loader_plan_event_t event = {.step = step,
                                           .image_index = index,
                                           .image = &plan->images[index],
                                           .done = (offset < end ? offset : end) - start,
                                           .total = end - start};

    eli_plan_count_time(plan, index);
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
    for (uint32_t done = 0, piece; done < size; done += piece) {
        const size_t index = eli_plan_index_at(plan, offset + done);
        const esp_loader_source_t *source = &plan->images[index].source;
        const uint32_t start = eli_plan_start_of(plan, index);
        const uint32_t end = eli_plan_end_of(plan, index);
        const bool is_between = offset + done >= end; /* images: erased flash */
        const uint32_t limit = is_between ? eli_plan_start_of(plan, index + 1) : end;

        piece = limit - (offset + done) < size - done ? limit - (offset + done) : size - done;
        if (is_between) {
            memset(buf + done, 0xFF, piece);
            continue;
        }
        esp_loader_error_t err = source->read(source->ctx, offset + done - start, buf + done, piece);
        if (err != ESP_LOADER_SUCCESS) {
            return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, stage, offset + done, (uint32_t)err);
        }
    }
    esp_loader_image_patch_apply(&plan->patch, offset, buf, size);
    return ESP_LOADER_SUCCESS;
}

bool eli_plan_verifies(const eli_plan_t *plan)
{
    return !plan->options->skip_verify && eli_flash_has_md5(plan->loader);
}

/* A link of unknown kind, like a network connection, may end in a UART: until it is measured (rate.c) it gets
 * compressed data, which does little harm if it does not; but questions are asked as on a fast one, where they can do
 * harm. */
static eli_cost_t costs(const eli_plan_t *plan, bool is_uart)
{
    const uint32_t limit_ms = plan->loader->_round_trip_limit_ms;
    const eli_cost_link_t link = {.is_uart = is_uart,
                                  .rate_baud = plan->expected_baud != 0 ? plan->expected_baud
                                                                        : plan->loader->_rate_baud,
                                  .is_stub = eli_is_stub(plan->loader),
                                  .block_size = plan->block_size,
                                  .wire_kib_us = plan->measured_kib_us,
                                  .round_trip_ms = limit_ms != 0 ? limit_ms - 1 : 0};
    return eli_cost_of(&link);
}

void eli_plan_choose_costs(eli_plan_t *plan)
{
    const bool is_unknown =
        eli_port_link_kind(plan->loader) == ESP_LOADER_LINK_UNKNOWN && plan->loader->_rate_baud == 0;
    plan->cost = costs(plan, !eli_port_is_own_usb(plan->loader) && !is_unknown);
}

eli_cost_t eli_plan_wire_cost(const eli_plan_t *plan)
{
    return costs(plan, !eli_port_is_own_usb(plan->loader));
}
