/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The model's own time: nanoseconds since creation, and the timers that make things happen at a given moment,
 * in order of their time and, at the same moment, in the order in which they were set. Nothing here knows the
 * real clock.
 */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_NEVER  UINT64_MAX
#define SIM_NS(us) ((uint64_t)(us)*1000u)

typedef struct sim_timer sim_timer_t;

struct sim_timer {
    uint64_t due_ns;
    uint64_t order;
    bool is_set;
    bool is_watch; /**< no work of the chip: it fires when nothing else has happened for long enough */
    void (*fire)(void *ctx);
    void *ctx;
    sim_timer_t *next;
};

typedef struct {
    uint64_t now_ns;
    uint64_t until_ns; /**< where the run that goes on will end */
    uint64_t last_order;
    sim_timer_t *timers;
} sim_clock_t;

/** Makes @p timer known to the clock; it lives as long as the clock and starts unset. */
void sim_clock_add(sim_clock_t *clock, sim_timer_t *timer, void (*fire)(void *ctx), void *ctx);
/** Sets or moves a timer. SIM_NEVER unsets it; a time that has passed means now. */
void sim_timer_set(sim_clock_t *clock, sim_timer_t *timer, uint64_t due_ns);
void sim_timer_clear(sim_timer_t *timer);
/** Fires everything due by @p time_ns in order and sets the clock to it. With the present time it fires what
 * is due. */
void sim_clock_run_until(sim_clock_t *clock, uint64_t time_ns);
/** Time of the next timer, SIM_NEVER when none is set. */
uint64_t sim_clock_next(const sim_clock_t *clock);
/** The same without the timers that only watch. */
uint64_t sim_clock_next_work(const sim_clock_t *clock);

#endif
