/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The loader in the chip's ROM: one command after the other, each answered when its work is done. rom.c has
 * frames and dispatch; the commands are in rom_control.c, rom_memory.c, rom_flash.c and rom_deflate.c; what
 * they share is in rom_reply.c and rom_write.c. ROM source is not public: what is known comes from esptool,
 * its documentation and captures; where nothing is known the model's choice is marked in a comment.
 */
#ifndef SIM_ROM_H
#define SIM_ROM_H

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "esp_sim.h"
#include "flash/flash_job.h"
#include "loader/slip.h"

/** Reason codes of a failure reply. Source: esptool 5.3, FatalError.WithResult and the serial protocol
 * document. */
typedef enum {
    SIM_REASON_PARAMETER = 0x01,
    SIM_REASON_BAD_FORMAT = 0x05,
    SIM_REASON_RESULT = 0x06,
    SIM_REASON_CHECKSUM = 0x07,
    SIM_REASON_FLASH_WRITE = 0x08,
    SIM_REASON_FLASH_READ = 0x09,
    SIM_REASON_READ_LENGTH = 0x0A,
    SIM_REASON_DEFLATE = 0x0B,
    SIM_REASON_ADLER = 0x0C,
    SIM_REASON_DEFLATE_PARAMETER = 0x0D,
    SIM_REASON_RAM_ADDRESS = 0x0F,
} sim_reason_t;

typedef struct {
    uint8_t opcode;
    uint32_t checksum;
    const uint8_t *data;
    size_t size;
} sim_request_t;

/** What follows the reply. */
typedef enum { SIM_THEN_STAY, SIM_THEN_LEAVE, SIM_THEN_JUMP, SIM_THEN_CHANGE_RATE } sim_then_t;

/** How far a compressed stream may refer back, bytes (RFC 1950). */
#define SIM_INFLATE_WINDOW 32768u

/** A FLASH_BEGIN or FLASH_DEFL_BEGIN and the data that follows it. */
typedef struct {
    bool is_open;
    bool is_deflate;
    uint32_t size; /**< to be erased */
    uint32_t block_count, block_size, offset;
    uint32_t blocks_taken;
    uint32_t written; /**< bytes in flash */
    bool is_stream_open, is_stream_ended;
    z_stream stream;
    uint8_t window[SIM_INFLATE_WINDOW]; /**< the last output, where the ROM programs it as a whole */
} sim_flash_write_t;

/** A MEM_BEGIN and the data that follows it. */
typedef struct {
    bool is_open;
    uint32_t size, block_count, block_size, addr;
    uint32_t blocks_taken;
    uint32_t written;
} sim_ram_write_t;

/** The largest block a BEGIN may announce, bytes; more is refused. */
#define SIM_ROM_BLOCK_MAX 0x1800u

typedef struct {
    sim_slip_t slip;
    bool is_busy;
    bool has_synced;
    uint32_t syncs_ignored;
    uint32_t flash_size; /**< as SPI_SET_PARAMS said */
    sim_timer_t timer;   /**< the reply is due */
    uint64_t work_ns;    /**< of the command at hand, beside the turnaround */
    bool is_job_running; /**< the command at hand waits for the flash */
    bool is_md5_wrong;   /**< fault for the command at hand */
    bool is_reply_checked;
    uint8_t opcode; /**< at hand */
    uint8_t *reply; /**< encoded frames to send */
    size_t reply_size, reply_capacity;
    sim_then_t then;
    uint32_t then_value;
    sim_flash_write_t write;
    sim_ram_write_t ram;
    sim_flash_job_t job;
    /** Takes a reply that the host fetches; NULL = replies are sent, as SLIP frames. */
    void (*offer)(esp_sim_t *sim, const uint8_t *frame, size_t size);
} sim_rom_t;

/** A request's word by index. */
static inline uint32_t sim_request_word(const sim_request_t *request, size_t index)
{
    return sim_get32(request->data + 4 * index);
}

/* rom.c */
void sim_rom_init(esp_sim_t *sim);
void sim_rom_free(esp_sim_t *sim);
void sim_rom_start(esp_sim_t *sim);
void sim_rom_stop(esp_sim_t *sim);
bool sim_rom_can_receive(const esp_sim_t *sim);
/** A frame whose header is right has come. */
void sim_rom_execute(esp_sim_t *sim, uint8_t *frame, size_t size);
void sim_rom_receive(esp_sim_t *sim, uint8_t byte);

/* rom_reply.c: each command answers or refuses once, at once or when its flash job is done */
void sim_rom_reply_init(esp_sim_t *sim);
void sim_rom_answer(esp_sim_t *sim, uint32_t value, const void *payload, size_t size);
void sim_rom_refuse(esp_sim_t *sim, sim_reason_t reason);
/** An opcode the ROM does not know or may not serve: eight replies that carry another opcode. Which one is
 * not known; hosts recognise the status. */
void sim_rom_answer_unsupported(esp_sim_t *sim);
/** Runs what was put into the job after the turnaround; @p on_done answers and then calls sim_rom_job_done().
 */
void sim_rom_run_job(esp_sim_t *sim, void (*on_done)(esp_sim_t *sim));
void sim_rom_job_done(esp_sim_t *sim);
/** The host has the reply: what follows it happens. */
void sim_rom_finish(esp_sim_t *sim);

/* rom_memory.c */
/** May an image be loaded to this range? */
bool sim_rom_is_ram(const esp_sim_t *sim, uint32_t addr, uint32_t size);

/* rom_write.c */
/** Checks number, size and checksum of a data command against the blocks taken so far and the size of a
 * block, in the order in which a ROM does; counts the block and returns true, or answers it and returns
 * false. A ROM counts a block also when its checksum is wrong. Source: FilePacketSendReqMsgProc() and its
 * like in the ROMs of ESP32-C2, C3, C5, C6, C61, H2 and P4 (esp-rom-elfs). */
bool sim_rom_check_block(esp_sim_t *sim, const sim_request_t *request, const char *what, uint32_t block_size,
                         uint32_t *blocks_taken);
/** Checks that a block of flash data is expected and counts it; false when it was answered or refused
 * already. */
bool sim_rom_take_block(esp_sim_t *sim, const sim_request_t *request, bool is_deflate);
/** Programs data after what the current write has written, then answers. */
void sim_rom_program(esp_sim_t *sim, const uint8_t *data, size_t size);
/** Ends a write, and a deflated one's stream. */
void sim_rom_close_write(sim_flash_write_t *write);

/* the commands */
typedef void sim_rom_command_t(esp_sim_t *sim, const sim_request_t *request);

sim_rom_command_t sim_rom_sync, sim_rom_read_reg, sim_rom_write_reg, sim_rom_security_info,
    sim_rom_change_rate;
sim_rom_command_t sim_rom_mem_begin, sim_rom_mem_data, sim_rom_mem_end;
sim_rom_command_t sim_rom_spi_attach, sim_rom_spi_set_params, sim_rom_read_flash_slow, sim_rom_md5;
sim_rom_command_t sim_rom_flash_begin, sim_rom_flash_data, sim_rom_flash_end;
sim_rom_command_t sim_rom_deflate_data;

#endif
