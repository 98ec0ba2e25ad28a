/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the steps of esp-loader selftest are made of. A step measures something, or fails, and is printed.
 */
#ifndef CLI_SELFTEST_RUN_H
#define CLI_SELFTEST_RUN_H

#include "commands/selftest_steps.h"

/** The rate of a target that was reset. */
enum { SELFTEST_CONNECT_BAUD = 115200 };

/** What a step does; an error is taken from the session and noted. */
typedef esp_loader_error_t (*step_measure_t)(selftest_t *test, step_t *step, uint32_t argument);

/** A step that nothing is known of yet. */
step_t *step_add(selftest_t *test, const char *name);
void step_note(step_t *step, step_outcome_t outcome, const char *text);
void step_measured(step_t *step, double value, const char *unit, step_model_t model);
void step_print(const selftest_t *test, const step_t *step);

/** Adds a step, does it unless there is a reason not to, and prints it. After a failure the target is reset and
 * connected to again.
 *  @param loader  as in the step: NULL = the step itself sees to the loader, and leaves the ROM */
step_outcome_t step_run(selftest_t *test, const char *loader, const char *name, step_measure_t measure,
                        uint32_t argument);

/** Milliseconds since clock_now_ms() was @p start_ms. */
double step_elapsed_ms(uint64_t start_ms);

esp_loader_error_t selftest_connect_again(selftest_t *test, bool with_stub, bool is_reset);
esp_loader_error_t selftest_change_rate(selftest_t *test, uint32_t rate_baud);

#endif
