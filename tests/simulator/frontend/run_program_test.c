/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim as a program: help, exit codes, its files, and how it ends.
 */
#define _DEFAULT_SOURCE

#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(help_goes_to_standard_output_and_names_every_chip_and_exit_code)
{
    static const char *const needed[] = {"esp32s3", "--line-pairing", "Examples", "Exit codes", "  3  "};
    char out[CLIENT_TEXT_SIZE];
    char errors[CLIENT_TEXT_SIZE];
    assert_int_equal(program_run((const char *const[]){"--help", NULL}, out, errors), 0);
    assert_string_equal(errors, "");
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        assert_non_null(strstr(out, needed[i]));
}

static const struct {
    const char *arguments[6];
    int exit_code;
    const char *sentence;
} refusals[] = {
    {{"--bogus", NULL}, 2, "esp-sim: error: --bogus: unknown or ambiguous option\n"},
    {{"--tcp", "nowhere", NULL}, 1, "esp-sim: error: 'nowhere': expected HOST:PORT or PORT\n"},
    {{"--tcp", "0", "--flash", "/nowhere/at/all", NULL}, 1, "cannot write flash file '/nowhere/at/all'"},
    {{"--tcp", "0", "--efuse-file", "/nowhere/at/all", NULL}, 1, "cannot write eFuse file '/nowhere/at/all'"},
    {{"--tcp", "0", "--flash-size", "3MB", NULL}, 1, "esp-sim: error: "},
    {{"--tcp", "0", "--faults", "bogus", NULL}, 1, "fault script"},
    {{"--tcp", "0", "--faults", "@/nowhere", NULL}, 1, "cannot read '/nowhere'"},
    {{"--tcp", "0", "--trace=/nowhere/at/all", NULL}, 1, "cannot write trace"},
    {{"--tcp", "0", "--control", "/nowhere/at/all", NULL}, 1, "cannot listen on control socket"},
    {{"--pty=/nowhere/at/all", NULL}, 1, "cannot make the link"},
    {{"--pty=/tmp", NULL}, 1, "cannot make the link"},
};

TEST_ROWS(what_cannot_start_ends_with_a_sentence_and_its_exit_code, refusals)
{
    char out[CLIENT_TEXT_SIZE];
    char errors[CLIENT_TEXT_SIZE];
    assert_int_equal(program_run(row->arguments, out, errors), row->exit_code);
    assert_null(strstr(out, "esp-sim: ready"));
    assert_non_null(strstr(errors, row->sentence));
}

TEST_BENCH(taken_port_is_an_error, "--tcp", "0")
{
    char where[64];
    char errors[CLIENT_TEXT_SIZE];
    program_where(&bench->program, "tcp", 0, where, sizeof(where));
    assert_int_equal(program_run((const char *const[]){"--tcp", where, NULL}, bench->answer, errors), 1);
    assert_non_null(strstr(errors, "cannot listen on 127.0.0.1 port"));
}

static const int signals[] = {SIGTERM, SIGINT, SIGHUP, 0};

TEST_ROWS(signals_and_the_end_of_input_end_it_in_order, signals)
{
    program_t program;
    char errors[CLIENT_TEXT_SIZE];
    program_start(&program, (const char *const[]){"--tcp", "0", NULL});
    if (*row == 0) {
        (void)close(program.input);
        program.input = open("/dev/null", O_RDONLY); /* for program_stop() to close */
    }
    assert_int_equal(program_stop(&program, *row, errors), 0);
    assert_string_equal(errors, "");
}

TEST(flash_file_is_loaded_and_saved_at_the_end)
{
    char path[] = "/tmp/esp-sim-flash-XXXXXX";
    uint8_t *content = calloc(1, 1 << 20);
    assert_non_null(content);
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "old content", 11), 11);
    assert_int_equal(ftruncate(fd, 1 << 20), 0);
    program_t program;
    program_start(&program,
                  (const char *const[]){"--tcp", "0", "--flash-size", "1MB", "--flash", path, NULL});
    program_ends_well(&program, SIGTERM);
    const int saved = open(path, O_RDONLY);
    assert_true(saved >= 0);
    assert_int_equal(read(saved, content, 1 << 20), 1 << 20);
    assert_memory_equal(content, "old content", 12);
    assert_int_equal(content[(1 << 20) - 1], 0);
    struct stat before, after; /* a new file has taken the place of the old one */
    assert_int_equal(fstat(fd, &before), 0);
    assert_int_equal(fstat(saved, &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    (void)close(saved);
    (void)close(fd);
    (void)unlink(path);
    free(content);
}

TEST(efuse_file_is_loaded_and_saved_at_the_end)
{
    char path[] = "/tmp/esp-sim-efuse-XXXXXX";
    uint8_t content[1024] = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (int round = 0; round < 3; round++) { /* nothing, what a user has, what the round before has saved */
        program_t program;
        if (round == 1) {
            memset(content, 0, sizeof(content));
            content[0x31] = 0x10;
            fd = open(path, O_WRONLY | O_TRUNC);
            assert_int_equal(write(fd, content, 0x34), 0x34);
        }
        (void)close(fd);
        program_start(&program, (const char *const[]){"--tcp", "0", "--efuse-file", path, NULL});
        program_ends_well(&program, SIGTERM);
        fd = open(path, O_RDONLY);
        assert_int_equal(read(fd, content, sizeof(content)), 512 + 4 * 11 * 11);
        assert_int_equal(content[0x31], round == 0 ? 0 : 0x10);
        assert_int_equal(content[0x49], 2); /* MAC address 02:00:00:00:00:01 */
        assert_int_equal(content[512 + 5], round == 0 ? 0 : 0x10);
    }
    (void)close(fd);
    (void)unlink(path);
}

/* A request whose length field does not match what was sent: a ROM ignores it, the strict checks do not. */
TEST(host_misuse_is_reported_and_has_its_own_exit_code)
{
    static const uint8_t request[] = {0xC0, 0x00, 0x0A, 0x04, 0x00, 0x99, 0x99, 0, 0, 0x78, 0, 0, 0x40, 0xC0};
    static const char *const modes[] = {"--strict", "--as-rom"};
    for (size_t i = 0; i < 2; i++) {
        bench_t bench;
        bench_start(&bench, (const char *const[]){"--tcp", "0", modes[i], NULL});
        const int fd = bench_connect(&bench);
        client_sync(fd, false);
        client_send(fd, request, sizeof(request)); /* READ_REG with a checksum, which it does not have */
        while (client_byte(fd) != 0x0A) {
        }
        bench_control(&bench, "misuse");
        assert_int_equal(bench.answer[0] != '\0', i == 0);
        assert_int_equal(program_stop(&bench.program, SIGTERM, bench.answer), i == 0 ? 3 : 0);
        assert_int_equal(strstr(bench.answer, "esp-sim: host misuse: ") != NULL, i == 0);
        bench_stop(&bench);
    }
}

TEST_BENCH(console_is_copied_to_standard_output, "--tcp", "0", "--console")
{
    char out[256] = "";
    size_t length = 0;
    while (strstr(out, "waiting for download") == NULL) {
        assert_true(length < sizeof(out) - 1);
        out[length++] = (char)client_byte(bench->program.output);
        out[length] = '\0';
    }
}

TEST(control_socket_left_behind_is_replaced_and_one_in_use_is_not)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[] = "/tmp/esp-sim-socket-XXXXXX";
    char out[CLIENT_TEXT_SIZE];
    char errors[CLIENT_TEXT_SIZE];
    program_t program;

    assert_true(mkdtemp(path) != NULL && rmdir(path) == 0); /* a name of our own */
    memcpy(address.sun_path, path, sizeof(path));
    const int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(stale, (const struct sockaddr *)&address, sizeof(address)), 0);
    (void)close(stale);

    program_start(&program, (const char *const[]){"--tcp", "0", "--control", path, NULL});
    assert_int_equal(program_run((const char *const[]){"--tcp", "0", "--control", path, NULL}, out, errors),
                     1);
    assert_non_null(strstr(errors, "cannot listen on control socket"));
    const int control = client_connect_unix(path);
    client_control(control, "quit", out);
    (void)close(control);
    assert_int_equal(program_stop(&program, 0, errors), 0);
    assert_int_equal(access(path, F_OK), -1);
}
