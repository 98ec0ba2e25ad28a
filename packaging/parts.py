# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What a program consists of besides our own code, found in the linker's map: nothing is linked in whose licence is not
known here."""
import os
import re
import typing


class Part(typing.NamedTuple):
    """One piece of software, with the Debian packages that it may come from."""
    name: str
    licence: str  # SPDX licence expression
    files: str  # regular expression: file names of its objects and archives
    packages: tuple
    copyright_of: str  # package whose file "copyright" holds the texts
    supplier: str = "Organization: Debian"


PARTS = [
    Part("jansson", "MIT", r"libjansson\.a", ("libjansson-dev",), "libjansson-dev"),
    Part("zlib", "Zlib", r"libz\.a", ("zlib1g-dev",), "zlib1g-dev"),
    # The compiler's own helpers and start-up code; the exception permits programs of any licence.
    Part("gcc", "GPL-3.0-or-later WITH GCC-exception-3.1", r"libgcc\.a|crt(begin|end)S?\.o",
         ("libgcc-12-dev", "libgcc-12-dev-arm64-cross"), "libgcc-12-dev"),
    # Start-up code alone: the C library itself is the one of the machine. The cross package has no copyright file.
    Part("glibc", "LGPL-2.1-or-later", r"libc_nonshared\.a|S?crt[1in]\.o",
         ("libc6-dev", "libc6-dev-arm64-cross"), "libc6-dev"),
]


def linked_files(text):
    """Archives of which a member is in the program, and objects that do not come from an archive."""
    members = re.findall(r"^(\S+\.a)\(\S+\)$", text.split("Discarded input sections")[0], re.M)
    return set(members + re.findall(r"^LOAD (\S+\.o)$", text, re.M))


def find(map_text, packages):
    """The parts in a program, each with name and version of its package. packages: name -> version of those that there
    are. Raises ValueError for a file of which nothing is known."""
    found = set()
    for path in linked_files(map_text):
        name = os.path.basename(path)
        if not os.path.isabs(path):
            continue  # ours
        part = next((part for part in PARTS if re.fullmatch(part.files, name)), None)
        if part is None:
            raise ValueError("what licence has %s?" % path)
        found.add(part)
    return [(part, *package_of(part, packages)) for part in PARTS if part in found]


def package_of(part, packages):
    for name in part.packages:
        if name in packages:
            return name, packages[name]
    raise ValueError("of which package is %s?" % part.name)
