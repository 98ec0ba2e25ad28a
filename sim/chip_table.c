/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chips. Sources: esptool 5.3 (its target classes: addresses, ids, commands), the technical reference
 * manual of each chip (reset reasons, straps, RTC watchdogs, USB Serial/JTAG), boot logs as printed by the
 * ROM of each chip.
 */
#include "chip_table.h"

#include <string.h>

#include "esp_sim.h"

/* Commands every ROM since ESP32-S2 knows. Source: esptool 5.3, loader.py and serial protocol document. */
#define OPCODES_S2_AND_LATER                                                                                 \
    (SIM_OP_BIT(SIM_OP_FLASH_BEGIN) | SIM_OP_BIT(SIM_OP_FLASH_DATA) | SIM_OP_BIT(SIM_OP_FLASH_END) |         \
     SIM_OP_BIT(SIM_OP_MEM_BEGIN) | SIM_OP_BIT(SIM_OP_MEM_END) | SIM_OP_BIT(SIM_OP_MEM_DATA) |               \
     SIM_OP_BIT(SIM_OP_SYNC) | SIM_OP_BIT(SIM_OP_WRITE_REG) | SIM_OP_BIT(SIM_OP_READ_REG) |                  \
     SIM_OP_BIT(SIM_OP_SPI_SET_PARAMS) | SIM_OP_BIT(SIM_OP_SPI_ATTACH) |                                     \
     SIM_OP_BIT(SIM_OP_READ_FLASH_SLOW) | SIM_OP_BIT(SIM_OP_CHANGE_BAUDRATE) |                               \
     SIM_OP_BIT(SIM_OP_FLASH_DEFL_BEGIN) | SIM_OP_BIT(SIM_OP_FLASH_DEFL_DATA) |                              \
     SIM_OP_BIT(SIM_OP_FLASH_DEFL_END) | SIM_OP_BIT(SIM_OP_SPI_FLASH_MD5) |                                  \
     SIM_OP_BIT(SIM_OP_GET_SECURITY_INFO))

/* The SPI1 register block with separate length registers, same offsets since ESP32-S2. */
#define SPI_REGISTERS_S2_AND_LATER(base_addr)                                                                \
    {                                                                                                        \
        .base = (base_addr), .cmd = 0x00, .addr = 0x04, .usr = 0x18, .usr1 = 0x1C, .usr2 = 0x20,             \
        .mosi_dlen = 0x24, .miso_dlen = 0x28, .w0 = 0x58, .has_dlen = true                                   \
    }

/* Reset reasons as the ROMs print them: chips with an RTC watchdog, and those with the LP watchdog that
 * followed. */
#define RESET_TEXT_RTC                                                                                       \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x15, "USB_UART_CHIP_RESET"}, [SIM_RESET_RTC_WDT] = {0x10, "RTCWDT_RTC_RST"},     \
        [SIM_RESET_SWD] = {                                                                                  \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }
#define RESET_TEXT_LP                                                                                        \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x15, "USB_UART_HPSYS"}, [SIM_RESET_RTC_WDT] = {0x10, "LP_WDT_SYS"},              \
        [SIM_RESET_SWD] = {                                                                                  \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }

static const sim_chip_t CHIPS[] = {
    {
        .name = "esp32s3",
        .title = "ESP32-S3",
        .image_chip_id = 9,
        .newest_revision = 2,
        .magic = 0x00000009,
        .security_info_size = 20,
        .mac_low_addr = 0x60007044,
        .mac_high_addr = 0x60007048,
        .minor_revision = {{0x60007050, 0x7, 18, 0}, {0x60007058, 0x1, 23, 3}},
        .major_revision = {{0x60007058, 0x3, 24, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .status_size = 4,
        .begin_words = 5,
        .rom_block_size = 0x400,
        .flash_address_mask = 0x00FFFFFF,
        .assumed_flash_size = 0x200000,
        .has_usj = true,
        .boot_baud = 115200,
        .max_autobaud = 115200,
        .uart_number_addr = 0x3FCEF14C,
        .uart_number_usj = 4,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60002000),
        .wdt = {.config0 = 0x60008098,
                .config1 = 0x6000809C,
                .protect = 0x600080B0,
                .key = 0x50D83AA1,
                .swd_config = 0x600080B4,
                .swd_protect = 0x600080B8,
                .swd_key = 0x8F1D312A,
                .swd_auto_feed = 0x80000000,
                .slow_clock_hz = 136000},
        .strap_addr = 0x60004038,
        .strap_boot_mask = 0x8,
        .strap_run = 0x8,
        .force_download_addr = 0x6000812C,
        .force_download_mask = 0x1,
        .ram = {{0x3FC88000, 0x3FD00000},
                {0x40370000, 0x403E0000},
                {0x50000000, 0x50002000},
                {0x600FE000, 0x60100000}},
        .word_only_ram = {0x40370000, 0x403E0000},
        .mapped = {{0x3C000000, 0x3E000000}, {0x42000000, 0x44000000}},
        .mmu_page_size = 0x10000,
        .bootloader_offset = 0x0,
        .image_header_size = 24,
        .rom_banner = "ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n",
        .boot_text_flash = "SPI_FAST_FLASH_BOOT",
        .boot_text_download = "DOWNLOAD(USB/UART0)",
        .reset_text = RESET_TEXT_RTC,
    },
    {
        .name = "esp32c3",
        .title = "ESP32-C3",
        .image_chip_id = 5,
        .newest_revision = 101,
        .magic = 0x1B31506F,
        .security_info_size = 20,
        .mac_low_addr = 0x60008844,
        .mac_high_addr = 0x60008848,
        .minor_revision = {{0x60008850, 0x7, 18, 0}, {0x60008858, 0x1, 23, 3}},
        .major_revision = {{0x60008858, 0x3, 24, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .status_size = 4,
        .begin_words = 5,
        .rom_block_size = 0x400,
        .flash_address_mask = 0x00FFFFFF,
        .assumed_flash_size = 0x200000,
        .has_usj = true,
        .boot_baud = 115200,
        .max_autobaud = 115200,
        .uart_number_addr = 0x3FCDF078,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60002000),
        .wdt = {.config0 = 0x60008090,
                .config1 = 0x60008094,
                .protect = 0x600080A8,
                .key = 0x50D83AA1,
                .swd_config = 0x600080AC,
                .swd_protect = 0x600080B0,
                .swd_key = 0x8F1D312A,
                .swd_auto_feed = 0x80000000,
                .slow_clock_hz = 136000},
        .strap_addr = 0x60004038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600080F4,
        .force_download_mask = 0x1,
        .ram = {{0x3FC80000, 0x3FCE0000}, {0x4037C000, 0x403E0000}, {0x50000000, 0x50002000}},
        .mapped = {{0x3C000000, 0x3C800000}, {0x42000000, 0x42800000}},
        .mmu_page_size = 0x10000,
        .bootloader_offset = 0x0,
        .image_header_size = 24,
        .is_legacy_min_rev_minor = true,
        .rom_banner = "ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n",
        .boot_text_flash = "SPI_FAST_FLASH_BOOT",
        .boot_text_download = "DOWNLOAD(USB/UART0/1)",
        .reset_text = RESET_TEXT_RTC,
    },
    {
        .name = "esp32c6",
        .title = "ESP32-C6",
        .image_chip_id = 13,
        .newest_revision = 2,
        .magic = 0x2CE0806F,
        .security_info_size = 20,
        .mac_low_addr = 0x600B0844,
        .mac_high_addr = 0x600B0848,
        .minor_revision = {{0x600B0850, 0xF, 18, 0}},
        .major_revision = {{0x600B0850, 0x3, 22, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .status_size = 4,
        .begin_words = 5,
        .rom_block_size = 0x400,
        .flash_address_mask = 0x00FFFFFF,
        .assumed_flash_size = 0x200000,
        .has_usj = true,
        .boot_baud = 115200,
        .max_autobaud = 115200,
        .uart_number_addr = 0x4087F580,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = {.config0 = 0x600B1C00,
                .config1 = 0x600B1C04,
                .protect = 0x600B1C18,
                .key = 0x50D83AA1,
                .swd_config = 0x600B1C1C,
                .swd_protect = 0x600B1C20,
                .swd_key = 0x50D83AA1,
                .swd_auto_feed = 0x00040000,
                .slow_clock_hz = 136000},
        .strap_addr = 0x60091038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x40000000,
        .ram = {{0x40800000, 0x40880000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x43000000}},
        .mmu_page_size = 0x10000,
        .bootloader_offset = 0x0,
        .image_header_size = 24,
        .rom_banner = "ESP-ROM:esp32c6-20220919\r\nBuild:Sep 19 2022\r\n",
        .boot_text_flash = "SPI_FAST_FLASH_BOOT",
        .boot_text_download = "DOWNLOAD(USB/UART0/SDIO_REI_FEO)",
        .reset_text = RESET_TEXT_LP,
    },
    {
        .name = "esp32h2",
        .title = "ESP32-H2",
        .image_chip_id = 16,
        .newest_revision = 102,
        .magic = 0xD7B73E80,
        .security_info_size = 20,
        .mac_low_addr = 0x600B0844,
        .mac_high_addr = 0x600B0848,
        .minor_revision = {{0x600B0850, 0x7, 18, 0}},
        .major_revision = {{0x600B0850, 0x3, 21, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .status_size = 4,
        .begin_words = 5,
        .rom_block_size = 0x400,
        .flash_address_mask = 0x00FFFFFF,
        .assumed_flash_size = 0x200000,
        .has_usj = true,
        .boot_baud = 115200,
        .max_autobaud = 115200,
        .uart_number_addr = 0x4084FEFC,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = {.config0 = 0x600B1C00,
                .config1 = 0x600B1C04,
                .protect = 0x600B1C1C,
                .key = 0x50D83AA1,
                .swd_config = 0x600B1C20,
                .swd_protect = 0x600B1C24,
                .swd_key = 0x50D83AA1,
                .swd_auto_feed = 0x00040000,
                .slow_clock_hz = 136000},
        .strap_addr = 0x60091038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x40000000,
        .ram = {{0x40800000, 0x40880000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x43000000}},
        .mmu_page_size = 0x10000,
        .bootloader_offset = 0x0,
        .image_header_size = 24,
        .rom_banner = "ESP-ROM:esp32h2-20221101\r\nBuild:Nov  1 2022\r\n",
        .boot_text_flash = "SPI_FAST_FLASH_BOOT",
        .boot_text_download = "DOWNLOAD(USB/UART0)",
        .reset_text = RESET_TEXT_LP,
    },
};

enum { CHIP_COUNT = sizeof(CHIPS) / sizeof(CHIPS[0]) };

const sim_chip_t *sim_chip_find(const char *name)
{
    for (size_t i = 0; i < CHIP_COUNT; i++) {
        if (strcmp(CHIPS[i].name, name) == 0) {
            return &CHIPS[i];
        }
    }
    return NULL;
}

const char *const *esp_sim_chip_names(void)
{
    static const char *const NAMES[] = {"esp32s3", "esp32c3", "esp32c6", "esp32h2", NULL};
    return NAMES;
}
