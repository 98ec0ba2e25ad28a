/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The scripted target of the sweep: loader in ROM and flasher stub of three chips, as their code behaves. It
 * shares no code with the library and none with the simulator (sim/): a third reading of the same facts,
 * small enough to run a million times. It knows nothing about faults; who makes them sits at its two hooks,
 * `gate` and `emit`.
 *
 * A command is carried out at once when its frame is complete; what it takes is time, before its reply
 * and after it. Until then the target is busy and what arrives waits, or is lost, as in the real receive
 * paths.
 *
 * Where the rules come from is said at each: [rom] the mask ROMs of eleven chips, executed; [stub] the
 * sources of esp-flasher-stub 1.x and its binaries, executed; [doc] the serial protocol document of esptool.
 */
#ifndef SWEEP_CHIP_H
#define SWEEP_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "bytes.h"

enum {
    SECTOR = 4096,
    FLASH_SIZE = 256 * 1024,
    FLASH_ID = 0x1240C8, /* capacity code 0x12: 256 KiB */
    ROM_RING = 2048,     /* receive ring of the ROM [rom] */
    FRAME_MAX = 16647,   /* receive buffer of the stub [stub]; larger than the ROM's */
    WINDOW = 32768,      /* inflate window, ROM and stub */
    REGISTERS = 64,
    ANSWERING_REGISTERS = 0x50001000, /* sixteen that read as the complement of their address */
    RAM_MAX = 1024,                   /* of a loaded stub */
    REPLY_MAX = 8 + 64 + 4
};

typedef enum { CHIP_ESP32, CHIP_ESP32S2, CHIP_ESP32C3 } chip_model_t;

typedef enum { STATE_ROM, STATE_STUB, STATE_SILENT } chip_state_t;

/** What becomes of a command, from who makes faults. Zero: it is carried out. */
typedef struct {
    bool is_dropped;
    bool is_doubled;
    bool resets; /**< into its application, before the command */
    bool resets_to_download;
    bool is_after;   /**< the reset comes after the command */
    bool dies;       /**< no more answers until a reset; after the command with is_after */
    bool has_status; /**< it is answered with `status` */
    bool is_refused; /**< and not carried out */
    uint8_t status;
    int flip; /**< -1, or a bit of what the command programs that flips afterwards, modulo its size */
} verdict_t;

/** A write under way. */
typedef struct {
    bool is_open;
    bool is_deflate;
    uint32_t size;
    uint32_t offset;
    uint32_t block_size;
    uint32_t block_count;
    uint32_t next_block;
    uint32_t written;
    /* stub only */
    uint32_t erased_to;
    uint32_t erase_end;
    bool has_dirt; /* a sector that was not blank has been seen */
    uint32_t compressed_left;
    /* compressed */
    bool is_stream_open;
    bool has_ended;
    uint32_t fill; /* bytes of `window` that are not programmed yet */
} write_t;

typedef struct chip chip_t;
struct chip {
    chip_model_t model;
    bool is_usb;
    unsigned syncs_to_lose; /* the first SYNC after a reset is eaten by the rate measurement */

    chip_state_t state;
    bool has_synced;
    unsigned syncs_eaten;
    bool is_deaf; /* at another rate than the host */
    uint64_t now_us;
    uint64_t busy_until_us;

    /* receiving */
    uint8_t ring[ROM_RING];
    uint32_t ring_head, ring_count;
    uint8_t frame[2][FRAME_MAX];
    uint32_t frame_size;
    unsigned filling; /* buffer that is received into */
    bool is_in_frame, is_escaped, is_armed, has_pending;
    uint32_t pending_size;

    /* answering */
    uint8_t opcode; /* of the command that is carried out */
    uint8_t last_opcode;
    uint32_t last_value;
    uint64_t before_us, after_us; /* what the command takes */
    uint8_t deferred;             /* stub: status of the last block, reported with the next command */
    uint8_t digest_text[32];
    verdict_t verdict;
    bool is_answered;
    uint32_t programmed_at, programmed_size; /* by this command */

    uint32_t rom_flash_size;
    write_t write;
    z_stream stream;
    uint8_t window[WINDOW];
    struct {
        uint32_t address, value;
    } registers[REGISTERS];
    unsigned register_count;

    /* loading into RAM */
    uint32_t ram_next_block, ram_block_size, ram_address, ram_at, ram_size;
    bool is_ram_open;
    uint8_t ram[2][RAM_MAX]; /* text and data of the stub */

    /** Asked before every command. */
    void (*gate)(void *ctx, uint8_t opcode, verdict_t *verdict);
    /** A reply, not escaped, that begins to leave at @p at_us. */
    void (*emit)(void *ctx, uint64_t at_us, const uint8_t *frame, size_t size);
    /** Bytes outside of frames. */
    void (*emit_text)(void *ctx, uint64_t at_us, const char *text);
    void *ctx;

    uint8_t flash[FLASH_SIZE]; /* not cleared by chip_init() */
};

/** The stub that the ROM must have been given, or it does not start. */
typedef struct {
    uint32_t entry;
    uint32_t address[2];
    uint32_t size[2];
    const uint8_t *data[2];
} stub_image_t;
extern const stub_image_t sweep_stub;

void chip_init(chip_t *chip, chip_model_t model, bool is_usb);
void chip_free(chip_t *chip);

/** A reset, with the boot pin held low or not. */
void chip_reset(chip_t *chip, bool is_download);

/** As an earlier session left it: the stub runs. */
void chip_start_stub(chip_t *chip);

/** Lets time pass. */
void chip_advance(chip_t *chip, uint64_t now_us);

/** When something happens without a byte from the host; UINT64_MAX = never. */
uint64_t chip_next_event(const chip_t *chip);

/** One byte from the host, at a time that chip_advance() was told. */
void chip_receive(chip_t *chip, uint8_t byte);

/** The same for the first of @p data, if all they do is to lengthen the frame that is being received. A
 * million runs take half the time by it.
 *  @return how many were taken; none of the others */
size_t chip_receive_plain(chip_t *chip, const uint8_t *data, size_t size);

/* ---- between the files of the target ---- */

/** A request: @p words is followed by what an earlier, longer frame left there. */
typedef struct {
    uint8_t opcode;
    uint8_t checksum;
    uint32_t checksum_word;
    const uint8_t *data;
    size_t size;
} request_t;

static inline uint32_t word(const request_t *request, unsigned index)
{
    return get32(request->data + 4 * index);
}

/* Opcodes [doc]. */
enum { FLASH_BEGIN = 0x02, FLASH_DATA, FLASH_END, MEM_BEGIN, MEM_END, MEM_DATA, SYNC, WRITE_REG, READ_REG };
enum { SPI_SET_PARAMS = 0x0B, SPI_ATTACH = 0x0D, READ_FLASH_SLOW, CHANGE_BAUDRATE };
enum { FLASH_DEFL_BEGIN = 0x10, FLASH_DEFL_DATA, FLASH_DEFL_END, SPI_FLASH_MD5, GET_SECURITY_INFO };
enum { ERASE_FLASH = 0xD0, ERASE_REGION, READ_FLASH, RUN_USER_CODE };
enum { BLOCK_HEADER = 16, ANY_SIZE = UINT16_MAX };

/** A command of ROM or stub, and the size its data must have. */
typedef struct {
    uint8_t opcode;
    uint16_t size;
    void (*execute)(chip_t *chip, const request_t *request);
} command_t;

/** @return NULL: there is none */
const command_t *chip_find_command(const command_t *commands, size_t count, const request_t *request);

static inline bool has_right_size(const command_t *command, const request_t *request)
{
    return command->size == ANY_SIZE || command->size == request->size;
}

void rom_execute(chip_t *chip, const request_t *request);
void stub_execute(chip_t *chip, const request_t *request);

/** Answers the command: a ROM with four bytes of status, a stub with two. */
void chip_answer(chip_t *chip, uint32_t value, const uint8_t *payload, size_t size);
/** Success without a payload. */
void chip_done(chip_t *chip);
void chip_refuse(chip_t *chip, uint8_t status, uint8_t reason);
void chip_refuse_behind(chip_t *chip, uint8_t reason, const uint8_t *payload, size_t size);

/* Commands that ROM and stub carry out alike; and SYNC, but for its value. */
void chip_accept(chip_t *chip, const request_t *request);
void chip_read_register(chip_t *chip, const request_t *request);
void chip_change_rate(chip_t *chip, const request_t *request);
void chip_synced(chip_t *chip, uint32_t value);

/** The ROM's answers to what it does not know [rom]. */
void chip_unknown(chip_t *chip);

uint8_t block_checksum(const uint8_t *data, size_t size);
uint32_t register_read(const chip_t *chip, uint32_t address);
/** WRITE_REG: one register at least, where a ROM reads on behind what it was sent [rom]. */
void registers_write(chip_t *chip, const request_t *request);

/* Flash; addresses wrap at the end of the part. */
void flash_erase(chip_t *chip, uint32_t offset, uint32_t sectors);
bool flash_is_blank(const chip_t *chip, uint32_t sector_offset);
/** @return does the flash hold it now? */
bool flash_program(chip_t *chip, uint32_t offset, const uint8_t *data, size_t size);
void flash_md5(const chip_t *chip, uint32_t offset, uint32_t size, uint8_t out[16]);
uint64_t program_us(size_t size);
uint64_t md5_us(uint32_t size);

enum { SECTOR_ERASE_US = 45000, BLOCK_ERASE_US = 150000, BLANK_CHECK_US = 800 };

/* Inflating, ROM and stub. */
typedef enum { INFLATE_MORE, INFLATE_END, INFLATE_BAD, INFLATE_BAD_SUM } inflate_result_t;
void stream_open(chip_t *chip);
void stream_close(chip_t *chip);
/** Inflates one block; every full window, and what is left at the end of the stream, goes to @p put. */
inflate_result_t stream_feed(chip_t *chip, const uint8_t *data, size_t size,
                             void (*put)(chip_t *chip, const uint8_t *data, size_t size));

#endif
