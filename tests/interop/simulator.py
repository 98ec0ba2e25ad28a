# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One esp-sim --as-rom as a subprocess: starts it, talks to its control socket, gives its flash, ends it.
import re
import socket
import subprocess
import time


class Simulator:
    """A virtual chip whose flash is the file of the given path; as_rom, and in a hurry where only the chip is busy."""

    def __init__(self, program, folder, chip, cable, *options):
        self.flash = folder / "flash.bin"
        self.socket = folder / "control"
        self.log = folder / "sim.log"
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, f"--{cable}", "127.0.0.1:0", "--chip", chip, "--as-rom", "--speed", "max", "--quiet",
             "--exit-on-eof", "--flash", self.flash, "--control", self.socket, *options],
            stdin=subprocess.PIPE, stdout=open(self.log, "w"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 20
        while "esp-sim: ready" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError("esp-sim does not start: " + self.log.read_text())
            time.sleep(0.02)
        self.address = re.search(r"listening on \w+ (127\S+)", self.log.read_text())[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=20)

    def control(self, command):
        """Sends one command and returns its answer; an error is an exception."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
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

    def content(self):
        """The flash as it is now."""
        self.control("save")
        return self.flash.read_bytes()
