/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan's results as JSON.
 */
#include "flash/flash_report.h"

#include "session/json_report.h"

const char *flash_report_result(esp_loader_image_result_t result)
{
    switch (result) {
    case ESP_LOADER_IMAGE_EQUAL:
        return "equal";
    case ESP_LOADER_IMAGE_VERIFIED:
        return "verified";
    case ESP_LOADER_IMAGE_UNVERIFIED:
        return "unverified";
    case ESP_LOADER_IMAGE_WRITTEN:
        return "written";
    case ESP_LOADER_IMAGE_FAILED:
        return "failed";
    case ESP_LOADER_IMAGE_NOT_STARTED:
    default:
        return "not started";
    }
}

json_t *flash_report_image(const flash_job_t *job, const esp_loader_image_t *image, size_t index,
                           const char *result)
{
    json_t *object = json_report_image(image, result);

    if (job->names[index] != NULL) {
        json_object_set_new(object, "partition", json_report_name(job->names[index]));
    }
    if (image->offset == FLASH_JOB_NOWHERE) {
        json_object_del(object, "offset");
    }
    return object;
}

typedef struct {
    const flash_job_t *job;
    const flash_run_t *run;
} results_t;

static json_t *image_object(const void *ctx, size_t index)
{
    static const esp_loader_image_report_t not_started = {0};
    const results_t *results = ctx;
    const esp_loader_image_report_t *reports = results->run->reports;
    const esp_loader_image_report_t *report = reports != NULL ? &reports[index] : &not_started;
    const esp_loader_image_t *images =
        results->run->images != NULL ? results->run->images : results->job->images;
    json_t *image =
        flash_report_image(results->job, &images[index], index, flash_report_result(report->result));

    json_object_set_new(image, "bytes_sent", json_integer((json_int_t)report->bytes_sent));
    json_object_set_new(image, "sectors_erased", json_integer((json_int_t)report->sectors_erased));
    json_object_set_new(image, "time_ms", json_integer((json_int_t)report->time_ms));
    return image;
}

json_t *flash_report_images(const flash_job_t *job, const flash_run_t *run)
{
    const results_t results = {.job = job, .run = run};

    return json_report_array(job->count, image_object, &results);
}

json_t *flash_report_notes(const flash_job_t *job, const flash_run_t *run)
{
    json_t *notes = notes_json(&job->notes);
    json_t *own = notes_json(&run->notes);

    if (notes == NULL || own == NULL) {
        return notes != NULL ? notes : own;
    }
    json_array_extend(notes, own);
    json_decref(own);
    return notes;
}
