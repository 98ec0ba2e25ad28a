#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that includes run one way: each part of the project may include only the parts listed for it, and none is listed
for nothing.

includes.py [--write]: run in the repository's root. A part is a folder; a file belongs to the longest folder that contains
it. What a part uses through another one's headers counts like an include. The table in docs/architecture.md is made of the
one here: --write makes it, otherwise it must be current.
"""
import os
import re
import sys

# part: parts it may include (besides itself). "include" are the public headers.
ALLOWED = {
    "include": [],
    # the library looks down only
    "src/common": [],
    "src/digest": ["include", "src/common"],
    "src/target": ["include", "src/common"],
    "src/error": ["include", "src/common"],
    "src/stub": ["include"],
    "src/efuse": ["include"],
    "src/image": ["include", "src/common", "src/digest"],
    "src/link": ["include", "src/common"],
    "src/protocol": ["src/common", "src/digest"],
    "src/burn": ["include", "src/common", "src/target"],
    "src/session": ["include", "src/common", "src/protocol", "src/link", "src/target", "src/stub", "src/burn"],
    "src/plan": ["include", "src/common", "src/session", "src/link", "src/image", "src/target"],
    "src/v1": ["include"],
    # users of the library see public headers only
    "port/posix": ["include"],
    "port/net": ["include", "port/posix"],
    "port/linux_devices": ["include", "port/posix"],
    "port/linux_serial": ["include", "port/posix", "port/linux_devices"],
    "port/linux_usb": ["include", "port/posix", "port/linux_devices"],
    "port": ["include"],
    # the tool looks down, too
    "cli/text": ["include"],
    "cli/report": ["include", "cli/text"],
    "cli/files": ["include", "cli/report", "cli/text"],
    "cli/options": ["cli/text"],
    "cli/config": ["cli/esptool", "cli/options", "cli/report"],
    "cli/esptool": ["cli/options", "cli/report"],
    "cli/pages": ["include", "cli/esptool", "cli/options"],
    "cli/decode": ["cli/text"],
    "cli/ports": ["include", "cli/decode", "cli/report", "cli/text", "port/net", "port/linux_devices", "port/linux_serial", "port/linux_usb"],
    "cli/session": ["include", "cli/options", "cli/ports", "cli/report", "cli/text"],
    # SHA-256 is in no public header
    "cli/efuse": ["include", "src/digest", "cli/session", "cli/files", "cli/report", "cli/text"],
    "cli/partitions": ["include", "cli/session", "cli/report", "cli/text"],
    "cli/flash": ["include", "cli/partitions", "cli/session", "cli/options", "cli/ports", "cli/files", "cli/report", "cli/text"],
    "cli/server": ["include", "cli/ports", "cli/text", "port/posix", "port/net", "port/linux_devices", "port/linux_serial"],
    "cli/monitor": ["include", "cli/decode", "cli/session", "cli/options", "cli/ports", "cli/report", "cli/text", "port/linux_devices"],
    "cli/commands": ["include", "cli/config", "cli/efuse", "cli/flash", "cli/monitor", "cli/server", "cli/partitions", "cli/session", "cli/options", "cli/ports", "cli/files", "cli/report", "cli/text", "port/linux_devices"],
    "cli": ["cli/commands", "cli/esptool", "cli/session", "cli/options", "cli/ports", "cli/report"],
    "examples": ["include", "port"],
    # independent readings of the same facts
    # the simulator looks down, too; what happens below reaches the board through a table of callbacks
    "sim": [],
    "sim/frontend": ["sim"],
    "sim/board": ["sim", "sim/boot", "sim/loader", "sim/rom", "sim/link", "sim/faults", "sim/chip", "sim/flash", "sim/base", "sim/state"],
    "sim/boot": ["sim", "sim/link", "sim/chip", "sim/flash", "sim/base", "sim/state"],
    "sim/loader": ["sim", "sim/link", "sim/faults", "sim/chip", "sim/flash", "sim/base", "sim/state"],
    "sim/rom": ["sim", "sim/core", "sim/link", "sim/chip", "sim/flash", "sim/base", "sim/state"],
    "sim/link": ["sim", "sim/faults", "sim/chip", "sim/base", "sim/state"],
    "sim/faults": ["sim", "sim/chip", "sim/flash", "sim/base", "sim/state"],
    "sim/chip": ["sim", "sim/flash", "sim/base", "sim/state"],
    "sim/flash": ["sim", "sim/base", "sim/state"],
    "sim/base": ["sim", "sim/state"],
    "sim/core": [],
    "sim/state": ["sim", "sim/board", "sim/loader", "sim/rom", "sim/link", "sim/faults", "sim/chip", "sim/flash", "sim/base"],
    "tools": [],
    "bench": ["include", "sim", "sim/base", "tests"],
    "tests": ["include", "src", "port", "sim", "sim/boot", "sim/core", "sim/loader", "sim/rom", "sim/state", "cli", "tools"],
}
# What the parts are, for the table of the page; those left out are on no page.
PURPOSE = {
    "include": "public headers, the contract",
    "src/plan": "plans: check, compare, choose, write",
    "src/session": "what users call: connect, detect, write, verify",
    "src/protocol": "commands and replies as values; no I/O",
    "src/link": "frames over a byte stream; the only code that calls a port",
    "src/target": "chip table",
    "src/image": "image formats",
    "src/digest": "digests",
    "src/stub": "table of flasher stubs",
    "src/efuse": "tables of eFuse fields, made by tools/efuse/generate.py",
    "src/burn": "burning eFuses as pure computation: codes, keys, order, refusals; and the controllers' tables",
    "src/error": "names and sentences of errors",
    "src/common": "fields of bytes, units of flash, counts",
    "src/v1": "the single-target API; the only static object of the library",
    "port": "one folder per host transport; those below share code",
    "port/posix": "what the ports of POSIX hosts share",
    "port/net": "TCP and RFC 2217",
    "port/linux_devices": "the connected devices, and which one is the same after a reset",
    "port/linux_serial": "serial ports of Linux",
    "port/linux_usb": "USB devices without a tty",
    "cli": "the program esp-loader: finds the command",
    "cli/commands": "one file per command, and the frame they have in common",
    "cli/flash": "files and options as one plan, and running it; what flash, watch, verify and merge share",
    "cli/efuse": "eFuses of all chips: tables, contents in words, what a part can still do",
    "cli/server": "a serial device on the network: the server's half of telnet and RFC 2217, the shared device, the loop",
    "cli/monitor": "showing what a target prints, sending what is typed",
    "cli/partitions": "partition tables, of a file or the target; partitions by name; which app starts",
    "cli/session": "a run with a target: connecting, leaving, its outcome; the report for programs",
    "cli/ports": "connected devices, opening the port that --port names, stopping on a signal",
    "cli/options": "the table of commands and options, and what is made of it: parsing, help",
    "cli/config": "options of files: esp-loader.toml, and esptool's configuration file",
    "cli/pages": "the program that makes man pages, completions and the tables of docs/cli.md while the tool is built",
    "cli/esptool": "esptool's words, and what becomes of them",
    "cli/files": "input and output files",
    "cli/report": "output for people: failures, progress, exit codes",
    "cli/decode": "addresses and panics in the target's output, and the process that reads ELF files",
    "cli/text": "parsing names and numbers, safe text for a terminal",
    "sim": "the interface of the virtual chip",
    "sim/frontend": "the program esp-sim: sockets, terminals and USB/IP around virtual chips",
    "sim/board": "power, lines, resets, the running program; handles the chip's events",
    "sim/boot": "what boots from flash, or why nothing does",
    "sim/loader": "the ROM loader and the flasher stub",
    "sim/rom": "the chip's own code executed in place of the loader: ELF file, memory map, the peripherals it needs",
    "sim/link": "the wire and the console that goes over it",
    "sim/faults": "what goes wrong, and when",
    "sim/chip": "chip table, registers, eFuses, watchdogs, supply of the flash",
    "sim/flash": "the SPI NOR part",
    "sim/base": "time, texts, bytes, trace",
    "sim/core": "processor cores that execute code, and the memory they see",
    "sim/state": "the struct of the whole chip",
    "tools": "the image maker",
    "examples": "programs to begin with",
}
# Headers of interfaces: whoever uses what they declare needs them, not the file that defines it.
PUBLIC = ("include/", "sim/esp_sim.h")
# Quoted includes that are not ours are an SDK's; only these parts may have them.
SDK_USERS = ("port", "examples", "tests")
# Depend on the C library alone; the programs of these parts are built with them, too.
SHARED = {"cli/files/output_file.h": ("tools",), "cli/report/standard_streams.h": ("tools",)}
# Folders that includes are relative to, besides the file's own, the part's and the one above it.
SEARCH = ["include", "src", "sim", "cli", "port/posix", "port/net", "port/linux_devices", "port/linux_serial",
          "port/linux_usb", "port/esp32_usb_cdc_acm", "tests/against_sim/session", "tests/support"]


PAGE = "docs/architecture.md"
MARKS = ("<!-- made by scripts/lint/includes.py --write, from its table -->\n", "<!-- end of the table -->\n")


def part_of(path):
    best = ""
    for part in ALLOWED:
        if path.startswith(part + "/") and len(part) > len(best):
            best = part
    return best


def covers(allowed, part):
    """Does an entry of the table stand for a part?"""
    return part == allowed or (allowed in ("src", "port", "cli", "tests") and part.startswith(allowed + "/"))


def resolve(source, name):
    """Path of an included project file, or None."""
    for folder in [os.path.dirname(source), part_of(source), source.split("/")[0]] + SEARCH:
        path = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(path):
            return path
    return None


def included():
    """(file, line, mark, name) of every include."""
    for top in sorted({part.split("/")[0] for part in ALLOWED}):
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".cpp", ".hpp")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as source:
                        for number, line in enumerate(source, 1):
                            match = re.match(r'\s*#\s*include\s*(["<])([^">]+)', line)
                            if match:
                                yield path, number, match[1], match[2]


def used():
    """(file, names, file that has them) for what one part uses of another; what a public header declares is that header's."""
    import c_files  # which resolves includes with this module
    files = c_files.read(["include", "src", "port", "cli", "sim"])
    public = set().union(*(file.declares for path, file in files.items() if path.startswith(PUBLIC)))
    for source, targets in c_files.edges(files).items():
        for target, names in targets.items():
            own = [name for name in names if name not in public]
            if own and part_of(source) != part_of(target):
                yield source, own, target


def judge():
    """Files that were looked at, and a line for each that does what the table does not permit."""
    problems, files, met = [], set(), set()

    def allow(source, target):
        part, other = part_of(source), part_of(target)
        if part == other or part in SHARED.get(target, ()):
            return True
        entries = [entry for entry in ALLOWED[part] if covers(entry, other)]
        met.update((part, entry) for entry in entries)
        return bool(entries)

    for source, number, mark, name in included():
        files.add(source)
        target = resolve(source, name)
        if not part_of(source):
            problems.append("%s: is in no known part" % source)
        elif target is None:
            if mark == '"' and not part_of(source).startswith(SDK_USERS):
                problems.append("%s:%d: %s does not exist" % (source, number, name))
        elif not allow(source, target):
            problems.append("%s:%d: %s may not include %s" % (source, number, part_of(source), target))
    for source, names, target in used():
        if not allow(source, target):
            problems.append("%s: %s may not use %s: %s" % (source, part_of(source), target, " ".join(names)))
    problems += ["the table lets %s include %s, which it does not do" % (part, entry)
                 for part, entries in ALLOWED.items() for entry in entries if (part, entry) not in met]
    return files, problems


def shown(part):
    return "public headers" if part == "include" else "`%s/`" % part


def page_table():
    """The table of docs/architecture.md."""
    lines = ["| folder | what | may include |", "|---|---|---|"]
    for part, what in PURPOSE.items():
        lines.append("| `%s/` | %s | %s |" % (part, what, ", ".join(map(shown, ALLOWED[part])) or "nothing but itself"))
    lines.append("")
    lines += ["%s may include `%s`, which needs the C library alone." % (", ".join(map(shown, parts)), header)
              for header, parts in SHARED.items()]
    return "\n".join(lines) + "\n"


def main(words):
    files, problems = judge()
    with open(PAGE, encoding="utf-8") as file:
        before, start, rest = file.read().partition(MARKS[0])
    old, end, after = rest.partition(MARKS[1])
    if not start or not end:
        problems.append("%s: has no place for the table" % PAGE)
    elif "--write" in words:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(before + start + "\n" + page_table() + end + after)
    elif old.strip("\n") != page_table().strip("\n"):
        problems.append("%s: the table is not the one of %s: run it with --write" % (PAGE, sys.argv[0]))
    print("%d files" % len(files))
    print("\n".join(problems))
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
