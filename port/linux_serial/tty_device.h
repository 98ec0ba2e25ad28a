/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One tty as a raw device: bytes, control lines and rate. It does not come back by itself when the hardware
 * has left; linux_followed.h opens it again.
 */
#ifndef ESP_LOADER_PORT_TTY_DEVICE_H
#define ESP_LOADER_PORT_TTY_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "linux_followed.h"

typedef struct {
    int fd;                 /**< -1 = closed */
    uint32_t rate_baud;     /**< after opening */
    bool is_dtr_inverted;   /**< asserting DTR clears the line */
    bool is_rts_inverted;   /**< asserting RTS clears the line */
    const char *sysfs_root; /**< NULL = "/sys" */
    const char *dev_root;   /**< where the device is when it has come back; NULL = "/dev" */
} tty_device_t;

extern const linux_followed_ops_t tty_device_ops;

/** Opens, locks and sets up the device at @p path; on failure nothing stays open.
 *  @param out_device  what it is; all empty when sysfs does not know it
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    no such device, or it is not a serial device
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS       no permission
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         another program uses the device
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the device cannot do the rate
 *  @retval ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO */
esp_loader_error_t tty_device_open(tty_device_t *self, const char *path, linux_device_t *out_device);

#endif
