/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The frame of the cores, with one whose instructions are bytes: 0 nothing, 1 wait, any other is illegal.
 */
#include "core/core.h"

#include "test.h"

typedef struct {
    sim_core_t core;
    uint32_t taken; /* interrupts */
} toy_t;

static void toy_reset(sim_core_t *core)
{
    ((toy_t *)core)->taken = 0;
}

static sim_stop_t toy_run(sim_core_t *core)
{
    toy_t *toy = (toy_t *)core;
    for (;;) {
        if (core->lines != 0) {
            toy->taken++;
            sim_core_set_lines(core, 0);
        }
        if (core->count >= core->limit) {
            return (sim_stop_t){SIM_STOP_LIMIT, core->pc, 0, false};
        }
        core->pause = core->limit;
        while (core->count < core->pause) {
            uint32_t word;
            if (!sim_bus_fetch(core->bus, core->pc, &word)) {
                return (sim_stop_t){SIM_STOP_ACCESS, core->pc, core->pc, false};
            }
            if ((uint8_t)word > 1) {
                return (sim_stop_t){SIM_STOP_ILLEGAL, core->pc, word, false};
            }
            core->pc++;
            core->count++;
            uint32_t value;
            sim_bus_load(core->bus, 0, 1, &value); /* the device hears of each */
            if ((uint8_t)word == 1) {
                return (sim_stop_t){SIM_STOP_WAITING, core->pc, 0, false};
            }
        }
    }
}

static uint32_t toy_get(const sim_core_t *core, unsigned number)
{
    return number == 0 ? ((const toy_t *)core)->taken : 0;
}

static const sim_core_ops_t TOY = {sizeof(toy_t), sizeof(toy_t), toy_reset, toy_run, toy_get, NULL};

static uint64_t event_at;

static bool device(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
    sim_core_t *core = *(sim_core_t **)ctx;
    (void)address;
    (void)size;
    *value = 0;
    if (core->count == event_at) {
        sim_core_set_lines(core, 1);
    }
    if (core->count == event_at + 10) {
        sim_core_end_run(core, core->count + 5);
    }
    return true;
}

TEST(a_run_ends_at_its_limit_or_where_a_device_wants_it)
{
    static uint8_t page[SIM_BUS_PAGE];
    static sim_core_t *core;
    sim_bus_device_t with = {device, NULL, &core};
    sim_bus_t *bus = sim_bus_new(&with);
    sim_bus_map(bus, 0x1000, sizeof(page), page, false);
    core = sim_core_new(&TOY, bus);
    assert_non_null(core);
    event_at = 120;
    page[50] = 1;
    page[200] = 2;
    sim_core_reset(core, 0x1000);
    sim_stop_t stop = sim_core_run(core, 1000);
    assert_int_equal(stop.reason, SIM_STOP_WAITING);
    assert_int_equal(stop.pc, 0x1000 + 51);
    stop = sim_core_run(core, 49);
    assert_int_equal(stop.reason, SIM_STOP_LIMIT);
    assert_int_equal(core->count, 100);
    stop = sim_core_run(core, 1000);
    assert_int_equal(stop.reason, SIM_STOP_LIMIT);
    assert_int_equal(core->count, 135);
    assert_int_equal(core->ops->get(core, 0), 1);
    stop = sim_core_run(core, 1000);
    assert_int_equal(stop.reason, SIM_STOP_ILLEGAL);
    assert_int_equal(stop.pc, 0x1000 + 200);
    assert_int_equal(core->count, 200);
    sim_core_reset(core, 0x9000);
    stop = sim_core_run(core, 1000);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, 0x9000);
    assert_int_equal(core->count, 200); /* time goes on */
    sim_core_free(core);
    sim_bus_free(bus);
}
