# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One esp-sim --as-rom as a subprocess: starts it, talks to its control socket, gives its flash, ends it.
import re
import socket
import subprocess
import time

STUCK_S = 200  # what is waited for takes less than a second, unless it never comes


class Simulator:
    """A virtual chip whose flash is the file of the given path; as_rom, and in a hurry where only the chip is busy."""

    # esp-sim's options for a cable; "lines" is TCP with DTR, RTS and the rate at the control socket.
    CABLES = {"TCP": ["--tcp", "127.0.0.1:0"], "RFC 2217": ["--rfc2217", "127.0.0.1:0"],
              "lines": ["--tcp", "127.0.0.1:0", "--wiring", "bridge", "--boot", "app"],
              "pty": ["--pty", "--wiring", "bridge", "--boot", "app"]}

    def __init__(self, program, folder, chip, cable, *options):
        self.cable, self.chip = cable, chip
        self.flash = folder / "flash.bin"
        self.socket = folder / "control"
        self.log = folder / "sim.log"
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, *self.CABLES[cable], "--chip", chip, "--as-rom", "--speed", "max", "--quiet",
             "--exit-on-eof", "--flash", self.flash, "--control", self.socket, *options],
            stdin=subprocess.PIPE, stdout=open(self.log, "w"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + STUCK_S
        while "esp-sim: ready" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError("esp-sim does not start: " + self.log.read_text())
            time.sleep(0.02)
        self.address = re.search(r"listening on (?:tcp|rfc2217|pty) (\S+)", self.log.read_text())[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=STUCK_S)

    def control(self, command):
        """Sends one command and returns its answer; an error is an exception."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(STUCK_S)
            connection.connect(str(self.socket))
            with connection.makefile("rw") as stream:
                stream.write(command + "\n")
                stream.flush()
                answer = ""
                for line in stream:
                    if line.strip() == "ok":
                        return answer
                    if line.startswith("error"):
                        break
                    answer += line
        raise RuntimeError(f"control command {command}: {line.strip()}")

    def wait_for(self, *states):
        deadline = time.monotonic() + STUCK_S
        while not any(f"state {state}" in self.control("state") for state in states):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the chip is not in state {' or '.join(states)}: {self.control('state')}")
            time.sleep(0.01)

    def content(self):
        """The flash as it is now."""
        self.control("save")
        return self.flash.read_bytes()
