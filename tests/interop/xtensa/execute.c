/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executes a program made by programs.py on the simulator's Xtensa core: interop_xtensa FILE BASE START. Its SIMCALL
 * writes memory to the standard output.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/xtensa.h"

enum { MEMORY = 1 << 20, LIMIT = 100 * 1000 * 1000, SIMCALL = 0x005100 };

static uint8_t memory[MEMORY];

static void fail(const char *what, sim_stop_t stop)
{
    fprintf(stderr, "%s: reason %d at 0x%08x, address 0x%08x\n", what, stop.reason, (unsigned)stop.pc,
            (unsigned)stop.address);
    exit(1);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 4 ? fopen(argv[1], "rb") : NULL;
    uint32_t base = file != NULL ? (uint32_t)strtoul(argv[2], NULL, 0) : MEMORY;
    if (file == NULL || base >= MEMORY || fread(memory + base, 1, MEMORY - base, file) == 0) {
        fprintf(stderr, "usage: %s FILE BASE START\n", argv[0]);
        return 2;
    }
    fclose(file);
    sim_bus_t *bus = sim_bus_new(NULL);
    sim_bus_map(bus, 0, MEMORY, memory, true);
    sim_core_t *core = sim_core_new(&sim_core_xtensa, bus);
    sim_xtensa_halve_registers(core);
    sim_core_reset(core, (uint32_t)strtoul(argv[3], NULL, 0));
    sim_stop_t stop = sim_core_run(core, LIMIT);
    if (stop.reason != SIM_STOP_ILLEGAL || stop.address != SIMCALL) {
        fail("it did not end", stop);
    }
    uint32_t from = core->ops->get(core, 4), size = core->ops->get(core, 5);
    if (from > MEMORY || size > MEMORY - from) {
        fail("it writes no memory", stop);
    }
    fwrite(memory + from, 1, size, stdout);
    fprintf(stderr, "%llu instructions\n", (unsigned long long)core->count);
    sim_core_free(core);
    sim_bus_free(bus);
    return 0;
}
