/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What kind of hardware is behind a tty, as sysfs tells. Decides the reset sequence, so an unknown stays
 * unknown.
 */
#ifndef ESP_LOADER_PORT_TTY_IDENTITY_H
#define ESP_LOADER_PORT_TTY_IDENTITY_H

#include <stdint.h>

#include "esp_loader_io.h"

typedef struct {
    esp_loader_link_t link;
    uint16_t usb_vid; /**< 0 when the tty is not a USB device */
    uint16_t usb_pid;
} tty_identity_t;

/** Looks up character device @p major : @p minor below @p sysfs_root ("/sys"). Never fails: what sysfs does
 * not know, such as a pseudo terminal, is ESP_LOADER_LINK_UNKNOWN. */
tty_identity_t tty_identity_find(const char *sysfs_root, unsigned major, unsigned minor);

#endif
