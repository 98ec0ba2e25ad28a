/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Appending to a file.
 */
#define _GNU_SOURCE
#include "monitor/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/report.h"

static void fail(log_file_t *log)
{
    report_line("cannot write %s: %s; what comes from now on is not in it", log->path, strerror(errno));
    log->has_failed = true;
}

static void choose_name(log_file_t *log)
{
    const time_t now = time(NULL);
    struct tm local;

    if (localtime_r(&now, &local) == NULL ||
        strftime(log->path, sizeof(log->path), "esp-loader-%Y%m%d-%H%M%S.log", &local) == 0) {
        snprintf(log->path, sizeof(log->path), "esp-loader.log");
    }
}

bool log_file_open(log_file_t *log, const char *path)
{
    if (path != NULL) {
        snprintf(log->path, sizeof(log->path), "%s", path);
    } else if (log->path[0] == '\0') {
        choose_name(log);
    }
    log->fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log->fd < 0) {
        report_line("cannot write %s: %s", log->path, strerror(errno));
        log->has_failed = true;
    }
    return log->fd >= 0;
}

void log_file_write(log_file_t *log, const uint8_t *bytes, size_t size)
{
    while (log->fd >= 0 && size > 0) {
        const ssize_t written = write(log->fd, bytes, size);

        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (written == 0 || errno != EINTR) {
            fail(log);
            (void)close(log->fd);
            log->fd = -1;
        }
    }
}

void log_file_close(log_file_t *log)
{
    if (log->fd >= 0 && close(log->fd) != 0) {
        fail(log);
    }
    log->fd = -1;
}
