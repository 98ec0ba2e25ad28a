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

typedef struct {
    const char *name;  /* in the simulator */
    uint16_t image_id; /* in image headers */
    uint32_t bootloader_offset;
} plan_chip_t;

/* All but the ESP8266. */
extern const plan_chip_t plan_chips[];
extern const size_t plan_chip_count;

/* Another chip, over a UART, and images for it in place of those of plan_begin(). */
void plan_take_chip(plan_t *plan, const plan_chip_t *chip);

/* TEST() with such a plan, which is there before the body and ended after it; again for each `i` below @p count;
 * and that once per `loader`, to which plan_connect() then connects. */
#define TEST_PLAN(name)                PLAN_TEST(name, 1, only_, only_loader_, 1u)
#define TEST_PLAN_EACH(name, count)    PLAN_TEST(name, 1, i, only_loader_, count)
#define TEST_LOADERS(name)             PLAN_TEST(name, LOADER_COUNT, only_, loader, 1u)
#define TEST_LOADERS_EACH(name, count) PLAN_TEST(name, LOADER_COUNT, i, loader, count)

typedef void (*plan_case_t)(plan_t *plan, int loader, size_t i);
void plan_run_cases(int loaders, size_t count, plan_case_t run);

#define PLAN_TEST(name, loaders, i, loader, count)                                                           \
    static void name##_plan(plan_t *plan, int loader, size_t i);                                             \
    TEST_WITH(name, NULL, test_report_row)                                                                   \
    {                                                                                                        \
        plan_run_cases(loaders, count, name##_plan);                                                         \
    }                                                                                                        \
    static void name##_plan(plan_t *plan, __attribute__((unused)) int loader,                                \
                            __attribute__((unused)) size_t i)

/* Replaces an image's content. */
void plan_replace(plan_t *plan, size_t image, blob_t blob);

/* Adds one more image after the usual three. */
esp_loader_image_t *plan_add(plan_t *plan, uint32_t offset, blob_t blob);

/* The same in the sector after the app, in the middle of which that ends: they are flashed as one. */
void plan_add_neighbour(plan_t *plan);

/* Creates the chip and connects. */
void plan_connect(plan_t *plan);

/* Connects again after the connection was lost; fails the test when it cannot. */
void plan_reconnect(plan_t *plan);

esp_loader_error_t plan_run(plan_t *plan);

/* Pulls the plug at the n-th command of the plan, for every n until none is cut, and plugs in again: the second run
 * succeeds, leaves alone what the first has verified, and the chip boots. How many commands were cut. */
unsigned plan_cut_everywhere(int loader, size_t buffer_size);

void assert_flashed(plan_t *plan, size_t image);
void assert_all_flashed(plan_t *plan);
void assert_results(const plan_t *plan, esp_loader_image_result_t bootloader, esp_loader_image_result_t table,
                    esp_loader_image_result_t app);

/* Resets the chip; fails the test when it does not boot the app. */
void assert_boots(plan_t *plan);

/* Ends everything; misuse that the simulator recorded fails the test, unless the bench expects it. */
void plan_end(plan_t *plan);

#endif
