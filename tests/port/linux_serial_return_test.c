/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A serial device that leaves the bus at a reset and comes back under another name: pseudo terminals play the
 * tty, an imitation of sysfs says what they are, the test plays the modem lines, and waiting moves the clock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "fake_sysfs.h"
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

static void skip_ms(uint64_t ms)
{
    skipped_ns += ms * 1000000u;
}

/* ---- devices ---- */

static const fake_usb_t board = {
    .path = "1-2", .vid = "303a", .pid = "1001", .serial = "02:00:00:00:00:01", .number = "5"};

/** Makes @p pty the tty @p name of a device that has been plugged in. */
static void appear(const fake_sysfs_t *sysfs, const pty_t *pty, const fake_usb_t *usb, const char *name)
{
    struct stat status;
    char number[32];
    char path[128];

    assert_int_equal(stat(pty->path, &status), 0);
    snprintf(number, sizeof(number), "%u:%u", major(status.st_rdev), minor(status.st_rdev));
    fake_sysfs_plug(sysfs, usb);
    fake_sysfs_tty(sysfs, usb->path, "0", name, number);
    fake_sysfs_folder(sysfs, "dev");
    snprintf(path, sizeof(path), "%s/dev/%s", sysfs->root, name);
    (void)unlink(path); /* of the device that had the name before */
    assert_int_equal(symlink(pty->path, path), 0);
}

static void vanish(const fake_sysfs_t *sysfs, pty_t *pty, const char *usb_path)
{
    fake_sysfs_unplug(sysfs, usb_path);
    close(pty->master);
    pty->master = -1;
}

typedef struct {
    pty_t before; /**< its port is the one under test */
    pty_t after;
    char dev_root[96];
} rig_t;

static esp_loader_port_t *open_board(rig_t *rig, const fake_sysfs_t *sysfs, const fake_usb_t *usb)
{
    lines = 0;
    line_changes = 0;
    pty_open(&rig->before);
    pty_open(&rig->after);
    snprintf(rig->dev_root, sizeof(rig->dev_root), "%s/dev", sysfs->root);
    rig->before.port.sysfs_root = sysfs->root;
    rig->before.port.dev_root = rig->dev_root;
    appear(sysfs, &rig->before, usb, "ttyACM0");
    assert_int_equal(pty_init(&rig->before), ESP_LOADER_SUCCESS);
    return &rig->before.port.port;
}

static void close_board(rig_t *rig)
{
    pty_close(&rig->before);
    pty_close(&rig->after);
}

static esp_loader_error_t read_byte(esp_loader_port_t *port, uint32_t timeout_ms, uint8_t *out_byte)
{
    size_t got = 0;

    return port->ops->read_some(port, out_byte, 1, timeout_ms, &got);
}

TEST_WITH(reset_style_follows_from_the_device, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    rig_t rig;

    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->link_kind(port), ESP_LOADER_LINK_USB_SERIAL_JTAG);
    close_board(&rig);
}

TEST_WITH(device_that_leaves_at_a_reset_is_used_under_its_new_name, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t again = board;
    uint8_t byte = 0;
    size_t written = 0;
    rig_t rig;

    again.number = "6";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_SUCCESS);
    assert_int_equal(read_byte(port, 60, &byte), ESP_LOADER_ERROR_TIMEOUT);
    appear(sysfs, &rig.after, &again, "ttyACM1");
    assert_int_equal(port->ops->write_all(port, (const uint8_t *)"abc", 3, PATIENT_MS, &written),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(written, 3);
    char got[4] = "";
    assert_int_equal(read(rig.after.master, got, 3), 3);
    assert_string_equal(got, "abc");
    assert_int_equal(write(rig.after.master, "x", 1), 1);
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_SUCCESS);
    assert_int_equal(byte, 'x');
    close_board(&rig);
}

static const fake_sysfs_t *comes_back_in;
static rig_t *comes_back;

static void come_back(void)
{
    fake_usb_t again = board;

    again.number = "6";
    appear(comes_back_in, &comes_back->after, &again, "ttyACM1");
}

TEST_WITH(reset_sequence_ends_when_the_device_is_back, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    uint8_t byte = 0;
    rig_t rig;

    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    line_failure = EIO; /* it leaves before it acknowledges, having obeyed */
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    line_failure = 0;
    vanish(sysfs, &rig.before, "1-2");
    comes_back_in = sysfs;
    comes_back = &rig;
    on_sleep = come_back;
    uint32_t before_ms = port->ops->now_ms(port);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_SUCCESS);
    assert_in_range(port->ops->now_ms(port) - before_ms, LINUX_FOLLOW_POLL_MS, LINUX_FOLLOW_RELEASE_MS - 1);
    assert_int_equal(write(rig.after.master, "x", 1), 1);
    assert_int_equal(read_byte(port, 0, &byte), ESP_LOADER_SUCCESS);
    close_board(&rig);
}

TEST_WITH(reset_sequence_goes_on_when_the_device_is_back, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t again = board;
    rig_t rig;

    again.number = "6";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    appear(sysfs, &rig.after, &again, "ttyACM0"); /* the old name is free: the descriptor was closed */
    lines = 0;
    assert_int_equal(port->ops->set_lines(port, true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(lines & (TIOCM_DTR | TIOCM_RTS), TIOCM_DTR);
    close_board(&rig);
}

TEST_WITH(device_that_does_not_come_back_is_disconnected_after_five_seconds, fake_sysfs_make,
          fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    uint8_t byte = 0;
    rig_t rig;

    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    assert_int_equal(read_byte(port, 10, &byte), ESP_LOADER_ERROR_TIMEOUT);
    uint32_t before_ms = port->ops->now_ms(port);
    assert_int_equal(port->ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
    uint32_t took_ms = port->ops->now_ms(port) - before_ms;
    assert_in_range(took_ms, LINUX_FOLLOW_RETURN_MS - 1000, LINUX_FOLLOW_RETURN_MS + 100);
    assert_int_equal(read_byte(port, 10, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_SUCCESS); /* nothing holds them */
    close_board(&rig);
}

TEST_WITH(another_board_in_the_same_place_is_not_taken_for_the_first, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t other = board;
    uint8_t byte = 0;
    rig_t rig;

    other.number = "6";
    other.serial = "02:00:00:00:00:02";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    appear(sysfs, &rig.after, &other, "ttyACM0");
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    close_board(&rig);
}

TEST_WITH(same_name_in_another_place_is_not_followed, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t elsewhere = board;
    uint8_t byte = 0;
    rig_t rig;

    elsewhere.path = "1-3";
    elsewhere.number = "6";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    appear(sysfs, &rig.after, &elsewhere, "ttyACM0");
    assert_int_equal(read_byte(port, 60, &byte), ESP_LOADER_ERROR_TIMEOUT);
    close_board(&rig);
}

TEST_WITH(unplugging_without_a_reset_is_disconnected_at_once, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t bridge = board;
    fake_usb_t again = board;
    uint8_t byte = 0;
    rig_t rig;

    again.number = "6";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    skip_ms(LINUX_FOLLOW_LEAVE_MS + 1); /* too long ago to be the cause */
    vanish(sysfs, &rig.before, "1-2");
    appear(sysfs, &rig.after, &again, "ttyACM0");
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_ERROR_DISCONNECTED);
    close_board(&rig);
    fake_sysfs_unplug(sysfs, "1-2");

    bridge.vid = "10c4"; /* which does not leave with the chip behind it */
    bridge.pid = "ea60";
    port = open_board(&rig, sysfs, &bridge);
    assert_int_equal(port->ops->link_kind(port), ESP_LOADER_LINK_UART);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    close_board(&rig);
}

TEST_WITH(device_that_leaves_after_an_answer_is_disconnected_even_if_it_comes_back, fake_sysfs_make,
          fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    fake_usb_t again = board;
    uint8_t byte = 0;
    size_t written = 0;
    rig_t rig;

    again.number = "6";
    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(write(rig.before.master, "E", 1), 1); /* boot messages are no answer */
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_SUCCESS);
    assert_true(rig.before.port._followed.follow.is_reset);
    assert_int_equal(port->ops->write_all(port, &byte, 1, PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(write(rig.before.master, "A", 1), 1);
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_SUCCESS);
    vanish(sysfs, &rig.before, "1-2");
    appear(sysfs, &rig.after, &again, "ttyACM0");
    assert_int_equal(read_byte(port, PATIENT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    close_board(&rig);
}

TEST_WITH(lines_of_a_device_that_is_gone_are_not_touched, fake_sysfs_make, fake_sysfs_remove)
{
    const fake_sysfs_t *sysfs = *state;
    rig_t rig;

    esp_loader_port_t *port = open_board(&rig, sysfs, &board);
    vanish(sysfs, &rig.before, "1-2");
    assert_int_equal(port->ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(line_changes, 0);
    close_board(&rig);
}
