/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The checks of a plan that need the target: what chip it is, what its security settings allow, how large its
 * flash is. Those that need none are in check_input.c; what its table has against the images is in
 * check_target_table.c.
 */
#include "plan/plan.h"

#define REVISION_UNKNOWN UINT32_MAX

/* What a target does not report is not checked: in secure download mode its revision cannot be read. */
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

static bool has_bootloader(const eli_plan_t *plan, const esp_loader_image_t *image)
{
    return !image->is_raw && eli_check_covers(image, eli_bootloader_offset(eli_target(plan->loader)));
}

/* Raw images have been prepared for such a target. A header that is patched may be signed, which
 * a target in secure download mode does not report. */
static esp_loader_error_t check_security(eli_plan_t *plan)
{
    bool is_patched =
        plan->options->flash_params != NULL && !eli_flash_params_keep_all(plan->options->flash_params);

    bool is_forbidden = eli_protection_forbids(plan->loader, &plan->protection, plan->image->offset,
                                               plan->image->source.size);
    if ((is_forbidden && !plan->image->is_raw) ||
        (has_bootloader(plan, plan->image) && is_patched && plan->loader->_is.secure_download)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_CHECK, 0, 0);
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_executable(eli_plan_t *plan, const esp_loader_part_t *part)
{
    const eli_target_t *target = eli_target(plan->loader);
    const esp_loader_image_info_t *info = &part->info;

    if (info->chip_id != target->image_chip_id) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, part->offset,
                             info->chip_id);
    }
    if (plan->chip_revision != REVISION_UNKNOWN &&
        !esp_loader_image_allows_revision(info, plan->chip_revision)) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_STAGE_CHECK, part->offset,
                             plan->chip_revision);
    }
    return ESP_LOADER_SUCCESS;
}

/* An app aborts at its start where the bootloader's header states more flash than there is. The ESP8266's do
 * not look, and its header does not name every size. */
static esp_loader_error_t check_header_size(eli_plan_t *plan, const esp_loader_part_t *bootloader)
{
    esp_loader_image_info_t info = bootloader->info;
    const esp_loader_flash_params_t *params = plan->options->flash_params;

    if (params != NULL && params->size_code != ESP_LOADER_FLASH_KEEP) {
        info.flash_size_code = params->size_code;
    }
    const uint32_t size = esp_loader_image_flash_size(&info);
    if (info.chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID && size > plan->loader->_flash_size) {
        esp_loader_error_t err = eli_plan_fail(plan, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_STAGE_CHECK,
                                               bootloader->offset, size);
        plan->loader->_detail.fault = ESP_LOADER_FAULT_HEADER_SIZE;
        return err;
    }
    return ESP_LOADER_SUCCESS;
}

/* The structure was checked before. */
static esp_loader_error_t check_part(eli_plan_t *plan, const esp_loader_part_t *part)
{
    const uint32_t offset = plan->image->offset + part->offset;

    if (part->kind == ESP_LOADER_PART_EXECUTABLE) {
        RETURN_ON_ERROR(check_executable(plan, part));
        return offset == eli_bootloader_offset(eli_target(plan->loader)) ? check_header_size(plan, part)
                                                                         : ESP_LOADER_SUCCESS;
    }
    if (part->kind == ESP_LOADER_PART_TABLE && offset == plan->check.table_offset) {
        return eli_plan_fail_as_checked(plan,
                                        eli_check_partitions_end(&plan->check, plan->loader->_flash_size,
                                                                 ESP_LOADER_FAULT_PARTITION_FLASH));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_parts(eli_plan_t *plan)
{
    esp_loader_parts_t parts;
    esp_loader_part_t part;

    esp_loader_parts_begin(&parts, &plan->image->source, plan->image->offset);
    do {
        esp_loader_error_t err = esp_loader_parts_next(&parts, &part);
        if (err != ESP_LOADER_SUCCESS) {
            return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
        }
        if (part.offset == 0 || eli_check_is_merged(plan->image)) {
            RETURN_ON_ERROR(check_part(plan, &part));
        }
    } while (part.kind != ESP_LOADER_PART_END && eli_check_is_merged(plan->image));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_content(eli_plan_t *plan)
{
    const eli_target_t *target = eli_target(plan->loader);

    RETURN_ON_ERROR(check_parts(plan));
    return eli_plan_fail_as_checked(plan, eli_check_places(&plan->check, plan->index, target->image_chip_id,
                                                           eli_bootloader_offset(target)));
}

/* A loader that has to erase one sector more must not hit an image that is already written. */
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
    eli_forget_failure(plan->loader, ESP_LOADER_STAGE_CHECK);
    RETURN_ON_ERROR(eli_flash_check_range(plan->loader, plan->image->offset, plan->image->source.size));
    RETURN_ON_ERROR(check_erase(plan));
    RETURN_ON_ERROR(check_security(plan));
    return plan->image->is_raw ? ESP_LOADER_SUCCESS : check_content(plan);
}

esp_loader_error_t eli_plan_prepare_patch(eli_plan_t *plan, size_t index)
{
    const esp_loader_image_t *image = &plan->images[index];
    const esp_loader_flash_params_t *params = plan->options->flash_params;
    const uint32_t place = eli_bootloader_offset(eli_target(plan->loader));
    const uint32_t start = eli_plan_start_of(plan, index);

    if (params == NULL || !has_bootloader(plan, image)) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err =
        esp_loader_image_patch_prepare_at(&image->source, place - image->offset, params, &plan->patch);
    if (err != ESP_LOADER_SUCCESS) {
        return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, start, (uint32_t)err);
    }
    plan->patch.image_off += start;
    return ESP_LOADER_SUCCESS;
}
