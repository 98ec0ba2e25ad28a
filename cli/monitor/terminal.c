/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Settings of the terminal, and signals. Its statics are what a handler can reach.
 */
#define _GNU_SOURCE
#include "monitor/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "ports/cancel.h"

static struct termios before;
static struct termios during;
static volatile sig_atomic_t is_changed;
static volatile sig_atomic_t is_end_wanted;
static volatile sig_atomic_t is_stop_wanted;
static volatile sig_atomic_t is_continued;
static bool has_keys;
static int wake_fd = -1;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/** May be called by a handler. */
static void give_back(void)
{
    if (is_changed) {
        is_changed = 0;
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    }
}

static void change(void)
{
    if (has_keys) {
        is_changed = 1;
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &during);
    }
}

static void wake(void)
{
    const int error_number = errno; /* of whatever the signal has interrupted */

    if (wake_fd >= 0) {
        (void)eventfd_write(wake_fd, 1);
    }
    errno = error_number;
}

/** The first one asks, the second one ends the program at once. */
static void end(int number)
{
    if (is_end_wanted) {
        give_back();
        (void)signal(number, SIG_DFL);
        (void)raise(number);
        return;
    }
    is_end_wanted = 1;
    cancel_request();
    wake();
}

static void stop(int number)
{
    (void)number;
    is_stop_wanted = 1;
    wake();
}

/** Also after SIGSTOP, which nobody can catch: the shell has changed the terminal meanwhile. */
static void go_on(int number)
{
    (void)number;
    is_continued = 1;
    wake();
}

/** Without SA_RESTART: a write that waits is to end. One that is ignored, as under nohup, stays ignored. */
static void catch_signal(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    struct sigaction old;

    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
        (void)sigaction(number, &action, NULL);
    }
}

/** Reading the terminal, or changing it, stops a program in the background. */
static bool may_read_terminal(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp() &&
           tcgetattr(STDIN_FILENO, &before) == 0;
}

void terminal_begin(void)
{
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
        catch_signal(ending[i], end);
    }
    has_keys = may_read_terminal();
    if (has_keys) {
        during = before;
        during.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON);
        during.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
        during.c_cc[VMIN] = 1;
        during.c_cc[VTIME] = 0;
        catch_signal(SIGTSTP, stop);
        catch_signal(SIGCONT, go_on);
        change();
    }
}

void terminal_end(void)
{
    give_back();
    has_keys = false;
}

bool terminal_has_keys(void)
{
    return has_keys;
}

int terminal_wake_fd(void)
{
    return wake_fd;
}

bool terminal_is_end_wanted(void)
{
    eventfd_t count;

    (void)eventfd_read(wake_fd, &count);
    if (is_stop_wanted) {
        is_stop_wanted = 0;
        give_back();
        (void)raise(SIGSTOP); /* goes on here when the program is continued */
        is_continued = 1;
    }
    if (is_continued) {
        is_continued = 0;
        change();
    }
    return is_end_wanted;
}
