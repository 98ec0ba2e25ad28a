/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is plugged in, as ports: what to write after --port, and whether a chip can be flashed through it.
 */
#ifndef CLI_PORT_LIST_H
#define CLI_PORT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "report/exit_code.h"
#include "linux_devices.h"

enum { PORT_TEXT_SIZE = 128 };

/** One serial port or USB device. */
typedef struct {
    linux_device_t device;
    usb_kind_t kind;
    char port[PORT_TEXT_SIZE]; /**< for --port; "" = cannot be opened, as there is no driver */
} port_entry_t;

/** Folders the devices are looked for in: those of the environment variables ESP_LOADER_SYSFS and
 * ESP_LOADER_DEV, else NULL, which means /sys and /dev. */
const char *port_list_sysfs_root(void);
const char *port_list_dev_root(void);

/** Lists serial ports, and USB devices without one that are of a known kind. free() the result; NULL when
 * nothing is there.
 *  @param out_count  set on every return */
port_entry_t *port_list_read(size_t *out_count);

/** Can a chip be flashed through it without anybody's help? */
bool port_list_is_candidate(const port_entry_t *entry);

/** Is there at least one? */
bool port_list_has_candidate(void);

/** Finds the only candidate. Otherwise says which there are on standard error and returns CLI_PORT. */
cli_exit_t port_list_choose(char out_port[PORT_TEXT_SIZE]);

#endif
