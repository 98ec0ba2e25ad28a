/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flasher stub: what runs on the chip once a host has loaded it into RAM and jumped to it. No code is
 * executed; this is its behaviour on the wire. stub_table.c knows the published stubs, stub_start.c how one
 * is recognised, stub_link.c its two frame buffers and its replies, stub.c its commands, stub_flash.c writing
 * and erasing, stub_read.c the read stream. Source: esp-flasher-stub 1.1 (slip, transport, command handlers).
 */
#ifndef SIM_STUB_H
#define SIM_STUB_H

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "esp_sim.h"
#include "flash/flash_job.h"

/** Status of a failure reply. */
typedef enum {
    SIM_STUB_OK = 0x00,
    SIM_STUB_BAD_LENGTH = 0xC0,
    SIM_STUB_BAD_CHECKSUM = 0xC1,
    SIM_STUB_INVALID_COMMAND = 0xC3,
    SIM_STUB_NOT_IN_MODE = 0xC6,
    SIM_STUB_INFLATE = 0xC7,
    SIM_STUB_TOO_MUCH_DATA = 0xC9,
    SIM_STUB_NOT_IMPLEMENTED = 0xFF,
} sim_stub_status_t;

enum {
    SIM_STUB_FRAME_SIZE = 16647, /**< header, 16 KiB of data and 255 bytes */
    SIM_STUB_READ_MAX = 4096,    /**< data of one READ_FLASH frame */
    SIM_STUB_WRITE_STEP = 32768, /**< inflated data is written in pieces of this; more than any plain block */
    SIM_STUB_LOADS = 4,
};

typedef struct {
    uint32_t addr, size;
} sim_stub_segment_t;

typedef struct {
    const char *chip;
    uint16_t last_revision; /**< major * 100 + minor */
    uint32_t entry;
    sim_stub_segment_t text, data;
    const char *sha256;     /**< of text followed by data */
    bool is_wide_addressed; /**< reaches flash beyond 16 MiB */
    uint32_t earlier_data;  /**< where earlier releases have their data, 0 = nearby */
} sim_stub_image_t;

/** The published stub of a chip, NULL when the model has none. */
const sim_stub_image_t *sim_stub_image_of(const char *chip_name, uint32_t revision);

typedef struct {
    uint8_t opcode;
    uint32_t checksum;
    const uint8_t *data;
    size_t size;
} sim_stub_request_t;

/** FLASH_BEGIN or FLASH_DEFL_BEGIN and what follows. */
typedef struct {
    bool is_open;
    bool is_deflate;
    bool has_dirt; /**< a sector was not blank: from now on all are erased without a look */
    uint32_t offset, size;
    uint32_t written;
    uint64_t erased_to, erase_end; /**< flash addresses */
    uint32_t compressed_left;      /**< announced and not received yet; deflate only */
    bool is_stream_open, is_stream_ended;
    z_stream stream;
    uint8_t out[SIM_STUB_WRITE_STEP]; /**< to be written */
    size_t out_size;
} sim_stub_write_t;

typedef struct {
    bool is_active;
    uint32_t offset, size, packet_size;
    uint32_t sent;
    uint32_t packets, acks; /**< that were sent, that have arrived */
    bool is_stalled;        /**< there was an acknowledgement too many: nothing more is sent */
} sim_stub_read_t;

typedef struct {
    uint32_t addr, size, written;
    bool is_open;
} sim_stub_ram_t;

typedef struct {
    sim_stub_segment_t loads[SIM_STUB_LOADS]; /**< what the ROM was told to load, newest last */
    size_t load_count;
    uint32_t addr_mask;

    /* receiving */
    uint8_t frame[2][SIM_STUB_FRAME_SIZE];
    size_t frame_size[2];
    unsigned filling; /**< buffer that receives */
    bool is_armed;    /**< false: what arrives is lost */
    bool is_in_frame, is_escaped;
    bool has_frame;       /**< the buffer that is filling is complete */
    bool is_frame_broken; /**< it is to be dropped */
    bool has_reported_loss;

    /** Carries out the command in a frame: sim_stub_execute(). */
    void (*execute)(esp_sim_t *sim, uint8_t *frame, size_t size);
    bool is_busy; /**< the main loop works on a command or has not started yet */
    bool has_sent_ohai;
    sim_timer_t timer; /**< next step of the main loop */
    void (*next)(esp_sim_t *sim);
    uint8_t deferred_status; /**< of the last write; reported by the next command */
    uint8_t opcode;          /**< at hand */
    bool is_md5_wrong;       /**< fault for the command at hand */
    uint32_t then_baud;      /**< it goes to this rate when its reply has left */
    uint8_t fault_status;    /**< fault: the command at hand fails with it, a write after its reply */

    sim_stub_write_t write;
    sim_stub_read_t read;
    sim_stub_ram_t ram;
    sim_flash_job_t job;
    sim_flash_job_t eraser;             /**< an erase that goes on while the stub does something else */
    void (*when_ready)(esp_sim_t *sim); /**< waits for its end */
    sim_stub_request_t request;         /**< waits as well */
} sim_stub_t;

/* for program.c and rom_memory.c (stub_start.c) */
void sim_stub_init(esp_sim_t *sim);
void sim_stub_stop(esp_sim_t *sim);
/** The ROM is to load RAM. */
void sim_stub_note_load(esp_sim_t *sim, uint32_t addr, uint32_t size);
/** The same where no one says how much will be: a load that continues the newest one is part of it. */
void sim_stub_note_more(esp_sim_t *sim, uint32_t addr, uint32_t size);
/** Starts the stub when @p entry leads into one that was loaded; false when it is other code. */
bool sim_stub_start(esp_sim_t *sim, uint32_t entry);

/* stub_link.c */
void sim_stub_receive(esp_sim_t *sim, uint8_t byte);
/** The same on a link that carries frames. */
void sim_stub_receive_frame(esp_sim_t *sim, const uint8_t *data, size_t size);
/** It receives: from here on what arrives is not lost. */
void sim_stub_arm(esp_sim_t *sim);
/** The main loop is free: it takes the frame that waits, if any, after the turnaround. */
void sim_stub_idle(esp_sim_t *sim);
/** Calls @p next after @p ns; the main loop is busy until sim_stub_idle(). */
void sim_stub_after(esp_sim_t *sim, uint64_t ns, void (*next)(esp_sim_t *sim));
/** Sends the reply to the command at hand; false when a fault has ended the stub meanwhile. */
bool sim_stub_reply(esp_sim_t *sim, sim_stub_status_t status, uint32_t value, const void *payload,
                    size_t size);
/** Sends the reply of a command that has nothing more to do. */
void sim_stub_finish(esp_sim_t *sim, sim_stub_status_t status);
/** Sends a frame without header. */
void sim_stub_send_bare(esp_sim_t *sim, const void *data, size_t size);
/** A request's word by index. */
static inline uint32_t sim_stub_word(const sim_stub_request_t *request, size_t index)
{
    return sim_get32(request->data + 4 * index);
}

/* stub.c */
/** A frame for the main loop; it ends in sim_stub_idle(), now or later. */
void sim_stub_execute(esp_sim_t *sim, uint8_t *frame, size_t size);

typedef void sim_stub_command_t(esp_sim_t *sim, const sim_stub_request_t *request);

/* stub_flash.c */
sim_stub_command_t sim_stub_flash_begin, sim_stub_flash_data, sim_stub_flash_end, sim_stub_defl_data;
sim_stub_command_t sim_stub_erase_flash, sim_stub_erase_region;
void sim_stub_close_write(sim_stub_write_t *write);

/* stub_read.c */
sim_stub_command_t sim_stub_read_flash;
void sim_stub_read_ack(esp_sim_t *sim, const uint8_t *ack, size_t size);

#endif
