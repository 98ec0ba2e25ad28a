/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The server's half of telnet's COM-PORT-OPTION, without I/O: what a client asks for, and the bytes of an answer. The
 * line is 8N1 without flow control, as the loaders of the chips need it: a client that asks for something else is
 * told so. Source: RFC 2217, section 3.
 */
#ifndef CLI_COM_PORT_H
#define CLI_COM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COM_PORT_ANSWER_SIZE = 16 /**< longest answer: option, command, signature */ };

/** Lines of the modem, as in NOTIFY-MODEMSTATE. */
enum { COM_PORT_CTS = 16, COM_PORT_DSR = 32, COM_PORT_RI = 64, COM_PORT_CD = 128 };

/** What went wrong on the line, as in NOTIFY-LINESTATE. */
enum {
    COM_PORT_OVERRUN = 2,
    COM_PORT_PARITY_ERROR = 4,
    COM_PORT_FRAMING_ERROR = 8,
    COM_PORT_BREAK = 16,
    COM_PORT_SENT = 96 /**< nothing waits to be sent */
};

/** Of a purge, bits. */
enum { COM_PORT_PURGE_RECEIVED = 1, COM_PORT_PURGE_TO_SEND = 2 };

typedef enum {
    COM_PORT_NOTHING = 0, /**< no request, or one that needs no more than its answer */
    COM_PORT_SET_RATE,    /**< to `value`, baud */
    COM_PORT_SET_DTR,     /**< on if `value` is not 0 */
    COM_PORT_SET_RTS,
    COM_PORT_SET_BREAK,
    COM_PORT_SUSPEND, /**< send no data if `value` is not 0 */
    COM_PORT_SET_LINE_MASK,
    COM_PORT_SET_MODEM_MASK,
    COM_PORT_PURGE, /**< COM_PORT_PURGE_* */
} com_port_action_t;

typedef struct {
    com_port_action_t action;
    uint32_t value;
    uint8_t command; /**< private */
    uint8_t byte;    /**< private */
    bool is_silent;  /**< private: has no answer */
} com_port_request_t;

/** What is in force. */
typedef struct {
    uint32_t rate_baud;
    bool dtr, rts, has_break;
    uint8_t line_mask, modem_mask; /**< which changes the client is told */
    uint8_t line, modem;           /**< COM_PORT_* */
} com_port_state_t;

/** State at the beginning of a connection: 115200 baud, both lines off. */
void com_port_init(com_port_state_t *state);

/** What a subnegotiation asks for. What is malformed, or no command of a client, asks for nothing and has no answer. */
com_port_request_t com_port_parse(const uint8_t *sub, size_t size);

/** Makes the answer to a request that has been carried out, or not: it says what is in force. To be framed by the
 * caller.
 *  @return its size; 0 = none */
size_t com_port_answer(const com_port_request_t *request, const com_port_state_t *state,
                       uint8_t out[COM_PORT_ANSWER_SIZE]);

/** Makes NOTIFY-MODEMSTATE, unasked. @return its size */
size_t com_port_modem(const com_port_state_t *state, uint8_t out[COM_PORT_ANSWER_SIZE]);

/** The same for lines that were @p before.
 *  @return its size; 0 = nothing that the client wants to know has changed */
size_t com_port_modem_changed(const com_port_state_t *state, uint8_t before,
                              uint8_t out[COM_PORT_ANSWER_SIZE]);

/** Makes NOTIFY-LINESTATE of what has gone wrong since the last one.
 *  @return its size; 0 = nothing that the client wants to know has happened */
size_t com_port_line_changed(const com_port_state_t *state, uint8_t out[COM_PORT_ANSWER_SIZE]);

#endif
