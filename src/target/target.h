/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What differs between chips, as data: one row per chip. No other file knows a chip by name; code asks the
 * row. Sources of the values: esptool 5.3 targets and the Technical Reference Manuals, per row in table.c.
 */
#ifndef ELI_TARGET_H
#define ELI_TARGET_H

#include "esp_loader.h"
#include "target/selection.h"

/** What a chip and its ROM loader can do. */
enum {
    ELI_ROM_SECURITY_INFO = 1 << 0, /**< GET_SECURITY_INFO with chip id */
    ELI_ROM_SPI_ATTACH = 1 << 1,    /**< SPI_ATTACH and SPI_SET_PARAMS */
    ELI_ROM_CHANGE_RATE = 1 << 2,
    ELI_ROM_DEFLATE = 1 << 3,
    ELI_ROM_MD5 = 1 << 4,
    ELI_ROM_READ_SLOW = 1 << 5,            /**< READ_FLASH_SLOW */
    ELI_ROM_ENCRYPT_WORD = 1 << 6,         /**< FLASH_BEGIN has a fifth word */
    ELI_LEGACY_REVISION_IS_MINOR = 1 << 7, /**< an image's one-byte minimum revision is a minor number (C3) */
    ELI_REVISION_CAN_BE_0_0 = 1 << 8,   /**< its first parts have other data in the field of the major (S3) */
    ELI_MAJOR_REVISION_COUNTS = 1 << 9, /**< the major revision is the number of bits that are set (ESP32) */
    ELI_SPI_PADS_IN_EFUSE = 1 << 10,    /**< SPI_ATTACH wants the pads that the eFuses name (ESP32) */
    ELI_STUB_NOT_WITH_SECURE_BOOT = 1 << 11, /**< with secure boot the ROM does not jump to a stub (C3, S3) */
    ELI_STUB_WIDE = 1 << 12, /**< the stub reaches flash beyond 16 MiB (S3, C5, C61, P4, S31, H4) */
    ELI_ROM_ERASES_HEAD_TWICE = 1 << 13, /**< FLASH_BEGIN erases more than it is asked for (ESP8266) */
    ELI_MAC_WITH_OUI = 1 << 14,          /**< the first half of the MAC address is coded (ESP8266) */
    ELI_STUB_RATE_IS_RELATIVE = 1 << 16, /**< the stub takes its present rate for 115200 (ESP8266) */
    ELI_SPI_ADDRESS_IS_HIGH = 1 << 17,   /**< in the high bits of its register (ESP8266, ESP32) */
    ELI_FLASH_ON_ANY_PINS = 1 << 18,     /**< SPI_ATTACH takes others (ESP32, S2, S3, C3) */
    ELI_SWD_RTC = 1 << 19,               /**< super watchdog with its own key, auto-feed is bit 31 (C3, S3) */
    ELI_SWD_LP =
        1
        << 20, /**< with the key of the RTC watchdog, auto-feed is bit 18 (C5, C6, C61, H2, H4, H21, P4, S31) */
    ELI_FORCE_DOWNLOAD_TWO_BITS = 1 << 21, /**< the field that keeps it in download mode has two (C5) */
    ELI_SPI_WITHOUT_LENGTHS =
        1 << 22, /**< the SPI peripheral has numbers of bits in USR1, not in registers (ESP8266) */
    ELI_BOOTLOADER_AT_1000 = 1 << 23, /**< the second-stage bootloader, in hexadecimal; else it is at 0 */
    ELI_BOOTLOADER_AT_2000 = 1 << 24,
    ELI_ROM_SDIO = 1 << 25,       /**< the ROM is an SDIO slave in download mode (C5, C6, C61) */
    ELI_STUB_SDIO = 1 << 26,      /**< a stub that was loaded over SDIO answers there (C5, C6) */
    ELI_FLASH_POWER_UP = 1 << 15, /**< the flash may have no power until it is switched on (P4): power_up.h */
};

/** A part of a value in the eFuses: some bits of a word, and where they go. */
typedef struct {
    uint32_t word_off : 16; /**< relative to the chip's eFuse base */
    uint32_t shift : 5;     /**< lowest bit in that word */
    uint32_t width : 5;     /**< number of bits, 0 = no such part */
    uint32_t place : 5;     /**< lowest bit in the value */
} eli_efuse_part_t;

#define ELI_REVISION_PARTS 4

/** One chip. Addresses are target bus addresses, offsets are bytes. */
typedef struct {
    uint32_t spi_base;
    uint32_t efuse_base;
    uint32_t wdt_config0;   /**< RTC watchdog CONFIG0; CONFIG1 follows; 0 = none to stop or use */
    uint32_t features;      /**< ELI_ROM_*, ELI_*: ask eli_has() */
    uint16_t image_chip_id; /**< in image headers and security information; ELI_NO_CHIP_ID = none (ESP8266) */
    int16_t
        force_download_words; /**< register in which a field that is not 0 keeps the chip in download mode, as
                                       distance from efuse_base, 0 = none */
    uint8_t chip;             /**< target_chip_t */
    uint8_t mac_off;          /**< low MAC word, relative to efuse_base; high word follows */
    uint8_t wdt_protect_off; /**< RTC watchdog write protection, relative to wdt_config0; the super watchdog's
                                  configuration and protection follow */
    uint8_t force_download_shift; /**< lowest bit of that field */
} eli_target_t;

#define ELI_NO_CHIP_ID 0xFFFFu
#define ELI_MAGIC_ADDR 0x40001000u

/** Magic value of the one chip whose security information carries no chip id (S2). */
#define ELI_MAGIC_OF_SHORT_SECURITY_INFO 0x000007C6u

/** What the ROMs of all chips can do but for the ESP8266's, and but for the ESP32's too. */
#define ELI_ROM_ESP32_AND_LATER (ELI_ROM_SPI_ATTACH | ELI_ROM_CHANGE_RATE | ELI_ROM_MD5 | ELI_ROM_READ_SLOW)
#define ELI_ROM_S2_AND_LATER                                                                                 \
    (ELI_ROM_ESP32_AND_LATER | ELI_ROM_SECURITY_INFO | ELI_ROM_DEFLATE | ELI_ROM_ENCRYPT_WORD)

/** Has a chip a feature? What only chips outside the selection have is a constant false, so that the code for
 * it is left out; what all chips of the selection have is a constant true. */
static inline bool eli_has(const eli_target_t *target, uint32_t feature)
{
    const uint32_t of_esp8266 =
        ELI_ROM_ERASES_HEAD_TWICE | ELI_MAC_WITH_OUI | ELI_STUB_RATE_IS_RELATIVE | ELI_SPI_WITHOUT_LENGTHS;
    const uint32_t of_both = ELI_SPI_ADDRESS_IS_HIGH;
    const uint32_t of_esp32 = ELI_MAJOR_REVISION_COUNTS | ELI_SPI_PADS_IN_EFUSE;
    const uint32_t of_esp32p4 = ELI_FLASH_POWER_UP;
    uint32_t possible = UINT32_MAX;
    possible &= ELI_HAS_ESP8266 != 0 ? UINT32_MAX : ~of_esp8266;
    possible &= ELI_HAS_ESP32 != 0 ? UINT32_MAX : ~of_esp32;
    possible &= (ELI_HAS_ESP8266 | ELI_HAS_ESP32) != 0 ? UINT32_MAX : ~of_both;
    possible &= ELI_HAS_ESP32P4 != 0 ? UINT32_MAX : ~of_esp32p4;
    const uint32_t certain = ELI_HAS_ESP8266 != 0 ? 0
                             : ELI_HAS_ESP32 != 0 ? ELI_ROM_ESP32_AND_LATER
                                                  : ELI_ROM_S2_AND_LATER;
    return (((target->features & possible) | certain) & feature) != 0;
}

/** Registers of the SPI peripheral that talks to the flash chip: USR, after which USR1 and USR2 follow; then MOSI_DLEN
 * and MISO_DLEN, but for the ESP8266. */
static inline uint32_t eli_spi_usr(const eli_target_t *target)
{
    return target->spi_base + (eli_has(target, ELI_SPI_ADDRESS_IS_HIGH) ? 0x1C : 0x18);
}

/** The first of its data words. */
static inline uint32_t eli_spi_w0(const eli_target_t *target)
{
    uint32_t off = !eli_has(target, ELI_SPI_ADDRESS_IS_HIGH)  ? 0x58
                   : eli_has(target, ELI_SPI_WITHOUT_LENGTHS) ? 0x40
                                                              : 0x80;
    return target->spi_base + off;
}

static inline bool eli_spi_has_lengths(const eli_target_t *target)
{
    return !eli_has(target, ELI_SPI_WITHOUT_LENGTHS);
}

/** Where its eFuses have a chip's revision: ELI_REVISION_PARTS, minor number in bits 3:0, major in bits 6:4. */
const eli_efuse_part_t *eli_revision_parts_of(target_chip_t chip);

/** Row of a chip, NULL when this build does not have it. */
const eli_target_t *eli_target_of(target_chip_t chip);

/** Row with this image chip id, NULL when there is none; the ESP8266's is that of ELI_NO_CHIP_ID. */
const eli_target_t *eli_target_find(uint32_t chip_id);

/** The same of an id that a chip or an image has stated. */
static inline const eli_target_t *eli_target_by_chip_id(uint32_t chip_id)
{
    return chip_id != ELI_NO_CHIP_ID ? eli_target_find(chip_id) : NULL;
}

/** Are there chips that are recognised by the register at ELI_MAGIC_ADDR? */
#define ELI_HAS_MAGICS (ELI_HAS_ESP8266 | ELI_HAS_ESP32 | ELI_HAS_ESP32S2)

/** Row of the chip whose register has @p magic, NULL when there is none. */
const eli_target_t *eli_target_by_magic(uint32_t magic);

/** Where the second-stage bootloader begins in flash. */
static inline uint32_t eli_bootloader_offset(const eli_target_t *target)
{
    return eli_has(target, ELI_BOOTLOADER_AT_1000)   ? 0x1000
           : eli_has(target, ELI_BOOTLOADER_AT_2000) ? 0x2000
                                                     : 0x0;
}

/** Register whose bit 3 is 0 when the strapping pin was low (strap.c), 0 = not known. */
uint32_t eli_strap_addr_of(target_chip_t chip);

/** Clock of a chip that comes with more than one crystal (clock.c). */
typedef struct {
    uint8_t chip;               /**< target_chip_t */
    uint8_t uart_factor;        /**< the UART's clock in crystal clocks */
    uint8_t rom_mhz;            /**< what the ROM takes any crystal for, 0 = see below */
    uint32_t uart_divider_addr; /**< bits 19:0: clocks per bit of the ROM's UART */
    uint32_t rom_mhz_addr;      /**< bits 30:24: MHz the ROM takes the crystal for; 0 = none */
    uint32_t
        calibration_addr; /**< bits 31:7: what the ROM measured it with an inexact oscillator; 0 = none */
} eli_clock_t;

/** Clock of a chip, NULL when it has one crystal only or this build does not have the chip. */
const eli_clock_t *eli_clock_of(target_chip_t chip);

/** Security eFuses of a chip that are read as words (security.c); offsets are relative to its eFuse base. */
typedef struct {
    uint8_t chip;      /**< target_chip_t */
    uint8_t guard_off; /**< word in which a bit of @c guard_mask forbids to write below @c guarded_end */
    uint16_t guarded_end;
    uint32_t guard_mask;
    uint32_t boot_v2_mask;     /**< in the same word: secure boot V2 */
    uint32_t crypt_count_mask; /**< of the first word; 0 = GET_SECURITY_INFO reports both */
} eli_security_efuses_t;

/** NULL if GET_SECURITY_INFO reports everything. */
const eli_security_efuses_t *eli_security_efuses_of(target_chip_t chip);

#endif
