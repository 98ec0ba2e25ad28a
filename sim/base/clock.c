/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Timers of the virtual clock. There are about ten, so a list that is searched is enough.
 */
#include "base/clock.h"

#include <stddef.h>

void sim_clock_add(sim_clock_t *clock, sim_timer_t *timer, void (*fire)(void *ctx), void *ctx)
{
    timer->fire = fire;
    timer->ctx = ctx;
    timer->is_set = false;
    timer->next = clock->timers;
    clock->timers = timer;
}

void sim_timer_set(sim_clock_t *clock, sim_timer_t *timer, uint64_t due_ns)
{
    timer->is_set = due_ns != SIM_NEVER;
    timer->due_ns = due_ns > clock->now_ns ? due_ns : clock->now_ns;
    timer->order = ++clock->last_order;
}

void sim_timer_clear(sim_timer_t *timer)
{
    timer->is_set = false;
}

static sim_timer_t *first_due(const sim_clock_t *clock, bool is_any)
{
    sim_timer_t *first = NULL;
    for (sim_timer_t *timer = clock->timers; timer != NULL; timer = timer->next) {
        if (!timer->is_set || (timer->is_watch && !is_any)) {
            continue;
        }
        if (first == NULL || timer->due_ns < first->due_ns ||
            (timer->due_ns == first->due_ns && timer->order < first->order)) {
            first = timer;
        }
    }
    return first;
}

void sim_clock_run_until(sim_clock_t *clock, uint64_t time_ns)
{
    if (time_ns < clock->now_ns) {
        return;
    }
    clock->until_ns = time_ns;
    for (;;) {
        sim_timer_t *timer = first_due(clock, true);
        if (timer == NULL || timer->due_ns > time_ns) {
            break;
        }
        clock->now_ns = timer->due_ns;
        timer->is_set = false;
        timer->fire(timer->ctx);
    }
    clock->now_ns = time_ns;
}

uint64_t sim_clock_next(const sim_clock_t *clock)
{
    const sim_timer_t *timer = first_due(clock, true);
    return timer == NULL ? SIM_NEVER : timer->due_ns;
}

uint64_t sim_clock_next_work(const sim_clock_t *clock)
{
    const sim_timer_t *timer = first_due(clock, false);
    return timer == NULL ? SIM_NEVER : timer->due_ns;
}
