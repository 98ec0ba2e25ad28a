/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The telnet layer below RFC 2217, pure: takes a byte stream apart into data, option negotiation and
 * subnegotiations, answers option negotiation, and builds the stream in the other direction. The data path is
 * always 8 bit clean: the CR rules of the network virtual terminal are not applied, negotiated or not. What a
 * COM-PORT-OPTION subnegotiation means is in com_port.c. Source: RFC 854 (commands), RFC 855 (options), RFC
 * 856 (BINARY), RFC 858 (SUPPRESS-GO-AHEAD), RFC 2217.
 */
#ifndef FE_TELNET_H
#define FE_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FE_TELNET_SE = 240,
    FE_TELNET_SB = 250,
    FE_TELNET_WILL = 251,
    FE_TELNET_WONT = 252,
    FE_TELNET_DO = 253,
    FE_TELNET_DONT = 254,
    FE_TELNET_IAC = 255,
};

enum {
    FE_TELNET_OPTION_BINARY = 0,
    FE_TELNET_OPTION_ECHO = 1,
    FE_TELNET_OPTION_SGA = 3,
    FE_TELNET_OPTION_COM_PORT = 44,
};

/** Longest subnegotiation that is kept, option byte included; RFC 2217 needs 6 bytes and a client's
 * signature. A longer one is skipped as a whole. */
#define FE_TELNET_SUB_CAPACITY 256u

/** Longest answer to one negotiation, and longest greeting. */
#define FE_TELNET_ANSWER_SIZE   3u
#define FE_TELNET_GREETING_SIZE 15u

/** What the decoder stopped at. */
typedef enum {
    FE_TELNET_NOTHING = 0,    /**< the input is used up, or the room for data is */
    FE_TELNET_NEGOTIATION,    /**< `verb` (WILL … DONT) and `option` */
    FE_TELNET_SUBNEGOTIATION, /**< `sub` and `sub_size`; sub[0] is the option */
} fe_telnet_event_t;

/** Zero-initialised is the start of a connection. */
typedef struct {
    int state; /**< private */
    uint8_t verb;
    uint8_t option;
    uint8_t sub[FE_TELNET_SUB_CAPACITY];
    size_t sub_size;
    bool is_sub_too_long; /**< private */
} fe_telnet_decoder_t;

/** Decodes until the next event. Data bytes go to @p data until @p data_capacity is reached.
 *  @param out_used   bytes of @p in that were used, also when an event is returned
 *  @param out_data   data bytes stored */
fe_telnet_event_t fe_telnet_decode(fe_telnet_decoder_t *decoder, const uint8_t *in, size_t size,
                                   uint8_t *data, size_t data_capacity, size_t *out_used, size_t *out_data);

/** Copies data and doubles each 255; stops when the next byte does not fit.
 *  @param out_used  bytes of @p in that were used
 *  @return bytes written */
size_t fe_telnet_encode_data(const uint8_t *in, size_t size, uint8_t *out, size_t capacity, size_t *out_used);

/** Builds IAC SB … IAC SE around @p sub with each 255 doubled.
 *  @return bytes written, at most 4 + 2 * size; 0 when they do not fit. */
size_t fe_telnet_encode_subnegotiation(const uint8_t *sub, size_t size, uint8_t *out, size_t capacity);

/** Which options are in force; zero-initialised is the start of a connection. */
typedef struct {
    uint8_t ours[3];   /**< private, per known option */
    uint8_t theirs[3]; /**< private */
} fe_telnet_options_t;

/** What a server says first: WILL and DO for BINARY and SGA, DO for COM-PORT-OPTION. @return bytes written to
 * @p out */
size_t fe_telnet_greet(fe_telnet_options_t *options, uint8_t out[FE_TELNET_GREETING_SIZE]);

/** Answers one negotiation. An option that is unknown is refused; an answer to our own request is not
 * answered.
 *  @return bytes written to @p out, 0 or 3 */
size_t fe_telnet_negotiate(fe_telnet_options_t *options, uint8_t verb, uint8_t option,
                           uint8_t out[FE_TELNET_ANSWER_SIZE]);

/** Whether the client has agreed to speak (or asked to speak) COM-PORT-OPTION. */
bool fe_telnet_has_com_port(const fe_telnet_options_t *options);

#endif
