/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader verify: compares files with the flash. By MD5, which the target computes; where its loader has
 * none, by reading.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "flash/flash_content.h"
#include "flash/flash_names.h"
#include "flash/flash_report.h"
#include "session/flash_size.h"
#include "session/json_events.h"
#include "session/json_report.h"
#include "files/patched.h"

/** What became of an image. */
typedef struct {
    const char *result; /**< NULL = not started */
    bool has_digest;
    uint8_t digest[ESP_LOADER_MD5_SIZE]; /**< of the file, as it should be in the flash */
    uint32_t count;                      /**< of sectors that differ */
    uint32_t first;                      /**< of them: its offset in the flash */
} verify_result_t;

typedef struct {
    flash_job_t job;
    verify_result_t *results; /**< one per image */
} verify_t;

/** One comparison. */
typedef struct {
    session_t *session;
    patched_t patched;
    uint8_t file[ESP_LOADER_SECTOR_SIZE];
    uint8_t flash[ESP_LOADER_SECTOR_SIZE];
    bool is_source_error; /**< the file could not be read, rather than the flash */
} comparison_t;

static esp_loader_error_t read_file(comparison_t *c, uint32_t offset, uint32_t size)
{
    esp_loader_error_t error = patched_read(&c->patched, offset, c->file, size);

    c->is_source_error = error != ESP_LOADER_SUCCESS;
    return error;
}

static uint32_t piece_at(const comparison_t *c, uint32_t offset)
{
    const uint32_t left = c->patched.image->source.size - offset;

    return left < ESP_LOADER_SECTOR_SIZE ? left : ESP_LOADER_SECTOR_SIZE;
}

static esp_loader_error_t digest_of_file(comparison_t *c, uint8_t out_digest[ESP_LOADER_MD5_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    for (uint32_t done = 0; done < c->patched.image->source.size; done += piece_at(c, done)) {
        RETURN_ON_ERROR(read_file(c, done, piece_at(c, done)));
        esp_loader_md5_update(&md5, c->file, piece_at(c, done));
    }
    esp_loader_md5_finish(&md5, out_digest);
    return ESP_LOADER_SUCCESS;
}

/** Are the bytes in c->file in the flash? */
static esp_loader_error_t compare_piece(comparison_t *c, uint32_t offset, uint32_t size, bool *out_is_equal)
{
    esp_loader_t *loader = &c->session->loader;
    uint8_t own[ESP_LOADER_MD5_SIZE];
    uint8_t target[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;

    esp_loader_error_t error = esp_loader_flash_md5(loader, c->patched.image->offset + offset, size, target);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        RETURN_ON_ERROR(esp_loader_flash_read(loader, c->flash, c->patched.image->offset + offset, size));
        *out_is_equal = memcmp(c->file, c->flash, size) == 0;
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, c->file, size);
    esp_loader_md5_finish(&md5, own);
    *out_is_equal = memcmp(own, target, sizeof(own)) == 0;
    return error;
}

/** Which sectors differ. */
static esp_loader_error_t count_differences(comparison_t *c, uint32_t *out_count, uint32_t *out_first)
{
    *out_count = 0;
    for (uint32_t done = 0; done < c->patched.image->source.size; done += piece_at(c, done)) {
        bool is_equal = false;

        RETURN_ON_ERROR(read_file(c, done, piece_at(c, done)));
        RETURN_ON_ERROR(compare_piece(c, done, piece_at(c, done), &is_equal));
        if (!is_equal && (*out_count)++ == 0) {
            *out_first = c->patched.image->offset + done;
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t compare(comparison_t *c, verify_result_t *result)
{
    RETURN_ON_ERROR(digest_of_file(c, result->digest));
    result->has_digest = true;
    esp_loader_error_t error = esp_loader_flash_verify_known_md5(
        &c->session->loader, c->patched.image->offset, c->patched.image->source.size, result->digest);
    return error == ESP_LOADER_ERROR_INVALID_MD5 || error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC
               ? count_differences(c, &result->count, &result->first)
               : error;
}

static cli_exit_t report_compare_failure(const comparison_t *c, size_t index)
{
    esp_loader_error_detail_t detail = *esp_loader_error_detail(&c->session->loader);

    if (c->is_source_error) {
        detail = (esp_loader_error_detail_t){.error = ESP_LOADER_ERROR_SOURCE,
                                             .cause = ESP_LOADER_ERROR_SOURCE,
                                             .stage = ESP_LOADER_STAGE_CHECK};
    }
    detail.image = (int32_t)index;
    session_keep(c->session, &detail);
    return report_failure(&c->session->context, &detail);
}

/** Is it the bootloader's header that differs, without options that say how it was changed? */
static bool may_be_patched(const comparison_t *c, const verify_result_t *result)
{
    return !c->patched.patch.is_active &&
           result->first == esp_loader_chip_bootloader_offset(c->session->context.chip);
}

static cli_exit_t report_difference(comparison_t *c, size_t index, const verify_result_t *result)
{
    const esp_loader_image_t *image = c->patched.image;
    const uint32_t sectors = (image->source.size - 1) / ESP_LOADER_SECTOR_SIZE + 1;

    session_keep(c->session, &(esp_loader_error_detail_t){.error = ESP_LOADER_ERROR_INVALID_MD5,
                                                          .cause = ESP_LOADER_ERROR_INVALID_MD5,
                                                          .stage = ESP_LOADER_STAGE_VERIFY,
                                                          .address = result->first,
                                                          .image = (int32_t)index});
    report_line("%s at 0x%08x: the flash differs in %u of %u sectors, the first at 0x%08x%s", image->name,
                (unsigned)image->offset, (unsigned)result->count, (unsigned)sectors, (unsigned)result->first,
                may_be_patched(c, result) ? " (the bootloader's header: if it was flashed with --flash-mode, "
                                            "--flash-freq or --flash-size, give them here, too)"
                                          : "");
    return CLI_VERIFY;
}

/** @param result  NULL = it begins */
static void tell(const comparison_t *c, size_t index, const char *result)
{
    const esp_loader_image_t *image = c->patched.image;
    json_pace_t pace = {0};

    json_events_progress(c->session, &pace,
                         &(json_work_t){.step = result == NULL ? "compare" : "done",
                                        .image = image,
                                        .index = index,
                                        .result = result,
                                        .done = result == NULL ? 0 : image->source.size,
                                        .total = image->source.size});
}

static cli_exit_t verify_image(comparison_t *c, size_t index, verify_result_t *result)
{
    const esp_loader_image_t *image = c->patched.image;
    FILE *out = c->session->options->is_quiet ? NULL : stdout;

    if (out != NULL) {
        fprintf(out, "\nComparing %s: %u bytes at 0x%08x\n", image->name, (unsigned)image->source.size,
                (unsigned)image->offset);
    }
    result->result = "failed";
    tell(c, index, NULL);
    if (compare(c, result) != ESP_LOADER_SUCCESS) {
        return report_compare_failure(c, index);
    }
    result->result = result->count == 0 ? "equal" : "different";
    tell(c, index, result->result);
    if (result->count != 0) {
        return report_difference(c, index, result);
    }
    if (out != NULL) {
        fprintf(out, "Verified\n");
    }
    return CLI_OK;
}

static cli_exit_t check_size(session_t *session, const flash_job_t *job)
{
    uint64_t end = 0;

    for (size_t i = 0; i < job->count; i++) {
        const uint64_t own_end = (uint64_t)job->images[i].offset + job->images[i].source.size;
        end = own_end > end ? own_end : end;
    }
    if (session->context.is_secure) {
        return CLI_OK; /* refused in any case, in other words */
    }
    cli_exit_t code = flash_size_need(session);
    return code == CLI_OK && end <= session->context.flash_size ? flash_size_check_wrap(session, end, false)
                                                                : code;
}

/** Compares all of them; the first failure but a difference ends it. */
static cli_exit_t verify_images(session_t *session, void *ctx)
{
    verify_t *verify = ctx;
    flash_job_t *job = &verify->job;
    static comparison_t comparison;
    esp_loader_flash_params_t params;
    cli_exit_t result = CLI_OK;

    session->context.images = job->images;
    session->context.image_count = job->count;
    cli_exit_t refusal = job->is_placed ? CLI_OK : flash_names_place(job, session, &job->is_placed);
    refusal = refusal == CLI_OK ? check_size(session, job) : refusal;
    if (refusal != CLI_OK) {
        return refusal;
    }
    const bool is_patched = flash_params_are_wanted(&job->params);
    const char *unknown = is_patched ? flash_params_encode(&job->params, session->context.chip,
                                                           session->context.flash_size, &params)
                                     : NULL;
    if (unknown != NULL) {
        report_line("the %s has no such --%s", esp_loader_chip_name(session->context.chip), unknown);
        return CLI_TARGET;
    }
    for (size_t i = 0; i < job->count; i++) {
        comparison = (comparison_t){.session = session};
        if (patched_open(&comparison.patched, &job->images[i], session->context.chip,
                         is_patched ? &params : NULL) != ESP_LOADER_SUCCESS) {
            report_line("%s at 0x%08x: cannot patch the header: not a valid image", job->images[i].name,
                        (unsigned)job->images[i].offset);
            return CLI_INPUT;
        }
        cli_exit_t code = verify_image(&comparison, i, &verify->results[i]);
        if (code != CLI_OK && code != CLI_VERIFY) {
            return code;
        }
        result = code != CLI_OK ? code : result;
    }
    if (!session->options->is_quiet) {
        putchar('\n');
    }
    return result;
}

static json_t *image_object(const void *ctx, size_t index)
{
    static const verify_result_t not_started = {.result = "not started"};
    const verify_t *verify = ctx;
    const verify_result_t *result = verify->results != NULL && verify->results[index].result != NULL
                                        ? &verify->results[index]
                                        : &not_started;
    json_t *object = flash_report_image(&verify->job, &verify->job.images[index], index, result->result);

    if (result->has_digest) {
        json_object_set_new(object, "md5", json_report_hex(result->digest, sizeof(result->digest)));
    }
    if (result->count != 0) {
        json_object_set_new(object, "sectors_different", json_integer((json_int_t)result->count));
        json_object_set_new(object, "first_different", json_integer((json_int_t)result->first));
    }
    return object;
}

static json_t *verify_members(const session_t *session, const void *ctx)
{
    const verify_t *verify = ctx;

    (void)session;
    return json_pack("{s:o, s:o*}", "images", json_report_array(verify->job.count, image_object, verify),
                     "notes", notes_json(&verify->job.notes));
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    verify_t *verify = state;

    return flash_job_take(&verify->job, value, error);
}

static cli_exit_t run_verify(void *state, operands_t operands)
{
    verify_t *verify = state;
    flash_job_t *job = &verify->job;
    session_t session = {.options = &job->session};
    char error[OPTION_ERROR_SIZE];

    if (!flash_job_check(job, error)) {
        return command_mistake(COMMAND_VERIFY, error);
    }
    cli_exit_t code = flash_job_open_files(job, operands.words, operands.count);
    if (code == CLI_OK) {
        verify->results = calloc(job->count, sizeof(*verify->results));
        if (verify->results == NULL) {
            report_line("out of memory");
            code = CLI_OTHER;
        }
    }
    code = code == CLI_OK ? session_run(&session, verify_images, verify) : code;
    if (code == CLI_OK || code == CLI_VERIFY) {
        flash_content_note(job);
    }
    code = json_report_end(&session, code, verify_members, verify);
    free(verify->results);
    return code;
}

static void end_verify(void *state)
{
    verify_t *verify = state;

    flash_job_close(&verify->job);
}

const command_t verify_command = {.state_size = sizeof(verify_t),
                                  .session_offset = offsetof(verify_t, job.session),
                                  .take = take_option,
                                  .run = run_verify,
                                  .end = end_verify};
