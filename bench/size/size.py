#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Code, data and stack of the library on a Cortex-M0+, against the budget.

Builds the library and bench/size/rom_flash.c with -Os, links with section garbage collection and newlib nano, and
subtracts an empty main linked with the same flags. The budget applies to the configuration that a host short of
memory picks: ESP_LOADER_SMALL (the compact MD5) and no log text. The default configuration is printed next to it.

Stack: frames as gcc reports them (-fcallgraph-info=su), summed along the deepest path of calls below each public
function. Calls through pointers are the port's and the caller's functions: not counted, nor are libc's leaf functions.
"""
import glob
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(ROOT + "/scripts")
from measure import run, sizeof, stacks

BUDGET = {
    "ESP32-S3 alone, bytes": 7000,
    "all chips, bytes": 8000,
    "sizeof(esp_loader_t), bytes": 1536,
}
ROW_AIM = 100
# Names and numbers of target_chip_t, but for the ESP32-S3, which is in every build here.
S3 = 4
CHIPS = {"ESP8266": 0, "ESP32": 1, "ESP32-S2": 2, "ESP32-C3": 3, "ESP32-C2": 5, "ESP32-C5": 6, "ESP32-H2": 7,
         "ESP32-C6": 8, "ESP32-P4": 9, "ESP32-C61": 10}
ROM_PATH = ["init_serial", "connect", "flash_start", "flash_write", "flash_finish", "reset_target"]
S3_ONLY = "-DESP_LOADER_CHIPS=0x%X" % (1 << S3)
SMALL = ["-DESP_LOADER_SMALL=1", "-DSERIAL_FLASHER_LOG_LEVEL=0"]

CPU = ["-mcpu=cortex-m0plus", "-mthumb"]
CFLAGS = CPU + ["-std=c11", "-Os", "-ffunction-sections", "-fdata-sections", "-I" + ROOT + "/include",
                "-I" + ROOT + "/src"]
LDFLAGS = CPU + ["--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections"]
SECTIONS = {".text": "code", ".rodata": "rodata", ".data": "data", ".bss": "bss", ".ARM.exidx": "rodata",
            ".ARM.extab": "rodata"}


def compile_all(folder, sources, flags):
    os.makedirs(folder, exist_ok=True)
    for stale in glob.glob(folder + "/*"):
        os.remove(stale)
    objects = []
    for source in sources:
        name = os.path.relpath(source, ROOT).replace("/", "-")[:-2]
        obj = os.path.join(folder, name + ".o")
        run("arm-none-eabi-gcc", *CFLAGS, *flags, "-fcallgraph-info=su", "-c", source, "-o", obj)
        objects.append(obj)
    return objects


def sections(elf):
    """Bytes of code, rodata, data and bss of a linked program."""
    sums = dict.fromkeys(("code", "rodata", "data", "bss"), 0)
    for line in run("arm-none-eabi-size", "-A", elf).splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[0] in SECTIONS:
            sums[SECTIONS[fields[0]]] += int(fields[1])
    return sums


def linked(folder, flags, source="rom_flash.c"):
    """Sections of a program (the budgeted one unless said) minus those of the empty one."""
    library = sorted(glob.glob(ROOT + "/src/*/*.c"))
    if not library:
        sys.exit("size: no library sources")
    program = compile_all(folder, library + [ROOT + "/bench/size/" + source], flags)
    empty = compile_all(folder + "-empty", [ROOT + "/bench/size/empty.c"], flags)
    sums = {}
    for name, objects in (("program", program), ("empty", empty)):
        elf = "%s/%s.elf" % (folder, name)
        run("arm-none-eabi-gcc", *LDFLAGS, *objects, "-o", elf)
        sums[name] = sections(elf)
    return {key: sums["program"][key] - sums["empty"][key] for key in sums["program"]}


def flash_bytes(sums):
    return sums["code"] + sums["rodata"] + sums["data"]


def table_bytes(folder, chips):
    """Bytes of the chip table's object file: rows, names, layouts of registers."""
    obj = compile_all(folder, [ROOT + "/src/target/table.c"], SMALL + ["-DESP_LOADER_CHIPS=0x%X" % chips])[0]
    return sum(int(line.split()[1]) for line in run("arm-none-eabi-size", "-A", obj).splitlines()
               if line.startswith(".rodata"))


def chip_costs(build, s3_flash):
    """Per chip: bytes of its row, and of the whole program more than with the ESP32-S3 alone."""
    costs = {}
    s3_table = table_bytes(build + "/table-s3", 1 << S3)
    for name, number in CHIPS.items():
        chips = 1 << S3 | 1 << number
        row = table_bytes(build + "/table-chip", chips) - s3_table
        sums = linked(build + "/chip", SMALL + ["-DESP_LOADER_CHIPS=0x%X" % chips])
        costs[name] = (row, flash_bytes(sums) - s3_flash)
    return costs


def print_path(path):
    names = [name.rsplit(":", 1)[-1] for name in path]
    for i in range(0, len(names), 4):
        print("  %s%s" % ("  > " if i else "    ", " > ".join(names[i:i + 4])))


def main():
    build = os.path.join(sys.argv[1], "size")
    rows = {
        "ESP32-S3 alone": linked(build + "/s3", SMALL + [S3_ONLY]),
        "all chips": linked(build + "/all", SMALL),
        "all chips, default settings": linked(build + "/default", []),
        "ESP32-S3 alone, as a plan": linked(build + "/plan", SMALL + [S3_ONLY], "plan.c"),
    }
    print("Cortex-M0+, -Os, linked ROM-path program minus empty main, bytes")
    print("  %-30s %6s %6s %6s %6s %8s %8s" % ("", "code", "rodata", "data", "bss", "flash", "budget"))
    failed = False
    for name, sums in rows.items():
        budget = BUDGET.get(name + ", bytes")
        over = budget is not None and flash_bytes(sums) > budget
        failed |= over
        print("  %-30s %6d %6d %6d %6d %8d %8s%s" % (name, sums["code"], sums["rodata"], sums["data"], sums["bss"],
                                                     flash_bytes(sums), budget or "", "  OVER" if over else ""))

    costs = chip_costs(build, flash_bytes(rows["ESP32-S3 alone"]))
    print("One chip more than the ESP32-S3, bytes: its row in the chip table (aim %d), and all that it adds" % ROW_AIM)
    for name, (row, total) in costs.items():
        print("  %-30s %6d %6d%s" % (name, row, total, "  row above the aim" if row > ROW_AIM else ""))

    size = sizeof("arm-none-eabi-", CFLAGS, "esp_loader.h", "esp_loader_t", build + "/s3")
    budget = BUDGET["sizeof(esp_loader_t), bytes"]
    failed |= size > budget
    print("sizeof(esp_loader_t): %d of %d%s" % (size, budget, "  OVER" if size > budget else ""))

    deepest = stacks(build + "/all", lambda name: name.startswith("esp_loader_"))
    total, path = max(deepest.values())
    rom_total, rom_path = max(deepest["esp_loader_" + name] for name in ROM_PATH)
    print("worst stack, without port and libc: %d" % total)
    print_path(path)
    print("worst stack on the ROM path: %d" % rom_total)
    print_path(rom_path)

    with open(build + "/size.json", "w") as file:
        json.dump({"sections": rows, "chips": costs, "sizeof_loader": size, "stack": total,
                   "stack_rom_path": rom_total}, file, indent=2)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
