/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --control: every command of the socket, and what comes back.
 */
#define _DEFAULT_SOURCE

#include "client.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    program_t program;
    int control;
    char path[128];
    char answer[CLIENT_TEXT_SIZE];
} bench_t;

static void start(bench_t *bench, const char *wiring)
{
    program_start(&bench->program, (const char *const[]){"--tcp", "0", "--wiring", wiring, "--flash-size",
                                                         "1MB", "--speed", "max", "--control", "%/c", NULL});
    program_path(&bench->program, "%/c", bench->path, sizeof(bench->path));
    bench->control = client_connect_unix(bench->path);
}

static void stop(bench_t *bench)
{
    client_control(bench->control, "quit", bench->answer);
    (void)close(bench->control);
    program_ends_well(&bench->program, 0);
}

TEST(buttons_and_plug_start_the_chip_in_the_mode_they_ask_for)
{
    static const struct {
        const char *commands[2];
        const char *result;
    } cases[] = {
        {{"reset boot", NULL}, "download-rom"},
        {{"reset", NULL}, "boot-failed"},
        {{"unplug", "plug boot"}, "download-rom"},
        {{"unplug", "plug"}, "boot-failed"},
        {{"unplug", NULL}, "off"},
    };
    bench_t bench;
    start(&bench, "usj");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t k = 0; k < 2 && cases[i].commands[k] != NULL; k++)
            client_control(bench.control, cases[i].commands[k], bench.answer);
        client_wait_for_state(bench.control, cases[i].result);
    }
    client_control(bench.control, "state", bench.answer);
    assert_non_null(strstr(bench.answer, "\nattached 0\n"));
    stop(&bench);
}

TEST(lines_are_set_together_and_keep_what_is_not_named)
{
    bench_t bench;
    start(&bench, "usj");
    client_control(bench.control, "lines dtr=1 rts=1", bench.answer);
    client_control(bench.control, "state", bench.answer);
    assert_non_null(strstr(bench.answer, "\ndtr 1\nrts 1\n"));
    client_control(bench.control, "lines rts=0", bench.answer);
    client_control(bench.control, "state", bench.answer);
    assert_non_null(strstr(bench.answer, "\ndtr 1\nrts 0\n"));
    client_control(bench.control, "stats", bench.answer);
    assert_non_null(strstr(bench.answer, "line_changes 2\n"));
    stop(&bench);
}

/* As on a terminal: what is sent at another rate than the chip's does not arrive as a command. */
TEST(rate_is_that_of_the_cable)
{
    bench_t bench;
    start(&bench, "none");
    client_wait_for_state(bench.control, "download-rom");
    const int fd = program_connect(&bench.program, "tcp", 0);
    client_sync(fd, false); /* the chip is now at 115200 */
    const uint64_t sent = client_stat(bench.control, "bytes_out");
    client_control(bench.control, "rate 57600", bench.answer);
    client_send_sync(fd);
    client_wait_for_stat(bench.control, "bytes_out", 2 * sent);
    client_wait_for_model(bench.control, 100000); /* twice what a SYNC and its replies take */
    assert_int_equal(client_stat(bench.control, "commands"), 1);
    client_control(bench.control, "rate 115200", bench.answer);
    client_sync(fd, false);
    (void)close(fd);
    stop(&bench);
}

TEST(text_of_the_chip_is_quoted)
{
    bench_t bench;
    start(&bench, "usj");
    client_control(bench.control, "reset boot", bench.answer);
    client_wait_for_state(bench.control, "download-rom");
    client_control(bench.control, "console", bench.answer);
    assert_non_null(strstr(bench.answer, "| waiting for download\n"));
    for (const char *line = bench.answer; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_memory_equal(line, "| ", 2);
    stop(&bench);
}

TEST(flash_is_saved_and_loaded)
{
    bench_t bench;
    char path[160];
    char line[200];
    start(&bench, "usj");
    program_path(&bench.program, "%/in", path, sizeof(path));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("flash", file) >= 0);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(line, sizeof(line), "load %s", path);
    client_control(bench.control, line, bench.answer);

    program_path(&bench.program, "%/out", path, sizeof(path));
    (void)snprintf(line, sizeof(line), "save %s", path);
    client_control(bench.control, line, bench.answer);
    file = fopen(path, "r");
    assert_non_null(file);
    char content[6];
    assert_int_equal(fread(content, 1, 6, file), 6);
    assert_memory_equal(content, "flash\xFF", 6);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftell(file), 1 << 20);
    (void)fclose(file);
    stop(&bench);
}

TEST(faults_are_added_while_the_chip_runs)
{
    bench_t bench;
    start(&bench, "usj");
    client_control(bench.control, "faults stale 8", bench.answer);
    client_control(bench.control, "!faults nonsense", bench.answer);
    assert_non_null(strstr(bench.answer, "fault script"));
    stop(&bench);
}

TEST(errors_are_sentences_and_the_connection_goes_on)
{
    bench_t bench;
    char line[2000];
    start(&bench, "usj");
    client_control(bench.control, "!frobnicate", bench.answer);
    assert_string_equal(bench.answer, "error: unknown command; try help\n");
    client_control(bench.control, "!save", bench.answer);
    assert_string_equal(bench.answer, "error: save: name a file; there was no --flash\n");
    client_control(bench.control, "!save /nowhere/at/all", bench.answer);
    client_control(bench.control, "!load /nowhere/at/all", bench.answer);
    memset(line, 'x', sizeof(line) - 1);
    line[0] = '!';
    line[sizeof(line) - 1] = '\0';
    client_control(bench.control, line, bench.answer);
    assert_string_equal(bench.answer, "error: line too long\n");
    client_control(bench.control, "misuse", bench.answer);
    assert_string_equal(bench.answer, "");
    client_control(bench.control, "help\r", bench.answer);
    assert_non_null(strstr(bench.answer, "\nquit "));
    stop(&bench);
}

TEST(several_clients_are_served_and_one_too_many_is_closed)
{
    bench_t bench;
    int others[3];
    start(&bench, "usj");
    client_control(bench.control, "state", bench.answer);
    for (size_t i = 0; i < 3; i++) {
        others[i] = client_connect_unix(bench.path);
        client_control(others[i], "state", bench.answer);
    }
    const int refused = client_connect_unix(bench.path);
    assert_true(client_is_closed_by_peer(refused));
    (void)close(refused);
    for (size_t i = 0; i < 3; i++)
        (void)close(others[i]);
    stop(&bench);
}

TEST(every_chip_has_its_own_socket_mac_and_flash)
{
    static const char *const macs[] = {"\nmac 02:00:00:00:00:fe\n", "\nmac 02:00:00:00:00:ff\n"};
    program_t program;
    char path[128];
    char answer[CLIENT_TEXT_SIZE];
    program_start(&program, (const char *const[]){"--tcp", "0", "--count", "2", "--mac", "02:00:00:00:00:fe",
                                                  "--flash", "%/flash", "--control", "%/c", NULL});
    for (unsigned i = 0; i < 2; i++) {
        program_where(&program, "control", i, path, sizeof(path));
        const int control = client_connect_unix(path);
        client_control(control, "state", answer);
        assert_non_null(strstr(answer, macs[i]));
        (void)close(control);
        program_path(&program, i == 0 ? "%/flash.0" : "%/flash.1", path, sizeof(path));
        assert_int_equal(access(path, W_OK), 0);
    }
    program_ends_well(&program, SIGTERM);
}
