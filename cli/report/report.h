/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every failure as one sentence and one exit code. The only place that turns the library's errors into words
 * for users of the command line.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "text/boot_text.h"
#include "esp_loader_content.h"
#include "esp_loader_plan.h"
#include "report/exit_code.h"

enum { REPORT_SIZE = 512 };

/** What is known besides the error; all zero = nothing. */
typedef struct {
    const char *label; /**< which of several targets, said in front; NULL = nothing */
    const char *port;  /**< as the user wrote it */
    const esp_loader_image_t *images;
    size_t image_count;
    bool is_connected;          /**< a target has been identified */
    target_chip_t chip;         /**< then this one */
    bool is_secure;             /**< the target is in secure download mode */
    uint32_t flash_size;        /**< bytes, 0 = not known */
    boot_mode_t boot;           /**< what its ROM has printed while it was connected to */
    bool lines_are_unconfirmed; /**< by the server in between */
} report_context_t;

/** Writes the sentence for @p detail, without newline, to @p out. */
void report_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                     char out[REPORT_SIZE]);

/** Exit code for @p detail. */
cli_exit_t report_exit_code(const report_context_t *context, const esp_loader_error_detail_t *detail);

/** Prints the sentence on standard error and returns the exit code. */
cli_exit_t report_failure(const report_context_t *context, const esp_loader_error_detail_t *detail);

/** Prints one sentence on standard error: "esp-loader: ..." */
__attribute__((format(printf, 1, 2))) void report_line(const char *format, ...);

/** The same with the label of one of several targets: "esp-loader: 1-2: ..."; NULL = none. */
__attribute__((format(printf, 2, 3))) void report_labelled_line(const char *label, const char *format, ...);

/** Prints a sentence that is no failure: a warning, or what a failure has left. @p label as above. */
__attribute__((format(printf, 2, 3))) void report_note(const char *label, const char *format, ...);

/** The first failure that this thread has printed, without "esp-loader: "; "" = none. */
const char *report_message(void);

#endif
