# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Every command and option that espflash shows with --help has a row in docs/migrating-from-espflash.md, and every row is one of
# them.
import re
from pathlib import Path

from flasher import run

PAGE = Path(__file__).resolve().parents[2] / "docs/migrating-from-espflash.md"


def rows(page):
    """What the first columns of its tables hold."""
    return set(re.findall(r"^\| `([^`]+)` \|", page, re.M))


def shown(help_of):
    """Commands and options that the help shows; help_of(*words) is its text."""
    commands = set(re.findall(r"^  ([a-z][a-z0-9-]*) ", re.search(r"^Commands:\n(.*?)\n\n", help_of(), re.S | re.M).group(1), re.M))
    commands.remove("help")
    found = set(commands)
    for words in [(), *((command,) for command in commands)]:
        found |= set(re.findall(r"^ +(?:-\w, )?(--[a-z][a-z-]+)", help_of(*words), re.M))
    return found


def problems(found, known):
    yield from (f"{name}: the page has no row" for name in sorted(found - known))
    yield from (f"{name}: espflash shows none" for name in sorted(known - found))


def all_words(espflash):
    """(name, failure) of the comparison."""
    found = shown(lambda *words: run([espflash.program, *words, "--help"]))
    yield f"{espflash.name}: a row for each of {len(found)} commands and options", "\n".join(problems(found, rows(PAGE.read_text()))) or None
