/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "floor.h"

#include <string.h>

enum { SECTOR = 4096, BLOCK = 65536, PIECE = 32, SPI_HEAD = 4, INFLATE_STEP = 32768 };

/* A data command: two delimiters, 8 bytes of header, 16 bytes of block header. */
enum { FRAME_BYTES = 26 };

static bool is_blank(const uint8_t *data, size_t size)
{
    return data[0] == 0xFF && memcmp(data, data + 1, size - 1) == 0;
}

static size_t sector_size(const floor_case_t *c, size_t at)
{
    return c->size - at < SECTOR ? c->size - at : (size_t)SECTOR;
}

static bool is_left_alone(const floor_case_t *c, size_t at)
{
    return c->keeps_equal && memcmp(c->image + at, c->before + at, sector_size(c, at)) == 0;
}

/* Whole sectors follow `before`: flash is erased by sectors. */
static bool must_erase(const floor_case_t *c, size_t at)
{
    return !is_left_alone(c, at) && !is_blank(c->before + at, SECTOR);
}

/* The cheaper of sector erases and one block erase, block by block. A block may be erased at once when the
 * image covers it and none of it is to be left alone; by a ROM not the first one and not the last one, for it
 * erases up to 16 sectors at either end one by one. */
static uint64_t erase_ns(const floor_case_t *c)
{
    uint64_t ns = 0;
    for (size_t at = 0; at < c->size;) {
        size_t end = (c->offset + at) / BLOCK * BLOCK + BLOCK - c->offset;
        bool is_whole = (c->offset + at) % BLOCK == 0 && c->size - at >= BLOCK;
        is_whole = is_whole && (c->is_stub || (at > 0 && c->size - at > BLOCK));
        uint64_t sectors_ns = 0;
        for (; at < end && at < c->size; at += SECTOR) {
            is_whole = is_whole && !is_left_alone(c, at);
            sectors_ns += must_erase(c, at) ? c->timing->sector_erase_ns : 0;
        }
        ns += is_whole && sectors_ns > c->timing->block_erase_ns ? c->timing->block_erase_ns : sectors_ns;
    }
    return ns;
}

uint64_t floor_read_ns(const sim_timing_t *timing, size_t size, size_t piece)
{
    return (size + (size + piece - 1) / piece * SPI_HEAD) * timing->spi_byte_ns;
}

floor_parts_t floor_of(const floor_case_t *c)
{
    floor_parts_t parts = {.erase = erase_ns(c)};
    bool has_dirt = false;
    size_t programmed = 0;
    for (size_t at = 0; at < c->size; at += SECTOR) {
        size_t size = sector_size(c, at);
        if (is_left_alone(c, at)) {
            has_dirt = false; /* what follows is a write of its own */
            continue;
        }
        if (c->is_stub && !has_dirt) {
            parts.blank_check += floor_read_ns(c->timing, SECTOR, c->read_piece);
            has_dirt = !is_blank(c->before + at, SECTOR);
        }
        for (size_t i = 0; i < size; i += PIECE) {
            size_t piece = size - i < PIECE ? size - i : (size_t)PIECE;
            if (!is_blank(c->image + at + i, piece)) {
                parts.program += c->timing->program_piece_ns;
                parts.spi += (piece + SPI_HEAD) * c->timing->spi_byte_ns;
                programmed += piece;
            }
        }
    }
    parts.read_back = c->is_stub ? 0 : floor_read_ns(c->timing, programmed, c->read_piece);
    return parts;
}

uint64_t floor_sum(const floor_parts_t *parts)
{
    return parts->erase + parts->program + parts->spi + parts->blank_check + parts->read_back;
}

static uint64_t step_size(const floor_case_t *c, size_t at)
{
    return c->size - at < INFLATE_STEP ? c->size - at : (size_t)INFLATE_STEP;
}

/* Programming the step of inflated output at @p at, and looking whether its sectors are blank. */
static uint64_t step_program_ns(const floor_case_t *c, size_t at)
{
    floor_case_t step = *c;
    step.image += at;
    step.size = step_size(c, at);
    step.before += at;
    step.offset += (uint32_t)at;
    floor_parts_t parts = floor_of(&step);
    return parts.program + parts.spi + parts.blank_check;
}

uint64_t floor_of_stream(const floor_case_t *c, uint64_t wire_ns)
{
    uint64_t erase_left = floor_of(c).erase;
    uint64_t arrived = 0, done = 0, done_before = 0;
    for (size_t at = 0; at < c->size; at += INFLATE_STEP) {
        size_t size = step_size(c, at);
        bool takes_rest = size == c->size - at || erase_left < c->timing->block_erase_ns;
        uint64_t erase = takes_rest ? erase_left : c->timing->block_erase_ns;
        uint64_t sent = arrived > done_before ? arrived : done_before;
        arrived = sent + wire_ns * size / c->size;
        uint64_t inflated = arrived + (size * c->timing->inflate_mib_ns >> 20);
        uint64_t erased = done + erase;
        done_before = done;
        done = (erased > inflated ? erased : inflated) + step_program_ns(c, at);
        erase_left -= erase;
    }
    return done;
}

uint64_t floor_wire_bytes(const uint8_t *data, size_t size, size_t block)
{
    uint64_t bytes = size + (size + block - 1) / block * FRAME_BYTES;
    for (size_t i = 0; i < size; i++) {
        bytes += data[i] == 0xC0 || data[i] == 0xDB;
    }
    return bytes;
}
