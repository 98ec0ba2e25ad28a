#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The library for Arduino (scripts/arduino-library), checked as Arduino's builder and its linter take it.

library.py ROOT CC CXX: lays it out, compiles every source below its src/ with that folder as the only one for headers, and the
sketch; and compares library.properties with the rules of Arduino's library specification 1.5.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT, CC, CXX = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
STAND_IN = ROOT / "tests/mcu_ports/arduino/include"
# What a core compiles with, but for the oldest C++ of one.
FLAGS = ["-fsyntax-only", "-w", "-I", "src", "-I", str(STAND_IN)]
CATEGORIES = ("Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing", "Data Storage",
              "Data Processing", "Other")


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit("library: %s:\n%s" % (" ".join(command)[:200], done.stdout[-3000:]))


def check_properties(folder):
    lines = (folder / "library.properties").read_text().splitlines()
    properties = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    version = re.search(r"project\(esp_loader VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    idf = re.search(r'^version: "(\S+)"', (ROOT / "idf_component.yml").read_text(), re.M)[1]
    for name in ("name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"):
        assert properties.get(name, "").strip() == properties.get(name), "no %s" % name
        assert properties[name], "no %s" % name
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}", properties["name"]), "the name"
    assert "arduino" not in properties["name"].lower(), "names with Arduino are Arduino's own"
    assert re.fullmatch(r"\d+\.\d+\.\d+", properties["version"]), "the version is not semantic"
    assert properties["version"] == version == idf, "versions differ: %s, %s, %s" % (properties["version"], version, idf)
    assert properties["category"] in CATEGORIES, "the category"
    assert properties["sentence"].endswith("."), "the sentence"
    assert not properties["paragraph"].startswith(properties["sentence"]), "the paragraph is shown after the sentence"
    for header in properties["includes"].split(","):
        assert (folder / "src" / header).is_file(), "no %s" % header


def main():
    with tempfile.TemporaryDirectory() as parent:
        folder = pathlib.Path(parent) / "esp-loader"
        run(ROOT, "scripts/arduino-library", str(folder))
        assert subprocess.run([ROOT / "scripts/arduino-library", folder], capture_output=True).returncode != 0, \
            "an existing folder was taken"
        check_properties(folder)
        sources = [str(path.relative_to(folder)) for path in sorted((folder / "src").rglob("*.c"))]
        assert len(sources) > 50, "sources are missing"
        run(folder, CC, "-std=gnu11", *FLAGS, *sources)
        for sketch in sorted((folder / "examples").iterdir()):
            main_file = sketch / (sketch.name + ".ino")
            assert main_file.is_file(), "a sketch has the name of its folder"
            run(folder, CXX, "-std=gnu++11", *FLAGS, "-x", "c++", "-include", "Arduino.h", str(main_file),
                *map(str, (folder / "src").rglob("*.cpp")))


if __name__ == "__main__":
    main()
