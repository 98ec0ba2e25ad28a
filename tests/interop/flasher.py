# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What all foreign clients have in common. A client is one program with one of the two loaders. It has a method for each
# operation it offers, raises Failed when the program fails or says something else than expected, and tells:
#
#   name, loader   for the matrix; the loader is "ROM" or "stub"
#   chips          those it knows
#   cables         cable -> operations, in the order they run
#   partial_cables cables with some of the operations only, because the others have nothing to do with the cable
#   needs_stub     operations it refuses without its stub, or (chip, operation) that this chip's ROM lacks
#   known          (chip, operation) -> (cell, words): what fails because of this program, and what the failure says
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent / "clients"
RATE = 921600

CHIPS = {"esp8266": "ESP8266", "esp32": "ESP32", "esp32s2": "ESP32-S2", "esp32s3": "ESP32-S3", "esp32c2": "ESP32-C2",
         "esp32c3": "ESP32-C3", "esp32c5": "ESP32-C5", "esp32c6": "ESP32-C6", "esp32c61": "ESP32-C61",
         "esp32h2": "ESP32-H2", "esp32p4": "ESP32-P4", "esp32s31": "ESP32-S31", "esp32h21": "ESP32-H21",
         "esp32h4": "ESP32-H4"}

# Every operation of the matrix, in its order.
OPERATIONS = ("detect", "read MAC", "flash id", "write", "write deflated", "verify", "read", "change rate", "erase region",
              "reuse stub", "erase chip")

ROM_OF_ESP8266_LACKS = ("write deflated", "verify", "read", "change rate")


class Failed(Exception):
    """The client did not do it, or found something else than there is."""


def run(command, env=None, timeout=1500):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=timeout, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise Failed(f"exit code {done.returncode} from {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def expect(output, *texts):
    for text in texts:
        if text.lower() not in output.lower():
            raise Failed(f"its output lacks '{text}':\n{output}")


def expect_data(file, data):
    if file.read_bytes() != data:
        raise Failed("it read something else than what is in the flash")


def is_installed(folder, pins):
    """True when the folder was made from exactly these pins; otherwise it is emptied."""
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == pins.read_text():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return False


def set_installed(folder, pins):
    shutil.copy(pins, folder / "installed")


class Flasher:
    chips = tuple(CHIPS)
    needs_stub = ()
    known = {}
    partial_cables = ()
    resets_afterwards = True

    def method(self, operation):
        return getattr(self, operation.lower().replace(" ", "_"))
