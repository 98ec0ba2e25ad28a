/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Signal handling. Its flags are what a handler can reach.
 */
#define _GNU_SOURCE
#include "ports/cancel.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "report/clock.h"
#include "report/screen.h"

enum { GRACE_MS = 500 };

/* Read by every thread that flashes. */
static atomic_bool is_requested;
static atomic_uint_least64_t requested_ms;

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

void cancel_request(void)
{
    atomic_store(&requested_ms, clock_now_ms());
    atomic_store(&is_requested, true);
}

static void request(int number)
{
    static const char message[] = "\nStopping; once more stops at once.\n";

    (void)number;
    const int error_number = errno; /* of whatever the signal has interrupted */
    cancel_request();
    screen_stop();
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    errno = error_number;
}

void cancel_catch_signals(void)
{
    struct sigaction action = {.sa_handler = request, .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct sigaction before;

        /* Cannot fail for these signals. One that is ignored, as under nohup, stays ignored. */
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN) {
            sigaction(signals[i], &action, NULL);
        }
    }
}

bool cancel_is_requested(void *ctx)
{
    (void)ctx;
    return atomic_load(&is_requested);
}

bool cancel_is_due(void)
{
    return atomic_load(&is_requested) && clock_now_ms() - atomic_load(&requested_ms) >= GRACE_MS;
}
