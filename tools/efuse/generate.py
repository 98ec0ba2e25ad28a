#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes C of the eFuse tables next to it.

    tools/efuse/generate.py cli [FILE]
    tools/efuse/generate.py descriptors HEADERS SOURCES

The first makes what the command-line tool has: FILE, or cli/efuse/efuse_tables.c. The second makes
HEADERS/<chip>/esp_loader_efuse_table.h and SOURCES/<chip>.c: a descriptor for each field, and the set of all of them with
their names, in the form of the 2.1 API.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import cli_tables  # noqa: E402
import descriptors  # noqa: E402
import tables  # noqa: E402

CLI_TABLES = Path(__file__).resolve().parents[2] / "cli/efuse/efuse_tables.c"


def checked_tables():
    controllers = tables.all_controllers()
    found = tables.all_tables()
    for table in found:
        tables.check(table, tables.controller_of(table, controllers))
    return found, controllers


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main(words):
    found, controllers = checked_tables()
    if words[:1] == ["cli"] and len(words) <= 2:
        write(Path(words[1]) if len(words) == 2 else CLI_TABLES, cli_tables.source(found, controllers))
        return
    if len(words) != 3 or words[0] != "descriptors":
        sys.exit(__doc__)
    for chip, of_chip in descriptors.by_chip(found):
        write(Path(words[1]) / chip / "esp_loader_efuse_table.h", descriptors.header(chip, of_chip))
        write(Path(words[2]) / f"{chip}.c", descriptors.source(chip, of_chip, found))


if __name__ == "__main__":
    main(sys.argv[1:])
