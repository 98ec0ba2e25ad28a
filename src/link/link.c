/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SLIP framing. A delimiter never occurs inside a frame, so everything between two delimiters is a
 * candidate, and the closing delimiter of one may be the opening one of the next: noise, boot messages or a
 * lost delimiter cost one candidate and can never invert the phase for good.
 */
#include "link/link.h"

#include <string.h>

#include "common/bytes.h"
#include "link/slip.h"

#define END     ELI_END
#define ESC     ELI_ESC
#define ESC_END ELI_ESC_END
#define ESC_ESC ELI_ESC_ESC

/* Bytes dropped at most while discarding: more than any backlog, bounded against a target that never stops.
 */
#define DISCARD_LIMIT 16384u

static void flush(esp_loader_t *loader)
{
    if (loader->_link.tx_error == ESP_LOADER_SUCCESS) {
        loader->_link.tx_error = eli_port_write(loader, loader->_buffers.tx, loader->_link.tx_size);
    }
    loader->_link.tx_size = 0;
}

static void put_raw(esp_loader_t *loader, uint8_t byte)
{
    if (loader->_link.tx_size == sizeof(loader->_buffers.tx)) {
        flush(loader);
    }
    loader->_buffers.tx[loader->_link.tx_size++] = byte;
}

static void put_escaped(esp_loader_t *loader, uint8_t byte)
{
    if (byte == END || byte == ESC) {
        put_raw(loader, ESC);
        byte = byte == END ? ESC_END : ESC_ESC;
    }
    put_raw(loader, byte);
}

void eli_link_begin_frame(esp_loader_t *loader)
{
    loader->_link.tx_error = ESP_LOADER_SUCCESS;
    loader->_link.tx_size = 0;
    put_raw(loader, END);
}

#if !ELI_READS_WORDS

void eli_link_put(esp_loader_t *loader, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        put_escaped(loader, data[i]);
    }
}

#else

typedef uintptr_t word_t;

/* Is one of the bytes of a word zero? The lowest one that is loses a borrow into its top bit; bytes above it
 * may be reported wrongly, which does not matter here. */
static inline bool has_zero(word_t word)
{
    const word_t ones = (word_t)-1 / 0xFF;
    return ((word - ones) & ~word & ones << 7) != 0;
}

/* How many bytes from the start are sent as they are. */
static size_t count_plain(const uint8_t *data, size_t size)
{
    const word_t ones = (word_t)-1 / 0xFF;
    size_t count = 0;
    for (; size - count >= sizeof(word_t); count += sizeof(word_t)) {
        word_t word;
        memcpy(&word, data + count, sizeof(word));
        if (has_zero(word ^ ones * END) || has_zero(word ^ ones * ESC)) {
            break;
        }
    }
    while (count < size && data[count] != END && data[count] != ESC) {
        count++;
    }
    return count;
}

/* Runs of ordinary bytes are copied whole: on average they have 128 bytes. */
void eli_link_put(esp_loader_t *loader, const uint8_t *data, size_t size)
{
    while (size > 0) {
        size_t room = sizeof(loader->_buffers.tx) - loader->_link.tx_size;
        size_t count = count_plain(data, size < room ? size : room);
        memcpy(&loader->_buffers.tx[loader->_link.tx_size], data, count);
        loader->_link.tx_size = (uint16_t)(loader->_link.tx_size + count);
        data += count;
        size -= count;
        if (size > 0) {
            put_escaped(loader, *data++); /* or there is no room, which it makes */
            size--;
        }
    }
}

#endif

void eli_link_put_fill(esp_loader_t *loader, uint8_t byte, size_t size)
{
    while (size-- > 0) {
        put_escaped(loader, byte);
    }
}

esp_loader_error_t eli_link_flush(esp_loader_t *loader)
{
    flush(loader);
    return loader->_link.tx_error;
}

esp_loader_error_t eli_link_end_frame(esp_loader_t *loader)
{
    put_raw(loader, END);
    return eli_link_flush(loader);
}

/* After the deadline the port is read once more, however many frames are asked for: a target that sends noise
 * or frames without end blocks no caller. */
static esp_loader_error_t next_byte(esp_loader_t *loader, uint8_t *out_byte)
{
    if (loader->_link.rx_next == loader->_link.rx_size) {
        if (loader->_link.is_overdue) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        loader->_link.is_overdue = eli_port_remaining_ms(loader) == 0;

        size_t count;
        loader->_link.rx_next = 0;
        esp_loader_error_t err =
            eli_port_read(loader, loader->_buffers.rx, sizeof(loader->_buffers.rx), &count);
        loader->_link.rx_size = (uint16_t)count;
        if (count == 0) {
            return err;
        }
    }
    *out_byte = loader->_buffers.rx[loader->_link.rx_next++];
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_link_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size)
{
    size_t size = 0; /* more than fits: it is no frame */
    bool is_escaped = false;
    *out_size = 0;
    for (;;) {
        uint8_t byte = 0;
        RETURN_ON_ERROR(next_byte(loader, &byte));
        if (byte == END) {
            if (size > 0 && size <= capacity && !is_escaped) {
                *out_size = size;
                return ESP_LOADER_SUCCESS;
            }
            size = 0;
            is_escaped = false;
            continue;
        }
        if (is_escaped) {
            is_escaped = false;
            if (byte == ESC_END) {
                byte = END;
            } else if (byte == ESC_ESC) {
                byte = ESC;
            } else {
                size = capacity;
            }
        } else if (byte == ESC) {
            is_escaped = true;
            continue;
        }
        if (size < capacity) {
            buf[size++] = byte;
        } else {
            size = capacity + 1;
        }
    }
}

/* Without next_byte(): a second caller would make that a function of its own, with stack below every command. */
esp_loader_error_t eli_link_await(esp_loader_t *loader)
{
    for (;;) {
        for (; loader->_link.rx_next != loader->_link.rx_size; loader->_link.rx_next++) {
            if (loader->_buffers.rx[loader->_link.rx_next] != END) {
                return ESP_LOADER_SUCCESS;
            }
        }
        if (eli_port_remaining_ms(loader) == 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        size_t count;
        esp_loader_error_t err =
            eli_port_read(loader, loader->_buffers.rx, sizeof(loader->_buffers.rx), &count);
        loader->_link.rx_next = 0;
        loader->_link.rx_size = (uint16_t)count;
        if (count == 0) {
            return err;
        }
    }
}

/* Raw bytes, at most @p capacity: those that are here, or else the next ones. */
static esp_loader_error_t take(esp_loader_t *loader, uint8_t *out, size_t capacity, size_t *out_count)
{
    size_t count = (size_t)(loader->_link.rx_size - loader->_link.rx_next);
    if (count == 0) {
        return eli_port_read_sure(loader, out, capacity, out_count);
    }
    *out_count = count < capacity ? count : capacity;
    eli_copy(out, &loader->_buffers.rx[loader->_link.rx_next], *out_count);
    loader->_link.rx_next = (uint16_t)(loader->_link.rx_next + *out_count);
    return ESP_LOADER_SUCCESS;
}

/* Bytes are unescaped where they lie: what is still missing of the content is at least as long on the wire. */
esp_loader_error_t eli_link_receive_exactly(esp_loader_t *loader, uint8_t *buf, size_t size)
{
    size_t done = 0;
    bool is_escaped = false;
    while (done < size) {
        size_t count = 0;
        const uint8_t *raw = buf + done;
        RETURN_ON_ERROR(take(loader, buf + done, size - done, &count));
        for (; count > 0; count--) {
            uint8_t byte = *raw++;
            if (is_escaped && (byte == ESC_END || byte == ESC_ESC)) {
                byte = byte == ESC_END ? END : ESC;
            } else if (is_escaped || byte == END) {
                return ESP_LOADER_ERROR_INVALID_RESPONSE;
            } else if (byte == ESC) {
                is_escaped = true;
                continue;
            }
            is_escaped = false;
            buf[done++] = byte;
        }
    }
    uint8_t last = 0;
    size_t count;
    RETURN_ON_ERROR(take(loader, &last, 1, &count));
    return last == END ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

void eli_link_discard_input(esp_loader_t *loader)
{
    size_t total = 0;
    eli_link_forget_input(loader);
    eli_port_set_deadline(loader, 0);
    while (total < DISCARD_LIMIT) {
        size_t count;
        if (eli_port_read(loader, loader->_buffers.rx, sizeof(loader->_buffers.rx), &count) !=
            ESP_LOADER_SUCCESS) {
            break;
        }
        total += count;
    }
}
