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
#include "session/session.h"

/** Ids of the options; a command's own ids begin at FLASH_OPTION_COUNT. */
enum {
    OPTION_PROJECT = SESSION_OPTION_COUNT,
    OPTION_FLASH_MODE,
    OPTION_FLASH_FREQ,
    OPTION_FLASH_SIZE,
    OPTION_VERIFY,
    OPTION_NO_VERIFY,
    OPTION_REWRITE,
    OPTION_FORCE_RAW,
    OPTION_FORCE_RAW_AT,
    FLASH_OPTION_COUNT
};

/** Rows of the options, for a command's option table; they follow SESSION_OPTIONS. The first group says what
 * is to be in the flash, the other how it gets there. */
#define FLASH_INPUT_OPTIONS                                                                                  \
    {"project", 0, true, OPTION_PROJECT}, {"flash-mode", 0, true, OPTION_FLASH_MODE},                        \
        {"flash-freq", 0, true, OPTION_FLASH_FREQ},                                                          \
    {                                                                                                        \
        "flash-size", 0, true, OPTION_FLASH_SIZE                                                             \
    }
#define FLASH_OPTIONS                                                                                        \
    FLASH_INPUT_OPTIONS, {"verify", 0, false, OPTION_VERIFY}, {"no-verify", 0, false, OPTION_NO_VERIFY},     \
        {"rewrite", 0, false, OPTION_REWRITE}, {"force-raw", 0, false, OPTION_FORCE_RAW},                    \
    {                                                                                                        \
        "force-raw", 0, true, OPTION_FORCE_RAW_AT                                                            \
    }

/** Help text of the options. */
#define FLASH_INPUT_OPTIONS_HELP                                                                             \
    "      --project DIR     the files, their offsets and flash settings of an ESP-IDF project: its\n"       \
    "                        folder, its build folder, or a flasher_args.json. @FILE among the\n"            \
    "                        operands takes them from a file like ESP-IDF's build/flash_args\n"              \
    "      --flash-mode M    qio, qout, dio or dout in the bootloader's header\n"                            \
    "      --flash-freq F    the same for the frequency, e.g. 80m (depends on the chip)\n"                   \
    "      --flash-size S    the same for the size, e.g. 4MB; detect = that of the flash chip. It also\n"    \
    "                        counts as the size of the flash where its id has none, or more\n"               \
    "                        (all three: keep = leave what the file says, the default)\n"
#define FLASH_OPTIONS_HELP                                                                                   \
    FLASH_INPUT_OPTIONS_HELP                                                                                 \
    "      --verify          compare after writing (default)\n"                                              \
    "      --no-verify       do not\n"                                                                       \
    "      --rewrite         write also what the flash holds already\n"                                      \
    "      --force-raw[=OFFSET]\n"                                                                           \
    "                        do not look into the files, or into the one at OFFSET (repeatable): no\n"       \
    "                        check of headers, chip and partitions\n"

/** Options as parsed, and the files, open. Does not change while it runs. */
typedef struct {
    session_options_t session;
    bool skip_verify;
    bool is_rewrite;
    bool is_raw;           /**< all files */
    uint32_t *raw_offsets; /**< those at `raw_count` offsets */
    size_t raw_count;
    const char *project; /**< NULL = none */
    flash_params_text_t params;
    bool has_own_params; /**< some are from the command line, not from a project or file */
    flash_input_t input; /**< where the operands, and what files among them name, are kept */
    image_file_t *files; /**< `count` of each */
    esp_loader_image_t *images;
    size_t count;
    deflate_cache_t *deflated; /**< the images compressed, once they are asked for; NULL without memory */
    notes_t notes;             /**< of flash_job_open() */
    esp_loader_error_detail_t failure; /**< of flash_job_open(); cause SUCCESS = none of the library's */
} flash_job_t;

/** Sets the defaults. */
void flash_job_init(flash_job_t *job);

/** Takes one option, of these or of the common ones. false and one sentence in @p error when its value makes
 * no sense. */
bool flash_job_take(flash_job_t *job, int id, const char *value, char error[ARGS_ERROR_SIZE]);

/** Checks the options together, but for the port. false and one sentence in @p error. */
bool flash_job_check(const flash_job_t *job, char error[ARGS_ERROR_SIZE]);

/** Opens the files of the project and of @p operands (OFFSET FILE ... @FILE ...), and refuses what can be
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
    /** Asked before anything is written, if the MAC is known: why not, or NULL to go on; may be NULL. */
    const char *(*refuse)(void *ctx, const uint8_t mac[6]);
    void *refuse_ctx;

    esp_loader_image_report_t *reports; /**< set by flash_job_run(), one per image */
    notes_t notes;                      /**< of flash_job_run() */
    image_file_stamp_t *stamps;         /**< of the files, while flash_job_run() is at work */
} flash_run_t;

/** Connects, runs the plan and leaves the target. Has reported its failure, and what it left behind in the
 * flash, when it returns. */
cli_exit_t flash_job_run(const flash_job_t *job, flash_run_t *run);

/** Frees what flash_job_run() has left in @p run; harmless when there is nothing. */
void flash_run_free(flash_run_t *run);

#endif
