/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The conformance checks on the network port, over plain TCP and over RFC 2217: the peer is a server in a thread, in real
 * time. It agrees to everything and acknowledges every request with its own value.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conformance_excuses.h"
#include "conformance_report.h"
#include "net_port.h"
#include "rfc2217.h"
#include "shifted_clock.h"
#include "test.h"

enum {
    ARRIVED_SIZE = 1 << 16,
    PIECE = 4096,
    LATER_SIZE = 256,
    SMALL_BUFFER = 2048,
    POLL_MS = 2,
    ARRIVAL_MS = 1000
};
enum { IAC = 255, DO = 253, WILL = 251, SB = 250, SE = 240, COM_PORT = 44, SERVER_OFFSET = 100 };

static struct {
    bool is_rfc2217;
    char url[64];
    net_port_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    int listener;
    int client;
    bool is_running;
    bool is_held;
    bool is_storming;
    uint8_t command[16]; /* of the client, from IAC on */
    size_t command_size;
    uint32_t rate_baud;
    uint8_t arrived[ARRIVED_SIZE];
    size_t size;
    uint8_t later[LATER_SIZE];
    size_t later_size;
    uint64_t later_ms;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Nobody can hold back what fits the buffers of the kernel, so they are small. */
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    const int fd = __real_socket(domain, type, protocol);
    const int size = SMALL_BUFFER;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
    return fd;
}

/* ---- the server's end ---- */

static void transmit(const uint8_t *data, size_t size)
{
    uint8_t escaped[2 * PIECE];
    size_t count = 0;
    assert_in_range(size, 1, PIECE);
    for (size_t i = 0; i < size; i++) {
        escaped[count++] = data[i];
        if (data[i] == IAC && server.is_rfc2217) {
            escaped[count++] = IAC;
        }
    }
    (void)send(server.client, escaped, count, MSG_NOSIGNAL);
}

static void obey(void)
{
    uint8_t *command = server.command;
    const size_t size = server.command_size;
    if (size == 2 && command[1] == IAC) {
        server.arrived[server.size++] = IAC;
    } else if (size == 3 && command[1] != SB) {
        command[1] = command[1] == WILL ? DO : command[1] == DO ? WILL : command[1];
        (void)send(server.client, command, size, MSG_NOSIGNAL);
    } else if (size > 6 && command[size - 2] == IAC && command[size - 1] == SE) {
        assert_int_equal(command[2], COM_PORT);
        if (command[3] == RFC2217_SET_BAUDRATE) {
            assert_int_equal(size, 10);
            server.rate_baud = (uint32_t)command[4] << 24 | (uint32_t)command[5] << 16 |
                               (uint32_t)command[6] << 8 | command[7];
        }
        command[3] += SERVER_OFFSET;
        (void)send(server.client, command, size, MSG_NOSIGNAL);
    } else {
        assert_in_range(size, 1, sizeof(server.command) - 1);
        return; /* more of it comes */
    }
    server.command_size = 0;
}

/* The newest connection is the one that counts. */
static void accept_all(void)
{
    for (;;) {
        const int fd = accept(server.listener, NULL, NULL);
        if (fd < 0) {
            return;
        }
        if (server.client >= 0) {
            close(server.client);
        }
        server.client = fd;
        server.command_size = 0;
    }
}

static void take(void)
{
    uint8_t piece[PIECE];
    ssize_t got = 0;
    if (server.client >= 0 && !server.is_held && server.size + sizeof(piece) <= ARRIVED_SIZE) {
        got = recv(server.client, piece, sizeof(piece), MSG_DONTWAIT);
    }
    for (ssize_t i = 0; i < got; i++) {
        if (server.command_size > 0 || (server.is_rfc2217 && piece[i] == IAC)) {
            server.command[server.command_size++] = piece[i];
            obey();
        } else {
            server.arrived[server.size++] = piece[i];
        }
    }
}

static uint64_t real_ms(void)
{
    struct timespec now;
    assert_int_equal(__real_clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void storm(void)
{
    static const uint8_t bytes[PIECE];
    (void)send(server.client, bytes, sizeof(bytes), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void *serve(void *argument)
{
    bool is_running = true;
    (void)argument;
    while (is_running) {
        pthread_mutex_lock(&server.lock);
        accept_all();
        take();
        if (server.later_size > 0 && real_ms() >= server.later_ms) {
            transmit(server.later, server.later_size);
            server.later_size = 0;
        }
        if (server.is_storming) {
            storm();
        }
        struct pollfd fds[] = {{.fd = server.listener, .events = POLLIN},
                               {.fd = server.is_held ? -1 : server.client, .events = POLLIN}};
        is_running = server.is_running;
        pthread_mutex_unlock(&server.lock);
        (void)poll(fds, 2, POLL_MS);
    }
    return NULL;
}

/* ---- the peer ---- */

static void hang_up(void)
{
    if (server.client >= 0) {
        close(server.client);
        server.client = -1;
    }
}

static void server_restart(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    hang_up();
    server.is_held = false;
    server.is_storming = false;
    server.later_size = 0;
    server.size = 0;
    pthread_mutex_unlock(&server.lock);
}

static void server_send(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    accept_all();
    if (delay_ms == 0) {
        transmit(data, size);
    } else {
        assert_in_range(size, 1, LATER_SIZE);
        memcpy(server.later, data, size);
        server.later_ms = real_ms() + delay_ms + 1;
        server.later_size = size;
    }
    pthread_mutex_unlock(&server.lock);
}

static size_t server_receive(void *ctx, uint8_t *buf, size_t capacity)
{
    const uint64_t end_ms = real_ms() + ARRIVAL_MS;
    size_t size = 0;
    (void)ctx;
    while (size == 0 && real_ms() < end_ms) {
        pthread_mutex_lock(&server.lock);
        accept_all();
        take();
        size = server.size < capacity ? server.size : capacity;
        memcpy(buf, server.arrived, size);
        server.size -= size;
        memmove(server.arrived, server.arrived + size, server.size);
        struct pollfd readable = {.fd = server.client, .events = POLLIN};
        pthread_mutex_unlock(&server.lock);
        if (size == 0) {
            (void)poll(&readable, 1, POLL_MS);
        }
    }
    return size;
}

static void server_hold(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    server.is_held = true;
    pthread_mutex_unlock(&server.lock);
}

static void server_storm(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    accept_all();
    server.is_storming = true;
    storm(); /* so much is there before anyone reads */
    pthread_mutex_unlock(&server.lock);
}

static void server_unplug(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    hang_up();
    pthread_mutex_unlock(&server.lock);
}

static uint32_t server_rate(void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&server.lock);
    const uint32_t rate_baud = server.rate_baud;
    pthread_mutex_unlock(&server.lock);
    return rate_baud;
}

static const conformance_peer_t server_peer = {
    .restart = server_restart,
    .send = server_send,
    .receive = server_receive,
    .hold = server_hold,
    .storm = server_storm,
    .unplug = server_unplug,
    .rate = server_rate,
    .set_clock = shifted_clock_set,
    .slack_ms = 10000, /* of a busy machine; less than what a wait for more would take */
};

static void conforms(bool is_rfc2217, const char *scheme, const char *const *excuses)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    const int size = SMALL_BUFFER;
    server.is_rfc2217 = is_rfc2217;
    server.client = -1;
    server.is_running = true;
    server.listener = __real_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(server.listener >= 0);
    assert_int_equal(setsockopt(server.listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server.listener, 4), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&address, &length), 0);
    snprintf(server.url, sizeof(server.url), "%s://127.0.0.1:%u", scheme, (unsigned)ntohs(address.sin_port));
    server.port = (net_port_t){.port.ops = &net_ops, .url = server.url, .connect_timeout_ms = 60000};
    assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
    assert_int_equal(server.port.port.ops->init(&server.port.port),
                     ESP_LOADER_SUCCESS); /* the table is chosen by the URL */
    assert_conforms(&server.port.port, &server_peer, excuses);
    server.port.port.ops->deinit(&server.port.port);
    pthread_mutex_lock(&server.lock);
    server.is_running = false;
    pthread_mutex_unlock(&server.lock);
    pthread_join(server.thread, NULL);
    hang_up();
    close(server.listener);
}

TEST(network_port_conforms_over_tcp)
{
    conforms(false, "socket",
             (const char *const[]){"overrun: TCP holds the sender back", EXCUSES_WITHOUT_PINS,
                                   "a change of rate: a TCP stream has no rate",
                                   "an impossible rate: a TCP stream has no rate", NULL});
}

TEST(network_port_conforms_over_rfc2217)
{
    conforms(true, "rfc2217",
             (const char *const[]){"overrun: TCP holds the sender back", EXCUSES_WITHOUT_PINS, NULL});
}
