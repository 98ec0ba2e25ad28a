# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What all foreign clients have in common. A client is one program with one of the two loaders. It has a method for each
# operation it offers, raises Failed when the program fails or says something else than expected, and tells:
#
#   name, loader   for the matrix; the loader is "ROM" or "stub"
#   cables         cable -> operations, in the order they run
#   partial_cables cables with some of the operations only, because the others have nothing to do with the cable
#   needs_stub     operations it refuses without its stub
#   refused        (chip, operation) that a ROM refuses because of what this program sends, and in which words
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent / "clients"
RATE = 921600

# Every operation of the matrix, in its order.
OPERATIONS = ("detect", "read MAC", "flash id", "write", "write deflated", "verify", "read", "erase region", "change rate",
              "reuse stub", "erase chip")


class Failed(Exception):
    """The client did not do it, or found something else than there is."""


def run(command, env=None, timeout=300):
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
    needs_stub = ()
    refused = frozenset()
    refusal = ""
    partial_cables = ()
    resets_afterwards = True

    def method(self, operation):
        return getattr(self, operation.lower().replace(" ", "_"))
