# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader through RFC 2217 servers that are not the simulator's: Espressif's, which reads the lines as requests and
# acknowledges none; ser2net, which passes them on; one that reads them as requests and acknowledges them; and its own, which
# esptool uses, too. Behind each is a board with a bridge, whose chip runs its application. In real time, because what a server does takes time.
import os
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from flasher import HERE, Failed, expect, run
from operations import test_data
from simulator import STUCK_S, Simulator

FLASH_SIZE = 4 * 1024 * 1024
RATE = 921600
TRIES = 8  # of each: all must succeed

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, GO_AHEAD, COM_PORT = 0, 3, 44
SET_CONTROL, DTR_ON, DTR_OFF, RTS_OFF = 5, 8, 9, 12


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def program_server(command, sim, preload, port):
    """A server as a program, which takes the simulator's pseudo terminal for the serial device of a USB adapter."""
    env = {**os.environ, "LD_PRELOAD": str(preload), "INTEROP_CONTROL": str(sim.socket), "NO_COLOR": "1"}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=env)
        try:
            deadline = time.monotonic() + STUCK_S
            while True:
                # Looked at, not connected to: these servers take one client at a time.
                if f":{port:04X} " in "".join(Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6")
                                              if Path(f"/proc/net/{name}").exists()):
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise Failed(f"{command[0]} does not start:\n{log.read()}")
                time.sleep(0.05)
            yield f"rfc2217://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=STUCK_S)


class InterpretingServer(threading.Thread):
    """Takes DTR for "enter download mode" and a release of RTS without it for "hard reset", with the state of before, as
    bridges made of an ESP do; says yes to everything."""

    def __init__(self, sim):
        super().__init__(daemon=True)
        self.sim, self.wants_download, self.hard_resets, self.downloads = sim, False, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"rfc2217://127.0.0.1:{self.listener.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            host, port = self.sim.address.rsplit(":", 1)
            with client, socket.create_connection((host, int(port))) as chip:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                chip.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.copy_back, args=(chip, client), daemon=True).start()
                self.serve(client, chip)
                chip.shutdown(socket.SHUT_RDWR)  # the other thread is still listening

    @staticmethod
    def copy_back(chip, client):
        try:
            while data := chip.recv(4096):
                client.sendall(data.replace(b"\xff", b"\xff\xff"))
        except OSError:
            pass  # the client has left

    def serve(self, client, chip):
        pending = b""
        while data := client.recv(4096):
            pending += data
            plain = b""
            while pending:
                end = pending.find(IAC)
                if end != 0:
                    plain, pending = plain + (pending if end < 0 else pending[:end]), pending[end:] if end > 0 else b""
                    continue
                used = self.telnet(client, pending)
                if used == 0:
                    break  # the rest of it comes
                plain, pending = plain + (b"\xff" if pending[1:2] == b"\xff" else b""), pending[used:]
            if plain:
                chip.sendall(plain)

    def telnet(self, client, data):
        """Handles the command at the beginning; its length, or 0 when it is not complete."""
        if len(data) < 2:
            return 0
        if data[1] in (WILL, WONT, DO, DONT):
            if len(data) < 3:
                return 0
            answer = {WILL: DO, DO: WILL}.get(data[1])
            if answer is not None:
                client.sendall(bytes([IAC, answer, data[2]]))
            return 3
        if data[1] != SB:
            return 2
        end = data.find(bytes([IAC, SE]))
        while end > 0 and data[end - 1] == IAC:
            end = data.find(bytes([IAC, SE]), end + 1)
        if end < 0:
            return 0
        body = data[2:end].replace(b"\xff\xff", b"\xff")
        if body[0] == COM_PORT and len(body) > 2:
            if body[1] == SET_CONTROL:
                self.lines(body[2])
            elif body[1] == 1:
                self.sim.control(f"rate {int.from_bytes(body[2:6], 'big')}")
            client.sendall(bytes([IAC, SB, COM_PORT, body[1] + 100]) + data[4:end] + bytes([IAC, SE]))
        return end + 2

    def lines(self, value):
        if value == DTR_ON and not self.wants_download:
            self.wants_download = True
            self.downloads += 1
            self.sim.control("reset boot")
        elif value == DTR_OFF:
            self.wants_download = False
        elif value == RTS_OFF and not self.wants_download:
            self.hard_resets += 1
            self.sim.control("reset")


@contextmanager
def espressifs_server(clients, build, sim):
    port = free_port()
    with program_server([clients / "esptool/bin/esp_rfc2217_server", "-p", str(port), sim.address], sim,
                        build / "tests/interop/libinterop_preload.so", port) as address:
        yield address


@contextmanager
def our_server(_, build, sim):
    port = free_port()
    with program_server([build / "cli/esp-loader", "rfc2217-server", "--port", sim.address, "--listen", f"127.0.0.1:{port}"],
                        sim, build / "tests/interop/libinterop_preload.so", port) as address:
        yield address


@contextmanager
def ser2net(_, build, sim):
    port = free_port()
    settings = sim.flash.parent / "ser2net.yaml"
    settings.write_text(f"connection: &con\n  accepter: telnet(rfc2217),tcp,localhost,{port}\n"
                        f"  connector: serialdev,{sim.address},115200n81,local\n")
    with program_server(["ser2net", "-n", "-u", "-c", str(settings)], sim,
                        build / "tests/interop/libinterop_preload.so", port) as address:
        yield address


@contextmanager
def interpreting_server(_, build, sim):
    server = InterpretingServer(sim)
    try:
        yield server.address
        if server.downloads != server.hard_resets:
            raise Failed(f"{server.downloads} times into download mode, but {server.hard_resets} hard resets")
    finally:
        server.listener.close()


SERVERS = (("Espressif's esp_rfc2217_server of esptool 5.6.0", espressifs_server, "pty"),
           ("ser2net 4.3", ser2net, "pty"),
           ("a server that reads the lines as requests", interpreting_server, "lines"),
           ("esp-loader rfc2217-server", our_server, "pty"))


def everything(clients, build, server, cable, tries):
    """info again and again, then a file written at another rate; raises what goes wrong."""
    data = test_data(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "data.bin"
        file.write_bytes(data)
        with Simulator(build / "sim/esp-sim", folder, "esp32s3", cable, "--flash-size", "4MB", "--speed", "real") as sim, \
                server(clients, build, sim) as address:
            def esp_loader(command, *arguments):
                output = run([build / "cli/esp-loader", command, "--port", address, *arguments])
                sim.wait_for("app", "boot-failed")
                return output

            for loader in ([], ["--no-stub"]):
                for _ in range(tries):
                    expect(esp_loader("info", *loader), "MAC:        02:00:00:00:00:01")
                expect(esp_loader("flash", *loader, "--rewrite", "--baud", str(RATE), "0x200000", file), "Verified")
                if sim.content()[0x200000:][:len(data)] != data:
                    raise Failed("the flash does not hold the file")


def esptool_through_ours(clients, build):
    """The foreign client, which sets one line at a time: reset into download mode, a rate, data in both directions. It is slow:
    it sets the form of a byte anew whenever it changes a timeout, and waits for each answer."""
    data = test_data(1) + b"\xff" * 4096
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, copy = folder / "data.bin", folder / "copy.bin"
        file.write_bytes(data)
        with Simulator(build / "sim/esp-sim", folder, "esp32s3", "pty", "--flash-size", "4MB", "--speed", "real") as sim, \
                our_server(clients, build, sim) as address:
            def esptool(*arguments):
                output = run([clients / "esptool/bin/esptool", "--port", address, "--baud", str(RATE), *arguments],
                             {"NO_COLOR": "1", "ESPTOOL_CFGFILE": str(HERE / "esptool.cfg")})
                sim.wait_for("app", "boot-failed")
                return output

            expect(esptool("write-flash", "0x200000", file), "Hash of data verified")
            esptool("read-flash", "0x200000", str(len(data)), copy)
            if copy.read_bytes() != data or sim.content()[0x200000:][:len(data)] != data:
                raise Failed("what was written, what is in the flash and what was read are not the same")


def failure_of(what, *arguments):
    try:
        what(*arguments)
    except Exception as error:  # whatever went wrong is this server's result
        return f"{type(error).__name__}: {error}"
    return None


def all_servers(clients, build, is_quick):
    """(name, failure) for each."""
    tries = 1 if is_quick else TRIES
    jobs = [(f"esp-loader through {name}", everything, clients, build, server, cable, tries) for name, server, cable in SERVERS]
    jobs.append(("esptool 5.6.0 through esp-loader rfc2217-server", esptool_through_ours, clients, build))
    with ThreadPoolExecutor(len(jobs)) as pool:  # they mostly wait
        yield from zip([name for name, *_ in jobs], pool.map(lambda job: failure_of(*job[1:]), jobs))
