#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/choosing-a-port.md: which check of tests/port_conformance came out how with which port, and why one was
not made.

table.py PAGE PORT=PROGRAM... [--write]: runs the programs, whose first report is that port's column, PROGRAM#2 the second, and
compares the page's table with them; --write makes it.
"""
import pathlib
import re
import subprocess
import sys

BEGIN, END = "<!-- made by tests/port_conformance/table.py --write -->\n", "<!-- end -->"
NO_REASONS = ("the peer cannot", "the port does not have it")


def report(program):
    """{check: outcome} of a report that a program prints; what was not checked has its reason as outcome."""
    path, _, number = program.partition("#")
    output = subprocess.run([path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    found = {}
    for line in output.splitlines():
        match = re.match(r"(passed|FAILED|not checked) +(.*)", line)
        if match:
            name, _, why = (match[2], "", "") if match[1] == "passed" else match[2].rpartition(": ")
            found.setdefault(name, []).append({"passed": "yes", "FAILED": "NO"}.get(match[1], why))
    return {name: outcomes[int(number or 1) - 1] for name, outcomes in found.items()}


def table(columns):
    """Its lines, and those of the reasons under it."""
    checks = list(next(iter(columns.values())))
    if len(checks) < 10 or any(list(column) != checks for column in columns.values()):
        sys.exit("table: the reports differ in their checks: %s" % columns)
    reasons = []

    def cell(outcome):
        if outcome in ("yes", "NO"):
            return outcome
        if outcome in NO_REASONS:
            sys.exit("table: a check without a reason: %s" % columns)
        if outcome not in reasons:
            reasons.append(outcome)
        return "– (%d)" % (reasons.index(outcome) + 1)
    lines = ["| check | " + " | ".join(columns) + " |", "|---" * (1 + len(columns)) + "|"]
    lines += ["| %s | %s |" % (check, " | ".join(cell(column[check]) for column in columns.values())) for check in checks]
    return lines, ["%d. %s" % pair for pair in enumerate(reasons, 1)]


def main():
    arguments = [word for word in sys.argv[1:] if word != "--write"]
    page = pathlib.Path(arguments[0])
    lines, reasons = table({name: report(program) for name, program in (word.split("=", 1) for word in arguments[1:])})
    made = "\n".join(lines + ["", "Not checked:", ""] + reasons)
    text = page.read_text()
    before, rest = text.split(BEGIN)
    now = before + BEGIN + "\n" + made + "\n\n" + END + rest.split(END, 1)[1]
    if "--write" in sys.argv:
        page.write_text(now)
    elif text != now:
        sys.exit("%s is not what the ports do today; table.py --write makes:\n%s" % (page, made))


if __name__ == "__main__":
    main()
