/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is to be flashed, and flashing it: options and files become a plan once, and the plan runs on one
 * target or, from several threads, on several at a time.
 */
#ifndef CLI_FLASH_JOB_H
#define CLI_FLASH_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "files/deflate_cache.h"
#include "flash/flash_input.h"
#include "text/flash_params.h"
#include "files/image_file.h"
#include "flash/notes.h"
#include "report/progress.h"
#include "session/json_events.h"
#include "session/session.h"

/** Offset of a file for a partition that has not been looked up yet: after everything else, so that it is taken for no
 * file's neighbour. */
#define FLASH_JOB_NOWHERE 0xFFFFF000u

/** Options as parsed, and the files, open. Does not change while it runs. Begins as zeros, and
 * session_options_init(). */
typedef struct {
    session_options_t session;
    bool skip_verify;
    bool is_rewrite;
    bool is_erase_all;
    bool is_uncompressed;
    bool has_large_pieces; /**< the target programs 64 bytes at a time, if it can be told to */
    bool is_raw;           /**< all files */
    uint32_t *raw_offsets; /**< those at `raw_count` offsets */
    size_t raw_count;
    const char *project;       /**< NULL = none */
    const char *app_partition; /**< where the app goes; NULL = where it usually does */
    flash_params_text_t params;
    flash_params_text_t default_params; /**< of the environment */
    bool has_own_params;                /**< some are from the command line, not from a project or file */
    flash_input_t input;                /**< where the operands, and what files among them name, are kept */
    image_file_t *files;                /**< `count` of each */
    esp_loader_image_t *images;
    const char **names; /**< of the partition that a file goes to; NULL = to its offset */
    size_t count;
    bool is_placed;             /**< the offsets of all images are known */
    image_file_stamp_t *stamps; /**< of the files when their content was checked; NULL = it was not */
    deflate_cache_t *deflated;  /**< the images compressed, once they are asked for; NULL without memory */
    notes_t notes;              /**< of flash_job_open() */
    esp_loader_error_detail_t failure; /**< of flash_job_open(); cause SUCCESS = none of the library's */
} flash_job_t;

/** Takes one option, of these or of the common ones. false and one sentence in @p error when its value makes
 * no sense. */
bool flash_job_take(flash_job_t *job, const option_value_t *value, char error[OPTION_ERROR_SIZE]);

/** Checks the options together, but for the port. false and one sentence in @p error. */
bool flash_job_check(const flash_job_t *job, char error[OPTION_ERROR_SIZE]);

/** Opens the files of the project and of @p operands (OFFSET FILE ... NAME=FILE ... @FILE ...), and refuses what can be
 * refused without a target. Options on the command line win against those of the project. Has reported its
 * failure when it returns; flash_job_close() in any case. */
cli_exit_t flash_job_open(flash_job_t *job, const char *const *operands, size_t operand_count);

/** Opens the files and does not look into them. */
cli_exit_t flash_job_open_files(flash_job_t *job, const char *const *words, size_t word_count);

/** Closes the files; harmless when nothing is open. */
void flash_job_close(flash_job_t *job);

/** One target to flash. Set the first group of fields, zero the rest. */
typedef struct {
    session_t session; /**< its options */
    const char *label; /**< said in front of each failure; NULL = nothing */
    FILE *out;         /**< where progress is shown; NULL = nowhere */
    bool is_left_open; /**< what was flashed well is left to session_hand_over(), not reset */
    /** Asked before anything is written, if the MAC is known: why not, or NULL to go on; may be NULL. */
    const char *(*refuse)(void *ctx, const uint8_t mac[6]);
    void *refuse_ctx;
    /** Told after each event of the plan, in the thread of flash_job_run(); may be NULL. */
    void (*on_progress)(void *ctx, const tally_t *tally);
    void *on_progress_ctx;

    esp_loader_image_t *images;         /**< of the job, with the offsets of this target */
    esp_loader_pieces_t pieces;         /**< what became of --pieces */
    esp_loader_image_report_t *reports; /**< set by flash_job_run(), one per image */
    bool is_all_erased;                 /**< the whole flash, or some of it when that has failed */
    notes_t notes;                      /**< of flash_job_run() */
    progress_t progress;
    json_pace_t pace;
    uint64_t connect_ms; /**< until who answered was known */
    uint64_t erase_all_ms;
    image_file_stamp_t *stamps; /**< of the files, while flash_job_run() is at work */
} flash_run_t;

/** Connects, runs the plan and leaves the target. Has reported its failure, and what it left behind in the
 * flash, when it returns. */
cli_exit_t flash_job_run(const flash_job_t *job, flash_run_t *run);

/** Frees what flash_job_run() has left in @p run; harmless when there is nothing. */
void flash_run_free(flash_run_t *run);

#endif
