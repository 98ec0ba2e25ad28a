/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash that is smaller than it is taken for: because its stated size is wrong, or because it is a
 * counterfeit whose id states too much. What is written beyond its end destroys what is at its start, and is
 * verified. Checked where it can do harm: if the size was stated, or an image ends beyond the middle.
 */
#include "plan/plan.h"

/* The image that ends last is the first one that such a flash does not have room for. */
static void select_last(eli_plan_t *plan)
{
    uint32_t last_end = 0;
    size_t last = 0;

    for (size_t i = 0; i < plan->count; i++) {
        uint32_t end = plan->images[i].offset + plan->images[i].source.size;
        if (end > last_end) {
            last_end = end;
            last = i;
        }
    }
    eli_plan_select(plan, last);
}

static bool is_in_doubt(const eli_plan_t *plan)
{
    const uint32_t middle = eli_flash_reach(plan->loader) / 2;
    bool is_beyond = plan->loader->_is.flash_size_stated;

    for (size_t i = 0; i < plan->count; i++) {
        is_beyond = is_beyond || plan->images[i].offset + plan->images[i].source.size > middle;
    }
    return is_beyond && eli_flash_has_md5(plan->loader);
}

static esp_loader_error_t look(eli_plan_t *plan, esp_loader_stage_t stage)
{
    uint32_t size;

    RETURN_ON_ERROR(esp_loader_flash_measure_size(plan->loader, &size));
    plan->is_size_open = size == 0;
    if (size == 0 || size == plan->loader->_flash_size) {
        return ESP_LOADER_SUCCESS;
    }
    select_last(plan);
    return eli_plan_fail(plan, ESP_LOADER_ERROR_FLASH_WRAPS, stage, 0, size);
}

esp_loader_error_t eli_plan_check_size(eli_plan_t *plan)
{
    return is_in_doubt(plan) ? look(plan, ESP_LOADER_STAGE_CHECK) : ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_plan_check_size_again(eli_plan_t *plan, esp_loader_error_t err)
{
    const esp_loader_error_detail_t detail = *esp_loader_error_detail(plan->loader);

    if (err == ESP_LOADER_SUCCESS) {
        return plan->is_size_open ? look(plan, ESP_LOADER_STAGE_VERIFY) : err;
    }
    if (detail.cause != ESP_LOADER_ERROR_INVALID_MD5 ||
        look(plan, ESP_LOADER_STAGE_VERIFY) != ESP_LOADER_ERROR_FLASH_WRAPS) {
        plan->loader->_detail = detail;
        return err;
    }
    return ESP_LOADER_ERROR_FLASH_WRAPS;
}
