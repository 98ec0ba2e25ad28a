/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A partition table and which app starts, as text, JSON and TSV: what partitions and ota print.
 */
#ifndef CLI_PARTITIONS_REPORT_H
#define CLI_PARTITIONS_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "partitions/otadata.h"

/** What has been found. */
typedef struct {
    const char *file; /**< the table comes from; NULL = the target */
    bool has_table;
    partitions_t table;
    bool is_boot_known; /**< the otadata has been read, or the table has none */
    otadata_t otadata;
} partitions_found_t;

/** The table, and what starts. */
void partitions_report_print(FILE *out, const partitions_found_t *found);

/** What starts, and why. */
void partitions_report_boot(FILE *out, const partitions_found_t *found);

/** One line per partition after a line of titles, fields separated by tabs. */
void partitions_report_tsv(FILE *out, const partitions_found_t *found);

/** Adds `partitions`, `table_offset`, `otadata` and `starts` to an object. */
void partitions_report_json(json_t *object, const partitions_found_t *found);

#endif
