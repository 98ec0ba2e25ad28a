/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Telnet and RFC 2217 as a byte-at-a-time state machine. Unknown options are refused, unknown subnegotiations
 * and notifications are ignored, and no input makes it write outside its fixed buffers.
 */
#include "rfc2217.h"

#include <string.h>

/* Telnet commands, RFC 854. */
enum { SE = 240, SB = 250, WILL = 251, WONT = 252, DO = 253, DONT = 254, IAC = RFC2217_IAC };
/* Telnet options. */
enum { BINARY = 0, SUPPRESS_GO_AHEAD = 3, COM_PORT = 44 };
/* What a server sends beyond acknowledgements. */
enum { SERVER_OFFSET = 100, SERVER_FLOW_SUSPEND = 108, SERVER_FLOW_RESUME = 109 };

enum { STATE_DATA = 0, STATE_IAC, STATE_OPTION, STATE_SUB, STATE_SUB_IAC };

/** An option either side may use. The verb with which we ask for it selects the side. */
typedef struct {
    uint8_t ask; /* WILL: ours, DO: the server's */
    uint8_t code;
    bool is_asked; /* we ask; otherwise we only agree */
    bool is_needed;
} option_t;

static const option_t options[RFC2217_OPTION_COUNT] = {
    {WILL, COM_PORT, true, true},
    {WILL, BINARY, true, true},
    {DO, BINARY, true, true},
    {WILL, SUPPRESS_GO_AHEAD, true, false},
    {DO, SUPPRESS_GO_AHEAD, true, false},
    {DO, COM_PORT, false, false}, /* some servers offer it from their side as well */
};

void rfc2217_hello(rfc2217_t *codec, uint8_t out[RFC2217_HELLO_SIZE])
{
    size_t size = 0;

    memset(codec, 0, sizeof(*codec));
    for (size_t i = 0; i < RFC2217_OPTION_COUNT; i++) {
        if (options[i].is_asked) {
            codec->_options[i] = RFC2217_OPTION_ASKED;
            out[size++] = IAC;
            out[size++] = options[i].ask;
            out[size++] = options[i].code;
        }
    }
}

bool rfc2217_is_negotiating(const rfc2217_t *codec)
{
    for (size_t i = 0; i < RFC2217_OPTION_COUNT; i++) {
        if (options[i].is_needed && codec->_options[i] == RFC2217_OPTION_ASKED) {
            return true;
        }
    }
    return false;
}

bool rfc2217_is_ready(const rfc2217_t *codec)
{
    for (size_t i = 0; i < RFC2217_OPTION_COUNT; i++) {
        if (options[i].is_needed && codec->_options[i] != RFC2217_OPTION_ON) {
            return false;
        }
    }
    return true;
}

static rfc2217_event_t answer_option(rfc2217_t *codec, uint8_t verb, uint8_t code)
{
    codec->reply[0] = IAC;
    codec->reply[1] = verb;
    codec->reply[2] = code;
    return RFC2217_REPLY;
}

/** Handles IAC @p verb @p code. Only a change of state is answered (RFC 854), so two sides cannot answer each
 * other for ever. */
static rfc2217_event_t receive_option(rfc2217_t *codec, uint8_t verb, uint8_t code)
{
    const bool is_ours = verb == DO || verb == DONT; /* it is about an option on our side */
    const bool is_on = verb == DO || verb == WILL;
    const uint8_t agree = is_ours ? WILL : DO;
    const uint8_t refuse = is_ours ? WONT : DONT;

    for (size_t i = 0; i < RFC2217_OPTION_COUNT; i++) {
        if (options[i].code != code || options[i].ask != agree) {
            continue;
        }
        rfc2217_option_state_t before = codec->_options[i];
        rfc2217_option_state_t after = is_on ? RFC2217_OPTION_ON : RFC2217_OPTION_OFF;
        codec->_options[i] = after;
        if (before == RFC2217_OPTION_ASKED || before == after) {
            return RFC2217_NOTHING;
        }
        return answer_option(codec, is_on ? agree : refuse, code);
    }
    return is_on ? answer_option(codec, refuse, code) : RFC2217_NOTHING;
}

/** Which acknowledgement a command with @p value is about; RFC2217_ANSWER_COUNT = none we ask for. */
static rfc2217_answer_t answer_of(uint8_t request, uint32_t value)
{
    switch (request) {
    case RFC2217_SET_BAUDRATE:
        return RFC2217_ANSWER_BAUDRATE;
    case RFC2217_SET_DATASIZE:
        return RFC2217_ANSWER_DATASIZE;
    case RFC2217_SET_PARITY:
        return RFC2217_ANSWER_PARITY;
    case RFC2217_SET_STOPSIZE:
        return RFC2217_ANSWER_STOPSIZE;
    case RFC2217_PURGE_DATA:
        return RFC2217_ANSWER_PURGE;
    case RFC2217_SET_CONTROL:
        if (value >= 1 && value <= 3) {
            return RFC2217_ANSWER_FLOW;
        }
        if (value == RFC2217_CONTROL_DTR_ON || value == RFC2217_CONTROL_DTR_OFF) {
            return RFC2217_ANSWER_DTR;
        }
        if (value == RFC2217_CONTROL_RTS_ON || value == RFC2217_CONTROL_RTS_OFF) {
            return RFC2217_ANSWER_RTS;
        }
        return RFC2217_ANSWER_COUNT;
    default:
        return RFC2217_ANSWER_COUNT;
    }
}

static void receive_subnegotiation(rfc2217_t *codec)
{
    const uint8_t *sub = codec->_sub;
    uint32_t value = 0;

    if (codec->_sub_size < 2 || codec->_sub_size > RFC2217_SUB_SIZE_MAX || sub[0] != COM_PORT) {
        return;
    }
    if (sub[1] == SERVER_FLOW_SUSPEND || sub[1] == SERVER_FLOW_RESUME) {
        codec->is_suspended = sub[1] == SERVER_FLOW_SUSPEND;
        return;
    }
    size_t value_size = codec->_sub_size - 2;
    if (sub[1] < SERVER_OFFSET || value_size != (sub[1] == SERVER_OFFSET + RFC2217_SET_BAUDRATE ? 4u : 1u)) {
        return;
    }
    for (size_t i = 0; i < value_size; i++) {
        value = value << 8 | sub[2 + i];
    }
    rfc2217_answer_t answer = answer_of((uint8_t)(sub[1] - SERVER_OFFSET), value);
    if (answer == RFC2217_ANSWER_COUNT) {
        return;
    }
    uint16_t bit = (uint16_t)(1u << answer);
    if (codec->_owed[answer] == 0 || --codec->_owed[answer] > 0) {
        return; /* a change that another client asked for, or the late answer to an earlier request */
    }
    codec->awaited = (uint16_t)(codec->awaited & ~bit);
    codec->acknowledged[answer] = value;
    if (value == codec->_requested[answer]) {
        codec->refused = (uint16_t)(codec->refused & ~bit);
    } else {
        codec->refused |= bit;
    }
}

static void store_sub(rfc2217_t *codec, uint8_t byte)
{
    if (codec->_sub_size < RFC2217_SUB_SIZE_MAX) {
        codec->_sub[codec->_sub_size] = byte;
    }
    if (codec->_sub_size <= RFC2217_SUB_SIZE_MAX) { /* stays at "too long" */
        codec->_sub_size++;
    }
}

static rfc2217_event_t receive_command(rfc2217_t *codec, uint8_t byte)
{
    codec->_state = STATE_DATA;
    switch (byte) {
    case IAC: /* escaped data */
        return RFC2217_DATA;
    case WILL:
    case WONT:
    case DO:
    case DONT:
        codec->_verb = byte;
        codec->_state = STATE_OPTION;
        return RFC2217_NOTHING;
    case SB:
        codec->_sub_size = 0;
        codec->_state = STATE_SUB;
        return RFC2217_NOTHING;
    default: /* NOP, go ahead and the like */
        return RFC2217_NOTHING;
    }
}

rfc2217_event_t rfc2217_receive(rfc2217_t *codec, uint8_t byte)
{
    switch (codec->_state) {
    case STATE_IAC:
        return receive_command(codec, byte);
    case STATE_OPTION:
        codec->_state = STATE_DATA;
        return receive_option(codec, codec->_verb, byte);
    case STATE_SUB:
        if (byte == IAC) {
            codec->_state = STATE_SUB_IAC;
        } else {
            store_sub(codec, byte);
        }
        return RFC2217_NOTHING;
    case STATE_SUB_IAC:
        if (byte == IAC) {
            codec->_state = STATE_SUB;
            store_sub(codec, byte);
            return RFC2217_NOTHING;
        }
        if (byte == SE) {
            codec->_state = STATE_DATA;
            receive_subnegotiation(codec);
            return RFC2217_NOTHING;
        }
        return receive_command(codec, byte); /* the end got lost; the command counts */
    case STATE_DATA:
    default:
        if (byte == IAC) {
            codec->_state = STATE_IAC;
            return RFC2217_NOTHING;
        }
        return RFC2217_DATA;
    }
}

size_t rfc2217_escape(const uint8_t *data, size_t size, uint8_t *out, size_t capacity, size_t *out_consumed)
{
    size_t used = 0;
    size_t i = 0;

    for (; i < size; i++) {
        size_t needed = data[i] == IAC ? 2 : 1;
        if (needed > capacity - used) {
            break;
        }
        if (data[i] == IAC) {
            out[used++] = IAC;
        }
        out[used++] = data[i];
    }
    *out_consumed = i;
    return used;
}

size_t rfc2217_request(rfc2217_t *codec, rfc2217_request_t request, uint32_t value,
                       uint8_t out[RFC2217_REQUEST_SIZE_MAX])
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    const size_t value_size = request == RFC2217_SET_BAUDRATE ? 4 : 1;
    rfc2217_answer_t answer = answer_of((uint8_t)request, value);
    size_t consumed = 0;
    size_t size = 0;

    if (answer != RFC2217_ANSWER_COUNT) {
        codec->_requested[answer] = value;
        codec->awaited |= (uint16_t)(1u << answer);
        if (codec->_owed[answer] < UINT8_MAX) {
            codec->_owed[answer]++;
        }
    }
    out[size++] = IAC;
    out[size++] = SB;
    out[size++] = COM_PORT;
    out[size++] = (uint8_t)request;
    size += rfc2217_escape(bytes + 4 - value_size, value_size, out + size,
                           RFC2217_REQUEST_SIZE_MAX - size - 2, &consumed);
    out[size++] = IAC;
    out[size++] = SE;
    return size;
}

size_t rfc2217_request_lines(rfc2217_t *codec, bool dtr, bool rts, uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX])
{
    const uint32_t dtr_value = dtr ? RFC2217_CONTROL_DTR_ON : RFC2217_CONTROL_DTR_OFF;
    const uint32_t rts_value = rts ? RFC2217_CONTROL_RTS_ON : RFC2217_CONTROL_RTS_OFF;
    /* Whatever the state before: DTR is switched on before RTS changes, and off after. */
    const uint32_t first = dtr ? dtr_value : rts_value;
    const uint32_t second = dtr ? rts_value : dtr_value;

    size_t size = rfc2217_request(codec, RFC2217_SET_CONTROL, first, out);
    return size + rfc2217_request(codec, RFC2217_SET_CONTROL, second, out + size);
}
