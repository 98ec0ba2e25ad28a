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

/** An array with one object per image; NULL when it cannot be made. @p run->reports may be NULL: nothing was
 * begun. */
json_t *flash_report_images(const flash_job_t *job, const flash_run_t *run);

/** An array of the lines about the job and about the run, or NULL when there are none. */
json_t *flash_report_notes(const flash_job_t *job, const flash_run_t *run);

#endif
