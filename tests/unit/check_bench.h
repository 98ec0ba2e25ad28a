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

extern plan_t plan;

/* A plan without images; the one before is freed. */
void plan_begin(void);
esp_loader_image_t *plan_add(uint32_t offset, blob_t blob);
esp_loader_error_t plan_check(void);

void assert_accepted(void);
void assert_refused(esp_loader_error_t error, int image, uint32_t value);
/* The same, with the fault, the label of the partition ("" = none) and the place in the flash. */
void assert_fault(esp_loader_error_t error, esp_loader_fault_t fault, int image, uint32_t address,
                  const char *partition);
/* Accepted otherwise. */
void assert_refused_if(bool is_refused, esp_loader_error_t error, int image, uint32_t value);
void assert_fault_if(bool has_fault, esp_loader_error_t error, esp_loader_fault_t fault, int image,
                     uint32_t address, const char *partition);

/* ---- usual content ---- */

/* nvs, factory, ota_0 and storage. */
extern const entry_t content_entries[4];

/* Bootloader, table and app of the test chip as three files, or of any chip as the one that "merge" makes for
 * flash offset 0. Both begin the plan. */
void plan_usual(void);
void plan_merged(uint16_t chip_id, uint32_t bootloader_offset);
blob_t make_merged(uint16_t chip_id, uint32_t bootloader_offset);

#endif
