/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands for the flash: attach, parameters, plain writes, slow reads, MD5, and the end of a write.
 * FLASH_BEGIN erases everything before it answers. Source: esptool 5.3 and its serial protocol document. A
 * range beyond the flash size the ROM assumes is rejected with "result wrong", as reported from secure
 * download mode; so is an offset inside a sector, as the published ROMs of all chips but the ESP8266 do when
 * executed.
 */
#include <stdio.h>

#include "state/model.h"

enum { READ_SLOW_SIZE = 64, MD5_SIZE = 16 };

/* Flash commands need attached pins and a range within the size the ROM assumes. */
static bool is_range_usable(esp_sim_t *sim, const char *name, uint32_t offset, uint32_t size)
{
    if (!sim->is_flash_attached) {
        sim_misuse(sim, "%s before SPI_ATTACH", name);
        return false;
    }
    if (offset > sim->rom.flash_size || size > sim->rom.flash_size - offset) {
        sim_misuse(sim, "%s of %u bytes at 0x%X: the ROM assumes %u bytes of flash (SPI_SET_PARAMS)", name,
                   (unsigned)size, (unsigned)offset, (unsigned)sim->rom.flash_size);
        return false;
    }
    return true;
}

void sim_rom_spi_attach(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t pins = sim_request_word(request, 0);
    if (sim_request_word(request, 1) != 0) {
        sim_misuse(sim, "SPI_ATTACH: second word must be 0");
    }
    sim->is_flash_attached = pins == sim->config.flash_pins && sim_flash_power_check(sim, "SPI_ATTACH");
    if (pins != sim->config.flash_pins) {
        sim_trace(sim, "rom: SPI_ATTACH to pins 0x%08X, where there is no flash", (unsigned)pins);
    }
    sim_rom_answer(sim, 0, NULL, 0);
}

void sim_rom_spi_set_params(esp_sim_t *sim, const sim_request_t *request)
{
    static const uint32_t EXPECTED[] = {0, 0, SIM_BLOCK_SIZE, SIM_SECTOR_SIZE, SIM_PAGE_SIZE, 0xFFFF};
    for (size_t i = 0; i < sizeof(EXPECTED) / sizeof(EXPECTED[0]); i++) {
        if (i != 1 && sim_request_word(request, i) != EXPECTED[i]) {
            sim_misuse(sim, "SPI_SET_PARAMS: word %zu is 0x%X, 0x%X expected", i,
                       (unsigned)sim_request_word(request, i), (unsigned)EXPECTED[i]);
        }
    }
    sim->rom.flash_size = sim_request_word(request, 1);
    if (sim->rom.flash_size > sim->flash.seeming_size) {
        sim_misuse(sim, "SPI_SET_PARAMS with %u bytes, the flash has %u", (unsigned)sim->rom.flash_size,
                   (unsigned)sim->flash.size);
    }
    sim_rom_answer(sim, 0, NULL, 0);
}

/* ---- writing ---- */

/* Sectors that the ROM erases. Source of the fault of the first ROM: esptool 5.6, ESP8266 target,
 * get_erase_size. */
static uint64_t sectors_to_erase(const esp_sim_t *sim, const sim_flash_write_t *write)
{
    uint64_t sectors = (write->size + (uint64_t)SIM_SECTOR_SIZE - 1) / SIM_SECTOR_SIZE;
    uint64_t head = (SIM_BLOCK_SIZE - write->offset % SIM_BLOCK_SIZE + SIM_SECTOR_SIZE - 1) / SIM_SECTOR_SIZE;
    uint64_t again = sectors < head ? sectors : head;
    return sim->chip->erases_head_twice ? sectors + again : sectors;
}

/* The first ROM erases more than it is asked for, so its numbers are compared with what it does erase. */
static void check_erase(esp_sim_t *sim, const sim_flash_write_t *write)
{
    uint64_t data = (uint64_t)write->block_count * write->block_size;
    uint64_t least_data = data - write->block_size + 1;
    uint64_t erased = sectors_to_erase(sim, write) * SIM_SECTOR_SIZE;
    if (erased < least_data || erased >= data + 2 * SIM_SECTOR_SIZE) {
        sim_misuse(sim, "FLASH_BEGIN at 0x%X: the ROM erases %u bytes for %u of data",
                   (unsigned)write->offset, (unsigned)erased, (unsigned)data);
    }
    if (write->offset + erased > sim->flash.size) {
        sim_misuse(sim, "FLASH_BEGIN at 0x%X: the ROM erases beyond the end of the flash, where the start is",
                   (unsigned)write->offset);
    }
}

static void check_begin(esp_sim_t *sim, const sim_flash_write_t *write)
{
    if (write->size == 0 && write->block_count == 0) {
        return; /* nothing to write: used to attach the flash or to leave the loader */
    }
    /* The ring that receives is 2 KiB long and written without a look: the sender has to be held back, as USB does. Of a
     * wire without lines nobody knows what it is. */
    bool may_be_usj = sim->config.wiring == ESP_SIM_WIRING_USJ || sim->config.wiring == ESP_SIM_WIRING_NONE;
    uint32_t limit = may_be_usj ? SIM_ROM_BLOCK_MAX : sim->chip->rom_block_size;
    if (write->block_size == 0 || write->block_size > limit) {
        sim_misuse(sim, "FLASH_BEGIN with blocks of %u bytes, the ROM is used with at most %u",
                   (unsigned)write->block_size, (unsigned)limit);
    }
    if (sim->chip->erases_head_twice) {
        check_erase(sim, write);
        return;
    }
    uint64_t capacity = (uint64_t)write->block_count * write->block_size;
    bool is_count_wrong = !write->is_deflate &&
                          (capacity < write->size || capacity >= write->size + (uint64_t)write->block_size);
    if (is_count_wrong) {
        sim_misuse(sim, "FLASH_BEGIN: %u blocks of %u bytes do not fit %u bytes",
                   (unsigned)write->block_count, (unsigned)write->block_size, (unsigned)write->size);
    }
    if (write->is_deflate && write->size % sim->chip->rom_block_size != 0) {
        sim_misuse(sim, "FLASH_DEFL_BEGIN: the ROM wants the size in whole blocks of %u bytes, got %u",
                   (unsigned)sim->chip->rom_block_size, (unsigned)write->size);
    }
}

static void begin_done(esp_sim_t *sim)
{
    sim->rom.write.is_open = true;
    sim_rom_answer(sim, 0, NULL, 0);
    sim_rom_job_done(sim);
}

void sim_rom_flash_begin(esp_sim_t *sim, const sim_request_t *request)
{
    sim_flash_write_t *write = &sim->rom.write;
    sim_rom_close_write(write);
    *write = (sim_flash_write_t){.is_deflate = request->opcode == SIM_OP_FLASH_DEFL_BEGIN,
                                 .size = sim_request_word(request, 0),
                                 .block_count = sim_request_word(request, 1),
                                 .block_size = sim_request_word(request, 2),
                                 .offset = sim_request_word(request, 3)};
    if (write->block_size > SIM_ROM_BLOCK_MAX) {
        sim_misuse(sim, "FLASH_BEGIN with blocks of %u bytes", (unsigned)write->block_size);
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return;
    }
    sim->is_flash_attached = sim->is_flash_attached || sim->chip->begin_attaches;
    if (!is_range_usable(sim, "FLASH_BEGIN", write->offset, write->size)) {
        sim_rom_refuse(sim, SIM_REASON_RESULT);
        return;
    }
    if (sim->chip->begin_words == 5 && sim_request_word(request, 4) != 0) {
        sim_misuse(sim, "FLASH_BEGIN asks for encryption, but flash encryption is off");
        sim_rom_refuse(sim, SIM_REASON_PARAMETER);
        return;
    }
    if (write->offset % SIM_SECTOR_SIZE != 0) {
        sim_misuse(sim, "FLASH_BEGIN at 0x%X, inside a sector: the ROM refuses and erases nothing",
                   (unsigned)write->offset);
        write->is_open = true; /* the place to write at is set all the same */
        sim_rom_refuse(sim, SIM_REASON_RESULT);
        return;
    }
    check_begin(sim, write);
    uint64_t end = write->offset + sectors_to_erase(sim, write) * SIM_SECTOR_SIZE;
    sim_flash_job_erase_as_rom(&sim->rom.job, write->offset, end);
    sim_flash_job_program_nothing(&sim->rom.job);
    sim_rom_run_job(sim, begin_done);
}

static void check_plain_block(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    const sim_flash_write_t *write = &sim->rom.write;
    bool is_last = write->written + (uint64_t)size >= write->size;
    if (size < write->block_size && (!is_last || size % sim->chip->rom_block_size != 0)) {
        sim_misuse(sim, "flash data block of %zu bytes: the ROM wants whole blocks of %u", size,
                   (unsigned)write->block_size);
    }
    if (sim->chip->erases_head_twice) {
        return; /* the size that was announced says what to erase */
    }
    size_t used = write->written < write->size ? write->size - write->written : 0;
    for (size_t i = used; i < size; i++) {
        if (data[i] != 0xFF) {
            sim_misuse(sim, "padding of the last block is not 0xFF");
            return;
        }
    }
}

void sim_rom_flash_data(esp_sim_t *sim, const sim_request_t *request)
{
    if (sim_rom_take_block(sim, request, false)) {
        check_plain_block(sim, request->data + 16, request->size - 16);
        sim_rom_program(sim, request->data + 16, request->size - 16);
    }
}

void sim_rom_flash_end(esp_sim_t *sim, const sim_request_t *request)
{
    const sim_flash_write_t *write = &sim->rom.write;
    if (sim_request_word(request, 0) > 1) {
        sim_misuse(sim, "FLASH_END with 0x%X, must be 0 or 1", (unsigned)sim_request_word(request, 0));
    }
    if (write->is_open && write->blocks_taken < write->block_count) {
        sim_misuse(sim, "FLASH_END after %u of %u blocks", (unsigned)write->blocks_taken,
                   (unsigned)write->block_count);
    }
    sim_rom_answer(sim, 0, NULL, 0);
    sim->rom.then = SIM_THEN_LEAVE; /* whatever the word says */
}

/* ---- reading ---- */

void sim_rom_read_flash_slow(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t offset = sim_request_word(request, 0);
    uint32_t size = sim_request_word(request, 1);
    if (size > READ_SLOW_SIZE) {
        sim_misuse(sim, "READ_FLASH_SLOW of %u bytes, at most 64", (unsigned)size);
        sim_rom_refuse(sim, SIM_REASON_READ_LENGTH);
        return;
    }
    if (!is_range_usable(sim, "READ_FLASH_SLOW", offset, size)) {
        sim_rom_refuse(sim, SIM_REASON_FLASH_READ);
        return;
    }
    uint8_t data[READ_SLOW_SIZE] = {0};
    sim_flash_read(sim, offset & sim->chip->flash_address_mask, data, size);
    sim->rom.work_ns += sim_pieces_read_ns(sim, size);
    sim_rom_answer(sim, 0, data, sizeof(data));
}

void sim_rom_md5(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t offset = sim_request_word(request, 0);
    uint32_t size = sim_request_word(request, 1);
    if (sim_request_word(request, 2) != 0 || sim_request_word(request, 3) != 0) {
        sim_misuse(sim, "SPI_FLASH_MD5: third and fourth word must be 0");
    }
    if (!is_range_usable(sim, "SPI_FLASH_MD5", offset, size)) {
        sim_rom_refuse(sim, SIM_REASON_FLASH_READ);
        return;
    }
    uint8_t digest[MD5_SIZE];
    char hex[2 * MD5_SIZE + 1];
    sim_flash_md5(sim, offset, sim->chip->flash_address_mask, size, digest);
    if (sim->rom.is_md5_wrong) {
        digest[0] ^= 0x01;
    }
    for (size_t i = 0; i < MD5_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    sim->rom.work_ns += sim_pieces_read_ns(sim, size) + ((uint64_t)size * sim->timing->rom_hash_mib_ns >> 20);
    sim_rom_answer(sim, 0, hex, 2 * MD5_SIZE);
}
