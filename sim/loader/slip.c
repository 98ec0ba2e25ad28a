/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SLIP decoder and encoder of the simulated chip.
 */
#include "loader/slip.h"

enum { DELIMITER = 0xC0, ESCAPE = 0xDB, ESCAPED_DELIMITER = 0xDC, ESCAPED_ESCAPE = 0xDD };

void sim_slip_reset(sim_slip_t *slip)
{
    slip->is_open = slip->is_escaped = slip->is_dropping = false;
    slip->size = 0;
}

static sim_slip_result_t take_byte(sim_slip_t *slip, uint8_t byte)
{
    if (slip->size == sizeof(slip->frame)) {
        slip->is_dropping = true;
        return SIM_SLIP_TOO_LONG;
    }
    slip->frame[slip->size++] = byte;
    return SIM_SLIP_MORE;
}

static sim_slip_result_t take_delimiter(sim_slip_t *slip)
{
    bool is_complete = slip->is_open && slip->size > 0 && !slip->is_dropping;
    bool is_open = !slip->is_open || (slip->size == 0 && !slip->is_dropping);
    size_t size = slip->size;
    sim_slip_reset(slip);
    slip->is_open = is_open;
    if (is_complete) {
        slip->size = size; /* for the caller; cleared by the next byte */
        return SIM_SLIP_FRAME;
    }
    return SIM_SLIP_MORE;
}

sim_slip_result_t sim_slip_receive(sim_slip_t *slip, uint8_t byte)
{
    if (!slip->is_open) {
        slip->size = 0;
    }
    if (byte == DELIMITER) {
        return take_delimiter(slip);
    }
    if (!slip->is_open || slip->is_dropping) {
        return SIM_SLIP_MORE;
    }
    if (slip->is_escaped) {
        slip->is_escaped = false;
        if (byte == ESCAPED_DELIMITER) {
            return take_byte(slip, DELIMITER);
        }
        if (byte == ESCAPED_ESCAPE) {
            return take_byte(slip, ESCAPE);
        }
        slip->is_dropping = true;
        return SIM_SLIP_BAD_ESCAPE;
    }
    if (byte == ESCAPE) {
        slip->is_escaped = true;
        return SIM_SLIP_MORE;
    }
    return take_byte(slip, byte);
}

size_t sim_slip_encode(const uint8_t *frame, size_t size, uint8_t *out)
{
    size_t n = 0;
    out[n++] = DELIMITER;
    for (size_t i = 0; i < size; i++) {
        if (frame[i] == DELIMITER || frame[i] == ESCAPE) {
            out[n++] = ESCAPE;
            out[n++] = frame[i] == DELIMITER ? ESCAPED_DELIMITER : ESCAPED_ESCAPE;
        } else {
            out[n++] = frame[i];
        }
    }
    out[n++] = DELIMITER;
    return n;
}
