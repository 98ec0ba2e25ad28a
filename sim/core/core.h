/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A processor core that executes code on a bus: what RISC-V and Xtensa have in common. Time is the number of
 * instructions executed. A core knows nothing of chips, devices and the simulator's clock. Each instruction set has a
 * header of its own with its sim_core_ops_t.
 */
#ifndef SIM_CORE_H
#define SIM_CORE_H

#include "core/bus.h"

typedef enum {
    SIM_STOP_LIMIT,   /**< it has executed what it was allowed to */
    SIM_STOP_WAITING, /**< WFI, WAITI: only an interrupt lets it go on */
    SIM_STOP_ACCESS,  /**< a load, store or fetch to which nothing answers */
    SIM_STOP_ILLEGAL, /**< an instruction that this core does not have */
    SIM_STOP_BREAK,   /**< EBREAK, BREAK */
} sim_stop_reason_t;

/** Why a run ended. After any but LIMIT and WAITING, pc is that of the instruction that did not execute, and a further
 * run meets it again. */
typedef struct {
    sim_stop_reason_t reason;
    uint32_t pc;
    uint32_t address; /**< ACCESS: of what; ILLEGAL: the instruction's bytes */
    bool is_store;    /**< ACCESS */
} sim_stop_t;

typedef struct sim_core sim_core_t;

/** An instruction set. */
typedef struct {
    size_t size;       /**< of its struct, which has sim_core_t as first member */
    size_t state_size; /**< of that from its beginning: all that instructions change */
    /** Registers and state to those of power-on; sim_core_t is looked after already. */
    void (*reset)(sim_core_t *core);
    /** Executes until count reaches limit, or something else stops it. */
    sim_stop_t (*run)(sim_core_t *core);
    /** General register by number, as code sees it now: x0 to x31, a0 to a15. */
    uint32_t (*get)(const sim_core_t *core, unsigned number);
    void (*set)(sim_core_t *core, unsigned number, uint32_t value);
} sim_core_ops_t;

struct sim_core {
    const sim_core_ops_t *ops;
    sim_bus_t *bus;
    uint32_t pc;
    uint64_t count; /**< instructions executed since it was made; right at every call of a device */
    uint64_t limit; /**< the run ends at this count */
    /** The loop over instructions looks up from its work at this count: at the limit, or at once when interrupts
     * have to be looked at. An interpreter sets it to limit and compares count with it before each instruction. */
    uint64_t pause;
    uint64_t clock_read; /**< count at which the code last read its cycle counter: what waits for time does */
    uint32_t lines;      /**< level of each interrupt line, bit by number */
    /** Called at each call instruction, when set. */
    void (*on_call)(void *ctx, uint32_t from, uint32_t to);
    void *on_call_ctx;
};

/** A core that is not reset yet; NULL without memory. The bus stays the caller's. */
sim_core_t *sim_core_new(const sim_core_ops_t *ops, sim_bus_t *bus);
void sim_core_free(sim_core_t *core);
/** As after power-on, with the first instruction at @p entry. The count goes on. */
void sim_core_reset(sim_core_t *core, uint32_t entry);
/** Executes at most @p instructions. A core that waits goes on when an enabled line is up. */
sim_stop_t sim_core_run(sim_core_t *core, uint64_t instructions);
/** Executes at most @p instructions, as sim_core_run(), and finds out whether they are a loop that waits: the core comes
 * back to where it was, with the same in its registers and in memory, and has asked no device and not for the time.
 * Then @p waits is true, and only an interrupt lets anything else happen. Takes several times as long for each. */
sim_stop_t sim_core_probe(sim_core_t *core, uint64_t instructions, bool *waits);

/** A device's interrupts have changed; also for what enables them. Works from the next instruction on. */
static inline void sim_core_set_lines(sim_core_t *core, uint32_t lines)
{
    core->lines = lines;
    core->pause = 0;
}

/** The run that is going on ends at @p count already, or at once when that has passed. */
static inline void sim_core_end_run(sim_core_t *core, uint64_t count)
{
    core->limit = count < core->limit ? count : core->limit;
    core->pause = 0;
}

#endif
