/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan is checked for without a target. In a plan that is accepted no two images share a sector, none
 * leaves the address space, and what lies after the partition table, other tables too, lies in one of its
 * partitions; a refusal names its image; the order of the images makes no difference to whether a plan is
 * accepted.
 *
 * Input: number of images; for each its offset in sectors, flags, size, and content.
 */
#include <string.h>

#include "esp_loader_content.h"
#include "esp_loader_plan.h"
#include "source.h"

enum { IMAGES_MAX = 4, RAW = 1, ODD_OFFSET = 2, NEAR_THE_END = 4, IS_LONG = 8, TABLES_MAX = 16 };

typedef struct {
    size_t count;
    esp_loader_image_t images[IMAGES_MAX];
    fuzz_input_t contents[IMAGES_MAX];
} plan_t;

static uint64_t end_of(const esp_loader_image_t *image)
{
    return ((uint64_t)image->offset + image->source.size + ESP_LOADER_SECTOR_SIZE - 1) /
           ESP_LOADER_SECTOR_SIZE * ESP_LOADER_SECTOR_SIZE;
}

static esp_loader_error_t check(const plan_t *plan, esp_loader_error_detail_t *detail)
{
    uint8_t buffer[256];
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    esp_loader_error_t err = esp_loader_plan_check(plan->images, plan->count, &options, detail);
    FUZZ_CHECK(detail->error == err && detail->stage == ESP_LOADER_STAGE_CHECK);
    return err;
}

/* A table in one of the images. */
typedef struct {
    esp_loader_view_t view;
    esp_loader_source_t source;
    uint32_t offset; /* in flash */
} table_t;

static bool has_place(const table_t *table, uint64_t offset, uint64_t size)
{
    uint32_t count = 0;
    esp_loader_partition_t partition;
    bool is_held = false;
    if (esp_loader_partition_table_check(&table->source, &count) != ESP_LOADER_SUCCESS) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        FUZZ_CHECK(esp_loader_partition_get(&table->source, i, &partition) == ESP_LOADER_SUCCESS);
        is_held = is_held || (offset >= partition.offset &&
                              offset + size <= (uint64_t)partition.offset + partition.size);
    }
    return is_held;
}

/* Does all that lies after the table have a place in it, other tables too? */
static bool is_the_table(const plan_t *plan, const table_t *tables, size_t count, const table_t *table)
{
    for (size_t i = 0; i < count; i++) {
        if (&tables[i] != table && !has_place(table, tables[i].offset, 1)) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->count; i++) {
        const esp_loader_image_t *image = &plan->images[i];
        if (!image->is_raw && image->offset > table->offset &&
            !has_place(table, image->offset, image->source.size)) {
            return false;
        }
    }
    return true;
}

static size_t find_tables(const plan_t *plan, table_t *tables)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const esp_loader_image_t *image = &plan->images[i];
        esp_loader_parts_t parts;
        esp_loader_part_t part = {.kind = ESP_LOADER_PART_DATA};
        if (image->is_raw) {
            continue; /* nobody reads it */
        }
        esp_loader_parts_begin(&parts, &image->source, image->offset);
        do {
            FUZZ_CHECK(esp_loader_parts_next(&parts, &part) == ESP_LOADER_SUCCESS);
            if (part.kind == ESP_LOADER_PART_TABLE && count < TABLES_MAX) {
                table_t *table = &tables[count++];
                table->offset = image->offset + part.offset;
                table->source = esp_loader_view(&table->view, &image->source, part.offset);
            }
        } while (part.kind != ESP_LOADER_PART_END);
    }
    return count;
}

static void check_accepted(const plan_t *plan)
{
    table_t tables[TABLES_MAX];
    for (size_t i = 0; i < plan->count; i++) {
        const esp_loader_image_t *image = &plan->images[i];
        FUZZ_CHECK(image->offset % ESP_LOADER_SECTOR_SIZE == 0 && image->source.size > 0);
        FUZZ_CHECK(end_of(image) <= UINT64_C(1) << 32);
        for (size_t k = 0; k < i; k++) {
            FUZZ_CHECK(end_of(image) <= plan->images[k].offset || end_of(&plan->images[k]) <= image->offset);
        }
    }
    size_t count = find_tables(plan, tables);
    bool is_found = count == 0;
    for (size_t i = 0; i < count; i++) {
        is_found = is_found || is_the_table(plan, tables, count, &tables[i]);
    }
    FUZZ_CHECK(is_found);
}

static void reverse(plan_t *plan)
{
    for (size_t i = 0; i < plan->count / 2; i++) {
        esp_loader_image_t image = plan->images[i];
        plan->images[i] = plan->images[plan->count - 1 - i];
        plan->images[plan->count - 1 - i] = image;
    }
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static plan_t plan;
    fuzz_input_t input = {data, size};
    plan.count = 1 + fuzz_u8(&input) % IMAGES_MAX;
    for (size_t i = 0; i < plan.count; i++) {
        esp_loader_image_t *image = &plan.images[i];
        const uint32_t sector = fuzz_u8(&input);
        const uint8_t flags = fuzz_u8(&input);
        plan.contents[i] = fuzz_take(&input, fuzz_u16(&input));
        *image = (esp_loader_image_t){.offset = sector * ESP_LOADER_SECTOR_SIZE,
                                      .is_raw = (flags & RAW) != 0,
                                      .source = fuzz_source(&plan.contents[i])};
        image->offset += (flags & ODD_OFFSET) != 0 ? 4 : 0;
        image->offset = (flags & NEAR_THE_END) != 0 ? 0u - image->offset : image->offset;
        if ((flags & IS_LONG) != 0 && image->is_raw) { /* not read, so it need not be there */
            image->source.size = 0u - image->source.size;
        }
    }

    esp_loader_error_detail_t detail;
    esp_loader_error_t err = check(&plan, &detail);
    if (err == ESP_LOADER_SUCCESS) {
        check_accepted(&plan);
    } else {
        FUZZ_CHECK(detail.image >= 0 && (size_t)detail.image < plan.count);
        FUZZ_CHECK(detail.address == plan.images[detail.image].offset);
    }
    reverse(&plan);
    FUZZ_CHECK((check(&plan, &detail) == ESP_LOADER_SUCCESS) == (err == ESP_LOADER_SUCCESS));
}

static void put_image(fuzz_seed_t *seed, unsigned sector, unsigned flags, const void *content, size_t size)
{
    fuzz_put_u8(seed, sector);
    fuzz_put_u8(seed, flags);
    fuzz_put_u8(seed, size & 0xFF);
    fuzz_put_u8(seed, (unsigned)(size >> 8));
    fuzz_put(seed, content, size);
}

/* Bootloader, table, app and data, as small as they can be; from the second seed on with flags. */
FUZZ_SEEDS(8)
{
    static const uint8_t image[48] = {0xE9, 1, 2, 0x30, 0, 0, 0x38, 0x40, 0, 0, 0, 0, 9, 0, 0, 0,
                                      0,    0, 0, 0,    0, 0, 0,    0,    0, 0, 0, 0, 8, 0, 0, 0,
                                      1,    2, 3, 4,    0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0xEF ^ 4};
    uint8_t table[96] = {0xAA, 0x50, 1, 2, 0, 0x90, 0, 0, 0, 0x60, 0, 0, 'n', 'v', 's'};
    const unsigned flags = number % 4;
    memcpy(table + 32, (const uint8_t[]){0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 'f', 'a', 'c', 't'}, 16);
    memset(table + 64, 0xFF, 32);
    fuzz_put_u8(seed, number < 4 ? 3 : 2);
    put_image(seed, 0, flags, image, sizeof(image));
    put_image(seed, 8, 0, table, sizeof(table));
    put_image(seed, 16, number >= 4 ? flags * 4 : 0, image, sizeof(image));
    put_image(seed, 9, flags, "data", 4);
}
