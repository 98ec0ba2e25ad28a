/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Single instructions on the simulator's RISC-V core, for compare.py. Standard input: a record each of the instruction and
 * x1 to x31; standard output: whether it executed, the program counter, x1 to x31, and the CRC of the memory, which each
 * instruction finds as the one before has left it. All words little endian.
 */
#include <stdio.h>
#include <zlib.h>

#include "core/riscv.h"

enum { CODE = 0x10000, DATA = 0x20000, SIZE = 0x2000, REGISTERS = 31 };

static uint8_t code[SIZE], data[SIZE];

static void put(uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    fwrite(bytes, 1, sizeof(bytes), stdout);
}

static uint32_t get(const uint8_t *bytes)
{
    return sim_bus_get(bytes, 4);
}

int main(void)
{
    uint8_t record[4 * (1 + REGISTERS)];
    sim_bus_t *bus = sim_bus_new(NULL);
    sim_core_t *core = sim_core_new(&sim_core_riscv, bus);
    sim_bus_map(bus, CODE, SIZE, code, true);
    sim_bus_map(bus, DATA, SIZE, data, true);
    sim_riscv_configure(core, &(sim_riscv_features_t){.has_atomics = true});
    while (fread(record, 1, sizeof(record), stdin) == sizeof(record)) {
        for (unsigned i = 0; i < 4; i++) {
            code[SIZE / 2 + i] = record[i];
        }
        sim_core_reset(core, CODE + SIZE / 2);
        for (unsigned i = 1; i <= REGISTERS; i++) {
            core->ops->set(core, i, get(record + 4 * i));
        }
        put(sim_core_run(core, 1).reason == SIM_STOP_LIMIT ? 1 : 0);
        put(core->pc);
        for (unsigned i = 1; i <= REGISTERS; i++) {
            put(core->ops->get(core, i));
        }
        put((uint32_t)crc32(0, data, SIZE));
    }
    sim_core_free(core);
    sim_bus_free(bus);
    return 0;
}
