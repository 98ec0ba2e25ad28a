/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files that go to a partition, NAME=FILE, and where that is: by the table among the files, or else the target's.
 */
#ifndef CLI_FLASH_NAMES_H
#define CLI_FLASH_NAMES_H

#include "flash/flash_job.h"
#include "partitions/partitions.h"

/** Reads the table among the files, the first one in flash.
 *  @param out_detail  what is wrong with it; its image is -1 when there is none */
esp_loader_error_t flash_names_own_table(const flash_job_t *job, partitions_t *out,
                                         esp_loader_error_detail_t *out_detail);

/** --target-app-partition must have a file to place. CLI_OK, or a failure that has been reported. */
cli_exit_t flash_names_check(const flash_job_t *job);

/** Sets the offsets of files that go to partitions. CLI_OK, or a failure that has been reported.
 *  @param session        of the target to ask; NULL = there is none yet
 *  @param out_is_placed  false without a target: it has to be asked */
cli_exit_t flash_names_place(const flash_job_t *job, session_t *session, bool *out_is_placed);

/** Is the file at @p offset not to be looked into, by --force-raw=OFFSET? */
bool flash_names_is_raw(const flash_job_t *job, uint32_t offset);

/** Each --force-raw=OFFSET must be that of a file, once all are placed. CLI_OK, or a failure that has been reported.
 *  @param label  which target; NULL = there is one, or none yet */
cli_exit_t flash_names_check_raw(const flash_job_t *job, const char *label);

/** Refuses, for a command without a target, names that no table among the files explains. */
cli_exit_t flash_names_need(const flash_job_t *job);

#endif
