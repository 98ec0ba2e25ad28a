/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions that the code calls, by the names that the ROM's ELF file has for them: a line of the trace for each call.
 * Calls that go round in a short loop are written once, and then only their number.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "rom/code_state.h"
#include "state/model.h"

enum { LOOP_CALLS = 16, TEXT_SIZE = 80 };

typedef struct {
    uint32_t address;
    uint32_t index; /* in the file: of several names the first */
    const char *name;
} place_t;

struct sim_code_trace {
    sim_code_t *code;
    struct {
        uint32_t from, to;
    } last[LOOP_CALLS]; /* the calls that were written last */
    size_t next;        /* of them to be overwritten */
    uint64_t repeated;  /* calls since then that were among them */
    size_t place_count;
    place_t places[]; /* by address */
};

static int compare_places(const void *a, const void *b)
{
    const place_t *left = a, *right = b;
    if (left->address != right->address) {
        return left->address < right->address ? -1 : 1;
    }
    return left->index < right->index ? -1 : 1;
}

/* The last place at or before an address; NULL when there is none. */
static const place_t *find_place(const sim_code_trace_t *trace, uint32_t address)
{
    size_t low = 0, high = trace->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trace->places[middle].address <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low > 1 && trace->places[low - 2].address == trace->places[low - 1].address) {
        low--;
    }
    return low == 0 ? NULL : &trace->places[low - 1];
}

/* A place in the ROM by name; what was loaded into RAM has none. */
static void describe(const sim_code_trace_t *trace, uint32_t address, char *text)
{
    const place_t *place = sim_code_is_rom(trace->code, address) ? find_place(trace, address) : NULL;
    if (place == NULL) {
        snprintf(text, TEXT_SIZE, "0x%08" PRIx32, address);
    } else if (place->address == address) {
        snprintf(text, TEXT_SIZE, "%s", place->name);
    } else {
        snprintf(text, TEXT_SIZE, "%.64s+0x%" PRIx32, place->name, address - place->address);
    }
}

static bool is_repeated(const sim_code_trace_t *trace, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < LOOP_CALLS; i++) {
        if (trace->last[i].from == from && trace->last[i].to == to) {
            return true;
        }
    }
    return false;
}

static void on_call(void *ctx, uint32_t from, uint32_t to)
{
    sim_code_trace_t *trace = ctx;
    char caller[TEXT_SIZE], called[TEXT_SIZE];
    if (is_repeated(trace, from, to)) {
        trace->repeated++;
        return;
    }
    sim_code_sync(trace->code);
    if (trace->repeated > 0) {
        sim_trace(trace->code->sim, "code: %" PRIu64 " of these calls again", trace->repeated);
    }
    describe(trace, from, caller);
    describe(trace, to, called);
    sim_trace(trace->code->sim, "code: %s, called at %s", called, caller);
    trace->repeated = 0;
    trace->last[trace->next].from = from;
    trace->last[trace->next].to = to;
    trace->next = (trace->next + 1) % LOOP_CALLS;
}

bool sim_code_trace_calls(sim_code_t *code)
{
    const sim_elf_t *elf = &code->elf;
    sim_code_trace_t *trace = calloc(1, sizeof(*trace) + elf->symbol_count * sizeof(trace->places[0]));
    if (trace == NULL) {
        return false;
    }
    trace->code = code;
    for (size_t i = 0; i < elf->symbol_count; i++) {
        place_t *place = &trace->places[trace->place_count];
        place->name = sim_elf_symbol(elf, i, &place->address);
        place->index = (uint32_t)i;
        trace->place_count += place->name != NULL ? 1 : 0;
    }
    qsort(trace->places, trace->place_count, sizeof(trace->places[0]), compare_places);
    code->trace = trace;
    code->core->on_call = on_call;
    code->core->on_call_ctx = trace;
    return true;
}
