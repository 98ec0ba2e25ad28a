/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The checks of a plan that need the target: what chip it is, what its security settings allow, how large its
 * flash is. Those that need none are in check.c.
 */
#include "plan/plan.h"

#define REVISION_UNKNOWN UINT32_MAX
#define REVISION_NO_MAX  65535u

/* What a target does not tell is not checked: in secure download mode its revision cannot be read. */
esp_loader_error_t eli_plan_read_target(eli_plan_t *plan)
{
    RETURN_ON_ERROR(eli_enter(plan->loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(eli_flash_attach(plan->loader));
    RETURN_ON_ERROR(eli_protection_read(plan->loader, &plan->protection));

    esp_loader_error_t err = esp_loader_read_chip_revision(plan->loader, &plan->chip_revision);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        plan->chip_revision = REVISION_UNKNOWN;
        err = ESP_LOADER_SUCCESS;
    }
    return err;
}

bool eli_plan_is_bootloader(const eli_plan_t *plan)
{
    return !plan->image->is_raw && plan->image->offset == eli_target(plan->loader)->bootloader_offset;
}

/* Raw images are what somebody has prepared for such a target. A header that is patched may be signed, which
 * a target in secure download mode does not tell. */
static esp_loader_error_t check_security(eli_plan_t *plan)
{
    bool is_patched =
        plan->options->flash_params != NULL && !eli_flash_params_keep_all(plan->options->flash_params);

    bool is_forbidden = eli_protection_forbids(plan->loader, &plan->protection, plan->image->offset,
                                               plan->image->source.size);
    if ((is_forbidden && !plan->image->is_raw) ||
        (eli_plan_is_bootloader(plan) && is_patched && plan->loader->_is.secure_download)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_CHECK, 0, 0);
    }
    return ESP_LOADER_SUCCESS;
}

/* Older images have the one-byte field only, and leave the others 0 or unlimited. Source: esptool 5.3, image
 * checks of write-flash. */
static bool is_revision_allowed(const esp_loader_image_info_t *info, uint32_t revision, bool legacy_is_minor)
{
    bool is_unlimited = info->min_revision == 0 && info->max_revision == REVISION_NO_MAX;

    if (info->max_revision == 0 || (is_unlimited && info->min_revision_legacy != 0)) {
        return (legacy_is_minor ? revision % 100 : revision / 100) >= info->min_revision_legacy;
    }
    return revision >= info->min_revision &&
           (revision <= info->max_revision || info->max_revision == REVISION_NO_MAX);
}

static esp_loader_error_t check_executable(eli_plan_t *plan, const esp_loader_image_info_t *info)
{
    const eli_target_t *target = eli_target(plan->loader);

    if (info->chip_id != target->image_chip_id) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, 0, info->chip_id);
    }
    bool legacy_is_minor = eli_has(target, ELI_LEGACY_REVISION_IS_MINOR);
    if (plan->chip_revision != REVISION_UNKNOWN &&
        !is_revision_allowed(info, plan->chip_revision, legacy_is_minor)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_STAGE_CHECK, 0,
                             plan->chip_revision);
    }
    return ESP_LOADER_SUCCESS;
}

/* A bootloader refuses a table with a partition beyond the end of the flash. */
static esp_loader_error_t check_table(eli_plan_t *plan)
{
    const uint32_t flash_size = plan->loader->_flash_size;
    esp_loader_partition_t partition;
    esp_loader_error_t err;

    for (uint32_t i = 0;; i++) {
        err = esp_loader_partition_get(&plan->image->source, i, &partition);
        if (err != ESP_LOADER_SUCCESS) {
            break;
        }
        if (partition.offset > flash_size || partition.size > flash_size - partition.offset) {
            return eli_plan_fail(plan, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, 0,
                                 partition.offset);
        }
    }
    return err == ESP_LOADER_ERROR_INVALID_PARAM
               ? ESP_LOADER_SUCCESS
               : eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
}

/* The structure was checked before; what does not parse here was found to be data. */
static esp_loader_error_t check_content(eli_plan_t *plan)
{
    eli_image_kind_t kind;
    esp_loader_image_info_t info;

    esp_loader_error_t err = eli_source_kind(&plan->image->source, &kind);
    if (err == ESP_LOADER_SUCCESS && kind == ELI_IMAGE_EXECUTABLE) {
        err = eli_image_walk(&plan->image->source, &info);
        if (err == ESP_LOADER_SUCCESS) {
            return check_executable(plan, &info);
        }
    }
    if (err != ESP_LOADER_SUCCESS && err != ESP_LOADER_ERROR_IMAGE_FORMAT) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
    }
    if (eli_plan_is_bootloader(plan)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_STAGE_CHECK, 0, 0);
    }
    return kind == ELI_IMAGE_PARTITION_TABLE ? check_table(plan) : ESP_LOADER_SUCCESS;
}

/* A loader that cannot but erase one sector more must not hit an image that is written by then. */
static esp_loader_error_t check_erase(eli_plan_t *plan)
{
    uint32_t end = eli_flash_erase_end(plan->loader, plan->image->offset, plan->image->source.size);

    for (size_t i = 0; i < plan->index; i++) {
        const uint32_t offset = plan->images[i].offset;
        if (offset > plan->image->offset && offset < end) {
            return eli_plan_fail(plan, ESP_LOADER_ERROR_OVERLAP, ESP_LOADER_STAGE_CHECK, 0, offset);
        }
    }
    return eli_flash_check_range(plan->loader, plan->image->offset, end - plan->image->offset);
}

esp_loader_error_t eli_plan_check_image(eli_plan_t *plan)
{
    RETURN_ON_ERROR(eli_enter(plan->loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(eli_flash_check_range(plan->loader, plan->image->offset, plan->image->source.size));
    RETURN_ON_ERROR(check_erase(plan));
    RETURN_ON_ERROR(check_security(plan));
    return plan->image->is_raw ? ESP_LOADER_SUCCESS : check_content(plan);
}
