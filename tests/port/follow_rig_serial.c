/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rig of the serial port: pseudo terminals play the tty, an imitation of sysfs says what they are, the modem lines and
 * the passing of time are played here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "follow_rig.h"
#include "pty.h"
#include "test.h"

/* ---- the kernel's part ---- */

static uint64_t skipped_ns;
static int lines;
static unsigned line_changes;
static int line_failure;
static void (*on_sleep)(void); /* once */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);
int __real_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int outcome = __real_clock_gettime(clock, now);
    uint64_t ns = (uint64_t)now->tv_nsec + skipped_ns;

    now->tv_sec += (time_t)(ns / 1000000000u);
    now->tv_nsec = (long)(ns % 1000000000u);
    return outcome;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    struct timespec now;

    (void)flags;
    (void)left;
    __wrap_clock_gettime(clock, &now);
    int64_t ns = (int64_t)(until->tv_sec - now.tv_sec) * 1000000000 + (until->tv_nsec - now.tv_nsec);
    skipped_ns += ns > 0 ? (uint64_t)ns : 0;
    if (on_sleep != NULL) {
        void (*act)(void) = on_sleep;

        on_sleep = NULL;
        act();
    }
    return 0;
}

int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
    if (request == TIOCMGET) {
        *(int *)argument = lines;
        return 0;
    }
    if (request == TIOCMSET) {
        lines = *(const int *)argument;
        line_changes++;
        if (line_failure != 0) {
            errno = line_failure;
            return -1;
        }
        return 0;
    }
    return __real_ioctl(fd, request, argument);
}

/* ---- the rig ---- */

static void *state;
static pty_t before; /* its port is the one under test */
static pty_t after;  /* the terminal of the board that comes later */
static char dev_root[96];
static char hidden[128]; /* name in dev_root that the later board has not got yet */
static const char *path; /* of the board that is there */

/* Makes @p tty the tty @p name of @p usb. */
static void plug(const pty_t *tty, const fake_usb_t *usb, const char *name)
{
    struct stat status;
    char number[32];

    path = usb->path;
    assert_int_equal(stat(tty->path, &status), 0);
    snprintf(number, sizeof(number), "%u:%u", major(status.st_rdev), minor(status.st_rdev));
    fake_sysfs_plug(usb);
    fake_sysfs_tty(usb->path, "0", name, number);
    snprintf(hidden, sizeof(hidden), "%s/%s", dev_root, name);
}

static void show(const pty_t *tty)
{
    (void)unlink(hidden); /* of the device that had the name before */
    assert_int_equal(symlink(tty->path, hidden), 0);
}

void rig_make(const fake_usb_t *usb)
{
    assert_int_equal(fake_sysfs_make(&state), 0);
    fake_sysfs_folder("dev");
    snprintf(dev_root, sizeof(dev_root), "%s/dev", fake_sysfs_root);
    lines = 0;
    line_changes = 0;
    pty_open(&after);
    pty_open(&before);
    before.port.sysfs_root = fake_sysfs_root;
    before.port.dev_root = dev_root;
    plug(&before, usb, "ttyACM0");
    show(&before);
}

void rig_remove(void)
{
    pty_close(&before);
    pty_close(&after);
    assert_int_equal(fake_sysfs_remove(&state), 0);
}

void rig_leave(void)
{
    fake_sysfs_unplug(path);
    close(before.master);
    before.master = -1;
}

void rig_enter(const fake_usb_t *usb, const char *name, bool is_early)
{
    plug(&after, usb, name);
    if (!is_early) {
        rig_show();
    }
}

void rig_show(void)
{
    show(&after);
}

void rig_at_next_wait(void (*act)(void))
{
    on_sleep = act;
}

void rig_lose_acknowledgements(bool are_lost)
{
    line_failure = are_lost ? EIO : 0;
}

void rig_pass_ms(uint32_t ms)
{
    skipped_ns += ms * 1000000ull;
}

static int master(void)
{
    return before.master >= 0 ? before.master : after.master;
}

void rig_say(const char *text)
{
    const size_t size = strlen(text);

    assert_int_equal(write(master(), text, size), size);
}

void rig_assert_heard(const char *text)
{
    char heard[32];

    assert_int_equal(read(master(), heard, sizeof(heard)), strlen(text));
    assert_memory_equal(heard, text, strlen(text));
}

unsigned rig_line_changes(void)
{
    return line_changes;
}

unsigned rig_lines(void)
{
    return ((lines & TIOCM_DTR) != 0 ? 1u : 0u) | ((lines & TIOCM_RTS) != 0 ? 2u : 0u);
}
