# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""A Python wheel that brings a program and no Python. Sources: the binary distribution format (PEP 427) and the core metadata
specification of the Python packaging user guide, versions 1.0 and 2.4; PEP 770 for the SBOM."""
import base64
import hashlib

import archives

NAME, GLIBC = "esp_loader", (2, 36)

METADATA = """Metadata-Version: 2.4
Name: esp-loader
Version: %s
Summary: Flashes Espressif chips over a serial port, USB or a network connection
Author: esp-loader contributors
License-Expression: Apache-2.0 AND MIT
%sKeywords: esp32,esp8266,flash,serial,bootloader
Classifier: Environment :: Console
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: C
Classifier: Topic :: Software Development :: Embedded Systems
Description-Content-Type: text/plain

The command-line tool esp-loader as a program for Linux; it needs no Python to run. `esp-loader --help` lists its commands.
"""


def platform_tag(architecture):
    return "manylinux_%d_%d_%s" % (*GLIBC, architecture)


def record(files, own_name):
    """The list of all files with their digests; its own line has none."""
    lines = []
    for name, (data, _) in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append("%s,sha256=%s,%d\n" % (name, digest, len(data)))
    return "".join(lines + [own_name + ",,\n"]).encode()


def write(folder, version, architecture, tree, licences, sbom, seconds):
    """tree: what is installed below a prefix; programs become the wheel's scripts."""
    data, info = "%s-%s.data/" % (NAME, version), "%s-%s.dist-info/" % (NAME, version)
    tag = "py3-none-" + platform_tag(architecture)
    files = {}
    for path, entry in sorted(tree.items()):
        is_program = path.startswith("bin/")
        files[data + ("scripts/" + path[4:] if is_program else "data/" + path)] = entry
    for name, text in sorted(licences.items()):
        files[info + "licenses/" + name] = text, False
    files[info + "sboms/esp-loader.spdx.json"] = sbom, False
    names = "".join("License-File: %s\n" % name for name in sorted(licences))
    files[info + "METADATA"] = (METADATA % (version, names)).encode(), False
    files[info + "WHEEL"] = ("Wheel-Version: 1.0\nGenerator: esp-loader-dist\nRoot-Is-Purelib: false\nTag: %s\n" % tag).encode(), False
    files[info + "RECORD"] = record(files, info + "RECORD"), False
    archives.write_zip("%s/%s-%s-%s.whl" % (folder, NAME, version, tag), files, seconds)
