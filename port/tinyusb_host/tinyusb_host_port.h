/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for what is plugged into a microcontroller that is USB host by TinyUSB (0.17 to 0.21): a chip's own USB, or a UART
 * bridge that TinyUSB's CDC host drives. The program starts the stack (tusb_init()) and configures it (README.md).
 *
 * Without an operating system the port runs the stack while it waits. With one, a task of the program runs tuh_task(), and
 * `wait` is set; calls on one port come from one task. Never call the port from a callback of TinyUSB.
 *
 * After ESP_LOADER_ERROR_DISCONNECTED open the port again: what is plugged in next, also the same chip after a reset that took
 * it off the bus, is another device.
 */
#ifndef TINYUSB_HOST_PORT_H
#define TINYUSB_HOST_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tusb.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One port. Zero is the default of every setting but port.ops and now_ms. It holds as many bytes as TinyUSB's receive FIFO,
 * so it is too large for a stack. */
typedef struct {
    esp_loader_port_t port;   /**< .ops = &tinyusb_host_ops */
    uint32_t (*now_ms)(void); /**< milliseconds from any start; may wrap */
    void (*wait)(
        uint32_t
            ms); /**< the port has nothing to do for at most so long; returns sooner when something may have
                                    happened. NULL = the port runs tuh_task_ext() */
    uint16_t device_vid;    /**< USB vendor id, 0 = any */
    uint16_t device_pid;    /**< USB product id, 0 = any */
    uint8_t device_address; /**< of the mounted device, as tuh_mount_cb() has it; 0 = any */
    uint8_t
        first_interface; /**< lowest interface number: 1 takes channel B of an FT2232, which is the UART of an ESP-Prog */
    uint32_t connection_timeout_ms; /**< how long init waits for a device to be mounted; 0 = 2000 */

    struct {
        bool is_open;
        volatile bool is_gone;
        uint8_t index; /**< of TinyUSB's CDC interface */
        bool is_acm;
        const struct tinyusb_host_device *device;
        uint32_t rate_baud;
        uint32_t given_at_ms;  /**< when the bridge was last given bytes */
        uint32_t sends_for_ms; /**< how long it needs from then on */
        volatile bool is_answered;
        bool is_stuck; /**< a request was not answered, and the controller cannot end it */
        volatile uint16_t request;
        volatile xfer_result_t result;
        size_t rest_taken;
        volatile size_t rest_size;
        uint8_t rest[CFG_TUH_CDC_RX_BUFSIZE]; /**< what the FIFO held when the device left */
    } _state;
} tinyusb_host_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM   no now_ms
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  no such device was mounted within connection_timeout_ms
 *  @retval ESP_LOADER_ERROR_PORT_BUSY       all of them are open by other ports
 *  @retval ESP_LOADER_ERROR_DISCONNECTED    it was unplugged meanwhile
 *  @retval ESP_LOADER_ERROR_IO              the stack does not run, or a request to the device failed */
extern const esp_loader_port_ops_t tinyusb_host_ops;

/** To be called by the program's tuh_cdc_umount_cb() where it has one of its own. The port defines that callback unless
 * TINYUSB_HOST_PORT_NO_CALLBACK is defined. */
void tinyusb_host_port_unmounted(uint8_t index);

/* ---- the same for programs in the 1.x form (esp_loader_v1.h) ---- */

/** As tinyusb_host_port_t. */
typedef struct {
    uint32_t (*now_ms)(void);
    void (*wait)(uint32_t ms);
    uint16_t device_vid;
    uint16_t device_pid;
    uint8_t device_address;
    uint8_t first_interface;
    uint32_t connection_timeout_ms;
} loader_tinyusb_host_config_t;

/** Opens the one port of a 1.x program, closing it first if it is open; @p config is copied.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p config is NULL
 *  @return otherwise as init above */
esp_loader_error_t loader_port_tinyusb_host_init(const loader_tinyusb_host_config_t *config);

/** Closes it; harmless when not open. */
void loader_port_tinyusb_host_deinit(void);

#ifdef __cplusplus
}
#endif

#endif
