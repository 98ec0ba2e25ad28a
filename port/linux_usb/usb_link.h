/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One open CDC ACM device through libusb: bytes in both directions, control lines, rate. Everything happens
 * inside these functions and in the caller's thread. When the device has left, every function reports that
 * and none waits; the link can then only be closed.
 */
#ifndef ESP_LOADER_PORT_USB_LINK_H
#define ESP_LOADER_PORT_USB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_error.h"

typedef struct usb_link_s usb_link_t;

/** Opens the device in the physical port @p usb_path ("1-2.3") and takes it from the kernel's driver;
 * receiving begins at once.
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  nothing is plugged in there, or it is not a CDC ACM device
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS     no permission
 *  @retval ESP_LOADER_ERROR_PORT_BUSY       another program has claimed it
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  libusb is not installed
 *  @retval ESP_LOADER_ERROR_IO              anything else */
esp_loader_error_t usb_link_open(const char *usb_path, usb_link_t **out_link);

/** Gives the device back to the kernel's driver. Takes at most 2 s; NULL is harmless. */
void usb_link_close(usb_link_t *link);

/** Has the device left the bus? */
bool usb_link_is_gone(usb_link_t *link);

/** As `write_all` of esp_loader_io.h, until @p deadline_us of posix_now_us(). */
esp_loader_error_t usb_link_write(usb_link_t *link, const uint8_t *data, size_t size, uint64_t deadline_us,
                                  size_t *out_written);

/** As `read_some` of esp_loader_io.h, until @p deadline_us. */
esp_loader_error_t usb_link_read(usb_link_t *link, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                 size_t *out_read);

/** Sets both lines in one request; takes at most 1 s.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the device refuses the request
 *  @retval ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO */
esp_loader_error_t usb_link_set_lines(usb_link_t *link, bool dtr, bool rts);

/** Sets the rate, 8N1; takes at most 1 s. Errors as above. */
esp_loader_error_t usb_link_set_rate(usb_link_t *link, uint32_t rate_baud);

/** Lets received packets in until @p until_us, or until the device has left. */
void usb_link_wait(usb_link_t *link, uint64_t until_us);

#endif
