/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames in and dispatch. A request frame: direction 0, opcode, data length, checksum word, data. Source:
 * esptool 5.3 and its serial protocol document; which sizes are compared: the code of the ESP32-C3's ROM,
 * revision 3, as Espressif publishes it (esp-rom-elfs). A wrong order of commands is refused with the reason
 * "result wrong": our choice, ROMs may differ.
 */
#include "loader/rom.h"

#include <stdlib.h>

#include "state/model.h"

typedef struct {
    uint8_t opcode;
    bool is_allowed_in_sdm; /**< secure download mode */
    bool is_data;           /**< carries a block with checksum */
    bool takes_any_size;    /**< the size is not compared; words that are missing are what the buffer held */
    uint8_t size;           /**< exact size of the data; 0 with is_data or when begin_words decides */
    sim_rom_command_t *handler;
    const char *name;
} command_row_t;

static const command_row_t COMMANDS[] = {
    {SIM_OP_FLASH_BEGIN, true, false, false, 0, sim_rom_flash_begin, "FLASH_BEGIN"},
    {SIM_OP_FLASH_DATA, true, true, false, 0, sim_rom_flash_data, "FLASH_DATA"},
    {SIM_OP_FLASH_END, true, false, false, 4, sim_rom_flash_end, "FLASH_END"},
    {SIM_OP_MEM_BEGIN, false, false, false, 16, sim_rom_mem_begin, "MEM_BEGIN"},
    {SIM_OP_MEM_END, false, false, false, 8, sim_rom_mem_end, "MEM_END"},
    {SIM_OP_MEM_DATA, false, true, false, 0, sim_rom_mem_data, "MEM_DATA"},
    {SIM_OP_SYNC, true, false, false, 36, sim_rom_sync, "SYNC"},
    {SIM_OP_WRITE_REG, false, false, true, 16, sim_rom_write_reg, "WRITE_REG"},
    {SIM_OP_READ_REG, false, false, true, 4, sim_rom_read_reg, "READ_REG"},
    {SIM_OP_SPI_SET_PARAMS, true, false, false, 24, sim_rom_spi_set_params, "SPI_SET_PARAMS"},
    {SIM_OP_SPI_ATTACH, true, false, true, 8, sim_rom_spi_attach, "SPI_ATTACH"},
    {SIM_OP_READ_FLASH_SLOW, false, false, true, 8, sim_rom_read_flash_slow, "READ_FLASH_SLOW"},
    {SIM_OP_CHANGE_BAUDRATE, true, false, false, 8, sim_rom_change_rate, "CHANGE_BAUDRATE"},
    {SIM_OP_FLASH_DEFL_BEGIN, false, false, false, 0, sim_rom_flash_begin, "FLASH_DEFL_BEGIN"},
    {SIM_OP_FLASH_DEFL_DATA, false, true, false, 0, sim_rom_deflate_data, "FLASH_DEFL_DATA"},
    {SIM_OP_FLASH_DEFL_END, false, false, false, 4, sim_rom_flash_end, "FLASH_DEFL_END"},
    {SIM_OP_SPI_FLASH_MD5, false, false, true, 16, sim_rom_md5, "SPI_FLASH_MD5"},
    {SIM_OP_GET_SECURITY_INFO, true, false, false, 0, sim_rom_security_info, "GET_SECURITY_INFO"},
};

enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]) };

static const command_row_t *find_command(const esp_sim_t *sim, uint8_t opcode)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const command_row_t *row = &COMMANDS[i];
        bool is_known = row->opcode == opcode && (sim->chip->rom_opcodes & SIM_OP_BIT(opcode)) != 0;
        if (is_known) {
            return sim_efuse_is_download_secure(sim) && !row->is_allowed_in_sdm ? NULL : row;
        }
    }
    return NULL;
}

static bool is_size_right(esp_sim_t *sim, const command_row_t *row, size_t size)
{
    if (row->is_data) {
        return size >= 16;
    }
    if (row->handler == sim_rom_flash_begin) {
        return size == 4u * sim->chip->begin_words;
    }
    if (size != row->size && row->takes_any_size) {
        sim_misuse(sim, "%s with %zu bytes of data", row->name, size);
        return true;
    }
    return size == row->size;
}

static void dispatch_request(esp_sim_t *sim, const sim_request_t *request)
{
    const command_row_t *row = find_command(sim, request->opcode);
    if (row == NULL) {
        sim_trace(sim, "rom: opcode 0x%02X is not supported", request->opcode);
        sim_rom_answer_unsupported(sim);
        return;
    }
    sim_trace(sim, "rom: %s, %zu bytes", row->name, request->size);
    if (!row->is_data && request->checksum != 0) {
        sim_misuse(sim, "%s with a checksum word of 0x%08X, must be 0", row->name,
                   (unsigned)request->checksum);
    }
    if (!sim->rom.has_synced && request->opcode != SIM_OP_SYNC) {
        sim_misuse(sim, "%s before the first SYNC after a reset", row->name);
    }
    if (!is_size_right(sim, row, request->size)) {
        sim_misuse(sim, "%s with %zu bytes of data", row->name, request->size);
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return;
    }
    row->handler(sim, request);
}

static void execute_request(esp_sim_t *sim, sim_request_t *request, uint8_t *frame, size_t frame_size)
{
    sim_rom_t *rom = &sim->rom;
    if (sim_efuse_forbids_download(sim)) {
        sim_trace(sim, "rom: has stopped, download mode is switched off");
        return;
    }
    sim->stats.commands++;
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_COMMAND, SIM_OUT, request->opcode);
    if ((fault != NULL && sim->events->fault(sim, fault)) || sim_fault_is(fault, SIM_DO_DROP)) {
        return;
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        frame[frame_size - 1] ^= fault->value;
    }
    rom->opcode = request->opcode;
    rom->is_busy = true;
    rom->is_reply_checked = false;
    rom->work_ns = sim_fault_is(fault, SIM_DO_DELAY) ? fault->time_ns : 0;
    rom->is_md5_wrong = sim_fault_is(fault, SIM_DO_WRONG_MD5);
    rom->reply_size = 0;
    rom->then = SIM_THEN_STAY;
    if (sim_fault_is(fault, SIM_DO_ERROR)) {
        sim_rom_refuse(sim, (sim_reason_t)fault->value);
    } else {
        dispatch_request(sim, request);
    }
    if (!rom->is_job_running) {
        sim_timer_set(&sim->clock, &rom->timer,
                      sim->clock.now_ns + sim->timing->turnaround_ns + rom->work_ns);
    }
}

void sim_rom_execute(esp_sim_t *sim, uint8_t *frame, size_t size)
{
    sim_request_t request = {frame[1], sim_get32(frame + 4), frame + SIM_HEADER_SIZE, size - SIM_HEADER_SIZE};
    execute_request(sim, &request, frame, size);
}

static void drop_frame(esp_sim_t *sim, const char *why)
{
    sim->stats.bad_frames++;
    sim_misuse(sim, "frame dropped: %s", why);
    sim_trace(sim, "rom: frame dropped: %s", why);
}

static void take_frame(esp_sim_t *sim, uint8_t *frame, size_t size)
{
    if (size < SIM_HEADER_SIZE) {
        drop_frame(sim, "shorter than a header");
        return;
    }
    size_t data_size = frame[2] | (size_t)frame[3] << 8;
    if (frame[0] != 0) {
        drop_frame(sim, "direction byte is not 0");
        return;
    }
    if (data_size > size - SIM_HEADER_SIZE) {
        drop_frame(sim, "data shorter than its length field says");
        return;
    }
    if (data_size < size - SIM_HEADER_SIZE) {
        sim_misuse(sim, "frame has %zu bytes more than its length field says",
                   size - SIM_HEADER_SIZE - data_size);
    }
    sim_rom_execute(sim, frame, SIM_HEADER_SIZE + data_size);
    sim->link.is_disturbed = false;
}

void sim_rom_receive(esp_sim_t *sim, uint8_t byte)
{
    switch (sim_slip_receive(&sim->rom.slip, byte)) {
    case SIM_SLIP_MORE:
        break;
    case SIM_SLIP_FRAME:
        take_frame(sim, sim->rom.slip.frame, sim->rom.slip.size);
        break;
    case SIM_SLIP_BAD_ESCAPE:
        drop_frame(sim, "bad escape sequence");
        break;
    case SIM_SLIP_TOO_LONG:
        drop_frame(sim, "longer than the ROM's buffer");
        break;
    }
}

/* ---- life ---- */

void sim_rom_init(esp_sim_t *sim)
{
    sim_rom_reply_init(sim);
    sim_flash_job_init(sim, &sim->rom.job);
}

void sim_rom_stop(esp_sim_t *sim)
{
    sim_rom_t *rom = &sim->rom;
    sim_timer_clear(&rom->timer);
    sim_flash_job_cancel(&rom->job);
    sim_rom_close_write(&rom->write);
    rom->ram.is_open = false;
    rom->is_busy = rom->is_job_running = rom->has_synced = false;
    rom->reply_size = 0;
    sim_slip_reset(&rom->slip);
}

void sim_rom_start(esp_sim_t *sim)
{
    sim->rom.syncs_ignored = 0;
    sim->rom.flash_size = sim->chip->assumed_flash_size;
}

void sim_rom_free(esp_sim_t *sim)
{
    sim_rom_stop(sim);
    free(sim->rom.reply);
    sim->rom.reply = NULL;
}

bool sim_rom_can_receive(const esp_sim_t *sim)
{
    return !sim->rom.is_busy;
}
