#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes a man page of what a program prints for --help, so that the two cannot differ.

    help_to_man.py NAME 'what it is' VERSION PROGRAM...  > NAME.1

What it understands: a first line "usage: ...", headings (a line of their own before indented lines), options and other
terms with their text two blanks or more to the right, examples (a section of that name stays as it is), paragraphs.
Source: man(7).
"""
import re
import subprocess
import sys

TERM = re.compile(r" {2,6}(\S.*?) {2,}(\S.*)")  # and its text
OPTION = re.compile(r" {2,6}(-\S.*)")  # its text is on the next line
HEADING = re.compile(r"([A-Z][^.:]*?)( \(.*\))?")


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + text if text.startswith(".") else text


def verbatim(lines):
    return [".nf"] + [escape(line) for line in lines] + [".fi"]


def section(lines):
    """The lines of man(7) for one section's lines of the help."""
    out, at, is_item = [], 0, False
    while at < len(lines):
        line = lines[at]
        item = TERM.fullmatch(line) or OPTION.fullmatch(line)
        if not line:
            is_item = False
        elif item:
            out += [".TP", ".B " + escape(item[1])] + [escape(text) for text in item.groups()[1:]]
            is_item = True
        elif line.startswith("       ") and is_item:
            out.append(escape(line.strip()))
        elif line.startswith(" "):
            out += [".PP"] + verbatim([line])
        else:
            out += ([".PP"] if at == 0 or not lines[at - 1] or lines[at - 1].startswith(" ") else []) + [escape(line)]
        at += 1
    return out


def sections(lines):
    """Pairs of heading and lines. What stands before the first heading is the description."""
    found = [("DESCRIPTION", [])]
    for at, line in enumerate(lines):
        is_first = at == 0 or not lines[at - 1]
        is_followed = at + 1 < len(lines) and lines[at + 1].startswith(" ")
        heading = HEADING.fullmatch(line) if is_first and is_followed else None
        if heading:
            found.append((heading[1].upper(), [heading[2].strip(" ()") + ":", ""] if heading[2] else []))
        else:
            found[-1][1].append(line)
    return found


def page(name, what, version, text):
    lines = text.rstrip().split("\n")
    synopsis = re.sub(r"(?i)^usage: ", "", lines[0])
    out = ['.\\" Made by help_to_man.py.', '.TH %s 1 "" "esp-loader %s"' % (escape(name.upper()), version), ".SH NAME",
           "%s \\- %s" % (escape(name), escape(what)), ".SH SYNOPSIS", escape(synopsis)]
    for heading, body in sections(lines[1:]):
        out.append(".SH " + escape(heading))
        out += verbatim(body) if heading == "EXAMPLES" else section(body)
    return "\n".join(out) + "\n"


def main():
    name, what, version, *program = sys.argv[1:]
    text = subprocess.run(program + ["--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    sys.stdout.write(page(name, what, version, text))


if __name__ == "__main__":
    main()
