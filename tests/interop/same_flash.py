# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader and esptool from the same files to the same flash, byte for byte, and esptool's opinion of the images that
# el-mkimage makes.
import random
import tempfile
from pathlib import Path

from clients import Failed, run
from simulator import Simulator

FLASH_SIZE = 4 * 1024 * 1024
# Header settings that every chip has; frequencies differ, so the default of each image is one of them.
SETTINGS = ("keep", "keep"), ("dout", "2MB"), ("qio", "4MB"), ("dio", "detect")


def images_for(build, chip, folder):
    """Bootloader, partition table and app for a chip as [offset, file, ...]; the app is no multiple of a block."""
    output = run([build / "tools/mkimage/el-mkimage", "set", "-o", folder / "images", "--chip", chip, "--size", "20016",
                  "--flash-size", "4MB"])
    return output.split()


def flashed(flasher, build, chip, images, mode, size):
    """The flash after esptool or esp-loader has written the images with header settings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flash.bin").write_bytes(random.Random(3).randbytes(FLASH_SIZE))
        with Simulator(build / "sim/esp-sim", folder, chip, "tcp", "--flash-size", "4MB") as sim:
            header = ["--flash-mode", mode, "--flash-size", size]
            if flasher is None:
                run([build / "cli/esp-loader", "flash", "--port", f"socket://{sim.address}", "--before", "no-reset",
                     "--after", "stay", *header, *images])
            else:
                flasher.on_chip(sim, "tcp", "write-flash", *header, *images)
            return sim.content()


def difference(one, other):
    place = next((i for i in range(len(one)) if one[i] != other[i]), None)
    return None if place is None else f"first difference at {place:#x}: {other[place]:#04x}, esptool {one[place]:#04x}"


def compare(esptool, build, chips):
    """Yields (name, failure or None)."""
    for mode, size in SETTINGS:
        failure = None
        for chip in chips:
            with tempfile.TemporaryDirectory() as name:
                try:
                    images = images_for(build, chip, Path(name))
                    found = difference(flashed(esptool, build, chip, images, mode, size),
                                       flashed(None, build, chip, images, mode, size))
                except Failed as error:
                    found = str(error)
                failure = failure or (f"{chip}: {found}" if found else None)
        yield f"esp-loader and esptool write the same, flash mode {mode}, flash size {size}", failure
    failure = None
    for chip in chips:
        with tempfile.TemporaryDirectory() as name:
            try:
                for image in ("bootloader.bin", "app.bin"):
                    images_for(build, chip, Path(name))
                    text = esptool.on_files("--chip", chip, "image-info", Path(name) / "images" / image)
                    if "(valid)" not in text or "(invalid)" in text:
                        raise Failed(text)
            except Failed as error:
                failure = failure or f"{chip}: {error}"
    yield "esptool accepts the images of el-mkimage", failure
