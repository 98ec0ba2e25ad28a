/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tally.h"

#include <stdio.h>
#include <string.h>

enum { PRINTED_MAX = 4 };

static unsigned row_of(way_t way, const fault_t *faults, size_t count)
{
    return way == WAY_ASK ? QUESTIONS_ROW
           : count == 1   ? (unsigned)faults[0].kind
                          : FAULT_KINDS + (unsigned)count;
}

static const char *what_is_bad(const result_t *result)
{
    return result->has_hung             ? "hangs"
           : result->is_verified_wrong  ? "says VERIFIED or EQUAL over wrong flash, or takes another answer"
           : result->is_next_wrong      ? "the next run does not mend it"
           : result->has_no_detail      ? "fails without saying why"
           : result->is_unchecked_wrong ? "writes the wrong, unverified, and could have known"
           : result->is_spread          ? "erases other sectors unseen"
                                        : "succeeds without verifying";
}

void tally_add(tally_t *tally, const config_t *config, way_t way, const fault_t *faults, size_t count,
               const result_t *result)
{
    char text[256];
    unsigned row = row_of(way, faults, count);
    bool is_success = result->error == ESP_LOADER_SUCCESS;
    tally->runs++;
    tally->rows[row].runs++;
    tally->rows[row].success += is_success;
    tally->rows[row].error += !is_success;
    tally->rows[row].verified_wrong += result->is_verified_wrong;
    tally->rows[row].stale += result->is_stale;
    tally->rows[row].unverified += result->is_unverified;
    tally->rows[row].unverified_wrong += result->is_unverified_wrong;
    tally->rows[row].unchecked_wrong += result->is_unchecked_wrong;
    tally->rows[row].spread_success += result->is_spread && is_success;
    tally->rows[row].spread_error += result->is_spread && !is_success;
    tally->rows[row].hung += result->has_hung;
    tally->rows[row].next_wrong += result->is_next_wrong;
    tally->rows[row].no_detail += result->has_no_detail;
    if (result->time_ms > tally->rows[row].longest_ms) {
        tally->rows[row].longest_ms = result->time_ms;
    }
    if (result_is_bad(result, faults, count)) {
        tally->bad++;
        if (tally->printed[row]++ < PRINTED_MAX) {
            fault_print(faults, count, text, sizeof(text));
            printf("BAD: %s: --config %s --way %d --faults %s\n", what_is_bad(result), config->name, (int)way,
                   text);
        }
    }
}

void tally_merge(tally_t *tally, const tally_t *other)
{
    for (unsigned row = 0; row < TALLY_ROWS; row++) {
        struct tally_row *ours = &tally->rows[row];
        const struct tally_row *theirs = &other->rows[row];
        ours->runs += theirs->runs;
        ours->success += theirs->success;
        ours->error += theirs->error;
        ours->verified_wrong += theirs->verified_wrong;
        ours->stale += theirs->stale;
        ours->unverified += theirs->unverified;
        ours->unverified_wrong += theirs->unverified_wrong;
        ours->unchecked_wrong += theirs->unchecked_wrong;
        ours->spread_success += theirs->spread_success;
        ours->spread_error += theirs->spread_error;
        ours->hung += theirs->hung;
        ours->next_wrong += theirs->next_wrong;
        ours->no_detail += theirs->no_detail;
        ours->longest_ms = ours->longest_ms > theirs->longest_ms ? ours->longest_ms : theirs->longest_ms;
    }
    tally->runs += other->runs;
    tally->bad += other->bad;
}

static void print_row(const tally_t *tally, unsigned row, const char *name)
{
    printf("%-15s %8u %8u %8u | %8u %8u %8u %8u | %8u %8u %8u %8u | %6u %6u %9.1f\n", name,
           tally->rows[row].runs, tally->rows[row].success, tally->rows[row].error,
           tally->rows[row].verified_wrong, tally->rows[row].hung, tally->rows[row].next_wrong,
           tally->rows[row].no_detail, tally->rows[row].unverified, tally->rows[row].unverified_wrong,
           tally->rows[row].stale, tally->rows[row].unchecked_wrong, tally->rows[row].spread_success,
           tally->rows[row].spread_error, tally->rows[row].longest_ms / 1000.0);
}

void tally_print(const tally_t *tally)
{
    printf("%-15s %8s %8s %8s | %8s %8s %8s %8s | %8s %8s %8s %8s | %6s %6s %9s\n", "fault", "runs",
           "success", "error", "VERIFIED", "hangs", "next run", "error", "not", "and", "VERIFIED", "skipped,",
           "others", "others", "longest");
    printf("%-15s %8s %8s %8s | %8s %8s %8s %8s | %8s %8s %8s %8s | %6s %6s %9s\n", "", "", "", "", "wrong",
           "", "wrong", "no cause", "verified", "wrong", "in error", "wrong", "succ.", "error", "s");
    for (unsigned row = 0; row < FAULT_KINDS; row++) {
        if (tally->rows[row].runs > 0) {
            print_row(tally, row, fault_rows[row].name);
        }
    }
    for (unsigned count = 2; count <= FAULTS_MAX; count++) {
        char name[16];
        snprintf(name, sizeof(name), "%u faults", count);
        if (tally->rows[FAULT_KINDS + count].runs > 0) {
            print_row(tally, FAULT_KINDS + count, name);
        }
    }
    if (tally->rows[QUESTIONS_ROW].runs > 0) {
        print_row(tally, QUESTIONS_ROW, "questions");
    }
    printf("%u runs, %u bad\n", tally->runs, tally->bad);
}
