#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The simulator's Xtensa core beside QEMU's dc233c: compare.py EXECUTE COUNT [FIRST]. COUNT random programs (programs.py) run
# on both and must leave the same registers and the same memory; what QEMU disassembles must be what the programs were made
# to be. The dc233c has the windows, loops, density, multiplication, division and exceptions of an ESP32-S3, but 32
# registers instead of 64, and neither MULUH, MULSH, SALT, SALTU nor accesses that are not aligned:
# tests/simulator/core/xtensa_test.c has those.
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import programs  # noqa: E402

# Instruction by instruction: with blocks of them, QEMU 7.2 gives another result for one program in some hundred.
QEMU = ("qemu-system-xtensa", "-M", "sim", "-cpu", "dc233c", "-nographic", "-monitor", "none", "-serial", "none",
        "-semihosting", "-singlestep", "-d", "in_asm")
TIMEOUT = 60
SHOWN = 12


def run_qemu(file, log):
    return subprocess.run((*QEMU, "-D", log, "-device", f"loader,file={file},addr={programs.BASE:#x},force-raw=on",
                           "-device", f"loader,addr={programs.START:#x},cpu-num=0"),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, timeout=TIMEOUT).stdout


def run_ours(execute, file):
    return subprocess.run((execute, file, hex(programs.BASE), hex(programs.START)),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=TIMEOUT).stdout


def differences(expected, found):
    """Words that differ, as text."""
    if len(found) != len(expected):
        yield f"{len(found)} bytes instead of {len(expected)}"
    for at in range(0, min(len(found), len(expected)), 4):
        if found[at:at + 4] != expected[at:at + 4]:
            name = programs.DUMPED[at // 4] if at // 4 < len(programs.DUMPED) else f"word {at // 4}"
            yield f"{name}: {found[at:at + 4][::-1].hex()} instead of {expected[at:at + 4][::-1].hex()}"


def disassembled(log, program, executed):
    """Instructions that QEMU reads otherwise than we meant them; adds the names of all to `executed`."""
    for line in log.read_text().splitlines():
        address, _, text = line.partition(":")
        if address.startswith("0x"):
            text, meant = " ".join(text.split()), program.listing.get(int(address, 16))
            if meant is not None:
                executed.add(text.split()[0])
                if meant != text:
                    yield f"{address}: '{text}', meant was '{meant}'"


def main():
    execute, count, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    executed, named, failed = set(), set(), 0
    with tempfile.TemporaryDirectory() as name:
        file, log = Path(name) / "program.bin", Path(name) / "in_asm"
        for seed in range(first, first + count):
            program = programs.make(seed)
            file.write_bytes(program.code)
            named |= {text.split()[0] for text in program.listing.values()}
            expected = run_qemu(file, log)
            if len(expected) != programs.SIZE:
                sys.exit(f"program {seed} did not end in QEMU")
            wrong = [*differences(expected, run_ours(execute, file)), *disassembled(log, program, executed)]
            if wrong:
                failed += 1
                print(f"program {seed}:", *wrong[:SHOWN], sep="\n  ")
    if named != executed:
        sys.exit(f"never executed: {', '.join(sorted(named - executed))}")
    print(f"{count} programs, {len(executed)} kinds of instructions, {failed} programs differ")
    return 1 if failed else 0


sys.exit(main())
