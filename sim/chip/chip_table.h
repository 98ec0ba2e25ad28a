/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One row per chip with everything in which the chips differ: addresses, ids, what the ROM can do and how it
 * answers. The rest of the model asks the row and never the chip's name. A 0 in an address field means the
 * chip has none.
 */
#ifndef SIM_CHIP_TABLE_H
#define SIM_CHIP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Command codes of the serial protocol. Source: esptool 5.3 and its serial protocol document. */
enum {
    SIM_OP_FLASH_BEGIN = 0x02,
    SIM_OP_FLASH_DATA = 0x03,
    SIM_OP_FLASH_END = 0x04,
    SIM_OP_MEM_BEGIN = 0x05,
    SIM_OP_MEM_END = 0x06,
    SIM_OP_MEM_DATA = 0x07,
    SIM_OP_SYNC = 0x08,
    SIM_OP_WRITE_REG = 0x09,
    SIM_OP_READ_REG = 0x0A,
    SIM_OP_SPI_SET_PARAMS = 0x0B,
    SIM_OP_SPI_ATTACH = 0x0D,
    SIM_OP_READ_FLASH_SLOW = 0x0E,
    SIM_OP_CHANGE_BAUDRATE = 0x0F,
    SIM_OP_FLASH_DEFL_BEGIN = 0x10,
    SIM_OP_FLASH_DEFL_DATA = 0x11,
    SIM_OP_FLASH_DEFL_END = 0x12,
    SIM_OP_SPI_FLASH_MD5 = 0x13,
    SIM_OP_GET_SECURITY_INFO = 0x14,
};

#define SIM_OP_BIT(op) (1u << (op))

/** One part of a value that is spread over registers: ((value >> value_shift) & mask) << shift, at addr. */
typedef struct {
    uint32_t addr;
    uint32_t mask; /**< before shifting; 0 ends a list of parts */
    uint8_t shift;
    uint8_t value_shift;
} sim_bits_t;

typedef struct {
    uint32_t start;
    uint32_t end; /**< exclusive; 0 ends a list */
} sim_range_t;

/** Why the chip was reset: decides what survives, and what the boot log says. */
typedef enum {
    SIM_RESET_POWER = 0,
    SIM_RESET_EN,       /**< EN pin: the button or the bridge */
    SIM_RESET_USJ,      /**< core reset by the USB-Serial/JTAG line pair */
    SIM_RESET_RTC_WDT,  /**< system reset by the RTC watchdog */
    SIM_RESET_SWD,      /**< system reset by the super watchdog */
    SIM_RESET_SOFTWARE, /**< core reset by the stub */
    SIM_RESET_TG0_WDT,  /**< system reset by the watchdog of timer group 0, which executed code alone has */
    SIM_RESET_COUNT
} sim_reset_t;

/** A core reset: straps are not sampled again, registers and watchdogs are left as they are. */
static inline bool sim_reset_is_of_core(sim_reset_t cause)
{
    return cause == SIM_RESET_USJ || cause == SIM_RESET_SOFTWARE;
}

/** A reset reason as the ROM prints it. */
typedef struct {
    uint8_t code;
    const char *text;
} sim_reset_text_t;

/** Offsets are from base. */
typedef struct {
    uint32_t base;
    uint8_t cmd, addr, status, usr, usr1, usr2, mosi_dlen, miso_dlen, w0;
    bool has_dlen;        /**< false: bit lengths live in usr1 */
    bool is_addr_shifted; /**< the address is left aligned in its register */
} sim_spi_registers_t;

typedef struct {
    uint32_t config0, config1, protect, key;
    uint32_t swd_config, swd_protect, swd_key, swd_auto_feed;
    uint32_t slow_clock_hz; /**< what a tick of config1 is */
} sim_wdt_registers_t;

/** Registers that give the flash its power, on revisions that leave it without. Addresses; 0 = none. */
typedef struct {
    uint32_t first_revision, last_revision;
    uint32_t pads;              /**< bit 0: the pads are powered */
    uint32_t ldo, ldo_analog;   /**< the regulator: bits 30:23 and 7; bit 27 */
    uint32_t force;             /**< bits 1:0: forced on */
    uint32_t efuse, efuse_mask; /**< eFuse that makes the ROM of the last revision force it on */
} sim_flash_power_t;

typedef struct {
    const char *name;  /**< "esp32s3" */
    const char *title; /**< "ESP32-S3" */

    /* identity */
    uint16_t image_chip_id;
    uint32_t newest_revision;    /**< major * 100 + minor */
    uint32_t magic;              /**< the word at 0x40001000 */
    uint32_t magic_crashes_from; /**< revision from which reading that word stops the ROM; 0 = none */
    bool magic_is_elsewhere;     /**< that address is of mapped flash: reading it stops the ROM */
    uint8_t security_info_size;  /**< 0, 12 or 20 */
    uint32_t mac_low_addr, mac_high_addr;
    uint32_t mac_oui_addr; /**< 0 = the two words hold the address; else its first half is here, or is 0 and
                                known by bits 23:16 of the high word (ESP8266) */
    sim_bits_t minor_revision[3], major_revision[4];
    bool is_major_unary; /**< the major revision is stored as that many set bits */

    /* ROM loader */
    uint32_t rom_opcodes;        /**< SIM_OP_BIT of every command it knows */
    uint8_t status_size;         /**< status bytes of a reply: 2 or 4 */
    uint8_t begin_words;         /**< words of FLASH_BEGIN: 4, or 5 with the encryption word */
    bool begin_attaches;         /**< FLASH_BEGIN attaches the flash: there is no other command for it */
    bool erases_head_twice;      /**< FLASH_BEGIN erases the requested sectors, and again as many of them as
                                 lie before the next 64 KiB boundary */
    bool inflates_whole_windows; /**< a compressed write ends with all of the 32 KiB window */
    uint32_t rom_block_size;     /**< data block the ROM is used with */
    uint32_t flash_address_mask; /**< address bits the ROM puts on the bus */
    uint32_t assumed_flash_size; /**< before SPI_SET_PARAMS */

    bool stub_rate_is_relative; /**< the stub divides its present rate as if that were 115200 */

    /* transports */
    bool has_usj;
    uint32_t boot_baud;        /**< of the ROM's own text */
    uint32_t max_autobaud;     /**< fastest rate at which the first SYNC is sure to be understood */
    uint32_t uart_number_addr; /**< ROM variable with the port in use, one byte */
    uint8_t uart_number_usj;
    uint8_t uart_number_otg;     /**< 0 = no CDC device on USB-OTG */
    uint16_t sdio_device_id;     /**< in the CIS of its SDIO slave; 0 = its ROM serves no SDIO download */
    bool stub_serves_sdio;       /**< a stub that was loaded over SDIO answers there */
    uint16_t sdio_stub_revision; /**< from this revision on; on an earlier one the stub answers on its UART */

    /* peripherals */
    sim_spi_registers_t spi;
    sim_wdt_registers_t wdt;
    sim_flash_power_t flash_power;
    uint32_t strap_addr;
    uint32_t strap_boot_mask; /**< 0 in this bit of the strap register = strapping pin was low */
    uint32_t strap_run;       /**< strap register with the strapping pin high */
    uint32_t strap_sdio_low;  /**< bits that are 0 as well where the ROM is to serve SDIO */
    uint32_t force_download_addr, force_download_mask;

    /* memory map */
    sim_range_t ram[6];        /**< where images may be loaded */
    sim_range_t word_only_ram; /**< accepts 32-bit stores only */
    sim_range_t mapped[3];     /**< flash mapped into the address space */
    uint32_t mmu_page_size;
    bool chooses_mmu_page; /**< and an app's description may name another */

    /* boot */
    uint32_t bootloader_offset;
    uint8_t image_header_size;      /**< of what the ROM boots: 24, or 8 without the extended header */
    bool is_legacy_min_rev_minor;   /**< the one-byte minimum revision in image headers is the minor number */
    bool ignores_bootloader_digest; /**< its ROM does not compute the SHA-256 after the bootloader */
    bool boots_without_table;       /**< an app needs no partition table */
    bool has_old_boot_log;          /**< "rst cause" and "boot mode" in place of "rst:" and "boot:" */
    const char *rom_banner;
    const char *boot_text_flash;
    const char *boot_text_download;
    sim_reset_text_t reset_text[SIM_RESET_COUNT];
} sim_chip_t;

/** The row of a chip by name, NULL when there is none. */
const sim_chip_t *sim_chip_find(const char *name);
/** The same in any table whose rows begin with the chip's name: the first of @p count rows of @p row_size
 * bytes at @p rows that is the chip's. */
const void *sim_chip_find_row(const char *name, const void *rows, size_t count, size_t row_size);

#endif
