/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finding out whether code waits in a loop, with RISC-V programs that binutils assembled.
 */
#include <string.h>

#include "core/riscv.h"
#include "test.h"

enum { RAM = 0x20000000, CODE = 0x40000000, S1 = 9, A1 = 11, S2 = 18 };

static uint32_t ram[SIM_BUS_PAGE / 4], code[SIM_BUS_PAGE / 4];
static sim_bus_t *bus;
static sim_core_t *core;

static void start(const uint32_t *words, size_t size)
{
    memset(ram, 0, sizeof(ram));
    memset(code, 0, sizeof(code));
    memcpy(code, words, size);
    bus = sim_bus_new(NULL);
    core = sim_core_new(&sim_core_riscv, bus);
    assert_non_null(core);
    sim_bus_map(bus, RAM, sizeof(ram), (uint8_t *)ram,
                true); /* a little endian host, as all that we build on */
    sim_bus_map(bus, CODE, sizeof(code), (uint8_t *)code, false);
    sim_riscv_configure(core, &(sim_riscv_features_t){0});
    sim_core_reset(core, CODE);
    core->ops->set(core, S1, RAM);
}

static void end(void)
{
    sim_core_free(core);
    sim_bus_free(bus);
}

static bool answer_zero(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
    (void)ctx;
    (void)address;
    (void)size;
    *value = 0;
    return true;
}

typedef struct {
    uint32_t words[5];
    bool waits;
} loop_t;

static const loop_t LOOPS[] = {
    {{0x0004a503, 0xfe050ee3}, true},              /* lw a0,0(s1); beqz a0,.-4 */
    {{0x00b4a223, 0x0004a503, 0xfe050ce3}, true},  /* sw a1,4(s1), which has that value already; ... */
    {{0x00160613, 0x0004a503, 0xfe050ce3}, false}, /* addi a2,a2,1; ... */
    {{0x0084a503, 0x00154513, 0x00a4a423, 0x0004a503, 0xfe0508e3}, false}, /* inverts a bit in memory */
    {{0xb0002573, 0x0004a503, 0xfe050ce3}, false},                         /* csrr a0,mcycle; ... */
    {{0x00092683, 0x0004a503, 0xfe050ce3}, false},                         /* lw a3,0(s2), of a device; ... */
};

TEST_ROWS(a_loop_waits_when_nothing_changes_in_it, LOOPS)
{
    bool waits = !row->waits;
    start(row->words, sizeof(row->words));
    bus->device.load = answer_zero;
    core->ops->set(core, S2, 0x60000000);
    const uint64_t before = core->count = 1000;
    sim_stop_t stop = sim_core_probe(core, 100, &waits);
    assert_int_equal(stop.reason, SIM_STOP_LIMIT);
    assert_true(waits == row->waits);
    assert_true(core->count <= before + 100);
    ram[0] = 1; /* as an interrupt's handler does */
    assert_int_equal(sim_core_run(core, 100).reason, SIM_STOP_ILLEGAL);
    assert_int_equal(ram[1], 0);
    end();
}

TEST(a_look_at_a_loop_executes_it)
{
    const uint32_t words[] = {0x00b4a223,  /* sw a1,4(s1) */
                              0x00100073}; /* ebreak */
    bool waits = true;
    start(words, sizeof(words));
    core->ops->set(core, A1, 0x12345678);
    sim_stop_t stop = sim_core_probe(core, 1, &waits);
    assert_int_equal(stop.reason, SIM_STOP_LIMIT);
    assert_false(waits);
    assert_int_equal(ram[1], 0x12345678);
    assert_int_equal(sim_core_probe(core, 100, &waits).reason, SIM_STOP_BREAK);
    assert_false(waits);
    end();
}
