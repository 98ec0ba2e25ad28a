/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands and replies as values: what the bytes of a request are, and what the bytes of a reply mean. No
 * I/O. Source: serial protocol document of esptool 5.3; docs/protocol.md.
 */
#ifndef ELI_COMMAND_H
#define ELI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A library that has no stub to load does not know how to talk to one that is running, unless it is told to. */
#if defined(ESP_LOADER_HAS_STUBS) || (defined(ESP_LOADER_KNOWS_STUBS) && !defined(ESP_LOADER_SMALL))
#define ELI_KNOWS_STUBS true
#else
#define ELI_KNOWS_STUBS false
#endif

/** Nor does one that is to be small know of networks on the way: of answers that are late, and of servers
 * that interpret the control lines. */
#ifdef ESP_LOADER_SMALL
#define ELI_KNOWS_NETWORKS false
#else
#define ELI_KNOWS_NETWORKS true
#endif

/** Opcodes. */
enum {
    ELI_FLASH_BEGIN = 0x02,
    ELI_FLASH_DATA = 0x03,
    ELI_FLASH_END = 0x04,
    ELI_MEM_BEGIN = 0x05,
    ELI_MEM_END = 0x06,
    ELI_MEM_DATA = 0x07,
    ELI_SYNC = 0x08,
    ELI_WRITE_REG = 0x09,
    ELI_READ_REG = 0x0A,
    ELI_SPI_SET_PARAMS = 0x0B,
    ELI_SPI_ATTACH = 0x0D,
    ELI_READ_FLASH_SLOW = 0x0E,
    ELI_CHANGE_BAUDRATE = 0x0F,
    ELI_FLASH_DEFL_BEGIN = 0x10,
    ELI_FLASH_DEFL_DATA = 0x11,
    ELI_FLASH_DEFL_END = 0x12,
    ELI_SPI_FLASH_MD5 = 0x13,
    ELI_GET_SECURITY_INFO = 0x14,
    ELI_ERASE_FLASH = 0xD0,
    ELI_ERASE_REGION = 0xD1,
    ELI_READ_FLASH = 0xD2,
};

#define ELI_MAX_WORDS          6u
#define ELI_REQUEST_HEADER_MAX (8u + 4u * ELI_MAX_WORDS)
#define ELI_REPLY_HEADER_SIZE  8u

/** What all commands of a kind have in common, in a word: one constant. */
typedef struct {
    uint32_t opcode : 8;
    uint32_t word_count : 4; /**< parameters in `words` */
    uint32_t
        address_word : 4; /**< one more than the index of the word that says what the command is about, for the record
                                * of a failure: a place in flash, in RAM, a register. It may be one beyond those that are
                                * sent. 0 = none */
    uint32_t reply_size : 8;       /**< payload bytes before the status of a successful reply */
    uint32_t reply_size_short : 8; /**< other size the payload may have, 0 = none */
} eli_shape_t;

/** A request. Zero-initialise what is not used. */
typedef struct {
    eli_shape_t shape;
    const uint32_t *words;  /**< parameters */
    const uint8_t *payload; /**< bytes after the parameters */
    uint16_t payload_size;
    uint16_t padding;         /**< bytes after the payload */
    uint8_t fill;             /**< each byte of the padding */
    bool has_checksum;        /**< a *_DATA command: the checksum field covers payload and padding */
    bool is_answered_by_stub; /**< answered by the start-up message (OHAI) of the started stub */
    bool may_stay_unanswered; /**< a jump, which may disturb the link before the reply has left */
    uint32_t work_ms;         /**< how long it may work on this command (session/deadlines.h) */
} eli_command_t;

/** What it is about, 0 = nothing that has an address. */
static inline uint32_t eli_command_address(const eli_command_t *command)
{
    return command->shape.address_word != 0 ? command->words[command->shape.address_word - 1] : 0;
}

/** The command that carries a block: index of its number among the words. */
enum { ELI_BLOCK_NUMBER = 1 };

/** What a received frame is to a command. */
typedef enum {
    ELI_FRAME_FOREIGN = 0,     /**< boot message, noise, or the reply to something else: skip it */
    ELI_FRAME_REPLY,           /**< the answer; it may report failure in its status */
    ELI_FRAME_UNKNOWN_COMMAND, /**< the ROM does not know or does not allow the command; seven more of these
                                  follow */
    ELI_FRAME_MALFORMED,       /**< the answer, but too short to carry its payload and status */
} eli_frame_t;

/** A reply that answers a command. */
typedef struct {
    union {
        uint32_t value;       /**< value field: READ_REG, SYNC */
        uint32_t next_number; /**< to a block: number of the next one */
    };
    const uint8_t *payload; /**< inside the received frame */
    uint8_t payload_size;   /**< bytes before the status */
    uint8_t status;         /**< 0 = success */
    uint8_t reason;         /**< ROM: reason code; stub: 0 */
    uint8_t kind;           /**< eli_frame_t */
    bool is_echo;           /**< like the answer before: perhaps that one once more */
} eli_reply_t;

/** Writes header and parameters of @p command to @p out and returns their size; payload and padding follow as
 * they are. The caller has checked that all of it fits the 16-bit length field.
 *  @param skipped  of a block: how many numbers a ROM has counted since the command was made; else 0 */
size_t eli_command_encode(const eli_command_t *command, uint32_t skipped,
                          uint8_t out[ELI_REQUEST_HEADER_MAX]);

/** Interprets a received frame as the answer to @p command.
 *  @param out  complete for ELI_FRAME_REPLY, else untouched */
eli_frame_t eli_reply_decode(const eli_command_t *command, const uint8_t *frame, size_t size,
                             eli_reply_t *out);

#endif
