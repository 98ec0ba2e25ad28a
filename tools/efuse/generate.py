#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes C of the eFuse tables next to it.

    tools/efuse/generate.py cli [FILE]
    tools/efuse/generate.py library [FOLDER]

The first makes what the command-line tool has: FILE, or cli/efuse/efuse_tables.c. The second makes what the library has, in
the repository or in FOLDER. include/efuse and src/efuse: a descriptor for each field, and the set of all of them with their
names, in the form of the 2.1 API. src/target/efuse_layout.c: the blocks of each chip. src/burn: what burning needs of them.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import burning  # noqa: E402
import cli_tables  # noqa: E402
import descriptors  # noqa: E402
import layouts  # noqa: E402
import tables  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CLI_TABLES = ROOT / "cli/efuse/efuse_tables.c"


def checked_tables():
    controllers = tables.all_controllers()
    found = tables.all_tables()
    for table in found:
        tables.check(table, tables.controller_of(table, controllers))
    return found, controllers


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_library(folder, found, controllers):
    for chip, of_chip in descriptors.by_chip(found):
        write(folder / "include/efuse" / chip / "esp_loader_efuse_table.h", descriptors.header(chip, of_chip))
        write(folder / "src/efuse" / f"{chip}.c", descriptors.source(chip, of_chip, found))
    header = (ROOT / "include/esp_loader.h").read_text()
    write(folder / "src/target/efuse_layout.c", layouts.source(controllers, header))
    write(folder / "src/burn/chips.c", burning.chips(found, controllers, header))
    write(folder / "src/burn/controllers.c", burning.controllers_source(controllers, header))


def main(words):
    if len(words) not in (1, 2) or words[0] not in ("cli", "library"):
        sys.exit(__doc__)
    found, controllers = checked_tables()
    path = Path(words[1]) if len(words) == 2 else None
    if words[0] == "cli":
        write(path or CLI_TABLES, cli_tables.source(found, controllers))
    else:
        write_library(path or ROOT, found, controllers)


if __name__ == "__main__":
    main(sys.argv[1:])
