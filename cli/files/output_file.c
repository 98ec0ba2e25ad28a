/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing beside the old file, and renaming.
 */
#define _GNU_SOURCE
#include "files/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { LINKS_MAX = 40, NAMES_MAX = 100, PERMISSIONS = 0777 };

/** Length of the folder in front of a name, with its '/'. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? (int)(slash + 1 - path) : 0;
}

/** Where a symbolic link leads to, one step; NULL: errno says why. */
static char *follow(const char *link)
{
    char target[PATH_MAX];
    char *path = NULL;
    const ssize_t length = readlink(link, target, sizeof(target));

    if (length < 0) {
        return NULL;
    }
    if ((size_t)length == sizeof(target)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    const int folder = target[0] == '/' ? 0 : folder_length(link);
    return asprintf(&path, "%.*s%.*s", folder, link, (int)length, target) >= 0 ? path : NULL;
}

/** Links in /proc are names of open descriptors, as /dev/stdout is. */
static bool is_descriptor(const char *link)
{
    struct statfs system;
    const int fd = open(link, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    const bool is_one = fd >= 0 && fstatfs(fd, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;

    if (fd >= 0) {
        close(fd);
    }
    return is_one;
}

typedef enum { KIND_NEW, KIND_REGULAR, KIND_OTHER, KIND_DESCRIPTOR } kind_t;

/** The path after all symbolic links and what is there; NULL: errno says why. */
static char *resolve(const char *path, kind_t *out_kind, struct stat *out_status)
{
    char *at = strdup(path);

    for (int links = 0; at != NULL; links++) {
        const bool exists = lstat(at, out_status) == 0;
        char *next = NULL;

        if (!exists && errno == ENOENT && at[0] != '\0') {
            *out_kind = KIND_NEW;
            return at;
        }
        if (exists && !S_ISLNK(out_status->st_mode)) {
            *out_kind = S_ISREG(out_status->st_mode) ? KIND_REGULAR : KIND_OTHER;
            return at;
        }
        if (exists && is_descriptor(at)) {
            *out_kind = KIND_DESCRIPTOR;
            return at;
        }
        if (exists && links < LINKS_MAX) {
            next = follow(at);
        } else if (exists) {
            errno = ELOOP;
        }
        free(at);
        at = next;
    }
    return NULL;
}

/** A new file in the folder of output->path, open for writing; -1: errno says why. */
static int create_beside(output_file_t *output, mode_t mode)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        unsigned number;

        if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number) ||
            asprintf(&output->temporary, "%.*s.esp-loader-%08x.part", folder_length(output->path),
                     output->path, number) < 0) {
            output->temporary = NULL;
            return -1;
        }
        const int fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0) {
            return fd;
        }
        free(output->temporary);
        output->temporary = NULL;
        if (errno != EEXIST) {
            return -1;
        }
    }
    return -1;
}

/** The old file's owner, as far as that is allowed, and its permissions. */
static bool take_over(int fd, const struct stat *old)
{
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM) {
        return false;
    }
    return fchmod(fd, old->st_mode & PERMISSIONS) == 0;
}

static int open_for(output_file_t *output, kind_t kind, const struct stat *old)
{
    switch (kind) {
    case KIND_DESCRIPTOR: /* the previous content of that file was not ours to remove */
        return open(output->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    case KIND_OTHER:
        return open(output->path, O_WRONLY | O_CLOEXEC);
    case KIND_NEW:
        return create_beside(output, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
    case KIND_REGULAR:
    default:
        break;
    }
    /* Renaming needs no permission to write the old file; a file that is protected stays protected. */
    if (faccessat(AT_FDCWD, output->path, W_OK, AT_EACCESS) != 0) {
        return -1;
    }
    const int fd = create_beside(output, S_IRUSR | S_IWUSR);
    if (fd >= 0 && !take_over(fd, old)) {
        close(fd);
        return -1;
    }
    return fd;
}

/** Frees what is left, keeping errno; the temporary file is removed if there still is one. */
static void forget(output_file_t *output)
{
    const int error = errno;

    if (output->temporary != NULL) {
        unlink(output->temporary);
    }
    free(output->temporary);
    free(output->path);
    *output = (output_file_t){0};
    errno = error;
}

bool output_file_open(output_file_t *output, const char *path)
{
    struct stat old;
    kind_t kind;

    *output = (output_file_t){0};
    output->path = resolve(path, &kind, &old);
    if (output->path == NULL) {
        return false;
    }
    const int fd = open_for(output, kind, &old);
    output->stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (output->stream == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        forget(output);
        return false;
    }
    return true;
}

/** What is renamed has to be on the disk first: after a power failure there is the old file or the new one.
 */
static bool reaches_disk(FILE *stream)
{
    return fflush(stream) == 0 && (fsync(fileno(stream)) == 0 || errno == EINVAL || errno == ENOTSUP);
}

bool output_file_commit(output_file_t *output)
{
    bool is_written =
        ferror(output->stream) == 0 &&
        (output->temporary != NULL ? reaches_disk(output->stream) : fflush(output->stream) == 0);

    if (fclose(output->stream) != 0) {
        is_written = false;
    }
    if (is_written && output->temporary != NULL) {
        is_written = rename(output->temporary, output->path) == 0;
        if (is_written) {
            free(output->temporary);
            output->temporary = NULL;
        }
    }
    forget(output);
    return is_written;
}

void output_file_discard(output_file_t *output)
{
    if (output->stream != NULL) {
        fclose(output->stream);
    }
    forget(output);
}
