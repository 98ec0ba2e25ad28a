/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The loop of loop.h. Each round waits, brings every model to the present, takes what the clients sent,
 * lets the models act on it, and asks what to wait for next.
 */
#define _GNU_SOURCE
#include "loop.h"

#include "endpoint.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { FIXED_FDS = 2, ENDPOINTS = 2, SLACK_NS = 50000 };

static uint64_t real_now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

int fe_loop_catch_signals(void)
{
    sigset_t ending;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigaddset(&ending, SIGHUP);
    /* A closed pipe and a file size limit are errors of write(). */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR ||
        sigprocmask(SIG_BLOCK, &ending, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* The descriptors of one round, and whose they are. */
typedef struct {
    struct pollfd *fds;
    size_t *firsts; /**< per endpoint, in the order of endpoint_of() */
    size_t *counts;
    size_t count;
    uint64_t wake_us;
} watch_t;

/* Two for each station, then the one that they share. */
static size_t endpoint_count(size_t count)
{
    return count * ENDPOINTS + 1;
}

static fe_endpoint_t *endpoint_of(fe_station_t *stations, size_t count, const fe_shared_t *shared, size_t i)
{
    if (i == count * ENDPOINTS) {
        return shared->hub;
    }
    return i % ENDPOINTS == 0 ? stations[i / ENDPOINTS].cable : stations[i / ENDPOINTS].control;
}

static void wake_by(watch_t *watch, uint64_t wake_us)
{
    if (wake_us < watch->wake_us) {
        watch->wake_us = wake_us;
    }
}

static void collect_fds(fe_station_t *stations, size_t count, const fe_shared_t *shared, int signals,
                        bool exits_on_eof, watch_t *watch)
{
    watch->fds[0] = (struct pollfd){.fd = signals, .events = POLLIN};
    watch->fds[1] = (struct pollfd){.fd = exits_on_eof ? STDIN_FILENO : -1, .events = POLLIN};
    watch->count = FIXED_FDS;
    for (size_t i = 0; i < endpoint_count(count); i++) {
        fe_endpoint_t *endpoint = endpoint_of(stations, count, shared, i);
        watch->firsts[i] = watch->count;
        watch->counts[i] = endpoint != NULL ? endpoint->ops->watch(endpoint, watch->fds + watch->count) : 0;
        watch->count += watch->counts[i];
        if (endpoint != NULL && endpoint->ops->wake_us != NULL) {
            wake_by(watch, endpoint->ops->wake_us(endpoint));
        }
    }
}

static bool wait_for(const watch_t *watch, char *error, size_t error_size)
{
    struct timespec timeout;
    const uint64_t now_us = real_now_us();
    const uint64_t left_us = watch->wake_us > now_us ? watch->wake_us - now_us : 0;
    timeout.tv_sec = (time_t)(left_us / 1000000u);
    timeout.tv_nsec = (long)(left_us % 1000000u * 1000u);

    if (ppoll(watch->fds, watch->count, watch->wake_us == FE_NEVER ? NULL : &timeout, NULL) >= 0) {
        return true;
    }
    for (size_t i = 0; i < watch->count; i++) {
        watch->fds[i].revents = 0;
    }
    if (errno == EINTR) {
        return true;
    }
    (void)snprintf(error, error_size, "cannot wait: %s", strerror(errno));
    return false;
}

static void service_endpoints(fe_station_t *stations, size_t count, const fe_shared_t *shared,
                              const watch_t *watch, uint64_t real_us)
{
    for (size_t i = 0; i < endpoint_count(count); i++) {
        fe_endpoint_t *endpoint = endpoint_of(stations, count, shared, i);
        if (endpoint != NULL) {
            endpoint->ops->service(endpoint, watch->fds + watch->firsts[i], watch->counts[i], real_us);
        }
    }
}

static bool has_stdin_ended(const struct pollfd *fd)
{
    char ignored[256];
    if ((fd->revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) == 0) {
        return false;
    }
    const ssize_t received = read(STDIN_FILENO, ignored, sizeof(ignored));
    return received == 0 || (received < 0 && errno != EINTR && errno != EAGAIN);
}

static bool run_rounds(fe_station_t *stations, size_t count, int signals, bool exits_on_eof,
                       const fe_shared_t *shared, watch_t *watch, char *error, size_t error_size)
{
    for (;;) {
        watch->wake_us = FE_NEVER;
        for (size_t i = 0; i < count; i++) {
            wake_by(watch, fe_station_advance(&stations[i], real_now_us(), true));
        }
        if (shared->is_quitting) {
            return true;
        }
        collect_fds(stations, count, shared, signals, exits_on_eof, watch);
        if (!wait_for(watch, error, error_size)) {
            return false;
        }
        if (watch->fds[0].revents != 0 || has_stdin_ended(&watch->fds[1])) {
            return true;
        }

        const uint64_t real_us = real_now_us();
        for (size_t i = 0; i < count; i++) {
            (void)fe_station_advance(&stations[i], real_us, false);
        }
        service_endpoints(stations, count, shared, watch, real_us);
    }
}

bool fe_loop_run(fe_station_t *stations, size_t count, int signals, bool exits_on_eof,
                 const fe_shared_t *shared, char *error, size_t error_size)
{
    const size_t endpoints = endpoint_count(count);
    watch_t watch = {
        .fds = calloc(FIXED_FDS + endpoints * FE_ENDPOINT_FDS, sizeof(*watch.fds)),
        .firsts = calloc(endpoints, sizeof(*watch.firsts)),
        .counts = calloc(endpoints, sizeof(*watch.counts)),
    };
    bool is_done = false;

    if (watch.fds == NULL || watch.firsts == NULL || watch.counts == NULL) {
        (void)snprintf(error, error_size, "out of memory");
    } else {
        for (size_t i = 0; i < count; i++) {
            fe_model_clock_start(&stations[i].clock, real_now_us(), stations[i].options->speed.rate);
        }
        /* How late the system may wake us: its usual 50 us, in model time. A slow clock then does not cost
         * more wake-ups than a fast one; what became due meanwhile still happens at its own model time. */
        const uint32_t rate = stations[0].options->speed.rate;
        (void)prctl(PR_SET_TIMERSLACK, (unsigned long)SLACK_NS * FE_CLOCK_RATE_REAL / rate);
        is_done = run_rounds(stations, count, signals, exits_on_eof, shared, &watch, error, error_size);
    }
    free(watch.fds);
    free(watch.firsts);
    free(watch.counts);
    return is_done;
}
