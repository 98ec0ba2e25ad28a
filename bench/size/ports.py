# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What each port of a microcontroller takes on top of the library, against budgets.

Flash: what the port's table of operations needs of the port and of what ports share, linked. RAM: its struct and its
variables. Stack: the deepest path of calls below one of its functions. SDKs, libc and the compiler's library are not counted:
the headers are those of their stand-ins, and calls lead nowhere. RAM and stack are those of a Cortex-M0+.
"""
import collections
import glob
import re

from build import CFLAGS, M0, ROOT, compile_all, totals
from measure import sizeof, stacks

# Folders in port/ that its ports share; folders with the stand-in's headers; settings of the compiler.
Sdk = collections.namedtuple("Sdk", "shared headers settings", defaults=[()])
Port = collections.namedtuple("Port", "sdk ops struct flash ram stack")

IDF = Sdk(["pins", "esp_idf"], ["tests/mcu_ports/esp_idf", "tests/idf_host/include", "tests/idf_host/idf/components/*/include"])
STM32 = Sdk(["pins"], ["tests/mcu_ports/stm32", "tests/mcu_ports/stm32/include_sr"])
PICO = Sdk(["pins"], ["tests/mcu_ports/pico/include"])
ZEPHYR = Sdk(["pins"], ["tests/mcu_ports/zephyr/include"])
TINYUSB = Sdk([], ["tests/mcu_ports/tinyusb/include"], ["-DTUSB_VERSION_MINOR=21"])

# Folder in port/: SDK, table of operations, header of the struct (whose type ends in _t), budgets in bytes of flash on each
# processor, of RAM, and of stack.
PORTS = {
    "esp32_uart": Port(IDF, "esp32_uart_ops", "esp32_port", (1670, 1573, 1928), 57, 98),
    "esp32_spi": Port(IDF, "esp32_spi_ops", "esp32_spi_port", (1542, 1483, 1771), 74, 107),
    "esp32_sdio": Port(IDF, "esp32_sdio_ops", "esp32_sdio_port", (1501, 1413, 1689), 786, 107),
    "esp32_usb_cdc_acm": Port(IDF, "esp32_usb_cdc_acm_ops", "esp32_usb_cdc_acm_port", (4461, 4251, 5833), 208, 230),
    "stm32_hal": Port(STM32, "stm32_uart_ops", "stm32_port", (1631, 1549, 2043), 317, 156),
    "pi_pico": Port(PICO, "pi_pico_uart_ops", "pi_pico_port", (1293, 1215, 1697), 4280, 41),
    "zephyr": Port(ZEPHYR, "zephyr_uart_ops", "zephyr_port", (1467, 1416, 1904), 4276, 66),
    "tinyusb_host": Port(TINYUSB, "tinyusb_host_ops", "tinyusb_host_port", (1742, 1691, 2043), 1120, 90),
}


def sources(folder):
    """Sources of a folder in port/, without its 1.x API."""
    return [path for path in sorted(glob.glob("%s/port/%s/*.c" % (ROOT, folder))) if not path.endswith("_v1.c")]


def measured(build, processor, name):
    """Bytes of flash, RAM and stack of a port."""
    port, out = PORTS[name], "%s/port-%s-%s" % (build, name, processor.name)
    ours = [name] + port.sdk.shared
    headers = ["port/" + folder for folder in ours] + port.sdk.headers
    settings = [*port.sdk.settings]
    settings += ["-I" + path for folder in headers for path in sorted(glob.glob(ROOT + "/" + folder))]
    objects = compile_all(processor, out, [source for folder in ours for source in sources(folder)], settings)
    processor.gcc("-nostdlib", "-Wl,--gc-sections,--unresolved-symbols=ignore-all,-e," + port.ops, *objects,
                  "-o", out + "/port.elf")
    sums = totals(processor, out + "/port.elf")
    struct = sizeof(processor.prefix, processor.flags + CFLAGS + settings, port.struct + ".h", port.struct + "_t", out)
    depth = max(size for size, _ in stacks(out, lambda _: True).values())
    return {"flash": sums["flash"], "RAM": struct + sums["ram"], "stack": depth}


def stated(page, name):
    """The figures in a port's row of docs/performance.md, none without a row."""
    row = re.search(r"^\| (?:\[)?%s(?:\]\S+)? \|(( [\d,]+ \|)+)$" % name, page, re.M)
    return [int(word.replace(",", "")) for word in row[1].strip(" |").split(" | ")] if row else []


def is_stated(row, values):
    """Whether each figure of the row is within 5 % of the value."""
    return len(row) == len(values) and all(abs(figure - value) <= value / 20 for figure, value in zip(row, values))


def figures(build, processors, name):
    """What was measured, its value and its budget, one after the other."""
    port = PORTS[name]
    for processor, budget in zip(processors, port.flash):
        yield processor.name, measured(build, processor, name)["flash"], budget
    sizes = measured(build, M0, name)  # compiled before
    yield "RAM", sizes["RAM"], port.ram
    yield "stack", sizes["stack"], port.stack
