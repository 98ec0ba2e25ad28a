#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Instructions of the library per byte written, counted by callgrind: cpu.py EL_BENCH_CPU RESULTS.json

Counts what is executed while esp_loader_flash_write() runs, C library included, but for the port. x86-64,
-O2, MD5 unrolled as in the command-line tool, blocks of 1 KiB. The count is exact, so the bound is exact.
"""
import json
import re
import subprocess
import sys

BOUND = 15.0
BYTES = 1024 * 1024


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("cpu: %s failed:\n%s%s" % (command[0], done.stdout, done.stderr))
    return done.stdout


def count(program, folder):
    """Instructions per function of the library."""
    path = folder + "/callgrind.out"
    run("valgrind", "--tool=callgrind", "--toggle-collect=esp_loader_flash_write", "--callgrind-out-file=" + path, program)
    functions = {}
    for line in run("callgrind_annotate", "--threshold=100", "--show-percs=no", path).splitlines():
        match = re.match(r"\s*([\d,]+)\s+(\S+):(\w+)", line)
        if match and not match[2].endswith("bench/cpu.c"):
            name = match[3]
            functions[name] = functions.get(name, 0) + int(match[1].replace(",", ""))
    return functions


def main():
    program, results = sys.argv[1:]
    functions = count(program, results.rsplit("/", 1)[0])
    total = sum(functions.values())
    print("Instructions of the library per byte, x86-64 -O2, MD5 unrolled, blocks of 1 KiB")
    for name, instructions in sorted(functions.items(), key=lambda item: -item[1])[:8]:
        print("  %-28s %6.2f" % (name, instructions / BYTES))
    print("  %-28s %6.2f of %.2f" % ("all", total / BYTES, BOUND))
    with open(results, "w") as file:
        json.dump({"instructions_per_byte": round(total / BYTES, 3), "bound": BOUND,
                   "functions": {name: round(n / BYTES, 3) for name, n in functions.items()}}, file, indent=2)
    if total < BYTES:
        sys.exit("cpu: that cannot be: callgrind did not see the library")
    return 1 if total / BYTES > BOUND else 0


if __name__ == "__main__":
    sys.exit(main())
