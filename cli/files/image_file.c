/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Image files: opened once, checked once, read by pread().
 */
#define _GNU_SOURCE
#include "files/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *why_unusable(const struct stat *status)
{
    if (S_ISDIR(status->st_mode)) {
        return "is a directory";
    }
    if (!S_ISREG(status->st_mode)) {
        return "is not a regular file";
    }
    if (status->st_size == 0) {
        return "is empty";
    }
    /* The largest flash is far smaller; this only keeps the size in 32 bits. */
    return (uintmax_t)status->st_size > UINT32_MAX ? "is larger than any flash" : NULL;
}

/** A copy of standard input, in memory: a source is read more than once, in any order. -1 when it cannot be made. */
static int copy_standard_input(void)
{
    char piece[4096];
    const int fd = memfd_create("standard-input", MFD_CLOEXEC);
    ssize_t size = -1;

    while (fd >= 0 && (size = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0 || write(fd, piece, (size_t)size) != size) {
            close(fd);
            return -1;
        }
    }
    return fd;
}

bool image_file_open(image_file_t *file, const char *path, char why[REPORT_SIZE])
{
    const char *slash = strrchr(path, '/');
    struct stat status;

    if (strcmp(path, "-") == 0) {
        path = "standard input";
        file->fd = copy_standard_input();
    } else { /* O_NONBLOCK: a FIFO is refused, not waited for */
        file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    (void)safe_text(slash != NULL ? slash + 1 : path, file->name);
    if (file->fd < 0 || fstat(file->fd, &status) != 0) {
        snprintf(why, REPORT_SIZE, "cannot read %s: %s", path, strerror(errno));
        image_file_close(file);
        return false;
    }
    const char *reason = why_unusable(&status);
    if (reason != NULL) {
        snprintf(why, REPORT_SIZE, "%s %s", path, reason);
        image_file_close(file);
        return false;
    }
    file->size = (uint32_t)status.st_size;
    return true;
}

void image_file_close(image_file_t *file)
{
    if (file->fd >= 0) {
        close(file->fd);
        file->fd = -1;
    }
}

static esp_loader_error_t read_piece(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const image_file_t *file = ctx;
    uint8_t *bytes = buf;
    size_t done = 0;

    while (done < size) {
        ssize_t got = pread(file->fd, bytes + done, size - done, (off_t)offset + (off_t)done);

        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            return ESP_LOADER_ERROR_SOURCE;
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_source_t image_file_source(image_file_t *file)
{
    return (esp_loader_source_t){.read = read_piece, .ctx = file, .size = file->size};
}

/* A file that cannot be asked has no size, which none has that was opened. */
image_file_stamp_t image_file_stamp(const image_file_t *file)
{
    struct stat status;

    if (fstat(file->fd, &status) != 0) {
        return (image_file_stamp_t){0};
    }
    return (image_file_stamp_t){.size = status.st_size, .modified = status.st_mtim};
}

bool image_file_has_changed(const image_file_t *file, const image_file_stamp_t *since)
{
    const image_file_stamp_t now = image_file_stamp(file);

    return now.size != since->size || now.modified.tv_sec != since->modified.tv_sec ||
           now.modified.tv_nsec != since->modified.tv_nsec;
}
