/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tables of usj_descriptors.h. Sources: ESP32-C3 TRM chapter 30 and ESP32-S3 TRM chapter 33 (USB
 * Serial/JTAG), ESP-IDF's register header usb_serial_jtag_reg.h (endpoint numbers), and descriptor dumps of
 * boards in public bug reports (sizes, ids, strings). Their total of 98 bytes leaves one way to fill them;
 * what no source shows is marked below and is what the class specification (USB CDC 1.2, PSTN 1.2) makes
 * usual.
 */
#include "usj_descriptors.h"

#include <stdio.h>
#include <string.h>

enum {
    TYPE_DEVICE = 1,
    TYPE_CONFIGURATION = 2,
    TYPE_STRING = 3,
    LANGUAGE_ENGLISH_US = 0x0409,
    STRING_MANUFACTURER = 1,
    STRING_PRODUCT = 2,
    STRING_SERIAL = 3,
};

static const uint8_t device[] = {
    18,
    TYPE_DEVICE,
    0x00, /* USB 2.00 */
    0x02,
    FE_USJ_CLASS,
    FE_USJ_SUBCLASS,
    FE_USJ_PROTOCOL,
    FE_USJ_PACKET_SIZE,
    FE_USJ_VENDOR & 0xFF,
    FE_USJ_VENDOR >> 8,
    FE_USJ_PRODUCT & 0xFF,
    FE_USJ_PRODUCT >> 8,
    FE_USJ_RELEASE & 0xFF,
    FE_USJ_RELEASE >> 8,
    STRING_MANUFACTURER,
    STRING_PRODUCT,
    STRING_SERIAL,
    1, /* configurations */
};

/* clang-format off */
static const uint8_t configuration[98] = {
    9, TYPE_CONFIGURATION, 98, 0, FE_USJ_INTERFACES, FE_USJ_CONFIGURATION, 0, 0xC0, 0xFA, /* self-powered, 500 mA */
    8, 11, 0, 2, 0x02, 0x02, 0x00, 0,            /* association: interfaces 0 and 1 are one CDC ACM function */
    9, 4, 0, 0, 1, 0x02, 0x02, 0x00, 0,          /* interface 0: CDC control; its protocol is not documented */
    5, 0x24, 0x00, 0x10, 0x01,                   /* CDC header, 1.10; the order of these four is not documented */
    5, 0x24, 0x01, 0x00, 1,                      /* call management: none; data interface 1 */
    4, 0x24, 0x02, 0x02,                         /* ACM: line coding and control line state */
    5, 0x24, 0x06, 0, 1,                         /* union: control 0, data 1 */
    7, 5, 0x82, 3, FE_USJ_PACKET_SIZE, 0, 1,     /* interrupt IN; its size and interval are not documented */
    9, 4, 1, 0, 2, 0x0A, 0x00, 0x00, 0,          /* interface 1: CDC data */
    7, 5, 0x01, 2, FE_USJ_PACKET_SIZE, 0, 0,     /* bulk OUT; which of the two is first is not documented */
    7, 5, 0x81, 2, FE_USJ_PACKET_SIZE, 0, 0,     /* bulk IN */
    9, 4, 2, 0, 2, 0xFF, 0xFF, 0x01, 0,          /* interface 2: JTAG; its subclass and protocol are not documented */
    7, 5, 0x02, 2, FE_USJ_PACKET_SIZE, 0, 0,     /* bulk OUT */
    7, 5, 0x83, 2, FE_USJ_PACKET_SIZE, 0, 0,     /* bulk IN */
};
/* clang-format on */

enum { INTERFACE_CLASS_AT = 5 };
static const uint8_t interface_at[FE_USJ_INTERFACES] = {17, 52, 75};

bool fe_usj_has_endpoint(unsigned number, bool is_in)
{
    return number <= (is_in ? FE_USJ_IN_JTAG : FE_USJ_OUT_JTAG);
}

const uint8_t *fe_usj_interface_class(unsigned number)
{
    return configuration + interface_at[number] + INTERFACE_CLASS_AT;
}

/** The serial number string of a chip. */
static void write_serial(const uint8_t mac[6], char out_serial[FE_USJ_SERIAL_SIZE])
{
    (void)snprintf(out_serial, FE_USJ_SERIAL_SIZE, "%02X:%02X:%02X:%02X:%02X:%02X", mac[0], mac[1], mac[2],
                   mac[3], mac[4], mac[5]);
}

static size_t put_string(const char *text, uint8_t out[FE_USJ_DESCRIPTOR_MAX])
{
    size_t size = 2;
    for (; *text != '\0'; text++) {
        out[size++] = (uint8_t)*text;
        out[size++] = 0;
    }
    out[0] = (uint8_t)size;
    out[1] = TYPE_STRING;
    return size;
}

static size_t put_languages(uint8_t out[FE_USJ_DESCRIPTOR_MAX])
{
    out[0] = 4;
    out[1] = TYPE_STRING;
    out[2] = LANGUAGE_ENGLISH_US & 0xFF;
    out[3] = LANGUAGE_ENGLISH_US >> 8;
    return 4;
}

static size_t string_descriptor(uint8_t index, const uint8_t mac[6], uint8_t out[FE_USJ_DESCRIPTOR_MAX])
{
    char serial[FE_USJ_SERIAL_SIZE];
    switch (index) {
    case 0:
        return put_languages(out);
    case STRING_MANUFACTURER:
        return put_string("Espressif", out);
    case STRING_PRODUCT:
        return put_string("USB JTAG/serial debug unit", out);
    case STRING_SERIAL:
        write_serial(mac, serial);
        return put_string(serial, out);
    default:
        return 0;
    }
}

size_t fe_usj_descriptor(uint8_t type, uint8_t index, const uint8_t mac[6],
                         uint8_t out[FE_USJ_DESCRIPTOR_MAX])
{
    if (type == TYPE_STRING) {
        return string_descriptor(index, mac, out);
    }
    if (type == TYPE_DEVICE && index == 0) {
        memcpy(out, device, sizeof(device));
        return sizeof(device);
    }
    if (type == TYPE_CONFIGURATION && index == 0) {
        memcpy(out, configuration, sizeof(configuration));
        return sizeof(configuration);
    }
    return 0; /* among them the device qualifier: a device that has only full speed has none */
}
