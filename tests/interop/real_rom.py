# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Our images against an ESP32-C3 that executes its real mask ROM (rom/chip.py), and against what esptool makes of the
# same ELF file.
import random
import sys
import tempfile
from pathlib import Path

from flasher import HERE, Failed, is_installed, run, set_installed
from simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
FLASH_SIZE = 4 * 1024 * 1024
IRAM = 0x40380000  # where el-mkimage puts the code of a bootloader


def install(folder):
    """The Python that has the processor model."""
    pins = HERE / "rom-requirements.txt"
    if not is_installed(folder, pins):
        run([sys.executable, "-m", "venv", folder])
        run([folder / "bin/pip", "install", "-q", "--no-deps", "-r", pins])
        set_installed(folder, pins)
    return folder / "bin/python"


def boots(esptool, build, clients):
    """Yields (name, failure or None)."""
    python = install(clients / "rom")
    rom = clients / "espflash/roms/esp32c3_rev300_rom.elf"
    mkimage = build / "tools/mkimage/el-mkimage"

    def boot(image, what):
        return run([python, ROOT / "tests/interop/rom/boot.py", rom, image, what])

    def hello():
        run([ROOT / "examples/hello_c3/build", mkimage, folder])
        boot(folder / "hello.bin", "hello")

    def bootloader():
        run([mkimage, "bootloader", "--chip", "esp32c3", "-o", folder / "bootloader.bin"])
        boot(folder / "bootloader.bin", hex(IRAM))

    def damaged():
        """That the model can tell."""
        image = bytearray((folder / "hello.bin").read_bytes())
        image[-1] ^= 1
        (folder / "damaged.bin").write_bytes(image)
        try:
            boot(folder / "damaged.bin", "hello")
        except Failed as failure:
            if "SHA-256 comparison failed" not in str(failure):
                raise
        else:
            raise Failed("it did not notice")

    def same_replies():
        before, after = folder / "before.bin", folder / "after.bin"
        before.write_bytes(random.Random(5).randbytes(FLASH_SIZE))
        (folder / "flash.bin").write_bytes(before.read_bytes())
        with Simulator(build / "sim/esp-sim", folder, "esp32c3", "TCP", "--flash-size", "4MB") as sim:
            run([python, ROOT / "tests/interop/rom/compare.py", rom, sim.address, before, after])
            if sim.content() != after.read_bytes():
                raise Failed("the same requests leave another flash")

    def same_image():
        out = folder / "esptool.bin"
        esptool.on_files("--chip", "esp32c3", "elf2image", "--flash-mode", "dio", "--flash-freq", "80m", "--flash-size",
                         "4MB", "-o", out, folder / "hello.elf")
        if out.read_bytes() != (folder / "hello.bin").read_bytes():
            raise Failed("they differ")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for name, check in (("the ROM of an ESP32-C3 boots examples/hello_c3, and its watchdogs are off", hello),
                            ("the ROM of an ESP32-C3 boots a bootloader of el-mkimage", bootloader),
                            ("the ROM of an ESP32-C3 finds a wrong SHA-256", damaged),
                            ("the ROM of an ESP32-C3 and esp-sim give the same answers", same_replies),
                            ("el-mkimage elf and esptool elf2image make the same image", same_image)):
            try:
                check()
                yield name, None
            except Failed as failure:
                yield name, str(failure)
