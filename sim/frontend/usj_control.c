/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The requests of usj_control.h. What the hardware does with class requests: ESP32-C3 TRM chapter 30,
 * ESP32-C6 TRM chapter 32 (line coding is stored where firmware can read it; the ROM does not).
 */
#include "usj_control.h"

#include <string.h>

/* bmRequestType: direction, type, recipient. */
enum {
    STANDARD_DEVICE_OUT = 0x00,
    STANDARD_INTERFACE_OUT = 0x01,
    STANDARD_ENDPOINT_OUT = 0x02,
    CLASS_INTERFACE_OUT = 0x21,
    STANDARD_DEVICE_IN = 0x80,
    STANDARD_INTERFACE_IN = 0x81,
    STANDARD_ENDPOINT_IN = 0x82,
    CLASS_INTERFACE_IN = 0xA1,
};

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11,

    SET_LINE_CODING = 0x20,
    GET_LINE_CODING = 0x21,
    SET_CONTROL_LINE_STATE = 0x22,
    SEND_BREAK = 0x23,
};

enum { LINE_CODING_SIZE = 7, LINE_DTR = 1, LINE_RTS = 2, FEATURE_ENDPOINT_HALT = 0, SELF_POWERED = 1 };

static const uint8_t line_coding[LINE_CODING_SIZE] = {0x80, 0x25, 0, 0, 0, 0, 8}; /* 9600 8N1, always */

typedef struct {
    uint8_t type, request;
    uint16_t value, index, length;
    size_t size;
} request_t;

static void answer(fe_usj_answer_t *out, const uint8_t *data, size_t size)
{
    memcpy(out->data, data, size);
    out->size = size;
}

static void answer_byte(fe_usj_answer_t *out, uint8_t byte)
{
    answer(out, &byte, 1);
}

static void answer_status(fe_usj_answer_t *out, uint8_t bits)
{
    const uint8_t status[2] = {bits, 0};
    answer(out, status, sizeof(status));
}

/* The halt flag of the endpoint that wIndex names; NULL when there is none. */
static bool *halt_of(fe_usj_control_t *control, uint16_t index)
{
    const bool is_in = (index & 0x80) != 0;
    const unsigned number = index & 0x0F;
    if ((index & ~0x8Fu) != 0 || number == 0 || !fe_usj_has_endpoint(number, is_in)) {
        return NULL;
    }
    return &control->is_halted[is_in][number];
}

static bool device_request(fe_usj_control_t *control, const uint8_t mac[6], const request_t *request,
                           fe_usj_answer_t *out)
{
    if (request->type == STANDARD_DEVICE_IN) {
        switch (request->request) {
        case GET_STATUS:
            answer_status(out, SELF_POWERED);
            return true;
        case GET_CONFIGURATION:
            answer_byte(out, control->configuration);
            return true;
        case GET_DESCRIPTOR:
            out->size =
                fe_usj_descriptor((uint8_t)(request->value >> 8), (uint8_t)request->value, mac, out->data);
            return out->size > 0;
        default:
            return false;
        }
    }
    switch (request->request) {
    case SET_ADDRESS: /* the host controller's side of the link keeps it to itself, but it may ask */
        return true;
    case SET_CONFIGURATION:
        if (request->value > FE_USJ_CONFIGURATION) {
            return false;
        }
        *control = (fe_usj_control_t){.configuration = (uint8_t)request->value};
        return true;
    default:
        return false;
    }
}

static bool interface_request(const request_t *request, fe_usj_answer_t *out)
{
    if (request->index >= FE_USJ_INTERFACES) {
        return false;
    }
    switch (request->request) {
    case GET_STATUS:
        answer_status(out, 0);
        return request->type == STANDARD_INTERFACE_IN;
    case GET_INTERFACE:
        answer_byte(out, 0);
        return request->type == STANDARD_INTERFACE_IN;
    case SET_INTERFACE: /* there is no other setting than 0 */
        return request->type == STANDARD_INTERFACE_OUT && request->value == 0;
    default:
        return false;
    }
}

static bool endpoint_request(fe_usj_control_t *control, const request_t *request, fe_usj_answer_t *out)
{
    if ((request->index & 0x0F) == 0) { /* the control endpoint: never halted */
        answer_status(out, 0);
        return request->type == STANDARD_ENDPOINT_IN && request->request == GET_STATUS;
    }
    bool *is_halted = halt_of(control, request->index);
    if (is_halted == NULL) {
        return false;
    }
    if (request->type == STANDARD_ENDPOINT_IN) {
        answer_status(out, *is_halted);
        return request->request == GET_STATUS;
    }
    if (request->value != FEATURE_ENDPOINT_HALT ||
        (request->request != CLEAR_FEATURE && request->request != SET_FEATURE)) {
        return false;
    }
    *is_halted = request->request == SET_FEATURE;
    return true;
}

static bool class_request(const request_t *request, fe_usj_answer_t *out)
{
    if (request->index != 0) { /* only the CDC control interface has any */
        return false;
    }
    if (request->type == CLASS_INTERFACE_IN) {
        answer(out, line_coding, sizeof(line_coding));
        return request->request == GET_LINE_CODING;
    }
    switch (request->request) {
    case SET_LINE_CODING: /* there is no rate to set */
        return request->size == LINE_CODING_SIZE;
    case SEND_BREAK:
        return true;
    case SET_CONTROL_LINE_STATE:
        out->has_lines = true;
        out->dtr = (request->value & LINE_DTR) != 0;
        out->rts = (request->value & LINE_RTS) != 0;
        return true;
    default:
        return false;
    }
}

static bool carry_out(fe_usj_control_t *control, const uint8_t mac[6], const request_t *request,
                      fe_usj_answer_t *out)
{
    switch (request->type) {
    case STANDARD_DEVICE_OUT:
    case STANDARD_DEVICE_IN:
        return device_request(control, mac, request, out);
    case STANDARD_INTERFACE_OUT:
    case STANDARD_INTERFACE_IN:
        return interface_request(request, out);
    case STANDARD_ENDPOINT_OUT:
    case STANDARD_ENDPOINT_IN:
        return endpoint_request(control, request, out);
    case CLASS_INTERFACE_OUT:
    case CLASS_INTERFACE_IN:
        return class_request(request, out);
    default:
        return false;
    }
}

void fe_usj_control_request(fe_usj_control_t *control, const uint8_t mac[6], const uint8_t setup[8],
                            size_t size, fe_usj_answer_t *out)
{
    const request_t request = {
        .type = setup[0],
        .request = setup[1],
        .value = (uint16_t)(setup[2] | setup[3] << 8),
        .index = (uint16_t)(setup[4] | setup[5] << 8),
        .length = (uint16_t)(setup[6] | setup[7] << 8),
        .size = size,
    };
    *out = (fe_usj_answer_t){0};
    if (!carry_out(control, mac, &request, out)) {
        *out = (fe_usj_answer_t){.is_stalled = true};
        return;
    }
    const size_t room = request.length < size ? request.length : size;
    out->size = out->size < room ? out->size : room;
}
