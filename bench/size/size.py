#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Code, data, stack and instructions of the library on microcontrollers, against budgets: size.py BUILD

Programs: one that flashes an image through the ROM loader and verifies it, one that uses the whole 2.0 API with a
stub, and one that starts a program in RAM over SPI. Settings: as the library comes, with nothing configured, and
ESP_LOADER_SMALL without log text, for hosts short of memory. build.py says what is subtracted. A budget is 3 % above
what was reached last, or the goal where that is less.

Ports: what each takes on top (ports.py). A board with 16 KiB of RAM: what a whole firmware needs of it (board.py).

Stack: frames as gcc reports them (-fcallgraph-info=su), summed along the deepest path of calls below each public
function, as the library comes. Calls through pointers are the port's and the caller's functions: not counted, nor are
libc's leaf functions.

Instructions: of the library per byte that esp_loader_flash_write() sends, with the same settings (bench/cpu.py).
"""
import json
import os
import shutil
import sys

import board
import ports
from build import CFLAGS, CORE_FOLDERS, INCLUDES, M0, M4, ROOT, RV32, WITH_STUBS, compile_all, constants, library, measured, run
from measure import sizeof, stacks

sys.path.append(ROOT + "/bench")
import cpu  # noqa: E402

PROCESSORS = (M0, M4, RV32)
# Names and numbers of target_chip_t, but for the ESP32-S3, which is in every build here.
S3 = 4
CHIPS = {"ESP8266": 0, "ESP32": 1, "ESP32-S2": 2, "ESP32-C3": 3, "ESP32-C2": 5, "ESP32-C5": 6, "ESP32-H2": 7,
         "ESP32-C6": 8, "ESP32-P4": 9, "ESP32-C61": 10, "ESP32-S31": 11, "ESP32-H21": 12, "ESP32-H4": 13}
SMALL = ["-DESP_LOADER_SMALL=1", "-DSERIAL_FLASHER_LOG_LEVEL=0"]


def chips(*numbers):
    return "-DESP_LOADER_CHIPS=0x%X" % sum(1 << number for number in numbers)


# Program, settings, budgets in bytes of flash on each processor.
ONE_IMAGE, WHOLE_API, PLAN, RAM_SPI, SDIO = "one_image.c", "whole_api.c", "plan.c", "ram_spi.c", "sdio.c"
FIGURES = {
    "one image": (ONE_IMAGE, [], (8384, 8684, 10201)),
    "one image, small": (ONE_IMAGE, SMALL, (7000, 7086, 8676)),
    "one image, small, ESP32-S3": (ONE_IMAGE, SMALL + [chips(S3)], (5900, 5953, 7407)),
    "2.0 API with stub": (WHOLE_API, WITH_STUBS, (15425, 15643, 18548)),
    "RAM over SPI": (RAM_SPI, [], (4981, 4890, 5801)),
    "2.0 API with stub, small": (WHOLE_API, SMALL + WITH_STUBS, (12594, 12405, 15079)),
    "one image over SDIO, with stub": (SDIO, WITH_STUBS, (11152, 11173, 13249)),
}
PLAN_BUDGET = 33606
# Of a session, with the transmit buffer as it comes, and with the smallest.
SIZEOF = {"as it comes": ([], 1446), "transmit buffer of 64": (["-DESP_LOADER_TX_BUFFER_SIZE=64"], 280)}
ROW_AIM = 24

# Of the firmware for a board with 16 KiB of RAM, bytes.
BOARD = {"variables": 5685, "stack": 1722}

# Deepest stack of the programs and of a write, bytes.
ONE_IMAGE_CALLS = ["init_serial", "connect", "flash_start", "flash_write", "flash_finish"]
STACKS = {"one image": (ONE_IMAGE_CALLS, 640), "a write": (["flash_write"], 412), "a plan": (["plan_run"], 1350)}

# Instructions per byte.
INSTRUCTIONS = {"as it comes": ([], 19.61), "small": (SMALL, 80.61)}

# Has a table of the ports' figures.
PAGE = ROOT + "/docs/performance.md"

# Sources of el-bench-cpu (bench/CMakeLists.txt).
CPU_PROGRAM = [ROOT + "/bench/cpu.c", ROOT + "/bench/images.c"]


class Report:
    """What was measured, and whether some of it is above its budget."""

    def __init__(self):
        self.failed = False

    def over(self, value, budget):
        """What to print after a figure."""
        self.failed |= value > budget
        return "  OVER" if value > budget else ""


def programs(build, report):
    print("Bytes of flash, -Os, linked program minus an empty one and images of stubs (budget)")
    print("  %-30s %s" % ("", "".join("%-17s" % processor.name for processor in PROCESSORS)))
    figures = {}
    for name, (program, settings, budgets) in FIGURES.items():
        line, over = "", ""
        for processor, budget in zip(PROCESSORS, budgets):
            folder = "%s/%s-%s" % (build, name.replace(", ", "-").replace(" ", "-"), processor.name)
            flash = measured(processor, folder, settings, program)["flash"]
            figures["%s, %s" % (name, processor.name)] = flash
            line += "%-17s" % ("%d (%d)" % (flash, budget))
            over += report.over(flash, budget)
        print("  %-30s %s%s" % (name, line, over))
    return figures


def port_costs(build, report):
    """Figures of each port: name -> value."""
    print("Ports: bytes of flash on each of these processors, RAM, stack (budget)")
    figures, page = {}, open(PAGE, encoding="utf-8").read()
    for name in ports.PORTS:
        line, over, values = "", "", []
        for what, value, budget in ports.figures(build, PROCESSORS, name):
            figures["%s, %s" % (name, what)] = value
            values.append(value)
            line += "%-15s" % ("%d (%d)" % (value, budget))
            over += report.over(value, budget)
        has_row = ports.is_stated(ports.stated(page, name), values)
        report.failed |= not has_row
        print("  %-18s %s%s%s" % (name, line, over, "" if has_row else "  NOT THE ROW in docs/performance.md"))
    return figures


def chip_costs(build, s3_flash):
    """Per chip: bytes of its row, and of the whole program more than with the ESP32-S3 alone."""
    def row(numbers):
        obj = compile_all(M0, build + "/table", [ROOT + "/src/target/table.c"], SMALL + [chips(*numbers)])[0]
        return constants(M0, obj)

    costs, s3_row = {}, row([S3])
    print("One chip more than the ESP32-S3, bytes: its row in the chip table (aim %d), and all that it adds" % ROW_AIM)
    for name, number in CHIPS.items():
        flash = measured(M0, build + "/chip", SMALL + [chips(S3, number)], ONE_IMAGE)["flash"]
        costs[name] = (row([S3, number]) - s3_row, flash - s3_flash)
        print("  %-30s %6d %6d%s" % (name, *costs[name], "  row above the aim" if costs[name][0] > ROW_AIM else ""))
    return costs


def burning_is_free(build, plan, report):
    """A program that burns no eFuses is no larger with a library that can."""
    burning = measured(M0, build + "/plan-burning", ["-DESP_LOADER_EFUSE_BURN"], PLAN, library())["flash"]
    print("The same on a library that can burn eFuses: %d (%d)%s" % (burning, plan, report.over(burning, plan)))


def session_sizes(folder, report):
    print("sizeof(esp_loader_t), bytes of RAM per session (budget)")
    sizes = {}
    for name, (settings, budget) in SIZEOF.items():
        sizes[name] = sizeof(M0.prefix, M0.flags + CFLAGS + settings, "esp_loader.h", "esp_loader_t", folder)
        print("  %-30s %s%s" % (name, "%d (%d)" % (sizes[name], budget), report.over(sizes[name], budget)))
    return sizes


def board_ram(build, report):
    """RAM of the firmware for 16 KiB."""
    needed = board.ram(build)
    print("A plan over a UART on a board with 16 KiB of RAM, bytes of it (budget), %s" % M0.name)
    for name, budget in BOARD.items():
        most = min(budget, needed["stack kept"]) if name == "stack" else budget
        print("  %-30s %s%s" % (name, "%d (%d)" % (needed[name], most), report.over(needed[name], most)))
    return {name: needed[name] for name in BOARD}


def print_path(path):
    names = [name.rsplit(":", 1)[-1] for name in path]
    for i in range(0, len(names), 4):
        print("  %s%s" % ("  > " if i else "    ", " > ".join(names[i:i + 4])))


def stack_depths(build, report):
    """Of the library as it comes; the folder has a build of all of it."""
    deepest = stacks(build, lambda name: name.startswith("esp_loader_"))
    print("Deepest stack without port and libc, bytes (budget), %s" % M0.name)
    depths = {}
    for name, (calls, budget) in STACKS.items():
        depth, path = max(deepest["esp_loader_" + call] for call in calls)
        print("  %-30s %s%s" % (name, "%d (%d)" % (depth, budget), report.over(depth, budget)))
        print_path(path)
        depths[name] = depth
    return depths


def count_instructions(build, report):
    print("Instructions per byte sent, x86-64, -O2 (budget)")
    counted = {}
    for name, (settings, budget) in INSTRUCTIONS.items():
        folder = "%s/cpu-%s" % (build, name.replace(" ", "-"))
        os.makedirs(folder, exist_ok=True)
        run("gcc", "-std=c11", "-O2", "-g", *INCLUDES, *settings, *CPU_PROGRAM,
            *library(CORE_FOLDERS), "-lz", "-o", folder + "/program")
        counted[name] = round(sum(cpu.count(folder + "/program", "esp_loader_flash_write", folder).values()) / cpu.BYTES, 3)
        print("  %-30s %.2f (%.2f)%s" % (name, counted[name], budget, report.over(counted[name], budget)))
    return counted


def main():
    build = os.path.join(sys.argv[1], "size")
    shutil.rmtree(build, ignore_errors=True)
    report = Report()
    flash = programs(build, report)
    port_figures = port_costs(build, report)
    costs = chip_costs(build, flash["one image, small, ESP32-S3, " + M0.name])
    plan = measured(M0, build + "/plan", [], PLAN, library())["flash"]
    print("A plan through the ROM loader: %d (%d)%s" % (plan, PLAN_BUDGET, report.over(plan, PLAN_BUDGET)))
    burning_is_free(build, plan, report)
    ram = board_ram(build, report)
    sizes = session_sizes(build + "/plan-empty", report)
    depths = stack_depths(build + "/plan", report)
    counted = count_instructions(build, report)
    with open(build + "/size.json", "w") as file:
        json.dump({"flash": {**flash, "a plan, " + M0.name: plan}, "ports": port_figures, "board": ram, "chips": costs, "sizeof_loader": sizes,
                   "stack": depths, "instructions_per_byte": counted}, file, indent=2)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
