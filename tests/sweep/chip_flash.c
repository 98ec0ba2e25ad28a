/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's flash and what ROM and stub do with it alike: erase, program, digest, inflate. Times are
 * typical ones of the parts that modules carry.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "chip.h"

void flash_erase(chip_t *chip, uint32_t offset, uint32_t sectors)
{
    if (sectors > FLASH_SIZE / SECTOR) {
        sectors = FLASH_SIZE / SECTOR;
    }
    for (uint32_t i = 0; i < sectors; i++) {
        memset(chip->flash + (offset / SECTOR + i) % (FLASH_SIZE / SECTOR) * SECTOR, 0xFF, SECTOR);
    }
}

bool flash_is_blank(const chip_t *chip, uint32_t sector_offset)
{
    const uint8_t *p = chip->flash + sector_offset % FLASH_SIZE / SECTOR * SECTOR;
    return p[0] == 0xFF && memcmp(p, p + 1, SECTOR - 1) == 0;
}

bool flash_program(chip_t *chip, uint32_t offset, const uint8_t *data, size_t size)
{
    uint8_t wrong = 0;
    for (size_t done = 0; done < size;) {
        uint8_t *cells = chip->flash + (offset + done) % FLASH_SIZE;
        size_t piece = FLASH_SIZE - (offset + done) % FLASH_SIZE;
        piece = piece < size - done ? piece : size - done;
        for (size_t i = 0; i < piece; i++) {
            cells[i] &= data[done + i]; /* programming clears bits, only an erase sets them */
            wrong |= cells[i] ^ data[done + i];
        }
        done += piece;
    }
    if (size > 0) {
        chip->programmed_at = offset;
        chip->programmed_size = (uint32_t)size;
    }
    return wrong == 0;
}

void flash_md5(const chip_t *chip, uint32_t offset, uint32_t size, uint8_t out[16])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_DigestInit_ex(ctx, EVP_md5(), NULL);
    for (uint32_t at = offset % FLASH_SIZE; size > 0; at = 0) {
        uint32_t piece = size < FLASH_SIZE - at ? size : FLASH_SIZE - at;
        EVP_DigestUpdate(ctx, chip->flash + at, piece);
        size -= piece;
    }
    EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
}

uint64_t program_us(size_t size)
{
    return (size + 31) / 32 * 215 / 2; /* 32 bytes at a time [rom] */
}

uint64_t md5_us(uint32_t size)
{
    return (uint64_t)size * 3 / 10;
}

void stream_close(chip_t *chip)
{
    if (chip->write.is_stream_open) {
        inflateEnd(&chip->stream);
    }
    chip->write.is_stream_open = false;
}

void stream_open(chip_t *chip)
{
    stream_close(chip);
    memset(&chip->stream, 0, sizeof(chip->stream));
    chip->write.is_stream_open = inflateInit(&chip->stream) == Z_OK;
    chip->write.has_ended = false;
    chip->write.fill = 0;
}

inflate_result_t stream_feed(chip_t *chip, const uint8_t *data, size_t size,
                             void (*put)(chip_t *chip, const uint8_t *data, size_t size))
{
    write_t *write = &chip->write;
    int result = Z_OK;
    chip->stream.next_in = (Bytef *)(uintptr_t)data;
    chip->stream.avail_in = (uInt)size;
    do {
        chip->stream.next_out = chip->window + write->fill;
        chip->stream.avail_out = (uInt)(WINDOW - write->fill);
        result = inflate(&chip->stream, Z_NO_FLUSH);
        write->fill = WINDOW - chip->stream.avail_out;
        if (write->fill == WINDOW || (result == Z_STREAM_END && write->fill > 0)) {
            put(chip, chip->window, write->fill);
            write->fill = 0;
        }
    } while (result == Z_OK && (chip->stream.avail_in > 0 || chip->stream.avail_out == 0));
    if (result == Z_STREAM_END) {
        write->has_ended = true;
        return INFLATE_END;
    }
    if (result == Z_OK || result == Z_BUF_ERROR) {
        return INFLATE_MORE;
    }
    bool is_sum = chip->stream.msg != NULL && strcmp(chip->stream.msg, "incorrect data check") == 0;
    return is_sum ? INFLATE_BAD_SUM : INFLATE_BAD;
}
