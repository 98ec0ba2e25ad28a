# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# espflash, built by cargo. It wants a serial device of a USB adapter, so it runs behind the preload, which makes one of
# the simulator's pseudo terminal.
import hashlib
import os
import re
import shutil
from pathlib import Path

from flasher import CHIPS, HERE, OPERATIONS, RATE, Failed, Flasher, expect, expect_data, is_installed, run, set_installed

# What the preload shows as /sys/class/tty: the USB bridge that most boards have.
ADAPTER = {"idVendor": "10c4", "idProduct": "ea60", "manufacturer": "Silicon Labs", "product": "CP2102", "serial": "1"}


def sys_class_tty(folder):
    """Makes, like sysfs, the terminal of a USB adapter and everything that is looked at behind it."""
    device = folder / "sys/devices/usb1/1-1"
    interface = device / "1-1:1.0"
    interface.mkdir(parents=True)
    (folder / "sys/bus/usb").mkdir(parents=True)
    (folder / "sys/class/tty/ttyACM0").mkdir(parents=True)
    (interface / "subsystem").symlink_to(folder / "sys/bus/usb")
    (folder / "sys/class/tty/ttyACM0/device").symlink_to(interface)
    for name, content in ADAPTER.items():
        (device / name).write_text(content + "\n")
    return folder / "sys/class/tty"


class Espflash(Flasher):
    chips = tuple(chip for chip in CHIPS if chip not in ("esp8266", "esp32h21"))
    name = "espflash 4.7.0"
    needs_stub = ("erase region", "erase chip")

    def __init__(self, folder, build, loader):
        self.program = folder / "espflash/bin/espflash"
        self.preload = build / "tests/interop/libinterop_preload.so"
        self.loader = loader
        # It always compresses, names no flash id, and loads its stub also where one runs.
        self.cables = {"pty": tuple(name for name in OPERATIONS if name not in ("write", "flash id", "reuse stub"))}
        if loader == "ROM":
            # Without stub it reads 64 bytes at a time, from addresses that run away from the third piece on.
            self.known = {(chip, "read"): ("wrong", "failed to read from flash") for chip in CHIPS}
        pins = HERE / "espflash.txt"
        if not is_installed(folder / "espflash", pins):
            if shutil.which("cargo") is None:
                raise Failed("espflash cannot be built: there is no cargo (Debian: cargo-web)")
            version = pins.read_text().split()[-1]
            run(["cargo", "install", "espflash", "--version", version, "--locked", "--quiet", "--debug", "--root",
                 folder / "espflash", "--target-dir", folder / "espflash/target"], timeout=7500)
            shutil.rmtree(folder / "espflash/target")
            # Its package has Espressif's ROMs, for symbols; rom/ executes one.
            cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
            roms = next(cargo.glob(f"registry/src/*/espflash-{version}/resources/roms"))
            shutil.copytree(roms, folder / "espflash/roms")
            set_installed(folder / "espflash", pins)

    def on_chip(self, sim, case, command, *arguments, rate=115200):
        sys_tty = case.folder / "sys/class/tty"
        if not sys_tty.exists():
            sys_class_tty(case.folder)
        output = run([self.program, "--skip-update-check", command, "--non-interactive", "--baud", str(rate),
                    *([] if self.loader == "stub" else ["--no-stub"]), *map(str, arguments)],
                   {"LD_PRELOAD": str(self.preload), "INTEROP_CONTROL": str(sim.socket), "INTEROP_TTY": sim.address,
                    "INTEROP_SYS_TTY": str(sys_tty), "HOME": str(case.folder)})
        if ("Using flash stub" in output) != (self.loader == "stub"):
            raise Failed(f"it did not use the loader {self.loader}:\n{output}")
        return re.sub(r" +", " ", output)

    def detect(self, sim, case):
        expect(self.on_chip(sim, case, "board-info"), f"Chip type: {sim.chip} (", "Flash size: 4MB")

    def read_mac(self, sim, case):
        expect(self.on_chip(sim, case, "board-info"), f"MAC address: {case.mac}")

    def write_deflated(self, sim, case):
        expect(self.on_chip(sim, case, "write-bin", case.offset, case.file), "Binary successfully written to flash!")

    def verify(self, sim, case, **options):
        output = self.on_chip(sim, case, "checksum-md5", case.offset, len(case.data), **options)
        expect(output, hashlib.md5(case.data).hexdigest())

    def change_rate(self, sim, case):
        self.verify(sim, case, rate=RATE)

    def read(self, sim, case):
        out = case.folder / "read.bin"
        self.on_chip(sim, case, "read-flash", case.offset, len(case.data), out)
        expect_data(out, case.data)

    def erase_region(self, sim, case):
        self.on_chip(sim, case, "erase-region", case.offset, 0x2000)

    def erase_chip(self, sim, case):
        self.on_chip(sim, case, "erase-flash")
