/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The commands of the loader in ROM. Everything is done before the reply [rom]. Lengths are compared where
 * the ROMs compare them; where they do not, words that are missing are what an earlier frame left in the
 * buffer [rom].
 */
#include <string.h>

#include "chip.h"

enum {
    BAD_FORMAT = 5,
    WRONG_RESULT = 6,
    WRONG_CHECKSUM = 7,
    NOT_WRITTEN = 8,
    NOT_READ = 9,
    READ_LENGTH = 10
};
enum { BAD_DEFLATE = 11, BAD_ADLER = 12 };
enum { BLOCK_MAX = 0x1800, SECTORS_PER_BLOCK = 16 };

static void refuse(chip_t *chip, uint8_t reason)
{
    chip_refuse(chip, 1, reason);
}

/* Success, or the reason why not. */
static void finish(chip_t *chip, uint8_t reason)
{
    if (reason == 0) {
        chip_done(chip);
    } else {
        refuse(chip, reason);
    }
}

/* Single sectors up to the next 64 KiB boundary, sixteen if it begins on one, and at the end; 64 KiB at once
 * while more than sixteen remain [rom]. */
static uint64_t erase_us(uint32_t offset, uint32_t sectors)
{
    uint32_t head = SECTORS_PER_BLOCK - offset / SECTOR % SECTORS_PER_BLOCK;
    uint64_t us = 0;
    head = head < sectors ? head : sectors;
    us += (uint64_t)head * SECTOR_ERASE_US;
    for (sectors -= head; sectors > SECTORS_PER_BLOCK; sectors -= SECTORS_PER_BLOCK) {
        us += BLOCK_ERASE_US;
    }
    return us + (uint64_t)sectors * SECTOR_ERASE_US;
}

static bool is_range_right(const chip_t *chip, uint32_t offset, uint32_t size)
{
    return offset <= chip->rom_flash_size && size <= chip->rom_flash_size - offset;
}

/* ---- writing ---- */

static void flash_begin(chip_t *chip, const request_t *request)
{
    bool is_deflate = request->opcode == FLASH_DEFL_BEGIN;
    if (request->size != (chip->model == CHIP_ESP32 ? 16 : 20) || word(request, 2) > BLOCK_MAX) {
        refuse(chip, BAD_FORMAT);
        return;
    }
    stream_close(chip);
    chip->write = (write_t){.is_open = true,
                            .is_deflate = is_deflate,
                            .size = word(request, 0),
                            .block_count = word(request, 1),
                            .block_size = word(request, 2),
                            .offset = word(request, 3)};
    if (is_deflate) {
        stream_open(chip);
    }
    if (chip->write.offset % SECTOR != 0 || !is_range_right(chip, chip->write.offset, chip->write.size)) {
        refuse(chip, WRONG_RESULT); /* nothing is erased, and yet data would be written there [rom] */
        return;
    }
    uint32_t sectors = chip->write.size / SECTOR + (chip->write.size % SECTOR != 0);
    flash_erase(chip, chip->write.offset, sectors);
    chip->before_us = erase_us(chip->write.offset, sectors);
    chip_done(chip);
}

/* Number, length, then it is counted, then the checksum [rom]. */
static uint8_t check_block(const request_t *request, uint32_t *next_block, uint32_t block_size, bool is_plain)
{
    size_t size = request->size - BLOCK_HEADER;
    if (request->size < BLOCK_HEADER || word(request, 1) != *next_block || word(request, 0) != size ||
        size > block_size || (is_plain && size % 4 != 0)) {
        return BAD_FORMAT;
    }
    (*next_block)++;
    return block_checksum(request->data + BLOCK_HEADER, size) == request->checksum ? 0 : WRONG_CHECKSUM;
}

static uint8_t take_block(chip_t *chip, const request_t *request, bool is_deflate)
{
    write_t *write = &chip->write;
    if (!write->is_open || write->is_deflate != is_deflate) {
        return BAD_FORMAT;
    }
    return check_block(request, &write->next_block, write->block_size, !is_deflate);
}

static void flash_data(chip_t *chip, const request_t *request)
{
    write_t *write = &chip->write;
    uint8_t reason = take_block(chip, request, false);
    size_t size = request->size - BLOCK_HEADER;
    if (reason == 0) { /* blocks beyond the announced number are written as well [rom] */
        chip->before_us = program_us(size) + 2000;
        bool is_right =
            flash_program(chip, write->offset + write->written, request->data + BLOCK_HEADER, size);
        write->written += (uint32_t)size;
        reason = is_right ? 0 : NOT_WRITTEN; /* it is read back [rom] */
    }
    finish(chip, reason);
}

/* The ESP32 programs the whole of its window at the end, with whatever it holds; the others the exact length.
 * None reads back [rom]. */
static void put_window(chip_t *chip, const uint8_t *data, size_t size)
{
    if (chip->model == CHIP_ESP32) {
        size = WINDOW;
    }
    (void)flash_program(chip, chip->write.offset + chip->write.written, data, size);
    chip->write.written += (uint32_t)size;
    chip->before_us += program_us(size);
}

static void deflate_data(chip_t *chip, const request_t *request)
{
    write_t *write = &chip->write;
    uint8_t reason = take_block(chip, request, true);
    if (reason != 0) {
        refuse(chip, reason);
        return;
    }
    if (write->has_ended) {
        chip->state = STATE_SILENT; /* data behind the end of the stream: it never answers again [rom] */
        return;
    }
    if (!write->is_stream_open) {
        refuse(chip, BAD_DEFLATE);
        return;
    }
    inflate_result_t result =
        stream_feed(chip, request->data + BLOCK_HEADER, request->size - BLOCK_HEADER, put_window);
    if (result == INFLATE_END && chip->stream.avail_in > 0) {
        chip->state = STATE_SILENT;
    } else if (result == INFLATE_END || (result == INFLATE_MORE && write->next_block < write->block_count)) {
        chip_done(chip);
    } else if (result == INFLATE_MORE) { /* the last block announced must complete the stream [rom] */
        refuse(chip, BAD_ADLER);
    } else {
        stream_close(chip);
        refuse(chip, result == INFLATE_BAD_SUM ? BAD_ADLER : BAD_DEFLATE);
    }
}

/* ---- reading ---- */

static void md5(chip_t *chip, const request_t *request)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t offset = word(request, 0);
    uint32_t size = word(request, 1);
    uint8_t digest[16];
    if (!is_range_right(chip, offset, size)) { /* behind the digest before [rom] */
        chip_refuse_behind(chip, NOT_READ, chip->digest_text, sizeof(chip->digest_text));
        return;
    }
    flash_md5(chip, offset, size, digest);
    for (unsigned i = 0; i < 32; i++) {
        chip->digest_text[i] = (uint8_t)digits[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF];
    }
    chip->before_us = md5_us(size);
    chip_answer(chip, 0, chip->digest_text, sizeof(chip->digest_text));
}

static void read_slow(chip_t *chip, const request_t *request)
{
    uint8_t data[64];
    uint32_t offset = word(request, 0);
    uint32_t size = word(request, 1);
    for (uint32_t i = 0; i < sizeof(data); i++) {
        data[i] = chip->flash[(offset + i) % FLASH_SIZE];
    }
    if (size > sizeof(data) || !is_range_right(chip, offset, size)) {
        chip_refuse_behind(chip, size > sizeof(data) ? READ_LENGTH : NOT_READ, data, sizeof(data));
        return;
    }
    chip_answer(chip, 0, data, sizeof(data));
}

static void security_info(chip_t *chip, const request_t *request)
{
    uint8_t info[20] = {[11] = 12, [12] = 5, [16] = 3}; /* word 8 is not 0 with blank eFuses [rom]; chip id */
    (void)request;
    if (chip->model == CHIP_ESP32S2) {
        info[11] = 0;
    }
    if (chip->model == CHIP_ESP32) {
        chip_unknown(chip);
    } else {
        chip_answer(chip, 0, info, chip->model == CHIP_ESP32S2 ? 12 : 20);
    }
}

/* ---- RAM ---- */

static void mem_begin(chip_t *chip, const request_t *request)
{
    chip->ram_size = word(request, 0);
    chip->ram_block_size = word(request, 2);
    chip->ram_address = word(request, 3); /* not compared with anything [rom] */
    chip->ram_at = chip->ram_next_block = 0;
    chip->is_ram_open = true;
    chip_done(chip);
}

static void mem_data(chip_t *chip, const request_t *request)
{
    uint8_t reason = BAD_FORMAT;
    if (chip->is_ram_open) {
        reason = check_block(request, &chip->ram_next_block, chip->ram_block_size, false);
    }
    for (size_t i = BLOCK_HEADER; reason == 0 && i < request->size; i++, chip->ram_at++) {
        for (unsigned segment = 0; segment < 2; segment++) {
            uint32_t off = chip->ram_address + chip->ram_at - sweep_stub.address[segment];
            if (off < RAM_MAX) {
                chip->ram[segment][off] = request->data[i];
            }
        }
    }
    finish(chip, reason);
}

/* What was loaded runs if it is the stub, whole and right; anything else is as good as a crash. */
static void mem_end(chip_t *chip, const request_t *request)
{
    chip_done(chip);
    if (word(request, 0) != 0) {
        return;
    }
    bool is_stub = word(request, 1) == sweep_stub.entry;
    for (unsigned segment = 0; segment < 2; segment++) {
        is_stub =
            is_stub && memcmp(chip->ram[segment], sweep_stub.data[segment], sweep_stub.size[segment]) == 0;
    }
    if (!is_stub) {
        chip->state = STATE_SILENT;
        return;
    }
    chip_start_stub(chip);
    chip->before_us = 10000; /* it waits before it touches the UART [stub] */
    chip->emit(chip->ctx, chip->now_us + chip->before_us + 1000, (const uint8_t *)"OHAI", 4);
}

/* ---- registers and the rest ---- */

static void write_reg(chip_t *chip, const request_t *request)
{
    registers_write(chip, request);
    chip_done(chip);
}

static void sync(chip_t *chip, const request_t *request)
{
    (void)request;
    chip->has_synced = true;
    chip_synced(chip, 0x20120707);
}

static void set_params(chip_t *chip, const request_t *request)
{
    chip->rom_flash_size = word(request, 1);
    chip_done(chip);
}

/* It leaves the loader whatever its word is [rom]. */
static void flash_end(chip_t *chip, const request_t *request)
{
    (void)request;
    chip_done(chip);
    chip->state = STATE_SILENT;
}

/* Word 0: software reset, 1: stays [rom]. */
static void deflate_end(chip_t *chip, const request_t *request)
{
    chip_done(chip);
    if (word(request, 0) == 0) {
        chip_reset(chip, false);
    }
}

/* Sizes are those that the ROMs compare before anything else [rom]. */
void rom_execute(chip_t *chip, const request_t *request)
{
    static const command_t commands[] = {
        {FLASH_BEGIN, ANY_SIZE, flash_begin},
        {FLASH_DATA, ANY_SIZE, flash_data},
        {FLASH_END, ANY_SIZE, flash_end},
        {MEM_BEGIN, 16, mem_begin},
        {MEM_END, 8, mem_end},
        {MEM_DATA, ANY_SIZE, mem_data},
        {SYNC, ANY_SIZE, sync},
        {WRITE_REG, ANY_SIZE, write_reg},
        {READ_REG, ANY_SIZE, chip_read_register},
        {SPI_SET_PARAMS, 24, set_params},
        {SPI_ATTACH, ANY_SIZE, chip_accept},
        {READ_FLASH_SLOW, ANY_SIZE, read_slow},
        {CHANGE_BAUDRATE, ANY_SIZE, chip_change_rate},
        {FLASH_DEFL_BEGIN, ANY_SIZE, flash_begin},
        {FLASH_DEFL_DATA, ANY_SIZE, deflate_data},
        {FLASH_DEFL_END, ANY_SIZE, deflate_end},
        {SPI_FLASH_MD5, ANY_SIZE, md5},
        {GET_SECURITY_INFO, ANY_SIZE, security_info},
    };
    const command_t *command = chip_find_command(commands, sizeof(commands) / sizeof(commands[0]), request);
    if (command == NULL) {
        chip_unknown(chip);
    } else if (!has_right_size(command, request)) {
        refuse(chip, BAD_FORMAT);
    } else {
        command->execute(chip, request);
    }
}
