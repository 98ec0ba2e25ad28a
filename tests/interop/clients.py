# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The foreign clients: how each is installed into the build folder, and how it is told to carry out an operation. A
# client's operation raises Failed when the client fails or says something else than expected. `stub_only`: what it does
# with its flasher stub only; `refused`: (chip, operation) where a ROM refuses what it sends, as `refusal` says.
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent / "clients"


class Failed(Exception):
    """The client did not do it, or found something else than there is."""


def run(command, env=None):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=300, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise Failed(f"exit code {done.returncode} from {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def expect(output, *texts):
    for text in texts:
        if text.lower() not in output.lower():
            raise Failed(f"its output lacks '{text}':\n{output}")


def is_installed(folder, pins):
    """True when the folder was made from exactly these pins; otherwise it is emptied."""
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == pins.read_text():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return False


class Esptool:
    name = "esptool 5.3.0"
    cables = ("tcp", "rfc2217")
    stub_only = ("erase chip",)
    refused = frozenset()
    refusal = ""

    def __init__(self, folder):
        self.program = folder / "esptool/bin/esptool"
        pins = HERE / "requirements.txt"
        if not is_installed(folder / "esptool", pins):
            run([sys.executable, "-m", "venv", folder / "esptool"])
            run([folder / "esptool/bin/pip", "install", "-q", "--no-deps", "-r", pins])
            shutil.copy(pins, folder / "esptool/installed")

    def on_files(self, *arguments):
        return run([self.program, *arguments], {"NO_COLOR": "1"})

    def on_chip(self, sim, cable, *arguments):
        if cable == "tcp":
            port = ["--port", f"socket://{sim.address}", "--before", "no-reset", "--after", "no-reset"]
        else:
            port = ["--port", f"rfc2217://{sim.address}?ign_set_control"]
        return self.on_files(*port, "--no-stub", *arguments)

    def detect(self, sim, case):
        expect(self.on_chip(sim, case.cable, "flash-id"), f"Connected to {case.chip_name} on", "flash size: 4MB")

    def read_mac(self, sim, case):
        expect(self.on_chip(sim, case.cable, "read-mac"), case.mac)

    def flash_id(self, sim, case):
        expect(self.on_chip(sim, case.cable, "flash-id"), "Manufacturer: ef", "Device: 4016")

    def write(self, sim, case):
        self.on_chip(sim, case.cable, "write-flash", "--no-compress", hex(case.offset), case.file)

    def write_deflated(self, sim, case):
        output = self.on_chip(sim, case.cable, "write-flash", "--compress", hex(case.offset), case.file)
        expect(output, "compressed)", "Hash of data verified")

    def verify(self, sim, case):
        self.on_chip(sim, case.cable, "verify-flash", hex(case.offset), case.file)

    def read(self, sim, case):
        out = case.folder / "read.bin"
        self.on_chip(sim, case.cable, "read-flash", hex(case.offset), str(len(case.data)), out)
        if out.read_bytes() != case.data:
            raise Failed("it read something else than what is in the flash")

    def erase_region(self, sim, case):
        self.on_chip(sim, case.cable, "erase-region", hex(case.offset), "0x2000")


class EsptoolJs:
    name = "esptool-js 0.7.0"
    cables = ("tcp",)
    stub_only = ("read", "erase region", "erase chip")
    # BEGIN has one word more than the ESP32's ROM takes, and DEFL_BEGIN one less than these four take.
    refused = {("esp32", "write"), ("esp32c5", "write deflated"), ("esp32c6", "write deflated"),
               ("esp32c61", "write deflated"), ("esp32h2", "write deflated")}
    refusal = "failed with status 1,5"

    def __init__(self, folder):
        self.modules = folder / "esptool-js/node_modules"
        pins = HERE / "package.json"
        if not is_installed(folder / "esptool-js", pins):
            shutil.copy(pins, folder / "esptool-js")
            run(["npm", "install", "--prefix", folder / "esptool-js", "--package-lock=false", "--no-audit", "--no-fund"])
            shutil.copy(pins, folder / "esptool-js/installed")

    def on_chip(self, sim, operation, *arguments):
        return run(["node", HERE / "esptool_js.mjs", sim.address, operation, *arguments],
                   {"INTEROP_NODE_MODULES": str(self.modules)})

    def detect(self, sim, case):
        expect(self.on_chip(sim, "detect") + "\n", f"result: chip {case.chip_name}\n")

    def read_mac(self, sim, case):
        expect(self.on_chip(sim, "mac"), f"result: mac {case.mac}")

    def flash_id(self, sim, case):
        expect(self.on_chip(sim, "id"), "result: id 1640ef")

    def write(self, sim, case):
        expect(self.on_chip(sim, "write", hex(case.offset), case.file), "result: written")

    def write_deflated(self, sim, case):
        expect(self.on_chip(sim, "write-deflated", hex(case.offset), case.file), "result: written")

    def verify(self, sim, case):
        expect(self.on_chip(sim, "verify", hex(case.offset), case.file), "result: md5 equal")
