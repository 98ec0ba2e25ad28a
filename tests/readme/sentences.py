#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# sentences.py PROJECT: what docs/troubleshooting.md quotes is said by the program: each sentence of its tables, and each quotation
# in the text, is found in the strings of the sources. "…" stands for what differs, as a conversion does in a format.
import pathlib, re, sys

project = pathlib.Path(sys.argv[1])
page = project / "docs/troubleshooting.md"
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"(?:\s*"((?:[^"\\\n]|\\.)*)")*')
PIECE = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
CONVERSION = re.compile(r"%[-0-9.]*[a-z]+|%%")
COMMANDS = re.compile(r"(-\S+|esp-loader|idf\.py|nc|cmake|make|ls) ")


def literals():
    for folder in ("cli", "src", "port", "sim"):  # sim has what ROM and bootloader print
        for file in sorted((project / folder).rglob("*.c")):
            for match in LITERAL.finditer(file.read_text()):
                text = "".join(PIECE.findall(match.group(0)))
                yield CONVERSION.sub("…", text.replace(r"\"", '"'))


def quotations(text):
    is_table = False
    for line in text.splitlines():
        if line.startswith("| sentence"):
            is_table = True
        elif is_table and line.startswith("| "):
            yield line.split("|")[1].strip()
        elif not line.startswith("|"):
            is_table = False
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    for quoted in re.findall(r"`([^`]*)`", without_blocks.replace("\n", " ")):
        if " " in quoted and not COMMANDS.match(quoted):
            yield quoted


known = list(literals())
count, mistakes = 0, 0
for quotation in quotations(page.read_text()):
    count += 1
    for part in re.sub(r"\b0x[0-9a-f]+\b", lambda m: "0x…", quotation).split("…"):
        if not any(part.strip() in literal for literal in known):
            mistakes += 1
            print(f"{page.name}: nothing says '{part.strip()}' of '{quotation}'")
print(f"{count} sentences, {mistakes} mistakes")
sys.exit(bool(mistakes) or count < 15)
