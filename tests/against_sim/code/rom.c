/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows. Memory: below the data of the stub (build/stubs/stub_table.c) and the ROM's _dram0_0_start, above the stub's
 * code. The P4's revision is the last one of which the model, too, has the flash's supply on.
 */
#include "rom.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static const rom_t ROMS[] = {
    {"esp32_rev0", "esp32", 100, 0x3FFD0000, false, false},
    {"esp32_rev300", "esp32", 301, 0x3FFD0000, false, false},
    {"esp32s2_rev0", "esp32s2", 102, 0x3FFD0000, false, false},
    {"esp32s3_rev0", "esp32s3", 102, 0x3FC90000, true, false},
    {"esp32c2_rev100", "esp32c2", 102, 0x3FCB0000, false, false},
    {"esp32c3_rev0", "esp32c3", 2, 0x3FC90000, true, true},
    {"esp32c3_rev101", "esp32c3", 101, 0x3FC90000, true, false},
    {"esp32c3_rev300", "esp32c3", 102, 0x3FC90000, true, false},
    {"esp32c5_rev100", "esp32c5", 102, 0x40840000, true, false},
    {"esp32c6_rev0", "esp32c6", 102, 0x40840000, true, false},
    {"esp32c61_rev100", "esp32c61", 102, 0x40814000, true, false},
    {"esp32h2_rev0", "esp32h2", 102, 0x40838000, true, false},
    {"esp32p4_rev0", "esp32p4", 100, 0x4FF50000, true, false},
    {"esp32p4_rev300", "esp32p4", 300, 0x4FF68000, true, false},
    {"esp32s31_rev0", "esp32s31", 102, 0x2F014000, true, false},
};

const char *rom_file(void)
{
    const char *file = getenv("EL_ROM");
    if (file == NULL) {
        fail_msg("EL_ROM does not name the ELF file of a ROM");
    }
    return file;
}

const rom_t *rom(void)
{
    const char *slash = strrchr(rom_file(), '/');
    const char *name = slash == NULL ? rom_file() : slash + 1;
    for (size_t i = 0; i < sizeof(ROMS) / sizeof(ROMS[0]); i++) {
        size_t size = strlen(ROMS[i].name);
        if (strncmp(name, ROMS[i].name, size) == 0 && strcmp(name + size, "_rom.elf") == 0) {
            return &ROMS[i];
        }
    }
    fail_msg("%s is not in the table of ROMs", name);
    return NULL;
}
