/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The request handlers of com_port.h. Codes from RFC 2217, section 3; a server's codes are the client's
 * plus 100.
 */
#include "com_port.h"

#include "telnet.h"

#include <string.h>

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
    FROM_SERVER = 100,
};

enum { DATASIZE_8 = 8, PARITY_NONE = 1, STOPSIZE_1 = 1 };

enum {
    CONTROL_FLOW_NONE = 1,
    CONTROL_ASK_BREAK = 4,
    CONTROL_BREAK_ON = 5,
    CONTROL_BREAK_OFF = 6,
    CONTROL_ASK_DTR = 7,
    CONTROL_DTR_ON = 8,
    CONTROL_DTR_OFF = 9,
    CONTROL_ASK_RTS = 10,
    CONTROL_RTS_ON = 11,
    CONTROL_RTS_OFF = 12,
    CONTROL_ASK_FLOW_IN = 13,
    CONTROL_FLOW_IN_NONE = 14,
    CONTROL_FLOW_IN_SOFTWARE = 15,
    CONTROL_FLOW_IN_HARDWARE = 16,
    CONTROL_FLOW_IN_DTR = 18,
};

enum { PURGE_IN = 1, PURGE_OUT = 2, PURGE_BOTH = 3 };

/* Transmitter empty, both registers: the only line state of a model without errors on the line. */
enum { LINE_STATE_IDLE = 0x60, MODEM_STATE_NONE = 0x00 };

void fe_com_port_init(fe_com_port_t *port)
{
    *port = (fe_com_port_t){.rate_baud = 115200, .modem_state_mask = 0xFF};
}

static size_t answer_byte(uint8_t *out_answer, uint8_t command, uint8_t value)
{
    out_answer[0] = FE_TELNET_OPTION_COM_PORT;
    out_answer[1] = (uint8_t)(command + FROM_SERVER);
    out_answer[2] = value;
    return 3;
}

static size_t answer_signature(uint8_t *out_answer)
{
    static const char name[] = "esp-sim";
    out_answer[0] = FE_TELNET_OPTION_COM_PORT;
    out_answer[1] = SIGNATURE + FROM_SERVER;
    memcpy(out_answer + 2, name, sizeof(name) - 1);
    return 2 + sizeof(name) - 1;
}

size_t fe_com_port_rate(const fe_com_port_t *port, uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE])
{
    out_answer[0] = FE_TELNET_OPTION_COM_PORT;
    out_answer[1] = SET_BAUDRATE + FROM_SERVER;
    for (unsigned i = 0; i < 4; i++) {
        out_answer[2 + i] = (uint8_t)(port->rate_baud >> (24 - 8 * i));
    }
    return 6;
}

/* A rate of 0 asks for the one in force. */
static size_t set_rate(fe_com_port_t *port, const uint8_t *value, uint8_t *out_answer, unsigned *out_actions)
{
    const uint32_t rate =
        (uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 | value[3];
    if (rate != 0) {
        port->rate_baud = rate;
        *out_actions |= FE_COM_PORT_SET_RATE;
    }
    return fe_com_port_rate(port, out_answer);
}

/* Returns the value to answer: what the client set, or for a question and a refused setting what is in force.
 */
static uint8_t set_control(fe_com_port_t *port, uint8_t value, unsigned *out_actions)
{
    switch (value) {
    case CONTROL_BREAK_ON:
    case CONTROL_BREAK_OFF:
        port->has_break = value == CONTROL_BREAK_ON;
        return value;
    case CONTROL_ASK_BREAK:
        return port->has_break ? CONTROL_BREAK_ON : CONTROL_BREAK_OFF;
    case CONTROL_DTR_ON:
    case CONTROL_DTR_OFF:
        port->dtr = value == CONTROL_DTR_ON;
        *out_actions |= FE_COM_PORT_SET_LINES;
        return value;
    case CONTROL_ASK_DTR:
        return port->dtr ? CONTROL_DTR_ON : CONTROL_DTR_OFF;
    case CONTROL_RTS_ON:
    case CONTROL_RTS_OFF:
        port->rts = value == CONTROL_RTS_ON;
        *out_actions |= FE_COM_PORT_SET_LINES;
        return value;
    case CONTROL_ASK_RTS:
        return port->rts ? CONTROL_RTS_ON : CONTROL_RTS_OFF;
    case CONTROL_ASK_FLOW_IN:
    case CONTROL_FLOW_IN_NONE:
    case CONTROL_FLOW_IN_SOFTWARE:
    case CONTROL_FLOW_IN_HARDWARE:
    case CONTROL_FLOW_IN_DTR:
        return CONTROL_FLOW_IN_NONE;
    default: /* outbound flow control of any kind */
        return CONTROL_FLOW_NONE;
    }
}

static unsigned purge(uint8_t which)
{
    switch (which) {
    case PURGE_IN:
        return FE_COM_PORT_PURGE_IN;
    case PURGE_OUT:
        return FE_COM_PORT_PURGE_OUT;
    case PURGE_BOTH:
        return FE_COM_PORT_PURGE_IN | FE_COM_PORT_PURGE_OUT;
    default:
        return 0;
    }
}

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

size_t fe_com_port_request(fe_com_port_t *port, const uint8_t *sub, size_t size,
                           uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE], unsigned *out_actions)
{
    *out_actions = 0;
    if (size < 2 || sub[0] != FE_TELNET_OPTION_COM_PORT) {
        return 0;
    }

    const uint8_t command = sub[1];
    const uint8_t *value = sub + 2;
    if (size - 2 < value_size(command)) {
        return 0;
    }

    switch (command) {
    case SIGNATURE: /* with text it is the client's own name, without it a question */
        return size == 2 ? answer_signature(out_answer) : 0;
    case SET_BAUDRATE:
        return set_rate(port, value, out_answer, out_actions);
    case SET_DATASIZE:
        return answer_byte(out_answer, command, DATASIZE_8);
    case SET_PARITY:
        return answer_byte(out_answer, command, PARITY_NONE);
    case SET_STOPSIZE:
        return answer_byte(out_answer, command, STOPSIZE_1);
    case SET_CONTROL:
        return answer_byte(out_answer, command, set_control(port, value[0], out_actions));
    case NOTIFY_LINESTATE:
        return answer_byte(out_answer, command, LINE_STATE_IDLE);
    case NOTIFY_MODEMSTATE:
        return answer_byte(out_answer, command, MODEM_STATE_NONE);
    case FLOWCONTROL_SUSPEND:
    case FLOWCONTROL_RESUME:
        port->is_suspended = command == FLOWCONTROL_SUSPEND;
        return 0;
    case SET_LINESTATE_MASK:
        port->line_state_mask = value[0];
        return answer_byte(out_answer, command, value[0]);
    case SET_MODEMSTATE_MASK:
        port->modem_state_mask = value[0];
        return answer_byte(out_answer, command, value[0]);
    case PURGE_DATA:
        *out_actions = purge(value[0]);
        return answer_byte(out_answer, command, value[0]);
    default:
        return 0;
    }
}

size_t fe_com_port_modem_state(uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE])
{
    return answer_byte(out_answer, NOTIFY_MODEMSTATE, MODEM_STATE_NONE);
}
