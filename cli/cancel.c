/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Signal handling. The flag is the program's only writable global: a handler can reach nothing else.
 */
#define _GNU_SOURCE
#include "cancel.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static atomic_bool is_requested; /* read by every thread that flashes */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

static void request(int number)
{
    static const char message[] = "\nStopping after the current step; once more stops at once.\n";

    (void)number;
    atomic_store(&is_requested, true);
    const int error_number = errno; /* of whatever the signal has interrupted */
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    errno = error_number;
}

static void install(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};

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

void cancel_catch_signals(void)
{
    install(request);
}

void cancel_release_signals(void)
{
    install(SIG_DFL);
}

bool cancel_is_requested(void *ctx)
{
    (void)ctx;
    return atomic_load(&is_requested);
}
