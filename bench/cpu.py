#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Instructions of the library per byte written and read, counted by callgrind: cpu.py EL_BENCH_CPU RESULTS.json

Counts what is executed while esp_loader_flash_write() or, in EL_BENCH_CPU-read, esp_loader_flash_read() runs, C library
included, but for the port. x86-64, -O2, MD5 unrolled as in the command-line tool; written in blocks of 1 KiB; read through a first-generation
port. The count is exact, so the bound is exact.
"""
import json
import re
import subprocess
import sys

WRITE_BOUND, READ_BOUND = 15.0, 30.0
BYTES = 1024 * 1024


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("cpu: %s failed:\n%s%s" % (command[0], done.stdout, done.stderr))
    return done.stdout


def count(program, function, folder):
    """Instructions per function of the library."""
    path = folder + "/callgrind.out"
    run("valgrind", "--tool=callgrind", "--toggle-collect=" + function, "--callgrind-out-file=" + path, program)
    functions = {}
    for line in run("callgrind_annotate", "--threshold=100", "--show-percs=no", path).splitlines():
        match = re.match(r"\s*([\d,]+)\s+(\S+):(\w+)", line)
        if match and not re.search(r"bench/cpu\w*\.c$", match[2]):
            name = match[3]
            functions[name] = functions.get(name, 0) + int(match[1].replace(",", ""))
    return functions


def judge(program, function, folder, bound):
    """Prints what a function costs; what it costs per byte, in all and by function."""
    functions = count(program, function, folder)
    total = sum(functions.values())
    print("Instructions of the library per byte, x86-64 -O2, MD5 unrolled, %s" % function)
    for name, instructions in sorted(functions.items(), key=lambda item: -item[1])[:8]:
        print("  %-28s %6.2f" % (name, instructions / BYTES))
    print("  %-28s %6.2f of %.2f" % ("all", total / BYTES, bound))
    if total < BYTES:
        sys.exit("cpu: that cannot be: callgrind did not see the library")
    return total / BYTES, {name: round(n / BYTES, 3) for name, n in functions.items()}


def main():
    program, results = sys.argv[1:]
    folder = results.rsplit("/", 1)[0]
    written, functions = judge(program, "esp_loader_flash_write", folder, WRITE_BOUND)
    read, reading = judge(program + "-read", "esp_loader_flash_read", folder, READ_BOUND)
    with open(results, "w") as file:
        json.dump({"instructions_per_byte": round(written, 3), "bound": WRITE_BOUND, "functions": functions,
                   "read_instructions_per_byte": round(read, 3), "read_bound": READ_BOUND, "read_functions": reading},
                  file, indent=2)
    return 1 if written > WRITE_BOUND or read > READ_BOUND else 0


if __name__ == "__main__":
    sys.exit(main())
