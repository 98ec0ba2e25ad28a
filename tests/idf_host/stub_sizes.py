#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What the flasher stub of each chip costs on the host: bytes of constants, measured for rv32imc.

Usage: stub_sizes.py BUILD_FOLDER STUB_FOLDER [PAGE]. With a page it checks that the page states them, in rows
"| <chip> | <bytes> |" and one "| all | <bytes> |".
"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLAGS = ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs", "-std=c11", "-Os", "-DESP_LOADER_HAS_STUBS",
         "-I" + ROOT + "/include", "-I" + ROOT + "/src"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("stub_sizes: %s failed:\n%s" % (command[0], done.stderr))
    return done.stdout


def compiled(folder, source, chips):
    output = os.path.join(folder, os.path.basename(source) + ".o")
    run("riscv64-unknown-elf-gcc", *FLAGS, "-DESP_LOADER_CHIPS=%d" % chips, "-c", source, "-o", output)
    return output


def constants(output):
    text, data, bss = run("riscv64-unknown-elf-size", output).splitlines()[1].split()[:3]
    if data != "0" or bss != "0":
        sys.exit("stub_sizes: %s takes RAM" % output)
    return int(text)


def size(folder, stubs, chips):
    """Of the table, and of the images that it names: the linker leaves out the others, and what programs name."""
    table = compiled(folder, os.path.join(stubs, "stub_table.c"), chips)
    total = constants(table)
    named = re.findall(r"eli_stub_image_\w+", run("riscv64-unknown-elf-nm", "-u", table))
    for source in glob.glob(os.path.join(stubs, "stub_esp*.c")):
        symbols = run("riscv64-unknown-elf-nm", "-S", compiled(folder, source, chips))
        total += sum(int(size_of, 16) for size_of, image in re.findall(r"^\w+ (\w+) R (eli_stub_image_\w+)$", symbols, re.M)
                     if image in named)
    return total


def chips():
    """Numbers of target_chip_t and the names that people use."""
    header = open(ROOT + "/src/target/selection.h").read()
    for name, number in re.findall(r"ELI_HAS_(ESP[0-9A-Z]+) +\(ESP_LOADER_CHIPS & 1 << (\d+)", header):
        yield int(number), re.sub(r"^ESP32(?=\w)", "ESP32-", name)


def main():
    folder, stubs = sys.argv[1:3]
    page = open(sys.argv[3]).read() if len(sys.argv) > 3 else None
    os.makedirs(folder, exist_ok=True)
    nothing = size(folder, stubs, 0)
    rows = [(name, size(folder, stubs, 1 << number) - nothing) for number, name in chips()]
    rows.append(("all", sum(bytes_of for _, bytes_of in rows)))
    failed = False
    for name, bytes_of in rows:
        is_wrong = page is not None and "| %s | %d |" % (name, bytes_of) not in page
        failed |= is_wrong
        print("%-10s %6d%s" % (name, bytes_of, " NOT in the page" if is_wrong else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
