/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stand-in from inside: the stack's interfaces, its events and its one control transfer.
 */
#ifndef FAKE_USB_HOST_H
#define FAKE_USB_HOST_H

#include "tinyusb_rig.h"

enum { FAKE_PACKET_SIZE = 64, FAKE_QUEUED_REQUESTS = 4 };

typedef struct {
    uint8_t bytes[CFG_TUH_CDC_RX_BUFSIZE];
    size_t count;
} fake_fifo_t;

/** cdch_interface_t, and what is plugged in there. */
typedef struct {
    const tinyusb_device_t *device;
    uint8_t address; /**< 0 = the entry is free */
    bool is_mounted;
    fake_fifo_t received;
    fake_fifo_t to_send;
    bool is_in_armed;
    bool is_out_busy;
    uint8_t packet[FAKE_PACKET_SIZE];
    size_t packet_size;
    uint8_t data_bits;
    uint32_t attachment;
    bool is_unplugged; /**< and the stack does not know yet */
} fake_interface_t;

typedef enum { FAKE_SET_LINES, FAKE_SET_RATE, FAKE_SOMEBODY_ELSES } fake_request_kind_t;

typedef struct {
    fake_request_kind_t kind;
    uint8_t index;
    uint32_t value;
    uint8_t data_bits;
    tuh_xfer_cb_t callback;
    uintptr_t user_data;
} fake_request_t;

/** NULL = nothing is there, not even in enumeration. */
fake_interface_t *fake_interface(uint8_t index);
/** Asks for a packet where there is room for one, and none was asked for. */
void fake_arm_in(fake_interface_t *itf);
/** Starts to send. @return bytes that left the FIFO */
uint32_t fake_start_out(fake_interface_t *itf);
/** false = the stack does not take it. */
bool fake_put_request(const fake_request_t *request);
/** Ends the request that is under way, if it is to that device. */
bool fake_abort_request(uint8_t address);
/** What goes wrong. */
const tinyusb_faults_t *fake_faults(void);

#endif
