#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The simulator's RISC-V core beside Unicorn's, which is QEMU's: compare.py EXECUTE COUNT. Every compressed instruction and
# COUNT random ones of four bytes, one at a time from random registers: both must take the same codes for instructions and
# leave the same registers, program counter and memory. Left out are floating point and what the privileged architecture
# defines: tests/simulator/core/riscv_test.c has them.
import random
import struct
import subprocess
import sys
import zlib

import unicorn
from unicorn import riscv_const as rv

CODE, DATA, SIZE = 0x10000, 0x20000, 0x2000
PC, MIDDLE = CODE + SIZE // 2, DATA + SIZE // 2
NAMES = [getattr(rv, f"UC_RISCV_REG_X{i}") for i in range(1, 32)]
LOAD, MISC, OP_IMM, AUIPC, STORE, AMO, OP, LUI, BRANCH, JALR, JAL = (
    0x03, 0x0F, 0x13, 0x17, 0x23, 0x2F, 0x33, 0x37, 0x63, 0x67, 0x6F)
OPCODES = (LOAD, MISC, OP_IMM, AUIPC, STORE, AMO, OP, OP, OP, LUI, BRANCH, JALR, JAL, 0x0B, 0x5B, 0x7B)
SHOWN = 20


def is_left_out(code):
    """Compressed floating point, EBREAK, and shifts by 32 and more, which RV32 leaves to others."""
    is_shift = code & 0xE003 == 0x0002 or code & 0xE803 == 0x8001
    return code == 0x9002 or (code & 3) in (0, 2) and code >> 13 in (1, 3, 5, 7) or is_shift and code >> 12 & 1 != 0


def size_of(code):
    return 4 if code & 3 == 3 else 2


def full_size(chance):
    """A random instruction of four bytes, more often than not one that there is."""
    code = chance.getrandbits(32) & ~0x7F | chance.choice(OPCODES)
    opcode = code & 0x7F
    if opcode in (OP, OP_IMM) and chance.random() < 0.8:
        code = code & 0x01FFFFFF | chance.choice((0, 1, 0x20)) << 25
    if opcode == AMO:
        code = code & ~0x7000 | 0x2000 if chance.random() < 0.9 else code
    if opcode == MISC:
        code &= 0x7000 | 0x7F
    return code


def registers(chance, code):
    """Half of them point into memory; an atomic operation wants an aligned address."""
    align = ~3 if code & 0x7F == AMO else ~0
    return [(MIDDLE + chance.randrange(-1500, 1500)) & align if chance.random() < 0.5 or code & 0x7F == AMO
            else chance.choice((chance.getrandbits(32), 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)) for _ in NAMES]


def expected(cpu, code, values):
    cpu.mem_write(PC, struct.pack("<I", code))
    cpu.ctl_remove_cache(PC, PC + 4)  # of translated code
    for name, value in zip(NAMES, values):
        cpu.reg_write(name, value)
    try:
        cpu.emu_start(PC, 0, count=1)
    except unicorn.UcError as error:
        if error.errno != unicorn.UC_ERR_FETCH_UNMAPPED:  # a jump went where nothing is
            return None
    return (cpu.reg_read(rv.UC_RISCV_REG_PC), *(cpu.reg_read(name) for name in NAMES),
            zlib.crc32(cpu.mem_read(DATA, SIZE)))


def main():
    execute, count = sys.argv[1], int(sys.argv[2])
    chance = random.Random(1)
    codes = [code for code in range(0x10000) if code & 3 != 3 and not is_left_out(code)]
    codes += [full_size(chance) for _ in range(count)]
    records = [(code, registers(chance, code)) for code in codes]
    ours = subprocess.run([execute], input=b"".join(struct.pack("<32I", code, *values) for code, values in records),
                          stdout=subprocess.PIPE, check=True).stdout
    cpu = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    cpu.mem_map(CODE, SIZE)
    cpu.mem_map(DATA, SIZE)
    executed = failed = 0
    for (code, values), found in zip(records, struct.iter_unpack("<34I", ours)):
        want = expected(cpu, code, values)
        executed += found[0]
        if want is not None and not found[0] and want[1:-1] == tuple(values) and want[0] == PC + size_of(code):
            want = None  # it passes over some codes that are reserved
        if (want is not None) != found[0] or want is not None and want != found[1:]:
            failed += 1
            if failed <= SHOWN:
                print(f"0x{code:08X}: {'executes' if found[0] else 'does not execute'}, expected", end=" ")
                print("that it does not" if want is None else [f"{a:x} {b:x}" for a, b in zip(want, found[1:]) if a != b])
    print(f"{len(records)} instructions, {executed} that execute, {failed} that differ")
    return 1 if failed or len(ours) != 136 * len(records) or executed < len(records) // 2 else 0


sys.exit(main())
