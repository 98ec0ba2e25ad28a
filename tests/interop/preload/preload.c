/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * For tests only, loaded in front of a client that insists on a serial device of a USB adapter: gives it the
 * pseudo terminal of esp-sim as one. DTR and RTS, which a pseudo terminal has not, go to the simulator's
 * control socket, and are set when ioctl() returns. Two paths lead elsewhere, so that the client finds the
 * device when it lists them. Environment:
 *
 *   INTEROP_CONTROL  the control socket
 *   INTEROP_TTY      what /dev/ttyACM0 is
 *   INTEROP_SYS_TTY  what /sys/class/tty is
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATH_CAPACITY = 512, ANSWER_CAPACITY = 256 };

/* The function that this one stands in front of. */
#define NEXT(type, name) (__extension__(type) next(#name)) /* POSIX allows what ISO C does not */

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) {
        fprintf(stderr, "preload: no %s\n", name);
        abort();
    }
    return function;
}

/* ---- paths ---- */

/* Rust's library asks for NULL to find out whether there is a statx(). */
static const char *translated(const char *path, char buffer[PATH_CAPACITY])
{
    static const struct {
        const char *path, *variable;
    } ELSEWHERE[] = {{"/dev/ttyACM0", "INTEROP_TTY"}, {"/sys/class/tty", "INTEROP_SYS_TTY"}};
    for (size_t i = 0; i < sizeof(ELSEWHERE) / sizeof(ELSEWHERE[0]); i++) {
        size_t size = strlen(ELSEWHERE[i].path);
        const char *there = getenv(ELSEWHERE[i].variable);
        if (path != NULL && there != NULL && strncmp(path, ELSEWHERE[i].path, size) == 0 &&
            (path[size] == '\0' || path[size] == '/')) {
            int written = snprintf(buffer, PATH_CAPACITY, "%s%s", there, path + size);
            return written > 0 && written < PATH_CAPACITY ? buffer : path;
        }
    }
    return path;
}

static mode_t mode_argument(int flags, va_list arguments)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    char buffer[PATH_CAPACITY];
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return NEXT(int (*)(const char *, int, ...), open)(translated(path, buffer), flags, mode);
}

int open64(const char *path, int flags, ...)
{
    char buffer[PATH_CAPACITY];
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return NEXT(int (*)(const char *, int, ...), open64)(translated(path, buffer), flags, mode);
}

DIR *opendir(const char *path)
{
    char buffer[PATH_CAPACITY];
    return NEXT(DIR * (*)(const char *), opendir)(translated(path, buffer));
}

char *realpath(const char *path, char *out)
{
    char buffer[PATH_CAPACITY];
    return NEXT(char *(*)(const char *, char *), realpath)(translated(path, buffer), out);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *out)
{
    char buffer[PATH_CAPACITY];
    return NEXT(int (*)(int, const char *, int, unsigned, struct statx *),
                statx)(folder, translated(path, buffer), flags, mask, out);
}

/* ---- control lines ---- */

/* Sends a line to the control socket and waits for its "ok". */
static bool command(const char *line)
{
    const char *path = getenv("INTEROP_CONTROL");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char answer[ANSWER_CAPACITY] = "";
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_ok = fd >= 0 && path != NULL && strlen(path) < sizeof(address.sun_path);
    if (is_ok) {
        strcpy(address.sun_path, path);
        is_ok = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
                write(fd, line, strlen(line)) == (ssize_t)strlen(line) &&
                read(fd, answer, sizeof(answer) - 1) > 0 && strcmp(answer, "ok\n") == 0;
    }
    if (fd >= 0) {
        close(fd);
    }
    if (!is_ok) {
        fprintf(stderr, "preload: %.*s is not obeyed: %s\n", (int)strcspn(line, "\n"), line, answer);
        errno = EIO;
    }
    return is_ok;
}

static int set_lines(int lines)
{
    char line[64];
    snprintf(line, sizeof(line), "lines dtr=%d rts=%d\n", (lines & TIOCM_DTR) != 0, (lines & TIOCM_RTS) != 0);
    return command(line) ? 0 : -1;
}

/* The lines of the one terminal. The kernel raises both when it opens a serial device; so does this. */
static int lines_of_terminal(unsigned long request, int *value)
{
    static int lines = TIOCM_DTR | TIOCM_RTS;
    int wanted = request == TIOCMSET   ? *value
                 : request == TIOCMBIS ? lines | *value
                 : request == TIOCMBIC ? lines & ~*value
                                       : lines;
    if (request == TIOCMGET) {
        *value = lines | TIOCM_CTS | TIOCM_DSR;
        return 0;
    }
    lines = wanted & (TIOCM_DTR | TIOCM_RTS);
    return set_lines(lines);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    bool is_about_lines =
        request == TIOCMGET || request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC;
    if (is_about_lines && isatty(fd)) {
        return lines_of_terminal(request, argument);
    }
    return NEXT(int (*)(int, unsigned long, ...), ioctl)(fd, request, argument);
}
