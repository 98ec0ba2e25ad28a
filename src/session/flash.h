/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Steps that several flash operations share.
 */
#ifndef ELI_FLASH_H
#define ELI_FLASH_H

#include "session/core.h"

/** FLASH_BEGIN or FLASH_DEFL_BEGIN: erases the sectors of a range before it replies (ROM).
 *  @param size  the command's first word: bytes to erase, or to inflate to */
esp_loader_error_t eli_flash_begin(esp_loader_t *loader, uint8_t opcode, uint32_t size, uint32_t block_count,
                                   uint32_t block_size, uint32_t offset);

/** Where what is erased for @p size bytes at @p offset, a multiple of a sector, ends; beyond the range if
 * the loader has to erase more. */
uint32_t eli_flash_erase_end(const esp_loader_t *loader, uint32_t offset, uint32_t size);

/** Fills what stays the same from block to block of an image; nothing is sent. */
static inline void eli_flash_announce(const esp_loader_t *loader, uint32_t offset, uint32_t size,
                                      uint32_t block_size, esp_loader_blocks_t *out)
{
    *out = (esp_loader_blocks_t){._address = offset,
                                 ._size = size,
                                 ._block_size = block_size,
                                 /* a ROM needs no more than the default for a block */
                                 ._work_ms = eli_is_stub(loader) ? eli_stub_block_ms(block_size) : 0,
                                 ._opcode = ELI_FLASH_DATA,
                                 ._stage = ESP_LOADER_STAGE_WRITE};
}

/** The same of a compressed one.
 *  @param inflated  its bytes in flash
 *  @param size      those of the stream */
static inline void eli_deflate_announce(const esp_loader_t *loader, uint32_t offset, uint32_t inflated,
                                        uint32_t size, uint32_t block_size, esp_loader_blocks_t *out)
{
    /* One small block may inflate to the whole image, so each gets the time of the whole image. A stub also
     * erases meanwhile. */
    uint32_t erase_ms = eli_is_stub(loader) ? eli_erase_ms(offset, inflated) : 0;
    *out = (esp_loader_blocks_t){._address = offset,
                                 ._size = size,
                                 ._block_size = block_size,
                                 ._work_ms = erase_ms + eli_write_ms(inflated),
                                 ._opcode = ELI_FLASH_DEFL_DATA,
                                 ._stage = ESP_LOADER_STAGE_WRITE};
}

/** What the loader is told of the size of a compressed image: a ROM wants a multiple of 1 KiB. */
static inline uint32_t eli_inflated_size(const esp_loader_t *loader, uint32_t size)
{
    return eli_is_stub(loader) ? size : (size + 0x3FF) & ~(uint32_t)0x3FF;
}

/** Begins to write them to the attached flash, of which they become @p image_size bytes. */
esp_loader_error_t eli_flash_open(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                  uint32_t image_size);

/** Checks them, attaches the flash and opens it.
 *  @param min_block  bytes of a block; 4 and more: it is a multiple of 4 */
esp_loader_error_t eli_flash_start(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                   uint32_t image_size, uint32_t min_block);

/** After the last block: a stub, which has acknowledged it first, tells what became of it. It stays in the loader. */
esp_loader_error_t eli_flash_close(esp_loader_t *loader, const esp_loader_blocks_t *blocks);

/** What the public functions of these names do with flash that is attached: attaching takes much stack, so it is done
 * before much else is on it. */
esp_loader_error_t eli_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                 uint8_t out_md5[ESP_LOADER_MD5_SIZE]);
esp_loader_error_t eli_flash_verify(esp_loader_t *loader, uint32_t address, uint32_t size,
                                    const uint8_t *expected_md5);
esp_loader_error_t eli_flash_erase_region(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** eli_flash_md5() in two halves.
 *  @param out_is_doubtful  the answer is damaged, or may be the one before once more: to be asked for again
 *                          before it is reported */
esp_loader_error_t eli_md5_send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent);
esp_loader_error_t eli_md5_collect(esp_loader_t *loader, const eli_sent_t *sent,
                                   uint8_t out_md5[ESP_LOADER_MD5_SIZE], bool *out_is_doubtful);

/** Are two digests the same? */
bool eli_is_same_md5(const uint8_t *a, const uint8_t *b);

/** eli_flash_verify() of a range that is open. */
esp_loader_error_t eli_flash_compare(esp_loader_t *loader, uint32_t address, uint32_t size,
                                     const uint8_t *expected_md5);

/** Attaches the flash and sets its size in the loader; does nothing the second time. */
esp_loader_error_t eli_flash_attach(esp_loader_t *loader);

/** Is the end of the flash set to the end of each erase, in a ROM? Not in a build for little memory: that
 * takes 130 bytes of code. */
#ifdef ESP_LOADER_SMALL
#define ELI_BOUNDS_ERASES false
#else
#define ELI_BOUNDS_ERASES true
#endif

/** Can the flash be at other pins? Not in a build for little memory either. */
#ifdef ESP_LOADER_SMALL
#define ELI_KNOWS_PINS false
#else
#define ELI_KNOWS_PINS true
#endif

/** Sets the end of the flash in the loader, a multiple of 4096; does nothing if it is set already. No
 * checksum covers the words of an erase, and a ROM refuses one that reaches beyond (SPIEraseArea of all
 * published ROMs but the ESP8266's, which has no command for it); a stub does not look. */
esp_loader_error_t eli_flash_set_end(esp_loader_t *loader, uint32_t end);

/** eli_flash_check_range() of what is to be read; if the end of the flash was set to less, it is set to the
 * flash's size again. */
esp_loader_error_t eli_flash_open_range(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** Gives the attached flash chip a command that brings data, by the SPI peripheral's registers.
 *  @param out  @p count words, at most 4; the first byte on the bus is bits 7:0 of the first */
esp_loader_error_t eli_spi_read(esp_loader_t *loader, uint32_t opcode, uint32_t *out, uint32_t count);

/** The same with something between opcode and data.
 *  @param phases  ELI_SPI_USR_ADDRESS and ELI_SPI_USR_DUMMY
 *  @param usr1    their lengths */
esp_loader_error_t eli_spi_read_after(esp_loader_t *loader, uint32_t opcode, uint32_t phases, uint32_t usr1,
                                      uint32_t *out, uint32_t count);

/* Bits of USR; a command of eight bits in USR2. */
#define ELI_SPI_USR_COMMAND  ((uint32_t)1 << 31)
#define ELI_SPI_USR_ADDRESS  ((uint32_t)1 << 30)
#define ELI_SPI_USR_DUMMY    ((uint32_t)1 << 29)
#define ELI_SPI_USR_MISO     ((uint32_t)1 << 28)
#define ELI_SPI_USR_MOSI     ((uint32_t)1 << 27)
#define ELI_SPI_COMMAND_8BIT ((uint32_t)7 << 28)

/* Places of lengths in USR1, each one less than the number of bits; those of data on the ESP8266 alone. */
#define ELI_SPI_MISO_SHIFT    8
#define ELI_SPI_MOSI_SHIFT    17
#define ELI_SPI_ADDRESS_SHIFT 26

/** Gives the attached flash chip any command, and puts the registers back: the loader's own flash routines expect
 * them.
 *  @param words  content of USR, USR1, USR2, MOSI_DLEN and MISO_DLEN meanwhile
 *  @param out    @p count words that it has brought, at most 4 */
esp_loader_error_t eli_spi_command(esp_loader_t *loader, const uint32_t words[5], uint32_t *out,
                                   uint32_t count);

/** Begins an operation that asks the flash chip who it is: attaches it when it is not yet.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode */
esp_loader_error_t eli_flash_id_enter(esp_loader_t *loader);

/** Switches on a flash chip that the target leaves without power. */
esp_loader_error_t eli_flash_power_up(esp_loader_t *loader);

#endif
