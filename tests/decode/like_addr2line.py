#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""like_addr2line.py DECODE_LOG ADDR2LINE ELF...: every address of the code of each file has the same function, file and line
for us and for the addr2line of the compiler, and was inlined into the same functions."""
import re
import subprocess
import sys


def code_of(elf, objdump):
    text = subprocess.run([objdump, "-h", "-w", elf], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        fields = line.split()
        if "CODE" in line:
            yield from range(int(fields[3], 16), int(fields[3], 16) + int(fields[2], 16), 2)


def ours(decode_log, elf, addresses):
    """address -> [(function, place), ...], innermost first"""
    log = "".join("0x%08x\n" % address for address in addresses)
    text = subprocess.run([decode_log, elf], input=log, check=True, capture_output=True, text=True).stdout
    found, last = {}, None
    for line in text.splitlines():
        first = re.fullmatch(r"--- 0x([0-9a-f]{8}): (.*?)(?: at (.*)|\+0x[0-9a-f]+)", line)
        inlined = re.fullmatch(r"--- \(inlined by\) (.*?) at (.*)", line)
        if first:
            last = int(first[1], 16)
            found[last] = [(first[2], first[3])]
        elif inlined:
            found[last].append((inlined[1], inlined[2]))
        else:
            assert not line.startswith("---"), line
    return found


def theirs(addr2line, elf, addresses):
    text = subprocess.run([addr2line, "-pfiaC", "-e", elf], input="".join("0x%x\n" % a for a in addresses), check=True,
                          capture_output=True, text=True).stdout
    found, last = {}, None
    for line in text.splitlines():
        line = re.sub(r" \(discriminator \d+\)$", "", line)
        first = re.fullmatch(r"0x([0-9a-f]+): (.*?)(?: at)? (\S+:[0-9?]+)", line)
        inlined = re.fullmatch(r" \(inlined by\) (.*?) at (.*)", line)
        if first:
            last = int(first[1], 16)
            found[last] = [(first[2], first[3])]
        else:
            found[last].append((inlined[1], inlined[2]))
    return found


def plain(function):
    return function.split("(")[0]


def same(we, they):
    """addr2line prints ? where it knows nothing, and no parameters for a function without a linker's name. At a few
    addresses it gives the innermost of several inlined functions the name of the outermost, with the right line."""
    if len(we) != len(they):
        return False
    is_misnamed = len(they) > 1 and they[0][0] == they[-1][0]
    for number, ((function, place), (their_function, their_place)) in enumerate(zip(we, they)):
        if place != their_place and not (place is None and "?" in their_place):
            return False
        if function is not None and not (number == 0 and is_misnamed) and plain(function) != plain(their_function):
            return False
    return True


def main():
    decode_log, addr2line, *files = sys.argv[1:]
    for elf in files:
        addresses = list(code_of(elf, addr2line.replace("addr2line", "objdump")))
        we, they = ours(decode_log, elf, addresses), theirs(addr2line, elf, addresses)
        differ = [a for a in addresses if not same(we.get(a, [(None, None)]), they[a])]
        for address in differ[:10]:
            print("%s 0x%x: %s, addr2line: %s" % (elf, address, we.get(address), they[address]))
        assert len(addresses) > 100 and sum(len(frames) > 1 for frames in we.values()) > 5, elf
        print("%s: %d addresses, %d differ" % (elf, len(addresses), len(differ)))
        if differ:
            sys.exit(1)


main()
