/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The client's half of RFC 2217 (serial port control over telnet) as a state machine on bytes: option
 * negotiation, escaping, requests and the bookkeeping of their acknowledgements. No I/O and no clock; both
 * are in rfc2217_link.c. Sources: RFC 854 and 855 (telnet), RFC 856 (binary), RFC 858 (suppress go ahead),
 * RFC 2217.
 */
#ifndef ESP_LOADER_PORT_RFC2217_H
#define ESP_LOADER_PORT_RFC2217_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RFC2217_IAC = 0xFF,
    RFC2217_HELLO_SIZE = 15,      /**< bytes of rfc2217_hello() */
    RFC2217_REQUEST_SIZE_MAX = 14 /**< bytes of the longest request: SET-BAUDRATE with every byte escaped */
};

/** Requests of the client; the server acknowledges with the code plus 100. */
typedef enum {
    RFC2217_SET_BAUDRATE = 1, /**< baud */
    RFC2217_SET_DATASIZE = 2, /**< bits */
    RFC2217_SET_PARITY = 3,   /**< 1 = none */
    RFC2217_SET_STOPSIZE = 4, /**< 1 = one */
    RFC2217_SET_CONTROL = 5,  /**< RFC2217_CONTROL_* */
    RFC2217_PURGE_DATA = 12,  /**< 1 = received, 2 = to be sent, 3 = both */
} rfc2217_request_t;

enum {
    RFC2217_CONTROL_NO_FLOW_CONTROL = 1,
    RFC2217_CONTROL_DTR_ON = 8,
    RFC2217_CONTROL_DTR_OFF = 9,
    RFC2217_CONTROL_RTS_ON = 11,
    RFC2217_CONTROL_RTS_OFF = 12,
    RFC2217_PURGE_BOTH = 3,
};

/** What a received byte meant. */
typedef enum {
    RFC2217_NOTHING = 0, /**< part of the protocol */
    RFC2217_DATA,        /**< the byte is data */
    RFC2217_REPLY,       /**< codec->reply must be sent to the server */
} rfc2217_event_t;

/** Things the server acknowledges separately, bit numbers of `awaited` and `refused`. */
typedef enum {
    RFC2217_ANSWER_BAUDRATE = 0,
    RFC2217_ANSWER_DATASIZE,
    RFC2217_ANSWER_PARITY,
    RFC2217_ANSWER_STOPSIZE,
    RFC2217_ANSWER_FLOW,
    RFC2217_ANSWER_DTR,
    RFC2217_ANSWER_RTS,
    RFC2217_ANSWER_PURGE,
    RFC2217_ANSWER_COUNT
} rfc2217_answer_t;

/** How far a telnet option has come. */
typedef enum { RFC2217_OPTION_OFF = 0, RFC2217_OPTION_ASKED, RFC2217_OPTION_ON } rfc2217_option_state_t;

enum { RFC2217_OPTION_COUNT = 6, RFC2217_SUB_SIZE_MAX = 6 };

/** State of one connection. Fields without underscore may be read. */
typedef struct {
    uint8_t reply[3];                            /**< valid after RFC2217_REPLY */
    uint16_t awaited;                            /**< bit set: requested and not acknowledged yet */
    uint16_t refused;                            /**< bit set: the last acknowledgement named another value */
    uint32_t acknowledged[RFC2217_ANSWER_COUNT]; /**< value of the last acknowledgement */
    bool is_suspended;                           /**< the server asked for a pause in the data */
    uint32_t _requested[RFC2217_ANSWER_COUNT];
    uint8_t _owed[RFC2217_ANSWER_COUNT]; /**< still to come: a late answer is not taken for the next one */
    rfc2217_option_state_t _options[RFC2217_OPTION_COUNT];
    uint8_t _state;
    uint8_t _verb;
    uint8_t _sub[RFC2217_SUB_SIZE_MAX]; /**< begin of a subnegotiation: option, command, value */
    size_t _sub_size;                   /**< its length, also when longer than _sub */
} rfc2217_t;

/** Starts a connection: writes the requests that open the negotiation to @p out, RFC2217_HELLO_SIZE bytes. */
void rfc2217_hello(rfc2217_t *codec, uint8_t out[RFC2217_HELLO_SIZE]);

/** true while the server has not answered for every option the port cannot do without. */
bool rfc2217_is_negotiating(const rfc2217_t *codec);

/** true when every option the port cannot do without is in force: COM-PORT, and binary both ways. */
bool rfc2217_is_ready(const rfc2217_t *codec);

/** Takes one received byte. */
rfc2217_event_t rfc2217_receive(rfc2217_t *codec, uint8_t byte);

/** Escapes as much of @p data as @p capacity holds, never half an escape; returns the bytes put into
 *  @p out, and in @p *out_consumed those taken from @p data. */
size_t rfc2217_escape(const uint8_t *data, size_t size, uint8_t *out, size_t capacity, size_t *out_consumed);

/** Writes a request to @p out, returns its size, and awaits its acknowledgement from now on. */
size_t rfc2217_request(rfc2217_t *codec, rfc2217_request_t request, uint32_t value,
                       uint8_t out[RFC2217_REQUEST_SIZE_MAX]);

/** Writes the requests that set both lines and returns their size. Their order never passes through DTR
 *  off with RTS on, which is reset on every kind of board, on the way to another state. */
size_t rfc2217_request_lines(rfc2217_t *codec, bool dtr, bool rts, uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX]);

#endif
