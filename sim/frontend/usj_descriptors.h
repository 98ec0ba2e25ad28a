/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the USB-Serial/JTAG device of a chip says of itself. The hardware's descriptors are fixed; only the
 * serial number, the base MAC address, differs from chip to chip.
 */
#ifndef FE_USJ_DESCRIPTORS_H
#define FE_USJ_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FE_USJ_VENDOR = 0x303A,
    FE_USJ_PRODUCT = 0x1001,
    FE_USJ_RELEASE = 0x0101, /**< of C3 and S3; 0x0102 was seen on a P4 */
    FE_USJ_CLASS = 0xEF,     /**< with subclass and protocol: interfaces are grouped by associations */
    FE_USJ_SUBCLASS = 0x02,
    FE_USJ_PROTOCOL = 0x01,
    FE_USJ_CONFIGURATION = 1,
    FE_USJ_INTERFACES = 3,
    FE_USJ_PACKET_SIZE = 64, /**< of every endpoint */
    FE_USJ_SERIAL_SIZE = 18, /**< "AA:BB:CC:DD:EE:FF" */
    FE_USJ_DESCRIPTOR_MAX = 255,
};

/** Endpoints by number, without the direction bit. */
enum {
    FE_USJ_OUT_SERIAL = 1,
    FE_USJ_OUT_JTAG = 2,
    FE_USJ_IN_SERIAL = 1,
    FE_USJ_IN_NOTIFY = 2, /**< never sends anything */
    FE_USJ_IN_JTAG = 3,
    FE_USJ_ENDPOINTS = 4, /**< numbers are smaller than this */
};

/** Whether the device has such an endpoint; number 0 is the control endpoint, which is both. */
bool fe_usj_has_endpoint(unsigned number, bool is_in);

/** Class, subclass and protocol of an interface; @p number is smaller than FE_USJ_INTERFACES. */
const uint8_t *fe_usj_interface_class(unsigned number);

/** The descriptor of @p type (high byte of wValue) and @p index (low byte); 0 when there is none.
 *  @return its size, at most FE_USJ_DESCRIPTOR_MAX */
size_t fe_usj_descriptor(uint8_t type, uint8_t index, const uint8_t mac[6],
                         uint8_t out[FE_USJ_DESCRIPTOR_MAX]);

#endif
