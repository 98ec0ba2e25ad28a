/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Raw mode and rate of a tty through struct termios2. Source: Linux uapi asm-generic/termbits.h and ioctls.h.
 */
#define _GNU_SOURCE
#include "tty_settings.h"

#include <asm/termbits.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "posix_io.h"

#ifndef TCGETS2
#error "linux_serial needs struct termios2, which the kernel headers of this architecture do not have"
#endif

/** A UART tolerates this much deviation between the two ends; farther off it would only receive garbage. */
enum { RATE_TOLERANCE_PERCENT = 3 };

static void put_rate(struct termios2 *settings, uint32_t rate_baud)
{
    settings->c_cflag &= ~(tcflag_t)(CBAUD | (CBAUD << IBSHIFT));
    settings->c_cflag |= BOTHER | (BOTHER << IBSHIFT);
    settings->c_ispeed = rate_baud;
    settings->c_ospeed = rate_baud;
}

static bool is_rate_near(uint32_t actual_baud, uint32_t wanted_baud)
{
    uint64_t difference = actual_baud > wanted_baud ? actual_baud - wanted_baud : wanted_baud - actual_baud;

    return difference * 100u <= (uint64_t)wanted_baud * RATE_TOLERANCE_PERCENT;
}

/** The kernel reports success if any setting took, so what it made of the request is read back. */
static esp_loader_error_t apply(int fd, const struct termios2 *wanted)
{
    struct termios2 actual;

    if (ioctl(fd, TCSETS2, wanted) != 0) {
        return errno == EINVAL ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : posix_error(errno);
    }
    if (ioctl(fd, TCGETS2, &actual) != 0) {
        return posix_error(errno);
    }
    if (!is_rate_near(actual.c_ospeed, wanted->c_ospeed)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (actual.c_lflag != wanted->c_lflag || actual.c_iflag != wanted->c_iflag ||
        (actual.c_cflag & CSIZE) != (wanted->c_cflag & CSIZE)) {
        return ESP_LOADER_ERROR_IO;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t tty_make_raw(int fd, uint32_t rate_baud)
{
    struct termios2 settings;

    if (ioctl(fd, TCGETS2, &settings) != 0) {
        return errno == ENOTTY || errno == EINVAL ? ESP_LOADER_ERROR_PORT_NOT_FOUND : posix_error(errno);
    }
    settings.c_iflag = 0;
    settings.c_oflag = 0;
    settings.c_lflag = 0;
    settings.c_cflag &= ~(tcflag_t)(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS | HUPCL);
    settings.c_cflag |= CS8 | CREAD | CLOCAL;
    settings.c_cc[VMIN] = 1; /* with O_NONBLOCK: no data is EAGAIN, and only a hang-up reads as 0 bytes */
    settings.c_cc[VTIME] = 0;
    put_rate(&settings, rate_baud);
    esp_loader_error_t error = apply(fd, &settings);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    return ioctl(fd, TCFLSH, TCIOFLUSH) == 0 ? ESP_LOADER_SUCCESS : posix_error(errno);
}

esp_loader_error_t tty_set_rate(int fd, uint32_t rate_baud)
{
    struct termios2 settings;

    if (ioctl(fd, TCGETS2, &settings) != 0) {
        return posix_error(errno);
    }
    put_rate(&settings, rate_baud);
    return apply(fd, &settings);
}
