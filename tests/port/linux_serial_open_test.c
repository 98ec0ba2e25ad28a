/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening the serial port: settings, rates, exclusive use, and what is refused.
 */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "esp_loader.h"
#include "pty.h"
#include "test.h"

static struct termios2 settings_of(const char *path)
{
    struct termios2 settings;

    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(ioctl(fd, TCGETS2, &settings), 0);
    close(fd);
    return settings;
}

TEST_PTY(device_is_raw_after_opening_and_keeps_its_lines_on_close)
{
    struct termios2 settings;

    pty_open(&pty);
    int other = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(ioctl(other, TCGETS2, &settings), 0);
    settings.c_iflag |= IXON | IXOFF | ICRNL;
    settings.c_oflag |= OPOST;
    settings.c_lflag |= ICANON | ECHO | ISIG;
    settings.c_cflag |= HUPCL | PARENB | CSTOPB | CRTSCTS;
    assert_int_equal(ioctl(other, TCSETS2, &settings), 0);
    assert_port_opens();
    assert_int_equal(ioctl(other, TCGETS2, &settings), 0);
    assert_int_equal(settings.c_iflag, 0);
    assert_int_equal(settings.c_oflag, 0);
    assert_int_equal(settings.c_lflag, 0);
    assert_int_equal(settings.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL), CS8);
    assert_int_equal(settings.c_cflag & (CREAD | CLOCAL), CREAD | CLOCAL);
    assert_int_equal(settings.c_cc[VMIN], 1);
    assert_int_equal(settings.c_cc[VTIME], 0);
    close(other);
}

TEST_PTY(any_rate_can_be_opened_with_and_changed_to)
{
    static const uint32_t rates[] = {115200, 74880, 12345, 921600, 2000000, 5000000, 1};

    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        pty_open(&pty);
        pty.port.baudrate = rates[i];
        assert_port_opens();
        assert_int_equal(ioctl(pty.port._state.tty.fd, TIOCNXCL), 0);
        assert_int_equal(settings_of(pty.path).c_ospeed, rates[i]);
        assert_int_equal(port_set_rate(rates[i] + 250), ESP_LOADER_SUCCESS);
        assert_int_equal(settings_of(pty.path).c_ospeed, rates[i] + 250);
        assert_int_equal(settings_of(pty.path).c_ispeed, rates[i] + 250);
        pty_close(&pty);
    }
}

TEST_PTY(rate_zero_means_the_default_at_opening_and_is_refused_later)
{
    pty_open(&pty);
    pty.port.baudrate = 0;
    assert_port_opens();
    assert_int_equal(ioctl(pty.port._state.tty.fd, TIOCNXCL), 0);
    assert_int_equal(settings_of(pty.path).c_ospeed, 115200);
    assert_int_equal(port_set_rate(0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(settings_of(pty.path).c_ospeed, 115200);
}

TEST_PTY(bytes_from_before_opening_are_dropped)
{
    uint8_t byte = 0;
    size_t got = 99;

    pty_open(&pty);
    int keeper = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC); /* else the kernel drops them itself */
    assert_true(keeper >= 0);
    assert_int_equal(write(pty.master, "old\n", 4), 4);
    assert_port_opens();
    close(keeper);
    assert_int_equal(port_read(&byte, 1, 0, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(got, 0);
}

TEST_PTY(device_in_use_is_busy_whichever_way_it_is_locked)
{
    linux_port_t second;

    pty_open_with_port(&pty);
    second = (linux_port_t){.port.ops = &linux_uart_ops, .device = pty.path};
    assert_int_equal(second.port.ops->init(&second.port), ESP_LOADER_ERROR_PORT_BUSY);
    pty_close(&pty);

    pty_open(&pty); /* a program that only locks */
    int other = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_BUSY);
    assert_int_equal(flock(other, LOCK_UN), 0);
    assert_int_equal(ioctl(other, TIOCEXCL), 0); /* a program that only asks for exclusive use */
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_BUSY);
    assert_int_equal(ioctl(other, TIOCNXCL), 0);
    assert_port_opens(); /* a refused open leaves nothing behind */
    close(other);
}

TEST_PTY(closed_device_can_be_used_by_others_again)
{
    pty_open(&pty);
    int keeper = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_port_opens();
    port_deinit();
    int is_exclusive = 1;
    assert_int_equal(ioctl(keeper, TIOCGEXCL, &is_exclusive), 0);
    assert_int_equal(is_exclusive, 0);
    assert_int_equal(flock(keeper, LOCK_EX | LOCK_NB), 0);
    close(keeper);
}

TEST_PTY(things_that_are_no_serial_device_are_not_found)
{
    static const char *const paths[] = {"/nonexistent/ttyACM0", "/dev/null", "/", "/dev/null/x", ""};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        linux_port_t port = {.port.ops = &linux_uart_ops, .device = paths[i]};

        assert_int_equal(port.port.ops->init(&port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    }
}

TEST_PTY(device_without_permission_is_an_access_error)
{
    pty_open(&pty);
    if (geteuid() == 0) {
        assert_int_equal(fchmod(pty.master, 0), 0);
        assert_int_equal(chmod(pty.path, 0), 0);
        assert_int_equal(seteuid(65534), 0);
        esp_loader_error_t error = port_init();
        assert_int_equal(seteuid(0), 0);
        assert_int_equal(error, ESP_LOADER_ERROR_PORT_ACCESS);
    } else {
        assert_int_equal(chmod(pty.path, 0), 0);
        assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_ACCESS);
    }
}

TEST_PTY(missing_device_or_impossible_mode_is_an_invalid_parameter)
{
    linux_port_t port = {.port.ops = &linux_uart_ops};

    assert_int_equal(port.port.ops->init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    pty_open(&pty);
    pty.port.gpio_mode = (linux_gpio_mode_t)7;
    assert_int_equal(port_init(), ESP_LOADER_ERROR_INVALID_PARAM);
    pty.port.gpio_mode = LINUX_GPIO_GPIOD; /* without a chip */
    assert_int_equal(port_init(), ESP_LOADER_ERROR_INVALID_PARAM);
    pty.port.gpio_mode = LINUX_GPIO_NONE; /* and the device is not left locked */
    assert_port_opens();
}

TEST_PTY(init_again_without_deinit_reopens)
{
    esp_loader_t loader;

    pty_open(&pty);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(esp_loader_init_serial(&loader, &pty.port.port), ESP_LOADER_SUCCESS);
    }
    esp_loader_deinit(&loader);
    esp_loader_deinit(&loader);
}
