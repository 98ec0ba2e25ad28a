/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What families of chips have in common, as pieces of their rows in chip_table.c. Sources: as there.
 */
#ifndef SIM_CHIP_FAMILY_H
#define SIM_CHIP_FAMILY_H

#include "chip/chip_table.h"

/* Commands every ROM since ESP32-S2 knows. Source: esptool 5.3, loader class and serial protocol document. */
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
        .mosi_dlen = 0x24, .miso_dlen = 0x28, .status = 0x2C, .w0 = 0x58, .has_dlen = true                   \
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

#define LOADER_SINCE_ESP32S2 .rom_opcodes = OPCODES_S2_AND_LATER, .begin_words = 5, LOADER_SINCE_ESP32

#define MAC_AT(low) .mac_low_addr = (low), .mac_high_addr = (low) + 4

/* Register, bit of the strapping pin, and its value with that pin high. */
#define STRAP(addr, boot_mask, run) .strap_addr = (addr), .strap_boot_mask = (boot_mask), .strap_run = (run)

/* The LP watchdogs: one key for all, the super watchdog's registers after the protection register. */
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
        [SIM_RESET_TG0_WDT] = {0x07, "TG0WDT_SYS_RST"}, [SIM_RESET_SOFTWARE] = {0x03, "RTC_SW_SYS_RST"},     \
        [SIM_RESET_SWD] = {                                                                                  \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }
#define RESET_TEXT_LP                                                                                        \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x15, "USB_UART_HPSYS"}, [SIM_RESET_RTC_WDT] = {0x10, "LP_WDT_SYS"},              \
        [SIM_RESET_TG0_WDT] = {0x07, "TG0_WDT_HPSYS"}, [SIM_RESET_SOFTWARE] = {0x03, "LP_SW_HPSYS"},         \
        [SIM_RESET_SWD] = {                                                                                  \
            0x12,                                                                                            \
            "SUPER_WDT_RST"                                                                                  \
        }                                                                                                    \
    }

#define RESET_TEXT_P4                                                                                        \
    {                                                                                                        \
        [SIM_RESET_POWER] = {0x01, "POWERON"}, [SIM_RESET_EN] = {0x01, "POWERON"},                           \
        [SIM_RESET_USJ] = {0x17, "CHIP_USB_UART_RESET"}, [SIM_RESET_RTC_WDT] = {0x10, "CHIP_LP_WDT_RESET"},  \
        [SIM_RESET_TG0_WDT] = {0x07, "HP_SYS_HP_WDT_RESET"}, [SIM_RESET_SOFTWARE] = {0x03, "SW_SYS_RESET"},  \
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

#endif
