# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What our monitor makes of addresses and panics, beside what ESP-IDF's decoder and espflash's monitor make of the same. The
# programs are those of tests/decode: those for RISC-V have run and printed a panic; of the one for Xtensa a backtrace is
# made of addresses of its code. Our monitor and espflash's each read it from a virtual board.
import os
import pty
import re
import select
import signal
import tempfile
import time
from pathlib import Path

from espflash_client import sys_class_tty
from flasher import HERE, Failed, is_installed, run, set_installed
from simulator import STUCK_S, Simulator

FLASH_SIZE = 4 << 20
END = "the log ends here"


def install(folder):
    """Python with the decoder, and the tools by the names that it expects."""
    pins = HERE / "decoder-requirements.txt"
    if not is_installed(folder, pins):
        run(["python3", "-m", "venv", folder])
        run([folder / "bin/pip", "install", "-q", "--no-deps", "-r", pins])
        for name, tool in (("riscv32-esp-elf-addr2line", "riscv64-unknown-elf-addr2line"),
                           ("riscv32-esp-elf-gdb", "gdb-multiarch"),
                           ("xtensa-esp32s3-elf-addr2line", "xtensa-lx106-elf-addr2line")):
            (folder / "bin" / name).symlink_to(Path("/usr/bin") / tool)
        set_installed(folder, pins)
    return folder / "bin"


def backtrace_of(elf):
    """A log with addresses of code, as an Xtensa target prints them."""
    text = run(["xtensa-lx106-elf-objdump", "-d", elf])
    addresses = [int(address, 16) for address in re.findall(r"^([0-9a-f]{8}):\t", text, re.MULTILINE)][4:]
    rows = ["Backtrace: " + " ".join(f"0x{a:08x}:0x3ffb{0x100 + i:04x}" for i, a in enumerate(addresses[n:n + 8]))
            for n in range(0, len(addresses), 8)]
    return "\r\n".join(rows) + "\r\n"


def board(build, folder, chip, cable):
    """A virtual board whose flash holds an application."""
    images = folder / "images"
    run([build / "tools/mkimage/el-mkimage", "set", "--chip", chip, "-o", images, "--size", "16K", "--flash-size", "4MB"])
    flash = bytearray(b"\xff" * FLASH_SIZE)
    for offset, name in ((0, "bootloader"), (0x8000, "partition-table"), (0x10000, "app")):
        content = (images / f"{name}.bin").read_bytes()
        flash[offset:offset + len(content)] = content
    (folder / "flash.bin").write_bytes(flash)
    return Simulator(build / "sim/esp-sim", folder, chip, cable, "--flash-size", "4MB")


def watch(sim, log, command, environment=None):
    """What a monitor shows on its terminal: it resets the board, whose application then prints the log."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(environment or {})
        os.execvp(str(command[0]), list(map(str, command)))
    output, has_printed, is_quiet, deadline = "", False, False, time.monotonic() + STUCK_S
    try:
        while END not in output or not is_quiet:
            if time.monotonic() > deadline:
                raise Failed(f"{command[0]} does not show the log:\n{output}")
            is_quiet = not select.select([fd], [], [], 0.5)[0]
            if not is_quiet:
                output += os.read(fd, 65536).decode(errors="replace")
            if not has_printed and "no code is executed" in output:
                for line in log.splitlines() + [END]:
                    sim.control(f"app-print 1 {line}\\r\\n")
                has_printed = True
    except OSError as error:
        raise Failed(f"{command[0]} ended:\n{output}") from error
    finally:
        os.kill(pid, signal.SIGKILL)
        os.close(fd)
        os.waitpid(pid, 0)
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", output).replace("\r", "")


def base(function):
    """Without class and parameters, which only some of them print."""
    return re.sub(r"\(.*", "", function).split("::")[-1].strip()


def rows(form, text):
    """[(address, function, place)]; an inlined function has no address."""
    return [(address, base(function), place) for address, function, place in re.findall(form, text, re.MULTILINE)]


def of_monitor(text):
    """Of our lines those of single addresses, and those of frames."""
    log, _, frames = text.partition("--- #0 ")
    return (rows(r"^--- (?:0x([0-9a-f]{8}): |\(inlined by\) )(.*?) at (\S+)$", log),
            rows(r"^--- (?:#\d+ +0x([0-9a-f]{8}) in |\(inlined by\) )(.*?) at (\S+)$", "--- #0 " + frames))


def of_espflash(text):
    log, _, frames = text.partition("Backtrace (decoded")
    form = r"^ *(?:0x([0-9a-f]{8}) - |\(inlined by\) )(.*)\n +at (\S+)$"
    return rows(form, log), rows(form, frames)


def compare(what, ours, theirs):
    if not theirs or ours != theirs:
        raise Failed(f"{what}: {len(ours)} of ours, {len(theirs)} of theirs\n" +
                     "\n".join(f"{we} {they}" for we, they in zip(ours, theirs) if we != they))


def places(lines):
    """addr2line gives the innermost of inlined functions the name of the outermost at some addresses, so its names are not
    compared; like_addr2line.py of tests/decode does that."""
    return [(address, place) for address, _, place in lines]


def judge(build, tools, espflash, chip, elf, log):
    programs = {"PATH": f"{tools}:{os.environ['PATH']}"}
    prefix = "riscv32-esp-elf-" if chip == "esp32c3" else "xtensa-esp32s3-elf-"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "log").write_text(log)
        with board(build, folder, chip, "RFC 2217") as sim:
            addresses, frames = of_monitor(watch(sim, log, [build / "cli/esp-loader", "monitor", "--port",
                                                            f"rfc2217://{sim.address}", "--elf", elf]))
        with board(build, folder, chip, "pty") as sim:
            their_addresses, their_frames = of_espflash(watch(
                sim, log, [espflash.program, "--skip-update-check", "monitor", "--non-interactive", "--no-stub", "--chip", chip,
                           "--elf", elf],
                {"LD_PRELOAD": str(espflash.preload), "INTEROP_CONTROL": str(sim.socket), "INTEROP_TTY": sim.address,
                 "INTEROP_SYS_TTY": str(sys_class_tty(folder)), "HOME": str(folder)}))
        decoder = [tools / "python", HERE.parent / "panic_decoder.py", prefix, elf, folder / "log"]
        compare("addresses beside espflash", [row for row in addresses if row[0]], [row for row in their_addresses if row[0]])
        decoded = rows(r"^(?:0x([0-9a-f]{8}): | \(inlined by\) )(.*?) at ([^?\s]+)$", run(decoder, programs))
        in_code = {address for address, *_ in addresses}
        if chip == "esp32c3":  # it decodes the words of the stack, too, where ours shows the frames
            decoded = decoded[:len(addresses)]
        compare("addresses beside esp-idf-panic-decoder", places(addresses), places(decoded))
        if chip == "esp32c3":
            compare("frames beside espflash", frames, their_frames)
            gdb = rows(r"^#\d+ +(?:0x([0-9a-f]{8}) in )?(\S+) \(.*?\) at (\S+)$", run([*decoder, chip], programs))
            compare("frames beside esp-idf-panic-decoder", frames[:-1], gdb)  # gdb ends with main()
        return len(in_code)


def all_decoders(build, clients, espflash):
    """(name, failure) for each program."""
    programs = build / "tests/decode"
    try:
        tools = install(clients / "decoder")
    except Exception as error:
        yield "decoders", f"{type(error).__name__}: {error}"
        return
    for chip, name in (("esp32c3", "riscv_small"), ("esp32c3", "riscv_plain"), ("esp32c3", "riscv_frame"), ("esp32s3", "xtensa")):
        elf = programs / f"{name}.elf"
        try:
            log = (programs / f"{name}.log").read_text() if chip == "esp32c3" else backtrace_of(elf)
            failure = None if judge(build, tools, espflash, chip, elf, log) else "nothing was decoded"
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
        yield f"{name}: addresses and frames as esp-idf-panic-decoder 1.5.0 and espflash 4.7.0 have them", failure
