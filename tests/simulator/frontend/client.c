/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The helper behind client.h. SYNC and its replies: serial protocol documentation of esptool 5.3, "SYNC".
 */
#define _GNU_SOURCE
#include "client.h"
#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { WATCHDOG_MS = 60000, ARGUMENTS_MAX = 24, TELNET_IAC = 255, TELNET_SB = 250, TELNET_SE = 240 };

/* ---- the program ---- */

void program_path(const program_t *program, const char *text, char *out_path, size_t size)
{
    const size_t before = strcspn(text, "%");
    const char *folder = text[before] == '%' ? program->folder : "";
    const char *after = text[before] == '%' ? text + before + 1 : "";
    assert_true((size_t)snprintf(out_path, size, "%.*s%s%s", (int)before, text, folder, after) < size);
}

static void spawn(program_t *program, const char *const *arguments)
{
    static char storage[ARGUMENTS_MAX][256];
    char *argv[ARGUMENTS_MAX + 1];
    size_t argc = 0;
    int ends[3][2]; /* of its input, output and errors */
    char *path = getenv("ESP_SIM");

    if (path == NULL)
        fail_msg("the environment variable ESP_SIM must name the program");
    (void)strcpy(program->folder, "/tmp/esp-sim-test-XXXXXX");
    assert_non_null(mkdtemp(program->folder));
    argv[argc++] = path;
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(argc < ARGUMENTS_MAX);
        program_path(program, arguments[i], storage[argc], sizeof(storage[0]));
        argv[argc] = storage[argc];
        argc++;
    }
    argv[argc] = NULL;

    for (int i = 0; i < 3; i++)
        assert_int_equal(pipe2(ends[i], O_CLOEXEC), 0);
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0) {
        if (dup2(ends[0][0], 0) == 0 && dup2(ends[1][1], 1) == 1 && dup2(ends[2][1], 2) == 2)
            (void)execv(path, argv);
        _exit(127);
    }
    (void)close(ends[0][0]);
    (void)close(ends[1][1]);
    (void)close(ends[2][1]);
    program->input = ends[0][1];
    program->output = ends[1][0];
    program->errors = ends[2][0];
    program->ready[0] = '\0';
}

static bool wait_readable(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    int result;
    do {
        result = poll(&wanted, 1, WATCHDOG_MS);
    } while (result < 0 && errno == EINTR);
    return result == 1;
}

static void read_to_end(int fd, char *out, size_t size)
{
    size_t length = 0;
    for (;;) {
        assert_true(wait_readable(fd));
        assert_true(length < size - 1);
        const ssize_t got = read(fd, out + length, size - 1 - length);
        assert_true(got >= 0);
        if (got == 0)
            break;
        length += (size_t)got;
    }
    out[length] = '\0';
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    (void)closedir(folder);
    (void)rmdir(path);
}

void program_start(program_t *program, const char *const *arguments)
{
    const char *all[ARGUMENTS_MAX];
    size_t count = 0;
    size_t length = 0;
    all[count++] = "--exit-on-eof";
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(count < ARGUMENTS_MAX - 1);
        all[count++] = arguments[i];
    }
    all[count] = NULL;
    spawn(program, all);

    while (strstr(program->ready, "esp-sim: ready\n") == NULL) {
        assert_true(wait_readable(program->output));
        assert_true(length < sizeof(program->ready) - 1);
        const ssize_t got = read(program->output, program->ready + length, 1);
        if (got != 1) {
            char errors[CLIENT_TEXT_SIZE];
            (void)program_stop(program, 0, errors);
            fail_msg("esp-sim does not start: %s", errors);
        }
        program->ready[++length] = '\0';
    }
}

static int wait_for_end(const program_t *program)
{
    int status;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void clean_up(program_t *program)
{
    (void)close(program->input);
    (void)close(program->output);
    (void)close(program->errors);
    remove_folder(program->folder);
    program->pid = 0;
}

void program_kill(program_t *program)
{
    (void)kill(program->pid, SIGKILL);
    assert_int_equal(waitpid(program->pid, NULL, 0), program->pid);
    clean_up(program);
}

int program_stop(program_t *program, int signal, char errors[CLIENT_TEXT_SIZE])
{
    if (signal != 0)
        assert_int_equal(kill(program->pid, signal), 0);
    read_to_end(program->errors, errors, CLIENT_TEXT_SIZE); /* it has ended, or the watchdog fails the test */
    const int exit_code = wait_for_end(program);
    clean_up(program);
    return exit_code;
}

int program_run(const char *const *arguments, char out[CLIENT_TEXT_SIZE], char errors[CLIENT_TEXT_SIZE])
{
    program_t program;
    spawn(&program, arguments);
    read_to_end(program.output, out, CLIENT_TEXT_SIZE);
    return program_stop(&program, 0, errors);
}

void program_where(const program_t *program, const char *kind, unsigned n, char *out_where, size_t size)
{
    char prefix[64];
    (void)snprintf(prefix, sizeof(prefix), "esp-sim: listening on %s ", kind);
    const char *line = strstr(program->ready, prefix);
    for (unsigned i = 0; i < n && line != NULL; i++)
        line = strstr(line + 1, prefix);
    assert_non_null(line);
    line += strlen(prefix);
    const size_t length = strcspn(line, "\n");
    assert_true(length < size);
    memcpy(out_where, line, length);
    out_where[length] = '\0';
}

/* ---- connections ---- */

int client_connect_tcp(const char *where)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    assert_int_equal(strncmp(where, "127.0.0.1:", 10), 0);
    address.sin_port = htons((uint16_t)strtoul(where + 10, NULL, 10));
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

int client_connect_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

int client_open_pty(const char *path)
{
    const int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

void client_send(int fd, const void *data, size_t size)
{
    assert_int_equal(write(fd, data, size), size);
}

uint8_t client_byte(int fd)
{
    uint8_t byte = 0;
    assert_true(wait_readable(fd));
    assert_int_equal(read(fd, &byte, 1), 1);
    return byte;
}

bool client_is_closed_by_peer(int fd)
{
    char ignored[256];
    for (;;) {
        if (!wait_readable(fd))
            return false;
        if (read(fd, ignored, sizeof(ignored)) <= 0)
            return true;
    }
}

/* ---- the loader ---- */

/* The next byte of the data path; telnet commands are skipped. */
static uint8_t data_byte(int fd, bool is_telnet)
{
    for (;;) {
        const uint8_t byte = client_byte(fd);
        if (!is_telnet || byte != TELNET_IAC)
            return byte;
        const uint8_t command = client_byte(fd);
        if (command == TELNET_IAC)
            return byte;
        if (command != TELNET_SB) {
            (void)client_byte(fd);
            continue;
        }
        while (client_byte(fd) != TELNET_IAC || client_byte(fd) != TELNET_SE) {
        }
    }
}

void client_send_sync(int fd)
{
    uint8_t request[46] = {0xC0, 0x00, 0x08, 0x24, 0x00, 0, 0, 0, 0, 0x07, 0x07, 0x12, 0x20};
    memset(request + 13, 0x55, 32);
    request[45] = 0xC0;
    client_send(fd, request, sizeof(request));
}

void client_sync(int fd, bool is_telnet)
{
    static const uint8_t reply[] = {0xC0, 0x01, 0x08, 0x04, 0x00};
    size_t matched = 0;
    unsigned replies = 0;

    client_send_sync(fd);
    while (replies < 8) {
        const uint8_t byte = data_byte(fd, is_telnet);
        matched = byte == reply[matched] ? matched + 1 : byte == reply[0] ? 1 : 0;
        if (matched == sizeof(reply)) {
            replies++;
            matched = 0;
        }
    }
}

/* ---- the control socket ---- */

void client_control(int fd, const char *line, char out_answer[CLIENT_TEXT_SIZE])
{
    const bool is_error_expected = line[0] == '!';
    const char *command = is_error_expected ? line + 1 : line;
    size_t length = 0;
    size_t line_start = 0;

    client_send(fd, command, strlen(command));
    client_send(fd, "\n", 1);
    for (;;) {
        assert_true(length < CLIENT_TEXT_SIZE - 1);
        out_answer[length] = (char)client_byte(fd);
        if (out_answer[length++] != '\n')
            continue;
        out_answer[length] = '\0';
        const char *last = out_answer + line_start;
        const bool is_error = strncmp(last, "error: ", 7) == 0;
        if (is_error || strcmp(last, "ok\n") == 0) {
            if (is_error != is_error_expected)
                fail_msg("%s: %s", command, last);
            if (!is_error)
                out_answer[line_start] = '\0';
            return;
        }
        line_start = length;
    }
}

static uint64_t ask_number(int control, const char *command, const char *name)
{
    char answer[CLIENT_TEXT_SIZE];
    client_control(control, command, answer);
    for (const char *line = answer; *line != '\0'; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ')
            return strtoull(line + strlen(name), NULL, 10);
    }
    fail_msg("%s tells no %s", command, name);
    return 0;
}

uint64_t client_stat(int control, const char *name)
{
    return ask_number(control, "stats", name);
}

/* Waits until a number that the control socket tells has reached @p value. */
static void wait_for_number(int control, const char *command, const char *name, uint64_t value)
{
    for (unsigned polls = 0; polls < WATCHDOG_MS; polls++) {
        if (ask_number(control, command, name) >= value)
            return;
        (void)poll(NULL, 0, 1); /* the condition decides, this only spares the processor */
    }
    fail_msg("%s never reaches %llu", name, (unsigned long long)value);
}

void client_wait_for_model(int control, uint64_t time_us)
{
    wait_for_number(control, "state", "time_us", ask_number(control, "state", "time_us") + time_us);
}

void client_wait_for_stat(int control, const char *name, uint64_t value)
{
    wait_for_number(control, "stats", name, value);
}

void client_wait_for_state(int control, const char *state)
{
    char answer[CLIENT_TEXT_SIZE];
    char wanted[64];
    (void)snprintf(wanted, sizeof(wanted), "state %s\n", state);
    for (unsigned polls = 0; polls < WATCHDOG_MS; polls++) {
        client_control(control, "state", answer);
        if (strncmp(answer, wanted, strlen(wanted)) == 0)
            return;
        (void)poll(NULL, 0, 1); /* the condition decides, this only spares the processor */
    }
    fail_msg("never in state %s, but: %s", state, answer);
}

void program_ends_well(program_t *program, int signal)
{
    char errors[CLIENT_TEXT_SIZE];
    assert_int_equal(program_stop(program, signal, errors), 0);
}
