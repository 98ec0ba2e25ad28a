/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "core/bus.h"

#include <stdlib.h>

enum { PAGES = 1 << (32 - SIM_BUS_PAGE_BITS) };

sim_bus_t *sim_bus_new(const sim_bus_device_t *device)
{
    sim_bus_t *bus = calloc(1, sizeof(*bus));
    if (bus == NULL) {
        return NULL;
    }
    /* Of these tables the system gives only what is touched. */
    bus->load_pages = calloc(PAGES, sizeof(*bus->load_pages));
    bus->store_pages = calloc(PAGES, sizeof(*bus->store_pages));
    bus->no_pages = calloc(PAGES, sizeof(*bus->no_pages));
    bus->direct_pages = bus->store_pages;
    if (bus->load_pages == NULL || bus->store_pages == NULL || bus->no_pages == NULL) {
        sim_bus_free(bus);
        return NULL;
    }
    if (device != NULL) {
        bus->device = *device;
    }
    return bus;
}

void sim_bus_free(sim_bus_t *bus)
{
    if (bus != NULL) {
        free(bus->load_pages);
        free(bus->store_pages);
        free(bus->no_pages);
        free(bus);
    }
}

void sim_bus_map(sim_bus_t *bus, uint32_t address, uint32_t size, uint8_t *bytes, bool is_writable)
{
    uint32_t first = address >> SIM_BUS_PAGE_BITS;
    uint32_t count = size >> SIM_BUS_PAGE_BITS;
    for (uint32_t i = 0; i < count && i < PAGES - first; i++) {
        bus->load_pages[first + i] = bytes + (size_t)i * SIM_BUS_PAGE;
        bus->store_pages[first + i] = is_writable ? bytes + (size_t)i * SIM_BUS_PAGE : NULL;
    }
}

void sim_bus_unmap(sim_bus_t *bus, uint32_t address, uint32_t size)
{
    uint32_t first = address >> SIM_BUS_PAGE_BITS;
    uint32_t count = size >> SIM_BUS_PAGE_BITS;
    for (uint32_t i = 0; i < count && i < PAGES - first; i++) {
        bus->load_pages[first + i] = bus->store_pages[first + i] = NULL;
    }
}

void sim_bus_observe(sim_bus_t *bus, bool is_on)
{
    bus->direct_pages = is_on ? bus->no_pages : bus->store_pages;
    bus->has_effect = false;
}

static bool device_load(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t *value)
{
    bus->has_effect = true;
    return bus->device.load != NULL && bus->device.load(bus->device.ctx, address, size, value);
}

static bool device_store(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t value)
{
    bus->has_effect = true;
    return bus->device.store != NULL && bus->device.store(bus->device.ctx, address, size, value);
}

static bool is_across(uint32_t address, unsigned size)
{
    return (address & (SIM_BUS_PAGE - 1)) + size > SIM_BUS_PAGE;
}

static bool load_byte(sim_bus_t *bus, uint32_t address, uint32_t *value)
{
    const uint8_t *byte = sim_bus_at(bus->load_pages, address, 1);
    if (byte != NULL) {
        *value = *byte;
        return true;
    }
    return device_load(bus, address, 1, value);
}

static bool store_byte(sim_bus_t *bus, uint32_t address, uint8_t value)
{
    uint8_t *byte = sim_bus_at(bus->store_pages, address, 1);
    if (byte != NULL) {
        bus->has_effect = bus->has_effect || *byte != value;
        *byte = value;
        return true;
    }
    return device_store(bus, address, 1, value);
}

bool sim_bus_load_slow(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t *value)
{
    *value = 0;
    if (!is_across(address, size)) {
        return device_load(bus, address, size, value);
    }
    for (unsigned i = 0; i < size; i++) {
        uint32_t byte;
        if (!load_byte(bus, address + i, &byte)) {
            return false;
        }
        *value |= byte << (8 * i);
    }
    return true;
}

bool sim_bus_store_slow(sim_bus_t *bus, uint32_t address, unsigned size, uint32_t value)
{
    if (!is_across(address, size) && sim_bus_at(bus->store_pages, address, 1) == NULL) {
        return device_store(bus, address, size, value);
    }
    for (unsigned i = 0; i < size; i++) {
        if (!store_byte(bus, address + i, (uint8_t)(value >> (8 * i)))) {
            return false;
        }
    }
    return true;
}

bool sim_bus_fetch_slow(const sim_bus_t *bus, uint32_t address, uint32_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *byte = sim_bus_at(bus->load_pages, address + i, 1);
        if (byte == NULL) {
            return i > 0;
        }
        *value |= (uint32_t)*byte << (8 * i);
    }
    return true;
}
