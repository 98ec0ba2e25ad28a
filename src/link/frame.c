/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A frame as pieces that the port fetches: for hosts whose transmit buffer does not hold one.
 */
#include "link/slip.h"

#include "esp_loader_io.h"

static const uint8_t delimiter = ELI_END;
static const uint8_t escaped_end[] = {ELI_ESC, ELI_ESC_END};
static const uint8_t escaped_esc[] = {ELI_ESC, ELI_ESC_ESC};

/* What is left of a part, as far as it goes as it is; or the two bytes that stand for its first. */
static const uint8_t *take(const uint8_t **part, uint16_t *left, size_t *out_size)
{
    const uint8_t *data = *part;
    uint16_t count = 0;
    while (count < *left && data[count] != ELI_END && data[count] != ELI_ESC) {
        count++;
    }
    const bool is_escaped = count == 0;
    *out_size = is_escaped ? 2 : count;
    count = is_escaped ? 1 : count;
    *part += count;
    *left = (uint16_t)(*left - count);
    return !is_escaped ? data : *data == ELI_END ? escaped_end : escaped_esc;
}

const uint8_t *esp_loader_frame_next(esp_loader_frame_t *frame, size_t *out_size)
{
    *out_size = 1;
    if (!frame->_has_begun) {
        frame->_has_begun = true;
        return &delimiter;
    }
    if (frame->_header_size != 0) {
        return take(&frame->_header, &frame->_header_size, out_size);
    }
    if (frame->_payload_size != 0) {
        return take(&frame->_payload, &frame->_payload_size, out_size);
    }
    if (frame->_padding != 0) { /* 0x55 or 0xFF: as it is */
        frame->_padding--;
        return &frame->_fill;
    }
    if (!frame->_has_ended) {
        frame->_has_ended = true;
        return &delimiter;
    }
    *out_size = 0;
    return NULL;
}
