/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What became of each image of a plan, for programs.
 */
#ifndef CLI_FLASH_REPORT_H
#define CLI_FLASH_REPORT_H

#include <jansson.h>

#include "flash/flash_job.h"

/** "verified", "equal" ... */
const char *flash_report_result(esp_loader_image_result_t result);
/** What an image is, where it goes and what became of it; NULL when it cannot be made.
 *  @param image  image @p index of the job, with its offset if that is known */
json_t *flash_report_image(const flash_job_t *job, const esp_loader_image_t *image, size_t index,
                           const char *result);

/** An array with one object per image; NULL when it cannot be made. @p run->reports may be NULL: nothing was
 * begun. */
json_t *flash_report_images(const flash_job_t *job, const flash_run_t *run);

/** An array of the lines about the job and about the run, or NULL when there are none. */
json_t *flash_report_notes(const flash_job_t *job, const flash_run_t *run);

#endif
