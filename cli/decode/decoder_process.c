/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: setrlimit(2), prctl(2), unix(7) (SOCK_SEQPACKET keeps messages apart).
 */
#define _GNU_SOURCE
#include "decode/decoder_process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "decode/decoder.h"

#ifdef ESP_LOADER_CLI_HAS_LIBDW
#include "decode/unwind.h"

enum {
    MEMORY_MB = 4096,  /* libdw maps the files and keeps what it has read */
    FILES_OPEN = 1024, /* the usual limit */
    CPU_S = 600,       /* of all answers; one takes milliseconds, the first of a large file two seconds */
};

static void limit(int resource, rlim_t value)
{
    const struct rlimit both = {value, value};

    (void)setrlimit((__rlimit_resource_t)resource, &both);
}

/** From here on this process can open nothing, and fill no disk. What the parent had open is not kept open: a port that
 *  is closed there is closed. */
static void shut_in(int socket, const int *fds, size_t count)
{
    for (int fd = STDERR_FILENO + 1; fd < FILES_OPEN; fd++) {
        bool is_ours = fd == socket;

        for (size_t i = 0; i < count; i++) {
            is_ours |= fd == fds[i];
        }
        if (!is_ours) {
            (void)close(fd);
        }
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)signal(SIGINT, SIG_IGN); /* the keys of the terminal are for the monitor */
    (void)signal(SIGTSTP, SIG_IGN);
    limit(RLIMIT_NOFILE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, CPU_S);
#ifndef __SANITIZE_ADDRESS__ /* which needs terabytes of addresses */
    limit(RLIMIT_AS, (rlim_t)MEMORY_MB << 20);
#endif
}

/** The lines of an answer that begin with what is asked, once for each file until one knows it. */
static void answer_line(const symbols_t *files, size_t count, const decoder_question_t *question, FILE *out)
{
    for (size_t i = 0; i < question->about.line.count; i++) {
        const uint32_t address = question->about.line.addresses[i];
        char *text = NULL;
        size_t size = 0;
        FILE *found = open_memstream(&text, &size);

        for (size_t file = 0; found != NULL && file < count; file++) {
            if (symbols_print(&files[file], address, found)) {
                break;
            }
        }
        if (found != NULL && fclose(found) == 0 && size != 0) {
            fprintf(out, "0x%08lx: %s\n", (unsigned long)address, text);
        }
        free(text);
    }
}

static void answer(const symbols_t *files, size_t count, const decoder_question_t *question, int fd)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL) {
        _exit(1);
    }
    if (question->is_panic) {
        unwind_print(files, count, &question->about.panic, out);
    } else {
        answer_line(files, count, question, out);
    }
    if (fclose(out) != 0 ||
        send(fd, text, size < DECODER_ANSWER_SIZE ? size + 1 : DECODER_ANSWER_SIZE, 0) < 0) {
        _exit(1);
    }
    free(text);
}

static void serve(int fd, const char *const *paths, const int *fds, size_t count)
{
    static decoder_question_t question;
    static dwarf_library_t library;
    symbols_t files[DECODER_FILES];
    size_t opened = 0;
    const bool has_library = dwarf_library_load(&library);

    shut_in(fd, fds, count);
    for (size_t i = 0; has_library && i < count; i++) {
        if (symbols_open(&files[opened], &library, paths[i], fds[i])) {
            opened++;
        }
    }
    while (recv(fd, &question, sizeof(question), 0) == (ssize_t)sizeof(question)) {
        answer(files, opened, &question, fd);
    }
    _exit(0);
}

const char *decoder_library_version(void)
{
    dwarf_library_t library;

    return dwarf_library_load(&library) ? library.dwfl_version(NULL) : NULL;
}
#else
static void serve(int fd, const char *const *paths, const int *fds, size_t count)
{
    (void)fd, (void)paths, (void)fds, (void)count;
    _exit(1);
}

const char *decoder_library_version(void)
{
    return NULL;
}
#endif

int decoder_process_start(const char *const *paths, const int *fds, size_t count, int *out_pid)
{
    int ends[2];
    pid_t pid = -1;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        serve(ends[1], paths, fds, count);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return -1;
    }
    *out_pid = pid;
    return ends[0];
}
