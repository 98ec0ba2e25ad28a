/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One scenario is one process: the kernel, the drivers and the program under test start from nothing, and
 * whatever goes wrong, from a failed check to a sanitizer report, is its exit status and its output.
 */
#ifndef IDF_HOST_SCENARIO_H
#define IDF_HOST_SCENARIO_H

#include <stdbool.h>

#include "gadget.h"
#include "kernel.h"

typedef struct {
    const char *label;       /**< printed when it fails; may be NULL */
    unsigned cores;          /**< 0 = 2 */
    TickType_t tick_rate_hz; /**< 0 = 1000 */
    void (*setup)(void);     /**< before the kernel runs: plug in, arm timers; may be NULL */
    void (*main)(void); /**< runs as the main task, priority 1; when it returns the scenario has succeeded */
} scenario_t;

/** Runs it and fails the test with its output unless it succeeds. Returns the output, valid until the next
 * run. */
const char *scenario_passes(const scenario_t *scenario);

/** Runs it and fails the test unless the host panics with a message that contains @p text. */
void scenario_panics(const scenario_t *scenario, const char *text);

/** For programs under test that never return: the scenario has succeeded. With or without the kernel's lock.
 */
void scenario_succeed(void) __attribute__((noreturn));

/** Inside a scenario. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            kernel_panic("%s:%d: check failed: %s", __FILE__, __LINE__, #condition);                         \
        }                                                                                                    \
    } while (0)

/** Inside a scenario, from tasks: one bench function under the kernel's lock. */
#define WITH_LOCK(statement)                                                                                 \
    do {                                                                                                     \
        kernel_lock();                                                                                       \
        statement;                                                                                           \
        kernel_unlock();                                                                                     \
    } while (0)

#endif
