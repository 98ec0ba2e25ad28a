#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What the tests execute: coverage.py BUILD --list FILE

Reads with gcov what the programs of BUILD, compiled by gcc with --coverage -O0, have executed, and prints lines and
branches of src/, of the ports of Linux and of cli/. A line counts once, however many programs hold it. What was not
executed goes to FILE. Exit code 1 when src/ is below its bounds.

Several tests compile files of src/ into themselves, some with other options. The library's own object says which lines
and branches there are; the others add to its counts where they have the same branches.
"""
import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Name and folders. The port for ESP-IDF is run by tests/idf_host, in builds of its own.
PARTS = [("src/", ["src/"]),
         ("port/", ["port/linux_devices/", "port/linux_serial/", "port/linux_usb/", "port/net/", "port/posix/"]),
         ("cli/", ["cli/"])]
LEAST = {"src/": (99.5, 96.0)}  # percent of lines, of branches


def part_of(path):
    return next((name for name, folders in PARTS if any(path.startswith(folder) for folder in folders)), None)


def gcov(notes):
    """What gcov says of one object, as the list of its files."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", notes.name], cwd=notes.parent,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("coverage: gcov of %s: %s" % (notes, done.stderr))
    files = []
    for line in done.stdout.splitlines():
        report = json.loads(line)
        for file in report["files"]:
            path = os.path.normpath(os.path.join(report["current_working_directory"], file["file"]))
            if path.startswith(str(ROOT) + os.sep):
                files.append((os.path.relpath(path, ROOT), file))
    return files


def lines_of(file):
    """Line -> (how often, [how often each branch]), of all functions that have it."""
    lines = {}
    for line in file["lines"]:
        count, branches = lines.get(line["line_number"], (0, []))
        lines[line["line_number"]] = (count + line["count"], branches + [branch["count"] for branch in line["branches"]])
    return lines


def add(total, lines, is_reference):
    for number, (count, branches) in lines.items():
        if number not in total:
            if not is_reference:
                continue
            total[number] = (0, [0] * len(branches))
        had, had_branches = total[number]
        if len(branches) == len(had_branches):
            total[number] = (had + count, [a + b for a, b in zip(had_branches, branches)])


def collect(build):
    own = sorted(build.rglob("*.gcno"), key=lambda notes: 0 if is_own(build, notes) else 1)
    total = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for notes, files in zip(own, pool.map(gcov, own)):
            for path, file in files:
                if part_of(path):
                    add(total.setdefault(path, {}), lines_of(file), is_own(build, notes))
    return total


def is_own(build, notes):
    """Is it an object of the library, the ports or the tool, and not of a test?"""
    return notes.relative_to(build).parts[0] in ("src", "port", "cli")


def percent(some, of):
    return 100.0 * some / of if of else 0.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--list", type=Path, required=True)
    options = parser.parse_args()
    total = collect(options.build.resolve())
    is_low = False
    missing = []
    for part, _ in PARTS:
        lines = {(path, number): entry for path, entries in sorted(total.items()) if part_of(path) == part
                 for number, entry in sorted(entries.items())}
        line_count, line_hits = len(lines), sum(count > 0 for count, _ in lines.values())
        branches = [count for _, of_line in lines.values() for count in of_line]
        branch_hits = sum(count > 0 for count in branches)
        least = LEAST.get(part, (0.0, 0.0))
        found = percent(line_hits, line_count), percent(branch_hits, len(branches))
        is_low_here = found[0] < least[0] or found[1] < least[1]
        is_low = is_low or is_low_here
        print("%-6s lines %5d of %5d = %6.2f %%   branches %5d of %5d = %6.2f %%%s" % (
            part, line_hits, line_count, found[0], branch_hits, len(branches), found[1],
            "   at least %.1f %% and %.1f %%%s" % (*least, ": TOO FEW" if is_low_here else "") if part in LEAST else ""))
        for (path, number), (count, of_line) in lines.items():
            text = "line" if count == 0 else "%d of %d branches" % (sum(c == 0 for c in of_line), len(of_line))
            if count == 0 or 0 in of_line:
                source = (ROOT / path).read_text().splitlines()[number - 1].strip()
                missing.append("%s:%d: %s: %s\n" % (path, number, text, source))
    options.list.write_text("".join(missing))
    return 1 if is_low else 0


if __name__ == "__main__":
    sys.exit(main())
