/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sparse storage: a short list of pages, the last used one first.
 */
#include "chip/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/bytes.h"

enum { PAGE_SIZE = 0x1000 };

struct sim_memory_page {
    uint32_t base;
    sim_memory_page_t *next;
    uint8_t bytes[PAGE_SIZE];
};

void sim_memory_free(sim_memory_t *memory)
{
    while (memory->pages != NULL) {
        sim_memory_page_t *page = memory->pages;
        memory->pages = page->next;
        free(page);
    }
}

static sim_memory_page_t *find_page(const sim_memory_t *memory, uint32_t addr)
{
    uint32_t base = addr & ~(uint32_t)(PAGE_SIZE - 1);
    sim_memory_page_t *page = memory->pages;
    while (page != NULL && page->base != base) {
        page = page->next;
    }
    return page;
}

static sim_memory_page_t *make_page(sim_memory_t *memory, uint32_t addr)
{
    sim_memory_page_t *page = find_page(memory, addr);
    if (page == NULL) {
        page = sim_realloc(NULL, sizeof(*page));
        memset(page->bytes, 0, sizeof(page->bytes));
        page->base = addr & ~(uint32_t)(PAGE_SIZE - 1);
        page->next = memory->pages;
        memory->pages = page;
    }
    return page;
}

void sim_memory_write(sim_memory_t *memory, uint32_t addr, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint32_t at = addr + (uint32_t)i;
        make_page(memory, at)->bytes[at % PAGE_SIZE] = data[i];
    }
}

void sim_memory_read(const sim_memory_t *memory, uint32_t addr, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint32_t at = addr + (uint32_t)i;
        const sim_memory_page_t *page = find_page(memory, at);
        out[i] = page == NULL ? 0 : page->bytes[at % PAGE_SIZE];
    }
}

void sim_memory_write32(sim_memory_t *memory, uint32_t addr, uint32_t value)
{
    uint8_t bytes[4];
    sim_put32(bytes, value);
    sim_memory_write(memory, addr, bytes, sizeof(bytes));
}

uint32_t sim_memory_read32(const sim_memory_t *memory, uint32_t addr)
{
    uint8_t b[4];
    sim_memory_read(memory, addr, b, sizeof(b));
    return sim_get32(b);
}
