/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A sequence that is broken off ends where the next one begins: no input stops the stream.
 */
#include "server/telnet.h"

#include <string.h>

enum { SE = 240, SB = 250, WILL = 251, WONT = 252, DO = 253, DONT = 254, IAC = 255 };
enum { BINARY = 0, SUPPRESS_GO_AHEAD = 3 };

enum { IN_DATA = 0, AFTER_IAC, AFTER_VERB, IN_SUB, AFTER_IAC_IN_SUB };

static const uint8_t options[TELNET_OPTION_COUNT] = {BINARY, SUPPRESS_GO_AHEAD, TELNET_COM_PORT};

/** The client asks for the third one, or does not know it. */
static bool is_offered(size_t option)
{
    return options[option] != TELNET_COM_PORT;
}

static size_t put(uint8_t *out, uint8_t verb, uint8_t option)
{
    out[0] = IAC;
    out[1] = verb;
    out[2] = option;
    return TELNET_ANSWER_SIZE;
}

void telnet_greet(telnet_t *telnet, uint8_t out[TELNET_GREETING_SIZE])
{
    size_t size = 0;

    for (size_t i = 0; i < TELNET_OPTION_COUNT; i++) {
        if (is_offered(i)) {
            telnet->_is_ours_asked[i] = true;
            size += put(out + size, WILL, options[i]);
        }
        telnet->_is_theirs_asked[i] = true;
        size += put(out + size, DO, options[i]);
    }
}

static void begin_sub(telnet_t *telnet)
{
    telnet->sub_size = 0;
    telnet->_is_sub_too_long = false;
    telnet->_state = IN_SUB;
}

static void add_to_sub(telnet_t *telnet, uint8_t byte)
{
    telnet->_state = IN_SUB;
    if (telnet->sub_size < TELNET_SUB_SIZE) {
        telnet->sub[telnet->sub_size++] = byte;
    } else {
        telnet->_is_sub_too_long = true;
    }
}

/** The byte after an IAC that is not doubled and ends no subnegotiation. */
static void take_command(telnet_t *telnet, uint8_t byte)
{
    if (byte == SB) {
        begin_sub(telnet);
    } else if (byte >= WILL && byte <= DONT) {
        telnet->_verb = byte;
        telnet->_state = AFTER_VERB;
    } else {
        telnet->_state = IN_DATA; /* "are you there" and the like: a serial line has no answer */
    }
}

/** A byte that is not data. */
static telnet_event_t take_byte(telnet_t *telnet, uint8_t byte)
{
    switch (telnet->_state) {
    case AFTER_IAC:
        take_command(telnet, byte);
        return TELNET_MORE;
    case AFTER_VERB:
        telnet->_option = byte;
        telnet->_state = IN_DATA;
        return TELNET_NEGOTIATION;
    case IN_SUB:
        if (byte == IAC) {
            telnet->_state = AFTER_IAC_IN_SUB;
        } else {
            add_to_sub(telnet, byte);
        }
        return TELNET_MORE;
    case AFTER_IAC_IN_SUB:
        if (byte == IAC) {
            add_to_sub(telnet, byte);
            return TELNET_MORE;
        }
        if (byte != SE) {
            take_command(telnet, byte); /* the end has got lost */
            return TELNET_MORE;
        }
        telnet->_state = IN_DATA;
        return telnet->sub_size > 0 && !telnet->_is_sub_too_long ? TELNET_SUBNEGOTIATION : TELNET_MORE;
    case IN_DATA:
    default:
        telnet->_state = AFTER_IAC;
        return TELNET_MORE;
    }
}

/** Length of what is data at the beginning of @p in, a doubled IAC excluded. */
static size_t plain_size(const telnet_t *telnet, const uint8_t *in, size_t size)
{
    const uint8_t *end = telnet->_state == IN_DATA ? memchr(in, IAC, size) : in;

    return end == NULL ? size : (size_t)(end - in);
}

telnet_event_t telnet_take(telnet_t *telnet, const uint8_t *in, size_t size, size_t *out_used, uint8_t *data,
                           size_t capacity, size_t *out_size)
{
    telnet_event_t event = TELNET_MORE;

    *out_used = 0;
    *out_size = 0;
    while (event == TELNET_MORE && *out_used < size) {
        const uint8_t *next = in + *out_used;
        size_t room = capacity - *out_size;
        size_t plain = plain_size(telnet, next, size - *out_used);
        const bool is_doubled = telnet->_state == AFTER_IAC && *next == IAC;

        if ((plain > 0 || is_doubled) && room == 0) {
            break;
        }
        if (is_doubled) {
            plain = 1;
            telnet->_state = IN_DATA;
        }
        if (plain > 0) {
            plain = plain < room ? plain : room;
            memcpy(data + *out_size, next, plain);
            *out_size += plain;
            *out_used += plain;
        } else {
            *out_used += 1;
            event = take_byte(telnet, *next);
        }
    }
    return event;
}

/** One side of an option goes on or off as the client says. */
static size_t settle(bool *is_on, bool *is_asked, bool wanted, uint8_t verb, uint8_t option, uint8_t *out)
{
    const bool is_news = !*is_asked && *is_on != wanted;

    *is_asked = false;
    *is_on = wanted;
    return is_news ? put(out, verb, option) : 0;
}

size_t telnet_negotiate(telnet_t *telnet, uint8_t out[TELNET_ANSWER_SIZE])
{
    const uint8_t verb = telnet->_verb;
    const bool is_wanted = verb == WILL || verb == DO;
    const bool is_theirs = verb == WILL || verb == WONT;
    const uint8_t agree = is_theirs ? DO : WILL;
    const uint8_t refuse = is_theirs ? DONT : WONT;

    for (size_t i = 0; i < TELNET_OPTION_COUNT; i++) {
        if (options[i] == telnet->_option) {
            return settle(is_theirs ? &telnet->_is_theirs_on[i] : &telnet->_is_ours_on[i],
                          is_theirs ? &telnet->_is_theirs_asked[i] : &telnet->_is_ours_asked[i], is_wanted,
                          is_wanted ? agree : refuse, options[i], out);
        }
    }
    return is_wanted ? put(out, refuse, telnet->_option) : 0;
}

bool telnet_has_com_port(const telnet_t *telnet)
{
    for (size_t i = 0; i < TELNET_OPTION_COUNT; i++) {
        if (options[i] == TELNET_COM_PORT) {
            return telnet->_is_ours_on[i] || telnet->_is_theirs_on[i];
        }
    }
    return false;
}
