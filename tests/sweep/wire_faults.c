/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wire_faults.h"

#include <string.h>

static bool is_out(space_t space)
{
    return space == SPACE_OUT || space == SPACE_HEADER || space == SPACE_BEGIN;
}

bool wire_fault_is_out(const fault_t *fault)
{
    return is_out(fault_rows[fault->kind].space);
}

static const fault_t *next_fault(const wire_t *wire, size_t *at, space_t space, uint32_t index)
{
    while (*at < wire->fault_count) {
        const fault_t *fault = &wire->faults[(*at)++];
        space_t own = fault_rows[fault->kind].space;
        if (fault->at == index && (own == space || (space == SPACE_OUT && is_out(own)))) {
            return fault;
        }
    }
    return NULL;
}

static void change_byte(byte_fault_t *byte, fault_kind_t kind, uint32_t form)
{
    switch (kind) {
    case FAULT_OUT_DROP:
        byte->copies = 0;
        break;
    case FAULT_OUT_DOUBLE:
        byte->copies = 2;
        break;
    case FAULT_OUT_FLIP:
    case FAULT_BEGIN_FLIP:
        byte->byte ^= (uint8_t)(1u << form % 8);
        break;
    case FAULT_OUT_SET:
        byte->byte = fault_bytes[form % 6];
        break;
    case FAULT_OUT_INSERT:
        byte->has_extra = true;
        byte->extra = fault_bytes[form % 6];
        break;
    default:
        byte->delay_us = fault_byte_delay_ms[form % 3] * 1000;
    }
}

void wire_fault_out(wire_t *wire, uint32_t index, byte_fault_t *byte)
{
    const fault_t *fault;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_OUT, index)) != NULL;) {
        change_byte(byte, fault->kind, fault->form);
    }
}

size_t wire_fault_out_distance(const wire_t *wire, uint32_t index, size_t size)
{
    for (size_t i = 0; i < wire->fault_count; i++) {
        const fault_t *fault = &wire->faults[i];
        space_t space = fault_rows[fault->kind].space;
        if (is_out(space) && fault->at - index < size) {
            size = fault->at - index;
        }
    }
    return size;
}

/* The kind that does to bytes out what this one does to bytes in. */
static const fault_kind_t out_kinds[FAULT_KINDS] = {
    [FAULT_IN_DROP] = FAULT_OUT_DROP, [FAULT_IN_DOUBLE] = FAULT_OUT_DOUBLE, [FAULT_IN_FLIP] = FAULT_OUT_FLIP,
    [FAULT_IN_SET] = FAULT_OUT_SET,   [FAULT_IN_INSERT] = FAULT_OUT_INSERT, [FAULT_IN_LATE] = FAULT_OUT_LATE,
};

void wire_fault_in(wire_t *wire, uint32_t index, byte_fault_t *byte)
{
    const fault_t *fault;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_IN, index)) != NULL;) {
        change_byte(byte, out_kinds[fault->kind], fault->form);
    }
}

static esp_loader_error_t port_error(uint32_t form)
{
    static const esp_loader_error_t errors[] = {ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_IO,
                                                ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_FAIL};
    return errors[form % 4];
}

size_t wire_fault_write(const wire_t *wire, uint32_t index, size_t size, esp_loader_error_t *err)
{
    const fault_t *fault;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_WRITE, index)) != NULL;) {
        if (fault->kind == FAULT_WRITE_ERROR) {
            *err = port_error(fault->form);
            size = fault->form / 4 == 0 ? 0 : fault->form / 4 == 1 ? size / 2 : size;
        } else {
            size = size * fault->form / 8;
        }
    }
    return size;
}

bool wire_fault_read(const wire_t *wire, uint32_t index, size_t *capacity, esp_loader_error_t *err)
{
    const fault_t *fault;
    bool has_data = true;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_READ, index)) != NULL;) {
        *err = port_error(fault->form);
        has_data = fault->kind == FAULT_READ_BOTH;
    }
    for (size_t i = 0; i < wire->fault_count; i++) {
        if (wire->faults[i].kind == FAULT_ONE_BYTE) {
            *capacity = 1;
        }
    }
    return has_data;
}

void wire_fault_clock(wire_t *wire, uint32_t index)
{
    const fault_t *fault;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_CLOCK, index)) != NULL;) {
        wire->clock_jump_ms += fault_jump_ms[fault->form % 6];
    }
}

uint64_t wire_fault_latency_us(const wire_t *wire)
{
    uint64_t us = 0;
    for (size_t i = 0; i < wire->fault_count; i++) {
        if (wire->faults[i].kind == FAULT_LATENCY) {
            us += (uint64_t)fault_latency_ms[wire->faults[i].form % 5] * 1000;
        }
    }
    return us;
}

/* Reset into the application, reset into download mode, death; before and after the command. */
static void end_life(verdict_t *verdict, uint32_t form)
{
    verdict->is_after = form % 2 != 0;
    verdict->resets = form / 2 == 0;
    verdict->resets_to_download = form / 2 == 1;
    verdict->dies = form / 2 == 2;
}

void wire_fault_command(void *ctx, uint8_t opcode, verdict_t *verdict)
{
    wire_t *wire = ctx;
    const fault_t *fault;
    uint32_t index = wire->counts[SPACE_COMMAND]++;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_COMMAND, index)) != NULL;) {
        if (fault->kind == FAULT_COMMAND_DROP) {
            verdict->is_dropped = true;
        } else if (fault->kind == FAULT_COMMAND_DOUBLE) {
            verdict->is_doubled = true;
        } else if (fault->kind == FAULT_COMMAND_RESET) {
            end_life(verdict, fault->form);
        } else {
            verdict->has_status = true;
            verdict->status = (uint8_t)fault->form;
            verdict->is_refused = fault->form >= 256;
        }
    }
    if (opcode != 0x03 && opcode != 0x11) {
        return;
    }
    index = wire->counts[SPACE_PROGRAM]++;
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_PROGRAM, index)) != NULL;) {
        verdict->flip = (int)(fault->form * 977 + 13);
    }
}

/* ---- replies ---- */

/* Cut short, lengthened, another opcode, direction, length or value. */
static size_t change_shape(uint8_t *frame, size_t size, uint32_t form)
{
    static const uint8_t opcodes[8] = {0x02, 0x03, 0x04, 0x08, 0x0A, 0x11, 0x13, 0xD1};
    if (form < 14) { /* the last 1 to 14 bytes are missing */
        return size > form + 1 ? size - form - 1 : 1;
    }
    if (form < 18) {
        size_t more = (size_t)1 << 2 * (form - 14); /* 1, 4, 16, 64 */
        memset(frame + size, form == 16 ? 0xFF : 0x01, more);
        return size + more;
    }
    if (form < 26) {
        frame[1] = opcodes[form - 18];
    } else if (form < 30) {
        static const uint8_t directions[4] = {0, 2, 0x81, 0xFF};
        frame[0] = directions[form - 26];
    } else if (form < 34) {
        static const uint8_t lengths[4] = {0, 1, 0x7F, 0xFF};
        frame[2] = lengths[form - 30];
        frame[3] = form == 33 ? 0xFF : 0;
    } else {
        static const uint8_t values[6] = {0, 0x01, 0x80, 0x55, 0xC0, 0xFF};
        memset(frame + 4, values[form - 34], 4);
    }
    return size;
}

/* A reply to another command, in front. */
static void come_foreign(wire_t *wire, uint64_t at_us, uint8_t opcode, uint32_t form, wire_frame_t *come)
{
    static const uint8_t frames[][14] = {
        {1, 0x08, 4, 0, 7, 7, 0x12, 0x20, 0, 0, 0, 0}, {1, 0x0A, 4, 0, 0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0},
        {1, 0x03, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0},       {1, 0x02, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {1, 0x0A, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0},       {1, 0x00, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0},
        {1, 0x13, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0},       {1, 0x08, 2, 0, 0, 0, 0, 0, 0xC3, 0, 0, 0},
        {1, 0x03, 2, 0, 0, 0, 0, 0, 0xC4, 0, 0, 0},    {'O', 'H', 'A', 'I'},
    };
    size_t size = form == 9 ? 4 : form == 7 || form == 8 ? 10 : 12;
    if (frames[form % 10][1] != opcode) { /* one with its own opcode would be another fault */
        come(wire, at_us, frames[form % 10], size);
    }
}

void wire_fault_reply(wire_t *wire, uint32_t index, uint64_t at_us, const uint8_t *frame, size_t size,
                      wire_frame_t *come)
{
    uint8_t changed[REPLY_MAX + 64];
    unsigned copies = 1;
    bool is_followed = false;
    const fault_t *fault;
    memcpy(changed, frame, size);
    for (size_t i = 0; (fault = next_fault(wire, &i, SPACE_REPLY, index)) != NULL;) {
        if (fault->kind == FAULT_REPLY_DROP) {
            copies = 0;
        } else if (fault->kind == FAULT_REPLY_DOUBLE) {
            copies = 2;
        } else if (fault->kind == FAULT_REPLY_LATE) {
            at_us += (uint64_t)fault_reply_delay_ms[fault->form % 6] * 1000;
        } else if (fault->kind == FAULT_REPLY_SHAPE && size <= REPLY_MAX) {
            size = change_shape(changed, size, fault->form);
        } else if (fault->kind == FAULT_REPLY_FOREIGN) {
            come_foreign(wire, at_us, frame[1], fault->form, come);
        } else if (wire->previous_size > 0 && fault->form == 0) {
            come(wire, at_us, wire->previous, wire->previous_size);
        } else {
            is_followed = wire->previous_size > 0;
        }
    }
    for (unsigned i = 0; i < copies; i++) {
        come(wire, at_us, changed, size);
    }
    if (is_followed) {
        come(wire, at_us, wire->previous, wire->previous_size);
    }
}
