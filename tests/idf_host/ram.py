#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""RAM and stack that the USB CDC ACM port and the library need on the host, measured for rv32imc with -Os.

Usage: ram.py BUILD_FOLDER [README]. With a README it checks that the README states the numbers: rows
"| <name> | <bytes> |" that are not below what is measured and not more than a quarter above it.

Stack: frames as gcc reports them (-fcallgraph-info=su), summed along the deepest path of calls below each public
function of the library, plus the deepest below any operation of the port. Calls into ESP-IDF and libc are not counted.
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(ROOT + "/scripts")
from measure import run, sizeof, stacks

PREFIX = "riscv64-unknown-elf-"
FLAGS = ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs", "-std=c11", "-Os", "-ffunction-sections",
         "-fdata-sections", "-DESP32_USB_CDC_ACM_VCP=1", "-fcallgraph-info=su"]
FLAGS += ["-I" + ROOT + "/" + folder for folder in
          ("include", "src", "port/esp32_usb_cdc_acm", "tests/idf_host/include", "examples/esp32_usb_cdc_acm/main")]
FLAGS += ["-I" + folder for folder in glob.glob(ROOT + "/tests/idf_host/idf/components/*/include")]
PLAN = ROOT + "/examples/esp32_usb_cdc_acm/main/flasher_plan.c"
PORT_OPS = ("port_",)


def compile_all(folder, sources, *flags):
    os.makedirs(folder, exist_ok=True)
    for stale in glob.glob(folder + "/*"):
        os.remove(stale)
    for source in sources:
        run(PREFIX + "gcc", *FLAGS, *flags, "-c", source, "-o", os.path.join(folder, os.path.basename(source)[:-2] + ".o"))


def static_ram(objects):
    lines = run(PREFIX + "size", *objects).splitlines()[1:]
    return sum(int(line.split()[1]) + int(line.split()[2]) for line in lines)


def macro(header, name):
    match = re.search(r"#define %s (\d+)" % name, open(header).read())
    if not match:
        sys.exit("ram: %s not found in %s" % (name, header))
    return int(match[1])


def worst_stack(folder, is_entry):
    return max(size for size, _ in stacks(folder, is_entry).values())


def measure(build):
    port = [path for path in glob.glob(ROOT + "/port/esp32_usb_cdc_acm/*.c") if not path.endswith("_v1.c")]
    compile_all(build + "/port", port)
    fields = glob.glob(ROOT + "/src/efuse/*.c") # linked where a program names them, which costs it their pointers
    compile_all(build + "/library", sorted(set(glob.glob(ROOT + "/src/*/*.c")) - set(fields)))
    compile_all(build + "/v1", [ROOT + "/src/v1/v1.c", ROOT + "/port/esp32_usb_cdc_acm/esp32_usb_cdc_acm_v1.c"])
    os.remove(build + "/library/v1.o")
    compile_all(build + "/plan_rom", [PLAN])
    compile_all(build + "/plan_stub", [PLAN], "-DESP_LOADER_HAS_STUBS")
    library = worst_stack(build + "/library", lambda name: name.startswith("esp_loader_"))
    operation = worst_stack(build + "/port", lambda name: name.startswith(PORT_OPS))
    callback = worst_stack(build + "/port", lambda name: name in ("on_data", "on_event"))
    header = ROOT + "/port/esp32_usb_cdc_acm/esp32_usb_cdc_acm_port.h"
    return {
        "port, static": static_ram(glob.glob(build + "/port/*.o")),
        "port, heap while a board is open": macro(header, "ESP32_USB_CDC_ACM_RX_RING_SIZE"),
        "library, static": static_ram(glob.glob(build + "/library/*.o")),
        "session (`esp_loader_t`)": sizeof(PREFIX, FLAGS, "esp_loader.h", "esp_loader_t", build),
        "1.x façade with its session, static": static_ram(glob.glob(build + "/v1/*.o")),
        "plan form of the example with session and buffer, static": static_ram([build + "/plan_rom/flasher_plan.o"]),
        "the same with flasher stubs": static_ram([build + "/plan_stub/flasher_plan.o"]),
        "stack below the caller: library and port": library + operation,
        "stack in the driver's task: callbacks": callback,
    }


def stated(readme):
    return {match[1]: int(match[2].replace(" ", "")) for match in
            re.finditer(r"^\| ([^|]+?) \| ([\d ]+?) \|", open(readme).read(), re.M)}


def main():
    rows = measure(sys.argv[1])
    claims = stated(sys.argv[2]) if len(sys.argv) > 2 else {}
    failed = False
    for name, size in rows.items():
        claim = claims.get(name)
        is_wrong = len(sys.argv) > 2 and (claim is None or claim < size or claim > size * 1.25 + 16)
        failed |= is_wrong
        print("%-45s %6d %s" % (name, size, "" if claim is None else "stated %d" % claim)
              + (" WRONG in the README" if is_wrong else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
