/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What of a chip's registers has no effect, for a person to read: esp-sim --list-registers.
 */
#include <inttypes.h>

#include "esp_sim.h"
#include "rom/code_chip.h"

static void print_chip(FILE *out, const sim_code_chip_t *chip)
{
    (void)fprintf(out, "%s: registers that read with fixed bits\n", chip->name);
    for (const sim_code_constant_t *row = sim_code_constant_next(chip->name, NULL); row != NULL;
         row = sim_code_constant_next(chip->name, row)) {
        (void)fprintf(out, "  0x%08" PRIX32 "  ones 0x%08" PRIX32 "  zeros 0x%08" PRIX32 "  %s\n",
                      row->address, row->ones, row->zeros, row->reason);
    }
    (void)fprintf(out, "%s: registers that keep what is written\n", chip->name);
    for (const sim_code_block_t *block = chip->blocks; block->end != 0; block++) {
        (void)fprintf(out, "  0x%08" PRIX32 " to 0x%08" PRIX32 "  %s\n", block->start, block->end - 1,
                      block->name);
    }
}

void esp_sim_list_registers(FILE *out)
{
    for (const char *const *name = esp_sim_chip_names(); *name != NULL; name++) {
        const sim_code_chip_t *chip = sim_code_chip_find(*name);
        if (chip != NULL) {
            print_chip(out, chip);
        }
    }
}
