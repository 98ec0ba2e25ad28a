/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the stand-ins for wire (usb_bus.c), USB Host Library (usb_host.c) and CDC-ACM driver (cdc_acm_host.c)
 * know of each other. All functions are called with the kernel's lock held.
 */
#ifndef IDF_HOST_USB_INTERNAL_H
#define IDF_HOST_USB_INTERNAL_H

#include "usb/usb_host.h"

#include "usb_bus.h"

/** Values of the real usb_transfer_status_t. */
typedef enum {
    TRANSFER_COMPLETED = 0,
    TRANSFER_ERROR = 1,
    TRANSFER_CANCELED = 3,
    TRANSFER_STALL = 4,
    TRANSFER_NO_DEVICE = 7,
} transfer_status_t;

typedef struct transfer transfer_t;
struct transfer {
    usb_device_handle_t device;
    bus_endpoint_t endpoint;
    uint8_t *data;
    size_t size;
    size_t moved;
    transfer_status_t status;
    bool is_in_flight; /**< from submit until just before the callback */
    bool is_in_callback;
    bool is_stuck;
    unsigned number;
    uint64_t due_us;
    void (*callback)(transfer_t *transfer);
    void *context;
    transfer_t *next_done;
};

typedef struct {
    transfer_t *transfer;
    bool is_halted;
    bool toggle;
} pipe_t;

#define CONFIG_SIZE 98

struct usb_device_handle_s {
    uint8_t address;
    unsigned port;
    bool has_left; /**< but the library's task has not seen it yet */
    bool is_gone;
    unsigned open_count;
    usb_gadget_t *gadget; /**< NULL once gone */
    usb_device_desc_t descriptor;
    uint8_t config[CONFIG_SIZE];
    uint8_t serial[2 + 2 * 20];
    pipe_t pipes[3];                 /**< by bus_endpoint_t */
    usb_host_client_handle_t client; /**< whose transfers run */
};

/* ---- usb_bus.c ---- */

/** The device that was made for the gadget plugged in. */
void bus_use(usb_device_handle_t device);
esp_err_t bus_submit(transfer_t *transfer);
/** Takes a transfer off its pipe and hands it in with CANCELED. */
void bus_cancel(transfer_t *transfer);
/** A transfer that will never come back is freed with its device. */
void bus_forget(const transfer_t *transfer);
/** The library has freed the device of the port: the next one may come. */
void bus_recycle_port(unsigned port);

/* ---- usb_host.c ---- */

void lib_attached(unsigned port, usb_gadget_t *gadget);
void lib_detached(unsigned port);
void lib_done(transfer_t *transfer);

#endif
