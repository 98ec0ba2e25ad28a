/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "core/bus.h"

#include <string.h>

#include "test.h"

enum { RAM = 0x3FC80000, ALIAS = 0x40380000, ROM = 0x40000000, DEVICE = 0x60000000, NOTHING = 0x10000000 };

typedef struct {
    sim_bus_t *bus;
    uint8_t ram[2 * SIM_BUS_PAGE], rom[SIM_BUS_PAGE];
    uint32_t address, value;
    unsigned size, loads, stores;
} bench_t;

static bool device_load(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
    bench_t *bench = ctx;
    bench->loads++;
    bench->address = address;
    bench->size = size;
    *value = bench->value;
    return address >= DEVICE;
}

static bool device_store(void *ctx, uint32_t address, unsigned size, uint32_t value)
{
    bench_t *bench = ctx;
    bench->stores++;
    bench->address = address;
    bench->size = size;
    bench->value = value;
    return address >= DEVICE;
}

static void with_bench(void (*run)(bench_t *bench))
{
    static bench_t bench;
    memset(&bench, 0, sizeof(bench));
    sim_bus_device_t device = {device_load, device_store, &bench};
    bench.bus = sim_bus_new(&device);
    assert_non_null(bench.bus);
    sim_bus_map(bench.bus, RAM, sizeof(bench.ram), bench.ram, true);
    sim_bus_map(bench.bus, ALIAS, sizeof(bench.ram), bench.ram, true);
    sim_bus_map(bench.bus, ROM, sizeof(bench.rom), bench.rom, false);
    run(&bench);
    sim_bus_free(bench.bus);
}

#define TEST_BUS(name) TEST_GIVEN(name, bench_t *bench, with_bench(case_##name))

TEST_BUS(memory_is_little_endian_at_any_alignment_and_has_aliases)
{
    uint32_t value = 0;
    assert_true(sim_bus_store(bench->bus, RAM + 1, 4, 0x44332211));
    assert_true(sim_bus_store(bench->bus, RAM + 5, 2, 0xFFFF6655));
    assert_true(sim_bus_store(bench->bus, RAM + 7, 1, 0xFFFFFF77));
    static const uint8_t EXPECTED[] = {0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0};
    assert_memory_equal(bench->ram, EXPECTED, sizeof(EXPECTED));
    assert_true(sim_bus_load(bench->bus, ALIAS + 2, 4, &value));
    assert_int_equal(value, 0x55443322);
    assert_true(sim_bus_load(bench->bus, ALIAS + 4, 2, &value));
    assert_int_equal(value, 0x5544);
    assert_true(sim_bus_load(bench->bus, ALIAS + 7, 1, &value));
    assert_int_equal(value, 0x77);
    assert_int_equal(bench->loads + bench->stores, 0);
}

TEST_BUS(rom_is_read_and_a_store_to_it_meets_the_device)
{
    uint32_t value = 0;
    bench->rom[4] = 9;
    assert_true(sim_bus_load(bench->bus, ROM + 4, 4, &value));
    assert_int_equal(value, 9);
    assert_false(sim_bus_store(bench->bus, ROM + 4, 4, 1));
    assert_int_equal(bench->stores, 1);
    assert_int_equal(bench->rom[4], 9);
}

TEST_BUS(devices_get_what_is_no_memory)
{
    uint32_t value = 0;
    assert_true(sim_bus_store(bench->bus, DEVICE + 0x14, 2, 0xABCD));
    assert_int_equal(bench->address, DEVICE + 0x14);
    assert_int_equal(bench->size, 2);
    assert_true(sim_bus_load(bench->bus, DEVICE + 0x18, 1, &value));
    assert_int_equal(value, 0xABCD);
    assert_int_equal(bench->address, DEVICE + 0x18);
    assert_false(sim_bus_load(bench->bus, NOTHING, 4, &value));
    assert_int_equal(value, 0xABCD);
    assert_false(sim_bus_store(bench->bus, NOTHING, 4, 1));
}

TEST_BUS(an_access_across_two_pages_is_one_of_bytes)
{
    uint32_t value = 0;
    assert_true(sim_bus_store(bench->bus, RAM + SIM_BUS_PAGE - 2, 4, 0x44332211));
    assert_true(sim_bus_load(bench->bus, RAM + SIM_BUS_PAGE - 2, 4, &value));
    assert_int_equal(value, 0x44332211);
    assert_true(sim_bus_load(bench->bus, RAM + SIM_BUS_PAGE - 1, 2, &value));
    assert_int_equal(value, 0x3322);
    assert_false(sim_bus_load(bench->bus, RAM + sizeof(bench->ram) - 1, 4, &value)); /* beyond the end */
    assert_false(sim_bus_store(bench->bus, RAM + sizeof(bench->ram) - 1, 4, 0));
    assert_false(sim_bus_load(bench->bus, UINT32_MAX, 4, &value)); /* goes on at 0, where nothing is */
    assert_int_equal(bench->address, 0);
}

TEST_BUS(code_is_fetched_from_memory_only)
{
    uint32_t word = 0;
    memset(bench->ram, 0x5A, sizeof(bench->ram));
    assert_true(sim_bus_fetch(bench->bus, RAM + SIM_BUS_PAGE - 1, &word));
    assert_int_equal(word, 0x5A5A5A5A);
    assert_true(sim_bus_fetch(bench->bus, RAM + sizeof(bench->ram) - 2, &word));
    assert_int_equal(word, 0x5A5A);
    assert_false(sim_bus_fetch(bench->bus, DEVICE, &word));
    assert_int_equal(bench->loads, 0);
}

TEST(a_range_ends_at_the_end_of_addresses_and_no_device_answers_where_there_is_none)
{
    static uint8_t page[2 * SIM_BUS_PAGE];
    uint32_t value = 1;
    sim_bus_t *bus = sim_bus_new(NULL);
    assert_non_null(bus);
    sim_bus_map(bus, UINT32_MAX - SIM_BUS_PAGE + 1, sizeof(page), page,
                true); /* the second page has no place */
    assert_true(sim_bus_store(bus, UINT32_MAX - 3, 4, 7));
    assert_int_equal(page[SIM_BUS_PAGE - 4], 7);
    assert_false(sim_bus_load(bus, UINT32_MAX - 1, 4, &value));
    assert_false(sim_bus_load(bus, 0, 4, &value));
    assert_false(sim_bus_store(bus, 0, 4, value));
    sim_bus_free(bus);
}
