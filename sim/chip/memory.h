/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip's address space as plain storage, kept in pages that come into being when written; what was never
 * written reads as 0. RAM and registers without behaviour live here; registers with behaviour are in
 * registers.c.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stddef.h>
#include <stdint.h>

typedef struct sim_memory_page sim_memory_page_t;

typedef struct {
    sim_memory_page_t *pages;
} sim_memory_t;

void sim_memory_free(sim_memory_t *memory);
void sim_memory_write(sim_memory_t *memory, uint32_t addr, const uint8_t *data, size_t size);
void sim_memory_read(const sim_memory_t *memory, uint32_t addr, uint8_t *out, size_t size);
/** A little endian word at any address. */
void sim_memory_write32(sim_memory_t *memory, uint32_t addr, uint32_t value);
uint32_t sim_memory_read32(const sim_memory_t *memory, uint32_t addr);

#endif
