/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * State of an Xtensa core, and what all its instructions are written with: registers of the current window,
 * fields of an instruction, jumps. Registers, encodings and exceptions: Xtensa Instruction Set Architecture
 * Reference Manual.
 */
#ifndef SIM_XTENSA_STATE_H
#define SIM_XTENSA_STATE_H

#include "core/xtensa.h"

/** Numbers of special registers, as RSR and WSR name them. */
enum {
    XT_LBEG = 0,
    XT_LEND = 1,
    XT_LCOUNT = 2,
    XT_SAR = 3,
    XT_SCOMPARE1 = 12,
    XT_WINDOWBASE = 72,
    XT_WINDOWSTART = 73,
    XT_EPC1 = 177,
    XT_DEPC = 192,
    XT_EPS1 = 193, /* there is none; those of levels 2 to 7 follow */
    XT_CPENABLE = 224,
    XT_INTERRUPT = 226, /* written as INTSET */
    XT_INTCLEAR = 227,
    XT_INTENABLE = 228,
    XT_PS = 230,
    XT_VECBASE = 231,
    XT_EXCCAUSE = 232,
    XT_DEBUGCAUSE = 233,
    XT_CCOUNT = 234,
    XT_PRID = 235,
    XT_EXCVADDR = 238,
};

/** Fields of PS. */
enum {
    XT_PS_INTLEVEL = 0xF,
    XT_PS_EXCM = 1 << 4,
    XT_PS_UM = 1 << 5,
    XT_PS_OWB = 0xF << 8,
    XT_PS_OWB_SHIFT = 8,
    XT_PS_CALLINC = 3 << 16,
    XT_PS_CALLINC_SHIFT = 16,
    XT_PS_WOE = 1 << 18,
};

enum { XT_LEVEL_NMI = 7 };

/** Values of EXCCAUSE. */
enum {
    XT_CAUSE_ILLEGAL = 0,
    XT_CAUSE_SYSCALL = 1,
    XT_CAUSE_INTERRUPT = 4, /* of level 1 */
    XT_CAUSE_ALLOCA = 5,
    XT_CAUSE_DIVIDE = 6,
    XT_CAUSE_ALIGNMENT = 9,
};

enum { XT_REGISTERS = 64 };

/** Lines that only INTSET raises; XCHAL_INTTYPE_MASK_SOFTWARE in ESP-IDF. */
enum { XT_SOFTWARE_INTERRUPTS = 0x20000080 };

typedef struct {
    sim_core_t core;
    uint32_t ar[XT_REGISTERS];
    unsigned windows; /* places for one, four registers each: a power of two */
    unsigned reach;   /* registers of the window that belong to no caller: 4, 8, 12 or 16 */
    uint32_t next_pc;
    bool has_jumped; /* not to the next instruction by falling through */
    bool is_waiting;
    bool is_stopped;
    sim_stop_t stop;
    uint32_t ccount_offset; /* CCOUNT is this more than core.count */
    uint32_t special[256];
    uint32_t user[256];
} xtensa_t;

/* Fields of an instruction; bits 19:16 and 23:20 of a narrow one belong to the next. */
static inline unsigned xt_op0(uint32_t insn)
{
    return insn & 0xF;
}

static inline unsigned xt_t(uint32_t insn)
{
    return insn >> 4 & 0xF;
}

static inline unsigned xt_s(uint32_t insn)
{
    return insn >> 8 & 0xF;
}

static inline unsigned xt_r(uint32_t insn)
{
    return insn >> 12 & 0xF;
}

static inline unsigned xt_op1(uint32_t insn)
{
    return insn >> 16 & 0xF;
}

static inline unsigned xt_op2(uint32_t insn)
{
    return insn >> 20 & 0xF;
}

static inline uint32_t xt_imm8(uint32_t insn)
{
    return insn >> 16 & 0xFF;
}

/** n and m, the halves of t, where it is divided. */
static inline unsigned xt_n(uint32_t insn)
{
    return insn >> 4 & 3;
}

static inline unsigned xt_m(uint32_t insn)
{
    return insn >> 6 & 3;
}

/** The lowest @p bits of a value, with their sign. */
static inline uint32_t xt_signed(uint32_t value, unsigned bits)
{
    uint32_t sign = UINT32_C(1) << (bits - 1);
    value &= (sign << 1) - 1;
    return (value ^ sign) - sign;
}

/** A register of the current window. */
static inline uint32_t *xt_a(xtensa_t *xt, unsigned number)
{
    return &xt->ar[(xt->special[XT_WINDOWBASE] * 4 + number) & (4 * xt->windows - 1)];
}

/** Where to go after this instruction, if not to the next; also ends no round of a loop. */
static inline void xt_jump(xtensa_t *xt, uint32_t target)
{
    xt->next_pc = target;
    xt->has_jumped = true;
}

/* xtensa_state.c */
/** The run ends before this instruction. */
void xt_stop(xtensa_t *xt, sim_stop_reason_t reason, uint32_t address);
/** An instruction that this core does not have: the run stops. */
void xt_invalid(xtensa_t *xt, uint32_t insn);
void xt_set_ps(xtensa_t *xt, uint32_t ps);
void xt_set_window(xtensa_t *xt, uint32_t base);
/** Does a function that has not been saved have its registers there? Any number of a window, modulo their count. */
bool xt_is_window_start(const xtensa_t *xt, uint32_t window);
/** To be called after a change of WINDOWSTART. */
void xt_window_changed(xtensa_t *xt);

/* xtensa_exception.c */
void xt_raise(xtensa_t *xt, unsigned cause);
/** Takes the highest interrupt that may be taken now; false: there is none. */
bool xt_take_interrupt(xtensa_t *xt);

/* xtensa_memory.c; false: the run stops, the instruction is not executed. */
bool xt_load(xtensa_t *xt, uint32_t address, unsigned size, uint32_t *value);
bool xt_store(xtensa_t *xt, uint32_t address, unsigned size, uint32_t value);
void xt_l32r(xtensa_t *xt, uint32_t insn);
void xt_execute_lsai(xtensa_t *xt, uint32_t insn);
void xt_execute_lsc4(xtensa_t *xt, uint32_t insn);

/* xtensa_special.c */
void xt_rsr(xtensa_t *xt, uint32_t insn);
void xt_wsr(xtensa_t *xt, uint32_t insn);
void xt_xsr(xtensa_t *xt, uint32_t insn);

/* xtensa_window.c */
/** True: the instruction uses registers of a caller; the exception that saves them has been raised. */
bool xt_window_overflows(xtensa_t *xt, uint32_t insn);
void xt_call(xtensa_t *xt, unsigned windows, uint32_t target);
void xt_entry(xtensa_t *xt, uint32_t insn);
void xt_retw(xtensa_t *xt);
void xt_movsp(xtensa_t *xt, uint32_t insn);
/** RFWO and RFWU: the handler's window now is, or no longer is, one with registers of its own. */
void xt_return_from_window(xtensa_t *xt, bool is_loaded);

/** The highest register of the window that an instruction names; xtensa_operands.c. */
unsigned xt_highest_register(const xtensa_t *xt, uint32_t insn);

/* One function per group of instructions, named as in the manual's opcode maps. */
void xt_execute_st0(xtensa_t *xt, uint32_t insn);
void xt_execute_st1(xtensa_t *xt, uint32_t insn);
void xt_execute_rst0(xtensa_t *xt, uint32_t insn);
void xt_execute_rst1(xtensa_t *xt, uint32_t insn);
void xt_execute_rst2(xtensa_t *xt, uint32_t insn);
void xt_execute_rst3(xtensa_t *xt, uint32_t insn);
void xt_extui(xtensa_t *xt, uint32_t insn);
void xt_execute_si(xtensa_t *xt, uint32_t insn);
void xt_execute_b(xtensa_t *xt, uint32_t insn);
void xt_execute_narrow(xtensa_t *xt, uint32_t insn);

#endif
