/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The listening socket of --usbip, one for all boards. A client says there which board it wants, or asks for
 * the list; its connection then belongs to that board's cable (usbip_cable.c).
 */
#ifndef FE_USBIP_HUB_H
#define FE_USBIP_HUB_H

#include "endpoint.h"
#include "usbip_codec.h"

/** What the hub knows of a board. */
typedef struct {
    fe_usbip_device_t device;
    const uint8_t *(*interface_class)(unsigned number); /**< of each of its interfaces, three bytes */
    /** Whether it can be imported now. */
    fe_usbip_status_t (*status)(const fe_endpoint_t *cable);
    /** Takes over the connection of a client that has asked for this board and got no answer yet. */
    void (*import)(fe_endpoint_t *cable, int client);
    fe_endpoint_t *cable;
} fe_usbip_board_t;

/** Listens at "HOST:PORT", ":PORT" or "PORT" and announces it; @p station is for remarks. NULL with one
 * sentence in @p error. */
fe_endpoint_t *fe_usbip_hub_new(fe_station_t *station, const char *at, char *error, size_t error_size);

/** Adds a board, of which there are at most FE_COUNT_MAX; @p board and its strings must outlive the hub's
 * last round. */
void fe_usbip_hub_add(fe_endpoint_t *hub, const fe_usbip_board_t *board);

/** The connection of one board, for --usbip. @p hub was made by fe_usbip_hub_new(). */
fe_endpoint_t *fe_usbip_cable_new(fe_station_t *station, fe_endpoint_t *hub, char *error, size_t error_size);

#endif
