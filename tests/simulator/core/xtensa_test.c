/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The Xtensa core with small programs made by hand. Most of what it executes is compared with QEMU's dc233c
 * (tests/interop/xtensa); here is what that core does not have, and what programs cannot see of themselves.
 */
#include "core/xtensa.h"

#include <string.h>

#include "test.h"

/* Code lies at CODE, the vectors at VECTORS, and the rest of the page is data. */
enum {
    VECTORS = 0x40000000,
    CODE = 0x40000800,
    DATA = 0x40001000,
    SIZE = 2 * SIM_BUS_PAGE,
    NOTHING = 0x50000000
};
enum { USER_VECTOR = 0x340, LEVEL_5_VECTOR = 0x240, DOUBLE_VECTOR = 0x3C0 };

/* Numbers of special registers. */
enum { LCOUNT = 2, WINDOWSTART = 73, EPC1 = 177, EPC5 = 181, DEPC = 192, PS = 230, EXCCAUSE = 232 };

enum { PS_USER_WINDOWS = 0x40020, RFE = 0x3000, SYSCALL = 0x5000, NOP_N = 0xF03D, WSR_PS_A2 = 0x13E620 };

typedef struct {
    sim_bus_t *bus;
    sim_core_t *core;
    uint8_t *memory;
    uint32_t end; /* of the code so far */
} bench_t;

static bench_t *begin(void)
{
    static uint8_t memory[SIZE];
    static bench_t bench;
    memset(memory, 0, sizeof(memory));
    bench = (bench_t){.bus = sim_bus_new(NULL), .memory = memory, .end = CODE};
    assert_non_null(bench.bus);
    sim_bus_map(bench.bus, VECTORS, SIZE, memory, true);
    bench.core = sim_core_new(&sim_core_xtensa, bench.bus);
    assert_non_null(bench.core);
    sim_core_reset(bench.core, CODE);
    return &bench;
}

static void end(bench_t *bench)
{
    sim_core_free(bench->core);
    sim_bus_free(bench->bus);
}

static void with_bench(void (*run)(bench_t *bench))
{
    bench_t *bench = begin();
    run(bench);
    end(bench);
}

#define TEST_CORE(name) TEST_GIVEN(name, bench_t *bench, with_bench(case_##name))

static void put_at(bench_t *bench, uint32_t address, uint32_t insn)
{
    unsigned size = (insn & 8) != 0 ? 2 : 3; /* narrow ones have it in op0 */
    assert_true(sim_bus_store(bench->bus, address, 1, insn));
    assert_true(sim_bus_store(bench->bus, address + 1, 1, insn >> 8));
    if (size == 3) {
        assert_true(sim_bus_store(bench->bus, address + 2, 1, insn >> 16));
    }
}

static void put(bench_t *bench, uint32_t insn)
{
    put_at(bench, bench->end, insn);
    bench->end += (insn & 8) != 0 ? 2 : 3;
}

static void set(bench_t *bench, unsigned number, uint32_t value)
{
    bench->core->ops->set(bench->core, number, value);
}

static uint32_t get(bench_t *bench, unsigned number)
{
    return bench->core->ops->get(bench->core, number);
}

static uint32_t special(bench_t *bench, unsigned number)
{
    return sim_xtensa_special(bench->core, number);
}

static void run_count(bench_t *bench, uint64_t count)
{
    assert_int_equal(sim_core_run(bench->core, count).reason, SIM_STOP_LIMIT);
}

static uint32_t word(bench_t *bench, uint32_t address)
{
    return sim_bus_get(bench->memory + (address - VECTORS), 4);
}

/* Leaves reset: PS as programs have it, from a2. */
static void begin_program(bench_t *bench)
{
    set(bench, 2, PS_USER_WINDOWS);
    put(bench, WSR_PS_A2);
    run_count(bench, 1);
}

static const struct {
    const char *name;
    uint32_t insn, s, t, expected;
} computed[] = {
    {"muluh a4, a2, a3", 0xA24230, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE},
    {"mulsh a4, a2, a3", 0xB24230, 0xFFFFFFFF, 0x40000000, 0xFFFFFFFF},
    {"saltu a4, a2, a3", 0x624230, 1, 0xFFFFFFFF, 1},
    {"saltu a4, a2, a3", 0x624230, 7, 7, 0},
    {"salt a4, a2, a3", 0x724230, 1, 0xFFFFFFFF, 0},
    {"salt a4, a2, a3", 0x724230, 0x80000000, 0, 1},
    {"quos a4, a2, a3", 0xD24230, 0x80000000, 0xFFFFFFFF, 0x80000000},
    {"rems a4, a2, a3", 0xF24230, 0x80000000, 0xFFFFFFFF, 0},
    {"clamps a4, a2, 7", 0x334200, 0x80, 0, 0x7F},
    {"clamps a4, a2, 7", 0x334200, 0xFFFFFF00, 0, 0xFFFFFF80},
    {"sext a4, a2, 7", 0x234200, 0x80, 0, 0xFFFFFF80},
    {"nsa a4, a2", 0x40E240, 0xFFFFFFFF, 0, 31},
    {"nsau a4, a2", 0x40F240, 0, 0, 32},
    {"extui a4, a2, 4, 8", 0x744420, 0x12345678, 0, 0x67},
};

TEST_ROWS(an_instruction_computes_its_result, computed)
{
    bench_t *bench = begin();
    set(bench, 2, row->s);
    set(bench, 3, row->t);
    put(bench, row->insn);
    run_count(bench, 1);
    assert_int_equal(get(bench, 4), row->expected);
    end(bench);
}

TEST_CORE(memory_is_accessed_at_any_alignment)
{
    set(bench, 2, DATA + 1);
    set(bench, 3, 0x8765ABCD);
    put(bench, 0x016232); /* s32i a3, a2, 4 */
    put(bench, 0x029242); /* l16si a4, a2, 4 */
    put(bench, 0x012252); /* l32i a5, a2, 4 */
    run_count(bench, 3);
    assert_int_equal(get(bench, 4), 0xFFFFABCD);
    assert_int_equal(get(bench, 5), 0x8765ABCD);
}

TEST_CORE(a_conditional_store_depends_on_what_was_there)
{
    set(bench, 2, DATA);
    set(bench, 3, 5);
    set(bench, 4, 0);
    put(bench, 0x130C40); /* wsr.scompare1 a4 */
    put(bench, 0x00E232); /* s32c1i a3, a2, 0 */
    put(bench, 0x00E232);
    run_count(bench, 2);
    assert_int_equal(get(bench, 3), 0);
    assert_int_equal(word(bench, DATA), 5);
    run_count(bench, 1);
    assert_int_equal(get(bench, 3), 5);
    assert_int_equal(word(bench, DATA), 5);
}

TEST_CORE(a_run_stops_before_what_it_cannot_do)
{
    set(bench, 2, NOTHING);
    put(bench, NOP_N);
    put(bench, 0x012242); /* l32i a4, a2, 4 */
    sim_stop_t stop = sim_core_run(bench->core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, NOTHING + 4);
    assert_false(stop.is_store);
    assert_int_equal(stop.pc, CODE + 2);
    assert_int_equal(bench->core->count, 1);
    put_at(bench, CODE + 2, 0x016242); /* s32i a4, a2, 4 */
    stop = sim_core_run(bench->core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_true(stop.is_store);
    put_at(bench, CODE + 2, 0xE00004); /* MAC16 */
    stop = sim_core_run(bench->core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ILLEGAL);
    assert_int_equal(stop.address, 0xE00004);
    put_at(bench, CODE + 2, 0x4000); /* break 0, 0 */
    assert_int_equal(sim_core_run(bench->core, 10).reason, SIM_STOP_BREAK);
    assert_int_equal(bench->core->pc, CODE + 2);
    assert_int_equal(bench->core->count, 1);
    put_at(bench, CODE + 2, 0x0A0 | 2 << 8); /* jx a2 */
    stop = sim_core_run(bench->core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, NOTHING);
    assert_int_equal(bench->core->count, 2);
}

static const struct {
    uint32_t insn, cause;
} raising[] = {{0, 0}, {0xF06D, 0}, {SYSCALL, 1}, {0x001240, 5}, {0xC24230, 6}, {0x000090, 0}};

/* ILL, ILL.N, SYSCALL, MOVSP without a caller, division by 0, RETW to nowhere. */
TEST_ROWS(an_exception_leads_to_its_vector_with_its_cause, raising)
{
    bench_t *bench = begin();
    begin_program(bench);
    uint32_t at = bench->end;
    put(bench, row->insn);
    run_count(bench, 1);
    assert_int_equal(bench->core->pc, VECTORS + USER_VECTOR);
    assert_int_equal(special(bench, EXCCAUSE), row->cause);
    assert_int_equal(special(bench, EPC1), at);
    assert_int_equal(special(bench, PS), PS_USER_WINDOWS | 0x10);
    put_at(bench, VECTORS + USER_VECTOR, SYSCALL);
    run_count(bench, 1);
    assert_int_equal(bench->core->pc, VECTORS + DOUBLE_VECTOR);
    assert_int_equal(special(bench, DEPC), VECTORS + USER_VECTOR);
    assert_int_equal(special(bench, EPC1), at);
    put_at(bench, VECTORS + DOUBLE_VECTOR, RFE);
    run_count(bench, 1);
    assert_int_equal(bench->core->pc, at);
    assert_int_equal(special(bench, PS), PS_USER_WINDOWS);
    end(bench);
}

static void put_nops(bench_t *bench, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        put(bench, NOP_N);
    }
}

TEST_CORE(an_interrupt_of_level_1_is_taken_when_enabled_and_not_in_its_handler)
{
    begin_program(bench);
    put_nops(bench, 4);
    set(bench, 3, 1 << 5);
    put(bench, 0x13E430); /* wsr.intenable a3 */
    put_nops(bench, 4);
    put_at(bench, VECTORS + USER_VECTOR, NOP_N);
    put_at(bench, VECTORS + USER_VECTOR + 2, RFE);
    uint32_t before = bench->core->pc;
    sim_core_set_lines(bench->core, 1 << 5);
    run_count(bench, 4);
    assert_int_equal(bench->core->pc, before + 8); /* not enabled yet */
    run_count(bench, 2);
    assert_int_equal(bench->core->pc, VECTORS + USER_VECTOR + 2); /* of its own handler's instructions, one */
    assert_int_equal(special(bench, EXCCAUSE), 4);
    assert_int_equal(special(bench, EPC1), before + 11);
    sim_core_set_lines(bench->core, 0);
    run_count(bench, 2);
    assert_int_equal(bench->core->pc, before + 13);
    put_at(bench, before + 13, 0x006140); /* rsil a4, 1 */
    put_at(bench, before + 16, NOP_N);
    sim_core_set_lines(bench->core, 1 << 4 | 1 << 11);
    run_count(bench, 2);
    assert_int_equal(bench->core->pc, before + 18); /* neither is enabled */
    assert_int_equal(get(bench, 4), PS_USER_WINDOWS);
}

TEST_CORE(an_interrupt_of_a_high_level_interrupts_the_handler_of_a_lower_one)
{
    begin_program(bench);
    set(bench, 3, 1u << 31 | 1 << 5);
    put(bench, 0x13E430); /* wsr.intenable a3 */
    put_nops(bench, 2);
    put_at(bench, VECTORS + USER_VECTOR, NOP_N);
    put_at(bench, VECTORS + USER_VECTOR + 2, NOP_N);
    put_at(bench, VECTORS + LEVEL_5_VECTOR, 0x003510); /* rfi 5 */
    sim_core_set_lines(bench->core, 1 << 5);
    run_count(bench, 2);
    assert_int_equal(bench->core->pc, VECTORS + USER_VECTOR + 2);
    sim_core_set_lines(bench->core, 1u << 31);
    run_count(bench, 1);
    assert_int_equal(bench->core->pc, VECTORS + USER_VECTOR + 2); /* there and back */
    assert_int_equal(special(bench, EPC5), VECTORS + USER_VECTOR + 2);
    assert_int_equal(special(bench, PS), PS_USER_WINDOWS | 0x10);
}

TEST_CORE(waiting_ends_with_an_interrupt)
{
    begin_program(bench);
    set(bench, 3, 1 << 5);
    put(bench, 0x13E430); /* wsr.intenable a3 */
    put(bench, 0x007000); /* waiti 0 */
    uint32_t after = bench->end;
    assert_int_equal(sim_core_run(bench->core, 100).reason, SIM_STOP_WAITING);
    assert_int_equal(sim_core_run(bench->core, 100).reason, SIM_STOP_WAITING);
    uint64_t count = bench->core->count;
    put_at(bench, VECTORS + USER_VECTOR, NOP_N);
    sim_core_set_lines(bench->core, 1 << 4);
    assert_int_equal(sim_core_run(bench->core, 100).reason, SIM_STOP_WAITING);
    sim_core_set_lines(bench->core, 1 << 5);
    run_count(bench, 1);
    assert_int_equal(special(bench, EPC1), after);
    assert_int_equal(bench->core->count, count + 1);
}

TEST_CORE(software_raises_only_its_own_interrupts)
{
    begin_program(bench);
    set(bench, 3, 0xFFFFFFFF);
    put(bench, 0x13E230); /* wsr.intset a3 */
    put(bench, 0x03E240); /* rsr.interrupt a4 */
    set(bench, 5, 1 << 7);
    put(bench, 0x13E350); /* wsr.intclear a5 */
    put(bench, 0x03E250); /* rsr.interrupt a5 */
    run_count(bench, 4);
    assert_int_equal(get(bench, 4), 0x20000080);
    assert_int_equal(get(bench, 5), 0x20000000);
}

TEST_CORE(the_cycle_counter_counts_instructions_from_reset_or_what_was_written)
{
    put_nops(bench, 5);
    put(bench, 0x03EA40); /* rsr.ccount a4 */
    set(bench, 3, 1000);
    put(bench, 0x13EA30); /* wsr.ccount a3 */
    put_nops(bench, 7);
    put(bench, 0x03EA50); /* rsr.ccount a5 */
    run_count(bench, 15);
    assert_int_equal(get(bench, 4), 6);
    assert_int_equal(get(bench, 5), 1008);
}

/* a4 counts the rounds; the branch leads to the loop's end when a3 is 0. */
static void put_loop(bench_t *bench)
{
    put(bench, 0x048276); /* loop a2, to 8 bytes from here */
    put(bench, 0x441B);   /* addi.n a4, a4, 1 */
    put(bench, 0xFFF316); /* beqz a3, to 3 bytes from here: the loop's end */
    put_nops(bench, 2);
}

TEST_CORE(a_loop_goes_round_as_often_as_it_says)
{
    begin_program(bench);
    set(bench, 2, 3);
    set(bench, 3, 1);
    put_loop(bench);
    run_count(bench, 1 + 3 * 2 + 1);
    assert_int_equal(get(bench, 4), 3);
    assert_int_equal(bench->core->pc, bench->end - 2);
    assert_int_equal(special(bench, LCOUNT), 0);
}

TEST_CORE(a_branch_to_the_end_of_a_loop_leaves_it)
{
    begin_program(bench);
    set(bench, 2, 3);
    set(bench, 3, 0);
    put_loop(bench);
    run_count(bench, 1 + 2 + 1);
    assert_int_equal(get(bench, 4), 1);
    assert_int_equal(bench->core->pc, bench->end - 2);
    assert_int_equal(special(bench, LCOUNT), 2);
}

/* Handlers of calls by 8, as the ROMs have them: L32E is 0x090000, S32E 0x490000, with r, s, t for offset, base and
 * register. */
static void put_handlers(bench_t *bench)
{
    static const uint32_t overflow[] = {0x49C900, 0x09D100, 0x49D910, 0x49E920, 0x49F930,
                                        0x498040, 0x499050, 0x49A060, 0x49B070, 0x003400};
    static const uint32_t underflow[] = {0x09C900, 0x09D910, 0x09E920, 0x09D170, 0x09F930,
                                         0x098740, 0x099750, 0x09A760, 0x09B770, 0x003500};
    for (unsigned i = 0; i < 10; i++) {
        put_at(bench, VECTORS + 0x80 + 3 * i, overflow[i]);
        put_at(bench, VECTORS + 0xC0 + 3 * i, underflow[i]);
    }
}

TEST_CORE(calls_nest_deeper_than_there_are_registers)
{
    enum { DEPTH = 20, STACK = DATA + SIM_BUS_PAGE };
    put_handlers(bench);
    begin_program(bench);
    set(bench, 1, STACK);
    assert_true(sim_bus_store(bench->bus, STACK - 12, 4, STACK));
    set(bench, 3, bench->end + 5);
    set(bench, 10, DEPTH);
    set(bench, 11, bench->end + 5);
    put(bench, 0x0003E0); /* callx8 a3 */
    uint32_t after = bench->end;
    put(bench, NOP_N);
    put(bench, 0x004136); /* entry a1, 32; the sum of 1 to a2 */
    put(bench, 0xFFC2A2); /* addi a10, a2, -1 */
    put(bench, 0x03BD);   /* mov.n a11, a3: where the function is */
    put(bench, 0x004A16); /* beqz a10, to retw.n */
    put(bench, 0x0003E0); /* callx8 a3 */
    put(bench, 0x22AA);   /* add.n a2, a2, a10 */
    put(bench, 0xF01D);   /* retw.n */
    while (bench->core->pc != after) {
        run_count(bench, 1);
        assert_true(bench->core->count < 1000);
    }
    assert_int_equal(get(bench, 10), DEPTH * (DEPTH + 1) / 2);
    assert_int_equal(special(bench, WINDOWSTART), 1);
}
