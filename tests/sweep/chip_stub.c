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
enum { BLOCK = 65536 };

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

static void flash_begin(chip_t *chip, const request_t *request)
{
    if (request->size != 16 && request->size != 20) {
        refuse(chip, BAD_LENGTH);
        return;
    }
    stream_close(chip);
    chip->write = (write_t){.is_open = true,
                            .is_deflate = request->opcode == FLASH_DEFL_BEGIN,
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

static void flash_end(chip_t *chip, const request_t *request)
{
    (void)request;
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

static void erase_flash(chip_t *chip, const request_t *request)
{
    (void)request;
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

static void security_info(chip_t *chip, const request_t *request)
{
    const uint8_t info[20] = {[12] = 5};
    (void)request;
    if (chip->model == CHIP_ESP32) {
        refuse(chip, NOT_IMPLEMENTED);
    } else {
        chip_answer(chip, 0, info, chip->model == CHIP_ESP32S2 ? 12 : 20);
    }
}

/* ---- the rest ---- */

static void write_reg(chip_t *chip, const request_t *request)
{
    if (request->size == 0 || request->size % 16 != 0) {
        refuse(chip, NOT_ENOUGH_DATA);
        return;
    }
    registers_write(chip, request);
    chip_done(chip);
}

static void sync(chip_t *chip, const request_t *request)
{
    (void)request;
    chip_synced(chip, 0);
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

/* RUN_USER_CODE: no reply, no effect. */
static void run_user_code(chip_t *chip, const request_t *request)
{
    (void)chip;
    (void)request;
}

/* What has two sizes or any looks itself. */
void stub_execute(chip_t *chip, const request_t *request)
{
    static const command_t commands[] = {
        {FLASH_BEGIN, ANY_SIZE, flash_begin},
        {FLASH_DATA, ANY_SIZE, flash_data},
        {FLASH_END, 4, flash_end},
        {MEM_BEGIN, 16, mem_begin},
        {MEM_END, 8, mem_end},
        {MEM_DATA, ANY_SIZE, mem_data},
        {SYNC, 36, sync},
        {WRITE_REG, ANY_SIZE, write_reg},
        {READ_REG, 4, chip_read_register},
        {SPI_SET_PARAMS, 24, chip_accept},
        {SPI_ATTACH, 4, chip_accept},
        {CHANGE_BAUDRATE, 8, chip_change_rate},
        {FLASH_DEFL_BEGIN, ANY_SIZE, flash_begin},
        {FLASH_DEFL_DATA, ANY_SIZE, deflate_data},
        {FLASH_DEFL_END, 4, flash_end},
        {SPI_FLASH_MD5, 16, md5},
        {GET_SECURITY_INFO, 0, security_info},
        {ERASE_FLASH, 0, erase_flash},
        {ERASE_REGION, 8, erase_region},
        {READ_FLASH, 16, read_flash},
        {RUN_USER_CODE, 0, run_user_code},
    };
    const command_t *command = chip_find_command(commands, sizeof(commands) / sizeof(commands[0]), request);
    if (chip->deferred != 0) {
        uint8_t status = chip->deferred;
        chip->deferred = 0;
        refuse(chip, status);
    } else if (command == NULL) {
        refuse(chip, request->opcode >= 0xD5 && request->opcode <= 0xEF ? NOT_IMPLEMENTED : UNKNOWN_COMMAND);
    } else if (!has_right_size(command, request)) {
        refuse(chip, BAD_LENGTH);
    } else {
        command->execute(chip, request);
    }
}
