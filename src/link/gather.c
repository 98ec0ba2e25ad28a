/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A frame as parts that the port fetches: for hosts whose transmit buffer does not hold one.
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

const uint8_t *esp_loader_gather_next(esp_loader_gather_t *gather, size_t *out_size)
{
    *out_size = 1;
    if (!gather->_has_begun) {
        gather->_has_begun = true;
        return &delimiter;
    }
    if (gather->_header_size != 0) {
        return take(&gather->_header, &gather->_header_size, out_size);
    }
    if (gather->_payload_size != 0) {
        return take(&gather->_payload, &gather->_payload_size, out_size);
    }
    if (gather->_padding != 0) { /* 0x55 or 0xFF: as it is */
        gather->_padding--;
        return &gather->_fill;
    }
    if (!gather->_has_ended) {
        gather->_has_ended = true;
        return &delimiter;
    }
    *out_size = 0;
    return NULL;
}
