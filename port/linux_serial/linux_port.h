/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for serial devices of Linux: /dev/ttyACM*, /dev/ttyUSB*, /dev/ttyS*, and pseudo terminals. It opens
 * the device for itself alone, moves bytes, sets the rate and drives reset and boot, either by DTR/RTS or by
 * two GPIO lines. When to reset and how long is the library's business. For TCP see port/net/net_port.h, for
 * USB without a tty port/linux_usb/linux_usb_port.h.
 *
 * A chip on USB that leaves the bus because it was reset is opened again when it comes back to the same
 * physical port, whatever its name is then. Meanwhile reading and writing time out, setting lines waits up to
 * 5 s, and releasing both lines waits up to 2 s and succeeds: a device that has left has released them.
 */
#ifndef LINUX_PORT_H
#define LINUX_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"
#include "linux_followed.h"
#include "tty_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the target is reset and put into download mode. */
typedef enum {
    LINUX_GPIO_NONE = 0, /**< not at all: the user holds the boot button */
    LINUX_GPIO_GPIOD,    /**< two lines of a GPIO chip, through the kernel's character device */
    LINUX_GPIO_DTR_RTS,  /**< the serial device's own DTR and RTS */
} linux_gpio_mode_t;

/** One serial device. What a designated initialiser does not name is zero: the default of the second group
 *  of fields, and required for `_followed` and `_state`. */
typedef struct {
    esp_loader_port_t port;           /**< .ops = &linux_uart_ops */
    esp_loader_log_level_t log_level; /**< highest level written to standard error; 0 = nothing is */
    linux_followed_t _followed;
    const char *device; /**< path, e.g. "/dev/ttyACM0"; must stay valid while the port is used */
    uint32_t baudrate;  /**< rate after opening, baud; any the hardware can do; 0 = 115200 */
    linux_gpio_mode_t gpio_mode;
    const char *gpio_chip_path; /**< LINUX_GPIO_GPIOD only, e.g. "/dev/gpiochip0" */
    uint32_t reset_pin;         /**< line offset wired to the target's reset (EN) */
    uint32_t boot_pin;          /**< line offset wired to the target's strapping pin */

    bool is_reset_inverted; /**< false: reset is active when the pin is low (GPIO) or RTS asserted */
    bool is_boot_inverted;  /**< false: boot is active when the pin is low (GPIO) or DTR asserted */
    uint32_t reset_hold_ms; /**< GPIO only; 0 = SERIAL_FLASHER_RESET_HOLD_TIME_MS */
    uint32_t boot_hold_ms;  /**< GPIO only, after reset; 0 = SERIAL_FLASHER_BOOT_HOLD_TIME_MS */
    const char *sysfs_root; /**< NULL = "/sys" */
    const char *dev_root;   /**< where a device that comes back is opened; NULL = "/dev" */

    struct {
        tty_device_t tty;
        int gpio_fd; /**< only in LINUX_GPIO_GPIOD mode */
    } _state;
} linux_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     device, GPIO chip or mode is missing or impossible
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    no such device or GPIO chip, or it is not a serial device
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS       no permission
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         another program uses the device or the GPIO lines
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the device cannot do `baudrate`
 *  @retval ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO  it failed while being set up
 *
 *  After closing, DTR and RTS stay as they were: the port clears HUPCL. `init` replaces port.ops by the
 *  table that fits `gpio_mode`; all share the same `init`. */
extern const esp_loader_port_ops_t linux_uart_ops;

#ifdef __cplusplus
}
#endif

#endif
