/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything about a plan that can be checked without a target. What needs the target is checked in target.c.
 */
#include "esp_loader_plan.h"
#include "image/image.h"

#define MIN_BUFFER_SIZE 256u

typedef struct {
    const esp_loader_image_t *images;
    size_t count;
    const esp_loader_image_t *table; /* the plan's partition table, NULL = none */
    uint32_t partition_count;
    bool has_chip_id;
    uint16_t chip_id; /* of the executable images so far */
    esp_loader_error_detail_t detail;
} check_t;

static esp_loader_error_t fail(check_t *check, size_t index, esp_loader_error_t error, uint32_t value)
{
    check->detail.error = error;
    check->detail.cause = error;
    check->detail.address = check->images[index].offset;
    check->detail.value = value;
    check->detail.image = (int32_t)index;
    return error;
}

/* Fails with what reading or parsing an image gave; an error of the image's own read() becomes SOURCE. */
static esp_loader_error_t fail_content(check_t *check, size_t index, esp_loader_error_t error)
{
    if (error == ESP_LOADER_ERROR_IMAGE_FORMAT || error == ESP_LOADER_ERROR_IMAGE_CHECKSUM ||
        error == ESP_LOADER_ERROR_PARTITION) {
        return fail(check, index, error, 0);
    }
    return fail(check, index, ESP_LOADER_ERROR_SOURCE, (uint32_t)error);
}

static bool are_options_valid(const esp_loader_plan_options_t *options)
{
    return options != NULL && options->buffer != NULL && options->buffer_size >= MIN_BUFFER_SIZE &&
           (options->flash_params == NULL || eli_flash_params_are_valid(options->flash_params));
}

static esp_loader_error_t check_range(check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];

    if (image->source.read == NULL || image->source.size == 0) {
        return fail(check, index, ESP_LOADER_ERROR_INVALID_PARAM, image->source.size);
    }
    if (image->offset % ESP_LOADER_SECTOR_SIZE != 0) {
        return fail(check, index, ESP_LOADER_ERROR_ALIGNMENT, 0);
    }
    if (image->source.size - 1 > UINT32_MAX - image->offset) {
        return fail(check, index, ESP_LOADER_ERROR_FLASH_RANGE, image->source.size);
    }
    return ESP_LOADER_SUCCESS;
}

static uint32_t last_sector(const esp_loader_image_t *image)
{
    return (image->offset + (image->source.size - 1)) / ESP_LOADER_SECTOR_SIZE;
}

/* Against the images before it, whose ranges are checked. */
static esp_loader_error_t check_overlap(check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];

    for (size_t i = 0; i < index; i++) {
        const esp_loader_image_t *other = &check->images[i];
        if (image->offset / ESP_LOADER_SECTOR_SIZE <= last_sector(other) &&
            other->offset / ESP_LOADER_SECTOR_SIZE <= last_sector(image)) {
            return fail(check, index, ESP_LOADER_ERROR_OVERLAP, other->offset);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t get_partition(check_t *check, uint32_t index, esp_loader_partition_t *out)
{
    esp_loader_error_t err = esp_loader_partition_get(&check->table->source, index, out);

    return err == ESP_LOADER_SUCCESS ? err : fail_content(check, (size_t)(check->table - check->images), err);
}

/* No partition but those that describe bootloader and table themselves may begin before the table's end. */
static esp_loader_error_t check_partitions_behind_table(check_t *check, size_t index)
{
    esp_loader_partition_t partition;

    for (uint32_t i = 0; i < check->partition_count; i++) {
        RETURN_ON_ERROR(get_partition(check, i, &partition));
        if (partition.type != ESP_LOADER_PARTITION_TYPE_BOOTLOADER &&
            partition.type != ESP_LOADER_PARTITION_TYPE_TABLE && partition.offset <= check->table->offset) {
            return fail(check, index, ESP_LOADER_ERROR_PARTITION, partition.offset);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t find_table(check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];
    eli_image_kind_t kind = ELI_IMAGE_DATA;

    esp_loader_error_t err = image->is_raw ? ESP_LOADER_SUCCESS : eli_source_kind(&image->source, &kind);
    if (err == ESP_LOADER_SUCCESS && kind != ELI_IMAGE_PARTITION_TABLE) {
        return ESP_LOADER_SUCCESS;
    }
    if (err == ESP_LOADER_SUCCESS) {
        err = esp_loader_partition_table_check(&image->source, &check->partition_count);
    }
    if (err != ESP_LOADER_SUCCESS) {
        return fail_content(check, index, err);
    }
    if (check->table != NULL) {
        return fail(check, index, ESP_LOADER_ERROR_PARTITION, check->table->offset);
    }
    check->table = image;
    return check_partitions_behind_table(check, index);
}

/* What lies behind the table must lie in one partition. All offsets are multiples of the table's one sector.
 */
static esp_loader_error_t check_placement(check_t *check, size_t index, bool *out_is_app)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_partition_t partition;

    *out_is_app = false;
    if (check->table == NULL || image->offset <= check->table->offset) {
        return ESP_LOADER_SUCCESS;
    }
    for (uint32_t i = 0; i < check->partition_count; i++) {
        RETURN_ON_ERROR(get_partition(check, i, &partition));
        if (image->offset >= partition.offset && image->offset - partition.offset < partition.size &&
            image->source.size <= partition.size - (image->offset - partition.offset)) {
            *out_is_app =
                partition.type == ESP_LOADER_PARTITION_TYPE_APP && image->offset == partition.offset;
            return ESP_LOADER_SUCCESS;
        }
    }
    return fail(check, index, ESP_LOADER_ERROR_PARTITION, image->source.size);
}

/* Offsets at which one chip or another looks for its bootloader. Source: esptool 5.3, target classes. */
static bool is_bootloader_offset(uint32_t offset)
{
    return offset == 0 || offset == 0x1000 || offset == 0x2000;
}

/* Content that only begins like an executable image is data, unless it lies where only an image makes sense.
 */
static esp_loader_error_t check_executable(check_t *check, size_t index, bool is_app)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_image_info_t info;

    esp_loader_error_t err = esp_loader_image_check(&image->source, &info);
    if (err == ESP_LOADER_ERROR_IMAGE_FORMAT && !is_app && !is_bootloader_offset(image->offset)) {
        return ESP_LOADER_SUCCESS;
    }
    if (err != ESP_LOADER_SUCCESS) {
        return fail_content(check, index, err);
    }
    if (check->has_chip_id && info.chip_id != check->chip_id) {
        return fail(check, index, ESP_LOADER_ERROR_IMAGE_CHIP, info.chip_id);
    }
    check->has_chip_id = true;
    check->chip_id = info.chip_id;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_content(check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];
    eli_image_kind_t kind;
    bool is_app;

    if (image->is_raw || image == check->table) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(check_placement(check, index, &is_app));
    esp_loader_error_t err = eli_source_kind(&image->source, &kind);
    if (err != ESP_LOADER_SUCCESS) {
        return fail_content(check, index, err);
    }
    if (kind == ELI_IMAGE_EXECUTABLE) {
        return check_executable(check, index, is_app);
    }
    return is_app ? fail(check, index, ESP_LOADER_ERROR_IMAGE_FORMAT, 0) : ESP_LOADER_SUCCESS;
}

/* Each step relies on the ones before it having passed for every image. */
static esp_loader_error_t check_all(check_t *check)
{
    static esp_loader_error_t (*const steps[])(check_t *, size_t) = {check_range, check_overlap, find_table,
                                                                     check_content};

    for (size_t step = 0; step < sizeof(steps) / sizeof(steps[0]); step++) {
        for (size_t i = 0; i < check->count; i++) {
            RETURN_ON_ERROR(steps[step](check, i));
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_plan_check(const esp_loader_image_t *images, size_t count,
                                         const esp_loader_plan_options_t *options,
                                         esp_loader_error_detail_t *out_detail)
{
    check_t check = {
        .images = images, .count = count, .detail = {.stage = ESP_LOADER_STAGE_CHECK, .image = -1}};
    esp_loader_error_t err;

    if (images == NULL || count == 0 || !are_options_valid(options)) {
        err = ESP_LOADER_ERROR_INVALID_PARAM;
        check.detail.error = err;
        check.detail.cause = err;
    } else {
        err = check_all(&check);
    }
    if (out_detail != NULL) {
        *out_detail = check.detail;
    }
    return err;
}
