# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader and esptool told the same must leave the same flash, byte for byte; and esptool's opinion of the images
# that el-mkimage makes.
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flasher import Failed, run
from simulator import Simulator

FLASH_SIZE = 4 * 1024 * 1024
# Flash mode, frequency and size.
SETTINGS = ("keep", "keep", "keep"), ("dout", "keep", "2MB"), ("qio", "20m", "4MB"), ("dio", "keep", "detect")
MERGED = ("dio", "keep", "4MB")
# The ESP32-H2 divides 48 MHz.
FREQUENCY_OF = {(chip, "20m"): "24m" for chip in ("esp32h2", "esp32h21", "esp32h4")}


@dataclass
class Files:
    """What there is to write for a chip."""
    chip: str
    images: list  # offset, file, offset, file, ...
    merged: Path


def header_options(chip, setting):
    mode, frequency, size = setting
    return ["--flash-mode", mode, "--flash-freq", FREQUENCY_OF.get((chip, frequency), frequency), "--flash-size", size]


# Each comparison: name, loader, is the flash erased before, and what both are told: ours(files), theirs(files).
def comparisons():
    for loader, settings in (("ROM", SETTINGS), ("stub", SETTINGS[:1] + SETTINGS[2:3])):
        for setting in settings:
            mode, frequency, size = setting
            yield (f"bootloader, partition table and app, {loader}: mode {mode}, frequency {frequency}, size {size}",
                   loader, False,
                   lambda files, setting=setting: ["flash", *header_options(files.chip, setting), *files.images],
                   lambda files, setting=setting: ["write-flash", *header_options(files.chip, setting), *files.images])
    yield ("what esptool merge-bin made, stub", "stub", False,
           lambda files: ["flash", "0x0", files.merged], lambda files: ["write-flash", "0x0", files.merged])
    yield ("esp-loader writes the merged file, esptool its parts, stub", "stub", True,
           lambda files: ["flash", "0x0", files.merged],
           lambda files: ["write-flash", *header_options(files.chip, MERGED), *files.images])
    yield ("a region is erased, stub", "stub", False,
           lambda files: ["erase", "0x10000", "0x21000"], lambda files: ["erase-region", "0x10000", "0x21000"])


def make_files(esptool, build, chip, folder):
    """Bootloader, partition table and app; the app is no multiple of a block."""
    output = run([build / "tools/mkimage/el-mkimage", "set", "-o", folder / "images", "--chip", chip, "--size", "20016",
                  "--flash-size", "4MB"])
    files = Files(chip, output.split(), folder / "merged.bin")
    esptool.on_files("--chip", chip, "merge-bin", "-o", files.merged, *header_options(chip, MERGED), *files.images)
    return files


def flash_after(build, chip, is_erased, command):
    """The flash after command(sim)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flash.bin").write_bytes(b"\xff" * FLASH_SIZE if is_erased else random.Random(3).randbytes(FLASH_SIZE))
        with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--flash-size", "4MB") as sim:
            command(sim)
            return sim.content()


def difference(esptools, build, comparison, chip):
    """Where the two results differ, or None."""
    _, loader, is_erased, ours, theirs = comparison

    def esp_loader(sim):
        command, *arguments = ours(files)
        run([build / "cli/esp-loader", command, "--port", f"socket://{sim.address}", "--before", "no-reset", "--after",
             "stay", *([] if loader == "stub" else ["--no-stub"]), *arguments])

    with tempfile.TemporaryDirectory() as name:
        try:
            files = make_files(esptools[loader], build, chip, Path(name))
            one = flash_after(build, chip, is_erased, lambda sim: esptools[loader].on_chip(sim, *theirs(files)))
            other = flash_after(build, chip, is_erased, esp_loader)
        except Failed as error:
            return f"{chip}: {error}"
    place = next((i for i in range(FLASH_SIZE) if one[i] != other[i]), None)
    return None if place is None else f"{chip}: first at {place:#x}: {other[place]:#04x}, esptool {one[place]:#04x}"


def opinion(esptool, build, chip):
    with tempfile.TemporaryDirectory() as name:
        try:
            make_files(esptool, build, chip, Path(name))
            for image in ("bootloader.bin", "app.bin"):
                text = esptool.on_files("--chip", chip, "image-info", Path(name) / "images" / image)
                if "(valid)" not in text or "(invalid)" in text:
                    raise Failed(text)
        except Failed as error:
            return f"{chip}: {error}"
    return None


def compare(esptools, build, chips, is_quick):
    """Yields (name, failure or None); esptools has one for each loader."""
    chosen = list(comparisons())[::4] if is_quick else list(comparisons())
    with ThreadPoolExecutor(4) as pool:
        for comparison in chosen:
            found = pool.map(lambda chip, case=comparison: difference(esptools, build, case, chip), chips)
            yield comparison[0], next(filter(None, list(found)), None)
        found = pool.map(lambda chip: opinion(esptools["ROM"], build, chip), chips)
        yield "esptool accepts the images of el-mkimage", next(filter(None, list(found)), None)
