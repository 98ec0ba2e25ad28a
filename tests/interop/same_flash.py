# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader and esptool from the same files to the same flash, byte for byte, and esptool's opinion of the images that
# el-mkimage makes.
import random
import tempfile
from pathlib import Path

from flasher import Failed, run
from simulator import Simulator

FLASH_SIZE = 4 * 1024 * 1024
# Flash mode, frequency and size.
SETTINGS = ("keep", "keep", "keep"), ("dout", "keep", "2MB"), ("qio", "20m", "4MB"), ("dio", "keep", "detect")
# The ESP32-H2 divides 48 MHz.
FREQUENCY_OF = {("esp32h2", "20m"): "24m"}


def images_for(build, chip, folder):
    """Bootloader, partition table and app for a chip as [offset, file, ...]; the app is no multiple of a block."""
    output = run([build / "tools/mkimage/el-mkimage", "set", "-o", folder / "images", "--chip", chip, "--size", "20016",
                  "--flash-size", "4MB"])
    return output.split()


def flashed(flasher, build, chip, images, setting):
    """The flash after esptool or esp-loader has written the images with header settings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flash.bin").write_bytes(random.Random(3).randbytes(FLASH_SIZE))
        with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--flash-size", "4MB") as sim:
            mode, frequency, size = setting
            frequency = FREQUENCY_OF.get((chip, frequency), frequency)
            header = ["--flash-mode", mode, "--flash-freq", frequency, "--flash-size", size]
            if flasher is None:
                run([build / "cli/esp-loader", "flash", "--port", f"socket://{sim.address}", "--before", "no-reset",
                     "--after", "stay", *header, *images])
            else:
                flasher.on_chip(sim, "write-flash", *header, *images)
            return sim.content()


def difference(one, other):
    place = next((i for i in range(len(one)) if one[i] != other[i]), None)
    return None if place is None else f"first difference at {place:#x}: {other[place]:#04x}, esptool {one[place]:#04x}"


def compare(esptool, build, chips):
    """Yields (name, failure or None)."""
    for setting in SETTINGS:
        failure = None
        for chip in chips:
            with tempfile.TemporaryDirectory() as name:
                try:
                    images = images_for(build, chip, Path(name))
                    found = difference(flashed(esptool, build, chip, images, setting),
                                       flashed(None, build, chip, images, setting))
                except Failed as error:
                    found = str(error)
                failure = failure or (f"{chip}: {found}" if found else None)
        mode, frequency, size = setting
        yield f"esp-loader and esptool write the same: flash mode {mode}, frequency {frequency}, size {size}", failure
    failure = None
    for chip in chips:
        with tempfile.TemporaryDirectory() as name:
            try:
                images_for(build, chip, Path(name))
                for image in ("bootloader.bin", "app.bin"):
                    text = esptool.on_files("--chip", chip, "image-info", Path(name) / "images" / image)
                    if "(valid)" not in text or "(invalid)" in text:
                        raise Failed(text)
            except Failed as error:
                failure = failure or f"{chip}: {error}"
    yield "esptool accepts the images of el-mkimage", failure
