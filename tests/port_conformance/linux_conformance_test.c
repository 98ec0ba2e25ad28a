/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The conformance checks on the serial port of Linux: the peer is the other end of a pseudo terminal, in real time.
 */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "conformance_excuses.h"
#include "conformance_report.h"
#include "linux_port.h"
#include "shifted_clock.h"
#include "template_port.h"
#include "test.h"

enum { PATH_SIZE = 64, ARRIVED_SIZE = 1 << 16, ARRIVAL_MS = 2000, STORM_SIZE = 512 };

/* What the port writes is taken by a thread; what is to be sent later is sent by a child. */
static struct {
    int master;
    char path[PATH_SIZE];
    linux_port_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    bool is_running;
    bool is_held;
    bool is_storming;
    uint8_t arrived[ARRIVED_SIZE];
    size_t size;
} line = {.master = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

static void storm(void)
{
    static const uint8_t bytes[STORM_SIZE];
    if (write(line.master, bytes, sizeof(bytes)) < 0) {
        return; /* as much is on its way as there is room for */
    }
}

static void *take_everything(void *argument)
{
    (void)argument;
    for (;;) {
        struct pollfd poll_fd = {.fd = line.master, .events = POLLIN};
        const bool is_there = poll(&poll_fd, 1, 5) == 1;
        pthread_mutex_lock(&line.lock);
        if (!line.is_running) {
            pthread_mutex_unlock(&line.lock);
            return NULL;
        }
        if (is_there && !line.is_held && line.size < ARRIVED_SIZE) {
            const ssize_t got = read(line.master, line.arrived + line.size, ARRIVED_SIZE - line.size);
            line.size += got > 0 ? (size_t)got : 0;
        }
        if (line.is_storming) {
            storm();
        }
        pthread_mutex_unlock(&line.lock);
    }
}

static void line_stop(void)
{
    if (line.master >= 0) {
        pthread_mutex_lock(&line.lock);
        line.is_running = false;
        pthread_mutex_unlock(&line.lock);
        pthread_join(line.thread, NULL);
        close(line.master);
        line.master = -1;
    }
}

static void line_restart(void *ctx)
{
    (void)ctx;
    line_stop();
    line.is_held = false;
    line.is_storming = false;
    line.is_running = true;
    line.size = 0;
    line.master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(line.master >= 0);
    assert_int_equal(fcntl(line.master, F_SETFL, O_RDWR | O_NONBLOCK), 0);
    assert_int_equal(grantpt(line.master) | unlockpt(line.master), 0);
    assert_int_equal(ptsname_r(line.master, line.path, sizeof(line.path)), 0);
    line.port = (linux_port_t){.port.ops = &linux_uart_ops, .device = line.path};
    assert_int_equal(pthread_create(&line.thread, NULL, take_everything, NULL), 0);
}

static void line_send(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms)
{
    (void)ctx;
    if (delay_ms == 0) {
        assert_int_equal(write(line.master, data, size), (ssize_t)size);
        return;
    }
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct timespec delay = {.tv_nsec = (long)delay_ms * 1000000};
        (void)nanosleep(&delay, NULL);
        _exit(write(line.master, data, size) == (ssize_t)size ? 0 : 1);
    }
}

static size_t line_receive(void *ctx, uint8_t *buf, size_t capacity)
{
    size_t size = 0;
    (void)ctx;
    for (int waited_ms = 0; size == 0 && waited_ms < ARRIVAL_MS; waited_ms++) {
        pthread_mutex_lock(&line.lock);
        size = line.size < capacity ? line.size : capacity;
        memcpy(buf, line.arrived, size);
        memmove(line.arrived, line.arrived + size, line.size - size);
        line.size -= size;
        pthread_mutex_unlock(&line.lock);
        if (size == 0) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    return size;
}

static void line_hold(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&line.lock);
    line.is_held = true;
    pthread_mutex_unlock(&line.lock);
}

static void line_storm(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&line.lock);
    line.is_storming = true;
    for (int i = 0; i < 4; i++) { /* so much is there before anyone reads */
        storm();
    }
    pthread_mutex_unlock(&line.lock);
}

static uint32_t line_rate(void *ctx)
{
    struct termios2 settings;
    (void)ctx;
    assert_int_equal(ioctl(line.master, TCGETS2, &settings), 0);
    return settings.c_ospeed;
}

static const conformance_peer_t line_peer = {
    .restart = line_restart,
    .send = line_send,
    .receive = line_receive,
    .hold = line_hold,
    .storm = line_storm,
    .rate = line_rate,
    .set_clock = shifted_clock_set,
    .slack_ms = 10000, /* of a busy machine; less than what a wait for more would take */
};

TEST(serial_port_of_linux_conforms)
{
    line_restart(NULL);
    assert_conforms(
        &line.port.port, &line_peer,
        (const char *const[]){"overrun: the kernel holds the sender back on a pseudo terminal",
                              "vanishes: the kernel drops what a pseudo terminal holds when its other end "
                              "closes (tests/port/followed_test.c has such a board)",
                              EXCUSES_WITHOUT_PINS, NULL});
    line_stop();
}

/* The skeleton has no device: nothing can be checked before there is one. */
TEST(skeleton_says_that_it_does_not_open)
{
    template_port_t port = {.port.ops = &template_ops};
    const conformance_peer_t nobody = {.slack_ms = 0};
    conformance_row_t rows[CONFORMANCE_MAX_ROWS];
    const size_t count = port_conformance_run(&port.port, &nobody, rows);
    assert_int_equal(port_conformance_count(rows, count, CONFORMANCE_FAILED), count);
    assert_string_equal(rows[0].why, "init failed");
}
