/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --control: every command of the socket, and what comes back.
 */
#define _DEFAULT_SOURCE

#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEST_CONTROL(name, wiring) TEST_BENCH(name, "--tcp=0", "--wiring=" wiring, "--flash-size=1MB")

TEST_CONTROL(buttons_and_plug_start_the_chip_in_the_mode_they_ask_for, "usj")
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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t k = 0; k < 2 && cases[i].commands[k] != NULL; k++)
            bench_control(bench, cases[i].commands[k]);
        client_wait_for_state(bench->control, cases[i].result);
    }
    bench_expect(bench, "state", "\nattached 0\n");
}

TEST_CONTROL(lines_are_set_together_and_keep_what_is_not_named, "usj")
{
    bench_control(bench, "lines dtr=1 rts=1");
    bench_expect(bench, "state", "\ndtr 1\nrts 1\n");
    bench_control(bench, "lines rts=0");
    bench_expect(bench, "state", "\ndtr 1\nrts 0\n");
    bench_expect(bench, "stats", "line_changes 2\n");
}

static void set_rate(bench_t *bench, int fd, unsigned rate_baud)
{
    (void)fd;
    bench_control(bench, rate_baud == 57600 ? "rate 57600" : "rate 115200");
}

TEST_CONTROL(rate_is_that_of_the_cable, "none")
{
    client_wait_for_state(bench->control, "download-rom");
    bench_check_rate(bench, bench_connect(bench), false, 115200, set_rate);
}

TEST_CONTROL(text_of_the_chip_is_quoted, "usj")
{
    bench_control(bench, "reset boot");
    client_wait_for_state(bench->control, "download-rom");
    bench_expect(bench, "console", "| waiting for download\n");
    for (const char *line = bench->answer; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_memory_equal(line, "| ", 2);
}

TEST_CONTROL(flash_is_saved_and_loaded, "usj")
{
    char line[200];
    program_path(&bench->program, "load %/in", line, sizeof(line));
    FILE *file = fopen(line + strlen("load "), "w");
    assert_non_null(file);
    assert_true(fputs("flash", file) >= 0);
    assert_int_equal(fclose(file), 0);
    bench_control(bench, line);

    program_path(&bench->program, "save %/out", line, sizeof(line));
    bench_control(bench, line);
    file = fopen(line + strlen("save "), "r");
    assert_non_null(file);
    char content[6];
    assert_int_equal(fread(content, 1, 6, file), 6);
    assert_memory_equal(content, "flash\xFF", 6);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftell(file), 1 << 20);
    (void)fclose(file);
}

TEST_CONTROL(faults_are_added_while_the_chip_runs, "usj")
{
    bench_control(bench, "faults stale 8");
    bench_expect(bench, "!faults nonsense", "fault script");
}

TEST_CONTROL(errors_are_sentences_and_the_connection_goes_on, "usj")
{
    char line[2000] = "!";
    memset(line + 1, 'x', sizeof(line) - 2);
    line[sizeof(line) - 1] = '\0';
    bench_control(bench, "!frobnicate");
    assert_string_equal(bench->answer, "error: unknown command; try help\n");
    bench_control(bench, "!save");
    assert_string_equal(bench->answer, "error: save: name a file; there was no --flash\n");
    bench_control(bench, "!save /nowhere/at/all");
    bench_control(bench, "!load /nowhere/at/all");
    bench_control(bench, line);
    assert_string_equal(bench->answer, "error: line too long\n");
    bench_control(bench, "misuse");
    assert_string_equal(bench->answer, "");
    bench_control(bench, "burns");
    assert_string_equal(bench->answer, "");
    bench_expect(bench, "help\r", "\nquit ");
}

TEST_CONTROL(quit_ends_the_program, "usj")
{
    bench_control(bench, "quit");
    program_ends_well(&bench->program, 0);
}

TEST_CONTROL(several_clients_are_served_and_one_too_many_is_closed, "usj")
{
    bench_control(bench, "state");
    for (size_t i = 0; i < 3; i++)
        client_control(bench_connect_control(bench), "state", bench->answer);
    assert_true(client_is_closed_by_peer(bench_connect_control(bench)));
}

TEST_BENCH(every_chip_has_its_own_socket_mac_and_flash, "--tcp=0", "--count=2", "--mac=02:00:00:00:00:fe",
           "--flash=%/flash", "--speed=real")
{
    static const char *const macs[] = {"\nmac 02:00:00:00:00:fe\n", "\nmac 02:00:00:00:00:ff\n"};
    char path[128];
    for (unsigned i = 0; i < 2; i++) {
        program_where(&bench->program, "control", i, path, sizeof(path));
        const int control = client_connect_unix(path);
        client_control(control, "state", bench->answer);
        assert_non_null(strstr(bench->answer, macs[i]));
        (void)close(control);
        program_path(&bench->program, i == 0 ? "%/flash.0" : "%/flash.1", path, sizeof(path));
        assert_int_equal(access(path, W_OK), 0);
    }
}
