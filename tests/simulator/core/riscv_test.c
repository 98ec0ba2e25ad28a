/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The RISC-V core, with programs that binutils assembled: what stands beside each word is its source.
 */
#include "core/riscv.h"

#include <string.h>

#include "test.h"

enum { RAM = 0x20000000, CODE = 0x40000000, VECTORS = 0x40000400, CODE_WORDS = 0x400, RAM_SIZE = 0x1000 };

enum { RA = 1, S2 = 18, S3, S4, S5, S6, S7, S8, S9, S10, S11, A0 = 10, A1, A2, A3, A4, A5, A6, A7 };

static uint32_t ram[RAM_SIZE / 4], code[CODE_WORDS];
static sim_bus_t *bus;
static sim_core_t *core;

static int set_up(void **state)
{
    (void)state;
    memset(ram, 0, sizeof(ram));
    memset(code, 0, sizeof(code));
    bus = sim_bus_new(NULL);
    core = sim_core_new(&sim_core_riscv, bus);
    assert_non_null(core);
    sim_bus_map(bus, RAM, sizeof(ram), (uint8_t *)ram,
                true); /* a little endian host, as all that we build on */
    sim_bus_map(bus, CODE, sizeof(code), (uint8_t *)code, false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sim_core_free(core);
    sim_bus_free(bus);
    return 0;
}

#define TEST_CORE(name) TEST_WITH(name, set_up, tear_down)
#define PROGRAM(...)    load((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}))

static void load(const uint32_t *words, size_t size)
{
    memcpy(code, words, size);
}

static void start(sim_riscv_features_t features)
{
    sim_riscv_configure(core, &features);
    sim_core_reset(core, CODE);
}

static uint32_t get(unsigned number)
{
    return core->ops->get(core, number);
}

static void set(unsigned number, uint32_t value)
{
    core->ops->set(core, number, value);
}

static void run_to(sim_stop_reason_t reason, uint32_t pc)
{
    sim_stop_t stop = sim_core_run(core, 1000);
    assert_int_equal(stop.reason, reason);
    assert_int_equal(stop.pc, pc);
    assert_int_equal(core->pc, pc);
}

TEST_CORE(a_loop_adds_up_and_is_counted)
{
    PROGRAM(0x00a00513,  /* addi a0,zero,10 */
            0x00000593,  /* addi a1,zero,0 */
            0x00a585b3,  /* add a1,a1,a0 */
            0xfff50513,  /* addi a0,a0,-1 */
            0xfe051ce3,  /* bne a0,zero,.-8 */
            0x00100073); /* ebreak */
    start((sim_riscv_features_t){0});
    assert_int_equal(sim_core_run(core, 3).reason, SIM_STOP_LIMIT);
    assert_int_equal(core->pc, CODE + 12);
    assert_int_equal(get(A1), 10);
    run_to(SIM_STOP_BREAK, CODE + 20);
    assert_int_equal(get(A1), 55);
    assert_int_equal(core->count, 2 + 3 * 10);
    run_to(SIM_STOP_BREAK, CODE + 20); /* meets it again */
}

TEST_CORE(loads_extend_and_stores_cut)
{
    PROGRAM(0x20000537,  /* lui a0,0x20000 */
            0xffe00593,  /* addi a1,zero,-2 */
            0x00b51323,  /* sh a1,6(a0) */
            0x00651603,  /* lh a2,6(a0) */
            0x00655683,  /* lhu a3,6(a0) */
            0x00750703,  /* lb a4,7(a0) */
            0x00754783,  /* lbu a5,7(a0) */
            0x00552803,  /* lw a6,5(a0) */
            0x00b504a3,  /* sb a1,9(a0) */
            0x00b526a3,  /* sw a1,13(a0) */
            0x00100073); /* ebreak */
    start((sim_riscv_features_t){0});
    run_to(SIM_STOP_BREAK, CODE + 40);
    const uint32_t registers[] = {0xFFFFFFFE, 0xFFFE, 0xFFFFFFFF, 0xFF, 0x00FFFE00};
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(get(A2 + i), registers[i]);
    }
    const uint32_t memory[] = {0, 0xFFFE0000, 0x0000FE00, 0xFFFFFE00, 0xFF};
    assert_memory_equal(ram, memory, sizeof(memory));
}

typedef struct {
    uint32_t a, b;
    uint32_t results[8]; /* mul, mulh, mulhsu, mulhu, div, divu, rem, remu */
} division_t;

static const division_t DIVISIONS[] = {
    {7, 0xFFFFFFFE, {0xFFFFFFF2, 0xFFFFFFFF, 6, 6, 0xFFFFFFFD, 0, 1, 7}},
    {0xFFFFFFF9, 2, {0xFFFFFFF2, 0xFFFFFFFF, 0xFFFFFFFF, 1, 0xFFFFFFFD, 0x7FFFFFFC, 0xFFFFFFFF, 1}},
    {5, 0, {0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 5, 5}},
    {0x80000000, 0xFFFFFFFF, {0x80000000, 0, 0x80000000, 0x7FFFFFFF, 0x80000000, 0, 0, 0x80000000}},
};

TEST_CORE(products_and_quotients)
{
    PROGRAM(0x02b50633,  /* mul a2,a0,a1 */
            0x02b516b3,  /* mulh a3,a0,a1 */
            0x02b52733,  /* mulhsu a4,a0,a1 */
            0x02b537b3,  /* mulhu a5,a0,a1 */
            0x02b54833,  /* div a6,a0,a1 */
            0x02b558b3,  /* divu a7,a0,a1 */
            0x02b56933,  /* rem s2,a0,a1 */
            0x02b579b3,  /* remu s3,a0,a1 */
            0x00100073); /* ebreak */
    for (size_t i = 0; i < sizeof(DIVISIONS) / sizeof(DIVISIONS[0]); i++) {
        const division_t *row = &DIVISIONS[i];
        start((sim_riscv_features_t){0});
        set(A0, row->a);
        set(A1, row->b);
        run_to(SIM_STOP_BREAK, CODE + 32);
        for (unsigned k = 0; k < 8; k++) {
            assert_int_equal(get(A2 + k), row->results[k]);
        }
    }
}

TEST_CORE(shifts_compares_and_logic)
{
    PROGRAM(0x00b51633,  /* sll a2,a0,a1 */
            0x00b556b3,  /* srl a3,a0,a1 */
            0x40b55733,  /* sra a4,a0,a1 */
            0x00b527b3,  /* slt a5,a0,a1 */
            0x00b53833,  /* sltu a6,a0,a1 */
            0x40b508b3,  /* sub a7,a0,a1 */
            0x00b54933,  /* xor s2,a0,a1 */
            0x00b579b3,  /* and s3,a0,a1 */
            0x00b56a33,  /* or s4,a0,a1 */
            0x00451a93,  /* slli s5,a0,0x4 */
            0x40455b13,  /* srai s6,a0,0x4 */
            0x00455b93,  /* srli s7,a0,0x4 */
            0xfff52c13,  /* slti s8,a0,-1 */
            0xfff53c93,  /* sltiu s9,a0,-1 */
            0xfff54d13,  /* xori s10,a0,-1 */
            0x00001d97,  /* auipc s11,0x1 */
            0x00100073); /* ebreak */
    start((sim_riscv_features_t){0});
    set(A0, 0x80000011);
    set(A1, 0x24); /* shifts by 4 */
    run_to(SIM_STOP_BREAK, CODE + 64);
    const uint32_t expected[] = {
        0x00000110, 0x08000001, 0xF8000001, 1,          0, 0x7FFFFFED, 0x80000035, 0x00000000,
        0x80000035, 0x00000110, 0xF8000001, 0x08000001, 1, 1,          0x7FFFFFEE, CODE + 60 + 0x1000};
    for (unsigned i = 0; i < 16; i++) {
        assert_int_equal(get(A2 + i), expected[i]);
    }
}

typedef struct {
    uint32_t from, to;
} call_t;

static void note_call(void *ctx, uint32_t from, uint32_t to)
{
    *(call_t *)ctx = (call_t){from, to};
}

TEST_CORE(calls_return_and_are_reported)
{
    PROGRAM(0x008000ef,  /* jal ra,.+8 */
            0x00100073,  /* ebreak */
            0x00150513,  /* addi a0,a0,1 */
            0x00008067); /* jalr zero,0(ra) */
    call_t call = {0, 0};
    core->on_call = note_call;
    core->on_call_ctx = &call;
    start((sim_riscv_features_t){0});
    run_to(SIM_STOP_BREAK, CODE + 4);
    assert_int_equal(get(A0), 1);
    assert_int_equal(get(RA), CODE + 4);
    assert_int_equal(call.from, CODE);
    assert_int_equal(call.to, CODE + 8);
}

TEST_CORE(registers_of_control_and_a_system_call)
{
    PROGRAM(0x3402d573,       /* csrrwi a0,mscratch,5 */
            0x340465f3,       /* csrrsi a1,mscratch,8 */
            0x3400f673,       /* csrrci a2,mscratch,1 */
            0x340016f3,       /* csrrw a3,mscratch,zero */
            0xb0002773,       /* csrrs a4,mcycle,zero */
            0x301027f3,       /* csrrs a5,misa,zero */
            0x30549073,       /* csrrw zero,mtvec,s1 */
            0x00000073);      /* ecall */
    code[0x100] = 0x34202573; /* csrrs a0,mcause,zero */
    code[0x101] = 0x341025f3; /* csrrs a1,mepc,zero */
    code[0x102] = 0x3063d673; /* csrrwi a2,mcounteren,7 */
    code[0x103] = 0x306026f3; /* csrrs a3,mcounteren,zero */
    code[0x104] = 0xc0002773; /* csrrs a4,cycle,zero */
    code[0x105] = 0x00100073; /* ebreak */
    start((sim_riscv_features_t){.has_atomics = true});
    set(9, VECTORS | 1);
    sim_core_run(core, 6);
    const uint32_t expected[] = {0, 5, 13, 12, 4, 0x40001105};
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(get(A0 + i), expected[i]);
    }
    run_to(SIM_STOP_BREAK, VECTORS + 20);
    assert_int_equal(get(A0), 11);
    assert_int_equal(get(A1), CODE + 28);
    assert_int_equal(get(A0 + 2), 0);
    assert_int_equal(get(A0 + 3), 0); /* there is no user mode to enable counters for */
    assert_int_equal(get(A0 + 4), 12);
}

/* ---- interrupts ---- */

static void load_handlers(void)
{
    PROGRAM(0x30549073,                              /* csrrw zero,mtvec,s1 */
            0x30046073,                              /* csrrsi zero,mstatus,8 */
            0x10500073,                              /* wfi */
            0x00150513,                              /* addi a0,a0,1 */
            0x00100073);                             /* ebreak */
    for (unsigned i = 0; i < 8; i++) {               /* at 0, 4, 5 x 4 and so on: all of them the same */
        code[0x100 + i] = 0x1000006f - 0x400000 * i; /* jal zero,.+0x100 - 4 x i */
    }
    code[0x140] = 0x342025f3; /* csrrs a1,mcause,zero */
    code[0x141] = 0x001b0b13; /* addi s6,s6,1 */
    code[0x142] = 0x30046073; /* csrrsi zero,mstatus,8 */
    code[0x143] = 0x00000013; /* addi zero,zero,0 */
    code[0x144] = 0x00000013; /* addi zero,zero,0 */
    code[0x145] = 0x30200073; /* mret */
    set(9, VECTORS | 1);
}

TEST_CORE(an_interrupt_wakes_the_core_and_goes_to_the_vector_of_its_line)
{
    start((sim_riscv_features_t){0});
    load_handlers();
    sim_riscv_controller_t *controller = sim_riscv_controller(core);
    controller->enabled = 1 << 5;
    controller->priority[5] = 2;
    controller->threshold = 2;
    run_to(SIM_STOP_WAITING, CODE + 12);
    run_to(SIM_STOP_WAITING, CODE + 12);
    sim_core_set_lines(core, 1 << 4); /* not enabled */
    run_to(SIM_STOP_WAITING, CODE + 12);
    sim_core_set_lines(core, 1 << 5);
    sim_core_run(core, 1);
    assert_int_equal(core->pc, VECTORS + 0x100);
    sim_core_run(core,
                 5); /* interrupts are on again in the handler, and its own line does not interrupt it */
    assert_int_equal(core->pc, CODE + 0x514);
    assert_int_equal(get(S6), 1);
    assert_int_equal(get(A1), 0x80000005);
    sim_core_set_lines(core, 0);
    run_to(SIM_STOP_BREAK, CODE + 16);
    assert_int_equal(get(A0), 1);
}

TEST_CORE(a_higher_priority_interrupts_a_handler_and_a_low_one_waits)
{
    start((sim_riscv_features_t){0});
    load_handlers();
    sim_riscv_controller_t *controller = sim_riscv_controller(core);
    controller->enabled = 1 << 3 | 1 << 5 | 1 << 6;
    controller->priority[3] = 1;
    controller->priority[5] = 2;
    controller->priority[6] = 7;
    controller->threshold = 2;
    run_to(SIM_STOP_WAITING, CODE + 12);
    sim_core_set_lines(core, 1 << 3 | 1 << 5);
    sim_core_run(core, 4);
    assert_int_equal(get(A1), 0x80000005);
    sim_core_set_lines(core, 1 << 3 | 1 << 5 | 1 << 6);
    sim_core_run(core, 2);
    assert_int_equal(get(A1), 0x80000006);
    assert_int_equal(get(S6), 1);
    sim_core_set_lines(core, 1 << 3); /* below the threshold */
    sim_core_run(core, 5);
    assert_int_equal(core->pc, CODE + 0x50c); /* back in the first handler, which has not saved its mepc */
    assert_int_equal(get(S6), 2);
}

TEST_CORE(a_clic_keeps_the_level_in_mcause_and_goes_where_the_line_says)
{
    start((sim_riscv_features_t){.has_clic = true});
    load_handlers();
    code[3] = 0x307a1073; /* csrrw zero,mtvt,s4 */
    code[4] = 0x00150513; /* addi a0,a0,1 */
    code[5] = 0x00100073; /* ebreak */
    code[2] = 0x00000013; /* no wfi */
    ram[16 + 6] = VECTORS + 0x104;
    set(S4, RAM);
    sim_riscv_controller_t *controller = sim_riscv_controller(core);
    controller->enabled = 1 << 5 | 1 << 6;
    controller->priority[5] = 0x3F;
    controller->priority[6] = 0x7F;
    controller->vectored = 1 << 6;
    controller->threshold = 0x3F;
    sim_core_set_lines(core, 1 << 5); /* not above the threshold */
    sim_core_run(core, 4);
    assert_int_equal(core->pc, CODE + 16);
    controller->threshold = 0x1F;
    sim_core_set_lines(core, 1 << 5);
    sim_core_run(core, 4); /* to the base, whatever mtvec's mode */
    assert_int_equal(get(A1), 0xB8000015);
    assert_int_equal(core->pc, CODE + 0x50c);
    sim_core_set_lines(core, 1 << 5 | 1 << 6);
    sim_core_run(core, 1); /* through the table to the second instruction */
    assert_int_equal(core->pc, CODE + 0x508);
    sim_core_set_lines(core, 0);
}

/* ---- what stops ---- */

TEST_CORE(what_is_no_instruction_of_this_core_stops_with_its_bytes)
{
    static const uint32_t BAD[] = {0x00000000,
                                   0xFFFFFFFF,
                                   0x5c002573 /* csrr a0,0x5c0 */,
                                   0xf1451073 /* csrw mhartid,a0 */,
                                   0x00b5262f /* amoadd.w a2,a1,(a0) */,
                                   0xf00580d3 /* fmv.w.x ft1,a1 */,
                                   0x00152227 /* fsw ft1,4(a0) */,
                                   0x00452107 /* flw ft2,4(a0) */,
                                   0x00053003 /* ld zero,0(a0) */,
                                   0x00053023 /* sd zero,0(a0) */,
                                   0x02051513 /* slli a0,a0,32 */,
                                   0x04b50533 /* op with another funct7 */,
                                   0x00052563 /* a branch that is none */,
                                   0x0000200f /* no fence */};
    start((sim_riscv_features_t){0});
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        code[0] = BAD[i];
        sim_core_reset(core, CODE);
        set(A0, RAM);
        sim_stop_t stop = sim_core_run(core, 10);
        assert_int_equal(stop.reason, SIM_STOP_ILLEGAL);
        assert_int_equal(stop.pc, CODE);
        assert_int_equal(stop.address, (BAD[i] & 3) == 3 ? BAD[i] : BAD[i] & 0xFFFF);
    }
    assert_int_equal(core->count, 0);
}

TEST_CORE(an_access_to_nothing_stops_with_its_address)
{
    start((sim_riscv_features_t){0});
    code[0] = 0x00452603; /* lw a2,4(a0) */
    code[1] = 0xfeb52e23; /* sw a1,-4(a0) */
    set(A0, 0x1000);
    sim_stop_t stop = sim_core_run(core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, 0x1004);
    assert_false(stop.is_store);
    core->pc += 4;
    set(A0, CODE + 4);
    stop = sim_core_run(core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, CODE);
    assert_true(stop.is_store);
    core->pc = 0x70000000;
    stop = sim_core_run(core, 10);
    assert_int_equal(stop.reason, SIM_STOP_ACCESS);
    assert_int_equal(stop.address, 0x70000000);
    assert_int_equal(stop.pc, 0x70000000);
}

/* ---- extensions ---- */

TEST_CORE(atomic_operations_return_what_was_there)
{
    PROGRAM(0x00b5262f,  /* amoadd.w a2,a1,(a0) */
            0x08b526af,  /* amoswap.w a3,a1,(a0) */
            0x20b5272f,  /* amoxor.w a4,a1,(a0) */
            0x40b527af,  /* amoor.w a5,a1,(a0) */
            0x60b5282f,  /* amoand.w a6,a1,(a0) */
            0x80b528af,  /* amomin.w a7,a1,(a0) */
            0xe0b5292f,  /* amomaxu.w s2,a1,(a0) */
            0x100529af,  /* lr.w s3,(a0) */
            0x18b52a2f,  /* sc.w s4,a1,(a0) */
            0x18b52aaf,  /* sc.w s5,a1,(a0) */
            0x00100073); /* ebreak */
    start((sim_riscv_features_t){.has_atomics = true});
    ram[0] = 7;
    set(A0, RAM);
    set(A1, 0xFFFFFFF0);
    run_to(SIM_STOP_BREAK, CODE + 40);
    const uint32_t expected[] = {7,          0xFFFFFFF7, 0xFFFFFFF0, 0, 0xFFFFFFF0,
                                 0xFFFFFFF0, 0xFFFFFFF0, 0xFFFFFFF0, 0, 1};
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(get(A2 + i), expected[i]);
    }
}

TEST_CORE(numbers_of_floating_point_are_moved_only)
{
    PROGRAM(0xf00580d3,  /* fmv.w.x ft1,a1 */
            0x00152227,  /* fsw ft1,4(a0) */
            0x00452107,  /* flw ft2,4(a0) */
            0xe0010653,  /* fmv.x.w a2,ft2 */
            0x0020f0d3); /* fadd.s ft1,ft1,ft2 */
    start((sim_riscv_features_t){.has_float = true});
    set(A0, RAM);
    set(A1, 0x3F800000);
    run_to(SIM_STOP_ILLEGAL, CODE + 16);
    assert_int_equal(ram[1], 0x3F800000);
    assert_int_equal(get(A2), 0x3F800000);
}

typedef struct {
    uint16_t compressed;
    uint32_t full;
} expansion_t;

static const expansion_t EXPANSIONS[] = {
    {0x1FE8, 0x3FC10513}, /* c.addi4spn a0,sp,1020 */
    {0x005C, 0x00410793}, /* c.addi4spn a5,sp,4 */
    {0x5FE8, 0x07C7A503}, /* c.lw a0,124(a5) */
    {0x4024, 0x04042483}, /* c.lw s1,64(s0) */
    {0xDFC8, 0x02A7AE23}, /* c.sw a0,60(a5) */
    {0x0001, 0x00000013}, /* c.nop */
    {0x1F81, 0xFE0F8F93}, /* c.addi t6,-32 */
    {0x42FD, 0x01F00293}, /* c.li t0,31 */
    {0x7685, 0xFFFE16B7}, /* c.lui a3,0xfffe1 */
    {0x66FD, 0x0001F6B7}, /* c.lui a3,0x1f */
    {0x7101, 0xE0010113}, /* c.addi16sp sp,-512 */
    {0x617D, 0x1F010113}, /* c.addi16sp sp,496 */
    {0x817D, 0x01F55513}, /* c.srli a0,31 */
    {0x8485, 0x4014D493}, /* c.srai s1,1 */
    {0x9B65, 0xFF977713}, /* c.andi a4,-7 */
    {0x8D1D, 0x40F50533}, /* c.sub a0,a5 */
    {0x8DB9, 0x00E5C5B3}, /* c.xor a1,a4 */
    {0x8E55, 0x00D66633}, /* c.or a2,a3 */
    {0x8C65, 0x00947433}, /* c.and s0,s1 */
    {0x0FC6, 0x011F9F93}, /* c.slli t6,17 */
    {0x50FE, 0x0FC12083}, /* c.lwsp ra,252(sp) */
    {0xDF6E, 0x0BB12E23}, /* c.swsp s11,188(sp) */
    {0x8502, 0x00050067}, /* c.jr a0 */
    {0x9302, 0x000300E7}, /* c.jalr t1 */
    {0x88E6, 0x019008B3}, /* c.mv a7,s9 */
    {0x98E6, 0x019888B3}, /* c.add a7,s9 */
    {0x9002, 0x00100073}, /* c.ebreak */
    {0xB001, 0x801FF06F}, /* c.j .-2048 */
    {0xAB99, 0x5560006F}, /* c.j .+1366 */
    {0x246D, 0x2AA000EF}, /* c.jal .+682 */
    {0x363D, 0xB2FFF0EF}, /* c.jal .-1234 */
    {0xD101, 0xF00500E3}, /* c.beqz a0,.-256 */
    {0xE4CD, 0x0A049563}, /* c.bnez s1,.+170 */
    {0x6140, 0x00452407}, /* c.flw fs0,4(a0) */
    {0xE500, 0x00852427}, /* c.fsw fs0,8(a0) */
    {0x64B2, 0x00C12487}, /* c.flwsp fs1,12(sp) */
    {0xE826, 0x00912827}, /* c.fswsp fs1,16(sp) */
};

TEST_ROWS(a_compressed_instruction_stands_for_one_of_four_bytes, EXPANSIONS)
{
    assert_int_equal(sim_riscv_expand(row->compressed, true), row->full);
}

TEST(reserved_codes_stand_for_nothing)
{
    /* Illegal for ever; addi4spn, addi16sp and lui of 0; srli and slli by 33; subw; lwsp to x0; jr x0; fld and fsd;
     * a reserved one; fldsp and fsdsp. */
    static const uint16_t RESERVED[] = {0x0000, 0x0004, 0x6101, 0x6581, 0x9105, 0x1506, 0x9C01,
                                        0x4002, 0x8002, 0x2000, 0xA000, 0x8000, 0x2002, 0xA002};
    for (size_t i = 0; i < sizeof(RESERVED) / sizeof(RESERVED[0]); i++) {
        assert_int_equal(sim_riscv_expand(RESERVED[i], true), 0);
    }
    assert_int_equal(sim_riscv_expand(0x6140, false), 0); /* c.flw without F */
}
