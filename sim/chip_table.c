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

/* All that the first ROM knows. */
#define OPCODES_ESP8266                                                                                      \
    (SIM_OP_BIT(SIM_OP_FLASH_BEGIN) | SIM_OP_BIT(SIM_OP_FLASH_DATA) | SIM_OP_BIT(SIM_OP_FLASH_END) |         \
     SIM_OP_BIT(SIM_OP_MEM_BEGIN) | SIM_OP_BIT(SIM_OP_MEM_END) | SIM_OP_BIT(SIM_OP_MEM_DATA) |               \
     SIM_OP_BIT(SIM_OP_SYNC) | SIM_OP_BIT(SIM_OP_WRITE_REG) | SIM_OP_BIT(SIM_OP_READ_REG))

/* What did not change from the ESP32 on. */
#define LOADER_SINCE_ESP32                                                                                   \
    .status_size = 4, .rom_block_size = 0x400, .flash_address_mask = 0x00FFFFFF,                             \
    .assumed_flash_size = 0x200000, .boot_baud = 115200, .max_autobaud = 115200, .mmu_page_size = 0x10000,   \
    .image_header_size = 24, .boot_text_flash = "SPI_FAST_FLASH_BOOT"

/* The LP watchdogs: one key for all, the super watchdog's registers behind the protection register. */
#define WDT_LP(base, protect_off)                                                                            \
    {                                                                                                        \
        .config0 = (base), .config1 = (base) + 4, .protect = (base) + (protect_off), .key = 0x50D83AA1,      \
        .swd_config = (base) + (protect_off) + 4, .swd_protect = (base) + (protect_off) + 8,                 \
        .swd_key = 0x50D83AA1, .swd_auto_feed = 0x00040000, .slow_clock_hz = 136000                          \
    }

/* Reset reasons as the ROMs print them: chips with an RTC watchdog, and those with the LP watchdog that
 * followed. */
#define RESET_TEXT_RTC                                                                                       \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x15, "USB_UART_CHIP_RESET"}, [SIM_RESET_RTC_WDT] = {0x10, "RTCWDT_RTC_RST"},     \
        [SIM_RESET_SOFTWARE] = {0x03, "RTC_SW_SYS_RST"}, [SIM_RESET_SWD] = {                                 \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }
#define RESET_TEXT_LP                                                                                        \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x15, "USB_UART_HPSYS"}, [SIM_RESET_RTC_WDT] = {0x10, "LP_WDT_SYS"},              \
        [SIM_RESET_SOFTWARE] = {0x03, "LP_SW_HPSYS"}, [SIM_RESET_SWD] = {                                    \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }

#define RESET_TEXT_P4                                                                                        \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x17, "CHIP_USB_UART_RESET"}, [SIM_RESET_RTC_WDT] = {0x10, "CHIP_LP_WDT_RESET"},  \
        [SIM_RESET_SWD] = {                                                                                  \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }
#define RESET_TEXT_ESP32                                                                                     \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON_RESET"}, [SIM_RESET_EN] = {0x01, "POWERON_RESET"},               \
        [SIM_RESET_RTC_WDT] = {                                                                              \
            0x10,                                                                                            \
            "RTCWDT_RTC_RESET"                                                                               \
        }                                                                                                    \
    }

static const sim_chip_t CHIPS[] = {
    {
        /* How much flash its ROM believes in is not known: as much as its commands reach. */
        .name = "esp8266",
        .title = "ESP8266",
        .magic = 0xFFF0C101,
        .mac_low_addr = 0x3FF00050,
        .mac_high_addr = 0x3FF00054,
        .mac_oui_addr = 0x3FF0005C,
        .rom_opcodes = OPCODES_ESP8266,
        .status_size = 2,
        .begin_words = 4,
        .begin_attaches = true,
        .erases_head_twice = true,
        .stub_rate_is_relative = true,
        .rom_block_size = 0x400,
        .flash_address_mask = 0x00FFFFFF,
        .assumed_flash_size = 0x1000000,
        .boot_baud = 74880, /* with the usual crystal of 26 MHz; 115200 with one of 40 */
        .max_autobaud = 115200,
        .spi = {.base = 0x60000200,
                .cmd = 0x00,
                .addr = 0x04,
                .usr = 0x1C,
                .usr1 = 0x20,
                .usr2 = 0x24,
                .w0 = 0x40,
                .is_addr_shifted = true},
        .ram = {{0x3FFE8000, 0x40000000}, {0x40100000, 0x40110000}},
        .word_only_ram = {0x40100000, 0x40110000},
        .mapped = {{0x40200000, 0x40300000}},
        .mmu_page_size = 0x10000,
        .bootloader_offset = 0x0,
        .image_header_size = 8,
        .has_old_boot_log = true,
        .rom_banner = "\r\n ets Jan  8 2013,",
        .reset_text = {[SIM_RESET_POWER] = {1, "power"}, [SIM_RESET_EN] = {2, "external"}},
    },
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
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x3FCEF14C,
        .uart_number_usj = 4,
        .uart_number_otg = 3,
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
        .bootloader_offset = 0x0,
        .rom_banner = "ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n",
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
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
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
        .bootloader_offset = 0x0,
        .is_legacy_min_rev_minor = true,
        .rom_banner = "ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n",
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
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x4087F580,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = WDT_LP(0x600B1C00, 0x18),
        .strap_addr = 0x60091038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x40000000,
        .ram = {{0x40800000, 0x40880000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x43000000}},
        .bootloader_offset = 0x0,
        .rom_banner = "ESP-ROM:esp32c6-20220919\r\nBuild:Sep 19 2022\r\n",
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
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x4084FEFC,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = WDT_LP(0x600B1C00, 0x1C),
        .strap_addr = 0x60091038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x40000000,
        .ram = {{0x40800000, 0x40880000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x43000000}},
        .bootloader_offset = 0x0,
        .rom_banner = "ESP-ROM:esp32h2-20221101\r\nBuild:Nov  1 2022\r\n",
        .boot_text_download = "DOWNLOAD(USB/UART0)",
        .reset_text = RESET_TEXT_LP,
    },
    {
        .name = "esp32",
        .title = "ESP32",
        .image_chip_id = 0,
        .newest_revision = 301,
        .magic = 0x00F01D83,
        .security_info_size = 0,
        .mac_low_addr = 0x3FF5A004,
        .mac_high_addr = 0x3FF5A008,
        .minor_revision = {{0x3FF5A014, 0x3, 24, 0}},
        .major_revision = {{0x3FF5A00C, 0x1, 15, 0}, {0x3FF5A014, 0x1, 20, 1}, {0x3FF6607C, 0x1, 31, 2}},
        .is_major_unary = true,
        .rom_opcodes = OPCODES_S2_AND_LATER & ~SIM_OP_BIT(SIM_OP_GET_SECURITY_INFO),
        .begin_words = 4,
        LOADER_SINCE_ESP32,
        .spi = {.base = 0x3FF42000,
                .cmd = 0x00,
                .addr = 0x04,
                .usr = 0x1C,
                .usr1 = 0x20,
                .usr2 = 0x24,
                .mosi_dlen = 0x28,
                .miso_dlen = 0x2C,
                .w0 = 0x80,
                .has_dlen = true,
                .is_addr_shifted = true},
        .strap_addr = 0x3FF44038,
        .strap_boot_mask = 0x10,
        .strap_run = 0x13,
        .ram = {{0x3FFAE000, 0x40000000},
                {0x40080000, 0x400BFFFC},
                {0x400C0000, 0x400C2000},
                {0x50000000, 0x50002000}},
        .word_only_ram = {0x40080000, 0x400BFFFC},
        .mapped = {{0x3F400000, 0x3F800000}, {0x400D0000, 0x40400000}},
        .bootloader_offset = 0x1000,
        .rom_banner = "ets Jul 29 2019 12:21:46\r\n\r\n",
        .boot_text_download = "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)",
        .reset_text = RESET_TEXT_ESP32,
    },
    {
        .name = "esp32s2",
        .title = "ESP32-S2",
        .image_chip_id = 2,
        .newest_revision = 100,
        .magic = 0x000007C6,
        .security_info_size = 12,
        .mac_low_addr = 0x3F41A044,
        .mac_high_addr = 0x3F41A048,
        .minor_revision = {{0x3F41A054, 0x7, 4, 0}, {0x3F41A050, 0x1, 20, 3}},
        .major_revision = {{0x3F41A050, 0x3, 18, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .uart_number_addr = 0x3FFFFD14,
        .uart_number_otg = 2,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x3F402000),
        .wdt = {.config0 = 0x3F408094,
                .config1 = 0x3F408098,
                .protect = 0x3F4080AC,
                .key = 0x50D83AA1,
                .slow_clock_hz = 90000},
        .strap_addr = 0x3F404038,
        .strap_boot_mask = 0x8,
        .strap_run = 0x8,
        .force_download_addr = 0x3F408128,
        .force_download_mask = 0x1,
        .ram = {{0x3FF9E000, 0x40000000}, {0x40020000, 0x40072000}, {0x50000000, 0x50002000}},
        .word_only_ram = {0x40020000, 0x40072000},
        .mapped = {{0x3F000000, 0x3F3F0000}, {0x40080000, 0x40B80000}},
        .bootloader_offset = 0x1000,
        .rom_banner = "ESP-ROM:esp32s2-rc4-20191025\r\nBuild:Oct 25 2019\r\n",
        .boot_text_download = "DOWNLOAD(USB/UART0/1/SPI)",
        .reset_text = RESET_TEXT_RTC,
    },
    {
        .name = "esp32c2",
        .title = "ESP32-C2",
        .image_chip_id = 12,
        .newest_revision = 102,
        .magic = 0x6F51306F,
        .security_info_size = 20,
        .mac_low_addr = 0x60008840,
        .mac_high_addr = 0x60008844,
        .minor_revision = {{0x60008844, 0xF, 16, 0}},
        .major_revision = {{0x60008844, 0x3, 20, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60002000),
        .strap_addr = 0x60004038,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600080E0,
        .force_download_mask = 0x1,
        .ram = {{0x3FCA0000, 0x3FCE0000}, {0x4037C000, 0x403C0000}},
        .mapped = {{0x3C000000, 0x3C400000}, {0x42000000, 0x42400000}},
        .bootloader_offset = 0x0,
        .rom_banner = "ESP-ROM:esp8684-api2-20220127\r\nBuild:Jan 27 2022\r\n",
        .boot_text_download = "DOWNLOAD(UART0)",
        .reset_text = RESET_TEXT_RTC,
    },
    {
        .name = "esp32c5",
        .title = "ESP32-C5",
        .image_chip_id = 23,
        .newest_revision = 100,
        .magic = 0x1101406F,
        .security_info_size = 20,
        .mac_low_addr = 0x600B4844,
        .mac_high_addr = 0x600B4848,
        .minor_revision = {{0x600B484C, 0xF, 0, 0}},
        .major_revision = {{0x600B484C, 0x3, 4, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x4085F514,
        .uart_number_usj = 3,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = WDT_LP(0x600B1C00, 0x18),
        .strap_addr = 0x60091000,
        .strap_boot_mask = 0x8,
        .strap_run = 0x18,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x60000000,
        .ram = {{0x40800000, 0x40860000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x44000000}},
        .bootloader_offset = 0x2000,
        .rom_banner = "ESP-ROM:esp32c5-eco2-20250121\r\nBuild:Jan 21 2025\r\n",
        .boot_text_download = "DOWNLOAD(USB/UART0/SDIO_REI_REO)",
        .reset_text = RESET_TEXT_LP,
    },
    {
        .name = "esp32c61",
        .title = "ESP32-C61",
        .image_chip_id = 20,
        .newest_revision = 100,
        .magic = 0x7211606F,
        .security_info_size = 20,
        .mac_low_addr = 0x600B4844,
        .mac_high_addr = 0x600B4848,
        .minor_revision = {{0x600B484C, 0xF, 0, 0}},
        .major_revision = {{0x600B484C, 0x3, 4, 0}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x4084F5E4,
        .uart_number_usj = 4,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x60003000),
        .wdt = WDT_LP(0x600B1C00, 0x18),
        .strap_addr = 0x60091000,
        .strap_boot_mask = 0x8,
        .strap_run = 0xC,
        .force_download_addr = 0x600B1034,
        .force_download_mask = 0x40000000,
        .ram = {{0x40800000, 0x40860000}, {0x50000000, 0x50004000}},
        .mapped = {{0x42000000, 0x44000000}},
        .bootloader_offset = 0x0,
        .rom_banner = "ESP-ROM:esp32c61-20240520\r\nBuild:May 20 2024\r\n",
        .boot_text_download = "DOWNLOAD(USB/UART0/SDIO_REI_FEO)",
        .reset_text = RESET_TEXT_LP,
    },
    {
        /* Revisions before v3.0 have the variable of the port elsewhere. */
        .name = "esp32p4",
        .title = "ESP32-P4",
        .image_chip_id = 18,
        .newest_revision = 302,
        .magic_crashes_from = 300,
        .security_info_size = 20,
        .mac_low_addr = 0x5012D044,
        .mac_high_addr = 0x5012D048,
        .minor_revision = {{0x5012D04C, 0xF, 0, 0}},
        .major_revision = {{0x5012D04C, 0x3, 4, 0}, {0x5012D04C, 0x1, 23, 2}},
        .rom_opcodes = OPCODES_S2_AND_LATER,
        .begin_words = 5,
        LOADER_SINCE_ESP32,
        .has_usj = true,
        .uart_number_addr = 0x4FFBFEC8,
        .uart_number_usj = 6,
        .uart_number_otg = 5,
        .spi = SPI_REGISTERS_S2_AND_LATER(0x5008D000),
        .wdt = WDT_LP(0x50116000, 0x18),
        .flash_power = {.first_revision = 301,
                        .last_revision = 302,
                        .pads = 0x5011010C,
                        .ldo = 0x501151B8,
                        .ldo_analog = 0x501151BC,
                        .force = 0x501153FC,
                        .efuse = 0x5012D034,
                        .efuse_mask = 0x00010000},
        .strap_addr = 0x500E0038,
        .strap_boot_mask = 0x8,
        .strap_run = 0x30F,
        .force_download_addr = 0x50110008,
        .force_download_mask = 0x4,
        .ram = {{0x4FF00000, 0x4FFA0000}, {0x50108000, 0x50110000}},
        .mapped = {{0x40000000, 0x4C000000}},
        .bootloader_offset = 0x2000,
        .rom_banner = "ESP-ROM:esp32p4-eco2-20240710\r\nBuild:Jul 10 2024\r\n",
        .boot_text_download = "DOWNLOAD(USB/UART0/SPI)",
        .reset_text = RESET_TEXT_P4,
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
    static const char *const NAMES[] = {"esp8266", "esp32s3", "esp32c3", "esp32c6",  "esp32h2", "esp32",
                                        "esp32s2", "esp32c2", "esp32c5", "esp32c61", "esp32p4", NULL};
    return NAMES;
}
