/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The pseudo terminal cable: to a client the chip looks like a serial device node. It has no control lines
 * (their ioctls fail with ENOTTY); the rate a client sets is passed on. When the chip leaves the bus its
 * terminal hangs up and goes; when the chip is back there is a new one, announced again, and the link points
 * to it.
 */
#define _GNU_SOURCE
#include "endpoint.h"

#include "pty_rate.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum {
    /* While no program has the slave open, poll() reports a hang-up without end; the master is therefore
     * polled now and then. */
    LOOK_EVERY_US = 20000,
    RETRY_EVERY_US = 1000000,
    PATH_CAPACITY = 64,
};

typedef struct {
    fe_endpoint_t endpoint;
    fe_wire_t wire;
    int master; /**< -1 = the chip is not on the bus */
    char path[PATH_CAPACITY];
    char *link; /**< NULL = none */
    bool has_client;
    uint32_t rate_baud;
    uint64_t look_at_us; /**< when to look for a client, or try again to make a terminal */
} pty_t;

static bool set_raw(const char *path)
{
    struct termios settings;
    const int slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0) {
        return false;
    }
    bool is_done = tcgetattr(slave, &settings) == 0;
    if (is_done) {
        cfmakeraw(&settings);
        is_done = cfsetspeed(&settings, B115200) == 0 && tcsetattr(slave, TCSANOW, &settings) == 0;
    }
    return close(slave) == 0 && is_done;
}

/* What an earlier client left unread is not for the next one. */
static void forget_unread(const pty_t *pty)
{
    const int slave = open(pty->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0) {
        return;
    }
    (void)tcflush(slave, TCIFLUSH);
    (void)close(slave);
}

/* Replaces a link, but nothing else. */
static bool make_link(const pty_t *pty)
{
    struct stat status;
    if (lstat(pty->link, &status) == 0) {
        if (!S_ISLNK(status.st_mode)) {
            errno = EEXIST;
            return false;
        }
        if (unlink(pty->link) != 0) {
            return false;
        }
    }
    return symlink(pty->path, pty->link) == 0;
}

static void remove_link(const pty_t *pty)
{
    char target[PATH_CAPACITY];
    const ssize_t size = pty->link != NULL ? readlink(pty->link, target, sizeof(target)) : -1;
    if (size >= 0 && (size_t)size == strlen(pty->path) && memcmp(target, pty->path, (size_t)size) == 0) {
        (void)unlink(pty->link);
    }
}

static bool open_terminal(pty_t *pty, char *error, size_t error_size)
{
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    pty->has_client = false;
    pty->rate_baud = 0;
    pty->path[0] = '\0';
    if (pty->master < 0 || grantpt(pty->master) != 0 || unlockpt(pty->master) != 0 ||
        ptsname_r(pty->master, pty->path, sizeof(pty->path)) != 0 || !set_raw(pty->path)) {
        (void)snprintf(error, error_size, "cannot make a pseudo terminal: %s", strerror(errno));
    } else if (pty->link != NULL && !make_link(pty)) {
        (void)snprintf(error, error_size, "cannot make the link '%s': %s", pty->link, strerror(errno));
    } else if (!fe_station_announce("pty", pty->path)) {
        (void)snprintf(error, error_size, "cannot find out the terminal's name: %s", strerror(errno));
    } else {
        return true;
    }
    remove_link(pty);
    if (pty->master >= 0) {
        (void)close(pty->master);
    }
    pty->master = -1;
    return false;
}

static void close_terminal(pty_t *pty)
{
    remove_link(pty);
    (void)close(pty->master);
    pty->master = -1;
    pty->has_client = false;
    fe_queue_clear(&pty->wire.to_client);
    fe_queue_clear(&pty->wire.to_chip);
}

static void pty_client_left(pty_t *pty)
{
    pty->has_client = false;
    fe_queue_clear(&pty->wire.to_client);
    forget_unread(pty);
    fe_station_note(pty->endpoint.station, "client closed the terminal");
    fe_station_client_left(pty->endpoint.station);
}

static size_t pty_send_bytes(void *cable, const uint8_t *bytes, size_t size)
{
    const pty_t *pty = cable;
    const ssize_t sent = write(pty->master, bytes, size); /* a failure shows up again when reading */
    return sent > 0 ? (size_t)sent : 0;
}

/* The chip takes nothing now. A hang-up, which ends poll() at once, cannot be read away then, so there is no
 * poll(). */
static bool is_chip_behind(const pty_t *pty)
{
    return fe_queue_space(&pty->wire.to_chip) == 0;
}

static size_t pty_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    pty_t *pty = (pty_t *)endpoint;
    fe_wire_move(&pty->wire, endpoint->station->sim, pty->has_client, true);
    if (!pty->has_client || is_chip_behind(pty)) {
        return 0;
    }

    const int output = pty->wire.to_client.count > 0 ? POLLOUT : 0;
    fds[0] = (struct pollfd){.fd = pty->master, .events = (short)(POLLIN | output)};
    return 1;
}

/* Reads what the client wrote. Only a read shows that it has gone: what poll() reported may be over, and the
 * next client be here. */
static void pty_receive(pty_t *pty)
{
    uint8_t bytes[FE_QUEUE_CAPACITY];
    if (is_chip_behind(pty)) {
        return;
    }
    const ssize_t received = read(pty->master, bytes, fe_queue_space(&pty->wire.to_chip));
    if (received > 0) {
        (void)fe_queue_push(&pty->wire.to_chip, bytes, (size_t)received); /* fits: no more was read */
    } else if (received < 0 && errno == EIO) {
        pty_client_left(pty);
    }
}

static void look_for_client(pty_t *pty, uint64_t real_us)
{
    struct pollfd fd = {.fd = pty->master, .events = POLLIN};
    pty->look_at_us = real_us + LOOK_EVERY_US;
    /* With a hang-up and input, a client came, wrote and left in between. */
    if (poll(&fd, 1, 0) >= 0 && ((fd.revents & POLLHUP) == 0 || (fd.revents & POLLIN) != 0)) {
        pty->has_client = true;
        fe_station_note(pty->endpoint.station, "client opened the terminal");
    }
}

static void pass_rate_on(pty_t *pty)
{
    const uint32_t rate_baud = fe_pty_rate(pty->master);
    if (rate_baud == 0 || rate_baud == pty->rate_baud) {
        return;
    }
    pty->rate_baud = rate_baud;
    esp_sim_host_set_rate(pty->endpoint.station->sim, rate_baud);
}

static void pty_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    pty_t *pty = (pty_t *)endpoint;
    char error[256];
    (void)fds; /* read() shows more: see pty_receive() */
    (void)count;

    if (pty->master < 0) {
        if (!esp_sim_is_attached(endpoint->station->sim) || real_us < pty->look_at_us) {
            return;
        }
        if (!open_terminal(pty, error, sizeof(error))) {
            fe_station_note(endpoint->station, "%s", error);
            pty->look_at_us = real_us + RETRY_EVERY_US;
            return;
        }
    }
    if (!pty->has_client && real_us >= pty->look_at_us) {
        look_for_client(pty, real_us);
    }
    if (!pty->has_client) {
        return;
    }
    if (is_chip_behind(pty)) {
        pty->look_at_us = real_us + LOOK_EVERY_US;
    }
    pass_rate_on(pty);
    pty_receive(pty);
}

static void pty_exchange(fe_endpoint_t *endpoint)
{
    pty_t *pty = (pty_t *)endpoint;
    esp_sim_t *sim = endpoint->station->sim;

    fe_wire_move(&pty->wire, sim, pty->has_client, false);
    if (!esp_sim_is_attached(sim) && pty->master >= 0) {
        fe_wire_move(&pty->wire, sim, pty->has_client, true);
        fe_station_note(endpoint->station, "terminal closed: the chip left the bus");
        close_terminal(pty);
        pty->look_at_us = 0;
    }
}

static bool pty_is_blocked(const fe_endpoint_t *endpoint)
{
    return fe_wire_is_blocked(&((const pty_t *)endpoint)->wire);
}

static uint64_t pty_wake_us(const fe_endpoint_t *endpoint)
{
    const pty_t *pty = (const pty_t *)endpoint;
    const bool is_waiting_for_bus = pty->master < 0 && !esp_sim_is_attached(endpoint->station->sim);
    const bool is_polled = pty->has_client && !is_chip_behind(pty);
    return is_waiting_for_bus || is_polled ? FE_NEVER : pty->look_at_us;
}

static void pty_destroy(fe_endpoint_t *endpoint)
{
    pty_t *pty = (pty_t *)endpoint;
    if (pty->master >= 0) {
        close_terminal(pty);
    }
    free(pty->link);
    free(pty);
}

static const fe_endpoint_ops_t pty_ops = {
    .watch = pty_watch,
    .service = pty_service,
    .exchange = pty_exchange,
    .is_blocked = pty_is_blocked,
    .wake_us = pty_wake_us,
    .destroy = pty_destroy,
};

fe_endpoint_t *fe_pty_new(fe_station_t *station, const char *link, char *error, size_t error_size)
{
    pty_t *pty = calloc(1, sizeof(*pty));
    if (pty == NULL || (link != NULL && (pty->link = strdup(link)) == NULL)) {
        (void)snprintf(error, error_size, "out of memory");
        free(pty);
        return NULL;
    }
    pty->endpoint = (fe_endpoint_t){.ops = &pty_ops, .station = station};
    pty->wire = (fe_wire_t){.send = pty_send_bytes, .cable = pty};
    if (!open_terminal(pty, error, error_size)) {
        free(pty->link);
        free(pty);
        return NULL;
    }
    return &pty->endpoint;
}
