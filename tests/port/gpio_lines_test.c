/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * GPIO and modem lines, with the kernel's side played by the test: the linker sends every ioctl() and open()
 * here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gpio_lines.h"
#include "pty.h"
#include "test.h"

#define CHIP_PATH "/dev/gpiochip-of-the-test"

enum { MAX_STEPS = 16 };

/** Modem lines that are no business of the port's (asm-generic/termios.h: TIOCM_OUT1 and TIOCM_OUT2). */
enum { OTHER_LINES = 0x2000 | 0x4000 };

/** What the imitated kernel was asked for, and what it answers. */
static struct {
    int failing_errno; /* of every line request, 0 = works */
    struct gpio_v2_line_request request;
    int line_fd;
    uint8_t steps[MAX_STEPS];       /* values set: bit 0 reset, bit 1 boot */
    uint32_t step_at_ms[MAX_STEPS]; /* when, by the port's clock */
    size_t step_count;
    size_t failing_step; /* the one that fails, counted from 1; 0 = none */
    bool has_modem_lines;
    int modem_lines;
    int modem_writes[MAX_STEPS];
    size_t modem_write_count;
} kernel;

int __real_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    return __real_open(strcmp(path, CHIP_PATH) == 0 ? "/dev/null" : path, flags);
}

static int fail_with(int error_number)
{
    errno = error_number;
    return -1;
}

static int set_values(const struct gpio_v2_line_values *values)
{
    assert_true(kernel.step_count < MAX_STEPS);
    assert_int_equal(values->mask, 3); /* always both, in one call */
    kernel.step_at_ms[kernel.step_count] = linux_uart_ops.now_ms(NULL);
    kernel.steps[kernel.step_count++] = (uint8_t)values->bits;
    return kernel.step_count == kernel.failing_step ? fail_with(EIO) : 0;
}

int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
    switch (request) {
    case GPIO_V2_GET_LINE_IOCTL:
        if (kernel.failing_errno != 0) {
            return fail_with(kernel.failing_errno);
        }
        memcpy(&kernel.request, argument, sizeof(kernel.request));
        kernel.line_fd = __real_open("/dev/null", O_RDWR | O_CLOEXEC);
        ((struct gpio_v2_line_request *)argument)->fd = kernel.line_fd;
        return 0;
    case GPIO_V2_LINE_SET_VALUES_IOCTL:
        assert_int_equal(fd, kernel.line_fd);
        return set_values(argument);
    case TIOCMGET:
        if (!kernel.has_modem_lines) {
            return __real_ioctl(fd, request, argument);
        }
        *(int *)argument = kernel.modem_lines;
        return 0;
    case TIOCMSET:
        assert_true(kernel.modem_write_count < MAX_STEPS);
        kernel.modem_lines = *(int *)argument;
        kernel.modem_writes[kernel.modem_write_count++] = kernel.modem_lines;
        return 0;
    default:
        return __real_ioctl(fd, request, argument);
    }
}

static int set_up(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof(kernel));
    pty_open(&pty);
    pty.port.gpio_mode = LINUX_GPIO_GPIOD;
    pty.port.gpio_chip_path = CHIP_PATH;
    pty.port.reset_pin = 17;
    pty.port.boot_pin = 4;
    pty.port.reset_hold_ms = 1;
    pty.port.boot_hold_ms = 1;
    return 0;
}

#define TEST_GPIO(name) TEST_WITH(name, set_up, pty_tear_down)

static esp_loader_error_t enter_bootloader(void)
{
    return port_under_test->ops->enter_bootloader_checked(port_under_test);
}

static void assert_steps(const char *expected)
{
    char text[MAX_STEPS + 1] = "";

    for (size_t i = 0; i < kernel.step_count; i++) {
        text[i] = (char)('0' + kernel.steps[i]);
    }
    assert_string_equal(text, expected);
}

TEST_GPIO(both_lines_are_requested_inactive_and_active_low)
{
    assert_port_opens();
    assert_int_equal(kernel.request.num_lines, 2);
    assert_int_equal(kernel.request.offsets[0], 17);
    assert_int_equal(kernel.request.offsets[1], 4);
    assert_string_equal(kernel.request.consumer, "esp-loader");
    assert_int_equal(kernel.request.config.flags, GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW);
    assert_int_equal(kernel.request.config.num_attrs, 1);
    assert_int_equal(kernel.request.config.attrs[0].attr.id, GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES);
    assert_int_equal(kernel.request.config.attrs[0].attr.values, 0);
    assert_int_equal(kernel.request.config.attrs[0].mask, 3);
    assert_int_equal(kernel.step_count, 0);
}

TEST_GPIO(inverted_line_alone_is_active_high)
{
    pty.port.is_boot_inverted = true;
    assert_port_opens();
    assert_int_equal(kernel.request.config.num_attrs, 2);
    assert_int_equal(kernel.request.config.attrs[0].attr.id, GPIO_V2_LINE_ATTR_ID_FLAGS);
    assert_int_equal(kernel.request.config.attrs[0].attr.flags, GPIO_V2_LINE_FLAG_OUTPUT);
    assert_int_equal(kernel.request.config.attrs[0].mask, 2);
}

TEST_GPIO(entering_the_bootloader_holds_boot_until_after_reset)
{
    assert_port_opens();
    assert_int_equal(enter_bootloader(), ESP_LOADER_SUCCESS);
    assert_steps("320");
}

TEST_GPIO(hold_times_are_those_of_the_port_and_never_shorter)
{
    pty.port.reset_hold_ms = 20;
    pty.port.boot_hold_ms = 30;
    assert_port_opens();
    assert_int_equal(enter_bootloader(), ESP_LOADER_SUCCESS);
    assert_true(kernel.step_at_ms[1] - kernel.step_at_ms[0] >= 20);
    assert_true(kernel.step_at_ms[2] - kernel.step_at_ms[1] >= 30);
}

TEST_GPIO(resetting_leaves_boot_alone)
{
    assert_port_opens();
    assert_int_equal(port_under_test->ops->reset_checked(port_under_test), ESP_LOADER_SUCCESS);
    assert_steps("100");
}

TEST_GPIO(failing_line_is_reported_and_both_are_released)
{
    assert_port_opens();
    for (size_t step = 1; step <= 3; step++) {
        kernel.step_count = 0;
        kernel.failing_step = step;
        assert_int_equal(enter_bootloader(), ESP_LOADER_ERROR_DISCONNECTED);
        assert_int_equal(kernel.steps[kernel.step_count - 1], 0);
    }
}

TEST_GPIO(gpio_mode_has_no_modem_lines)
{
    assert_port_opens();
    assert_null(port_under_test->ops->set_lines);
}

TEST_GPIO(refused_lines_tell_why_and_leave_the_device_free)
{
    static const struct {
        int error_number;
        esp_loader_error_t error;
    } cases[] = {
        {EBUSY, ESP_LOADER_ERROR_PORT_BUSY},
        {EINVAL, ESP_LOADER_ERROR_PORT_NOT_FOUND},
        {ENOTTY, ESP_LOADER_ERROR_PORT_NOT_FOUND},
        {EPERM, ESP_LOADER_ERROR_PORT_ACCESS},
        {ENOMEM, ESP_LOADER_ERROR_IO},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kernel.failing_errno = cases[i].error_number;
        assert_int_equal(port_init(), cases[i].error);
    }
    kernel.failing_errno = 0;
    assert_port_opens();
}

TEST_GPIO(missing_chip_is_not_found_and_one_pin_for_both_is_refused)
{
    pty.port.gpio_chip_path = "/nonexistent/gpiochip0";
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    pty.port.gpio_chip_path = CHIP_PATH;
    pty.port.boot_pin = pty.port.reset_pin;
    assert_int_equal(port_init(), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_GPIO(modem_lines_change_together_and_others_stay)
{
    static const struct {
        bool dtr;
        bool rts;
        int lines;
    } cases[] = {
        {false, false, 0},
        {false, true, TIOCM_RTS},
        {true, false, TIOCM_DTR},
        {true, true, TIOCM_DTR | TIOCM_RTS},
    };
    kernel.has_modem_lines = true;
    kernel.modem_lines = OTHER_LINES | TIOCM_DTR;
    pty.port.gpio_mode = LINUX_GPIO_DTR_RTS;
    assert_port_opens();
    assert_int_equal(kernel.modem_write_count, 0); /* opening leaves them alone */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(port_set_lines(cases[i].dtr, cases[i].rts), ESP_LOADER_SUCCESS);
        assert_int_equal(kernel.modem_write_count, i + 1);
        assert_int_equal(kernel.modem_writes[i], OTHER_LINES | cases[i].lines);
    }
    pty.port.is_reset_inverted = true;
    assert_port_opens();
    assert_int_equal(port_set_lines(true, true), ESP_LOADER_SUCCESS);
    assert_int_equal(kernel.modem_lines, OTHER_LINES | TIOCM_DTR);
}
