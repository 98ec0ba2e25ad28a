/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cases, what each may take at most, and the two forms in which they are reported.
 */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdio.h>

#include "floor.h"
#include "run.h"

/** A case with everything that is known about it after its run. Times in seconds. */
typedef struct {
    bench_case_t c;
    figures_t figures;
    floor_parts_t floor;
    uint64_t wire_us; /**< what must be sent, at the rate at which the link takes it */
    double seconds;   /**< measured */
    double floor_s;
    double bound_s;    /**< most that is allowed, 0 = no bound */
    const char *bound; /**< in words */
    double least_s;    /**< no run can be faster, or the floor is wrong */
    bool is_within;    /**< between the two */
} row_t;

/** Words for the columns. */
const char *table_link_name(const bench_link_t *link);
const char *table_image_name(const bench_case_t *c);
const char *table_flash_name(const bench_case_t *c);

/** Computes floor and bound of a row whose figures are there.
 *  @param rows  the @p count rows before it: a rewrite is measured against the plain write among them */
void table_judge(row_t *row, const row_t *rows, size_t count, const uint8_t *image, const uint8_t *before);

void table_print_head(void);
void table_print(const row_t *row);
/** What connecting, loading the stub, attaching the flash and verifying took, a line per link and loader. */
void table_print_around(const row_t *rows, size_t count);
/** @param curves  cases of several sizes: only their time is written */
bool table_write_json(const char *path, const row_t *rows, size_t count, const row_t *curves,
                      size_t curve_count);

#endif
