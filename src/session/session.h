/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the session layer share: the one way to talk to the target, the one way to fail, and the
 * steps that several operations need.
 */
#ifndef ELI_SESSION_H
#define ELI_SESSION_H

#include "esp_loader.h"
#include "link/link.h"
#include "protocol/command.h"
#include "session/deadlines.h"
#include "target/target.h"

#define ELI_MAX_BLOCK_SIZE     16384u /* what a stub takes */
#define ELI_DEFAULT_TIMEOUT_MS 3000u  /* source: esptool 5.3 */

/** Does a stub answer? */
static inline bool eli_is_stub(const esp_loader_t *loader)
{
    return ELI_KNOWS_STUBS && loader->_is.stub_running;
}

/* ---- failing (fail.c) ---- */

/** Forgets the last failure and notes the stage. */
void eli_forget_failure(esp_loader_t *loader, esp_loader_stage_t stage);

/** Begins a public operation: eli_forget_failure(), for a target that is connected.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  not connected */
esp_loader_error_t eli_enter(esp_loader_t *loader, esp_loader_stage_t stage);

/** Records a failure and returns @p error. The first failure of an operation wins: later ones during clean-up
 * do not replace it. */
esp_loader_error_t eli_fail(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                            esp_loader_stage_t stage, uint32_t address, uint32_t value);

/** Records a failure at the current stage whose code is its own cause. */
esp_loader_error_t eli_fail_here(esp_loader_t *loader, esp_loader_error_t error, uint32_t address,
                                 uint32_t value);

/** What this target or its loader does not offer.
 *  @return ESP_LOADER_ERROR_UNSUPPORTED_FUNC, in secure download mode with cause SECURITY */
esp_loader_error_t eli_fail_unsupported(esp_loader_t *loader, uint32_t address);

/** What secure download mode does not permit is refused before anything is sent.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY, at the current stage */
static inline esp_loader_error_t eli_refuse_secure_download(esp_loader_t *loader, uint32_t address)
{
    return loader->_is.secure_download ? eli_fail_unsupported(loader, address) : ESP_LOADER_SUCCESS;
}

/* ---- talking (transact.c) ---- */

/** Sends one command and waits for its reply. Every command of the library goes through here: it owns the
 * deadline, the matching of replies, what is sent again (transact.c), re-synchronisation after a lost reply,
 * and the mapping of the target's status to errors.
 *  @param address  flash offset, RAM or register address for the error detail
 *  @param out      may be NULL; its payload is valid until the next command */
esp_loader_error_t eli_transact(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                                eli_reply_t *out);

/** eli_transact() in two halves, for a caller that has something to do while the target works: sending, and
 * waiting for the reply. Between the two nothing else may be sent, and the command and its payload stay as
 * they are; both halves share one deadline. */
esp_loader_error_t eli_transact_send(esp_loader_t *loader, const eli_command_t *command, uint32_t address);
esp_loader_error_t eli_transact_await(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                                      eli_reply_t *out);

/** Instead of waiting for the reply: whenever it comes, it answers no later command. Before the next one
 * there is a barrier: eli_resync(). */
static inline void eli_transact_abandon(esp_loader_t *loader)
{
    loader->_is.needs_resync = true;
}

/** One SYNC: sends it and waits up to @p timeout_ms for an answer. Does not fail the session.
 *  @param out_value  value field of the answer: 0 = a stub answers, may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  the stub reports that the last block was not written */
esp_loader_error_t eli_sync_once(esp_loader_t *loader, uint32_t timeout_ms, uint32_t *out_value);

/** The slowest link that is believed, milliseconds: a clock that jumps, on a host that was suspended, is
 * none. */
#define ELI_LATEST_ANSWER_MS 4000u

/** How much later than over a cable an answer may come, milliseconds: as it has been seen, or as the caller
 * says. */
static inline uint32_t eli_patience_ms(const esp_loader_t *loader)
{
    return ELI_KNOWS_NETWORKS ? loader->_patience_ms : 0;
}

/** Bytes of a command and its reply without what the command says of itself: headers, words, status,
 * delimiters.
 */
#define ELI_FRAMES_SIZE 64u

/** How long @p bytes need on the wire at the rate that was set, at most: ten bits each, and all of them
 * escaped. 0 where no rate was set: a port that was opened at less than 14400 baud has deadlines that are too
 * short. So has a small library.
 *  @param bytes  up to 128 KiB */
static inline uint32_t eli_wire_ms(const esp_loader_t *loader, size_t bytes)
{
#ifdef ESP_LOADER_SMALL
    (void)loader;
    (void)bytes;
    return 0;
#else
    return loader->_rate_baud != 0 ? (uint32_t)bytes * (2 * 10 * 1000) / loader->_rate_baud : 0;
#endif
}

/** Sends a lone delimiter. A stub's decoder takes delimiters as toggles, so one that is lost or damaged turns
 * it over for good; one more turns it back. */
esp_loader_error_t eli_toggle_stub_decoder(esp_loader_t *loader);

/** Makes sure that no reply to an earlier command is on its way any more: the target executes commands in
 * order, so once it answers a SYNC sent now, there is none. */
esp_loader_error_t eli_resync(esp_loader_t *loader);

/** Waits until no reply to an earlier SYNC comes any more. */
void eli_sync_settle(esp_loader_t *loader);

/** Sends one data block of a running FLASH, FLASH_DEFL or MEM operation.
 *  @param block    its sequence becomes that of the next block
 *  @param address  for the error detail */
esp_loader_error_t eli_send_block(esp_loader_t *loader, eli_block_t *block, uint32_t address);

/* ---- steps shared by operations ---- */

/** What every supported ROM answers at after a reset. */
#define ELI_DEFAULT_RATE_BAUD 115200u

/** Row of the connected chip; the session is connected. */
static inline const eli_target_t *eli_target(const esp_loader_t *loader)
{
    return loader->_target;
}

/** Number of blocks that @p size bytes fill, the last one perhaps in part; @p size is at least 1, @p
 * block_size at most 2 GiB. */
uint32_t eli_block_count(uint32_t size, uint32_t block_size);

/** Largest data block the loader on the target takes, bytes. */
uint32_t eli_flash_block_size(const esp_loader_t *loader);

/** Of @p size, at least 0x800, what the link to the target takes in one block: no more than that on the CDC
 * device on USB-OTG. */
uint32_t eli_limit_block_size(const esp_loader_t *loader, uint32_t size);

/** FLASH_BEGIN or FLASH_DEFL_BEGIN: erases the sectors of a range before it replies (ROM).
 *  @param size  the command's first word: bytes to erase, or to inflate to */
esp_loader_error_t eli_flash_begin(esp_loader_t *loader, uint8_t opcode, uint32_t size, uint32_t block_count,
                                   uint32_t block_size, uint32_t offset);

/** May an image begin at @p offset? For a stub anywhere that is a multiple of 4. A ROM refuses an offset
 * inside a sector, and sets the place to write at all the same. Source: the published ROMs of all chips but
 * the ESP8266, executed; esptool 5.6 aligns for all of them. */
static inline bool eli_flash_is_aligned(const esp_loader_t *loader, uint32_t offset)
{
    return offset % (eli_is_stub(loader) ? 4 : ELI_SECTOR_SIZE) == 0;
}

/** Where what is erased for @p size bytes at @p offset, a multiple of a sector, ends; behind the range when
 * the loader cannot but erase more. */
uint32_t eli_flash_erase_end(const esp_loader_t *loader, uint32_t offset, uint32_t size);

/** A command that is on its way: what the second half of an operation needs. */
typedef struct {
    eli_command_t command;
    uint32_t address;
    uint32_t size; /**< bytes of the image that it carries or is about */
} eli_sent_t;

/** First half of esp_loader_flash_write(); eli_blocks_collect() is the second. The image's MD5 is not
 * updated. */
esp_loader_error_t eli_flash_send(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg, const uint8_t *data,
                                  uint32_t size, eli_sent_t *out_sent);

/** The same of esp_loader_flash_deflate_write(). */
esp_loader_error_t eli_deflate_send(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                    const uint8_t *data, uint32_t size, eli_sent_t *out_sent);

/** Has the loader a command for the MD5 of flash? */
bool eli_flash_has_md5(const esp_loader_t *loader);

/** esp_loader_flash_md5() in two halves.
 *  @param out_is_doubtful  the answer is damaged, or may be the one before once more: to be asked for again
 *                          before it is believed */
esp_loader_error_t eli_md5_send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent);
esp_loader_error_t eli_md5_collect(esp_loader_t *loader, const eli_sent_t *sent,
                                   uint8_t out_md5[ESP_LOADER_MD5_SIZE], bool *out_is_doubtful);

/** FLASH_END or FLASH_DEFL_END, to a stub: collects the outcome of the last block; it stays in the loader. */
esp_loader_error_t eli_flash_end(esp_loader_t *loader, uint8_t opcode, uint32_t offset);

/** Attaches the flash and tells the loader its size; does nothing the second time. */
esp_loader_error_t eli_flash_attach(esp_loader_t *loader);

/** Gives the attached flash chip a command that brings data, by the SPI peripheral's registers.
 *  @param dummy_bits  clocks between opcode and data, at most 64
 *  @param out         @p count words, at most 4; the first byte on the bus is bits 7:0 of the first */
esp_loader_error_t eli_spi_read(esp_loader_t *loader, uint32_t opcode, uint32_t dummy_bits, uint32_t *out,
                                uint32_t count);

/** Begins an operation that asks the flash chip who it is: attaches it when it is not yet.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode */
esp_loader_error_t eli_flash_id_enter(esp_loader_t *loader);

/** Bytes from the start of the attached flash that this loader can address. */
uint32_t eli_flash_reach(const esp_loader_t *loader);

/** Is [offset, offset + size) within them? */
esp_loader_error_t eli_flash_check_range(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** Brings the target into download mode; @p style counts attempts, so that different circuits get their
 * sequence in turn.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the port has no way to */
esp_loader_error_t eli_reset_into_download(esp_loader_t *loader, unsigned style);

/** Finds out which chip answers. */
esp_loader_error_t eli_detect(esp_loader_t *loader);

/** Is a stub built in at all?
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  no */
esp_loader_error_t eli_stub_check_build(esp_loader_t *loader);

/** Loads the stub of the chip and starts it; the ROM loader answers now. */
esp_loader_error_t eli_stub_start(esp_loader_t *loader);

/** A value from the eFuses, made from @p count parts or fewer. */
esp_loader_error_t eli_efuse_read(esp_loader_t *loader, const eli_efuse_part_t *parts, size_t count,
                                  uint32_t *out_value);

/** Revision from the eFuses, major * 100 + minor. */
esp_loader_error_t eli_chip_revision(esp_loader_t *loader, uint32_t *out_revision);

/** Frequency of a crystal that is not the same on all parts of a chip (eli_clock_of()), measured.
 *  @param out_hz  26, 40 or 48 MHz; 0 = the measurement makes no sense */
esp_loader_error_t eli_crystal_read(esp_loader_t *loader, uint32_t *out_hz);

/** What to ask the ROM for so that the rate becomes @p rate_baud. Some ROMs do not know their crystal.
 *  @param now_baud  the present rate
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode does not let it be found
 *                                             out */
esp_loader_error_t eli_rom_rate(esp_loader_t *loader, uint32_t now_baud, uint32_t rate_baud,
                                uint32_t *out_baud);

/** Stops the watchdogs that a reset over USB-Serial/JTAG leaves running. */
esp_loader_error_t eli_stop_watchdogs(esp_loader_t *loader);

/** Writes a register of the RTC watchdog; @p off is relative to its CONFIG0. */
esp_loader_error_t eli_watchdog_write(esp_loader_t *loader, uint32_t off, uint32_t value);

esp_loader_error_t eli_register_read(esp_loader_t *loader, uint32_t address, uint32_t *out_value);
esp_loader_error_t eli_register_write(esp_loader_t *loader, uint32_t address, uint32_t value);

/** Begins an operation on registers; secure download mode has none.
 *  @param address  a multiple of 4 */
esp_loader_error_t eli_register_enter(esp_loader_t *loader, uint32_t address);

/** Writes @p count registers that follow each other, at most ELI_REGISTERS_MAX; with a stub in one command.
 */
#define ELI_REGISTERS_MAX 5u
esp_loader_error_t eli_registers_write(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                       size_t count);

/** Changes the bits of @p mask to those of @p value; the target reads the others itself. */
esp_loader_error_t eli_register_change(esp_loader_t *loader, uint32_t address, uint32_t value, uint32_t mask);

/** Switches on a flash chip that the target leaves without power. */
esp_loader_error_t eli_flash_power_up(esp_loader_t *loader);

/** Reply of GET_SECURITY_INFO, decoded. */
typedef struct {
    uint32_t flags;
    uint32_t chip_id;     /**< ELI_NO_CHIP_ID when the short form came */
    uint32_t eco_version; /**< 0 when the short form came */
    uint8_t flash_crypt_count;
    const uint8_t *key_purposes; /**< seven, valid until the next command */
} eli_security_t;

esp_loader_error_t eli_security_read(esp_loader_t *loader, eli_security_t *out);

/** Bits of eli_security_t.flags. */
#define ELI_SECURITY_SECURE_BOOT     (1u << 0)
#define ELI_SECURITY_SECURE_DOWNLOAD (1u << 2)

/** Does an eFuse counter turn flash encryption on? An odd number of bits does, an even one turns it off. */
bool eli_is_flash_encrypted(uint32_t crypt_count);

/** What a target's security settings forbid. */
typedef struct {
    bool is_secure_boot;     /**< the ROM runs a bootloader with the right signature only */
    bool is_flash_encrypted; /**< what is written in plain text reads as nonsense */
    uint32_t guarded_end;    /**< flash below must not be written; 0 = none */
} eli_protection_t;

/** Reads it; what a target does not tell (ESP8266, secure download mode) counts as off. */
esp_loader_error_t eli_protection_read(esp_loader_t *loader, eli_protection_t *out);

/* Must plain content not be written there, and nothing be erased? */
bool eli_protection_forbids(const esp_loader_t *loader, const eli_protection_t *protection, uint32_t offset,
                            uint32_t size);

#endif
