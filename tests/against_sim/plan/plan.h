/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The plan everybody flashes - bootloader, partition table, app - on a simulated chip.
 */
#ifndef SIM_PLAN_PLAN_H
#define SIM_PLAN_PLAN_H

#include "bench.h"
#include "builders.h"
#include "esp_loader_plan.h"

enum { BOOTLOADER, TABLE, APP, EXTRA, MAX_IMAGES };

typedef struct {
    bench_t bench; /* config may be changed before plan_connect() */
    blob_t blobs[MAX_IMAGES];
    esp_loader_image_t images[MAX_IMAGES];
    size_t count;
    uint8_t buffer[4096];
    esp_loader_plan_options_t options;
    esp_loader_image_report_t reports[MAX_IMAGES];
    unsigned cancel_at; /* number of the question that is answered with yes, from 1; 0 = never */
    unsigned questions;
} plan_t;

/* An ESP32-S3 over USB where nothing takes time, and images for it; the app has ten blocks of 1 KiB. */
void plan_begin(plan_t *plan);

/* The same with another chip: its name in the simulator, its id in image headers, its bootloader's offset. */
void plan_begin_for(plan_t *plan, const char *chip, uint16_t chip_id, uint32_t bootloader_offset);

/* Replaces an image's content. */
void plan_replace(plan_t *plan, size_t image, blob_t blob);

/* Adds one more image behind the usual three. */
esp_loader_image_t *plan_add(plan_t *plan, uint32_t offset, blob_t blob);

/* Creates the chip and connects. */
void plan_connect(plan_t *plan);

/* Connects again after the connection was lost; fails the test when it cannot. */
void plan_reconnect(plan_t *plan);

esp_loader_error_t plan_run(plan_t *plan);

void assert_flashed(plan_t *plan, size_t image);
void assert_results(const plan_t *plan, esp_loader_image_result_t bootloader, esp_loader_image_result_t table,
                    esp_loader_image_result_t app);

/* Resets the chip; fails the test when it does not boot the app. */
void assert_boots(plan_t *plan);

/* Ends everything; misuse that the simulator recorded fails the test. */
void plan_end(plan_t *plan);
void plan_end_ignoring_misuse(plan_t *plan);

#endif
