#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that nothing of library, ports, tool and simulator is there for nobody. Run in the repository's root.

Functions and objects with external linkage have a user in another file (tests count), or are public; macros have a user;
what a header declares is defined. Constants of enumerations are left alone: they complete a list.
"""
import re
import sys

import c_files

PRODUCT = ["include", "src", "port", "cli", "sim"]
USERS = ["bench", "examples", "tests", "tools"]


def words_of(files):
    """path -> how often each name occurs in it, in code that a comment or string does not hide."""
    counts = {}
    for path in files:
        with open(path, encoding="utf-8") as file:
            counts[path] = {}
            for word in re.findall(r"\w+", c_files.code(file.read())):
                counts[path][word] = counts[path].get(word, 0) + 1
    return counts


def main():
    product = c_files.read(PRODUCT)
    files = {**product, **c_files.read(USERS)}
    words = words_of(files)
    public = set().union(*(file.declares | set(file.defines) for path, file in product.items() if path.startswith("include/")))
    defined = set().union(*(set(file.defines) | file.statics for file in files.values()))
    problems, count = [], 0
    for path, file in product.items():
        for name, kind in file.defines.items():
            count += 1
            if kind in ("function", "object") and path.endswith(".c"):
                if name not in public and name not in ("main", "app_main") and not any(
                        name in other.uses for other_path, other in files.items() if other_path != path):
                    problems.append("%s: no other file uses %s %s: make it static, or take it out" % (path, kind, name))
        for name in file.macros:
            count += 1
            guard = name.endswith("_H") and path.endswith(".h")
            if not guard and name not in public and words[path].get(name, 0) < 2 and not any(
                    name in found for other_path, found in words.items() if other_path != path):
                problems.append("%s: nothing uses macro %s" % (path, name))
        if path.endswith(".h"):
            problems += ["%s: %s is defined nowhere" % (path, name) for name in sorted(file.declares - defined)]
    print("%d names" % count)
    print("\n".join(problems))
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main())
