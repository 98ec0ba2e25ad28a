#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/choosing-a-port.md: which check of tests/port_conformance came out how with which port.

table.py PAGE PORT=PROGRAM... [--write]: runs the programs, whose first report is that port's column, and compares the page's
table with them; --write makes it.
"""
import pathlib
import re
import subprocess
import sys

WORDS = {"passed": "yes", "FAILED": "NO", "not checked": "–"}
BEGIN, END = "<!-- made by tests/port_conformance/table.py --write -->\n", "<!-- end -->"


def report(program):
    """{check: outcome} of the first report that a program prints."""
    output = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    rows = {}
    for line in output.splitlines():
        match = re.match(r"(passed|FAILED|not checked) +(.*)", line)
        if match:
            name = match[2] if match[1] == "passed" else match[2].rsplit(": ", 1)[0]
            rows.setdefault(name, WORDS[match[1]])
    return rows


def main():
    arguments = [word for word in sys.argv[1:] if word != "--write"]
    page = pathlib.Path(arguments[0])
    columns = {name: report(program) for name, program in (word.split("=", 1) for word in arguments[1:])}
    checks = list(next(iter(columns.values())))
    if len(checks) < 10 or any(list(column) != checks for column in columns.values()):
        sys.exit("table: the reports differ in their checks: %s" % columns)
    lines = ["| check | " + " | ".join(columns) + " |", "|---" * (1 + len(columns)) + "|"]
    lines += ["| %s | %s |" % (check, " | ".join(column[check] for column in columns.values())) for check in checks]
    table = "".join(line + "\n" for line in lines)
    text = page.read_text()
    before, rest = text.split(BEGIN)
    now = before + BEGIN + "\n" + table + "\n" + END + rest.split(END, 1)[1]
    if "--write" in sys.argv:
        page.write_text(now)
    elif text != now:
        sys.exit("%s is not what the ports do today; table.py --write makes:\n%s" % (page, table))


if __name__ == "__main__":
    main()
