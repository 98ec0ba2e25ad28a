# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# `esp-loader efuse summary` of a chip in esp-sim against `espefuse --virt` on a file, with the same random contents: values,
# protection and errors of every field of every chip; and against `esptool flash-id` on the same chip: the voltage of the flash.
import json
import random
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import efuse_tables
from efuse_tables import tables
from flasher import Failed, run
from simulator import Simulator

SEEDS = 3
REGISTERS = 0x200
# Revisions whose layout a table is for.
REVISIONS = {"esp32h2_v0_0_v1_1": 101, "esp32h2": 102, "esp32p4_rev1": 100, "esp32p4": 301}


def set_bits(words, controller, runs, value):
    for block, first, bits in runs:
        for n in range(bits):
            at = controller.blocks[block].offset // 4 + (first + n) // 32
            words[at] = words[at] & ~(1 << (first + n) % 32) | (value & 1) << (first + n) % 32
            value >>= 1


def contents(table, known, controller, seed):
    """Words of all registers. espefuse shows some fields only with the highest versions, which the first seed has."""
    source = random.Random(f"{table.name} {seed}")
    words = [source.getrandbits(32) for _ in range(REGISTERS // 4)]
    if seed == 0:
        for at in controller.block0_errors + controller.rs_errors + [0x11C]:
            words[at // 4] = 0
        set_bits(words, controller, known["RD_DIS"].runs, 0)
        for name in ("BLK_VERSION_MINOR", "BLK_VERSION_MAJOR", "MAC_VERSION", "CUSTOM_MAC_USED", "BLK3_PART_RESERVE"):
            if name in known:
                set_bits(words, controller, known[name].runs, 1 if name == "MAC_VERSION" else 0xFF)
    if "MAC_EXT" in known and controller.rs_errors:  # espefuse ends where block 1 has an error
        words[controller.rs_errors[0] // 4] &= ~0xF
    if "CODING_SCHEME" in known:  # espefuse knows no repeated code, and reads all of a block without one only
        set_bits(words, controller, known["CODING_SCHEME"].runs, (0, 1, 3)[seed % 3])
    for name in ("DIS_DOWNLOAD_MODE", "UART_DOWNLOAD_DIS", "ENABLE_SECURITY_DOWNLOAD"):  # with these the chip would not tell
        if name in known:
            set_bits(words, controller, known[name].runs, 0)
    if table.name in REVISIONS:
        major = known["WAFER_VERSION_MAJOR"].runs if "WAFER_VERSION_MAJOR" in known else \
            known["WAFER_VERSION_MAJOR_LO"].runs + known["WAFER_VERSION_MAJOR_HI"].runs
        set_bits(words, controller, major, REVISIONS[table.name] // 100)
        set_bits(words, controller, known["WAFER_VERSION_MINOR"].runs, REVISIONS[table.name] % 100)
    return words


def ask_espefuse(clients, chip, words, folder):
    """Its fields by name, and what it says of errors: block -> fails."""
    file = folder / "efuses"
    data = b"".join(word.to_bytes(4, "little") for word in words)
    size = {"esp32": 0x120}.get(chip, REGISTERS)
    file.write_bytes(data[:size][::-1])  # it keeps the last register first
    output = run([clients / "esptool/bin/espefuse", "--chip", chip, "--virt", "--path-efuse-file", file, "summary", "--format", "json"],
                 {"NO_COLOR": "1"})
    errors = {int(block): fails == "True" for block, fails in re.findall(r"in BLOCK(\d+) +\[ERRORS:\d+ FAIL:(\w+)\]", output)}
    return json.loads(output[output.index("\n{"):output.rindex("}") + 1]), errors


VOLTAGES = {"3.3V": 3300, "1.9V": 1900, "1.8V": 1800, "OFF": 0}
SOURCES = {"a strapping pin": "pin", "eFuse": "efuses", "RTC_CNTL": "register"}


def voltage_of(clients, sim):
    """What esptool says of the voltage of the flash; None where it does not."""
    output = run([clients / "esptool/bin/esptool", "--port", f"socket://{sim.address}", "--before", "no-reset", "--after", "no-reset",
                  "--no-stub", "flash-id"], {"NO_COLOR": "1"})
    found = re.search(r"Flash voltage set by (.*): (\S+)", output)
    return {"set_by": SOURCES[found[1]], "millivolts": VOLTAGES[found[2]]} if found else None


def ask_ours(clients, build, chip, words, folder):
    """Our report, and what esptool says of the voltage."""
    file = folder / "registers"
    file.write_bytes(b"".join(word.to_bytes(4, "little") for word in words))
    with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--efuse-file", file) as sim:
        output = run([build / "cli/esp-loader", "efuse", "summary", "--show-keys", "--json", "--before", "no-reset", "--after", "stay",
                      "--port", f"socket://{sim.address}"])
        voltage = voltage_of(clients, sim)
    return json.loads(output[output.index("{"):]), voltage


def bits_of_ours(field, row):
    """(block, bit) -> value."""
    value = row["value"] if isinstance(row["value"], int) else int.from_bytes(bytes.fromhex(row["value"]), "little")
    places = [(block, first + n) for block, first, bits in field.runs for n in range(bits)][:row["bits"]]
    return {place: value >> at & 1 for at, place in enumerate(places)}


def problems(known, theirs, mine):
    """What differs, and how many fields were compared."""
    rows = {row["name"]: row for row in mine["efuses"]}
    differences, count = [], 0
    for name, row in theirs.items():
        field = known.get(name)
        if field is None or "word" not in row or row["word"] is None:
            continue  # espefuse computes it from others
        own = rows.get(field.name) or next(row for other, row in rows.items() if efuse_tables.bits_of(known[other].runs)
                                           == efuse_tables.bits_of(field.runs))
        count += 1
        for ours, their in (("readable", "readable"), ("writable", "writeable")):
            protection = efuse_tables.OTHER_PROTECTION.get((known["table"], name))
            if own[ours] != row[their] and not (protection is not None and ours == "writable"):
                differences.append(f"{name}: {ours} is {own[ours]}")
        if not own["readable"]:
            continue
        digits = bytes.fromhex(row["raw_value"][2:]) if row["efuse_type"].startswith("bytes") else None
        raw = int.from_bytes(digits, "little") if digits else int(row["raw_value"], 16)
        first = row["word"] * 32 + row["pos"]
        bits = {(row["block"], first + n): raw >> n & 1 for n in range(row["bit_len"])}
        own_bits = bits_of_ours(field, own)
        if any(own_bits.get(place) != bit for place, bit in bits.items()):
            differences.append(f"{name}: {own['value']}, not {row['raw_value']}")
        differences += text_problems(name, own, row)
    return differences, count


PURPOSES = {"USER": "user", "ECDSA_KEY": "ECDSA key P-256", "ECDSA_KEY_P256": "ECDSA key P-256", "ECDSA_KEY_P192": "ECDSA key P-192",
            "ECDSA_KEY_P384_L": "ECDSA key P-384, low half", "ECDSA_KEY_P384_H": "ECDSA key P-384, high half",
            "XTS_AES_256_KEY_1": "XTS-AES-256 key, part 1", "XTS_AES_256_KEY_2": "XTS-AES-256 key, part 2",
            "XTS_AES_128_KEY": "XTS-AES-128 key", "HMAC_DOWN_ALL": "HMAC key for JTAG and digital signature",
            "HMAC_DOWN_JTAG": "HMAC key for JTAG", "HMAC_DOWN_DIGITAL_SIGNATURE": "HMAC key for digital signature",
            "HMAC_UP": "HMAC key for software", "SECURE_BOOT_DIGEST0": "digest of secure boot key 0",
            "SECURE_BOOT_DIGEST1": "digest of secure boot key 1", "SECURE_BOOT_DIGEST2": "digest of secure boot key 2",
            "KM_INIT_KEY": "key manager's initial key", "XTS_AES_256_PSRAM_KEY_1": "XTS-AES-256 key of PSRAM, part 1",
            "XTS_AES_256_PSRAM_KEY_2": "XTS-AES-256 key of PSRAM, part 2", "XTS_AES_128_PSRAM_KEY": "XTS-AES-128 key of PSRAM",
            "SDC_KEY_DIGEST": "digest of the debug controller's key"}
# What is in the package, as espefuse says it where it has words.
PARTS = {"None": "none", "105C": "105 degrees C", "85C": "85 degrees C", "AP_3v3": "AP, 3.3 V", "AP_1v8": "AP, 1.8 V"}


def words_of(name, value):
    """What we say for a value in words of espefuse's; None where it has none, or nothing to compare."""
    if re.fullmatch(r"KEY_PURPOSE_\d", name):
        return PURPOSES.get(value)
    if re.fullmatch(r"(FLASH|PSRAM)_(CAP|VENDOR|TEMP)", name) and isinstance(value, str) and not value.isdecimal():
        return PARTS.get(value) or re.sub(r"^(\d+)M$", r"\1 MB", value)
    return None


def text_problems(name, own, row):
    """Addresses, purposes of keys and what is in the package, in words."""
    words = words_of(name, row["value"]) if own["bits"] == row["bit_len"] else None  # espefuse has some in parts
    if words is not None and not own["text"].endswith(f"({words})"):
        yield f"{name}: {own['text']}, not {row['value']}"
    if name in ("MAC", "CUSTOM_MAC") and own["text"] != row["value"].split(" ")[0]:
        yield f"{name}: {own['text']}, not {row['value']}"
    if re.fullmatch(r"KEY_PURPOSE_\d", name):
        is_unknown = "unknown" in own["text"] or "reserved" in own["text"]
        if words is None and own["bits"] == row["bit_len"] and not is_unknown or is_unknown != any(word in str(row["value"]) for word in ("CUSTOM_", "FORBIDDEN", "RESERVED")):
            yield f"{name}: {own['text']}, not {row['value']}"


def error_problems(chip, theirs, mine):
    for block in mine["blocks"]:
        number = block["block"]
        if block["error"] != (number in theirs):
            yield f"errors in block {number}: {block['error']}"
        elif number > 0 and chip != "esp32" and block["lost"] != theirs.get(number, False):  # the ESP32 does not tell
            yield f"block {number} is lost: {block['lost']}"


def compare_one(clients, build, table, all_tables, controllers, seed):
    """None or what differs, and the number of fields."""
    chip, controller = table.chip.removesuffix("_CHIP").lower(), tables.controller_of(table, controllers)
    known = efuse_tables.ours(table, all_tables)
    words = contents(table, known, controller, seed)
    with tempfile.TemporaryDirectory() as folder:
        try:
            theirs, errors = ask_espefuse(clients, chip, words, Path(folder))
            mine, voltage = ask_ours(clients, build, chip, words, Path(folder))
        except Failed as failure:
            return str(failure), 0
    differences, count = problems({**known, "table": table.name}, theirs, mine)
    own = mine.get("flash_voltage")
    if own is not None:
        own.pop("pin")
    if own != voltage:
        differences.append(f"voltage of the flash: {own}, not {voltage}")
    return "\n".join([*differences, *error_problems(chip, errors, mine)]) or None, count


def compare(clients, build, chips):
    """(name, None or what differs) for each table of these chips and each contents; prints how much was compared."""
    found, controllers = tables.all_tables(), tables.all_controllers()
    mine = [table for table in found if table.chip.removesuffix("_CHIP").lower() in chips]
    with ThreadPoolExecutor(2) as few:
        jobs = [(table, seed, few.submit(compare_one, clients, build, table, found, controllers, seed))
                for table in mine for seed in range(SEEDS)]
    fields = sum(job.result()[1] for _, _, job in jobs)
    for table, seed, job in jobs:
        yield f"eFuses, {table.name}, contents {seed}: {job.result()[1]} values as espefuse has them", job.result()[0]
    print(f"eFuse values: {fields} compared with espefuse, of {len(mine)} tables and {len({table.chip for table in mine})} chips")
