/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The user's terminal while keys go to the target: each key is read at once and none is echoed or ends the program.
 * Whichever way the program ends or is stopped, the terminal is what it was.
 */
#ifndef CLI_MONITOR_TERMINAL_H
#define CLI_MONITOR_TERMINAL_H

#include <stdbool.h>

/** Catches the signals that end or stop a program. Changes the terminal of standard input, if there is one and this
 * program is in its foreground. */
void terminal_begin(void);

/** Gives the terminal back. */
void terminal_end(void);

/** Are keys read from a terminal? */
bool terminal_has_keys(void);

/** Readable when a signal has come; -1 = there is no such descriptor. */
int terminal_wake_fd(void);

/** Has a signal asked the program to end? Stops the program in between, if one has asked for that. */
bool terminal_is_end_wanted(void);

#endif
