# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One client on one virtual chip: its operations one after the other, and whether the flash is what it must be.
import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from flasher import Failed
from simulator import Simulator

FLASH_SIZE = 4 * 1024 * 1024
SECTOR = 4096
WINDOW = 32768  # of inflate


@dataclass
class Case:
    """What an operation works on: this file is written, or has been written, at this offset."""
    chip_name: str
    mac: str
    folder: Path
    offset: int
    data: bytes
    file: Path


def test_data(seed):
    """Half incompressible, half repetitive, no multiple of a block or sector; 0xC0 and 0xDB are among the bytes."""
    return random.Random(seed).randbytes(20600) + bytes(range(190, 224)) * 70


def expected_after(operation, before, case):
    """The flash an operation must leave: whole sectors erased, then the file."""
    if operation == "erase chip":
        return b"\xff" * len(before)
    if operation not in ("write", "write deflated", "erase region"):
        return before
    size = 0x2000 if operation == "erase region" else len(case.data)
    content = b"" if operation == "erase region" else case.data
    end = case.offset + (size + SECTOR - 1) // SECTOR * SECTOR
    return before[:case.offset] + content.ljust(end - case.offset, b"\xff") + before[end:]


def without_rest_of_window(content, case):
    """The flash but what the ESP32's ROM programs after a compressed file: the rest of its window, erased or not."""
    end = case.offset + len(case.data)
    return content[:end] + content[case.offset + (len(case.data) + WINDOW - 1) // WINDOW * WINDOW:]


def one_operation(client, sim, chip, operation, case):
    before = sim.content()
    if operation == "write deflated":
        case = replace(case, data=test_data(2), file=case.folder / "deflated.bin")
        case.file.write_bytes(case.data)
    if sim.cable == "TCP":
        sim.control("reset boot")
        sim.wait_for("download-rom")
    else:
        sim.control("reset")
        if "download" in sim.control("state"):
            raise Failed("the chip is in download mode before the client put it there")
    client.method(operation)(sim, case)
    after, expected = sim.content(), expected_after(operation, before, case)
    if (client.loader, chip, operation) == ("ROM", "esp32", "write deflated"):
        after, expected = without_rest_of_window(after, case), without_rest_of_window(expected, case)
    if after != expected:
        raise Failed("the flash is not what it must be")
    if sim.cable != "TCP" and client.resets_afterwards and "download" in sim.control("state"):
        raise Failed("the client did not reset the chip")
    return case


def one_known_failure(client, sim, chip, operation, case, words):
    before = sim.content()
    try:
        one_operation(client, sim, chip, operation, case)
    except Failed as failure:
        if words not in str(failure):
            raise
    else:
        raise Failed("it does not fail any more")
    if sim.content() != before:
        raise Failed("it failed and has changed the flash")


def all_operations(program, client, cable, chip, chip_name, operations, options=()):
    """Results of one client on one chip over one cable: operation -> "yes", "stub", another known cell or the failure. The
    options are esp-sim's."""
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flash.bin").write_bytes(random.Random(7).randbytes(FLASH_SIZE))
        case = Case(chip_name, "02:00:00:00:00:01", folder, 0x10000, test_data(1), folder / "data.bin")
        case.file.write_bytes(case.data)
        with Simulator(program, folder, chip, cable, "--flash-size", "4MB", *options) as sim:
            for operation in operations:
                if client.loader == "ROM" and {operation, (chip, operation)} & set(client.needs_stub):
                    results[operation] = "stub"
                    continue
                try:
                    if (chip, operation) in client.known:
                        cell, words = client.known[chip, operation]
                        one_known_failure(client, sim, chip, operation, case, words)
                        results[operation] = cell
                    else:
                        case = one_operation(client, sim, chip, operation, case)
                        results[operation] = "yes"
                except Exception as error:  # whatever went wrong is this case's result
                    results[operation] = f"{type(error).__name__}: {error}"
    return results
