/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire: a root port, or a hub with a few on it, whatever is plugged in, and the transfers on their way.
 * This is the bench's side; the library and driver stand-ins use usb_internal.h. Everything here is called
 * with the kernel's lock held, which is the case in every callback below.
 *
 * Facts the model keeps to: enumeration takes 0.45 s and is done by the task that handles library events; a
 * port whose device is gone enumerates nothing new until the old device has been closed; both bulk pipes
 * start at DATA0 when an interface is claimed while the device keeps its own toggles, and a packet with the
 * wrong toggle is acknowledged and dropped; a pipe stays halted after an error.
 */
#ifndef IDF_HOST_USB_BUS_H
#define IDF_HOST_USB_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"

/** A thing with a USB plug. Times are the kernel's. */
typedef struct {
    uint16_t vid;
    uint16_t pid;
    bool is_vendor_specific; /**< a bulk pair instead of a CDC-ACM function */
    char serial[20];
    bool has_bad_serial; /**< its serial number's descriptor claims serial_length bytes */
    uint8_t serial_length;
    void *model;
    size_t (*write)(void *model, const uint8_t *data, size_t size); /**< takes bytes; 0 = NAK */
    size_t (*read)(void *model, uint8_t *buf, size_t capacity);     /**< one packet; 0 = NAK */
    void (*set_lines)(void *model, bool dtr, bool rts);
    void (*set_rate)(void *model, uint32_t rate_baud);
    void (*run_until)(void *model, uint64_t time_us);
    uint64_t (*next_event_us)(void *model);
    bool (*is_attached)(void *model); /**< false: off the bus by its own doing */
    bool is_instant; /**< its packets take no time, so the driver's task and the reader's run in parallel */
    bool toggle_out; /**< DATA1 expected next */
    bool toggle_in;  /**< DATA1 sent next */
} usb_gadget_t;

typedef enum { BUS_OUT = 0, BUS_IN, BUS_CONTROL } bus_endpoint_t;

/** When a watcher is asked: before the data of a transfer moves, after it has but nobody was told, and after
 * each packet of an OUT transfer. */
typedef enum { BUS_BEFORE = 0, BUS_AFTER, BUS_PACKET } bus_moment_t;

/** What then happens. */
typedef enum {
    BUS_GO_ON = 0,
    BUS_UNPLUG, /**< the cable is pulled at this moment */
    BUS_ERROR,  /**< BEFORE only: the transfer fails and halts its pipe; on the control pipe it is a stall */
    BUS_STUCK,  /**< BEFORE only: the device does not answer */
} bus_action_t;

/** Asked twice per transfer; transfers are numbered from 0 in the order in which they start. Packets have
 * numbers of their own. */
typedef bus_action_t (*bus_watcher_t)(void *arg, unsigned number, bus_endpoint_t endpoint,
                                      bus_moment_t moment);

const machine_t *bus_machine(void);
void bus_watch(bus_watcher_t watcher, void *arg);
/** Something to do later. */
void bus_after(uint64_t delay_us, void (*function)(void *arg), void *arg);

/** A gadget has something to send that it has not announced by next_event_us(). */
void bus_poke(void);

#define BUS_PORTS 4u

/** Into and from the first port. */
void bus_plug(usb_gadget_t *gadget);
void bus_unplug(void);
bool bus_is_plugged(void);
/** Into and from any, as if a hub were on the root port. */
void bus_plug_into(unsigned port, usb_gadget_t *gadget);
void bus_unplug_from(unsigned port);
/** Nobody is told of the next disconnect. */
void bus_lose_disconnect(void);
/** Devices the library has not freed yet. */
unsigned bus_device_count(void);
/** Makes the library announce @p flags as it would at its end. */
void bus_raise_library_flags(uint32_t flags);
unsigned bus_transfer_count(void);
/** Sizes of the last OUT transfers, newest first. */
size_t bus_out_size(unsigned age);

#endif
