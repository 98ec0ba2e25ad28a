/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of the RISC-V core, and what its files have in common.
 */
#ifndef SIM_RISCV_STATE_H
#define SIM_RISCV_STATE_H

#include "core/riscv.h"

/** CSRs that only keep what is written to them, by ranges. */
enum {
    SIM_CSR_USER_TRAP = 0x004, /**< uie, utvec: the ROMs of C6 and H2 clear them */
    SIM_CSR_USER_TRAP_END = 0x006,
    SIM_CSR_PMP = 0x3A0,
    SIM_CSR_PMP_END = 0x3F0,
    SIM_CSR_TRIGGER = 0x7A0,
    SIM_CSR_TRIGGER_END = 0x7B0,
    SIM_CSR_CUSTOM = 0x7C0, /**< machine mode: Espressif's bus errors, counters, physical memory attributes */
    SIM_CSR_CUSTOM_END = 0x800,
    SIM_CSR_USER_CUSTOM = 0x800, /**< user mode: GPIO, stack guard */
    SIM_CSR_USER_CUSTOM_END = 0x900,
    SIM_CSR_LATE_CUSTOM = 0xBC0, /**< physical memory attributes of the later chips */
    SIM_CSR_LATE_CUSTOM_END = 0xC00,
};

typedef struct {
    sim_core_t core;
    sim_riscv_features_t features;
    sim_riscv_controller_t controller;
    uint32_t x[32];
    uint32_t f[32];
    uint32_t mstatus, mie, mtvec, mtvt, mscratch, mepc, mcause, mtval, fcsr;
    uint32_t clic_threshold;             /**< mintthresh */
    uint32_t level;                      /**< priority of the interrupt that is being handled */
    uint8_t outer[SIM_RISCV_LEVELS_MAX]; /**< those that it interrupted; a CLIC has them in mcause */
    unsigned depth;
    bool is_waiting;
    bool is_reserved; /**< LR without SC so far */
    uint32_t reserved;
    sim_stop_t stop;
    uint32_t csr[0x1000];
    uint32_t expanded[0x10000]; /**< by compressed instruction */
} sim_riscv_t;

/** Ends the run at the present instruction. Returns false, for a caller that returns that it did not execute. */
static inline bool sim_riscv_stop(sim_riscv_t *cpu, sim_stop_reason_t reason, uint32_t address, bool is_store)
{
    cpu->stop = (sim_stop_t){reason, cpu->core.pc, address, is_store};
    return false;
}

/** Executes an instruction of opcode SYSTEM; *next is where the program goes on. */
bool sim_riscv_system(sim_riscv_t *cpu, uint32_t code, uint32_t *next);
/** Executes one of the opcodes of extensions A and F. */
bool sim_riscv_extension(sim_riscv_t *cpu, uint32_t code);
/** Takes the interrupt that is next, if any; true when an enabled one is up, whether it could be taken or not. */
bool sim_riscv_take_interrupt(sim_riscv_t *cpu);

#endif
