/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Making plans, and judging what the check said.
 */
#include "check_bench.h"
#include "test.h"

#include <string.h>

plan_t plan;

void plan_begin(void)
{
    for (size_t i = 0; i < plan.count; i++) {
        free_blob(&plan.blobs[i]);
    }
    memset(&plan, 0, sizeof(plan));
    plan.options.buffer = plan.buffer;
    plan.options.buffer_size = sizeof(plan.buffer);
}

esp_loader_image_t *plan_add(uint32_t offset, blob_t blob)
{
    assert_true(plan.count < MAX_IMAGES);
    plan.blobs[plan.count] = blob;
    plan.images[plan.count].offset = offset;
    plan.images[plan.count].source = source_of(&plan.blobs[plan.count]);
    return &plan.images[plan.count++];
}

esp_loader_error_t plan_check(void)
{
    memset(&plan.detail, 0x55, sizeof(plan.detail));
    return esp_loader_plan_check(plan.images, plan.count, &plan.options, &plan.detail);
}

void assert_accepted(void)
{
    assert_int_equal(plan_check(), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.detail.error, ESP_LOADER_SUCCESS);
    assert_int_equal(plan.detail.cause, ESP_LOADER_SUCCESS);
    assert_int_equal(plan.detail.image, -1);
}

void assert_refused(esp_loader_error_t error, int image, uint32_t value)
{
    assert_int_equal(plan_check(), error);
    assert_int_equal(plan.detail.error, error);
    assert_int_equal(plan.detail.cause, error);
    assert_int_equal(plan.detail.stage, ESP_LOADER_STAGE_CHECK);
    assert_int_equal(plan.detail.command, 0);
    assert_int_equal(plan.detail.attempts, 0);
    assert_int_equal(plan.detail.image, image);
    assert_int_equal(plan.detail.value, value);
    assert_int_equal(plan.detail.address, image < 0 ? 0 : plan.images[image].offset);
}

void assert_fault(esp_loader_error_t error, esp_loader_fault_t fault, int image, uint32_t address,
                  const char *partition)
{
    assert_int_equal(plan_check(), error);
    assert_int_equal(plan.detail.error, error);
    assert_int_equal(plan.detail.fault, fault);
    assert_int_equal(plan.detail.image, image);
    assert_int_equal(plan.detail.address, address);
    assert_string_equal(plan.detail.partition, partition);
}

void assert_refused_if(bool is_refused, esp_loader_error_t error, int image, uint32_t value)
{
    if (is_refused) {
        assert_refused(error, image, value);
    } else {
        assert_accepted();
    }
}

void assert_fault_if(bool has_fault, esp_loader_error_t error, esp_loader_fault_t fault, int image,
                     uint32_t address, const char *partition)
{
    if (has_fault) {
        assert_fault(error, fault, image, address, partition);
    } else {
        assert_accepted();
    }
}

/* ---- usual content ---- */

const entry_t content_entries[4] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
    {0, 0x10, 0x20000, 0x10000, "ota_0"},
    {1, 0x82, 0x30000, 0x10000, "storage"},
};

/* What "merge" makes for flash offset 0. */
blob_t make_merged(uint16_t chip_id, uint32_t bootloader_offset)
{
    blob_t file = make_blob(0x18000, 0xFF);

    put_part(&file, bootloader_offset, bootloader_for(chip_id));
    put_part(&file, 0x8000, make_table(content_entries, 4));
    put_part(&file, 0x10000, app_for(chip_id));
    return file;
}

void plan_usual(void)
{
    plan_begin();
    plan_add(0x0, bootloader_for(TEST_CHIP_ID));
    plan_add(0x8000, make_table(content_entries, 4));
    plan_add(0x10000, app_for(TEST_CHIP_ID));
}

void plan_merged(uint16_t chip_id, uint32_t bootloader_offset)
{
    plan_begin();
    plan_add(0x0, make_merged(chip_id, bootloader_offset));
}
