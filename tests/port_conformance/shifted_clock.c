/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The clock of shifted_clock.h.
 */
#define _GNU_SOURCE
#include "shifted_clock.h"

#include <time.h>

static time_t shift_s;
static long shift_ns; /* below a second */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);

static struct timespec sum(time_t s, long ns)
{
    return (struct timespec){.tv_sec = s + (ns >= 1000000000), .tv_nsec = ns % 1000000000};
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    const int outcome = __real_clock_gettime(clock, now);
    *now = sum(now->tv_sec + shift_s, now->tv_nsec + shift_ns);
    return outcome;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    const struct timespec real = sum(until->tv_sec - shift_s - 1, until->tv_nsec - shift_ns + 1000000000);
    return __real_clock_nanosleep(clock, flags, &real, left);
}

void shifted_clock_set(void *ctx, uint32_t now_ms)
{
    struct timespec now;
    (void)ctx;
    (void)__wrap_clock_gettime(CLOCK_MONOTONIC, &now);
    const uint32_t forward_ms =
        now_ms - (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
    const struct timespec shift =
        sum(shift_s + (time_t)(forward_ms / 1000), shift_ns + (long)(forward_ms % 1000) * 1000000);
    shift_s = shift.tv_sec;
    shift_ns = shift.tv_nsec;
}
