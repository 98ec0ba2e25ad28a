/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ROM that a program of this folder is run with: EL_ROM of the environment is its ELF file, named as
 * scripts/fetch-roms does.
 */
#ifndef CODE_ROM_H
#define CODE_ROM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *name;  /**< of the file, without _rom.elf */
    const char *chip;  /**< as the simulator calls it */
    uint32_t revision; /**< of the chip, as major * 100 + minor; 0 = the newest */
    uint32_t free_ram; /**< an address that neither the ROM nor the stub uses; 8 KiB */
    bool has_usb;      /**< USB-Serial/JTAG */
    bool lacks_stub;   /**< the published stub does not run on it, and the library does not load it on v0.0 */
} rom_t;

/** The row of the ROM; the test fails when there is none. */
const rom_t *rom(void);
/** The path of the file. */
const char *rom_file(void);

#endif
