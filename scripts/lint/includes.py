#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that includes run one way: each part of the project may include only the parts listed for it.

Run in the repository's root. A part is a folder; a file belongs to the longest folder that contains it.
"""
import os
import re
import sys

# part: parts it may include (besides itself). "include" are the public headers.
ALLOWED = {
    "include": [],
    # the library looks down only
    "src/digest": ["include"],
    "src/target": ["include"],
    "src/stub": ["include", "src/target"],
    "src/image": ["include", "src/digest"],
    "src/link": ["include"],
    "src/protocol": ["include", "src/digest", "src/link"],
    "src/session": ["include", "src/protocol", "src/link", "src/target", "src/image", "src/digest", "src/stub"],
    "src/plan": ["include", "src/session", "src/image", "src/digest", "src/target"],
    "src/v1": ["include"],
    # users of the library see public headers only
    "port/posix": ["include"],
    "port/net": ["include", "port/posix"],
    "port/linux_devices": ["include", "port/posix"],
    "port/linux_serial": ["include", "port/posix", "port/linux_devices"],
    "port/linux_usb": ["include", "port/posix", "port/linux_devices"],
    "port": ["include"],
    "cli": ["include", "port", "port/posix", "port/net", "port/linux_devices", "port/linux_serial", "port/linux_usb"],
    "examples": ["include", "port"],
    # independent readings of the same facts
    "sim": [],
    "tools": [],
    "bench": ["include", "sim", "tests"],
    "tests": ["include", "src", "port", "sim", "cli", "tools", "tests"],
}
# Quoted includes that are not ours are an SDK's; only these parts may have them.
SDK_USERS = ("port", "examples", "tests")
# Depends on nothing and may be included by every layer of the library.
LEAVES = ("src/protocol/bytes.h",)
# Depend on the C library alone; the programs of these parts are built with them, too.
SHARED = {"cli/output_file.h": ("tools",), "cli/standard_streams.h": ("tools",)}
# Folders that includes are relative to, besides the file's own and the part's own.
SEARCH = ["include", "src", "sim", "cli", "port/posix", "port/net", "port/linux_devices", "port/linux_serial",
          "port/linux_usb", "port/esp32_usb_cdc_acm", "tests/sim_target", "tests/support"]


def part_of(path):
    best = ""
    for part in ALLOWED:
        if path.startswith(part + "/") and len(part) > len(best):
            best = part
    return best


def is_allowed(source_part, target_part):
    return source_part == target_part or any(
        target_part == allowed or (allowed in ("src", "port", "tests") and target_part.startswith(allowed + "/"))
        for allowed in ALLOWED[source_part])


def resolve(source, name):
    """Path of an included project file, or None."""
    for folder in [os.path.dirname(source), part_of(source)] + SEARCH:
        path = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(path):
            return path
    return None


def main():
    problems, files = [], 0
    for top in sorted({part.split("/")[0] for part in ALLOWED}):
        for folder, _, names in os.walk(top):
            for name in names:
                if not name.endswith((".c", ".h", ".cpp", ".hpp")):
                    continue
                source = os.path.join(folder, name)
                part = part_of(source)
                files += 1
                if not part:
                    problems.append("%s: is in no known part" % source)
                    continue
                for number, line in enumerate(open(source, encoding="utf-8"), 1):
                    match = re.match(r'\s*#\s*include\s*(["<])([^">]+)', line)
                    if not match:
                        continue
                    target = resolve(source, match[2])
                    if target is None:
                        if match[1] == '"' and not part.startswith(SDK_USERS):
                            problems.append("%s:%d: %s does not exist" % (source, number, match[2]))
                    elif target in LEAVES and part.startswith("src/"):
                        continue
                    elif part in SHARED.get(target, ()):
                        continue
                    elif not is_allowed(part, part_of(target)):
                        problems.append("%s:%d: %s may not include %s" % (source, number, part, target))
    print("%d files" % files)
    print("\n".join(problems))
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
