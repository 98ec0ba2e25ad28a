/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report as JSON. Members are never renamed or removed; what is not known is left out.
 */
#define _GNU_SOURCE
#include "json_report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char *result_name(esp_loader_image_result_t result)
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

static json_t *target_object(const flash_run_t *run)
{
    char mac[18];
    json_t *target = json_pack("{s:s, s:s}", "chip", esp_loader_chip_name(run->chip), "loader",
                               run->is_stub ? "stub" : "rom");

    if (run->has_mac) {
        snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", run->mac[0], run->mac[1], run->mac[2],
                 run->mac[3], run->mac[4], run->mac[5]);
        json_object_set_new(target, "mac", json_string(mac));
    }
    if (run->flash_size != 0) {
        json_object_set_new(target, "flash_size", json_integer((json_int_t)run->flash_size));
    }
    return target;
}

static json_t *image_object(const esp_loader_image_t *image, const esp_loader_image_report_t *report)
{
    return json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:I}", "name", image->name, "offset",
                     (json_int_t)image->offset, "size", (json_int_t)image->source.size, "result",
                     result_name(report->result), "bytes_sent", (json_int_t)report->bytes_sent,
                     "sectors_erased", (json_int_t)report->sectors_erased, "time_ms",
                     (json_int_t)report->time_ms);
}

static json_t *failure_object(const esp_loader_error_detail_t *detail)
{
    json_t *failure =
        json_pack("{s:s, s:s, s:s}", "cause", esp_loader_error_name(detail->cause), "text",
                  esp_loader_error_text(detail->cause), "stage", esp_loader_stage_name(detail->stage));

    if (detail->command != 0) {
        json_object_set_new(failure, "command", json_integer(detail->command));
    }
    if (detail->target_status != 0) {
        json_object_set_new(failure, "target_status",
                            json_pack("[i, i]", (int)detail->target_status, (int)detail->target_reason));
    }
    json_object_set_new(failure, "address", json_integer((json_int_t)detail->address));
    if (detail->image >= 0) {
        json_object_set_new(failure, "image", json_integer(detail->image));
    }
    return failure;
}

static json_t *report_object(const flash_job_t *job, const flash_run_t *run, cli_exit_t code)
{
    static const esp_loader_image_report_t not_started = {0};
    json_t *images = json_array();
    json_t *report = json_pack("{s:b, s:i}", "ok", code == CLI_OK, "exit_code", (int)code);

    if (job->session.port != NULL) {
        json_object_set_new(report, "port", json_string(job->session.port));
    }
    if (run->is_connected) {
        json_object_set_new(report, "target", target_object(run));
    }
    for (size_t i = 0; i < job->count; i++) {
        const esp_loader_image_report_t *image = run->reports != NULL ? &run->reports[i] : &not_started;
        if (json_array_append_new(images, image_object(&job->images[i], image)) != 0) {
            json_decref(images);
            json_decref(report);
            return NULL;
        }
    }
    json_object_set_new(report, "images", images);
    if (run->failure.cause != ESP_LOADER_SUCCESS) {
        json_object_set_new(report, "failure", failure_object(&run->failure));
    }
    return report;
}

bool json_report_print(const flash_job_t *job, const flash_run_t *run, cli_exit_t code)
{
    json_t *report = report_object(job, run, code);
    char *text = report != NULL ? json_dumps(report, JSON_INDENT(2)) : NULL;

    const bool is_made = text != NULL;

    if (is_made) {
        puts(text);
    } else { /* no memory, or a file's name is not UTF-8 */
        report_line("the report cannot be made");
    }
    free(text);
    json_decref(report);
    return is_made;
}
