/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stub's main loop: one frame at a time, checked, dispatched, answered. The failure of a write is kept
 * and is the answer to the next command, which is then not carried out. Commands about the connection,
 * registers and RAM are here.
 */
#include "loader/stub.h"

#include <string.h>

#include "state/model.h"

enum {
    OP_ERASE_FLASH = 0xD0,
    OP_ERASE_REGION,
    OP_READ_FLASH,
    OP_RUN_USER_CODE,
    ANY_SIZE = 0xFF,
    BLOCK_HEADER = 16
};

static void answer_sync(esp_sim_t *sim, const sim_stub_request_t *request)
{
    (void)request;
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void accept_request(esp_sim_t *sim, const sim_stub_request_t *request)
{
    (void)request;
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void spi_attach(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim->is_flash_attached = sim_stub_word(request, 0) == sim->config.flash_pins;
    if (sim_stub_word(request, 0) == 0) {
        sim_misuse(sim, "SPI_ATTACH: the stub has attached the flash itself");
    }
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void read_reg(esp_sim_t *sim, const sim_stub_request_t *request)
{
    if (sim_stub_reply(sim, SIM_STUB_OK, sim_registers_read(sim, sim_stub_word(request, 0)), NULL, 0)) {
        sim_stub_idle(sim);
    }
}

static void write_reg(esp_sim_t *sim, const sim_stub_request_t *request)
{
    if (request->size == 0 || request->size % 16 != 0) {
        sim_stub_finish(sim, SIM_STUB_BAD_LENGTH);
        return;
    }
    for (size_t i = 0; i < request->size / 4; i += 4) {
        uint32_t addr = sim_stub_word(request, i);
        uint32_t mask = sim_stub_word(request, i + 2);
        uint32_t value = sim_stub_word(request, i + 1) & mask;
        if (mask != 0xFFFFFFFFu) {
            value |= sim_registers_read(sim, addr) & ~mask;
        }
        sim_registers_write(sim, addr, value);
    }
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void security_info(esp_sim_t *sim, const sim_stub_request_t *request)
{
    (void)request;
    uint8_t info[SIM_SECURITY_INFO_SIZE];
    sim_efuse_security_info(sim, info);
    if (sim->chip->security_info_size == 0) {
        sim_stub_finish(sim, SIM_STUB_NOT_IMPLEMENTED);
    } else if (sim_stub_reply(sim, SIM_STUB_OK, 0, info, sim->chip->security_info_size)) {
        sim_stub_idle(sim);
    }
}

/* It waits before it changes the divider, for its reply to leave, and once more afterwards. */
static void go_to_rate(esp_sim_t *sim)
{
    sim_uart_set_rate(sim, sim->stub.then_baud);
    sim_stub_after(sim, sim->timing->stub_rate_ns, sim_stub_idle);
}

static void change_rate(esp_sim_t *sim, const sim_stub_request_t *request)
{
    uint32_t baud = sim_stub_word(request, 0);
    if (sim->config.wiring == ESP_SIM_WIRING_SDIO) {
        sim_misuse(sim, "CHANGE_BAUDRATE over SDIO");
    } else if (!sim_uart_is_same_rate(sim_stub_word(request, 1), sim->link.chip_baud) &&
               !sim_wiring_is_usb(sim->config.wiring)) {
        sim_misuse(sim, "CHANGE_BAUDRATE: the stub wants the present rate as second word");
    }
    if (!sim_stub_reply(sim, SIM_STUB_OK, 0, NULL, 0)) {
        return;
    }
    if (!sim_wiring_is_usb(sim->config.wiring) && baud != 0) {
        uint64_t present = sim->chip->stub_rate_is_relative ? sim->link.chip_baud : 115200;
        sim->stub.then_baud = (uint32_t)(present * baud / 115200);
        sim_stub_after(sim, sim->timing->stub_rate_ns, go_to_rate);
    } else {
        sim_stub_idle(sim);
    }
}

static void run_user_code(esp_sim_t *sim, const sim_stub_request_t *request)
{
    (void)request;
    sim_stub_idle(sim); /* no reply, no effect */
}

/* ---- RAM ---- */

static void mem_begin(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim->stub.ram = (sim_stub_ram_t){
        .addr = sim_stub_word(request, 3), .size = sim_stub_word(request, 0), .is_open = true};
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void mem_data(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_ram_t *ram = &sim->stub.ram;
    size_t size = request->size - 16;
    if (!ram->is_open) {
        sim_stub_finish(sim, SIM_STUB_NOT_IN_MODE);
    } else if (sim_stub_word(request, 0) != size || size > ram->size - ram->written) {
        sim_stub_finish(sim, SIM_STUB_TOO_MUCH_DATA);
    } else {
        sim_memory_write(&sim->memory, ram->addr + ram->written, request->data + 16, size);
        ram->written += (uint32_t)size;
        sim_stub_finish(sim, SIM_STUB_OK);
    }
}

static void mem_end(esp_sim_t *sim, const sim_stub_request_t *request)
{
    uint32_t entry = sim_stub_word(request, 1);
    bool is_jump = sim_stub_word(request, 0) == 0;
    bool is_open = sim->stub.ram.is_open;
    sim->stub.ram.is_open = false;
    if (!sim_stub_reply(sim, is_open ? SIM_STUB_OK : SIM_STUB_NOT_IN_MODE, 0, NULL, 0)) {
        return;
    }
    if (is_open && is_jump) {
        sim->events->jump(sim, entry);
    } else {
        sim_stub_idle(sim);
    }
}

/* ---- MD5 ---- */

/* What the command needs was put into `read`, which is not in use while another command is carried out. */
static void md5_done(esp_sim_t *sim)
{
    uint8_t digest[16];
    sim_flash_md5(sim, sim->stub.read.offset, sim->stub.addr_mask, sim->stub.read.size, digest);
    if (sim->stub.is_md5_wrong) {
        digest[0] ^= 1;
    }
    if (sim_stub_reply(sim, SIM_STUB_OK, 0, digest, sizeof(digest))) {
        sim_stub_idle(sim);
    }
}

static void flash_md5(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim->stub.read.offset = sim_stub_word(request, 0);
    sim->stub.read.size = sim_stub_word(request, 1);
    uint64_t hash_ns = (uint64_t)sim->stub.read.size * sim->timing->stub_hash_mib_ns >> 20;
    sim_stub_after(sim, sim_pieces_read_ns(sim, sim->stub.read.size) + hash_ns, md5_done);
}

/* ---- dispatch ---- */

typedef struct {
    uint8_t opcode;
    uint8_t size;     /**< exact size of the data; ANY_SIZE: the handler looks */
    uint8_t or_size;  /**< other size, 0 = none */
    uint8_t least;    /**< with ANY_SIZE */
    bool is_deferred; /**< its work comes after its reply */
    sim_stub_command_t *handler;
    const char *name;
} row_t;

static const row_t ROWS[] = {
    {SIM_OP_FLASH_BEGIN, 16, 20, 0, false, sim_stub_flash_begin, "FLASH_BEGIN"},
    {SIM_OP_FLASH_DATA, ANY_SIZE, 0, BLOCK_HEADER, true, sim_stub_flash_data, "FLASH_DATA"},
    {SIM_OP_FLASH_END, 4, 0, 0, false, sim_stub_flash_end, "FLASH_END"},
    {SIM_OP_MEM_BEGIN, 16, 0, 0, false, mem_begin, "MEM_BEGIN"},
    {SIM_OP_MEM_END, 8, 0, 0, false, mem_end, "MEM_END"},
    {SIM_OP_MEM_DATA, ANY_SIZE, 0, BLOCK_HEADER, false, mem_data, "MEM_DATA"},
    {SIM_OP_SYNC, 36, 0, 0, false, answer_sync, "SYNC"},
    {SIM_OP_WRITE_REG, ANY_SIZE, 0, 0, false, write_reg, "WRITE_REG"},
    {SIM_OP_READ_REG, 4, 0, 0, false, read_reg, "READ_REG"},
    {SIM_OP_SPI_SET_PARAMS, 24, 0, 0, false, accept_request, "SPI_SET_PARAMS"},
    {SIM_OP_SPI_ATTACH, 4, 0, 0, false, spi_attach, "SPI_ATTACH"},
    {SIM_OP_CHANGE_BAUDRATE, 8, 0, 0, false, change_rate, "CHANGE_BAUDRATE"},
    {SIM_OP_FLASH_DEFL_BEGIN, 16, 20, 0, false, sim_stub_flash_begin, "FLASH_DEFL_BEGIN"},
    {SIM_OP_FLASH_DEFL_DATA, ANY_SIZE, 0, BLOCK_HEADER, true, sim_stub_defl_data, "FLASH_DEFL_DATA"},
    {SIM_OP_FLASH_DEFL_END, 4, 0, 0, false, sim_stub_flash_end, "FLASH_DEFL_END"},
    {SIM_OP_SPI_FLASH_MD5, 16, 0, 0, false, flash_md5, "SPI_FLASH_MD5"},
    {SIM_OP_GET_SECURITY_INFO, 0, 0, 0, false, security_info, "GET_SECURITY_INFO"},
    {OP_ERASE_FLASH, 0, 0, 0, false, sim_stub_erase_flash, "ERASE_FLASH"},
    {OP_ERASE_REGION, 8, 0, 0, false, sim_stub_erase_region, "ERASE_REGION"},
    {OP_READ_FLASH, 16, 0, 0, false, sim_stub_read_flash, "READ_FLASH"},
    {OP_RUN_USER_CODE, 0, 0, 0, false, run_user_code, "RUN_USER_CODE"},
};

static const row_t *find_row(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (ROWS[i].opcode == opcode) {
            return &ROWS[i];
        }
    }
    return NULL;
}

static bool is_size_right(const row_t *row, size_t size)
{
    return row->size == ANY_SIZE ? size >= row->least
                                 : size == row->size || (row->or_size != 0 && size == row->or_size);
}

static bool needs_flash(uint8_t opcode)
{
    static const uint8_t OPCODES[] = {SIM_OP_FLASH_BEGIN, SIM_OP_FLASH_DEFL_BEGIN, SIM_OP_SPI_FLASH_MD5,
                                      OP_ERASE_FLASH,     OP_ERASE_REGION,         OP_READ_FLASH};
    return memchr(OPCODES, opcode, sizeof(OPCODES)) != NULL;
}

static void run_waiting(esp_sim_t *sim)
{
    find_row(sim->stub.request.opcode)->handler(sim, &sim->stub.request);
}

static void dispatch_request(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_t *stub = &sim->stub;
    const row_t *row = find_row(request->opcode);
    sim_trace(sim, "stub: %s, %zu bytes", row == NULL ? "unknown command" : row->name, request->size);
    if (stub->deferred_status != SIM_STUB_OK) {
        sim_stub_status_t status = (sim_stub_status_t)stub->deferred_status;
        stub->deferred_status = SIM_STUB_OK;
        sim_stub_finish(sim, status);
        return;
    }
    if (row == NULL) {
        bool is_plugin = request->opcode >= 0xD5 && request->opcode <= 0xEF;
        sim_stub_finish(sim, is_plugin ? SIM_STUB_NOT_IMPLEMENTED : SIM_STUB_INVALID_COMMAND);
    } else if (!is_size_right(row, request->size)) {
        sim_misuse(sim, "%s with %zu bytes of data", row->name, request->size);
        sim_stub_finish(sim, SIM_STUB_BAD_LENGTH);
    } else if (stub->fault_status != SIM_STUB_OK && !row->is_deferred) {
        sim_stub_finish(sim, (sim_stub_status_t)stub->fault_status);
    } else if (sim->config.flash_pins != 0 && !sim->is_flash_attached && needs_flash(row->opcode)) {
        sim_misuse(sim, "%s: there is no flash at these pins", row->name);
        sim_stub_finish(sim, SIM_STUB_NOT_IN_MODE);
    } else {
        if (row->least == BLOCK_HEADER) {
            sim_link_check_block(sim, request->size - BLOCK_HEADER);
        }
        if (stub->eraser.is_active && needs_flash(row->opcode)) {
            stub->is_busy = true;
            stub->request = *request;
            stub->when_ready = run_waiting;
        } else {
            row->handler(sim, request);
        }
    }
}

void sim_stub_execute(esp_sim_t *sim, uint8_t *frame, size_t size)
{
    sim_stub_t *stub = &sim->stub;
    if (stub->read.is_active) {
        sim_stub_read_ack(sim, frame, size);
        return;
    }
    if (size < 8 || frame[0] != 0) {
        sim->stats.bad_frames++;
        sim_misuse(sim, "frame dropped: no request");
        sim_stub_idle(sim);
        return;
    }
    sim->stats.commands++;
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_COMMAND, SIM_OUT, frame[1]);
    if (fault != NULL && sim->events->fault(sim, fault)) {
        if (sim->state == ESP_SIM_STATE_DOWNLOAD_STUB) {
            sim_stub_idle(sim);
        }
        return;
    }
    if (sim_fault_is(fault, SIM_DO_DROP)) {
        sim_stub_idle(sim);
        return;
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        frame[size - 1] ^= fault->value;
    }
    stub->opcode = frame[1];
    stub->is_md5_wrong = sim_fault_is(fault, SIM_DO_WRONG_MD5);
    stub->fault_status = sim_fault_is(fault, SIM_DO_ERROR) ? fault->value : SIM_STUB_OK;
    size_t data_size = frame[2] | (size_t)frame[3] << 8;
    if (data_size != size - 8) {
        sim_misuse(sim, "frame with %zu bytes of data says %zu", size - 8, data_size);
        sim_stub_finish(sim, SIM_STUB_BAD_LENGTH);
        return;
    }
    sim_stub_request_t request = {frame[1], sim_get32(frame + 4), frame + 8, data_size};
    dispatch_request(sim, &request);
    sim->link.is_disturbed = false;
}
