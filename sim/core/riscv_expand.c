/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compressed instructions (extension C) as the ones of 4 bytes that they stand for. Source: The RISC-V Instruction Set
 * Manual, volume I, chapter 16.
 */
#include "core/riscv.h"

enum {
    LOAD = 0x03,
    LOAD_FP = 0x07,
    OP_IMM = 0x13,
    STORE = 0x23,
    STORE_FP = 0x27,
    OP = 0x33,
    LUI = 0x37,
    BRANCH = 0x63,
    JALR = 0x67,
    JAL = 0x6F,
    EBREAK = 0x00100073,
    RA = 1,
    SP = 2,
};

/* ---- the formats of 4 bytes ---- */

static uint32_t type_r(unsigned funct7, unsigned rs2, unsigned rs1, unsigned funct3, unsigned rd)
{
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | OP;
}

static uint32_t type_i(uint32_t opcode, uint32_t imm, unsigned rs1, unsigned funct3, unsigned rd)
{
    return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static uint32_t type_s(uint32_t opcode, uint32_t imm, unsigned rs2, unsigned rs1, unsigned funct3)
{
    return (imm >> 5 & 0x7F) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 0x1F) << 7 | opcode;
}

static uint32_t type_b(uint32_t imm, unsigned rs1, unsigned funct3)
{
    return (imm >> 12 & 1) << 31 | (imm >> 5 & 0x3F) << 25 | rs1 << 15 | funct3 << 12 |
           (imm >> 1 & 0xF) << 8 | (imm >> 11 & 1) << 7 | BRANCH;
}

static uint32_t type_j(uint32_t imm, unsigned rd)
{
    return (imm >> 20 & 1) << 31 | (imm >> 1 & 0x3FF) << 21 | (imm >> 11 & 1) << 20 |
           (imm >> 12 & 0xFF) << 12 | rd << 7 | JAL;
}

/* ---- fields of the formats of 2 bytes ---- */

/* Bits [low + width - 1 : low] of the code, put at bit @p to. */
static uint32_t field(uint16_t code, unsigned low, unsigned width, unsigned to)
{
    return ((uint32_t)code >> low & ((1u << width) - 1)) << to;
}

static uint32_t signed_from(uint32_t value, unsigned sign_bit)
{
    uint32_t sign = 1u << sign_bit;
    return (value ^ sign) - sign;
}

static unsigned register_at(uint16_t code, unsigned low)
{
    return (unsigned)field(code, low, 5, 0);
}

/* One of x8 to x15. */
static unsigned short_register_at(uint16_t code, unsigned low)
{
    return 8 + (unsigned)field(code, low, 3, 0);
}

static uint32_t imm6(uint16_t code)
{
    return signed_from(field(code, 12, 1, 5) | field(code, 2, 5, 0), 5);
}

static uint32_t word_offset(uint16_t code) /* C.LW, C.SW and of F */
{
    return field(code, 10, 3, 3) | field(code, 6, 1, 2) | field(code, 5, 1, 6);
}

static uint32_t jump_offset(uint16_t code)
{
    return signed_from(field(code, 12, 1, 11) | field(code, 11, 1, 4) | field(code, 9, 2, 8) |
                           field(code, 8, 1, 10) | field(code, 7, 1, 6) | field(code, 6, 1, 7) |
                           field(code, 3, 3, 1) | field(code, 2, 1, 5),
                       11);
}

static uint32_t branch_offset(uint16_t code)
{
    return signed_from(field(code, 12, 1, 8) | field(code, 10, 2, 3) | field(code, 5, 2, 6) |
                           field(code, 3, 2, 1) | field(code, 2, 1, 5),
                       8);
}

/* ---- quadrants ---- */

static uint32_t expand_0(uint16_t code, bool has_float)
{
    unsigned rd = short_register_at(code, 2), rs1 = short_register_at(code, 7);
    uint32_t imm = field(code, 11, 2, 4) | field(code, 7, 4, 6) | field(code, 6, 1, 2) | field(code, 5, 1, 3);
    switch (code >> 13) {
    case 0: /* C.ADDI4SPN; all zeros are illegal for ever */
        return imm == 0 ? 0 : type_i(OP_IMM, imm, SP, 0, rd);
    case 2: /* C.LW */
        return type_i(LOAD, word_offset(code), rs1, 2, rd);
    case 3: /* C.FLW */
        return has_float ? type_i(LOAD_FP, word_offset(code), rs1, 2, rd) : 0;
    case 6: /* C.SW */
        return type_s(STORE, word_offset(code), rd, rs1, 2);
    case 7: /* C.FSW */
        return has_float ? type_s(STORE_FP, word_offset(code), rd, rs1, 2) : 0;
    default:
        return 0;
    }
}

static uint32_t expand_arithmetic(uint16_t code)
{
    static const uint8_t FUNCT3[] = {0, 4, 6, 7}; /* C.SUB, C.XOR, C.OR, C.AND */
    unsigned rd = short_register_at(code, 7), rs2 = short_register_at(code, 2);
    unsigned which = (unsigned)field(code, 5, 2, 0);
    bool is_high = (code >> 12 & 1) != 0; /* a shift of 32 or more; the instructions on words of RV64 */
    switch (code >> 10 & 3) {
    case 0: /* C.SRLI */
        return is_high ? 0 : type_i(OP_IMM, imm6(code) & 0x1F, rd, 5, rd);
    case 1: /* C.SRAI */
        return is_high ? 0 : type_i(OP_IMM, (imm6(code) & 0x1F) | 0x400, rd, 5, rd);
    case 2: /* C.ANDI */
        return type_i(OP_IMM, imm6(code), rd, 7, rd);
    default:
        return is_high ? 0 : type_r(which == 0 ? 0x20 : 0, rs2, rd, FUNCT3[which], rd);
    }
}

static uint32_t expand_1(uint16_t code)
{
    unsigned rd = register_at(code, 7);
    switch (code >> 13) {
    case 0: /* C.ADDI, C.NOP */
        return type_i(OP_IMM, imm6(code), rd, 0, rd);
    case 1: /* C.JAL */
        return type_j(jump_offset(code), RA);
    case 2: /* C.LI */
        return type_i(OP_IMM, imm6(code), 0, 0, rd);
    case 3:
        if (imm6(code) == 0) {
            return 0;
        }
        if (rd == SP) { /* C.ADDI16SP */
            uint32_t imm = field(code, 12, 1, 9) | field(code, 6, 1, 4) | field(code, 5, 1, 6) |
                           field(code, 3, 2, 7) | field(code, 2, 1, 5);
            return type_i(OP_IMM, signed_from(imm, 9), SP, 0, SP);
        }
        return imm6(code) << 12 | rd << 7 | LUI; /* C.LUI */
    case 4:
        return expand_arithmetic(code);
    case 5: /* C.J */
        return type_j(jump_offset(code), 0);
    case 6: /* C.BEQZ */
        return type_b(branch_offset(code), short_register_at(code, 7), 0);
    default: /* C.BNEZ */
        return type_b(branch_offset(code), short_register_at(code, 7), 1);
    }
}

static uint32_t expand_register(uint16_t code)
{
    unsigned rd = register_at(code, 7), rs2 = register_at(code, 2);
    bool is_second = (code >> 12 & 1) != 0;
    if (rs2 != 0) { /* C.ADD, C.MV */
        return type_r(0, rs2, is_second ? rd : 0, 0, rd);
    }
    if (rd != 0) { /* C.JALR, C.JR */
        return type_i(JALR, 0, rd, 0, is_second ? RA : 0);
    }
    return is_second ? (uint32_t)EBREAK : 0;
}

static uint32_t expand_2(uint16_t code, bool has_float)
{
    unsigned rd = register_at(code, 7), rs2 = register_at(code, 2);
    uint32_t load = field(code, 12, 1, 5) | field(code, 4, 3, 2) | field(code, 2, 2, 6);
    uint32_t store = field(code, 9, 4, 2) | field(code, 7, 2, 6);
    switch (code >> 13) {
    case 0: /* C.SLLI */
        return (code >> 12 & 1) != 0 ? 0 : type_i(OP_IMM, rs2, rd, 1, rd);
    case 2: /* C.LWSP */
        return rd == 0 ? 0 : type_i(LOAD, load, SP, 2, rd);
    case 3: /* C.FLWSP */
        return has_float ? type_i(LOAD_FP, load, SP, 2, rd) : 0;
    case 4:
        return expand_register(code);
    case 6: /* C.SWSP */
        return type_s(STORE, store, rs2, SP, 2);
    case 7: /* C.FSWSP */
        return has_float ? type_s(STORE_FP, store, rs2, SP, 2) : 0;
    default:
        return 0;
    }
}

uint32_t sim_riscv_expand(uint16_t code, bool has_float)
{
    switch (code & 3) {
    case 0:
        return expand_0(code, has_float);
    case 1:
        return expand_1(code);
    case 2:
        return expand_2(code, has_float);
    default:
        return 0;
    }
}
