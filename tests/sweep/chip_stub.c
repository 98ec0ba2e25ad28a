/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The commands of the flasher stub. A block is acknowledged first and written then; what goes wrong with it
 * is the answer to the next command of any kind, which is not carried out. Block numbers are not looked at.
 * Sectors are erased just ahead of the data [stub].
 */
#include <string.h>

#include "chip.h"

enum {
    BAD_LENGTH = 0xC0,
    BAD_CHECKSUM = 0xC1,
    UNKNOWN_COMMAND = 0xC3,
    FLASH_FAILED = 0xC4,
    NOT_IN_MODE = 0xC6,
    BAD_STREAM = 0xC7,
    NOT_ENOUGH_DATA = 0xC8,
    TOO_MUCH_DATA = 0xC9,
    NOT_IMPLEMENTED = 0xFF
};
enum { BLOCK_HEADER = 16, BLOCK = 65536 };

static void refuse(chip_t *chip, uint8_t status)
{
    chip_refuse(chip, status, 0);
}

static bool is_in_flash(uint32_t offset, uint32_t size)
{
    return offset <= FLASH_SIZE && size <= FLASH_SIZE - offset;
}

/* ---- writing ---- */

/* One step: a look at a sector, until one was found that is not blank; or an erase, of 64 KiB where address
 * and rest allow it. */
static void erase_ahead(chip_t *chip, uint64_t *us)
{
    write_t *write = &chip->write;
    if (!write->has_dirt) {
        *us += BLANK_CHECK_US;
        if (flash_is_blank(chip, write->erased_to)) {
            write->erased_to += SECTOR;
            return;
        }
        write->has_dirt = true;
    }
    bool is_block = write->erased_to % BLOCK == 0 && write->erase_end - write->erased_to >= BLOCK;
    flash_erase(chip, write->erased_to, is_block ? BLOCK / SECTOR : 1);
    *us += is_block ? BLOCK_ERASE_US : SECTOR_ERASE_US;
    write->erased_to += is_block ? BLOCK : SECTOR;
}

static void flash_begin(chip_t *chip, const request_t *request, bool is_deflate)
{
    if (request->size != 16 && request->size != 20) {
        refuse(chip, BAD_LENGTH);
        return;
    }
    stream_close(chip);
    chip->write = (write_t){.is_open = true,
                            .is_deflate = is_deflate,
                            .size = word(request, 0),
                            .offset = word(request, 3),
                            .compressed_left = word(request, 1) * word(request, 2)};
    write_t *write = &chip->write;
    write->erased_to = write->offset / SECTOR * SECTOR;
    if (!is_in_flash(write->erased_to, SECTOR)) { /* it reads the first sector */
        refuse(chip, FLASH_FAILED);
        return;
    }
    write->erase_end = (write->offset + write->size + SECTOR - 1) / SECTOR * SECTOR; /* wraps, as there */
    if (write->erased_to < write->erase_end) {
        erase_ahead(chip, &chip->before_us);
    }
    chip_done(chip);
}

/* Programs what its place is erased for. A place that BEGIN did not announce is waited for without end. */
static void put(chip_t *chip, const uint8_t *data, size_t size)
{
    write_t *write = &chip->write;
    uint32_t needed = write->offset + write->written + (uint32_t)size;
    if (chip->state != STATE_STUB) {
        return;
    }
    if (needed > write->erase_end || needed < write->offset) {
        if (!write->is_deflate) {
            chip->state = STATE_SILENT;
            return;
        }
    } else {
        while (write->erased_to < needed) {
            erase_ahead(chip, &chip->after_us);
        }
    }
    (void)flash_program(chip, write->offset + write->written, data, size);
    write->written += (uint32_t)size;
    chip->after_us += program_us(size);
}

static bool accept_block(chip_t *chip, const request_t *request, bool is_deflate)
{
    size_t size = request->size - BLOCK_HEADER;
    if (request->size < BLOCK_HEADER) {
        refuse(chip, BAD_LENGTH);
    } else if (!chip->write.is_open || chip->write.is_deflate != is_deflate) {
        refuse(chip, NOT_IN_MODE);
    } else if (!is_deflate && word(request, 0) != size) {
        refuse(chip, TOO_MUCH_DATA);
    } else if (block_checksum(request->data + BLOCK_HEADER, size) != request->checksum_word) {
        refuse(chip, BAD_CHECKSUM);
    } else {
        chip_done(chip);
        return true;
    }
    return false;
}

static void flash_data(chip_t *chip, const request_t *request)
{
    if (accept_block(chip, request, false)) {
        uint32_t size = (uint32_t)request->size - BLOCK_HEADER;
        uint32_t left = chip->write.size - chip->write.written;
        put(chip, request->data + BLOCK_HEADER, size < left ? size : left);
    }
}

/* The length in the block's header is not compared with the packet's. */
static void deflate_data(chip_t *chip, const request_t *request)
{
    write_t *write = &chip->write;
    if (!accept_block(chip, request, true)) {
        return;
    }
    size_t size = request->size - BLOCK_HEADER;
    if (word(request, 0) < size) {
        size = word(request, 0);
    }
    if (word(request, 1) == 0) {
        stream_open(chip);
    }
    if (size > write->compressed_left) {
        chip->deferred = TOO_MUCH_DATA;
        return;
    }
    write->compressed_left -= (uint32_t)size;
    if (write->has_ended) {
        return; /* ignored */
    }
    if (!write->is_stream_open) {
        chip->deferred = BAD_STREAM;
        return;
    }
    if (write->erased_to < write->erase_end) { /* while it inflates */
        erase_ahead(chip, &chip->after_us);
    }
    inflate_result_t result = stream_feed(chip, request->data + BLOCK_HEADER, size, put);
    if (result == INFLATE_BAD || result == INFLATE_BAD_SUM) {
        stream_close(chip);
        chip->deferred = BAD_STREAM;
    }
}

static void flash_end(chip_t *chip)
{
    write_t *write = &chip->write;
    if (!write->is_open) {
        refuse(chip, NOT_IN_MODE);
    } else if (write->written < write->size) {
        refuse(chip, BAD_LENGTH);
    } else {
        stream_close(chip);
        write->is_open = false;
        chip_done(chip);
    }
}

static void erase_region(chip_t *chip, const request_t *request)
{
    uint32_t offset = word(request, 0);
    uint32_t size = word(request, 1);
    if (offset % SECTOR != 0 || size % SECTOR != 0) {
        refuse(chip, BAD_LENGTH);
        return;
    }
    uint32_t sectors = size / SECTOR < FLASH_SIZE / SECTOR ? size / SECTOR : FLASH_SIZE / SECTOR;
    flash_erase(chip, offset, sectors);
    chip->before_us = (uint64_t)sectors * SECTOR_ERASE_US / 4;
    chip_done(chip);
}

static void erase_flash(chip_t *chip)
{
    flash_erase(chip, 0, FLASH_SIZE / SECTOR);
    chip->before_us = 2000000;
    chip_done(chip);
}

/* ---- reading ---- */

static void md5(chip_t *chip, const request_t *request)
{
    uint8_t digest[16];
    if (!is_in_flash(word(request, 0), word(request, 1))) {
        refuse(chip, FLASH_FAILED);
        return;
    }
    flash_md5(chip, word(request, 0), word(request, 1), digest);
    chip->before_us = md5_us(word(request, 1));
    chip_answer(chip, 0, digest, sizeof(digest));
}

static void security_info(chip_t *chip)
{
    uint8_t info[20] = {0};
    if (chip->model == CHIP_ESP32) {
        refuse(chip, NOT_IMPLEMENTED);
        return;
    }
    info[12] = 5;
    chip_answer(chip, 0, info, chip->model == CHIP_ESP32S2 ? 12 : 20);
}

/* ---- the rest ---- */

static void write_reg(chip_t *chip, const request_t *request)
{
    if (request->size == 0 || request->size % 16 != 0) {
        refuse(chip, NOT_ENOUGH_DATA);
        return;
    }
    for (unsigned i = 0; i < request->size / 16; i++) {
        uint32_t address = word(request, 4 * i);
        uint32_t mask = word(request, 4 * i + 2);
        uint32_t old = mask == UINT32_MAX ? 0 : register_read(chip, address);
        register_write(chip, address, (word(request, 4 * i + 1) & mask) | (old & ~mask));
    }
    chip_done(chip);
}

static void sync(chip_t *chip)
{
    for (unsigned i = 0; i < 8; i++) {
        chip_answer(chip, 0, NULL, 0);
    }
}

static void mem_begin(chip_t *chip, const request_t *request)
{
    (void)request;
    chip->is_ram_open = true;
    chip_done(chip);
}

/* Loading with a stub overwrites what nobody knows: the sweep's host does not do it, a damaged opcode may. */
static void mem_data(chip_t *chip, const request_t *request)
{
    (void)request;
    if (chip->is_ram_open) {
        chip_done(chip);
    } else {
        refuse(chip, NOT_IN_MODE);
    }
}

static void mem_end(chip_t *chip, const request_t *request)
{
    if (!chip->is_ram_open) {
        refuse(chip, NOT_IN_MODE);
        return;
    }
    chip->is_ram_open = false;
    chip_done(chip);
    if (word(request, 0) == 0) {
        chip->state = STATE_SILENT;
    }
}

/* Of the stream that the sweep's host never asks for only the first packet: its frames are not acknowledged.
 */
static void read_flash(chip_t *chip, const request_t *request)
{
    chip_done(chip);
    uint32_t offset = word(request, 0);
    if (is_in_flash(offset, 64)) {
        chip->emit(chip->ctx, chip->now_us + 1500, chip->flash + offset, 64);
    }
}

/* Opcode and exact size of the data; what has two sizes or any looks itself. */
static bool is_size_right(const request_t *request)
{
    static const struct {
        uint8_t opcode, size;
    } exact[] = {{0x04, 4}, {0x12, 4},  {0x05, 16}, {0x06, 8}, {0x08, 36}, {0x0A, 4},  {0x0B, 24}, {0x0D, 4},
                 {0x0F, 8}, {0x13, 16}, {0x14, 0},  {0xD0, 0}, {0xD1, 8},  {0xD2, 16}, {0xD3, 0}};
    for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
        if (exact[i].opcode == request->opcode) {
            return exact[i].size == request->size;
        }
    }
    return true;
}

void stub_execute(chip_t *chip, const request_t *request)
{
    if (chip->deferred != 0) {
        uint8_t status = chip->deferred;
        chip->deferred = 0;
        refuse(chip, status);
        return;
    }
    if (!is_size_right(request)) {
        refuse(chip, BAD_LENGTH);
        return;
    }
    switch (request->opcode) {
    case 0x02:
        flash_begin(chip, request, false);
        break;
    case 0x03:
        flash_data(chip, request);
        break;
    case 0x04:
    case 0x12:
        flash_end(chip);
        break;
    case 0x05:
        mem_begin(chip, request);
        break;
    case 0x06:
        mem_end(chip, request);
        break;
    case 0x07:
        mem_data(chip, request);
        break;
    case 0x08:
        sync(chip);
        break;
    case 0x09:
        write_reg(chip, request);
        break;
    case 0x0A:
        chip_answer(chip, register_read(chip, word(request, 0)), NULL, 0);
        break;
    case 0x0B:
    case 0x0D:
        chip_done(chip);
        break;
    case 0x0F:
        chip_done(chip);
        chip->is_deaf = !chip->is_usb;
        break;
    case 0x10:
        flash_begin(chip, request, true);
        break;
    case 0x11:
        deflate_data(chip, request);
        break;
    case 0x13:
        md5(chip, request);
        break;
    case 0x14:
        security_info(chip);
        break;
    case 0xD0:
        erase_flash(chip);
        break;
    case 0xD1:
        erase_region(chip, request);
        break;
    case 0xD2:
        read_flash(chip, request);
        break;
    case 0xD3:
        break; /* RUN_USER_CODE: no reply, no effect */
    default:
        refuse(chip, request->opcode >= 0xD5 && request->opcode <= 0xEF ? NOT_IMPLEMENTED : UNKNOWN_COMMAND);
    }
}
