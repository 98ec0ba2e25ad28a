/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The messages of USB/IP 1.1.1 as values: what a client asks (list, import, then USB transfers) and what a
 * server answers. Pure: no sockets, no state, nothing trusted. Numbers of the protocol are big-endian; setup
 * bytes and payload are in USB's own order and pass through. Source: Linux,
 * Documentation/usb/usbip_protocol.rst, and tools/usb/usbip (status codes).
 */
#ifndef FE_USBIP_CODEC_H
#define FE_USBIP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FE_USBIP_HEAD_SIZE = 8,   /**< what every message before the import begins with */
    FE_USBIP_BUSID_SIZE = 32, /**< NUL padded */
    FE_USBIP_IMPORT_SIZE = FE_USBIP_HEAD_SIZE + FE_USBIP_BUSID_SIZE,
    FE_USBIP_DEVICE_SIZE = 312, /**< a device in a reply */
    FE_USBIP_INTERFACE_SIZE = 4,
    FE_USBIP_PDU_SIZE = 48,              /**< every command and reply after the import, without payload */
    FE_USBIP_TRANSFER_MAX = 1024 * 1024, /**< largest transfer this server takes; usbfs allows no more than
                                              16 MiB for all of a host's transfers together */
};

/** Why an import is refused, or not. */
typedef enum {
    FE_USBIP_STATUS_OK = 0,
    FE_USBIP_STATUS_BUSY = 2,      /**< another client has it already */
    FE_USBIP_STATUS_NO_DEVICE = 4, /**< not on the bus, or unknown */
} fe_usbip_status_t;

/** Results of transfers: Linux error numbers, as they are on the wire. */
enum {
    FE_USBIP_STALL = -32,     /**< EPIPE */
    FE_USBIP_OVERFLOW = -75,  /**< EOVERFLOW: the device sent more than was asked for */
    FE_USBIP_UNLINKED = -104, /**< ECONNRESET */
};

/* ---- before the import ---- */

typedef enum {
    FE_USBIP_LIST = 0,
    FE_USBIP_IMPORT,
} fe_usbip_verb_t;

typedef struct {
    fe_usbip_verb_t verb;
    char busid[FE_USBIP_BUSID_SIZE + 1]; /**< import only */
} fe_usbip_request_t;

typedef enum {
    FE_USBIP_COMPLETE = 0,
    FE_USBIP_INCOMPLETE, /**< more bytes are needed */
    FE_USBIP_MALFORMED,
} fe_usbip_parse_t;

/** Reads a request from its first @p size bytes. @p out_needed is its size in bytes as far as it is known: a
 *  server that reads no more than that leaves what follows the request in the socket. */
fe_usbip_parse_t fe_usbip_parse_request(const uint8_t *data, size_t size, fe_usbip_request_t *out,
                                        size_t *out_needed);

/** What a reply says of a device. */
typedef struct {
    const char *path;
    const char *busid;
    uint32_t bus;
    uint32_t number; /**< of the device on the bus */
    uint16_t vendor, product, release;
    uint8_t device_class, device_subclass, device_protocol;
    uint8_t configuration, configurations, interfaces;
} fe_usbip_device_t;

/** Head of the reply to a list request, with the number of devices that follow: 12 bytes. */
size_t fe_usbip_put_list_head(uint8_t *out, uint32_t count);
/** Head of the reply to an import: 8 bytes. A device follows when the status is OK. */
size_t fe_usbip_put_import_head(uint8_t *out, fe_usbip_status_t status);
/** A full-speed device: FE_USBIP_DEVICE_SIZE bytes. */
size_t fe_usbip_put_device(uint8_t *out, const fe_usbip_device_t *device);
/** How the device is called in the commands that follow its import. */
uint32_t fe_usbip_device_id(const fe_usbip_device_t *device);

/* ---- after the import ---- */

typedef struct {
    bool is_unlink;
    uint32_t seqnum;
    uint32_t device_id;
    /* submit */
    bool is_in;
    uint8_t endpoint; /**< without the direction bit */
    uint32_t length;  /**< bytes that follow (OUT) or are asked for (IN), at most FE_USBIP_TRANSFER_MAX */
    uint8_t setup[8];
    /* unlink */
    uint32_t victim; /**< seqnum of the transfer that is to be given up */
} fe_usbip_command_t;

/** Reads a command's header; false when no client may send that. */
bool fe_usbip_parse_command(const uint8_t pdu[FE_USBIP_PDU_SIZE], fe_usbip_command_t *out);

/** Header of the reply to a submit. @p size is the number of bytes that were moved; they follow if the
 *  transfer was IN. */
void fe_usbip_put_submit_reply(uint8_t pdu[FE_USBIP_PDU_SIZE], uint32_t seqnum, int32_t status,
                               uint32_t size);
/** The reply to an unlink, with the unlink's own seqnum: FE_USBIP_UNLINKED, or 0 when it came too late. */
void fe_usbip_put_unlink_reply(uint8_t pdu[FE_USBIP_PDU_SIZE], uint32_t seqnum, int32_t status);

#endif
