/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The server's half of telnet as a state machine on bytes: what a client sends is taken apart into data, option
 * negotiation and subnegotiations, however the network has cut it; negotiation is answered. No I/O. What a
 * subnegotiation of COM-PORT-OPTION means is in com_port.h. Sources: RFC 854 and 855 (telnet), RFC 856 (binary),
 * RFC 858 (suppress go ahead), RFC 2217.
 */
#ifndef CLI_TELNET_H
#define CLI_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TELNET_COM_PORT = 44,      /**< the option's code */
    TELNET_GREETING_SIZE = 15, /**< bytes of telnet_greet() */
    TELNET_ANSWER_SIZE = 3,    /**< bytes of an answer to a negotiation */
    TELNET_OPTION_COUNT = 3,
    TELNET_SUB_SIZE = 64, /**< what is kept of a subnegotiation, the option included */
};

typedef enum {
    TELNET_MORE = 0,       /**< the input is used up, or the room for data is */
    TELNET_NEGOTIATION,    /**< telnet_negotiate() says what to answer */
    TELNET_SUBNEGOTIATION, /**< `sub` and `sub_size` */
} telnet_event_t;

/** State of one connection; begins as zeros. Fields without underscore may be read. */
typedef struct {
    uint8_t sub[TELNET_SUB_SIZE]; /**< begins with the option */
    size_t sub_size; /**< 1 to TELNET_SUB_SIZE after TELNET_SUBNEGOTIATION: longer ones are left out */
    uint8_t _state;
    uint8_t _verb;
    uint8_t _option;
    bool _is_sub_too_long;
    bool _is_ours_on[TELNET_OPTION_COUNT], _is_ours_asked[TELNET_OPTION_COUNT];
    bool _is_theirs_on[TELNET_OPTION_COUNT], _is_theirs_asked[TELNET_OPTION_COUNT];
} telnet_t;

/** What a server says first; writes TELNET_GREETING_SIZE bytes to @p out. */
void telnet_greet(telnet_t *telnet, uint8_t out[TELNET_GREETING_SIZE]);

/** Takes received bytes up to the next event.
 *  @param out_used  bytes of @p in that were taken, those of the event included
 *  @param data      room for @p capacity bytes of data; what finds no room is not taken
 *  @param out_size  bytes of data that were stored; they came before the event */
telnet_event_t telnet_take(telnet_t *telnet, const uint8_t *in, size_t size, size_t *out_used, uint8_t *data,
                           size_t capacity, size_t *out_size);

/** After TELNET_NEGOTIATION. An option that is not known is refused; what changes nothing is not answered.
 *  @return bytes written to @p out, 0 or TELNET_ANSWER_SIZE */
size_t telnet_negotiate(telnet_t *telnet, uint8_t out[TELNET_ANSWER_SIZE]);

/** Does the client speak COM-PORT-OPTION? */
bool telnet_has_com_port(const telnet_t *telnet);

#endif
