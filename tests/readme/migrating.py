#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# migrating.py PROJECT ESP-LOADER CC: what docs/migrating-from-*.md promise of this side exists. Commands and options in the
# second column of the page about espflash are the tool's; each name esp_loader_* of the page about esp-serial-flasher is in
# a public header; its blocks "c" compile without a warning.
import pathlib
import re
import subprocess
import sys

project, tool, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]


def help_of(*words):
    return subprocess.run([tool, *words], capture_output=True, text=True, check=True).stdout


def of_espflash(page):
    commands = re.findall(r"^  ([a-z][a-z0-9-]*) ", help_of("--help"), re.M)
    options = set(re.findall(r"--[a-z][a-z-]+", "".join([help_of("--help")] + [help_of(c, "--help-all") for c in commands])))
    for ours in re.findall(r"^\| `[^`]+` \| `([^`]+)` \|", page, re.M):
        for word in ours.split():
            if word not in options and word not in commands:
                yield f"the tool has no {word}"


def of_esp_serial_flasher(page):
    headers = "".join(path.read_text() for path in sorted((project / "include").glob("*.h")))
    known = set(re.findall(r"\besp_loader_\w+", headers)) | {path.stem for path in (project / "include").glob("*.h")}
    used = set(re.findall(r"\besp_loader_\w+", page))
    yield from (f"no public header has {name}" for name in sorted(used - known))
    blocks = re.findall(r"^```c\n(.*?)^```", page, re.S | re.M)
    for block in blocks:
        run = subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{project}/include", "-xc", "-"],
                             input=block, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            yield f"does not compile:\n{run.stderr}"
    if not blocks:
        yield "has no block"


mistakes = 0
for check in (of_espflash, of_esp_serial_flasher):
    path = project / "docs" / f"migrating-from-{check.__name__[3:].replace('_', '-')}.md"
    for mistake in check(path.read_text()):
        mistakes += 1
        print(f"{path.name}: {mistake}")
print(f"{mistakes} mistakes")
sys.exit(bool(mistakes))
