/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * examples/coprocessor with the power cut: at every step of the host, and at every command and every operation on flash of
 * the co-processor. Whatever the cut start said, the next one brings the co-processor up to date, and the one after it
 * finds nothing to do. All cuts are tried with EL_CUT_STEP=1, as make soak does.
 */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

/* Who loses power, and when; of the n-th. */
typedef enum {
    CUT_HOST,    /* the host, at a step: a call of its port, a read of an image, a question, the mark */
    CUT_BOTH,    /* the same, and the co-processor with it */
    CUT_COMMAND, /* the co-processor, at a command */
    CUT_FLASH,   /* the co-processor, in the middle of an erase or a program operation */
    CUT_TWICE,   /* as CUT_FLASH; and then the host in the next start, somewhere */
    CUT_BACK,    /* as CUT_FLASH, on the way to a firmware that is given up for the one before */
    CUT_SELF,    /* the host, which lets the co-processor update itself */
    CUT_ITSELF,  /* the co-processor while it updates itself */
    CUTS,
} cut_t;

/* And of how many each one is tried in make test: primes, so that it is not always the same place of a block. */
static const struct {
    const char *name;
    unsigned step;
} CUT_ROWS[CUTS] = {
    {"host, at a step", 23},        {"both, at a step", 23},         {"co-processor, at a command", 3},
    {"co-processor, in flash", 23}, {"flash, then host", 23},        {"flash, then the firmware before", 23},
    {"host, own update", 3},        {"co-processor, own update", 1},
};

enum { RESULTS = COPROCESSOR_INCOMPLETE + 1, CUTS_MAX = 20000 };

typedef struct {
    unsigned cuts;
    unsigned first[RESULTS];  /* what the start said that was cut */
    unsigned second[RESULTS]; /* and the next one */
} tally_t;

static unsigned cut_step(cut_t cut)
{
    const char *text = getenv("EL_CUT_STEP");
    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : CUT_ROWS[cut].step * (unsigned)test_row_step();
}

/* The same version, with other data that no start looks at: whatever is torn, the version runs. */
static void swap_data(rig_t *rig)
{
    for (uint32_t at = 0x100; at < rig->blobs[OTADATA].size; at++) {
        rig->blobs[OTADATA].bytes[at] ^= 0x5A;
    }
    rig_name_digests(rig);
}

static uint64_t counter(const rig_t *rig, cut_t cut)
{
    switch (cut) {
    case CUT_HOST:
    case CUT_BOTH:
    case CUT_SELF:
        return rig->steps;
    case CUT_COMMAND:
        return esp_sim_stats(rig->bench.sim)->commands;
    case CUT_ITSELF:
        return rig->self_steps;
    default:
        return rig_flash_operations(rig);
    }
}

static bool is_counted_by_start(cut_t cut)
{
    return cut == CUT_HOST || cut == CUT_BOTH || cut == CUT_SELF || cut == CUT_ITSELF;
}

static void prepare(rig_t *rig, cut_t cut, unsigned n)
{
    if (cut == CUT_BACK) {
        assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
        swap_data(rig);
    }
    rig->host.update_itself = cut == CUT_SELF || cut == CUT_ITSELF ? rig_update_itself : NULL;
    rig->dead_at = cut == CUT_HOST || cut == CUT_BOTH || cut == CUT_SELF ? n : 0;
    rig->self_dead_at = cut == CUT_ITSELF ? n : 0;
    if (cut == CUT_COMMAND) {
        bench_faults_at(&rig->bench, "at command %u: disconnect 100ms", n);
    } else if (cut == CUT_FLASH || cut == CUT_TWICE || cut == CUT_BACK) {
        bench_faults_at(&rig->bench, "at flash %u: disconnect 100ms", n);
    }
}

/* The power is back. */
static void restore(rig_t *rig, cut_t cut, unsigned n)
{
    rig->dead_at = rig->self_dead_at = 0;
    if (cut == CUT_BOTH) {
        esp_sim_plug(rig->bench.sim, false);
    } else if (cut == CUT_TWICE) {
        rig->dead_at = 1 + n * 37 % 1000;
        (void)rig_start(rig);
        rig->dead_at = 0;
    } else if (cut == CUT_BACK) {
        swap_data(rig);
    }
}

/* false: the update ends before its n-th step. */
static bool survives(const rig_kind_t *kind, cut_t cut, unsigned n, tally_t *tally)
{
    rig_t rig;

    rig_begin(&rig, kind);
    rig.bench.expects_misuse = true; /* frames that a cut has torn */
    prepare(&rig, cut, n);
    const uint64_t before = is_counted_by_start(cut) ? 0 : counter(&rig, cut);
    const uint64_t operations_before = rig_flash_operations(&rig);
    const coprocessor_result_t first = rig_start(&rig);
    assert_true(first != COPROCESSOR_UNCHANGED || rig_flash_operations(&rig) == operations_before);
    const bool is_cut = counter(&rig, cut) - before >= n;
    if (is_cut) {
        restore(&rig, cut, n);
        const coprocessor_result_t second = rig_start(&rig);
        assert_true(second == COPROCESSOR_UP_TO_DATE || second == COPROCESSOR_UPDATED ||
                    second == COPROCESSOR_UPDATED_ITSELF);
        const uint64_t operations = rig_flash_operations(&rig);
        assert_int_equal(rig_start(&rig), COPROCESSOR_UP_TO_DATE);
        assert_int_equal(rig_flash_operations(&rig), operations);
        assert_string_equal(rig_running(&rig), RIG_VERSION);
        tally->cuts++;
        tally->first[first]++;
        tally->second[second]++;
    } else {
        assert_true(first == COPROCESSOR_UPDATED || first == COPROCESSOR_UPDATED_ITSELF);
    }
    rig_end(&rig);
    return is_cut;
}

static void cut_everywhere(const rig_kind_t *kind, cut_t cut)
{
    tally_t tally = {0};
    const unsigned step = cut_step(cut);

    for (unsigned n = 1; survives(kind, cut, n, &tally); n += step) {
        assert_in_range(n, 1, CUTS_MAX);
    }
    print_message("| %s | %s | %u | %u / %u / %u / %u | %u / %u / %u |\n", kind->name, CUT_ROWS[cut].name,
                  tally.cuts, tally.first[COPROCESSOR_UNCHANGED], tally.first[COPROCESSOR_INCOMPLETE],
                  tally.first[COPROCESSOR_UPDATED] + tally.first[COPROCESSOR_UPDATED_ITSELF],
                  tally.first[COPROCESSOR_UP_TO_DATE], tally.second[COPROCESSOR_UPDATED],
                  tally.second[COPROCESSOR_UPDATED_ITSELF], tally.second[COPROCESSOR_UP_TO_DATE]);
    assert_true(tally.cuts > 0);
}

TEST_WITH(every_cut_is_completed_by_the_next_start, NULL, test_report_row)
{
    print_message(
        "| link | power is cut of | cuts | that start said: unchanged / incomplete / updated / up to date "
        "| the next: updated / by itself / up to date |\n");
    for (size_t i = 0; i < rig_kind_count; i++) {
        for (cut_t cut = 0; cut < CUTS; cut++) {
            test_begin_row(CUT_ROWS[cut].name, i);
            cut_everywhere(&rig_kinds[i], cut);
        }
    }
    test_begin_row(NULL, 0);
}
