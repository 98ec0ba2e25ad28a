/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counting outcomes by kind of fault.
 */
#ifndef SWEEP_TALLY_H
#define SWEEP_TALLY_H

#include "run.h"

enum { QUESTIONS_ROW = FAULT_KINDS + FAULTS_MAX + 1, TALLY_ROWS };

/** One row for each kind alone, one for each number of faults from two on, one for questions outside of
 * plans. */
typedef struct {
    struct tally_row {
        uint32_t runs, success, error, verified_wrong, stale, unverified, unverified_wrong, unchecked_wrong,
            spread_success, spread_error, hung, next_wrong, no_detail, longest_ms;
    } rows[TALLY_ROWS];
    uint32_t runs;
    uint32_t bad;
    unsigned printed[TALLY_ROWS];
} tally_t;

/** Counts a run; prints the first bad ones of each row, with how to run them alone. */
void tally_add(tally_t *tally, const config_t *config, way_t way, const fault_t *faults, size_t count,
               const result_t *result);

/** Adds what another process has counted. */
void tally_merge(tally_t *tally, const tally_t *other);

void tally_print(const tally_t *tally);

#endif
