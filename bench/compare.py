#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""esp-loader beside esptool on the same simulated chip: compare.py --build FOLDER --clients FOLDER --results FILE

The chip's clock runs with the real one, so the times depend on the machine and are worth nothing alone: what is
reported are ratios of medians, each tool as a user starts it, with its stub and its own choice of compression, from
the start of the program to its end. esptool is installed and pinned by tests/interop.
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/interop"))
from esptool_client import Esptool  # noqa: E402
from simulator import Simulator  # noqa: E402

OFFSET = 0x10000
SECTOR = 4096
FLASH_SIZE = 4 << 20
REPEATS = 3
USB = ("esp32s3", ("--wiring", "usj", "--boot", "download"))
UART = ("esp32", ())
# Name, link, size of the image, what the flash holds, least ratio esptool / esp-loader that is promised: with a little
# room for the machine where both send all of it.
CASES = [("ESP32-S3, USB, 1 MiB, other content", USB, "1M", "used", 0.95),
         ("ESP32-S3, USB, 1 MiB, three sectors changed", USB, "1M", "edited", 3.0),
         ("ESP32-S3, USB, 1 MiB, nothing changed", USB, "1M", "same", 4.0),
         ("ESP32, UART 115200, 128 KiB, other content", UART, "128K", "used", 0.95),
         ("ESP32, UART 115200, 128 KiB, three sectors changed", UART, "128K", "edited", 2.0)]


def run(command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit("compare: exit code %d from %s\n%s" % (done.returncode, command, done.stdout))
    return done.stdout


def content(seed, size):
    """Incompressible bytes; xorshift32."""
    out, x = bytearray(size), seed
    for i in range(size):
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        out[i] = x >> 24
    return bytes(out)


def flash_before(state, image, used):
    flash = bytearray(used)
    if state != "used":
        flash[OFFSET:OFFSET + len(image)] = image
    if state == "edited":
        for part in (1, 3, 5):
            at = OFFSET + len(image) * part // 6 // SECTOR * SECTOR
            flash[at + 1000:at + 1300] = bytes(byte ^ 0x5A for byte in flash[at + 1000:at + 1300])
    return bytes(flash)


def command_of(tool, programs, address, image):
    port = ["--port", "socket://" + address, "--before", "no-reset", "--after"]
    if tool == "esptool":
        return [programs[tool], *port, "no-reset", "write-flash", hex(OFFSET), image]
    return [programs[tool], "flash", *port, "stay", hex(OFFSET), image]


def seconds(tool, programs, build, case, image, used):
    _, (chip, options), _, state, _ = case
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flash.bin").write_bytes(flash_before(state, image.read_bytes(), used))
        with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--flash-size", "4MB", "--speed", "1", *options) as sim:
            started = time.monotonic()
            run(command_of(tool, programs, sim.address, image))
            took = time.monotonic() - started
            flashed = sim.content()[OFFSET:OFFSET + image.stat().st_size]
        if flashed != image.read_bytes():
            sys.exit("compare: %s: %s left something else in the flash" % (case[0], tool))
    return took


def main():
    parser = argparse.ArgumentParser()
    for option in ("--build", "--clients", "--results"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args()
    programs = {"esptool": Esptool(options.clients, options.build, "stub").program,
                "esp-loader": options.build / "cli/esp-loader"}
    used = content(9, FLASH_SIZE)
    rows, failed = [], False
    print("%-54s %9s %11s %7s %9s" % ("medians of %d" % REPEATS, "esptool", "esp-loader", "ratio", "at least"))
    with tempfile.TemporaryDirectory() as folder:
        images = {}
        for _, (chip, _), size, _, _ in CASES:
            run([options.build / "tools/mkimage/el-mkimage", "set", "-o", Path(folder) / chip, "--chip", chip, "--size",
                 size, "--flash-size", "4MB"])
            images[chip] = Path(folder) / chip / "app.bin"
        for case in CASES:
            median = {tool: statistics.median(seconds(tool, programs, options.build, case, images[case[1][0]], used)
                                              for _ in range(REPEATS)) for tool in programs}
            ratio = median["esptool"] / median["esp-loader"]
            failed |= ratio < case[4]
            print("%-54s %7.2f s %9.2f s %7.2f %9.2f%s" % (case[0], median["esptool"], median["esp-loader"], ratio,
                                                          case[4], "  TOO SLOW" if ratio < case[4] else ""), flush=True)
            rows.append({"case": case[0], "esptool_s": round(median["esptool"], 3),
                         "esp_loader_s": round(median["esp-loader"], 3), "ratio": round(ratio, 3)})
    options.results.write_text(json.dumps({"esptool": Esptool.name, "repeats": REPEATS, "cases": rows}, indent=2) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
