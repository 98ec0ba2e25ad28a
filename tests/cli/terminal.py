#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# A terminal for tests: runs a command on a pseudo terminal and keeps what it prints.
#
#   terminal.py OUT [--columns N] [--resize PATTERN N]... [--type PATTERN TEXT]... -- COMMAND...
#
# Writes to OUT what was printed, to OUT.screen the lines that a terminal shows at the end (without resizes), to OUT.rows
# "COLUMNS WIDTH" of each row that was drawn, with the columns that the terminal had just before. --resize and --type happen
# in their order, when PATTERN has been printed since the one before. Exits as the command does, or with 99 and a sentence
# when something else than the known sequences was printed, or the settings of the terminal were left changed.
import argparse
import fcntl
import os
import pty
import re
import struct
import sys
import termios

KNOWN = re.compile(r"\033\[(?:[0-9]*A|K|J|32m|m)")


def set_size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


class Screen:
    """Lines as a terminal shows them; one that is full goes on in the next."""

    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column = columns, [""], 0, 0

    def put(self, char):
        if self.column == self.columns:
            self.feed()
            self.column = 0
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + char + line[self.column + 1 :]
        self.column += 1

    def feed(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def control(self, sequence):
        if sequence.endswith("A"):
            self.row = max(0, self.row - int(sequence[2:-1] or 1))
        elif sequence[-1] in "KJ":
            self.lines[self.row] = self.lines[self.row][: self.column]
            if sequence.endswith("J"):
                del self.lines[self.row + 1 :]

    def show(self, text):
        at = 0
        while at < len(text):
            known = KNOWN.match(text, at)
            if known:
                self.control(known.group())
                at = known.end()
                continue
            char = text[at]
            at += 1
            if char == "\r":
                self.column = 0
            elif char == "\n":
                self.feed()
            elif char.isprintable():
                self.put(char)
            else:
                raise ValueError(f"{text[at - 1 : at + 10]!r} was printed")


def run(command, columns, events):
    """What was printed, as [(columns, text)], and the exit code."""
    pid, fd = pty.fork()
    if pid == 0:
        set_size(0, columns)
        os.execvp(command[0], command)
    set_size(fd, columns)
    before = termios.tcgetattr(fd)
    printed, since = [], b""
    while True:
        try:
            data = os.read(fd, 65536)
        except OSError: # the other end is closed
            data = b""
        if not data:
            break
        printed.append((columns, data))
        since += data
        if events and re.search(events[0][1].encode(), since):
            kind, _, value = events.pop(0)
            since = b""
            if kind == "resize":
                columns = int(value)
                set_size(fd, columns)
            else:
                os.write(fd, value.encode().decode("unicode_escape").encode())
    if termios.tcgetattr(fd) != before:
        raise ValueError("the settings of the terminal were left changed")
    status = os.waitpid(pid, 0)[1]
    if events:
        raise ValueError(f"{events[0][1]!r} was never printed")
    return printed, os.waitstatus_to_exitcode(status)


class Event(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        namespace.events.append((option.strip("-"), *values))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--resize", nargs=2, action=Event)
    parser.add_argument("--type", nargs=2, action=Event)
    parser.add_argument("command", nargs="+")
    parser.set_defaults(events=[])
    args = parser.parse_args()
    printed, code = run(args.command, args.columns, args.events)
    text = b"".join(data for _, data in printed).decode()
    with open(args.out, "w", newline="") as out:
        out.write(text)
    screen = Screen(args.columns)
    screen.show(text)
    with open(args.out + ".screen", "w") as out:
        out.write("\n".join(line.rstrip() for line in screen.lines))
    with open(args.out + ".rows", "w") as out:
        for columns, data in printed:
            for row in re.findall(r"[^\r\n]*\033\[[KJ]", data.decode(errors="replace")):
                print(columns, len(KNOWN.sub("", row)), file=out)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as mistake:
        print(f"terminal.py: {mistake}", file=sys.stderr)
        sys.exit(99)
