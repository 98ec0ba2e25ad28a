/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan on a bench: a stand-in target, up to four images, and everything that the plan reports.
 */
#ifndef UNIT_PLAN_BENCH_H
#define UNIT_PLAN_BENCH_H

#include "builders.h"
#include "esp_loader_plan.h"
#include "fake_session.h"

#define MAX_IMAGES 4
#define MAX_EVENTS 64

/* Data partition at 0x9000, app partition of 64 KiB at 0x10000. */
extern const entry_t bench_entries[2];

/* Other flash parameters than those of the bootloader. */
extern const esp_loader_flash_params_t bench_new_params;

/* A target, a plan for it and what was reported. */
typedef struct {
    fake_t fake;
    blob_t blobs[MAX_IMAGES];
    esp_loader_image_t images[MAX_IMAGES];
    size_t count;
    uint8_t *buffer;
    esp_loader_plan_options_t options;
    esp_loader_image_report_t reports[MAX_IMAGES];
    esp_loader_plan_event_t events[MAX_EVENTS];
    size_t event_count;
    unsigned cancel_at; /* number of the question that is answered with yes, from 1; 0 = never */
    unsigned questions;
} bench_t;

extern bench_t bench;

/* A healthy target and a plan without images; buffer of 1 KiB, events recorded. What was on the bench before is freed. */
void bench_begin(void);

/* The same with a bootloader of two blocks of 1 KiB, a table of three and an app of five. */
void bench_begin_usual(void);

/* Another buffer, of exactly that size. */
void bench_set_buffer(size_t size);

esp_loader_image_t *bench_add(uint32_t offset, blob_t blob);
esp_loader_error_t bench_run(void);

/* Runs the plan without an error. */
void assert_runs(void);

void assert_in_flash(size_t image);

/* Every image ended like this, without error. */
void assert_done(esp_loader_image_result_t result);

/* Nothing was erased or written. */
void assert_untouched(void);

/* Refused, or runs. */
void assert_refused_if(bool is_refused, esp_loader_error_t error, int image, uint32_t value);

/* Runs a plan that must be refused because of @p image, -1 = none, before anything is erased. Its cause is the error itself,
 * or another. */
void assert_refused(esp_loader_error_t error, int image, uint32_t value);
void assert_refused_for(esp_loader_error_t error, esp_loader_error_t cause, int image, uint32_t value);

#endif
