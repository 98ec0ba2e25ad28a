/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A pseudo terminal with the port on one end and the test on the other.
 */
#ifndef TEST_PTY_H
#define TEST_PTY_H

#include "linux_port.h"
#include "port_calls.h"

typedef struct {
    int master;
    char path[64];
    linux_port_t port;
} pty_t;

/** Makes the terminal and describes its port, which becomes port_under_test; it is not open yet. */
void pty_open(pty_t *self);

/** The same, and opens the port. */
void pty_open_with_port(pty_t *self);

/** Closes port and terminal, if they are open; master may be -1. */
void pty_close(pty_t *self);

/** A case that may open one; it is closed afterwards. */
extern pty_t pty;
int pty_tear_down(void **state);
#define TEST_PTY(name) TEST_WITH(name, NULL, pty_tear_down)

#endif
