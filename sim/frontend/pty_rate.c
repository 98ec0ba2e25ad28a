/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks a pseudo terminal's master for the terminal settings, which on Linux are those of its slave.
 */
#include "pty_rate.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>

/* <sys/ioctl.h> brings the C library's termios along on some systems. */
extern int ioctl(int fd, unsigned long request, ...);

uint32_t fe_pty_rate(int master)
{
    struct termios2 settings;
    return ioctl(master, TCGETS2, &settings) == 0 ? settings.c_ospeed : 0;
}
