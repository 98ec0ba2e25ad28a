# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esptool, in a virtual environment of its own. Over TCP it cannot reset the chip; over RFC 2217 it does.
import sys

from flasher import HERE, OPERATIONS, RATE, ROM_OF_ESP8266_LACKS, Failed, Flasher, expect, expect_data, is_installed, run, set_installed


class Esptool(Flasher):
    name = "esptool 5.6.0"
    partial_cables = ("RFC 2217",)
    needs_stub = ("erase chip", "reuse stub", ("esp8266", "erase region"),
                  *(("esp8266", name) for name in ROM_OF_ESP8266_LACKS))

    def __init__(self, folder, build, loader):
        self.program = folder / "esptool/bin/esptool"
        self.loader = loader
        self.cables = {"TCP": tuple(name for name in OPERATIONS if name != "change rate"),
                       # Its clients wait for each setting to be confirmed and are slow: there, what lines and rate do.
                       "RFC 2217": ("write", "change rate")}
        pins = HERE / "requirements.txt"
        if not is_installed(folder / "esptool", pins):
            run([sys.executable, "-m", "venv", folder / "esptool"])
            run([folder / "esptool/bin/pip", "install", "-q", "--no-deps", "-r", pins])
            set_installed(folder / "esptool", pins)

    def on_files(self, *arguments):
        return run([self.program, *arguments], {"NO_COLOR": "1", "ESPTOOL_CFGFILE": str(HERE / "esptool.cfg")})

    def on_chip(self, sim, *arguments, after="no-reset"):
        if sim.cable == "TCP":
            port = ["--port", f"socket://{sim.address}", "--before", "no-reset", "--after", after]
        else:
            port = ["--port", f"rfc2217://{sim.address}?ign_set_control"]
        output = self.on_files(*port, *([] if self.loader == "stub" else ["--no-stub"]), *arguments)
        if ("stub flasher" in output.lower()) != (self.loader == "stub"):
            raise Failed(f"it did not use the loader {self.loader}:\n{output}")
        return output

    def detect(self, sim, case):
        expect(self.on_chip(sim, "flash-id"), f"Connected to {case.chip_name} on", "flash size: 4MB")

    def read_mac(self, sim, case):
        expect(self.on_chip(sim, "read-mac"), case.mac)

    def flash_id(self, sim, case):
        expect(self.on_chip(sim, "flash-id"), "Manufacturer: ef", "Device: 4016")

    def write(self, sim, case):
        self.on_chip(sim, "write-flash", "--no-compress", hex(case.offset), case.file)

    def write_deflated(self, sim, case):
        output = self.on_chip(sim, "write-flash", "--compress", hex(case.offset), case.file)
        expect(output, "compressed)", "Hash of data verified")

    def change_rate(self, sim, case):
        expect(self.on_chip(sim, "--baud", str(RATE), "verify-flash", hex(case.offset), case.file),
               f"Changing baud rate to {RATE}", "Changed.")

    def verify(self, sim, case):
        self.on_chip(sim, "verify-flash", hex(case.offset), case.file)

    def read(self, sim, case):
        out = case.folder / "read.bin"
        self.on_chip(sim, "read-flash", hex(case.offset), str(len(case.data)), out)
        expect_data(out, case.data)

    def erase_region(self, sim, case):
        self.on_chip(sim, "erase-region", hex(case.offset), "0x2000")

    def erase_chip(self, sim, case):
        self.on_chip(sim, "erase-flash")

    def reuse_stub(self, sim, case):
        expect(self.on_chip(sim, "flash-id", after="no-reset-stub"), "Uploading stub flasher")
        expect(self.on_chip(sim, "read-mac"), "Stub flasher is already running", case.mac)
