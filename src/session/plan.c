/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan: the checks that need the target, then one image after the other on the explicit operations.
 * The checks that need no target are in plan_check.c.
 */
#include "esp_loader_plan.h"

#include <string.h>

#include "image/image.h"
#include "session/session.h"

#define MAX_BLOCK_SIZE   16384u
#define NO_IMAGE         SIZE_MAX
#define REVISION_UNKNOWN UINT32_MAX
#define REVISION_NO_MAX  65535u

typedef struct {
    esp_loader_t *loader;
    const esp_loader_image_t *images;
    size_t count;
    const esp_loader_plan_options_t *options;
    esp_loader_image_report_t *reports; /* may be NULL */

    uint32_t chip_revision;
    bool is_secure_boot;
    bool is_flash_encrypted;
    uint32_t block_size;

    size_t index; /* image that is being checked or flashed */
    const esp_loader_image_t *image;
    esp_loader_image_patch_t patch;
    esp_loader_image_report_t report; /* of that image */
} run_t;

/* Records a failure that this file finds itself; @p offset counts from the start of the image. */
static esp_loader_error_t fail(run_t *run, esp_loader_error_t error, esp_loader_stage_t stage,
                               uint32_t offset, uint32_t value)
{
    RETURN_ON_ERROR(eli_enter(run->loader, stage));
    return eli_fail(run->loader, error, error, stage, run->image->offset + offset, value);
}

/* ---- checks that need the target ---- */

/* Targets that report nothing pass: ESP8266 and ESP32 have no such command, and a target in secure download
 * mode does not let its revision be read. */
static esp_loader_error_t read_target(run_t *run)
{
    esp_loader_target_security_info_t security = {0};

    RETURN_ON_ERROR(eli_enter(run->loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(eli_flash_attach(run->loader));
    esp_loader_error_t err = esp_loader_get_security_info(run->loader, &security);
    if (err != ESP_LOADER_SUCCESS && err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return err;
    }
    run->is_secure_boot = security.secure_boot_enabled;
    run->is_flash_encrypted = security.flash_encryption_enabled;

    err = esp_loader_read_chip_revision(run->loader, &run->chip_revision);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        run->chip_revision = REVISION_UNKNOWN;
        err = ESP_LOADER_SUCCESS;
    }
    return err;
}

static bool is_bootloader(const run_t *run)
{
    return !run->image->is_raw && run->image->offset == eli_target(run->loader)->bootloader_offset;
}

/* Plain content in encrypted flash, and a bootloader that the ROM has to trust, leave a chip that does not
 * boot. */
static esp_loader_error_t check_security(run_t *run)
{
    bool is_patched =
        run->options->flash_params != NULL && !eli_flash_params_keep_all(run->options->flash_params);

    if ((run->is_flash_encrypted && !run->image->is_raw) ||
        (is_bootloader(run) && (run->is_secure_boot || (is_patched && run->loader->_is.secure_download)))) {
        return fail(run, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_CHECK, 0, 0);
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

static esp_loader_error_t check_executable(run_t *run, const esp_loader_image_info_t *info)
{
    const eli_target_t *target = eli_target(run->loader);

    if (info->chip_id != target->image_chip_id) {
        return fail(run, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, 0, info->chip_id);
    }
    bool legacy_is_minor = eli_has(target, ELI_LEGACY_REVISION_IS_MINOR);
    if (run->chip_revision != REVISION_UNKNOWN &&
        !is_revision_allowed(info, run->chip_revision, legacy_is_minor)) {
        return fail(run, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_STAGE_CHECK, 0, run->chip_revision);
    }
    return ESP_LOADER_SUCCESS;
}

/* A bootloader refuses a table with a partition beyond the end of the flash. */
static esp_loader_error_t check_table(run_t *run)
{
    const uint32_t flash_size = run->loader->_flash_size;
    esp_loader_partition_t partition;
    esp_loader_error_t err;

    for (uint32_t i = 0;; i++) {
        err = esp_loader_partition_get(&run->image->source, i, &partition);
        if (err != ESP_LOADER_SUCCESS) {
            break;
        }
        if (partition.offset > flash_size || partition.size > flash_size - partition.offset) {
            return fail(run, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, 0, partition.offset);
        }
    }
    return err == ESP_LOADER_ERROR_INVALID_PARAM
               ? ESP_LOADER_SUCCESS
               : fail(run, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
}

/* The structure was checked before; what does not parse here was found to be data. */
static esp_loader_error_t check_content(run_t *run)
{
    eli_image_kind_t kind;
    esp_loader_image_info_t info;

    esp_loader_error_t err = eli_source_kind(&run->image->source, &kind);
    if (err == ESP_LOADER_SUCCESS && kind == ELI_IMAGE_EXECUTABLE) {
        err = eli_image_walk(&run->image->source, &info);
        if (err == ESP_LOADER_SUCCESS) {
            return check_executable(run, &info);
        }
    }
    if (err != ESP_LOADER_SUCCESS && err != ESP_LOADER_ERROR_IMAGE_FORMAT) {
        return fail(run, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
    }
    if (is_bootloader(run)) {
        return fail(run, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_STAGE_CHECK, 0, 0);
    }
    return kind == ELI_IMAGE_PARTITION_TABLE ? check_table(run) : ESP_LOADER_SUCCESS;
}

/* A loader that cannot but erase one sector more must not hit an image that is written by then. */
static esp_loader_error_t check_erase(run_t *run)
{
    uint32_t end = eli_flash_erase_end(run->loader, run->image->offset, run->image->source.size);

    for (size_t i = 0; i < run->index; i++) {
        const uint32_t offset = run->images[i].offset;
        if (offset > run->image->offset && offset < end) {
            return fail(run, ESP_LOADER_ERROR_OVERLAP, ESP_LOADER_STAGE_CHECK, 0, offset);
        }
    }
    return eli_flash_check_range(run->loader, run->image->offset, end - run->image->offset);
}

static esp_loader_error_t check_image(run_t *run)
{
    RETURN_ON_ERROR(eli_enter(run->loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(eli_flash_check_range(run->loader, run->image->offset, run->image->source.size));
    RETURN_ON_ERROR(check_erase(run));
    RETURN_ON_ERROR(check_security(run));
    return run->image->is_raw ? ESP_LOADER_SUCCESS : check_content(run);
}

/* ---- one image ---- */

static void notify(const run_t *run, esp_loader_plan_step_t step, uint32_t done)
{
    const esp_loader_plan_event_t event = {.step = step,
                                           .image_index = run->index,
                                           .image = run->image,
                                           .done = done,
                                           .total = run->image->source.size};
    if (run->options->on_event != NULL) {
        run->options->on_event(run->options->ctx, &event);
    }
}

static esp_loader_error_t check_cancelled(run_t *run, esp_loader_stage_t stage, uint32_t offset)
{
    if (run->options->is_cancelled != NULL && run->options->is_cancelled(run->options->ctx)) {
        return fail(run, ESP_LOADER_ERROR_CANCELLED, stage, offset, 0);
    }
    return ESP_LOADER_SUCCESS;
}

/* Brings the block at @p offset of the image into the buffer, as it is to stand in flash. */
static esp_loader_error_t read_block(run_t *run, esp_loader_stage_t stage, uint32_t offset,
                                     uint32_t *out_size)
{
    const esp_loader_source_t *source = &run->image->source;
    uint32_t left = source->size - offset;
    uint32_t size = left < run->block_size ? left : run->block_size;

    RETURN_ON_ERROR(check_cancelled(run, stage, offset));
    esp_loader_error_t err = source->read(source->ctx, offset, run->options->buffer, size);
    if (err != ESP_LOADER_SUCCESS) {
        return fail(run, ESP_LOADER_ERROR_SOURCE, stage, offset, (uint32_t)err);
    }
    esp_loader_image_patch_apply(&run->patch, offset, run->options->buffer, size);
    *out_size = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t prepare_patch(run_t *run)
{
    const esp_loader_flash_params_t *params = run->options->flash_params;

    run->patch.is_active = false;
    if (params == NULL || !is_bootloader(run)) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err = esp_loader_image_patch_prepare(&run->image->source, params, &run->patch);
    return err == ESP_LOADER_SUCCESS
               ? err
               : fail(run, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_CHECK, 0, (uint32_t)err);
}

/* Does the flash hold the image already? A loader without MD5 cannot tell, which counts as no. */
static esp_loader_error_t compare(run_t *run, bool *out_is_equal)
{
    uint8_t flash_digest[ESP_LOADER_MD5_SIZE];
    uint8_t image_digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    uint32_t size;

    *out_is_equal = false;
    notify(run, ESP_LOADER_PLAN_COMPARE, 0);
    RETURN_ON_ERROR(check_cancelled(run, ESP_LOADER_STAGE_VERIFY, 0));
    esp_loader_error_t err =
        esp_loader_flash_md5(run->loader, run->image->offset, run->image->source.size, flash_digest);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(err);

    esp_loader_md5_init(&md5);
    for (uint32_t offset = 0; offset < run->image->source.size; offset += size) {
        RETURN_ON_ERROR(read_block(run, ESP_LOADER_STAGE_VERIFY, offset, &size));
        esp_loader_md5_update(&md5, run->options->buffer, size);
    }
    esp_loader_md5_finish(&md5, image_digest);
    *out_is_equal = memcmp(flash_digest, image_digest, sizeof(image_digest)) == 0;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t verify(run_t *run, esp_loader_flash_cfg_t *cfg)
{
    if (!cfg->skip_verify) {
        notify(run, ESP_LOADER_PLAN_VERIFY, cfg->image_size);
    }
    esp_loader_error_t err = esp_loader_flash_finish(run->loader, cfg);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        run->report.result = ESP_LOADER_IMAGE_UNVERIFIED;
        return ESP_LOADER_SUCCESS;
    }
    run->report.result = cfg->skip_verify ? ESP_LOADER_IMAGE_WRITTEN : ESP_LOADER_IMAGE_VERIFIED;
    return err;
}

/* Erases, writes and verifies the image from its start. */
static esp_loader_error_t write_from_start(run_t *run)
{
    esp_loader_flash_cfg_t cfg = {.offset = run->image->offset,
                                  .image_size = run->image->source.size,
                                  .block_size = run->block_size,
                                  .skip_verify = run->options->skip_verify};
    uint32_t size;

    notify(run, ESP_LOADER_PLAN_ERASE, 0);
    RETURN_ON_ERROR(check_cancelled(run, ESP_LOADER_STAGE_ERASE, 0));
    run->report.sectors_erased += (cfg.image_size - 1) / ESP_LOADER_SECTOR_SIZE + 1;
    RETURN_ON_ERROR(esp_loader_flash_start(run->loader, &cfg));

    notify(run, ESP_LOADER_PLAN_WRITE, 0);
    for (uint32_t offset = 0; offset < cfg.image_size; offset += size) {
        RETURN_ON_ERROR(read_block(run, ESP_LOADER_STAGE_WRITE, offset, &size));
        RETURN_ON_ERROR(esp_loader_flash_write(run->loader, &cfg, run->options->buffer, size));
        run->report.bytes_sent += size;
        notify(run, ESP_LOADER_PLAN_WRITE, offset + size);
    }
    return verify(run, &cfg);
}

/* A block whose reply is lost may or may not be in flash, and a block must not be sent twice: the way on is
 * to begin the image again. */
static bool can_begin_again(const esp_loader_t *loader)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(loader);

    return detail->stage == ESP_LOADER_STAGE_WRITE &&
           (detail->cause == ESP_LOADER_ERROR_TIMEOUT || detail->cause == ESP_LOADER_ERROR_CHECKSUM);
}

static esp_loader_error_t flash_image(run_t *run)
{
    bool is_equal = false;

    RETURN_ON_ERROR(prepare_patch(run));
    if (!run->options->rewrite_equal) {
        RETURN_ON_ERROR(compare(run, &is_equal));
    }
    if (is_equal) {
        run->report.result = ESP_LOADER_IMAGE_EQUAL;
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err = write_from_start(run);
    if (err != ESP_LOADER_SUCCESS && can_begin_again(run->loader)) {
        err = write_from_start(run);
    }
    return err;
}

/* ---- the whole plan ---- */

static esp_loader_image_report_t empty_report(const esp_loader_image_t *image)
{
    return (esp_loader_image_report_t){.result = ESP_LOADER_IMAGE_NOT_STARTED, .bytes = image->source.size};
}

static void select_image(run_t *run, size_t index)
{
    run->index = index;
    run->image = &run->images[index];
    run->report = empty_report(run->image);
}

static void keep_report(run_t *run)
{
    if (run->reports != NULL) {
        run->reports[run->index] = run->report;
    }
}

/* Largest power of two that buffer and loader can take. */
static uint32_t choose_block_size(const run_t *run)
{
    uint32_t size = MAX_BLOCK_SIZE;

    while (size > run->options->buffer_size || size > eli_flash_block_size(run->loader)) {
        size /= 2;
    }
    return size;
}

/* Adds to a failure which image it concerns. */
static esp_loader_error_t attribute(run_t *run, esp_loader_error_t err)
{
    if (err != ESP_LOADER_SUCCESS) {
        run->loader->_detail.image = (int32_t)run->index;
        run->report.result = ESP_LOADER_IMAGE_FAILED;
        run->report.error = run->loader->_detail.cause;
        keep_report(run);
    }
    return err;
}

static esp_loader_error_t check_target(run_t *run)
{
    RETURN_ON_ERROR(read_target(run));
    for (size_t i = 0; i < run->count; i++) {
        select_image(run, i);
        RETURN_ON_ERROR(attribute(run, check_image(run)));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash_all(run_t *run)
{
    run->block_size = choose_block_size(run);
    for (size_t i = 0; i < run->count; i++) {
        select_image(run, i);
        uint32_t started_ms = eli_now_ms(run->loader);
        esp_loader_error_t err = flash_image(run);
        run->report.time_ms = eli_now_ms(run->loader) - started_ms;
        RETURN_ON_ERROR(attribute(run, err));
        keep_report(run);
        notify(run, ESP_LOADER_PLAN_DONE, run->image->source.size);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_plan_run(esp_loader_t *loader, const esp_loader_image_t *images, size_t count,
                                       const esp_loader_plan_options_t *options,
                                       esp_loader_image_report_t *reports)
{
    run_t run = {.loader = loader, .images = images, .count = count, .options = options, .reports = reports};

    for (size_t i = 0; images != NULL && reports != NULL && i < count; i++) {
        reports[i] = empty_report(&images[i]);
    }
    esp_loader_error_t err = esp_loader_plan_check(images, count, options, &loader->_detail);
    if (err != ESP_LOADER_SUCCESS) {
        if (reports != NULL && loader->_detail.image >= 0) {
            reports[loader->_detail.image].result = ESP_LOADER_IMAGE_FAILED;
            reports[loader->_detail.image].error = loader->_detail.cause;
        }
        return err;
    }
    RETURN_ON_ERROR(check_target(&run));
    return flash_all(&run);
}
