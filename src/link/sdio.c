/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The card and its frames. Everything is read and written through the transmit buffer, at most 512 bytes at a time, which is
 * what one command of the bus carries.
 */
#include "link/sdio.h"

#include <string.h>

#include "common/bytes.h"

/* Function 0: the card's own registers. */
enum { IO_ENABLE = 0x02, IO_READY = 0x03, CIS_POINTER = 0x09, FUNCTION_1 = 1 << 1 };
enum { TUPLE_NULL = 0x00, TUPLE_MANUFACTURER = 0x20, TUPLE_END = 0xFF, MANUFACTURER_SIZE = 4 };

/* A chain of tuples is no longer than this in any card; a damaged one may have no end. */
#define CIS_SIZE 512u

/* Function 1. */
enum {
    CREDITS = 0x44,
    INTERRUPTS = 0x58,
    SLC_VALUE = 0x64,
    LENGTH = 0x6C,
    SLC_WRITE = 0x80,
    SLC_READ = 0x84,
    CLEAR = 0xD4
};
#define WINDOW_END    0x1F800u
#define NEW_PACKET    (1u << 23)
#define LENGTH_MAX    0x3FFFu
#define CREDITS_SHIFT 16u
#define CREDITS_MASK  0xFFFu
#define CREDIT_SIZE   512u

/* Registers of the slave's DMA, reached by the number of their word. */
#define SLC_CONF     0x70u
#define SLC_STITCH   0x60u /* both directions */
#define SLC_LENGTH   0xF4u
#define SLC_LOAD     (1u << 24)
#define SLC_DO_READ  0x8000u
#define SLC_DO_WRITE 0xC000u

#define PIECE_MAX 512u
#define PIECE     (ESP_LOADER_TX_BUFFER_SIZE < PIECE_MAX ? ESP_LOADER_TX_BUFFER_SIZE & ~3u : PIECE_MAX)

/* Looks at a register that follow each other at once: what takes no time is not waited for. */
#define PROMPT_LOOKS 20u

bool eli_sdio_is_complete(const esp_loader_port_t *port)
{
    const esp_loader_port_ops_t *ops = port->ops;
    return ops != NULL && ops->sdio_card_init != NULL && ops->sdio_read != NULL && ops->sdio_write != NULL &&
           (ops->now_ms != NULL || (ops->start_timer != NULL && ops->remaining_time != NULL));
}

esp_loader_error_t eli_sdio_pause(esp_loader_t *loader, unsigned *looks)
{
    if (eli_port_remaining_ms(loader) == 0) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    if (++*looks > PROMPT_LOOKS) {
        eli_port_delay(loader, 1);
    }
    return ESP_LOADER_SUCCESS;
}

/* To and from the transmit buffer. */
static esp_loader_error_t read_piece(esp_loader_t *loader, uint32_t function, uint32_t address, size_t size)
{
    return loader->_port->ops->sdio_read(loader->_port, function, address, loader->_buffers.tx,
                                         (uint16_t)size, eli_port_remaining_ms(loader));
}

static esp_loader_error_t write_piece(esp_loader_t *loader, uint32_t function, uint32_t address, size_t size)
{
    return loader->_port->ops->sdio_write(loader->_port, function, address, loader->_buffers.tx,
                                          (uint16_t)size, eli_port_remaining_ms(loader));
}

static esp_loader_error_t read_word(esp_loader_t *loader, uint32_t address, uint32_t *out)
{
    RETURN_ON_ERROR(read_piece(loader, 1, address, 4));
    *out = eli_get_u32(loader->_buffers.tx);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t write_word(esp_loader_t *loader, uint32_t address, uint32_t value)
{
    eli_put_u32(loader->_buffers.tx, value);
    return write_piece(loader, 1, address, 4);
}

/* ---- the card ---- */

static esp_loader_error_t read_byte(esp_loader_t *loader, uint32_t address, uint8_t *out)
{
    RETURN_ON_ERROR(read_piece(loader, 0, address, 1));
    *out = loader->_buffers.tx[0];
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t enable_function(esp_loader_t *loader)
{
    unsigned looks = 0;
    uint8_t value;
    RETURN_ON_ERROR(read_byte(loader, IO_ENABLE, &value));
    loader->_buffers.tx[0] = value | FUNCTION_1;
    RETURN_ON_ERROR(write_piece(loader, 0, IO_ENABLE, 1));
    for (;;) {
        RETURN_ON_ERROR(read_byte(loader, IO_READY, &value));
        if ((value & FUNCTION_1) != 0) {
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(eli_sdio_pause(loader, &looks));
    }
}

/* Bytes that follow each other, low one first. */
static esp_loader_error_t read_bytes(esp_loader_t *loader, uint32_t address, unsigned count, uint32_t *out)
{
    *out = 0;
    for (unsigned i = 0; i < count; i++) {
        uint8_t byte;
        RETURN_ON_ERROR(read_byte(loader, address + i, &byte));
        *out |= (uint32_t)byte << 8 * i;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_id(esp_loader_t *loader, eli_sdio_id_t *out)
{
    uint32_t address;
    RETURN_ON_ERROR(read_bytes(loader, CIS_POINTER, 3, &address));
    for (uint32_t end = address + CIS_SIZE; address < end;) {
        uint8_t code;
        uint8_t size;
        RETURN_ON_ERROR(read_byte(loader, address++, &code));
        if (code == TUPLE_NULL) {
            continue;
        }
        if (code == TUPLE_END) {
            break;
        }
        RETURN_ON_ERROR(read_byte(loader, address++, &size));
        if (code == TUPLE_MANUFACTURER && size == MANUFACTURER_SIZE) {
            uint32_t ids;
            RETURN_ON_ERROR(read_bytes(loader, address, MANUFACTURER_SIZE, &ids));
            *out = (eli_sdio_id_t){(uint16_t)ids, (uint16_t)(ids >> 16)};
            return ESP_LOADER_SUCCESS;
        }
        address += size;
    }
    return ESP_LOADER_ERROR_INVALID_RESPONSE;
}

esp_loader_error_t eli_sdio_open(esp_loader_t *loader, eli_sdio_id_t *out)
{
    RETURN_ON_ERROR(loader->_port->ops->sdio_card_init(loader->_port));
    RETURN_ON_ERROR(enable_function(loader));
    return read_id(loader, out);
}

/* ---- registers of the slave's DMA ---- */

static esp_loader_error_t read_slc(esp_loader_t *loader, uint32_t offset, uint32_t *out)
{
    RETURN_ON_ERROR(write_word(loader, SLC_READ, SLC_DO_READ | offset / 4));
    return read_word(loader, SLC_VALUE, out);
}

static esp_loader_error_t set_slc(esp_loader_t *loader, uint32_t offset, uint32_t bits)
{
    uint32_t value;
    RETURN_ON_ERROR(read_slc(loader, offset, &value));
    eli_put_u32(&loader->_buffers.tx[0], value | bits);
    eli_put_u32(&loader->_buffers.tx[4], SLC_DO_WRITE | offset / 4);
    return write_piece(loader, 1, SLC_WRITE, 8);
}

esp_loader_error_t eli_sdio_prepare(esp_loader_t *loader)
{
    uint32_t value;
    RETURN_ON_ERROR(set_slc(loader, SLC_CONF, SLC_STITCH));
    RETURN_ON_ERROR(read_slc(loader, SLC_CONF, &value));
    if ((value & SLC_STITCH) != SLC_STITCH) {
        return ESP_LOADER_ERROR_INVALID_RESPONSE;
    }
    RETURN_ON_ERROR(set_slc(loader, SLC_LENGTH, SLC_LOAD)); /* clears itself */
    RETURN_ON_ERROR(eli_sdio_read_credits(loader, &value));
    loader->_buffers.sdio._credits = (uint16_t)value;
    return ESP_LOADER_SUCCESS;
}

/* ---- sending ---- */

esp_loader_error_t eli_sdio_read_credits(esp_loader_t *loader, uint32_t *out)
{
    uint32_t value;
    RETURN_ON_ERROR(read_word(loader, CREDITS, &value));
    *out = value >> CREDITS_SHIFT & CREDITS_MASK;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_sdio_await_room(esp_loader_t *loader, size_t size)
{
    unsigned looks = 0;
    for (;;) {
        uint32_t credits;
        RETURN_ON_ERROR(eli_sdio_read_credits(loader, &credits));
        if (credits * CREDIT_SIZE >= size) {
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(eli_sdio_pause(loader, &looks));
    }
}

void eli_sdio_begin(esp_loader_t *loader, size_t size)
{
    loader->_link.tx_error = ESP_LOADER_SUCCESS;
    loader->_link.tx_size = 0;
    loader->_buffers.sdio._next = WINDOW_END - (uint32_t)size;
}

static void flush(esp_loader_t *loader)
{
    if (loader->_link.tx_error == ESP_LOADER_SUCCESS && loader->_link.tx_size > 0) {
        loader->_link.tx_error = write_piece(loader, 1, loader->_buffers.sdio._next, loader->_link.tx_size);
    }
    loader->_buffers.sdio._next += loader->_link.tx_size;
    loader->_link.tx_size = 0;
}

void eli_sdio_put(esp_loader_t *loader, const uint8_t *data, size_t size)
{
    while (size > 0) {
        size_t room = PIECE - loader->_link.tx_size;
        size_t count = size < room ? size : room;
        memcpy(&loader->_buffers.tx[loader->_link.tx_size], data, count);
        loader->_link.tx_size = (uint16_t)(loader->_link.tx_size + count);
        data += count;
        size -= count;
        if (loader->_link.tx_size == PIECE) {
            flush(loader);
        }
    }
}

void eli_sdio_put_fill(esp_loader_t *loader, uint8_t byte, size_t size)
{
    while (size-- > 0) {
        eli_sdio_put(loader, &byte, 1);
    }
}

esp_loader_error_t eli_sdio_end(esp_loader_t *loader)
{
    flush(loader);
    return loader->_link.tx_error;
}

/* ---- receiving ---- */

/* The interrupt is cleared before the frame is read: the chip does not show the next one before that. */
static esp_loader_error_t await_frame(esp_loader_t *loader, uint32_t *out_size)
{
    unsigned looks = 0;
    for (;;) {
        uint32_t interrupts;
        RETURN_ON_ERROR(read_word(loader, INTERRUPTS, &interrupts));
        if ((interrupts & NEW_PACKET) != 0) {
            break;
        }
        RETURN_ON_ERROR(eli_sdio_pause(loader, &looks));
    }
    RETURN_ON_ERROR(write_word(loader, CLEAR, NEW_PACKET));
    RETURN_ON_ERROR(read_word(loader, LENGTH, out_size));
    return *out_size > 0 && *out_size <= LENGTH_MAX ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

esp_loader_error_t eli_sdio_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size)
{
    uint32_t size;
    *out_size = 0;
    do {
        RETURN_ON_ERROR(await_frame(loader, &size));
        for (uint32_t done = 0; done < size;) {
            uint32_t piece = size - done < PIECE ? size - done : PIECE;
            RETURN_ON_ERROR(read_piece(loader, 1, WINDOW_END - size + done, piece));
            if (size <= capacity) {
                memcpy(buf + done, loader->_buffers.tx, piece);
            }
            done += piece;
        }
    } while (size > capacity);
    *out_size = size;
    return ESP_LOADER_SUCCESS;
}
