#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that the parts of the Zephyr module fit together: module.py ROOT

Files that zephyr/module.yml names, options that are used and those of its Kconfig, properties of the binding and those that
the driver reads and the sample's overlay sets. Of Zephyr itself, what made a real one (3.4) refuse the module: options that
cannot be selected, and labels that the board's devicetree does not have.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
# Options of Zephyr's own that are set or asked here.
ZEPHYRS = {"SERIAL", "GPIO", "MAIN_STACK_SIZE", "DT_HAS_ESPRESSIF_ESP_LOADER_ENABLED"}
# Options without drivers below them. Selecting one that drivers depend on closes a loop, and no program can be configured.
SELECTABLE = {"UART_INTERRUPT_DRIVEN", "RING_BUFFER"}
# Labels of the board qemu_cortex_m3 (dts/arm/ti/lm3s6965.dtsi).
LABELS = {"uart%d" % number for number in range(3)} | {"gpio%d" % number for number in range(7)}
problems = []


def text(path):
    return (ROOT / path).read_text()


def value(name, content):
    return re.search(r"^ *%s: *(\S+)$" % name, content, re.MULTILINE)[1]


def same(what, one, other):
    if one != other:
        problems.append("%s: %s differ" % (what, sorted(set(one) ^ set(other))))


module = text("zephyr/module.yml")
for path in (value("cmake", module) + "/CMakeLists.txt", value("kconfig", module), value("dts_root", module) + "/dts/bindings",
             re.search(r"^samples:\n  - (\S+)$", module, re.MULTILINE)[1] + "/sample.yaml"):
    if not (ROOT / path).exists():
        problems.append("zephyr/module.yml: there is no " + path)

options = set(re.findall(r"^(?:menu)?config (\w+)", text("zephyr/Kconfig"), re.MULTILINE))
problems += ["zephyr/Kconfig selects " + name for name in re.findall(r"^\tselect (\w+)", text("zephyr/Kconfig"), re.MULTILINE)
             if name not in SELECTABLE]
for path in ("zephyr/CMakeLists.txt", "port/zephyr/zephyr_port.h", "port/zephyr/zephyr_device.c", "port/zephyr/sample/prj.conf"):
    used = set(re.findall(r"CONFIG_(\w+)", text(path))) - ZEPHYRS
    problems += ["%s: no option %s" % (path, name) for name in sorted(used - options)]
for name in ("RESET_HOLD_TIME_MS", "BOOT_HOLD_TIME_MS", "WRITE_BLOCK_RETRIES", "LOG_LEVEL"):
    if not re.search(r"SERIAL_FLASHER_%s=\$\{CONFIG_SERIAL_FLASHER_%s\}" % (name, name), text("zephyr/CMakeLists.txt")):
        problems.append("zephyr/CMakeLists.txt does not pass on " + name)

binding = text("zephyr/dts/bindings/espressif,esp-loader.yaml")
compatible = value("compatible", binding).strip('"')
driver = text("port/zephyr/zephyr_device.c")
overlay = text("port/zephyr/sample/boards/qemu_cortex_m3.overlay")
properties = set(re.findall(r"^  ([\w-]+):$", binding, re.MULTILINE))
same("compatible of binding and driver", {re.sub(r"\W", "_", compatible)}, set(re.findall(r"DT_DRV_COMPAT (\w+)", driver)))
same("properties of binding and driver", {name.replace("-", "_") for name in properties}, set(re.findall(r"\(inst, (\w+)\)", driver)))
node = re.search(r'compatible = "%s";(.*?)};' % re.escape(compatible), overlay, re.DOTALL)
same("properties of binding and overlay", properties, set(re.findall(r"^\s+([\w-]+) = <", node[1], re.MULTILINE)))

own = set(re.findall(r"^ *(\w+):", overlay, re.MULTILINE))
problems += ["the board has no node " + name for name in sorted(set(re.findall(r"&(\w+)", overlay)) - LABELS - own)]

for path in re.findall(r"\$\{root\}/([\w/]+\.c)", text("zephyr/CMakeLists.txt")):
    if not (ROOT / path).exists():
        problems.append("zephyr/CMakeLists.txt: there is no " + path)
print("\n".join(problems) or "%d options, %d properties" % (len(options), len(properties)))
sys.exit(bool(problems) or not options or not properties)
