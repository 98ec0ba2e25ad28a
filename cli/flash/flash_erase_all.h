/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Erasing the whole flash before a plan runs.
 */
#ifndef CLI_FLASH_ERASE_ALL_H
#define CLI_FLASH_ERASE_ALL_H

#include "esp_loader_plan.h"
#include "flash/flash_job.h"

/** Checks what the plan would check before its first erase, and then erases everything. Has reported its failure;
 * run->is_all_erased says whether the flash may have changed. */
cli_exit_t flash_erase_all(const flash_job_t *job, flash_run_t *run,
                           const esp_loader_plan_options_t *options);

#endif
