/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RV32IMC with Zicsr, optionally A and of F what moves numbers without computing, in machine mode alone. Source: The
 * RISC-V Instruction Set Manual, volumes I (20191213) and II (20211203). Interrupts are those of Espressif's chips: an own
 * controller with 32 lines, or a CLIC. Source: technical reference manuals of ESP32-C3 and ESP32-C5, chapter
 * "High-Performance CPU".
 */
#ifndef SIM_RISCV_H
#define SIM_RISCV_H

#include "core/core.h"

enum {
    SIM_RISCV_LINES = 32,      /**< that come from outside */
    SIM_RISCV_CLIC_FIRST = 16, /**< number of line 0 at a CLIC */
    SIM_RISCV_LEVELS_MAX = 16, /**< interrupts inside of interrupts */
};

/** What a chip's core has. */
typedef struct {
    bool has_atomics; /**< extension A */
    bool has_float;   /**< extension F: loads, stores and moves */
    bool has_clic;
} sim_riscv_features_t;

/** The registers of the interrupt controller, as a device sets them; sim_core_set_lines() after a change. */
typedef struct {
    uint32_t enabled;                  /**< lines, bit by number */
    uint32_t vectored;                 /**< CLIC: lines whose handler is in the table that mtvt names */
    uint8_t priority[SIM_RISCV_LINES]; /**< 0 = never */
    uint8_t threshold;                 /**< less is not taken; CLIC: less or equal */
} sim_riscv_controller_t;

extern const sim_core_ops_t sim_core_riscv;

/** To be called once, before the first reset. */
void sim_riscv_configure(sim_core_t *core, const sim_riscv_features_t *features);
sim_riscv_controller_t *sim_riscv_controller(sim_core_t *core);
/** The instruction of 4 bytes that a compressed one stands for; 0 when it stands for none. */
uint32_t sim_riscv_expand(uint16_t code, bool has_float);

#endif
