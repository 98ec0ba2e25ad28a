/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Settings of a tty whose driver fails at any step, or makes something else of what it is asked for. The
 * kernel's side is played here.
 */
#define _GNU_SOURCE
#include <string.h>

#include <asm/termbits.h>
#include <errno.h>
#include <sys/ioctl.h>

#include "test.h"
#include "tty_settings.h"

static struct {
    struct termios2 settings;
    unsigned calls;
    unsigned fail_at; /* 1 = the first call, 0 = none */
    int error;
    uint32_t rate_permille; /* what the driver makes of a rate; 0 = 1000 */
    tcflag_t keeps_lflag, keeps_iflag, keeps_cflag;
    unsigned flushes;
} driver;

int __wrap_ioctl(int fd, unsigned long request, ...);

int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    assert_int_equal(fd, 7);
    va_start(args, request);
    void *argument = va_arg(args, void *);
    va_end(args);
    if (++driver.calls == driver.fail_at) {
        errno = driver.error;
        return -1;
    }
    if (request == TCGETS2) {
        memcpy(argument, &driver.settings, sizeof(driver.settings));
    } else if (request == TCSETS2) {
        memcpy(&driver.settings, argument, sizeof(driver.settings));
        uint64_t permille = driver.rate_permille != 0 ? driver.rate_permille : 1000;
        driver.settings.c_ospeed = (uint32_t)(driver.settings.c_ospeed * permille / 1000);
        driver.settings.c_lflag |= driver.keeps_lflag;
        driver.settings.c_iflag |= driver.keeps_iflag;
        driver.settings.c_cflag &= ~driver.keeps_cflag;
    } else {
        assert_int_equal(request, TCFLSH);
        driver.flushes++;
    }
    return 0;
}

static void driver_begin(void)
{
    memset(&driver, 0, sizeof(driver));
    driver.settings.c_lflag = ICANON | ECHO | ISIG;
    driver.settings.c_iflag = ICRNL | IXON;
    driver.settings.c_oflag = OPOST;
    driver.settings.c_cflag = CS7 | PARENB | PARODD | CSTOPB | HUPCL | B9600;
    driver.settings.c_cc[VMIN] = 0;
    driver.settings.c_cc[VTIME] = 5;
}

TEST(raw_mode_is_eight_bits_without_any_processing)
{
    driver_begin();
    assert_int_equal(tty_make_raw(7, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(driver.settings.c_lflag, 0);
    assert_int_equal(driver.settings.c_iflag, 0);
    assert_int_equal(driver.settings.c_oflag, 0);
    assert_int_equal(driver.settings.c_cflag, CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT));
    assert_int_equal(driver.settings.c_cc[VMIN], 1);
    assert_int_equal(driver.settings.c_cc[VTIME], 0);
    assert_int_equal(driver.settings.c_ispeed, 460800);
    assert_int_equal(driver.settings.c_ospeed, 460800);
    assert_int_equal(driver.flushes, 1);
}

TEST(rate_alone_is_changed_and_nothing_dropped)
{
    driver_begin();
    assert_int_equal(tty_set_rate(7, 230400), ESP_LOADER_SUCCESS);
    assert_int_equal(driver.settings.c_ospeed, 230400);
    assert_int_equal(driver.settings.c_lflag, ICANON | ECHO | ISIG);
    assert_int_equal(driver.flushes, 0);
}

/* The kernel says success as soon as anything took. */
static const struct {
    uint32_t permille;
    esp_loader_error_t outcome;
} rates[] = {{969, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
             {970, ESP_LOADER_SUCCESS},
             {1030, ESP_LOADER_SUCCESS},
             {1031, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
             {1, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
             {4000, ESP_LOADER_ERROR_UNSUPPORTED_FUNC}};

TEST_ROWS(rate_that_is_off_by_more_than_three_percent_is_unsupported, rates)
{
    driver_begin();
    driver.rate_permille = row->permille;
    assert_int_equal(tty_set_rate(7, 1000000), row->outcome);
    assert_int_equal(tty_make_raw(7, 1000000), row->outcome);
}

TEST(settings_that_did_not_take_are_an_error)
{
    driver_begin();
    driver.keeps_lflag = ECHO;
    assert_int_equal(tty_make_raw(7, 9600), ESP_LOADER_ERROR_IO);
    driver_begin();
    driver.keeps_iflag = ICRNL;
    assert_int_equal(tty_make_raw(7, 9600), ESP_LOADER_ERROR_IO);
    driver_begin();
    driver.keeps_cflag = CSIZE;
    assert_int_equal(tty_make_raw(7, 9600), ESP_LOADER_ERROR_IO);
    assert_int_equal(driver.flushes, 0);
}

/* Steps: read the settings, change them, read them back, drop what is buffered. */
TEST(failure_of_any_step_says_what_is_wrong)
{
    static const struct {
        unsigned step;
        int error;
        esp_loader_error_t outcome;
    } cases[] = {{1, ENOTTY, ESP_LOADER_ERROR_PORT_NOT_FOUND},
                 {1, EINVAL, ESP_LOADER_ERROR_PORT_NOT_FOUND},
                 {1, EIO, ESP_LOADER_ERROR_DISCONNECTED},
                 {1, ENODEV, ESP_LOADER_ERROR_DISCONNECTED},
                 {2, EINVAL, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
                 {2, EIO, ESP_LOADER_ERROR_DISCONNECTED},
                 {3, ENOMEM, ESP_LOADER_ERROR_IO},
                 {4, EIO, ESP_LOADER_ERROR_DISCONNECTED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        driver_begin();
        driver.fail_at = cases[i].step;
        driver.error = cases[i].error;
        assert_int_equal(tty_make_raw(7, 115200), cases[i].outcome);
        assert_int_equal(driver.calls, cases[i].step);
    }
    for (size_t i = 3; i < 7; i++) { /* the rate alone: no tty was looked at before */
        driver_begin();
        driver.fail_at = cases[i].step;
        driver.error = cases[i].error;
        assert_int_equal(tty_set_rate(7, 115200), cases[i].outcome);
        assert_int_equal(driver.calls, cases[i].step);
    }
}
