/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A USB/IP client for tests: what a kernel's virtual host controller does, in a few calls, with the replies
 * kept until they are asked for. A second reading of the protocol: it shares no code with the simulator.
 * Source: Linux, Documentation/usb/usbip_protocol.rst.
 */
#ifndef USBIP_CLIENT_H
#define USBIP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USBIP_DATA_SIZE = 4096, USBIP_REPLIES = 64, USBIP_STALL = -32, USBIP_UNLINKED = -104 };

typedef struct {
    uint32_t command; /**< 3 = of a submit, 4 = of an unlink */
    uint32_t seqnum;
    int32_t status;
    uint32_t size; /**< bytes moved */
    uint8_t data[USBIP_DATA_SIZE];
} usbip_reply_t;

typedef struct {
    int fd;
    uint32_t device_id;
    uint32_t seqnum;        /**< of the last command */
    bool is_in[1024];       /**< of the command with that number, modulo */
    usbip_reply_t *replies; /**< that came and were not asked for yet, in order */
    size_t count;
} usbip_client_t;

typedef enum {
    USBIP_DONE = 0,
    USBIP_TIMEOUT,
    USBIP_GONE, /**< the server has closed the connection */
} usbip_result_t;

/** Ids of the boards the server offers, blank separated. */
void usbip_list(const char *where, char *out_boards, size_t size);
/** Connects and imports a board; 0, or the server's status and no connection. */
uint32_t usbip_import(usbip_client_t *client, const char *where, const char *board);
void usbip_close(usbip_client_t *client);

/** Submits a transfer without waiting; returns its number. @p setup only for endpoint 0; @p data NULL for IN.
 */
uint32_t usbip_submit(usbip_client_t *client, unsigned endpoint, const uint8_t setup[8], const void *data,
                      size_t size);
/** Gives up a transfer; returns the number of this command. */
uint32_t usbip_unlink(usbip_client_t *client, uint32_t victim);
/** Waits for the reply to a command. */
usbip_result_t usbip_wait(usbip_client_t *client, uint32_t seqnum, uint32_t timeout_ms,
                          usbip_reply_t *out_reply);

/** A whole control transfer; IN if the type says so. False when the connection is gone. */
bool usbip_control(usbip_client_t *client, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                   uint16_t length, usbip_reply_t *out_reply);
/** SET_CONTROL_LINE_STATE; false when it was not accepted. */
bool usbip_set_lines(usbip_client_t *client, bool dtr, bool rts);

#endif
