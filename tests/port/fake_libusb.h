/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of libusb that port/linux_usb calls, played by the test: what dlopen() finds is the
 * program itself. One device with the descriptors of the USB-Serial/JTAG peripheral. Misuse that the real library
 * would answer with a crash or a leak fails the test. Waiting moves a clock instead of taking time.
 */
#ifndef FAKE_LIBUSB_H
#define FAKE_LIBUSB_H

#include <libusb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAKE_USB_OUT_SIZE = 65536, FAKE_USB_LINES_MAX = 64 };

/** What the test sets and looks at; fake_usb_start() gives the defaults. */
typedef struct {
    bool is_plugged;
    const char *path;      /**< "1-2" */
    bool is_absent;        /**< libusb is not installed */
    const char *lacks;     /**< function that it does not have, NULL: none */
    int open_result;       /**< of libusb_open() */
    int claim_result;      /**< of libusb_claim_interface() */
    int control_result;    /**< of libusb_control_transfer(), if not 0 */
    bool has_no_cdc;       /**< a device without serial port */
    bool has_no_hotplug;   /**< unplugging is only noticed by transfers */
    bool never_calls_back; /**< cancelling is in vain */

    size_t out_room;                       /**< bytes the device takes before it holds transfers back */
    enum libusb_transfer_status in_status; /**< if not COMPLETED, the next receiving transfer ends so */
    enum libusb_transfer_status out_status;

    uint8_t out[FAKE_USB_OUT_SIZE]; /**< what the device has got */
    size_t out_size;
    unsigned out_transfers;
    uint8_t lines[FAKE_USB_LINES_MAX]; /**< bit 0 DTR, bit 1 RTS */
    size_t line_count;
    uint32_t rate_baud;
    unsigned halts_cleared;

    unsigned pending_in; /**< transfers the device could answer at once */
    unsigned longest_in; /**< their longest */
    unsigned pending_total;
    unsigned transfers; /**< allocated */
    unsigned contexts;
    unsigned handles;
    unsigned claimed; /**< bit per interface */
    int driver_has;   /**< interfaces the kernel's driver has been given back */
} fake_usb_state_t;

extern fake_usb_state_t fake_usb;

/** A device plugged in at "1-2", nothing else open. */
void fake_usb_start(void);

/** The device sends a packet. It is delivered when the port next handles events, as long as a transfer is
 * there to take it. */
void fake_usb_send(const void *packet, size_t size);

/** The device leaves: pending transfers end, hot-plug callbacks are made, both when events are next handled.
 */
void fake_usb_unplug(void);

/** Calls @p act once, after that many milliseconds of waiting. */
void fake_usb_after(uint32_t ms, void (*act)(void));

/** A device comes (again). */
void fake_usb_plug(void);

/** Keeps a link that was never closed, whose memory would count as lost, and forgets all about it. */
void fake_usb_abandon(void);

/** Fails the test unless everything has been given back. */
void fake_usb_check_all_released(void);

#endif
