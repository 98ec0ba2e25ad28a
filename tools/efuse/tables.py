# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The eFuse tables of tools/efuse (README.md there), read and checked."""
import json
import re
from collections import namedtuple
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# runs: of (block, first bit, bits), the part that holds the lowest bits first; bits of protection are those of BLOCK0, or None.
Field = namedtuple("Field", "name runs wr_dis rd_dis")
Table = namedtuple("Table", "name chip prefix revisions in_2_1 fields protection_rows espefuse_only aliases extends")
Block = namedtuple("Block", "offset words wr_dis rd_dis")
Controller = namedtuple("Controller", "name base blocks block0_errors rs_errors rs_error_bits decoding_errors")


class Mistake(Exception):
    """The data contradict themselves."""


def _fields(rows):
    return [Field(name, [tuple(run) for run in runs], wr_dis, rd_dis) for name, runs, wr_dis, rd_dis in rows]


def read_table(path):
    data = json.loads(path.read_text())
    return Table(path.stem, data["chip"], data["prefix"], tuple(data["revisions"]), data["in_2_1"], _fields(data["fields"]),
                 [tuple(row) for row in data["protection_rows"]], _fields(data["espefuse_only"]), data["aliases"],
                 data.get("extends"))


def all_tables(folder=FOLDER / "fields"):
    return [read_table(path) for path in sorted(folder.glob("*.json"))]


def all_controllers(path=FOLDER / "controllers.json"):
    """By the name of the chip in lower case."""
    def controller(name, row):
        errors = row.get("decoding_errors")
        return Controller(name, int(row["base"], 16), [Block(int(at, 16), words, wr, tuple(rd)) for at, words, wr, rd in row["blocks"]],
                          [int(at, 16) for at in row["block0_errors"]], [int(at, 16) for at in row["rs_errors"]],
                          [tuple(bits) for bits in row["rs_error_bits"]], (int(errors[0], 16), errors[1]) if errors else None)
    return {name: controller(name, row) for name, row in json.loads(path.read_text()).items()}


def controller_of(table, controllers):
    return controllers[table.chip.removesuffix("_CHIP").lower()]


def check(table, controller):
    """Raises Mistake where a table does not fit the chip's blocks, or names something twice."""
    names = [field.name for field in table.fields + table.espefuse_only]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Mistake(f"{table.name}: twice: {', '.join(sorted(twice))}")
    for field in table.fields + table.espefuse_only:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*(\.[A-Z0-9_]+)?", field.name):
            raise Mistake(f"{table.name}: invalid name {field.name}")
        for block, first, bits in field.runs:
            # The ESP32's blocks keep their width under any coding scheme; the words of a short block are read, not all its bits.
            if not (0 <= block < len(controller.blocks) and bits > 0 and 0 <= first and first + bits <= 288):
                raise Mistake(f"{table.name}: {field.name} is outside its block")
        for bit in (field.wr_dis, field.rd_dis):
            if bit is not None and not 0 <= bit < controller.blocks[0].words * 32:
                raise Mistake(f"{table.name}: {field.name} is protected by a bit outside BLOCK0")
    unknown = set(table.aliases) - set(names)
    if unknown:
        raise Mistake(f"{table.name}: aliases of unknown fields: {', '.join(sorted(unknown))}")
