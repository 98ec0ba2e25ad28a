/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The pseudo terminal of the tests.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "test.h"

void pty_open(pty_t *pty)
{
    memset(pty, 0, sizeof(*pty));
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(pty->master >= 0);
    assert_int_equal(grantpt(pty->master), 0);
    assert_int_equal(unlockpt(pty->master), 0);
    assert_int_equal(ptsname_r(pty->master, pty->path, sizeof(pty->path)), 0);
    pty->port = (linux_port_t){.port.ops = &linux_uart_ops,
                               .device = pty->path,
                               .baudrate = 115200,
                               .gpio_mode = LINUX_GPIO_DTR_RTS};
    port_under_test = &pty->port.port;
}

void pty_open_with_port(pty_t *pty)
{
    pty_open(pty);
    assert_port_opens();
}

void pty_close(pty_t *pty)
{
    pty->port.port.ops->deinit(&pty->port.port);
    if (pty->master >= 0) {
        close(pty->master);
    }
}
