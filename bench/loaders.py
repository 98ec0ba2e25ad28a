#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What ROM loaders and stubs do for 256 KiB, counted while their code is executed: the table of docs/timing.md.

    scripts/fetch-roms roms
    bench/loaders.py EL_BENCH_LOADERS roms [--write | --check]

Without an option it prints the table and the speed of the emulation. --check fails when the page has another table, or when
the emulation executes less than 40 million instructions in a second of CPU time.
"""
import json
import subprocess
import sys
from pathlib import Path

DOC = Path(__file__).resolve().parents[1] / "docs/timing.md"
BEGIN, END = "<!-- table: made by bench/loaders.py -->", "<!-- end of table -->"
KIB, SPEED = 256, 40e6
CHIPS = {
    "ESP32": "esp32_rev300", "ESP32-S2": "esp32s2_rev0", "ESP32-S3": "esp32s3_rev0", "ESP32-C2": "esp32c2_rev100",
    "ESP32-C3": "esp32c3_rev300", "ESP32-C5": "esp32c5_rev100", "ESP32-C6": "esp32c6_rev0", "ESP32-C61": "esp32c61_rev100",
    "ESP32-H2": "esp32h2_rev0", "ESP32-P4": "esp32p4_rev300", "ESP32-S31": "esp32s31_rev0",
}


def count(program, chip, rom, loader):
    done = subprocess.run([program, chip.lower().replace("-", ""), rom, loader], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"loaders: {chip}, {loader}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def row(chip, result):
    begin, write, md5 = result["begin"], result["write"], result["md5"]
    erases = begin["sectors"] + write["sectors"], begin["blocks"] + write["blocks"]
    cells = [chip, result["loader"], result["wire"], f"{erases[0]} + {erases[1]}",
             *(f"{write[name] / KIB:.0f}" for name in ("programs", "reads", "polls", "commands")),
             f"{write['instructions'] / KIB / 1000:.0f}" if result["wire"] == "USB" else "–", f"{md5['reads'] / KIB:.0f}", f"{md5['instructions'] / KIB / 1000:.0f}",
             f"{(begin['instructions'] + write['instructions'] + md5['instructions']) / 1e6:.0f}"]
    return "| " + " | ".join(cells) + " |"


def table(results):
    head = ["chip", "loader", "wire", "erases: 4 + 64 KiB", "programs", "reads", "status reads", "SPI commands",
            "thousand instructions", "MD5: reads", "MD5: thousand instructions", "million instructions in all"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + [row(chip, result) for chip, result in results]) + "\n"


def main():
    program, roms, *options = sys.argv[1:]
    results = [(chip, count(program, chip, Path(roms) / f"{name}_rom.elf", loader))
               for chip, name in CHIPS.items() for loader in ("rom", "stub")]
    made = table(results)
    speed = sum(result["all"] for _, result in results) / sum(result["cpu_s"] for _, result in results)
    print(made + f"\n{speed / 1e6:.0f} million instructions in a second of CPU time")
    page = DOC.read_text()
    before, rest = page.split(BEGIN + "\n")
    after = rest.split(END)[1]
    wanted = before + BEGIN + "\n" + made + END + after
    if "--write" in options:
        DOC.write_text(wanted)
    if "--check" in options and page != wanted:
        sys.exit("loaders: docs/timing.md has another table; bench/loaders.py --write makes it")
    if "--check" in options and speed < SPEED:
        sys.exit(f"loaders: it has to be {SPEED / 1e6:.0f}")


main()
