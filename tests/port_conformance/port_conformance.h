/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Does a port keep the contract of esp_loader_io.h? Checks that any port can be put through, on a PC or on the board
 * itself: they need nothing but the library's headers, no heap and no libc output. docs/porting.md says how to run them.
 *
 * The other end of the wire is played by a peer that the caller brings: it sends bytes, takes what was written, and looks at
 * the pins. A peer may leave out what it cannot do; the checks that need it are then "not checked", which is no pass.
 */
#ifndef PORT_CONFORMANCE_H
#define PORT_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Levels at the target's pins, and since when. */
typedef struct {
    uint32_t at_ms; /**< on any clock */
    bool en;        /**< true = high: the target runs */
    bool boot;      /**< true = high: a reset starts the application */
} conformance_pins_t;

/** The other end. An entry may be NULL. */
typedef struct {
    /** Puts the peer back into the state it began in: silent, attached, taking what comes. */
    void (*restart)(void *ctx);
    /** Sends @p size bytes, the first one @p delay_ms from now, without waiting for it. */
    void (*send)(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms);
    /** Takes what the host has sent. Where that needs time to arrive, lets some pass.
     *  @return bytes stored in @p buf, 0 = no more will come */
    size_t (*receive)(void *ctx, uint8_t *buf, size_t capacity);
    /** From now on what the host sends is not taken, neither by the peer nor by what is between. */
    void (*hold)(void *ctx);
    /** Sends bytes, of which some are lost in the host's receiver before the port can read them. */
    void (*overrun)(void *ctx);
    /** Sends something all the time from now on, as fast as the wire carries it, until restart. */
    void (*storm)(void *ctx);
    /** The device vanishes, as if unplugged. */
    void (*unplug)(void *ctx);
    /** The rate at which the host is, baud. */
    uint32_t (*rate)(void *ctx);
    /** Takes the states of the pins since the last call, the oldest first.
     *  @return how many of @p states were set */
    size_t (*pins)(void *ctx, conformance_pins_t *states, size_t capacity);
    /** Makes now_ms() of the port give @p now_ms. */
    void (*set_clock)(void *ctx, uint32_t now_ms);
    void *ctx;         /**< passed to all of them */
    uint32_t slack_ms; /**< by how much waits may be too long: resolution of the clock, load of a PC */
} conformance_peer_t;

typedef enum {
    CONFORMANCE_PASSED = 0,
    CONFORMANCE_FAILED,
    CONFORMANCE_NOT_CHECKED, /**< neither the port nor the peer has what the check is about */
} conformance_outcome_t;

typedef struct {
    const char *check; /**< what is to hold */
    conformance_outcome_t outcome;
    const char *why; /**< what was seen instead; "" when it passed */
} conformance_row_t;

/** Room that a report needs. */
enum { CONFORMANCE_MAX_ROWS = 24 };

/** Puts @p port through all checks, each with the port opened anew. Takes about a second of the port's clock.
 *  @param out_rows  CONFORMANCE_MAX_ROWS elements
 *  @return how many rows were filled */
size_t port_conformance_run(esp_loader_port_t *port, const conformance_peer_t *peer,
                            conformance_row_t *out_rows);

/** How many of the rows came out as @p outcome. */
size_t port_conformance_count(const conformance_row_t *rows, size_t count, conformance_outcome_t outcome);

/** Prints a table, piece by piece. */
void port_conformance_print(const conformance_row_t *rows, size_t count, void (*print)(const char *text));

#ifdef __cplusplus
}
#endif

#endif
