/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan that is checked without a target: up to four images, and what the check says.
 */
#ifndef UNIT_CHECK_BENCH_H
#define UNIT_CHECK_BENCH_H

#include "builders.h"
#include "esp_loader_content.h"
#include "esp_loader_plan.h"

#define MAX_IMAGES 4

/* A plan under construction. */
typedef struct {
    blob_t blobs[MAX_IMAGES];
    esp_loader_image_t images[MAX_IMAGES];
    size_t count;
    uint8_t buffer[256];
    esp_loader_plan_options_t options;
    esp_loader_error_detail_t detail;
} plan_t;

void plan_begin(plan_t *plan);
esp_loader_image_t *plan_add(plan_t *plan, uint32_t offset, blob_t blob);
void plan_end(plan_t *plan);
esp_loader_error_t plan_check(plan_t *plan);

/* Each ends the plan. */
void assert_accepted(plan_t *plan);
void assert_refused(plan_t *plan, esp_loader_error_t error, int image, uint32_t value);

/* The same, with the fault, the label of the partition ("" = none) and the place in the flash. */
void assert_fault(plan_t *plan, esp_loader_error_t error, esp_loader_fault_t fault, int image,
                  uint32_t address, const char *partition);

/* ---- usual content ---- */

enum { ESP32_ID = 0, C3_ID = 5, C6_ID = 13, P4_ID = 18 };

/* nvs, factory, ota_0 and storage. */
extern const entry_t content_entries[4];

/* Images without a digest, so that a test may change the header: all in RAM; with a bootloader's description;
 * with a segment that is mapped from flash. */
blob_t image_for(uint16_t chip_id);
blob_t bootloader_for(uint16_t chip_id);
blob_t app_for(uint16_t chip_id);

/* Puts a part into a file, and frees it. */
void put_part(blob_t *file, uint32_t offset, blob_t part);

/* Bootloader, table and app of the test chip as three files, or of any chip as the one that "merge" makes for
 * flash offset 0. Both begin the plan. */
plan_t *plan_usual(plan_t *plan);
plan_t *plan_merged(plan_t *plan, uint16_t chip_id, uint32_t bootloader_offset);
blob_t make_merged(uint16_t chip_id, uint32_t bootloader_offset);

#endif
