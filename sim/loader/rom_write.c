/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Data blocks as the ROM takes them, whatever they carry, and programming what a block for the flash holds: a
 * block is answered when it is in flash and, unless it came compressed, was read back. Source: esptool 5.3;
 * ESP-IDF ROM flash headers (32-byte pieces).
 */
#include "state/model.h"

/* False when the block was answered. */
static bool is_number_right(esp_sim_t *sim, uint32_t number, const char *what, uint32_t blocks_taken)
{
    if (number == blocks_taken) {
        return true;
    }
    if (sim->config.repeated_blocks == ESP_SIM_REPEATED_IGNORE && number + 1 == blocks_taken) {
        sim_trace(sim, "rom: block %u repeated, ignored", (unsigned)number);
        sim_rom_answer(sim, 0, NULL, 0);
        return false;
    }
    sim_misuse(sim, "%s block %u, %u expected", what, (unsigned)number, (unsigned)blocks_taken);
    if (sim->config.repeated_blocks == ESP_SIM_REPEATED_REFUSE) {
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return false;
    }
    return true;
}

bool sim_rom_check_block(esp_sim_t *sim, const sim_request_t *request, const char *what, uint32_t block_size,
                         uint32_t *blocks_taken)
{
    const uint8_t *block = request->data + 16;
    size_t size = request->size - 16;
    sim_link_check_block(sim, size);
    if (!is_number_right(sim, sim_request_word(request, 1), what, *blocks_taken)) {
        return false;
    }
    if (sim_request_word(request, 0) != size) {
        sim_misuse(sim, "block says %u bytes and has %zu", (unsigned)sim_request_word(request, 0), size);
    } else if (size > block_size) {
        sim_misuse(sim, "%s block of %zu bytes, %u announced", what, size, (unsigned)block_size);
    }
    if (sim_request_word(request, 0) != size || size > block_size) {
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return false;
    }
    if (sim_request_word(request, 2) != 0 || sim_request_word(request, 3) != 0) {
        sim_misuse(sim, "third and fourth word of a block header must be 0");
    }
    (*blocks_taken)++;
    uint32_t checksum = 0xEF;
    for (size_t i = 0; i < size; i++) {
        checksum ^= block[i];
    }
    if (checksum != request->checksum) {
        sim_misuse(sim, "block checksum is 0x%02X, sent as 0x%08X", (unsigned)checksum,
                   (unsigned)request->checksum);
    }
    if ((uint8_t)checksum != (uint8_t)request->checksum) {
        sim_rom_refuse(sim, SIM_REASON_CHECKSUM);
        return false;
    }
    return true;
}

void sim_rom_close_write(sim_flash_write_t *write)
{
    if (write->is_stream_open) {
        inflateEnd(&write->stream);
        write->is_stream_open = false;
    }
    write->is_open = false;
}

static uint8_t crc8(const uint8_t *bytes, size_t size)
{
    uint8_t crc = 0;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = (uint8_t)((crc & 0x80) != 0 ? (crc << 1) ^ 0x07 : crc << 1);
        }
    }
    return crc;
}

/* The ROM reads back what it wrote and compares an 8-bit CRC (which one is not known). */
static bool is_written(const esp_sim_t *sim, const sim_flash_job_t *job)
{
    uint8_t piece[SIM_PROGRAM_PIECE];
    for (size_t at = 0; at < job->size; at += sizeof(piece)) {
        size_t size = job->size - at < sizeof(piece) ? job->size - at : sizeof(piece);
        sim_flash_read(sim, (job->addr + (uint32_t)at) & job->addr_mask, piece, size);
        if (crc8(piece, size) != crc8(job->data + at, size)) {
            return false;
        }
    }
    return true;
}

static void program_done(esp_sim_t *sim)
{
    const sim_flash_job_t *job = &sim->rom.job;
    sim_flash_write_t *write = &sim->rom.write;
    if (write->is_deflate || is_written(sim, job)) {
        write->written += (uint32_t)job->size;
        sim_rom_answer(sim, 0, NULL, 0);
    } else {
        sim_rom_refuse(sim, SIM_REASON_FLASH_WRITE);
    }
    sim_rom_job_done(sim);
}

void sim_rom_program(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    const sim_flash_write_t *write = &sim->rom.write;
    sim_flash_job_erase(&sim->rom.job, 0, 0);
    sim_flash_job_program(&sim->rom.job, write->offset + write->written, data, size,
                          sim_pieces_program_size(sim));
    if (!write->is_deflate) {
        sim_flash_job_read_back(&sim->rom.job, sim_pieces_read_size(sim));
    }
    sim_rom_run_job(sim, program_done);
}

bool sim_rom_take_block(esp_sim_t *sim, const sim_request_t *request, bool is_deflate)
{
    sim_flash_write_t *write = &sim->rom.write;
    if (!write->is_open || write->is_deflate != is_deflate) {
        sim_misuse(sim, "flash data without its BEGIN");
        sim_rom_refuse(sim, SIM_REASON_RESULT);
        return false;
    }
    if (write->blocks_taken >= write->block_count) {
        sim_misuse(sim, "flash data beyond the announced %u blocks", (unsigned)write->block_count);
    }
    if (!is_deflate && request->size % 4 != 0) {
        sim_misuse(sim, "flash data block of %zu bytes, no multiple of 4", request->size - 16);
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return false;
    }
    return sim_rom_check_block(sim, request, "flash data", write->block_size, &write->blocks_taken);
}
