/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Codes of RFC 2217. Those of a server are those of the client plus 100.
 */
#include "server/com_port.h"

#include <string.h>

#include "server/telnet.h"

enum {
    SIGNATURE = 0,
    SET_BAUDRATE = 1,
    SET_DATASIZE = 2,
    SET_PARITY = 3,
    SET_STOPSIZE = 4,
    SET_CONTROL = 5,
    NOTIFY_LINESTATE = 6,
    NOTIFY_MODEMSTATE = 7,
    FLOWCONTROL_SUSPEND = 8,
    FLOWCONTROL_RESUME = 9,
    SET_LINESTATE_MASK = 10,
    SET_MODEMSTATE_MASK = 11,
    PURGE_DATA = 12,
    OF_SERVER = 100,
};

/* Values of SET-CONTROL. */
enum {
    FLOW_ASK = 0,
    FLOW_NONE = 1,
    BREAK_ASK = 4,
    BREAK_ON = 5,
    BREAK_OFF = 6,
    DTR_ASK = 7,
    DTR_ON = 8,
    DTR_OFF = 9,
    RTS_ASK = 10,
    RTS_ON = 11,
    RTS_OFF = 12,
    FLOW_IN_ASK = 13,
    FLOW_IN_NONE = 14,
    FLOW_OUT_CD = 17,
    FLOW_IN_DTR = 18,
};

enum { EIGHT_BITS = 8, NO_PARITY = 1, ONE_STOP_BIT = 1 };

void com_port_init(com_port_state_t *state)
{
    *state = (com_port_state_t){.rate_baud = 115200, .modem_mask = 0xFF, .line = COM_PORT_SENT};
}

static void parse_control(com_port_request_t *request, uint8_t value)
{
    switch (value) {
    case BREAK_ON:
    case BREAK_OFF:
        request->action = COM_PORT_SET_BREAK;
        request->value = value == BREAK_ON;
        break;
    case DTR_ON:
    case DTR_OFF:
        request->action = COM_PORT_SET_DTR;
        request->value = value == DTR_ON;
        break;
    case RTS_ON:
    case RTS_OFF:
        request->action = COM_PORT_SET_RTS;
        request->value = value == RTS_ON;
        break;
    default: /* questions, and flow control, which there is none of */
        break;
    }
}

static uint32_t rate_of(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/** Bytes that follow the command, at least. */
static size_t value_size(uint8_t command)
{
    switch (command) {
    case SET_BAUDRATE:
        return 4;
    case SIGNATURE:
    case NOTIFY_LINESTATE:
    case NOTIFY_MODEMSTATE:
    case FLOWCONTROL_SUSPEND:
    case FLOWCONTROL_RESUME:
        return 0;
    default:
        return 1;
    }
}

com_port_request_t com_port_parse(const uint8_t *sub, size_t size)
{
    com_port_request_t request = {.is_silent = true};

    if (size < 2 || sub[0] != TELNET_COM_PORT || sub[1] > PURGE_DATA || size - 2 < value_size(sub[1])) {
        return request;
    }
    request.command = sub[1];
    request.byte = size > 2 ? sub[2] : 0;
    request.is_silent = false;
    switch (request.command) {
    case SIGNATURE: /* with a text it is that of the client */
        request.is_silent = size > 2;
        break;
    case SET_BAUDRATE:
        request.value = rate_of(sub + 2);
        request.action = request.value != 0 ? COM_PORT_SET_RATE : COM_PORT_NOTHING;
        break;
    case SET_CONTROL:
        parse_control(&request, request.byte);
        break;
    case FLOWCONTROL_SUSPEND:
    case FLOWCONTROL_RESUME:
        request.action = COM_PORT_SUSPEND;
        request.value = request.command == FLOWCONTROL_SUSPEND;
        request.is_silent = true;
        break;
    case SET_LINESTATE_MASK:
        request.action = COM_PORT_SET_LINE_MASK;
        request.value = request.byte;
        break;
    case SET_MODEMSTATE_MASK:
        request.action = COM_PORT_SET_MODEM_MASK;
        request.value = request.byte;
        break;
    case PURGE_DATA:
        request.action = COM_PORT_PURGE;
        request.value = request.byte & (COM_PORT_PURGE_RECEIVED | COM_PORT_PURGE_TO_SEND);
        break;
    default: /* the form of a byte, and questions */
        break;
    }
    return request;
}

static size_t put_byte(uint8_t *out, uint8_t command, uint8_t value)
{
    out[0] = TELNET_COM_PORT;
    out[1] = (uint8_t)(command + OF_SERVER);
    out[2] = value;
    return 3;
}

static size_t put_rate(uint8_t *out, uint32_t rate_baud)
{
    size_t size = put_byte(out, SET_BAUDRATE, (uint8_t)(rate_baud >> 24));

    out[size++] = (uint8_t)(rate_baud >> 16);
    out[size++] = (uint8_t)(rate_baud >> 8);
    out[size++] = (uint8_t)rate_baud;
    return size;
}

static size_t put_signature(uint8_t *out)
{
    static const char name[] = "esp-loader";

    _Static_assert(sizeof(name) + 1 <= COM_PORT_ANSWER_SIZE, "the signature fits");
    out[0] = TELNET_COM_PORT;
    out[1] = SIGNATURE + OF_SERVER;
    memcpy(out + 2, name, sizeof(name) - 1);
    return 2 + sizeof(name) - 1;
}

/** What is in force of what SET-CONTROL @p value is about. */
static uint8_t control_of(uint8_t value, const com_port_state_t *state)
{
    if (value >= BREAK_ASK && value <= BREAK_OFF) {
        return state->has_break ? BREAK_ON : BREAK_OFF;
    }
    if (value >= DTR_ASK && value <= DTR_OFF) {
        return state->dtr ? DTR_ON : DTR_OFF;
    }
    if (value >= RTS_ASK && value <= RTS_OFF) {
        return state->rts ? RTS_ON : RTS_OFF;
    }
    return value >= FLOW_IN_ASK && value <= FLOW_IN_DTR && value != FLOW_OUT_CD ? FLOW_IN_NONE : FLOW_NONE;
}

size_t com_port_answer(const com_port_request_t *request, const com_port_state_t *state,
                       uint8_t out[COM_PORT_ANSWER_SIZE])
{
    if (request->is_silent) {
        return 0;
    }
    switch (request->command) {
    case SIGNATURE:
        return put_signature(out);
    case SET_BAUDRATE:
        return put_rate(out, state->rate_baud);
    case SET_DATASIZE:
        return put_byte(out, SET_DATASIZE, EIGHT_BITS);
    case SET_PARITY:
        return put_byte(out, SET_PARITY, NO_PARITY);
    case SET_STOPSIZE:
        return put_byte(out, SET_STOPSIZE, ONE_STOP_BIT);
    case SET_CONTROL:
        return put_byte(out, SET_CONTROL, control_of(request->byte, state));
    case NOTIFY_LINESTATE:
        return put_byte(out, NOTIFY_LINESTATE, state->line);
    case NOTIFY_MODEMSTATE:
        return put_byte(out, NOTIFY_MODEMSTATE, state->modem);
    default: /* masks and purge */
        return put_byte(out, request->command, request->byte);
    }
}

size_t com_port_modem(const com_port_state_t *state, uint8_t out[COM_PORT_ANSWER_SIZE])
{
    return put_byte(out, NOTIFY_MODEMSTATE, state->modem);
}

size_t com_port_modem_changed(const com_port_state_t *state, uint8_t before,
                              uint8_t out[COM_PORT_ANSWER_SIZE])
{
    const uint8_t changed = (uint8_t)((state->modem ^ before) & (COM_PORT_CTS | COM_PORT_DSR | COM_PORT_CD));
    const uint8_t ring_ended = (uint8_t)(before & ~state->modem & COM_PORT_RI);
    const uint8_t deltas = (uint8_t)((changed | ring_ended) >> 4);

    if (((state->modem ^ before) & state->modem_mask) == 0 && (deltas & state->modem_mask) == 0) {
        return 0;
    }
    return put_byte(out, NOTIFY_MODEMSTATE, (uint8_t)(state->modem | deltas));
}

size_t com_port_line_changed(const com_port_state_t *state, uint8_t out[COM_PORT_ANSWER_SIZE])
{
    const uint8_t errors = (uint8_t)(state->line & ~COM_PORT_SENT);

    return (errors & state->line_mask) != 0 ? put_byte(out, NOTIFY_LINESTATE, state->line) : 0;
}
