/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading. A pipe or device of that name is not waited for.
 */
#define _GNU_SOURCE
#include "config/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Reads until the end, up to one byte more than is allowed. false: errno says why. */
static bool read_all(config_file_t *file, int fd)
{
    while (file->size <= CONFIG_FILE_SIZE_MAX) {
        const ssize_t size = read(fd, file->text + file->size, CONFIG_FILE_SIZE_MAX + 1 - file->size);

        if (size < 0 && errno != EINTR) {
            return false;
        }
        if (size == 0) {
            break;
        }
        file->size += size > 0 ? (size_t)size : 0;
    }
    file->text[file->size] = '\0';
    return true;
}

static config_file_result_t read_open(config_file_t *file, int fd, char *error, size_t error_size)
{
    struct stat status = {.st_mode = 0};

    file->text = malloc(CONFIG_FILE_SIZE_MAX + 2);
    if (file->text == NULL) {
        snprintf(error, error_size, "out of memory");
    } else if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode)) {
        snprintf(error, error_size, "it is not a regular file");
    } else if (!read_all(file, fd)) {
        snprintf(error, error_size, "cannot read it: %s", strerror(errno));
    } else if (file->size > CONFIG_FILE_SIZE_MAX) {
        snprintf(error, error_size, "it is larger than %d KB", CONFIG_FILE_SIZE_MAX / 1024);
    } else {
        return CONFIG_FILE_READ;
    }
    return CONFIG_FILE_FAILED;
}

config_file_result_t config_file_read(config_file_t *file, const char *path, char *error, size_t error_size)
{
    *file = (config_file_t){.text = NULL};
    snprintf(file->path, sizeof(file->path), "%s", path);
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        snprintf(error, error_size, "cannot read it: %s", strerror(errno));
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? CONFIG_FILE_ABSENT
                                                                      : CONFIG_FILE_FAILED;
    }
    config_file_result_t result = read_open(file, fd, error, error_size);
    close(fd);
    return result;
}

void config_file_free(config_file_t *file)
{
    free(file->text);
    file->text = NULL;
}
