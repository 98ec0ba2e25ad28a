/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The steps of esp-loader selftest: what is tried with a target, and what came of it.
 */
#ifndef CLI_SELFTEST_STEPS_H
#define CLI_SELFTEST_STEPS_H

#include "session/session.h"

enum { SELFTEST_STEPS_MAX = 48, SELFTEST_NOTE_SIZE = 128 };

typedef enum { STEP_OK, STEP_FAILED, STEP_SKIPPED } step_outcome_t;

/** What the simulator takes, for comparison; zero = it has no figure for this step. */
typedef struct {
    double typical;
    double maximum;
    bool is_without_transfer; /**< what was measured holds the time on the wire, too */
} step_model_t;

typedef struct {
    char name[32];
    const char *loader; /**< "ROM" or "stub"; NULL = neither */
    step_outcome_t outcome;
    char note
        [SELFTEST_NOTE_SIZE]; /**< why it failed or was skipped, or what else is to be said; "" = nothing */
    const char *unit;         /**< of the value; NULL = nothing was measured */
    double value;
    step_model_t model;
} step_t;

/** One run. Set the first part, zero the rest. */
typedef struct {
    session_options_t *options; /**< those of the session: the rate in them follows what is tried */
    bool is_stub_off;           /**< try the ROM alone */
    uint32_t scratch_offset;
    uint32_t scratch_size; /**< bytes that may be erased and written; 0 = nothing may */

    session_t *session;
    step_t steps[SELFTEST_STEPS_MAX];
    size_t step_count;
    uint64_t start_ms;
    uint32_t best_rate_baud; /**< the highest that has carried; 0 = none was tried */
    bool is_lost;            /**< the target does not answer any more */
    bool is_cancelled;
    cli_exit_t code; /**< of the first step that failed */
} selftest_t;

/** Tries everything, with the ROM and then with the stub. The session is open, and connected to the ROM.
 * Leaves it connected unless is_lost or is_cancelled is set then. */
void selftest_run_steps(selftest_t *test, session_t *session);

/** Adds the step about how the target was left by session_finish(). */
void selftest_note_end(selftest_t *test);

/** "failed" and the like. */
const char *selftest_outcome_name(step_outcome_t outcome);

#endif
