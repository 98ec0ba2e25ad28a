# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""RAM of a whole firmware: examples/bare_metal, a plan over a UART, linked for a Cortex-M0+ with 16 KiB of RAM.

The linker refuses what does not fit (firmware.ld). The stack is added up: the deepest path below main(), of which the calls
through pointers are the port's operations and the callback of progress, and one interrupt on top.
"""
from build import M0, ROOT, compile_all, library, run, totals
from measure import stacks

BARE_METAL, MINIMAL = ROOT + "/examples/bare_metal/", ROOT + "/examples/minimal/"
SOURCES = [BARE_METAL + name + ".c" for name in ("main", "board", "board_rp2040", "console", "pl011", "startup")]
SOURCES += [MINIMAL + "board_port.c"]
SETTINGS = ["-I" + BARE_METAL, "-I" + MINIMAL, "-DBOARD_RP2040"]
IMAGES = [word for name in ("BOOTLOADER", "TABLE", "APP") for word in ("-D%s_OFFSET=0" % name, "-D%s_FILE=%sfirmware.ld" % (name, BARE_METAL))]
INTERRUPTS = ("on_systick", "board_target_interrupt")
EXCEPTION_FRAME = 32  # what the processor pushes


def deepest(folder, is_entry):
    return max(depth for depth, _ in stacks(folder, is_entry).values())


def ram(build):
    """Bytes of RAM: variables, what the stack needs, and what firmware.ld keeps for it."""
    folder, settings = build + "/board", SETTINGS + IMAGES
    elf = folder + "/board.elf"
    objects = compile_all(M0, folder, SOURCES + library(), settings)
    M0.gcc(*M0.linking, *settings, "-nostartfiles", "-Wl,--gc-sections,--defsym=FLASH=0x10000100", "-T", BARE_METAL + "firmware.ld",
           *objects, BARE_METAL + "images.S", "-o", elf)
    places = {words[-1]: int(words[0], 16) for words in map(str.split, run(M0.prefix + "nm", elf).splitlines())}
    kept = places["firmware_stack_end"] - places["firmware_stack_begin"]
    stack = deepest(folder, lambda name: name == "main") + EXCEPTION_FRAME + deepest(folder, lambda name: name in INTERRUPTS)
    stack += deepest(folder, lambda name: name.startswith("port_") or name == "show_progress")
    return {"variables": totals(M0, elf)["ram"] - kept, "stack": stack, "stack kept": kept}
