/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is done to one board. Two implementations, chosen in Kconfig: flasher_v1.c in the 1.x form, step by
 * step, and flasher_plan.c with the plan API, which checks everything before the first erase and skips what
 * is there already. The loop around it is main.c.
 */
#ifndef FLASHER_H
#define FLASHER_H

#include <stdbool.h>
#include <stddef.h>

#include "sdkconfig.h"

#include "esp_loader_error.h"

#define FLASHER_TAG        "usb_flasher"
#define FLASHER_VID        0x303A /* Espressif */
#define FLASHER_PID        0x1001 /* USB-Serial/JTAG */
#define FLASHER_TIMEOUT_MS 1000   /* one call of flasher_open() waits that long for a board */
#define FLASHER_OUT_BUFFER 4096
#define FLASHER_BLOCK_SIZE 1024 /* what the ROM loader takes at a time */

/* Flash offsets; the bootloader's is the chip's own. */
#ifdef CONFIG_USB_FLASHER_PARTITION_TABLE_OFFSET
#define FLASHER_TABLE_OFFSET CONFIG_USB_FLASHER_PARTITION_TABLE_OFFSET
#define FLASHER_APP_OFFSET   CONFIG_USB_FLASHER_APP_OFFSET
#else
#define FLASHER_TABLE_OFFSET 0x8000
#define FLASHER_APP_OFFSET   0x10000
#endif

/** Waits for a board and opens it; @p on_disconnect is called, in another task, when it is unplugged. */
esp_loader_error_t flasher_open(void (*on_disconnect)(void));

/** Is the board that is open still attached? */
bool flasher_is_attached(void);

/** USB serial number of the board that is open, which is the MAC address of its chip. */
void flasher_read_serial(char *buf, size_t size);

/** Connects to the board that is open and flashes it; says on the console what it does and what went wrong.
 */
esp_loader_error_t flasher_run(void);

/** Starts the application that was flashed. */
void flasher_reset_target(void);

/** Closes the board, which makes room for the next one. */
void flasher_close(void);

#endif
