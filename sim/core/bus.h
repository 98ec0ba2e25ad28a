/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a core's addresses mean: memory, which is bytes of the host, and devices, which are asked for everything else.
 * Numbers are little endian. Memory answers at any alignment; a device decides itself.
 */
#ifndef SIM_BUS_H
#define SIM_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIM_BUS_PAGE_BITS = 12,
    SIM_BUS_PAGE = 1 << SIM_BUS_PAGE_BITS, /**< memory starts and ends on such a boundary, bytes */
};

/** The devices, for what is no memory; @p size is 1, 2 or 4. false: nothing answers at that address. */
typedef struct {
    bool (*load)(void *ctx, uint32_t address, unsigned size, uint32_t *value);
    bool (*store)(void *ctx, uint32_t address, unsigned size, uint32_t value);
    void *ctx;
} sim_bus_device_t;

typedef struct sim_bus sim_bus_t;

struct sim_bus {
    uint8_t **load_pages;  /**< host address of each page that can be read, or NULL */
    uint8_t **store_pages; /**< the same for those that can be written */
    uint8_t *
        *direct_pages; /**< those that a store may go to at once: store_pages, or none while it is observed */
    uint8_t **no_pages;
    sim_bus_device_t device;
    bool
        has_effect; /**< since it is observed: a device was asked, or a byte of memory has got another value */
};

/** @p device may be NULL: then there is memory only. */
sim_bus_t *sim_bus_new(const sim_bus_device_t *device);
void sim_bus_free(sim_bus_t *bus);
/** Maps @p size bytes of the host, which the caller keeps and may map again elsewhere (an alias). Address and size are
 * multiples of SIM_BUS_PAGE, and the range ends at 4 GiB at the latest. What was mapped there before is forgotten. */
void sim_bus_map(sim_bus_t *bus, uint32_t address, uint32_t size, uint8_t *bytes, bool is_writable);

/** The opposite: nothing is there any more. */
void sim_bus_unmap(sim_bus_t *bus, uint32_t address, uint32_t size);
/** From now on has_effect says what accesses did, or says nothing any more. Costs stores some time. */
void sim_bus_observe(sim_bus_t *bus, bool is_on);

/** One access of 1, 2 or 4 bytes that no single page serves: devices, and what lies across two pages. */
bool sim_bus_load_slow(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t *value);
bool sim_bus_store_slow(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t value);
/** Four bytes of memory from @p address on, for a fetch across two pages; those without memory are 0. */
bool sim_bus_fetch_slow(const sim_bus_t *bus, uint32_t address, uint32_t *value);

/** Where the host has @p size bytes, or NULL: not memory, or not in one page. */
static inline uint8_t *sim_bus_at(uint8_t *const *pages, uint32_t address, unsigned size)
{
    uint8_t *page = pages[address >> SIM_BUS_PAGE_BITS];
    uint32_t at = address & (SIM_BUS_PAGE - 1);
    return page != NULL && at + size <= SIM_BUS_PAGE ? page + at : NULL;
}

static inline uint32_t sim_bus_get(const uint8_t *bytes, unsigned size)
{
    uint32_t value = bytes[0];
    if (size >= 2) {
        value |= (uint32_t)bytes[1] << 8;
    }
    if (size == 4) {
        value |= (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    }
    return value;
}

/** Loads 1, 2 or 4 bytes, zero-extended. false: nothing answers at that address. */
static inline bool sim_bus_load(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t *value)
{
    const uint8_t *bytes = sim_bus_at(bus->load_pages, address, size);
    if (bytes == NULL) {
        return sim_bus_load_slow(bus, address, size, value);
    }
    *value = sim_bus_get(bytes, size);
    return true;
}

/** Stores the lower 1, 2 or 4 bytes. false: nothing takes them at that address. */
static inline bool sim_bus_store(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t value)
{
    uint8_t *bytes = sim_bus_at(bus->direct_pages, address, size);
    if (bytes == NULL) {
        return sim_bus_store_slow(bus, address, size, value);
    }
    bytes[0] = (uint8_t)value;
    if (size >= 2) {
        bytes[1] = (uint8_t)(value >> 8);
    }
    if (size == 4) {
        bytes[2] = (uint8_t)(value >> 16);
        bytes[3] = (uint8_t)(value >> 24);
    }
    return true;
}

/** Four bytes of code at any alignment; code is in memory, never in a device. A shorter instruction at the end of memory
 * has zeros after it. */
static inline bool sim_bus_fetch(const sim_bus_t *bus, uint32_t address, uint32_t *value)
{
    const uint8_t *bytes = sim_bus_at(bus->load_pages, address, 4);
    if (bytes == NULL) {
        return sim_bus_fetch_slow(bus, address, value);
    }
    *value = sim_bus_get(bytes, 4);
    return true;
}

#endif
