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

pty_t pty;

void pty_open(pty_t *self)
{
    memset(self, 0, sizeof(*self));
    self->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(self->master >= 0);
    assert_int_equal(grantpt(self->master), 0);
    assert_int_equal(unlockpt(self->master), 0);
    assert_int_equal(ptsname_r(self->master, self->path, sizeof(self->path)), 0);
    self->port = (linux_port_t){.port.ops = &linux_uart_ops,
                                .device = self->path,
                                .baudrate = 115200,
                                .gpio_mode = LINUX_GPIO_DTR_RTS};
    port_under_test = &self->port.port;
}

void pty_open_with_port(pty_t *self)
{
    pty_open(self);
    assert_port_opens();
}

void pty_close(pty_t *self)
{
    self->port.port.ops->deinit(&self->port.port);
    if (self->master >= 0) {
        close(self->master);
        self->master = -1;
    }
}

int pty_tear_down(void **state)
{
    (void)state;
    if (pty.path[0] != '\0') {
        pty_close(&pty);
    }
    return 0;
}
