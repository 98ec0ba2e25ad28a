/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One descriptor is kept in reserve for the client that has to be hung up.
 */
#define _GNU_SOURCE
#include "accept.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int fe_accept(int listener)
{
    static int reserve = -1;

    if (reserve < 0) {
        reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0 || (errno != EMFILE && errno != ENFILE) || reserve < 0) {
        return fd;
    }
    (void)close(reserve);
    const int refused = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (refused >= 0) {
        (void)close(refused);
    }
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
    errno = EMFILE;
    return -1;
}
