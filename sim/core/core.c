/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "core/core.h"

#include <stdlib.h>

sim_core_t *sim_core_new(const sim_core_ops_t *ops, sim_bus_t *bus)
{
    sim_core_t *core = calloc(1, ops->size);
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
