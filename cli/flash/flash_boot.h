/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which app starts after a run: not always the one that was written.
 */
#ifndef CLI_FLASH_BOOT_H
#define CLI_FLASH_BOOT_H

#include "flash/flash_job.h"

/** Adds a note when the otadata in the target's flash selects another app than those that the run has
 * written. The target is read for it where the run has an app and the table, of the run or of the target, has
 * otadata; one that cannot be read is not spoken of. */
void flash_boot_note(const flash_job_t *job, flash_run_t *run);

#endif
