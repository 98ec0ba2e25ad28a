/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Saving through a temporary file in the same folder.
 */
#define _GNU_SOURCE
#include "base/save_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_and_close(int fd, const uint8_t *bytes, size_t size)
{
    int error = 0;

    while (size > 0 && error == 0) {
        const ssize_t written = write(fd, bytes, size);
        if (written < 0) {
            error = errno == EINTR ? 0 : errno;
        } else {
            bytes += written;
            size -= (size_t)written;
        }
    }
    if (close(fd) != 0 && error == 0) {
        error = errno;
    }
    errno = error;
    return error == 0;
}

/* Replaces the file with the real path @p path. */
static bool replace(const char *path, mode_t mode, const void *bytes, size_t size)
{
    char *temporary;

    if (asprintf(&temporary, "%.*s/.esp-sim-XXXXXX", (int)(strrchr(path, '/') - path), path) < 0) {
        return false;
    }
    const int fd = mkostemp(temporary, O_CLOEXEC);
    bool is_saved = false;
    if (fd >= 0) {
        is_saved =
            write_and_close(fd, bytes, size) && chmod(temporary, mode) == 0 && rename(temporary, path) == 0;
    }
    const int error = errno;
    if (fd >= 0 && !is_saved) {
        (void)unlink(temporary);
    }
    free(temporary);
    errno = error;
    return is_saved;
}

bool sim_save_file(const char *path, const void *bytes, size_t size)
{
    const bool is_new = access(path, F_OK) != 0;
    struct stat status;

    /* Without O_TRUNC: says whether the file may be written, and makes a new one with the usual permissions.
     */
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        return false;
    }
    char *real = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? realpath(path, NULL) : NULL;
    if (real == NULL) {
        return write_and_close(fd, bytes, size);
    }
    (void)close(fd);
    const bool is_saved = replace(real, status.st_mode & 0777, bytes, size);
    const int error = errno;
    if (!is_saved && is_new) {
        (void)unlink(real);
    }
    free(real);
    errno = error;
    return is_saved;
}
