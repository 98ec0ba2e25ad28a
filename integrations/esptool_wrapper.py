#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""esp-loader for programs that run esptool as a Python script.

esptool_wrapper.py [ESPTOOL] ARGUMENT..., where ESPTOOL is "esptool" or the path of its script: runs esp-loader with the
arguments. Commands that only esptool has are left to that script, or to the module of this Python. The environment
variable ESP_LOADER names the program if it is not in PATH. ESP-IDF takes such a script from ESPTOOL_WRAPPER, west from
--esp-tool.
"""
import os
import sys

ESPTOOLS_OWN = ("elf2image",)  # makes images, which a build does


def choose(words):
    """The command line to run."""
    esptool = [sys.executable, "-m", "esptool"]
    if words and (words[0] == "esptool" or words[0].endswith("esptool.py")):
        if words[0] != "esptool":
            esptool = [sys.executable, words[0]]
        words = words[1:]
    if any(word.replace("_", "-") in ESPTOOLS_OWN for word in words):
        return esptool + words
    return [os.environ.get("ESP_LOADER", "esp-loader")] + words


if __name__ == "__main__":
    command = choose(sys.argv[1:])
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit("esptool_wrapper.py: cannot run %s: %s" % (command[0], error.strerror))
