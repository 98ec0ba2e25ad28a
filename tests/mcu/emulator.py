# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One board of an emulator as a subprocess, qemu-system-arm or rp2040js: its console, its second UART on esp-sim's TCP port, and
# the edges of its pins.
import os
import pathlib
import re
import socket
import subprocess
import time

STUCK_S = 120  # what is waited for takes seconds, unless it never comes
DEVICES = 40  # as many are looked through for the pins


def _connect(path):
    deadline = time.monotonic() + STUCK_S
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


class Board:
    """A board that has not begun: begin() lets its firmware run; `console` is what it prints, watch_pins() a socket that has
    something when read_pins() has."""

    def __init__(self):
        self.process, self.console, self._pins, self._events = None, None, None, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def read_pins(self):
        """(pin, level) of each edge that has been reported; to be called when there is something to receive."""
        self._events += self._pins.recv(4096)
        *lines, self._events = self._events.split(b"\n")
        for line in lines:
            edge = re.match(rb"IRQ (raise|lower) (\d+)", line)
            if edge:
                yield int(edge[2]), edge[1] == b"raise"


class Rp2040(Board):
    """An RP2040 in rp2040js, the npm package in the folder `package`."""

    def __init__(self, package, firmware, target):
        super().__init__()
        binary = firmware + ".bin"
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", firmware, binary], check=True)
        self.console, self._console_end = socket.socketpair()
        self._pins, self._pins_end = socket.socketpair()
        script = pathlib.Path(__file__).with_name("rp2040.mjs")
        self._command = ["node", script, package, binary, *target.split(":")]

    def watch_pins(self):
        return self._pins

    def begin(self):
        number = self._pins_end.fileno()
        self.process = subprocess.Popen(["bash", "-c", f'exec "$@" 3>&{number}', "bash", *map(str, self._command)],
                                        stdin=subprocess.DEVNULL, stdout=self._console_end, pass_fds=[number])


class Qemu(Board):
    """A board of qemu-system-arm."""

    def __init__(self, board, firmware, folder, target):
        super().__init__()
        names = {name: os.path.join(folder, name) for name in ("console", "monitor", "pins")}
        for name in names.values():
            if os.path.exists(name):
                os.remove(name)
        host, port = target.split(":")
        self.process = subprocess.Popen(
            ["qemu-system-arm", "-M", board, "-kernel", firmware, "-display", "none", "-S",
             "-monitor", f"unix:{names['monitor']},server=on,wait=off", "-qtest", f"unix:{names['pins']},server=on,wait=off",
             "-chardev", f"socket,id=console,path={names['console']},server=on,wait=off", "-serial", "chardev:console",
             "-chardev", f"socket,id=target,host={host},port={port}", "-serial", "chardev:target"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._monitor, self._pins = _connect(names["monitor"]), _connect(names["pins"])
            self.console = _connect(names["console"])  # before the firmware runs: what nobody reads is lost
            self._answer()
        except Exception:
            self.close()
            raise

    def _answer(self):
        text = b""
        while not text.rstrip().endswith(b"(qemu)"):
            got = self._monitor.recv(4096)
            if not got:
                raise RuntimeError("qemu-system-arm has ended")
            text += got
        return text.decode(errors="replace")

    def monitor(self, command):
        self._monitor.sendall(command.encode() + b"\n")
        return self._answer()

    def watch_pins(self):
        """From now on every edge of the first PL061 (GPIO A) is reported: read_pins()."""
        for number in range(DEVICES):
            path = f"/machine/unattached/device[{number}]"
            if "pl061" in self.monitor(f"qom-get {path} type"):
                self._pins.sendall(f"irq_intercept_out {path}\n".encode())
                self._pins.recv(64)
                return self._pins
        raise RuntimeError("this board has no PL061")

    def begin(self):
        self.monitor("cont")
