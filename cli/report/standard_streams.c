/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors 0 to 2 are taken, whatever the caller has left open.
 */
#define _GNU_SOURCE
#include "report/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

void standard_streams_secure(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR); /* the lowest number that is free */
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        close(fd);
    }
}

bool standard_streams_is_reader_gone(void)
{
    struct pollfd entry = {.fd = STDOUT_FILENO};

    return poll(&entry, 1, 0) > 0 && (entry.revents & (POLLERR | POLLHUP)) != 0;
}
