/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The order that cannot brick: look at all there is to look at, take the mark away, write, compare the flash with the
 * manifest, put the mark back. README.md has the reasons.
 */
#include "coprocessor_update.h"

#include <string.h>

#include "esp_loader_content.h"

static bool fail(coprocessor_update_t *update, coprocessor_reason_t reason, esp_loader_error_t error,
                 size_t image)
{
    update->reason = reason;
    update->error = error;
    update->image = image;
    return false;
}

static bool fail_whole(coprocessor_update_t *update, coprocessor_reason_t reason, esp_loader_error_t error)
{
    return fail(update, reason, error, update->manifest->image_count);
}

static bool has_mark(const coprocessor_host_t *host)
{
    return host->load_mark != NULL && host->store_mark != NULL;
}

static esp_loader_error_t read_image(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const struct coprocessor_reader *reader = ctx;
    return reader->host->read(reader->host->ctx, reader->image, offset, buf, size);
}

static bool has_images(const coprocessor_manifest_t *manifest)
{
    if (manifest->images == NULL || manifest->image_count == 0 ||
        manifest->image_count > COPROCESSOR_IMAGES_MAX) {
        return false;
    }
    for (size_t i = 0; i < manifest->image_count; i++) {
        if (manifest->images[i].size == 0 ||
            manifest->images[i].size > UINT32_MAX - manifest->images[i].offset) {
            return false;
        }
    }
    return true;
}

/* Fills what begins with an underscore. */
static bool begin(coprocessor_update_t *update)
{
    const coprocessor_manifest_t *manifest = update->manifest;
    const coprocessor_host_t *host = update->host;

    update->reason = COPROCESSOR_NO_REASON;
    update->error = ESP_LOADER_SUCCESS;
    update->image = manifest->image_count;
    update->sectors_erased = update->bytes_written = 0;
    update->_has_begun = false;
    update->_is_source_checked = false;
    update->_running[0] = '\0';
    if (!has_images(manifest) || manifest->version == NULL ||
        strlen(manifest->version) >= COPROCESSOR_VERSION_SIZE || host->read == NULL ||
        update->buffer == NULL || update->buffer_size == 0 ||
        (host->update_itself != NULL && (host->ask_version == NULL || !has_mark(host)))) {
        return fail_whole(update, COPROCESSOR_BAD_ARGUMENT, ESP_LOADER_ERROR_INVALID_PARAM);
    }
    memset(update->_images, 0, sizeof(update->_images));
    for (size_t i = 0; i < manifest->image_count; i++) {
        const coprocessor_image_t *image = &manifest->images[i];
        update->_readers[i] = (struct coprocessor_reader){host, i};
        update->_images[i].name = image->name;
        update->_images[i].offset = image->offset;
        update->_images[i].is_raw = image->is_raw;
        update->_images[i].source = (esp_loader_source_t){read_image, &update->_readers[i], image->size};
    }
    return true;
}

/* ---- the mark: "this manifest is what was written and compared, or what updated itself; nothing was erased since" ---- */

static void hash_number(esp_loader_md5_t *md5, uint32_t number)
{
    esp_loader_md5_update(md5, &number, sizeof(number));
}

static void mark_of(const coprocessor_manifest_t *manifest, uint8_t out_mark[COPROCESSOR_MARK_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    hash_number(&md5, (uint32_t)manifest->chip);
    hash_number(&md5, manifest->min_revision);
    esp_loader_md5_update(&md5, manifest->version, strlen(manifest->version));
    for (size_t i = 0; i < manifest->image_count; i++) {
        hash_number(&md5, manifest->images[i].offset);
        hash_number(&md5, manifest->images[i].size);
        esp_loader_md5_update(&md5, manifest->images[i].md5, sizeof(manifest->images[i].md5));
    }
    esp_loader_md5_finish(&md5, out_mark);
}

static bool is_marked(const coprocessor_update_t *update)
{
    uint8_t expected[COPROCESSOR_MARK_SIZE], mark[COPROCESSOR_MARK_SIZE];

    if (!has_mark(update->host) || update->host->load_mark(update->host->ctx, mark) != ESP_LOADER_SUCCESS) {
        return false;
    }
    mark_of(update->manifest, expected);
    return memcmp(mark, expected, sizeof(mark)) == 0;
}

/* Before flash is changed, by whichever way. */
static bool take_mark_away(coprocessor_update_t *update)
{
    static const uint8_t none[COPROCESSOR_MARK_SIZE];

    if (has_mark(update->host)) {
        const esp_loader_error_t error = update->host->store_mark(update->host->ctx, none);
        if (error != ESP_LOADER_SUCCESS) {
            return fail_whole(update, COPROCESSOR_MARK, error);
        }
    }
    return true;
}

/* A mark that cannot be stored costs the next start a comparison, and nothing else. */
static void put_mark(const coprocessor_update_t *update)
{
    uint8_t mark[COPROCESSOR_MARK_SIZE];

    if (has_mark(update->host)) {
        mark_of(update->manifest, mark);
        (void)update->host->store_mark(update->host->ctx, mark);
    }
}

/* ---- the running firmware ---- */

static void ask_version(coprocessor_update_t *update)
{
    const coprocessor_host_t *host = update->host;

    if (host->ask_version == NULL || host->ask_version(host->ctx, update->_running) != ESP_LOADER_SUCCESS) {
        update->_running[0] = '\0';
    }
    update->_running[sizeof(update->_running) - 1] = '\0';
}

static bool runs_version(const coprocessor_update_t *update)
{
    return strcmp(update->_running, update->manifest->version) == 0 && update->_running[0] != '\0';
}

/* ---- the images, before anything is erased ---- */

static bool check_digest(coprocessor_update_t *update, size_t index)
{
    const coprocessor_image_t *image = &update->manifest->images[index];
    const esp_loader_source_t *source = &update->_images[index].source;
    esp_loader_md5_t md5;
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    esp_loader_md5_init(&md5);
    for (uint32_t done = 0; done < image->size;) {
        const uint32_t left = image->size - done;
        const size_t piece = left < update->buffer_size ? left : update->buffer_size;
        const esp_loader_error_t error = source->read(source->ctx, done, update->buffer, piece);
        if (error != ESP_LOADER_SUCCESS) {
            return fail(update, COPROCESSOR_SOURCE, error, index);
        }
        esp_loader_md5_update(&md5, update->buffer, piece);
        done += (uint32_t)piece;
    }
    esp_loader_md5_finish(&md5, digest);
    return memcmp(digest, image->md5, sizeof(digest)) == 0 ||
           fail(update, COPROCESSOR_DIGEST, ESP_LOADER_ERROR_INVALID_MD5, index);
}

/* An executable image is for the chip that the manifest names. */
static bool check_chip(coprocessor_update_t *update, size_t index)
{
    esp_loader_part_t part;

    if (update->_images[index].is_raw) {
        return true;
    }
    const esp_loader_error_t error = esp_loader_part_at(&update->_images[index].source, 0, &part);
    if (error != ESP_LOADER_SUCCESS) {
        return fail(update, COPROCESSOR_SOURCE, error, index);
    }
    return part.kind != ESP_LOADER_PART_EXECUTABLE || part.chip == update->manifest->chip ||
           fail(update, COPROCESSOR_CHIP, ESP_LOADER_ERROR_IMAGE_CHIP, index);
}

static bool check_source(coprocessor_update_t *update)
{
    for (size_t i = 0; i < update->manifest->image_count && !update->_is_source_checked; i++) {
        if (!check_digest(update, i) || !check_chip(update, i)) {
            return false;
        }
    }
    update->_is_source_checked = true;
    return true;
}

/* ---- through the loader ---- */

static bool connect(coprocessor_update_t *update, esp_loader_t *loader)
{
    esp_loader_error_t error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;

    if (update->use_stub) {
        error = esp_loader_connect_with_stub(loader, NULL);
    }
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        error = esp_loader_connect(loader, NULL);
    }
    return error == ESP_LOADER_SUCCESS || fail_whole(update, COPROCESSOR_LINK, error);
}

static bool check_target(coprocessor_update_t *update, esp_loader_t *loader)
{
    const coprocessor_manifest_t *manifest = update->manifest;
    uint32_t revision = 0;

    if (esp_loader_get_target(loader) != manifest->chip) {
        return fail_whole(update, COPROCESSOR_CHIP, ESP_LOADER_ERROR_INVALID_TARGET);
    }
    if (manifest->min_revision > 0) {
        const esp_loader_error_t error = esp_loader_read_chip_revision(loader, &revision);
        if (error != ESP_LOADER_SUCCESS) {
            return fail_whole(update, COPROCESSOR_LINK, error);
        }
        if (revision < manifest->min_revision) {
            return fail_whole(update, COPROCESSOR_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION);
        }
    }
    return true;
}

/* The one question whose answer is success: does the flash hold what the manifest says? */
static bool compare(coprocessor_update_t *update, esp_loader_t *loader, bool *out_is_equal)
{
    *out_is_equal = false;
    for (size_t i = 0; i < update->manifest->image_count; i++) {
        const coprocessor_image_t *image = &update->manifest->images[i];
        const esp_loader_error_t error =
            esp_loader_flash_verify_known_md5(loader, image->offset, image->size, image->md5);
        if (error == ESP_LOADER_ERROR_INVALID_MD5) {
            return true;
        }
        if (error != ESP_LOADER_SUCCESS) {
            return fail(update, COPROCESSOR_LINK, error, i);
        }
    }
    *out_is_equal = true;
    return true;
}

/* This event comes before the first change of the flash; reports are there only when the plan has ended. */
static void note_event(void *ctx, const esp_loader_plan_event_t *event)
{
    coprocessor_update_t *update = ctx;

    update->_has_begun |= event->step == ESP_LOADER_PLAN_ERASE;
    if (update->host->on_event != NULL) {
        update->host->on_event(update->host->ctx, event);
    }
}

static bool run_plan(coprocessor_update_t *update, esp_loader_t *loader)
{
    const size_t count = update->manifest->image_count;
    esp_loader_image_report_t reports[COPROCESSOR_IMAGES_MAX];
    esp_loader_plan_options_t options = {
        .buffer = update->buffer,
        .buffer_size = update->buffer_size,
        .on_event = note_event,
        .ctx = update,
    };
    esp_loader_error_detail_t detail;

    esp_loader_error_t error = esp_loader_plan_check(update->_images, count, &options, &detail);
    if (error != ESP_LOADER_SUCCESS) {
        return fail(update, COPROCESSOR_PLAN, error, detail.image < 0 ? count : (size_t)detail.image);
    }
    if (!take_mark_away(update)) {
        return false;
    }
    options.content_is_checked = true;
    error = esp_loader_plan_run(loader, update->_images, count, &options, reports);
    for (size_t i = 0; i < count; i++) {
        update->sectors_erased += reports[i].sectors_erased;
        update->bytes_written += reports[i].bytes_sent;
    }
    const int image = esp_loader_error_detail(loader)->image;
    return error == ESP_LOADER_SUCCESS ||
           fail(update, COPROCESSOR_PLAN, error, image < 0 ? count : (size_t)image);
}

/* Up to here nothing has happened to the flash, whichever of these fails. */
static bool prepare(coprocessor_update_t *update, esp_loader_t *loader, bool *out_is_equal)
{
    return check_target(update, loader) && compare(update, loader, out_is_equal) &&
           (*out_is_equal || check_source(update));
}

static bool write(coprocessor_update_t *update, esp_loader_t *loader)
{
    bool is_equal = false;

    if (!run_plan(update, loader) || !compare(update, loader, &is_equal)) {
        return false;
    }
    /* the plan wrote what it read, and that was no longer what check_source() had seen */
    return is_equal || fail_whole(update, COPROCESSOR_DIGEST, ESP_LOADER_ERROR_SOURCE);
}

static coprocessor_result_t failed(const coprocessor_update_t *update)
{
    return update->_has_begun ? COPROCESSOR_INCOMPLETE : COPROCESSOR_UNCHANGED;
}

/* The boot data may name another slot, one that the manifest does not write: after an update of its own, say. Firmware that
 * does not answer is no proof of that. */
static bool check_running(coprocessor_update_t *update)
{
    ask_version(update);
    return update->_running[0] == '\0' || update->manifest->version[0] == '\0' || runs_version(update) ||
           fail_whole(update, COPROCESSOR_OTHER_RUNS, ESP_LOADER_ERROR_INVALID_RESPONSE);
}

static coprocessor_result_t update_through_loader(coprocessor_update_t *update, esp_loader_t *loader)
{
    bool is_equal = false;

    bool is_done =
        connect(update, loader) && prepare(update, loader, &is_equal) && (is_equal || write(update, loader));
    if (is_done || !update->_has_begun) {
        esp_loader_reset_target(loader); /* into its firmware, the old one if nothing came of it */
    }
    is_done = is_done && check_running(update);
    if (is_done) {
        put_mark(update);
    }
    return !is_done ? failed(update) : is_equal ? COPROCESSOR_UP_TO_DATE : COPROCESSOR_UPDATED;
}

/* Only what runs can do that, and what runs as the manifest says has nothing to do: its flash is to be compared. */
static bool can_update_itself(const coprocessor_update_t *update)
{
    return update->host->update_itself != NULL && update->_running[0] != '\0' && !runs_version(update);
}

static bool update_itself(coprocessor_update_t *update)
{
    update->_has_begun = true;
    (void)update->host->update_itself(update->host->ctx, update->manifest);
    ask_version(update); /* what counts is what runs now */
    if (!runs_version(update)) {
        return false;
    }
    put_mark(update);
    return true;
}

coprocessor_result_t coprocessor_update(coprocessor_update_t *update, esp_loader_t *loader)
{
    if (!begin(update)) {
        return COPROCESSOR_UNCHANGED;
    }
    ask_version(update);
    if (runs_version(update) && is_marked(update)) {
        return COPROCESSOR_UP_TO_DATE;
    }
    if (!update->allows_downgrade && coprocessor_is_older(update->manifest->version, update->_running)) {
        (void)fail_whole(update, COPROCESSOR_DOWNGRADE, ESP_LOADER_ERROR_INVALID_PARAM);
        return COPROCESSOR_UNCHANGED;
    }
    if (can_update_itself(update)) {
        if (!check_source(update) || !take_mark_away(update)) {
            return COPROCESSOR_UNCHANGED;
        }
        if (update_itself(update)) {
            return COPROCESSOR_UPDATED_ITSELF;
        }
    }
    return update_through_loader(update, loader);
}
