/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The Xtensa core of ESP32, ESP32-S2 and ESP32-S3: windowed registers, density, loops, multiplication and division,
 * exceptions, interrupts of all levels. Without floating point, MAC16, booleans and the S3's vector instructions,
 * which neither ROM nor flasher stub uses, and without timers and breakpoints.
 */
#ifndef SIM_XTENSA_H
#define SIM_XTENSA_H

#include "core/core.h"

extern const sim_core_ops_t sim_core_xtensa;

/** 32 registers instead of 64, as QEMU's dc233c has them: to be called before the first reset. */
void sim_xtensa_halve_registers(sim_core_t *core);

/** A special register by the number that RSR has; for tests and traces. */
uint32_t sim_xtensa_special(const sim_core_t *core, unsigned number);

#endif
