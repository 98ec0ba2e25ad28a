/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting to hosts with several addresses, of which some refuse, some are silent and some cannot be
 * reached. Resolver, network and the passing of time are played here.
 */
#define _GNU_SOURCE
#include <string.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "posix_io.h"
#include "tcp_connect.h"
#include "test.h"

enum { ADDRESSES_MAX = 3, FIRST_FD = 100 };

/* What becomes of a connection to one address. */
typedef struct {
    int socket_error;
    int connect_error; /* at once; EINPROGRESS = later */
    int late_error;    /* SO_ERROR after the wait */
    bool is_silent;    /* no outcome at all */
    int option_error;
} fate_t;

static struct {
    const fate_t *fates;
    size_t count;
    int resolver_error;
    int getsockopt_error;
    uint64_t now_us;
    size_t tried;
    uint64_t waited_us[ADDRESSES_MAX];
    unsigned open_count;
    bool has_no_delay;
} net;

int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **out);
void __wrap_freeaddrinfo(struct addrinfo *list);
int __wrap_socket(int family, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_close(int fd);
uint64_t __wrap_posix_now_us(void);
esp_loader_error_t __wrap_posix_wait(posix_stream_t stream, short events, uint64_t deadline_us);

static struct addrinfo nodes[ADDRESSES_MAX];

int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **out)
{
    assert_string_equal(host, "board");
    assert_string_equal(service, "23");
    assert_int_equal(hints->ai_socktype, SOCK_STREAM);
    if (net.resolver_error != 0) {
        return net.resolver_error;
    }
    for (size_t i = 0; i < net.count; i++) {
        nodes[i] =
            (struct addrinfo){.ai_family = AF_INET, .ai_next = i + 1 < net.count ? &nodes[i + 1] : NULL};
    }
    *out = nodes;
    return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *list)
{
    assert_ptr_equal(list, nodes);
}

static const fate_t *fate_of(int fd)
{
    assert_in_range(fd, FIRST_FD, FIRST_FD + (int)net.count - 1);
    return &net.fates[fd - FIRST_FD];
}

int __wrap_socket(int family, int type, int protocol)
{
    const fate_t *fate = &net.fates[net.tried];
    assert_int_equal(family, AF_INET);
    assert_int_equal(type, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
    assert_int_equal(protocol, 0);
    net.tried++;
    if (fate->socket_error != 0) {
        errno = fate->socket_error;
        return -1;
    }
    net.open_count++;
    return FIRST_FD + (int)net.tried - 1;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    errno = fate_of(fd)->connect_error;
    return errno == 0 ? 0 : -1;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    assert_int_equal(level, SOL_SOCKET);
    assert_int_equal(name, SO_ERROR);
    assert_int_equal(*size, sizeof(int));
    if (net.getsockopt_error != 0) {
        errno = net.getsockopt_error;
        return -1;
    }
    memcpy(value, &fate_of(fd)->late_error, sizeof(int));
    return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    assert_int_equal(level, IPPROTO_TCP);
    assert_int_equal(name, TCP_NODELAY);
    assert_int_equal(size, sizeof(int));
    errno = fate_of(fd)->option_error;
    net.has_no_delay = *(const int *)value == 1;
    return errno == 0 ? 0 : -1;
}

int __wrap_close(int fd)
{
    (void)fate_of(fd);
    net.open_count--;
    return 0;
}

uint64_t __wrap_posix_now_us(void)
{
    return net.now_us;
}

esp_loader_error_t __wrap_posix_wait(posix_stream_t stream, short events, uint64_t deadline_us)
{
    const fate_t *fate = fate_of(stream.fd);
    assert_int_equal(events, POLLOUT);
    net.waited_us[stream.fd - FIRST_FD] = deadline_us - net.now_us;
    if (fate->is_silent) {
        net.now_us = deadline_us;
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    return fate->late_error == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_DISCONNECTED;
}

static void network(const fate_t *fates, size_t count)
{
    memset(&net, 0, sizeof(net));
    net.fates = fates;
    net.count = count;
    net.now_us = 1000;
}

static esp_loader_error_t connect_within(uint64_t time_us, int *out_fd)
{
    posix_stream_t stream = {.fd = -1};
    const esp_loader_error_t error = tcp_connect("board", "23", net.now_us + time_us, &stream);
    *out_fd = stream.fd;
    return error;
}

#define LATER .connect_error = EINPROGRESS
#define SILENT                                                                                               \
    {                                                                                                        \
        LATER, .is_silent = true                                                                             \
    }
#define NOT_FOUND ESP_LOADER_ERROR_PORT_NOT_FOUND

static const struct {
    const char *what;
    size_t count;
    fate_t fates[ADDRESSES_MAX];
    esp_loader_error_t outcome;
    int index;                         /* of the address that is connected to */
    uint64_t waited_us[ADDRESSES_MAX]; /* of 9000 */
    uint64_t took_us;
} hosts[] = {
    {"at once", 1, {{0}}, .outcome = ESP_LOADER_SUCCESS},
    {"slow", 1, {{LATER}}, ESP_LOADER_SUCCESS, .waited_us = {9000}},
    {"silence leaves time for the others",
     3,
     {SILENT, SILENT, {LATER}},
     ESP_LOADER_SUCCESS,
     .index = 2,
     .waited_us = {3000, 3000, 3000},
     .took_us = 6000},
    {"a refusal is followed by the next at once",
     3,
     {{.connect_error = ECONNREFUSED}, {LATER, .late_error = ECONNREFUSED}, {0}},
     ESP_LOADER_SUCCESS,
     .index = 2,
     .waited_us = {0, 4500, 0}},
    {"nobody answers in the whole time",
     2,
     {SILENT, SILENT},
     ESP_LOADER_ERROR_TIMEOUT,
     .waited_us = {4500, 4500},
     .took_us = 9000},
    /* reasons are told apart */
    {"ECONNREFUSED", 1, {{.connect_error = ECONNREFUSED}}, .outcome = NOT_FOUND},
    {"EHOSTUNREACH", 1, {{.connect_error = EHOSTUNREACH}}, .outcome = NOT_FOUND},
    {"ENETUNREACH", 1, {{.connect_error = ENETUNREACH}}, .outcome = NOT_FOUND},
    {"EADDRNOTAVAIL", 1, {{.connect_error = EADDRNOTAVAIL}}, .outcome = NOT_FOUND},
    {"socket: EAFNOSUPPORT", 1, {{.socket_error = EAFNOSUPPORT}}, .outcome = NOT_FOUND},
    {"socket: EMFILE", 1, {{.socket_error = EMFILE}}, .outcome = ESP_LOADER_ERROR_IO},
    {"EACCES", 1, {{.connect_error = EACCES}}, .outcome = ESP_LOADER_ERROR_PORT_ACCESS},
    {"EPERM", 1, {{.connect_error = EPERM}}, .outcome = ESP_LOADER_ERROR_PORT_ACCESS},
    {"late ETIMEDOUT",
     1,
     {{LATER, .late_error = ETIMEDOUT}},
     .outcome = ESP_LOADER_ERROR_TIMEOUT,
     .waited_us = {9000}},
    {"late ECONNRESET",
     1,
     {{LATER, .late_error = ECONNRESET}},
     .outcome = ESP_LOADER_ERROR_IO,
     .waited_us = {9000}},
    {"the option is refused", 1, {{.option_error = EINVAL}}, .outcome = ESP_LOADER_ERROR_IO},
};

TEST_ROWS(addresses_are_tried_one_after_the_other, hosts)
{
    const bool is_open = row->outcome == ESP_LOADER_SUCCESS;
    int fd;
    print_message("%s\n", row->what);
    network(row->fates, row->count);
    assert_int_equal(connect_within(9000, &fd), row->outcome);
    assert_int_equal(fd, is_open ? FIRST_FD + row->index : -1);
    assert_int_equal(net.open_count, is_open);
    assert_int_equal(net.now_us - 1000, row->took_us);
    assert_true(net.has_no_delay || !is_open); /* Nagle's */
    for (size_t k = 0; k < row->count; k++) {
        assert_int_equal(net.waited_us[k], row->waited_us[k]);
    }
}

TEST(deadline_in_the_past_is_none_to_wait_for)
{
    static const fate_t silent = SILENT;
    posix_stream_t stream = {.fd = -1};
    network(&silent, 1);
    assert_int_equal(tcp_connect("board", "23", net.now_us - 500, &stream), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(net.waited_us[0], 0);
}

TEST(host_that_is_unknown_is_not_found)
{
    static const fate_t fate = {0};
    int fd;
    network(&fate, 1);
    net.resolver_error = EAI_NONAME;
    assert_int_equal(connect_within(9000, &fd), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_int_equal(net.tried, 0);
}

TEST(outcome_that_cannot_be_read_is_an_error)
{
    static const fate_t later = {LATER};
    int fd;
    network(&later, 1);
    net.getsockopt_error = EBADF;
    assert_int_equal(connect_within(9000, &fd), ESP_LOADER_ERROR_IO);
    assert_int_equal(net.open_count, 0);
}
