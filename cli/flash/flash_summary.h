/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run came to: how much, how fast, what was skipped, where the time went, and what was the limit.
 */
#ifndef CLI_FLASH_SUMMARY_H
#define CLI_FLASH_SUMMARY_H

#include <stdint.h>
#include <stdio.h>

#include "flash/flash_job.h"

/** What is known about a run that has succeeded. */
typedef struct {
    const esp_loader_image_report_t *reports;
    size_t count;
    uint64_t connect_ms; /**< opening the port, connecting, loading the stub */
    uint64_t compare_ms; /**< checks and MD5s before writing */
    uint64_t write_ms;   /**< erasing and writing */
    uint64_t verify_ms;
    uint32_t rate_baud; /**< of a UART; 0 = the link has none, or it is not known */
    bool is_usb;        /**< the chip's own USB */
} flash_summary_t;

/** What took most of the time. */
typedef enum {
    FLASH_LIMIT_CONNECTING,
    FLASH_LIMIT_TARGET, /**< its MD5s */
    FLASH_LIMIT_WIRE,   /**< the baud rate */
    FLASH_LIMIT_FLASH,  /**< erasing and writing it */
    FLASH_LIMIT_LINK,   /**< flash or link: which one cannot be told */
} flash_limit_t;

flash_limit_t flash_summary_limit(const flash_summary_t *summary);

/** Prints it, in lines of less than 80 columns. */
void flash_summary_print(FILE *out, const flash_summary_t *summary);

/** Prints that of a run on a terminal, whose port is open; otherwise the lines are as they have always been.
 *  @param count  of images */
void flash_summary_tell(const flash_run_t *run, size_t count);

/** What became of the @p count images of a run, in a few words, each with a comma before: ", 2 verified, 1 unchanged". */
void flash_summary_results(const flash_run_t *run, size_t count, char *out, size_t size);

#endif
