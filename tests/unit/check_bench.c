/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Making plans, and judging what the check said.
 */
#include "check_bench.h"
#include "test.h"

#include <string.h>

void plan_begin(plan_t *plan)
{
    memset(plan, 0, sizeof(*plan));
    plan->options.buffer = plan->buffer;
    plan->options.buffer_size = sizeof(plan->buffer);
}

esp_loader_image_t *plan_add(plan_t *plan, uint32_t offset, blob_t blob)
{
    assert_true(plan->count < MAX_IMAGES);
    plan->blobs[plan->count] = blob;
    plan->images[plan->count].offset = offset;
    plan->images[plan->count].source = source_of(&plan->blobs[plan->count]);
    return &plan->images[plan->count++];
}

void plan_end(plan_t *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free_blob(&plan->blobs[i]);
    }
}

esp_loader_error_t plan_check(plan_t *plan)
{
    memset(&plan->detail, 0x55, sizeof(plan->detail));
    return esp_loader_plan_check(plan->images, plan->count, &plan->options, &plan->detail);
}

void assert_accepted(plan_t *plan)
{
    assert_int_equal(plan_check(plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan->detail.error, ESP_LOADER_SUCCESS);
    assert_int_equal(plan->detail.cause, ESP_LOADER_SUCCESS);
    assert_int_equal(plan->detail.image, -1);
    plan_end(plan);
}

void assert_refused(plan_t *plan, esp_loader_error_t error, int image, uint32_t value)
{
    assert_int_equal(plan_check(plan), error);
    assert_int_equal(plan->detail.error, error);
    assert_int_equal(plan->detail.cause, error);
    assert_int_equal(plan->detail.stage, ESP_LOADER_STAGE_CHECK);
    assert_int_equal(plan->detail.command, 0);
    assert_int_equal(plan->detail.attempts, 0);
    assert_int_equal(plan->detail.image, image);
    assert_int_equal(plan->detail.value, value);
    assert_int_equal(plan->detail.address, image < 0 ? 0 : plan->images[image].offset);
    plan_end(plan);
}

void assert_fault(plan_t *plan, esp_loader_error_t error, esp_loader_fault_t fault, int image,
                  uint32_t address, const char *partition)
{
    assert_int_equal(plan_check(plan), error);
    assert_int_equal(plan->detail.error, error);
    assert_int_equal(plan->detail.fault, fault);
    assert_int_equal(plan->detail.image, image);
    assert_int_equal(plan->detail.address, address);
    assert_string_equal(plan->detail.partition, partition);
    plan_end(plan);
}

/* ---- usual content ---- */

const entry_t content_entries[4] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
    {0, 0x10, 0x20000, 0x10000, "ota_0"},
    {1, 0x82, 0x30000, 0x10000, "storage"},
};

blob_t image_for(uint16_t chip_id)
{
    image_spec_t spec = plain_image;

    spec.chip_id = chip_id;
    spec.has_digest = false; /* so that a test may change the header */
    return make_image(&spec);
}

blob_t bootloader_for(uint16_t chip_id)
{
    blob_t blob = image_for(chip_id);
    uint8_t *last = &blob.bytes[blob.size - 1];

    for (unsigned i = 0; i < 13; i++) {
        *last ^= blob.bytes[32 + i];
        blob.bytes[32 + i] = (uint8_t) "\x50\0\0\0\1\0\0\0v5.5"[i];
        *last ^= blob.bytes[32 + i];
    }
    return blob;
}

/* Its first segment is mapped from flash. */
blob_t app_for(uint16_t chip_id)
{
    blob_t blob = image_for(chip_id);

    put_u32(blob.bytes + 24, chip_id == ESP32_ID ? 0x3F400020 : chip_id == C6_ID ? 0x42000020 : 0x3C000020);
    return blob;
}

void put_part(blob_t *file, uint32_t offset, blob_t part)
{
    assert_true(offset + part.size <= file->size);
    memcpy(file->bytes + offset, part.bytes, part.size);
    free_blob(&part);
}

/* What "merge" makes for flash offset 0. */
blob_t make_merged(uint16_t chip_id, uint32_t bootloader_offset)
{
    blob_t file = make_blob(0x18000, 0xFF);

    put_part(&file, bootloader_offset, bootloader_for(chip_id));
    put_part(&file, 0x8000, make_table(content_entries, 4));
    put_part(&file, 0x10000, app_for(chip_id));
    return file;
}

plan_t *plan_usual(plan_t *plan)
{
    plan_begin(plan);
    plan_add(plan, 0x0, bootloader_for(TEST_CHIP_ID));
    plan_add(plan, 0x8000, make_table(content_entries, 4));
    plan_add(plan, 0x10000, app_for(TEST_CHIP_ID));
    return plan;
}

plan_t *plan_merged(plan_t *plan, uint16_t chip_id, uint32_t bootloader_offset)
{
    plan_begin(plan);
    plan_add(plan, 0x0, make_merged(chip_id, bootloader_offset));
    return plan;
}
