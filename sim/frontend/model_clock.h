/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ties a chip's model time to the real clock: model time passes `rate` times as fast, and may jump ahead.
 * Pure: the caller passes the real time in. When to jump is decided by station.c.
 */
#ifndef FE_MODEL_CLOCK_H
#define FE_MODEL_CLOCK_H

#include <stdint.h>

/** Rate of a clock that runs like the real one; rates are in thousandths. */
#define FE_CLOCK_RATE_REAL 1000u
#define FE_CLOCK_RATE_MIN  1u
#define FE_CLOCK_RATE_MAX  1000000u

#define FE_NEVER UINT64_MAX

typedef struct {
    uint64_t real_origin_us; /**< real time at which model time was model_origin_us */
    uint64_t model_origin_us;
    uint32_t rate; /**< model microseconds per 1000 real ones */
} fe_model_clock_t;

/** Starts a clock at model time 0. */
void fe_model_clock_start(fe_model_clock_t *clock, uint64_t real_us, uint32_t rate);

/** Model time at real time @p real_us, which is not before the clock's start or last jump. */
uint64_t fe_model_clock_at(const fe_model_clock_t *clock, uint64_t real_us);

/** Real time at which the clock will show @p model_us or later; a model time in the past gives the past;
 * FE_NEVER gives FE_NEVER. */
uint64_t fe_model_clock_when(const fe_model_clock_t *clock, uint64_t model_us);

/** Makes the clock show @p model_us at @p real_us; it runs on from there. */
void fe_model_clock_jump(fe_model_clock_t *clock, uint64_t real_us, uint64_t model_us);

#endif
