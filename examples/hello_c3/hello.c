/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest firmware of a RISC-V chip, first an ESP32-C3, that is real: the chip's ROM loads it from flash address 0 into RAM,
 * as it does with a second-stage bootloader, and jumps to it. It switches the watchdogs off and prints a line
 * every second, through the ROM, on every console that the ROM has. No library, no SDK.
 *
 * Sources: technical reference manuals (watchdog timers, low-power management); ESP-IDF, rom.ld of each chip (addresses
 * of ROM functions), esp_app_desc.h (description).
 */
#include <stdint.h>

/* Functions in ROM; hello.ld has their addresses. */
int esp_rom_printf(const char *format, ...);
void esp_rom_delay_us(uint32_t us);

enum { WATCHDOG_KEY = 0x50D83AA1 };

/* The chip's name, where its watchdogs are and the key of the super watchdog come from build. */
#define TIMG0_WDTCONFIG0  (TIMG0 + 0x48u)
#define TIMG0_WDTWPROTECT (TIMG0 + 0x64u)
#define RTC_WDTCONFIG0    RTC_WDT
#define RTC_WDTWPROTECT   RTC_PROTECT
#define RTC_SWD_CONF      (RTC_PROTECT + 4u)
#define RTC_SWD_WPROTECT  (RTC_PROTECT + 8u)

#define TIMG_WDT_UPDATE (1u << 22) /* the other fields take effect */

/* What flashers and esp-sim show; first in the image. 256 bytes. */
typedef struct {
    uint32_t magic, secure_version, reserved[2];
    char version[32], project[32], time[16], date[16], sdk[32];
    uint8_t elf_digest[32];
    uint16_t min_block_revision, max_block_revision;
    uint8_t mmu_page_log2, reserved_bytes[75];
} description_t;

_Static_assert(sizeof(description_t) == 256, "layout of the description");

__attribute__((section(".description"), used)) static const description_t DESCRIPTION = {
    .magic = 0xABCD5432, .version = "1.0.0", .project = PROJECT, .sdk = "none", .max_block_revision = 0xFFFF};

static volatile uint32_t *reg(uint32_t addr)
{
    return (volatile uint32_t *)addr;
}

/* The ROM starts the first two so that a bootloader which hangs is started again; they would end this program
 * after seconds. The super watchdog is on whenever the chip is. */
static void stop_watchdogs(void)
{
    *reg(TIMG0_WDTWPROTECT) = WATCHDOG_KEY;
    *reg(TIMG0_WDTCONFIG0) = TIMG_WDT_UPDATE;
    *reg(TIMG0_WDTWPROTECT) = 0;

    *reg(RTC_WDTWPROTECT) = WATCHDOG_KEY;
    *reg(RTC_WDTCONFIG0) = 0;
    *reg(RTC_WDTWPROTECT) = 0;

    *reg(RTC_SWD_WPROTECT) = SUPER_WATCHDOG_KEY;
    *reg(RTC_SWD_CONF) |= 1u << SWD_AUTO_FEED;
    *reg(RTC_SWD_WPROTECT) = 0;
}

_Noreturn void hello(void)
{
    stop_watchdogs();
    for (unsigned second = 0;; second++) {
        esp_rom_printf("Hello from an " CHIP ", flashed by esp-loader: second %u\n", second);
        esp_rom_delay_us(1000000);
    }
}
