#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes wheel and tarball of one architecture: dist.py VERSION ARCHITECTURE FOLDER STUBS OUT, called by scripts/dist.

FOLDER has tree/ (what is installed below a prefix), link.map (of the linker) and packages (lines "package version"); STUBS is
what scripts/fetch-stubs made. Times are SOURCE_DATE_EPOCH.
"""
import os
import re
import subprocess
import sys

import archives
import parts
import sbom
import wheel

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIBRARIES = {"libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}  # what the program may ask a machine for


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def tree_of(folder):
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            files[os.path.relpath(path, folder)] = read(path), os.access(path, os.X_OK)
    return files


def check_program(path):
    """Stops when it would not start on the machines that the wheel's tag promises."""
    text = subprocess.run(["readelf", "--wide", "--dynamic", "--version-info", path], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", text))
    newest = max(tuple(int(number) for number in version.split(".")) for version in re.findall(r"GLIBC_([0-9.]+)", text))
    if not needed <= LIBRARIES:
        sys.exit("dist: %s needs %s" % (path, ", ".join(sorted(needed - LIBRARIES))))
    if newest > wheel.GLIBC:
        sys.exit("dist: %s needs glibc %s; build it on Debian 12" % (path, ".".join(map(str, newest))))


def main():
    version, architecture, folder, stubs, out = sys.argv[1:]
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    packages = dict(line.split() for line in read(folder, "packages").decode().splitlines())
    stubs_version = re.search(rb"from esptool ([0-9.]+):", read(stubs, "stub_table.c")[:1000])[1].decode()
    program = os.path.join(folder, "tree", "bin", "esp-loader")
    check_program(program)
    try:
        linked = parts.find(read(folder, "link.map").decode(), packages)
    except ValueError as error:
        sys.exit("dist: %s" % error)
    licences = {"LICENSE": read(PROJECT, "LICENSE"), "esp-flasher-stub.txt": read(stubs, "LICENSE-MIT")}
    for part, _, _ in linked:
        licences[part.name + ".txt"] = read("/usr/share/doc", part.copyright_of, "copyright")
    document = sbom.make(version, architecture, read(program), linked, stubs_version, seconds)

    tree = tree_of(os.path.join(folder, "tree"))
    wheel.write(out, version, architecture, tree, licences, document, seconds)
    name = "esp-loader-%s-linux-%s" % (version, architecture)
    tree.update({"share/doc/esp-loader/licenses/" + file: (text, False) for file, text in licences.items()})
    tree["share/doc/esp-loader/esp-loader.spdx.json"] = document, False
    archives.write_tar("%s/%s.tar.gz" % (out, name), {name + "/" + path: entry for path, entry in tree.items()}, seconds)


if __name__ == "__main__":
    main()
