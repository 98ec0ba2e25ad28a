/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 24 };

void bench_start(bench_t *bench, const char *const *arguments)
{
    const char *all[ARGUMENTS_MAX] = {"--control", "%/c"};
    size_t count = 2;
    bool has_speed = false;
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(count < ARGUMENTS_MAX - 3);
        all[count++] = arguments[i];
        has_speed = has_speed || strncmp(arguments[i], "--speed", 7) == 0;
    }
    if (!has_speed)
        all[count++] = "--speed=max";
    all[count] = NULL;
    memset(bench, 0, sizeof(*bench));
    (void)snprintf(bench->cable, sizeof(bench->cable), "%.*s", (int)strcspn(arguments[0] + 2, "="),
                   arguments[0] + 2);
    program_start(&bench->program, all);
    program_where(&bench->program, bench->cable, 0, bench->where, sizeof(bench->where));
    bench->control = bench_connect_control(bench);
}

void bench_stop(bench_t *bench)
{
    for (size_t i = 0; i < bench->client_count; i++)
        bench_close(bench, bench->clients[i]);
    if (bench->program.pid != 0)
        program_ends_well(&bench->program, SIGTERM);
}

static int remember(bench_t *bench, int fd)
{
    assert_true(bench->client_count < BENCH_CLIENTS_MAX);
    bench->clients[bench->client_count++] = fd;
    return fd;
}

int bench_connect_to(bench_t *bench, unsigned n)
{
    char where[128];
    program_where(&bench->program, bench->cable, n, where, sizeof(where));
    return remember(bench, where[0] == '/' ? client_open_pty(where) : client_connect_tcp(where));
}

int bench_connect(bench_t *bench)
{
    return bench_connect_to(bench, 0);
}

int bench_connect_control(bench_t *bench)
{
    char path[128];
    program_where(&bench->program, "control", 0, path, sizeof(path));
    return remember(bench, client_connect_unix(path));
}

void bench_close(bench_t *bench, int fd)
{
    for (size_t i = 0; i < bench->client_count; i++) {
        if (bench->clients[i] == fd && fd >= 0) {
            (void)close(fd);
            bench->clients[i] = -1;
        }
    }
}

void bench_control(bench_t *bench, const char *line)
{
    client_control(bench->control, line, bench->answer);
}

void bench_expect(bench_t *bench, const char *line, const char *text)
{
    bench_control(bench, line);
    if (strstr(bench->answer, text) == NULL)
        fail_msg("%s: '%s' is not in '%s'", line, text, bench->answer);
}

void bench_check_rate(bench_t *bench, int fd, bool is_telnet, unsigned rate_baud,
                      void (*set_rate)(bench_t *bench, int fd, unsigned rate_baud))
{
    client_sync(fd, is_telnet); /* the chip is now at the client's rate */
    const uint64_t sent = client_stat(bench->control, "bytes_out");
    assert_int_equal(client_stat(bench->control, "commands"), 1);
    set_rate(bench, fd, 57600);
    client_send_sync(fd);
    client_wait_for_stat(bench->control, "bytes_out", 2 * sent);
    client_wait_for_model(bench->control, 100000); /* twice what a SYNC and its replies take */
    assert_int_equal(client_stat(bench->control, "commands"), 1);
    set_rate(bench, fd, rate_baud);
    client_sync(fd, is_telnet);
}
