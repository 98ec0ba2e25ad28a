/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a front end is to the main loop: descriptors to wait for, bytes to move, a time to be woken. A cable
 * (tcp.c, rfc2217.c, pty.c) joins one client to one chip; control.c lets a person or a script act on it. None
 * of the calls blocks, and none advances model time: station.c does that.
 */
#ifndef FE_ENDPOINT_H
#define FE_ENDPOINT_H

#include "station.h"

#include <poll.h>

/** Most descriptors one endpoint waits for. */
#define FE_ENDPOINT_FDS 8u

typedef struct {
    /** Sends what the client takes now, then fills @p fds with what to wait for; returns how many, at most
     *  FE_ENDPOINT_FDS. Called before each poll. */
    size_t (*watch)(fe_endpoint_t *endpoint, struct pollfd *fds);
    /** Reads and accepts what is there; @p fds are those of the last watch, with revents. Called after each
     * poll, also when it reported nothing. */
    void (*service)(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us);
    /** Moves bytes between the endpoint's queues and the chip, as far as both take them at the present model
     * time. NULL = the endpoint moves none. */
    void (*exchange)(fe_endpoint_t *endpoint);
    /** Whether bytes from the chip wait because the client does not take them. NULL = never. */
    bool (*is_blocked)(const fe_endpoint_t *endpoint);
    /** Real time at which service should be called though no descriptor is ready; FE_NEVER = none. NULL =
     * never. */
    uint64_t (*wake_us)(const fe_endpoint_t *endpoint);
    /** Closes and frees. */
    void (*destroy)(fe_endpoint_t *endpoint);
} fe_endpoint_ops_t;

/** First member of every endpoint. */
struct fe_endpoint {
    const fe_endpoint_ops_t *ops;
    fe_station_t *station;
};

/* Each constructor starts to listen, prints its ready line, and returns NULL with one sentence in @p error
 * when it cannot. @p station must outlive the endpoint. */

/** Raw bytes over TCP at "HOST:PORT", ":PORT" or "PORT"; port + station index, or any free port for 0. */
fe_endpoint_t *fe_tcp_new(fe_station_t *station, const char *at, char *error, size_t error_size);

/** Telnet with COM-PORT-OPTION (RFC 2217) at such an address. @p line_pairing_ms: see rfc2217.c. */
fe_endpoint_t *fe_rfc2217_new(fe_station_t *station, const char *at, unsigned line_pairing_ms, char *error,
                              size_t error_size);

/** A pseudo terminal; @p link (NULL = none) is a symbolic link that is made to point to it. */
fe_endpoint_t *fe_pty_new(fe_station_t *station, const char *link, char *error, size_t error_size);

/** The line protocol of control.c on a Unix socket at @p path. */
fe_endpoint_t *fe_control_new(fe_station_t *station, const char *path, char *error, size_t error_size);

#endif
