/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The codec of usbip_codec.h.
 */
#include "usbip_codec.h"

#include <stdio.h>
#include <string.h>

enum {
    VERSION = 0x0111,
    OP_REQUEST_LIST = 0x8005,
    OP_REPLY_LIST = 0x0005,
    OP_REQUEST_IMPORT = 0x8003,
    OP_REPLY_IMPORT = 0x0003,
    COMMAND_SUBMIT = 1,
    COMMAND_UNLINK = 2,
    REPLY_SUBMIT = 3,
    REPLY_UNLINK = 4,
    DIRECTION_OUT = 0,
    DIRECTION_IN = 1,
    ENDPOINT_MAX = 15,
    SPEED_FULL = 2,
    PATH_SIZE = 256,
};

static void put_be16(uint8_t *out, uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static void put_be32(uint8_t *out, uint32_t value)
{
    put_be16(out, (uint16_t)(value >> 16));
    put_be16(out + 2, (uint16_t)value);
}

static uint16_t get_be16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

static uint32_t get_be32(const uint8_t *data)
{
    return (uint32_t)get_be16(data) << 16 | get_be16(data + 2);
}

/* ---- before the import ---- */

fe_usbip_parse_t fe_usbip_parse_request(const uint8_t *data, size_t size, fe_usbip_request_t *out,
                                        size_t *out_needed)
{
    *out_needed = FE_USBIP_HEAD_SIZE;
    if (size < FE_USBIP_HEAD_SIZE) {
        return FE_USBIP_INCOMPLETE;
    }
    if (get_be16(data) != VERSION) {
        return FE_USBIP_MALFORMED;
    }

    *out = (fe_usbip_request_t){.verb = FE_USBIP_LIST};
    switch (get_be16(data + 2)) {
    case OP_REQUEST_LIST:
        return FE_USBIP_COMPLETE;
    case OP_REQUEST_IMPORT:
        *out_needed = FE_USBIP_IMPORT_SIZE;
        if (size < FE_USBIP_IMPORT_SIZE) {
            return FE_USBIP_INCOMPLETE;
        }
        out->verb = FE_USBIP_IMPORT;
        memcpy(out->busid, data + FE_USBIP_HEAD_SIZE, FE_USBIP_BUSID_SIZE);
        return FE_USBIP_COMPLETE;
    default:
        return FE_USBIP_MALFORMED;
    }
}

static void put_head(uint8_t *out, uint16_t code, uint32_t status)
{
    put_be16(out, VERSION);
    put_be16(out + 2, code);
    put_be32(out + 4, status);
}

size_t fe_usbip_put_list_head(uint8_t *out, uint32_t count)
{
    put_head(out, OP_REPLY_LIST, FE_USBIP_STATUS_OK);
    put_be32(out + FE_USBIP_HEAD_SIZE, count);
    return FE_USBIP_HEAD_SIZE + 4;
}

size_t fe_usbip_put_import_head(uint8_t *out, fe_usbip_status_t status)
{
    put_head(out, OP_REPLY_IMPORT, (uint32_t)status);
    return FE_USBIP_HEAD_SIZE;
}

/* NUL padded, and cut so that it also ends with a NUL. */
static void put_text(uint8_t *out, const char *text, size_t size)
{
    memset(out, 0, size);
    (void)snprintf((char *)out, size, "%s", text);
}

size_t fe_usbip_put_device(uint8_t *out, const fe_usbip_device_t *device)
{
    put_text(out, device->path, PATH_SIZE);
    out += PATH_SIZE;
    put_text(out, device->busid, FE_USBIP_BUSID_SIZE);
    out += FE_USBIP_BUSID_SIZE;
    put_be32(out, device->bus);
    put_be32(out + 4, device->number);
    put_be32(out + 8, SPEED_FULL);
    put_be16(out + 12, device->vendor);
    put_be16(out + 14, device->product);
    put_be16(out + 16, device->release);
    out[18] = device->device_class;
    out[19] = device->device_subclass;
    out[20] = device->device_protocol;
    out[21] = device->configuration;
    out[22] = device->configurations;
    out[23] = device->interfaces;
    return FE_USBIP_DEVICE_SIZE;
}

uint32_t fe_usbip_device_id(const fe_usbip_device_t *device)
{
    return device->bus << 16 | device->number;
}

/* ---- after the import ---- */

/* Offsets of the header's fields. */
enum {
    AT_SEQNUM = 4,
    AT_DEVICE_ID = 8,
    AT_DIRECTION = 12,
    AT_ENDPOINT = 16,
    AT_STATUS = 20, /* in a reply; in an unlink the victim */
    AT_LENGTH = 24,
    AT_SETUP = 40,
};

bool fe_usbip_parse_command(const uint8_t pdu[FE_USBIP_PDU_SIZE], fe_usbip_command_t *out)
{
    const uint32_t command = get_be32(pdu);
    const uint32_t direction = get_be32(pdu + AT_DIRECTION);
    const uint32_t endpoint = get_be32(pdu + AT_ENDPOINT);

    *out =
        (fe_usbip_command_t){.seqnum = get_be32(pdu + AT_SEQNUM), .device_id = get_be32(pdu + AT_DEVICE_ID)};
    if (command == COMMAND_UNLINK) {
        out->is_unlink = true;
        out->victim = get_be32(pdu + AT_STATUS);
        return true;
    }
    if (command != COMMAND_SUBMIT || direction > DIRECTION_IN || endpoint > ENDPOINT_MAX) {
        return false;
    }
    out->is_in = direction == DIRECTION_IN;
    out->endpoint = (uint8_t)endpoint;
    out->length = get_be32(pdu + AT_LENGTH);
    memcpy(out->setup, pdu + AT_SETUP, sizeof(out->setup));
    return out->length <= FE_USBIP_TRANSFER_MAX;
}

static void put_reply(uint8_t pdu[FE_USBIP_PDU_SIZE], uint32_t reply, uint32_t seqnum, int32_t status)
{
    memset(pdu, 0, FE_USBIP_PDU_SIZE);
    put_be32(pdu, reply);
    put_be32(pdu + AT_SEQNUM, seqnum);
    put_be32(pdu + AT_STATUS, (uint32_t)status);
}

void fe_usbip_put_submit_reply(uint8_t pdu[FE_USBIP_PDU_SIZE], uint32_t seqnum, int32_t status, uint32_t size)
{
    put_reply(pdu, REPLY_SUBMIT, seqnum, status);
    put_be32(pdu + AT_LENGTH, size);
}

void fe_usbip_put_unlink_reply(uint8_t pdu[FE_USBIP_PDU_SIZE], uint32_t seqnum, int32_t status)
{
    put_reply(pdu, REPLY_UNLINK, seqnum, status);
}
