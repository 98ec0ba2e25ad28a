/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The USB CDC ACM port: an ESP32-S2, -S3 or -P4 as USB host flashes what is plugged into it. It drives
 * Espressif's USB Host Library and CDC-ACM class driver, both of which the application installs
 * (examples/esp32_usb_cdc_acm).
 *
 * The port object is configuration only. What belongs to an open device lives in the port's own static table
 * (usb_cdc_link.c), so a driver callback that comes late never touches memory of the application.
 *
 * Calls on one port come from one task at a time. Unplugging may happen at any instant, deinit may come from
 * any other task: the call in progress then returns ESP_LOADER_ERROR_DISCONNECTED.
 *
 * Never call the port from the task that runs usb_host_lib_handle_events(): it would wait for itself.
 *
 * After ESP_LOADER_ERROR_DISCONNECTED or ESP_LOADER_ERROR_IO open the port again (init closes what it still
 * holds) or close it (deinit). Until one of them is called the USB Host Library does not accept the next
 * device.
 */
#ifndef ESP32_USB_CDC_ACM_PORT_H
#define ESP32_USB_CDC_ACM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** As device_vid or device_pid: any. With any of the two the port takes the first device it knows how to
 * drive. */
#define USB_VID_PID_AUTO_DETECT 0

#define ESPRESSIF_VID       0x303A
#define ESP_SERIAL_JTAG_PID 0x1001 /**< USB-Serial/JTAG of every chip that has one */

/** Bytes of the receive ring, from the heap while a device is open. An answer is a few bytes and boot text at
 * most about 2 KiB; what does not fit is reported as ESP_LOADER_ERROR_IO. */
#ifndef ESP32_USB_CDC_ACM_RX_RING_SIZE
#define ESP32_USB_CDC_ACM_RX_RING_SIZE 4096
#endif

/** How many ports can be open at once, each with a device of its own. Several devices with the same ids need
 * the CDC-ACM driver 2.4.0 or later, and cannot be CP210x or CH34x converters: their drivers open the first
 * one. */
#ifndef ESP32_USB_CDC_ACM_MAX_OPEN
#define ESP32_USB_CDC_ACM_MAX_OPEN 2
#endif

/** Runs in the CDC-ACM driver's task: give a semaphore or set a flag, do not block and do not call the port.
 * The one port call that is harmless there is deinit, which then only marks the port closed. Never runs after
 * deinit or the next init has returned. */
typedef void (*loader_port_esp32_usb_cdc_acm_callback_t)(void);

/** One port. Zero is the default of every field but port.ops. */
typedef struct {
    esp_loader_port_t port;         /**< port.ops = &esp32_usb_cdc_acm_ops */
    uint16_t device_vid;            /**< USB vendor id, USB_VID_PID_AUTO_DETECT = any */
    uint16_t device_pid;            /**< USB product id, USB_VID_PID_AUTO_DETECT = any */
    uint32_t connection_timeout_ms; /**< how long init waits for a device to appear; 0 = 1000 */
    uint32_t out_buffer_size; /**< largest bulk OUT transfer, bytes, allocated by the driver from DMA-capable
                                   memory; 0 = 4096, less than 64 = 64, more than 8128 = 8128 */
    loader_port_esp32_usb_cdc_acm_callback_t acm_host_error_callback; /**< a transfer failed; may be NULL */
    loader_port_esp32_usb_cdc_acm_callback_t device_disconnected_callback; /**< unplugged; may be NULL */
    loader_port_esp32_usb_cdc_acm_callback_t
        acm_host_serial_state_callback; /**< line state changed; may be NULL */
} esp32_usb_cdc_acm_port_t;

/** The port's operations. What init can return:
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    no such device within connection_timeout_ms
 *  @retval ESP_LOADER_ERROR_DISCONNECTED      it was unplugged, or the port closed, while it was being opened
 *  @retval ESP_LOADER_ERROR_PORT_BUSY         ESP32_USB_CDC_ACM_MAX_OPEN ports are open already
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  a CP210x or CH34x converter, and the build has no driver for
 *                                             it; or a second device with the same ids, and its driver opens
 *                                             the first
 *  @retval ESP_LOADER_ERROR_FAIL              not enough memory
 *  @retval ESP_LOADER_ERROR_IO                the CDC-ACM driver is not installed or could not open the
 *                                             device */
extern const esp_loader_port_ops_t esp32_usb_cdc_acm_ops;

/** Is the device that @p port has open still attached? For those who wait for it to be unplugged: the driver
 * says nothing of a device that left within microseconds after it was opened.
 *  @return false also when the port is not open */
bool esp32_usb_cdc_acm_is_attached(const esp32_usb_cdc_acm_port_t *port);

/** The USB serial number of the device that @p port has open, which on a chip's own USB is its MAC address.
 *  @param[out] buf   text; "" when it has none, or the port is not open
 *  @param      size  of buf, 1 or more; what is longer is cut */
void esp32_usb_cdc_acm_read_serial(const esp32_usb_cdc_acm_port_t *port, char *buf, size_t size);

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As esp32_usb_cdc_acm_port_t. */
typedef struct {
    uint16_t device_vid;
    uint16_t device_pid;
    uint32_t connection_timeout_ms;
    uint32_t out_buffer_size;
    loader_port_esp32_usb_cdc_acm_callback_t acm_host_error_callback;
    loader_port_esp32_usb_cdc_acm_callback_t device_disconnected_callback;
    loader_port_esp32_usb_cdc_acm_callback_t acm_host_serial_state_callback;
} loader_esp32_usb_cdc_acm_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_esp32_usb_cdc_acm_init(const loader_esp32_usb_cdc_acm_config_t *config);

/** Closes it; harmless when not open.
 *  @retval ESP_LOADER_SUCCESS  always */
esp_loader_error_t loader_port_esp32_usb_cdc_acm_deinit(void);

/** As esp32_usb_cdc_acm_is_attached(). */
bool loader_port_esp32_usb_cdc_acm_is_attached(void);

/** As esp32_usb_cdc_acm_read_serial(). */
void loader_port_esp32_usb_cdc_acm_read_serial(char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif
