/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames in, dispatch, replies out. A request frame: direction 0, opcode, data length, checksum word, data. A
 * reply: direction 1, opcode, length, value, payload, status bytes. Source: esptool 5.3 and its serial
 * protocol document; which sizes are compared: the code of the ESP32-C3's ROM, revision 3, as Espressif
 * publishes it (esp-rom-elfs). A wrong order of commands is refused with the reason "result wrong": our
 * choice, ROMs may differ.
 */
#include "rom.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"

enum {
    HEADER_SIZE = 8,
    MAX_PAYLOAD = 64,
    REPLY_MAX = HEADER_SIZE + MAX_PAYLOAD + 4,
    UNSUPPORTED_REPLIES = 8
};

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

uint32_t sim_request_word(const sim_request_t *request, size_t index)
{
    return sim_get32(request->data + 4 * index);
}

/* ---- replies ---- */

static void add_frame(esp_sim_t *sim, uint8_t opcode, uint32_t value, const uint8_t *body, size_t size)
{
    sim_rom_t *rom = &sim->rom;
    uint8_t frame[REPLY_MAX] = {1, opcode, (uint8_t)size, 0};
    sim_put32(frame + 4, value);
    memcpy(frame + HEADER_SIZE, body, size);
    if (rom->reply_capacity - rom->reply_size < 2 * sizeof(frame) + 2) {
        rom->reply_capacity += 4 * sizeof(frame);
        rom->reply = sim_realloc(rom->reply, rom->reply_capacity);
    }
    rom->reply_size += sim_slip_encode(frame, HEADER_SIZE + size, rom->reply + rom->reply_size);
}

void sim_rom_answer(esp_sim_t *sim, uint32_t value, const void *payload, size_t size)
{
    uint8_t body[MAX_PAYLOAD + 4] = {0};
    if (size > 0) {
        memcpy(body, payload, size);
    }
    add_frame(sim, sim->rom.opcode, value, body, size + sim->chip->status_size);
}

void sim_rom_refuse(esp_sim_t *sim, sim_reason_t reason)
{
    uint8_t status[4] = {1, (uint8_t)reason, 0, 0};
    sim->rom.then = SIM_THEN_STAY;
    add_frame(sim, sim->rom.opcode, 0, status, sim->chip->status_size);
    sim_trace(sim, "rom: refused, reason 0x%02X", reason);
}

/* An opcode the ROM does not know or may not serve: eight replies that carry another opcode. Which one is not
 * known; hosts recognise the status. */
static void answer_unsupported(esp_sim_t *sim)
{
    uint8_t status[4] = {1, SIM_REASON_BAD_FORMAT, 0, 0};
    for (unsigned i = 0; i < UNSUPPORTED_REPLIES; i++) {
        add_frame(sim, 0, 0, status, sim->chip->status_size);
    }
}

static void finish_command(esp_sim_t *sim)
{
    sim_rom_t *rom = &sim->rom;
    sim_then_t then = rom->then;
    rom->is_busy = false;
    rom->reply_size = 0;
    rom->then = SIM_THEN_STAY;
    switch (then) {
    case SIM_THEN_STAY:
        break;
    case SIM_THEN_LEAVE:
        sim->events->leave_loader(sim);
        break;
    case SIM_THEN_JUMP:
        sim->events->jump(sim, rom->then_value);
        break;
    case SIM_THEN_CHANGE_RATE:
        sim_uart_set_rate(sim, sim_crystal_rom_rate(sim, rom->then_value));
        sim_link_send(sim, "\xC0\xC0", 2); /* noise seen around the switch */
        break;
    }
    sim_link_pump(sim);
}

/* The command is done and its reply can go. */
static void send_reply(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_rom_t *rom = &sim->rom;
    const sim_fault_t *fault = NULL;
    if (!rom->is_reply_checked && rom->reply_size > 0) {
        rom->is_reply_checked = true;
        fault = sim_faults_check(sim, SIM_AT_REPLY, SIM_IN, rom->opcode);
    }
    if (fault != NULL && sim->events->fault(sim, fault)) {
        if (!rom->is_busy) {
            return; /* the chip was reset or unplugged */
        }
    }
    if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_timer_set(&sim->clock, &rom->timer, sim->clock.now_ns + fault->time_ns);
        return;
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        rom->reply[rom->reply_size / 2] ^= fault->value;
    }
    if (!sim_fault_is(fault, SIM_DO_DROP)) {
        sim_link_send(sim, rom->reply, rom->reply_size);
    }
    if (sim_fault_is(fault, SIM_DO_DUPLICATE)) {
        sim_link_send(sim, rom->reply, rom->reply_size);
    }
    finish_command(sim);
}

void sim_rom_run_job(esp_sim_t *sim, void (*on_done)(esp_sim_t *sim))
{
    sim->rom.is_job_running = true;
    uint64_t delay_ns = sim->timing->turnaround_ns + sim->rom.work_ns;
    sim_flash_job_run(&sim->rom.job, delay_ns, sim->chip->flash_address_mask, on_done);
}

void sim_rom_job_done(esp_sim_t *sim)
{
    sim->rom.is_job_running = false;
    send_reply(sim);
}

/* ---- requests ---- */

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

static const command_row_t *find_command(const esp_sim_t *sim, uint8_t opcode)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const command_row_t *row = &COMMANDS[i];
        bool is_known = row->opcode == opcode && (sim->chip->rom_opcodes & SIM_OP_BIT(opcode)) != 0;
        if (is_known) {
            return sim->config.is_secure_download && !row->is_allowed_in_sdm ? NULL : row;
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

static void dispatch(esp_sim_t *sim, const sim_request_t *request)
{
    const command_row_t *row = find_command(sim, request->opcode);
    if (row == NULL) {
        sim_trace(sim, "rom: opcode 0x%02X is not supported", request->opcode);
        answer_unsupported(sim);
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

static void execute(esp_sim_t *sim, sim_request_t *request, uint8_t *frame, size_t frame_size)
{
    sim_rom_t *rom = &sim->rom;
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
        dispatch(sim, request);
    }
    if (!rom->is_job_running) {
        sim_timer_set(&sim->clock, &rom->timer,
                      sim->clock.now_ns + sim->timing->turnaround_ns + rom->work_ns);
    }
}

static void drop_frame(esp_sim_t *sim, const char *why)
{
    sim->stats.bad_frames++;
    sim_misuse(sim, "frame dropped: %s", why);
    sim_trace(sim, "rom: frame dropped: %s", why);
}

static void take_frame(esp_sim_t *sim, uint8_t *frame, size_t size)
{
    if (size < HEADER_SIZE) {
        drop_frame(sim, "shorter than a header");
        return;
    }
    size_t data_size = frame[2] | (size_t)frame[3] << 8;
    if (frame[0] != 0) {
        drop_frame(sim, "direction byte is not 0");
        return;
    }
    if (data_size > size - HEADER_SIZE) {
        drop_frame(sim, "data shorter than its length field says");
        return;
    }
    if (data_size < size - HEADER_SIZE) {
        sim_misuse(sim, "frame has %zu bytes more than its length field says",
                   size - HEADER_SIZE - data_size);
    }
    sim_request_t request = {frame[1], sim_get32(frame + 4), frame + HEADER_SIZE, data_size};
    execute(sim, &request, frame, size);
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
    sim_clock_add(&sim->clock, &sim->rom.timer, send_reply, sim);
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
