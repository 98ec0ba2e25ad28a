/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The arithmetic of model_clock.h. With the largest rate a product overflows after 200 days of running.
 */
#include "model_clock.h"

void fe_model_clock_start(fe_model_clock_t *clock, uint64_t real_us, uint32_t rate)
{
    clock->real_origin_us = real_us;
    clock->model_origin_us = 0;
    clock->rate = rate;
}

uint64_t fe_model_clock_at(const fe_model_clock_t *clock, uint64_t real_us)
{
    const uint64_t elapsed_us = real_us - clock->real_origin_us;
    return clock->model_origin_us + elapsed_us * clock->rate / FE_CLOCK_RATE_REAL;
}

uint64_t fe_model_clock_when(const fe_model_clock_t *clock, uint64_t model_us)
{
    if (model_us == FE_NEVER) {
        return FE_NEVER;
    }
    if (model_us <= clock->model_origin_us) {
        return clock->real_origin_us;
    }

    const uint64_t ahead_us = model_us - clock->model_origin_us;
    if (ahead_us > (FE_NEVER - clock->real_origin_us) / FE_CLOCK_RATE_REAL - 1) {
        return FE_NEVER;
    }
    return clock->real_origin_us + (ahead_us * FE_CLOCK_RATE_REAL + clock->rate - 1) / clock->rate;
}

void fe_model_clock_jump(fe_model_clock_t *clock, uint64_t real_us, uint64_t model_us)
{
    clock->real_origin_us = real_us;
    clock->model_origin_us = model_us;
}
