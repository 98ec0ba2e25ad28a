/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a job contain, as far as the command line has to say something about it.
 */
#ifndef CLI_FLASH_CONTENT_H
#define CLI_FLASH_CONTENT_H

#include "flash/flash_job.h"

/** Is called for each part of each file that is examined, until it returns true. */
typedef bool (*flash_content_visit_t)(const esp_loader_image_t *image, const esp_loader_part_t *part,
                                      void *ctx);

/** Has @p visit said true? */
bool flash_content_each_part(const flash_job_t *job, flash_content_visit_t visit, void *ctx);

/** The chip that the first executable image in the files is for; ESP_UNKNOWN_CHIP = none states one. */
target_chip_t flash_content_chip(const flash_job_t *job);

/** Refuses files that are for another chip than the user, or the project, has named. CLI_OK, or a failure
 * that has been reported. */
cli_exit_t flash_content_check_chip(const flash_job_t *job);

/** Is there an executable image at the offset at which its chip looks for its bootloader? */
bool flash_content_has_bootloader(const flash_job_t *job);

/** Says, for a run that is not refused, of each file of another format what it looks like; and that flash
 * parameters from the command line change nothing, if no file has a bootloader. */
void flash_content_note(flash_job_t *job);

/** Refuses flash parameters from the command line for a bootloader of @p chip whose header is not changed,
 * because nothing looks into its file or it is not an image. CLI_OK, or a failure that has been reported.
 *  @param is_size_needed  nothing else states the size of the flash: stating it is no reason to refuse
 *  @param label           which of several targets; NULL = there is only one
 *  @param out_wanted      what is to be changed in the header */
cli_exit_t flash_content_check_params(const flash_job_t *job, target_chip_t chip, bool is_size_needed,
                                      const char *label, flash_params_text_t *out_wanted);

/** Refuses a file of another format, or a bootloader, in the usual place of an app when the files bring no
 * table: for a command that has no target to ask for its own. */
cli_exit_t flash_content_check_app_place(const flash_job_t *job);

#endif
