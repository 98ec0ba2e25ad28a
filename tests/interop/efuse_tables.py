# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The tables of tools/efuse against espefuse's own definitions: names, positions and protection of every field, blocks and
# registers of every chip.
import json
import re
import sys

from pathlib import Path

from flasher import run

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools/efuse"))
import tables  # noqa: E402

# Run by the Python that has espefuse.
ASK = """
import importlib
import json
import re
import sys

REVISIONS = {"esp32h2_v0_0_v1_1": ("esp32h2", "esp32h2_v0.0_v1.1"), "esp32p4": ("esp32p4", "esp32p4_v3.0"), "esp32p4_rev1": ("esp32p4", None)}
found = {}
for name in sys.argv[1:]:
    chip, revision = REVISIONS.get(name, (name, None))
    module = importlib.import_module(f"espefuse.efuse.{chip}.mem_definition")
    fields = module.EfuseDefineFields(None, **({"revision": revision} if revision else {}))
    registers, base = module.EfuseDefineRegisters, module.EfuseDefineRegisters.DR_REG_EFUSE_BASE
    blocks = [module.EfuseDefineBlocks.get(block) for block in module.EfuseDefineBlocks.BLOCKS]
    found[name] = {
        "fields": [[f.name, f.alt_names, f.block, f.word * 32 + f.pos, f.bit_len, f.write_disable_bit, f.read_disable_bit]
                   for f in [f for kind in ("EFUSES", "KEYBLOCKS", "KEYBLOCKS_256", "CUSTOM_MAC", "ADC_CALIBRATION", "CALIBRATION_EFUSES")
                             for f in getattr(fields, kind, [])]],
        "base": base,
        "blocks": [[b.rd_addr - base, b.len, b.write_disable_bit, b.read_disable_bit] for b in blocks],
        "block0_errors": [at - base for at in registers.BLOCK0_ERRORS],
        "errors": [at - base for at in registers.ERRORS],
        "error_bits": [[row[0] - base, *row[2:]] for row in getattr(registers, "BLOCK_ERRORS", [])[1:]]}
print(json.dumps(found))
"""

# Where ESP-IDF and espefuse differ, and what espefuse says: (table, field) -> write protection.
KEY_MANAGER_OF_H4 = ("KM_DISABLE_DEPLOY_MODE", "KM_RND_SWITCH_CYCLE", "KM_DEPLOY_ONLY_ONCE", "FORCE_USE_KEY_MANAGER_KEY",
                     "FORCE_DISABLE_SW_INIT_KEY", "KM_XTS_KEY_LENGTH_256", "LOCK_KM_KEY")
OTHER_PROTECTION = {("esp32h4", name): 17 for name in KEY_MANAGER_OF_H4} | {("esp32h4", "DIS_CORE1"): 3}


def bits_of(runs):
    return {(block, first + n) for block, first, bits in runs for n in range(bits)}


def as_numbers(bits, offset):
    """A bit or a list of them inside RD_DIS as bits of BLOCK0."""
    return tuple(bit + offset for bit in (bits if isinstance(bits, list) else [] if bits is None else [bits]))


def ours(table, all_tables):
    """Every name, alias too -> field."""
    rows = table.espefuse_only + table.fields
    for other in all_tables:
        if other.name == table.extends:
            rows = other.espefuse_only + other.fields + rows
    aliases = {**table.aliases, **next((other.aliases for other in all_tables if other.name == table.extends), {})}
    found = {}
    for field in rows:
        for name in (field.name, *aliases.get(field.name, ())):
            found.setdefault(name, field)
    return found


def is_in_parts(field, their_run, known):
    """Bits that ESP-IDF adds to a field are one of their own in espefuse, with _H or a number at the end of its name."""
    parts = [tuple(other.runs) for name, other in known.items() if re.fullmatch(field.name + "_(H|[0-9])", name)]
    return field.runs[0] == their_run and tuple(field.runs[1:]) in parts


def field_problems(table, known, theirs, controller):
    rd_dis = known["RD_DIS"].runs[0][1]
    for name, alternatives, block, first, bits, wr_dis, rd_dis_bits in theirs:
        field = known.get(name)
        if field is None:
            field = next((known[other] for other in alternatives if other in known), None)
        if field is None:
            yield f"{name} is not known"
            continue
        their_bits = bits_of([(block, first, bits)])
        if bits_of(field.runs) != their_bits and not is_in_parts(field, (block, first, bits), known):
            yield f"{name} is at {field.runs}, not {(block, first, bits)}"
        if field.wr_dis != wr_dis and OTHER_PROTECTION.get((table.name, name)) != wr_dis:
            yield f"{name} is write-protected by {field.wr_dis}, not {wr_dis}"
        protection = as_numbers(rd_dis_bits, rd_dis)
        if protection != (() if field.rd_dis is None else (field.rd_dis,)) and protection != controller.blocks[block].rd_dis:
            yield f"{name} is read-protected by {field.rd_dis}, not {protection}"


def controller_problems(controller, theirs, rd_dis):
    if controller.base != theirs["base"]:
        yield f"the base is {controller.base:#x}, not {theirs['base']:#x}"
    blocks = [(at, words, wr, as_numbers(rd, rd_dis)) for at, words, wr, rd in theirs["blocks"]]
    if [tuple(block) for block in controller.blocks] != blocks:
        yield f"the blocks are {controller.blocks}, not {blocks}"
    errors = controller.block0_errors + controller.rs_errors + ([controller.decoding_errors[0]] if controller.decoding_errors else [])
    if errors != theirs["errors"]:
        yield f"the error registers are {errors}, not {theirs['errors']}"
    if controller.block0_errors != theirs["block0_errors"]:
        yield f"those of BLOCK0 are {controller.block0_errors}, not {theirs['block0_errors']}"
    bits = [[controller.rs_errors[count // 32], count % 32, fail % 32] for count, fail in controller.rs_error_bits if fail is not None]
    if theirs["error_bits"] and bits != theirs["error_bits"]:
        yield f"errors of blocks are at {bits}, not {theirs['error_bits']}"


def compare(folder):
    """(name, None or what differs) for each table; prints how many fields were compared."""
    found, controllers = tables.all_tables(), tables.all_controllers()
    theirs = json.loads(run([folder / "esptool/bin/python", "-c", ASK, *(table.name for table in found)]))
    count = 0
    for table in found:
        controller, known = tables.controller_of(table, controllers), ours(table, found)
        their_fields = [row for row in theirs[table.name]["fields"] if "RESERVED" not in row[0]]
        count += len(their_fields)
        problems = [*field_problems(table, known, their_fields, controller),
                    *controller_problems(controller, theirs[table.name], known["RD_DIS"].runs[0][1])]
        yield f"eFuses, {table.name}: {len(their_fields)} fields as in espefuse", "\n".join(problems) or None
    print(f"eFuse tables: {count} fields of {len(found)} tables and {len(controllers)} chips compared with espefuse")
