/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "core/core.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_MAX = 20000 };

sim_core_t *sim_core_new(const sim_core_ops_t *ops, sim_bus_t *bus)
{
    sim_core_t *core = ops->state_size - sizeof(*core) <= STATE_MAX ? calloc(1, ops->size) : NULL;
    if (core != NULL) {
        core->ops = ops;
        core->bus = bus;
    }
    return core;
}

void sim_core_free(sim_core_t *core)
{
    free(core);
}

void sim_core_reset(sim_core_t *core, uint32_t entry)
{
    core->pc = entry;
    core->lines = 0;
    core->pause = 0;
    core->ops->reset(core);
}

sim_stop_t sim_core_run(sim_core_t *core, uint64_t instructions)
{
    core->limit = core->count + instructions;
    return core->ops->run(core);
}

sim_stop_t sim_core_probe(sim_core_t *core, uint64_t instructions, bool *waits)
{
    uint8_t before[STATE_MAX];
    const uint8_t *state = (const uint8_t *)core + sizeof(*core);
    size_t size = core->ops->state_size - sizeof(*core);
    uint64_t end = core->count + instructions, clock_read = core->clock_read;
    uint32_t pc = core->pc;
    sim_stop_t stop = {SIM_STOP_LIMIT, pc, 0, false};
    memcpy(before, state, size);
    *waits = false;
    sim_bus_observe(core->bus, true);
    while (stop.reason == SIM_STOP_LIMIT && core->count < end && !*waits && !core->bus->has_effect &&
           core->clock_read == clock_read) {
        stop = sim_core_run(core, 1);
        *waits = core->pc == pc && stop.reason == SIM_STOP_LIMIT && !core->bus->has_effect &&
                 core->clock_read == clock_read && memcmp(before, state, size) == 0;
    }
    sim_bus_observe(core->bus, false);
    return stop;
}
