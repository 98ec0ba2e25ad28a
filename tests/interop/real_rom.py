# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Our images on chips that execute their mask ROMs, from reset on (esp-sim --rom --execute-boot), and beside what esptool
# makes of the same ELF file; esptool's operations on the executed ROMs.
import hashlib
import sys
import tempfile
import time
from pathlib import Path

from flasher import CHIPS, HERE, Failed, is_installed, run, set_installed
from operations import all_operations
from simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
START_S = 120  # seconds of ours, until the last line that is waited for
IRAM = 0x40380000  # where el-mkimage puts the code of a bootloader

# Chips whose ROM esp-sim executes: file in the package of espflash, its SHA-256.
EXECUTED = {
    "esp32": ("esp32_rev300", "920b70635440517866aab2230964a570d2cf2b676658d93c52fbac108c1cca31"),
    "esp32s2": ("esp32s2_rev0", "cabae5c901fe816aea5e74fbb621ad6479ad1b399d6e7212295191559654572d"),
    "esp32s3": ("esp32s3_rev0", "c0ce0f338d1de1bdc6efbef1591779a2a42c1ab7d759d3c6ae8ae63a7dd34cfd"),
    "esp32c2": ("esp32c2_rev100", "8f1c0fefbe7b2531d34733d0181a1f41d34319f7eba7d808628b54a4e80dcce4"),
    "esp32c3": ("esp32c3_rev300", "19ac22e08707df926fb0cf4c54795d4067b983fae8635f396ded173a6d78fc3c"),
    "esp32c5": ("esp32c5_rev100", "49693d745eb4b4e6e6c77be4f5213765d545d8c7a1d9742a8a619bf596c4e27a"),
    "esp32c6": ("esp32c6_rev0", "788e1d38724aeb8fd974fa10c4a7b089c02627d35342ce84b9e0b12b239f3551"),
    "esp32c61": ("esp32c61_rev100", "c4ee94d3a8e335da4ef5f30a8a1ebb9691e639f1c773f484e9ba721aa1557c2e"),
    "esp32h2": ("esp32h2_rev0", "f3aa0a0325947c4dfe886d7c342b84682b54c3374324fec08c7347d3cb1f0bde"),
    "esp32p4": ("esp32p4_rev300", "af1c53b06c73c08659543b3b0c1e899d834213cf7c67b48418fd110c2d99b6f0"),
    "esp32s31": ("esp32s31_rev0", "a52ad7513deb656a910a5740125f1cce2c7941f11ce57213b7b43aea93d5ab87"),
}


def rom_file(roms, name, digest):
    rom = roms / f"{name}_rom.elf"
    if hashlib.sha256(rom.read_bytes()).hexdigest() != digest:
        raise Failed(f"{rom.name} is not the file that was looked at")
    return rom


# RISC-V chips: their ROM, and where in the flash it looks for a bootloader.
BOOTED = {
    "esp32c2": ("esp32c2_rev100", 0), "esp32c3": ("esp32c3_rev300", 0), "esp32c5": ("esp32c5_rev100", 0x2000),
    "esp32c6": ("esp32c6_rev0", 0), "esp32c61": ("esp32c61_rev100", 0), "esp32h2": ("esp32h2_rev0", 0),
    "esp32p4": ("esp32p4_rev300", 0x2000),
}


# Of these the program runs until the low-power watchdogs, too, would have reset them; the one of the timer group does it
# after 0.65 s.
LONG, SECONDS, LONG_SECONDS = ("esp32c3", "esp32c6"), 1, 13


def boots(build, rom, chip, offset, image, folder, expected, *options):
    """The tool flashes an image through the executed ROM and resets the chip; returns what the ROM, and what it starts, have
    printed, once that has what is expected in it."""
    with Simulator(build / "sim/esp-sim", folder, chip, "RFC 2217", "--rom", rom, "--execute-boot") as sim:
        run([build / "cli/esp-loader", "flash", "--port", f"rfc2217://{sim.address}", "--chip", chip, "--no-stub",
             *options, hex(offset), image])
        deadline = time.monotonic() + START_S
        while expected not in (text := sim.control("console")) and time.monotonic() < deadline:
            time.sleep(0.1)
    if expected not in text:
        raise Failed(f"there is no '{expected}':\n{text[-2000:]}")
    return text


def starts_hello(build, rom, chip, offset, folder):
    run([ROOT / "examples/hello_c3/build", build / "tools/mkimage/el-mkimage", folder, chip])
    second = LONG_SECONDS if chip in LONG else SECONDS
    text = boots(build, rom, chip, offset, folder / "hello.bin", folder,
                 f"Hello from an {chip.upper().replace('ESP32', 'ESP32-')}, flashed by esp-loader: second {second}")
    if "failed" in text.rsplit("rst:", 1)[1]: # the SHA-256; before it the flash was blank
        raise Failed(f"the ROM is not content with it:\n{text}")


def hellos(build, roms):
    """Yields (name, failure or None)."""
    for chip, (name, offset) in BOOTED.items():
        test = f"the executed ROM of {chip} starts examples/hello_c3 from the flash that esp-loader wrote"
        if chip in LONG:
            test += " and no watchdog fires"
        with tempfile.TemporaryDirectory() as folder:
            try:
                starts_hello(build, roms / f"{name}_rom.elf", chip, offset, Path(folder))
                yield test, None
            except Failed as failure:
                yield test, str(failure)


def clients(esptools, build, roms):
    """Yields (name, failure or None): esptool's operations on the same, so that a fault of the emulation shows."""
    for chip, (name, digest) in EXECUTED.items():
        for client in esptools:
            done, failures = [], []
            options = ("--rom", rom_file(roms, name, digest))
            for operation, result in all_operations(build / "sim/esp-sim", client, "TCP", chip, CHIPS[chip], client.cables["TCP"],
                                                    options).items():
                if result == "yes":
                    done.append(operation)
                elif result != "stub":
                    failures.append(f"{operation}: {result}")
            yield (f"{client.name}, {client.loader}, on the executed ROM of {chip}: {len(done)} operations",
                   "\n".join(failures) or None)


def install(folder):
    """The Python that has another model of the RISC-V processor."""
    pins = HERE / "unicorn-requirements.txt"
    if not is_installed(folder, pins):
        run([sys.executable, "-m", "venv", folder])
        run([folder / "bin/pip", "install", "-q", "--no-deps", "-r", pins])
        set_installed(folder, pins)
    return folder / "bin/python"


def images(esptool, build, clients):
    """Yields (name, failure or None): our images, and the processor that starts them."""
    rom = clients / "espflash/roms/esp32c3_rev300_rom.elf"
    mkimage = build / "tools/mkimage/el-mkimage"

    def bootloader():
        run([mkimage, "bootloader", "--chip", "esp32c3", "-o", folder / "bootloader.bin"])
        text = boots(build, rom, "esp32c3", 0, folder / "bootloader.bin", folder, f"entry {IRAM:#x}")
        if "failed" in text.rsplit("rst:", 1)[1]:
            raise Failed(f"the ROM is not content with it:\n{text}")

    def damaged():
        """It starts that all the same, and says so."""
        run([ROOT / "examples/hello_c3/build", mkimage, folder])
        image = bytearray((folder / "hello.bin").read_bytes())
        image[-1] ^= 1
        (folder / "damaged.bin").write_bytes(image)
        boots(build, rom, "esp32c3", 0, folder / "damaged.bin", folder, "SHA-256 comparison failed", "--force-raw=0")

    def same_image():
        run([ROOT / "examples/hello_c3/build", mkimage, folder])
        out = folder / "esptool.bin"
        esptool.on_files("--chip", "esp32c3", "elf2image", "--flash-mode", "dio", "--flash-freq", "80m", "--flash-size",
                         "4MB", "-o", out, folder / "hello.elf")
        if out.read_bytes() != (folder / "hello.bin").read_bytes():
            raise Failed("they differ")

    def same_core():
        run([install(clients / "unicorn"), HERE.parent / "riscv/compare.py", build / "tests/interop/interop_riscv", "30000"])

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for name, check in (("the executed ROM of esp32c3 starts a bootloader of el-mkimage", bootloader),
                            ("the executed ROM of esp32c3 finds a wrong SHA-256", damaged),
                            ("el-mkimage elf and esptool elf2image make the same image", same_image),
                            ("the RISC-V core computes what Unicorn's does", same_core)):
            try:
                check()
                yield name, None
            except Failed as failure:
                yield name, str(failure)
