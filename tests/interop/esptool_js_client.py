# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esptool-js under Node.js. Its serial port is a TCP connection; control lines and rate go to the simulator's control
# socket (clients/esptool_js.mjs).
import shutil

from flasher import CHIPS, HERE, OPERATIONS, RATE, ROM_OF_ESP8266_LACKS, Flasher, expect, expect_data, is_installed, run, set_installed


class EsptoolJs(Flasher):
    name = "esptool-js 0.7.0"
    needs_stub = ("read", "erase chip", "reuse stub", *(("esp8266", name) for name in ROM_OF_ESP8266_LACKS))
    # Its hard reset releases RTS without having set it.
    resets_afterwards = False
    # BEGIN has one word more than the ROM of the first takes, and DEFL_BEGIN one less than those of the others take.
    refused_by_rom = {("esp8266", "write"), ("esp32", "write"), ("esp32c5", "write deflated"),
                      ("esp32c6", "write deflated"), ("esp32c61", "write deflated"), ("esp32h2", "write deflated"),
                      ("esp32p4", "write deflated"), ("esp32s31", "write deflated"), ("esp32h21", "write deflated"),
                      ("esp32h4", "write deflated")}

    def __init__(self, folder, build, loader):
        self.loader = loader
        if loader == "stub":
            self.chips = tuple(chip for chip in CHIPS if chip != "esp32h21")  # it has none for it
        # For the ESP8266 it takes the offset 0 of registers that are not there for an offset: one byte is read.
        self.known = {("esp8266", "flash id"): ("wrong", "result: id ef\n")}
        if loader == "ROM":
            self.known |= {case: ("refused", "failed with status 1,5") for case in self.refused_by_rom}
            # It does not attach the flash of an ESP8266, which FLASH_BEGIN does; and to see whether the new rate works it
            # reads a register that is not there on P4 and S31, where that ends the loader.
            self.known["esp8266", "flash id"] = "wrong", "result: id ff\n"
            for chip in "esp32p4", "esp32s31":
                self.known[chip, "change rate"] = "wrong", "Continuing at 115200 baud"
        self.cables = {"lines": tuple(name for name in OPERATIONS if name != "erase region")}
        self.modules = folder / "esptool-js/node_modules"
        pins = HERE / "package.json"
        if not is_installed(folder / "esptool-js", pins):
            shutil.copy(pins, folder / "esptool-js")
            run(["npm", "install", "--prefix", folder / "esptool-js", "--package-lock=false", "--no-audit", "--no-fund"])
            set_installed(folder / "esptool-js", pins)

    def on_chip(self, sim, operation, *arguments, before="default_reset"):
        output = run(["node", HERE / "esptool_js.mjs", sim.address, sim.socket, self.loader, before, operation,
                      *map(str, arguments)], {"INTEROP_NODE_MODULES": str(self.modules)})
        expect(output, f"result: loader {self.loader}")
        return output

    def detect(self, sim, case):
        expect(self.on_chip(sim, "detect") + "\n", f"result: chip {case.chip_name}\n")

    def read_mac(self, sim, case):
        expect(self.on_chip(sim, "mac"), f"result: mac {case.mac}")

    def flash_id(self, sim, case):
        expect(self.on_chip(sim, "id"), "result: id 1640ef")

    def write(self, sim, case):
        expect(self.on_chip(sim, "write", case.offset, case.file), "result: written")

    def write_deflated(self, sim, case):
        expect(self.on_chip(sim, "write-deflated", case.offset, case.file), "result: written")

    def change_rate(self, sim, case):
        expect(self.on_chip(sim, "verify", case.offset, case.file, RATE), f"result: rate {RATE}", "md5 equal")

    def verify(self, sim, case):
        expect(self.on_chip(sim, "verify", case.offset, case.file), "result: md5 equal")

    def read(self, sim, case):
        out = case.folder / "read.bin"
        expect(self.on_chip(sim, "read", case.offset, out, len(case.data)), "result: read")
        expect_data(out, case.data)

    def erase_chip(self, sim, case):
        expect(self.on_chip(sim, "erase"), "result: erased")

    def reuse_stub(self, sim, case):
        expect(self.on_chip(sim, "detect"), "Uploading stub")
        expect(self.on_chip(sim, "mac", before="no_reset"), "Stub is already running", f"result: mac {case.mac}")
