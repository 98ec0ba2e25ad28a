# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# boot.py ROM-ELF IMAGE ENTRY|hello: the ROM of an ESP32-C3 boots an image at flash address 0. With an address it stops where
# the ROM jumps to it. With "hello" it runs examples/hello_c3 for some of its seconds and looks at the watchdogs.
# Prints what the chip prints; exit code 0 when all is as it must be.
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from chip import RTC_FLASH_BOOT, RTC_SWD, RTC_WDT, SWD_AUTO_FEED, TIMG0_WDT, TIMG_FLASH_BOOT, WDT_ENABLE, Chip  # noqa: E402

FLASH_SIZE = 4 * 1024 * 1024


def problems_of_hello(chip):
    if "second 3\r\n" not in chip.text:
        yield "it did not print its seconds"
    if chip.registers[TIMG0_WDT] & (WDT_ENABLE | TIMG_FLASH_BOOT):
        yield "the watchdog of timer group 0 is on"
    if chip.registers[RTC_WDT] & (WDT_ENABLE | RTC_FLASH_BOOT):
        yield "the RTC watchdog is on"
    if not chip.registers[RTC_SWD] & SWD_AUTO_FEED:
        yield "the super watchdog is not fed"


def main():
    rom, image, what = sys.argv[1:]
    flash = bytearray(b"\xff") * FLASH_SIZE
    content = Path(image).read_bytes()
    flash[:len(content)] = content
    chip = Chip(Path(rom).read_bytes(), flash)
    problems = []
    if what == "hello":
        chip.run(instructions=600_000)
        problems += problems_of_hello(chip)
    elif chip.run(until=int(what, 0)) != int(what, 0):
        problems.append("the ROM did not jump to it")
    if "failed" in chip.text or "invalid" in chip.text:
        problems.append("the ROM is not content with it")
    print(chip.text)
    print("".join(f"problem: {problem}\n" for problem in problems), end="")
    return 1 if problems else 0


sys.exit(main())
