/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The partition table that the target has in its flash: it counts where the plan brings none. Its entries are
 * trusted as they are. It is read once, and only if something could come of it.
 */
#include "plan/plan.h"

#define TABLE_SIZE 0xC00u
#define ENTRY_SIZE 32u
#define READ_SIZE  256u /* the smallest buffer */

static uint32_t table_offset(const eli_plan_t *plan)
{
    const uint32_t stated = plan->options->partition_table_offset;

    return stated != 0 ? stated : ELI_USUAL_TABLE;
}

/* Does the table say anything about this image? Of the plan's own table, every image was checked. */
static bool is_concerned(const eli_plan_t *plan, const esp_loader_image_t *image)
{
    return !image->is_raw && image->offset > table_offset(plan);
}

/* A partition has whole sectors, so what fits into one cannot be too large. A plan that writes to the table's
 * place replaces it. */
static esp_loader_error_t is_worth_reading(eli_plan_t *plan, bool *out_is_worth)
{
    bool is_replaced = plan->check.table_image != ELI_NO_IMAGE;

    *out_is_worth = false;
    for (size_t i = 0; i < plan->count; i++) {
        const esp_loader_image_t *image = &plan->images[i];
        bool may_be;

        is_replaced = is_replaced || eli_check_covers(image, table_offset(plan));
        if (!is_concerned(plan, image)) {
            continue;
        }
        RETURN_ON_ERROR(eli_plan_fail_as_checked(plan, eli_check_may_be_misplaced(&plan->check, i, &may_be)));
        *out_is_worth = *out_is_worth || may_be || image->source.size > ESP_LOADER_SECTOR_SIZE;
    }
    *out_is_worth = *out_is_worth && !is_replaced;
    return ESP_LOADER_SUCCESS;
}

/* What is certainly no app must not be where one starts. */
static esp_loader_error_t check_app_place(eli_plan_t *plan, size_t index)
{
    bool may_be;

    RETURN_ON_ERROR(eli_plan_fail_as_checked(plan, eli_check_may_be_misplaced(&plan->check, index, &may_be)));
    return may_be ? eli_plan_fail_as_checked(plan, eli_check_fail_misplaced(&plan->check, index))
                  : ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_partition(eli_plan_t *plan, const esp_loader_partition_t *partition)
{
    for (size_t i = 0; i < plan->count; i++) {
        const esp_loader_image_t *image = &plan->images[i];

        if (!is_concerned(plan, image) || image->offset < partition->offset ||
            image->offset - partition->offset >= partition->size) {
            continue;
        }
        if (partition->type == ESP_LOADER_PARTITION_TYPE_APP && image->offset == partition->offset) {
            RETURN_ON_ERROR(check_app_place(plan, i));
        }
        RETURN_ON_ERROR(
            eli_plan_fail_as_checked(plan, eli_check_end(&plan->check, i, 0, image->source.size, partition)));
    }
    return ESP_LOADER_SUCCESS;
}

/* *out_is_known becomes true when there is a table that can be read. */
static esp_loader_error_t check_table(eli_plan_t *plan, bool *out_is_known)
{
    esp_loader_partition_t partition;
    uint32_t size = 0;

    for (uint32_t done = 0; done < TABLE_SIZE; done += size) {
        size = TABLE_SIZE - done < READ_SIZE ? TABLE_SIZE - done : READ_SIZE;
        const esp_loader_source_t part = {esp_loader_read_memory, plan->options->buffer, size};
        RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_CHECK, 0));
        esp_loader_error_t err =
            esp_loader_flash_read(plan->loader, plan->options->buffer, table_offset(plan) + done, size);
        if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            return eli_enter(plan->loader, ESP_LOADER_STAGE_CHECK);
        }
        RETURN_ON_ERROR(err);
        for (uint32_t i = 0; i < size / ENTRY_SIZE; i++) {
            if (esp_loader_partition_get(&part, i, &partition) != ESP_LOADER_SUCCESS) {
                return ESP_LOADER_SUCCESS;
            }
            *out_is_known = true;
            RETURN_ON_ERROR(check_partition(plan, &partition));
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_plan_check_target_table(eli_plan_t *plan)
{
    bool is_worth;
    bool is_known = false;

    RETURN_ON_ERROR(is_worth_reading(plan, &is_worth));
    if (is_worth) {
        RETURN_ON_ERROR(check_table(plan, &is_known));
    }
    for (size_t i = 0; !is_known && i < plan->count; i++) {
        if (plan->images[i].offset == ELI_USUAL_APP) {
            RETURN_ON_ERROR(check_app_place(plan, i));
        }
    }
    return ESP_LOADER_SUCCESS;
}
