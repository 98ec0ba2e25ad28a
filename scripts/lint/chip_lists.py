#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that what lists most chips lists all of them: a chip is added to every table, or nobody notices the one without it.

chip_lists.py [--table FILE]: run in the repository's root. The chips are those of target_chip_t. A file that names at least
seven of them and not all must be in the table (chip_lists.txt), with those that it leaves out. Pages are not read: their
tables are made or compared by tests, their sentences have short names.
"""
import argparse
import os
import re
import subprocess
import sys

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chip_lists.txt")
HEADER = "include/esp_loader.h"
MOST = 7


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def all_chips():
    """Their names as the simulator has them, the longest first, so that esp32c61 is not taken for esp32c6."""
    names = re.findall(r"^ *(ESP(?:8266|32[A-Z]\d+))_CHIP = ", read(HEADER), re.MULTILINE)
    return sorted((name.lower() for name in names), key=lambda name: (-len(name), name))


def named_in(text, chips):
    """Also as ESP32-C6 and ESP32C6; the ESP32 itself is in every name, so it is not looked for."""
    pattern = re.compile("|".join(chips).replace("esp32", "esp32-?"), re.IGNORECASE)
    return {match.replace("-", "").lower() for match in pattern.findall(text)}


def read_table(path):
    rows = {}
    for number, line in enumerate(read(path).split("\n"), 1):
        file, _, chips = line.split("#")[0].partition(":")
        if chips.split():
            rows[file.strip()] = set(chips.split())
        elif file.strip():
            sys.exit("%s:%d: not 'FILE: CHIP ...'" % (path, number))
    return rows


def problems(files, chips, table):
    for file in files:
        missing = set(chips) - named_in(read(file), chips)
        expected = table.pop(file, set())
        if len(chips) - len(missing) < MOST:
            missing = set()
        if missing != expected:
            yield "%s leaves out %s; the table says %s" % (
                file, " ".join(sorted(missing)) or "none", " ".join(sorted(expected)) or "none")
    for file in table:
        yield "%s is in the table and not there" % file


def main(words=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", default=TABLE)
    arguments = parser.parse_args(words)
    listed = subprocess.run(("git", "ls-files", "--cached", "--others", "--exclude-standard"), capture_output=True, text=True, check=True)
    files = [file for file in listed.stdout.split("\n") if file and os.path.isfile(file) and
             not file.endswith((".md", ".json", ".txt"))]
    found = list(problems(files, all_chips(), read_table(arguments.table)))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
