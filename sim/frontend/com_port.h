/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The access server's half of the telnet COM-PORT-OPTION, pure: one request in, one answer and the change it
 * makes out. The serial line is 8N1 without flow control, as the chips' loaders need it: a client
 * that asks for something else is answered with what is in force. Any baud rate is accepted. Telnet framing
 * is in telnet.c, what a change does to the chip in rfc2217.c. Source: RFC 2217, sections 2 to 5.
 */
#ifndef FE_COM_PORT_H
#define FE_COM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest answer: the option, the command and the signature. */
#define FE_COM_PORT_ANSWER_SIZE 16u

/** The state of the line as the client set it. */
typedef struct {
    uint32_t rate_baud;
    bool dtr;
    bool rts;
    bool has_break;
    bool is_suspended; /**< the client asked us to send no data for now */
    uint8_t line_state_mask;
    uint8_t modem_state_mask;
} fe_com_port_t;

/** What a request asks the owner of the line to do, beside the new state; bits. */
enum {
    FE_COM_PORT_SET_RATE = 1,  /**< rate_baud was set */
    FE_COM_PORT_SET_LINES = 2, /**< dtr or rts was set, possibly to the value it had */
    FE_COM_PORT_PURGE_IN = 4,  /**< drop what came from the chip and was not sent to the client yet */
    FE_COM_PORT_PURGE_OUT = 8, /**< drop what came from the client and has not reached the chip yet */
};

/** The state at the start of a connection: 115200 baud, both lines off. */
void fe_com_port_init(fe_com_port_t *port);

/** Carries out one request.
 *  @param sub         the subnegotiation's content; sub[0] is the option, COM-PORT-OPTION (44)
 *  @param out_answer  the answer's content in the same form
 *  @param out_actions FE_COM_PORT_… bits
 *  @return the answer's size, 0 when there is none (malformed and unknown requests, suspend and resume) */
size_t fe_com_port_request(fe_com_port_t *port, const uint8_t *sub, size_t size,
                           uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE], unsigned *out_actions);

/** Builds the answer to a request for a rate: the one in force. @return its size */
size_t fe_com_port_rate(const fe_com_port_t *port, uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE]);

/** Builds NOTIFY-MODEMSTATE: the boards connect none of these lines, so all are off. @return its size */
size_t fe_com_port_modem_state(uint8_t out_answer[FE_COM_PORT_ANSWER_SIZE]);

#endif
