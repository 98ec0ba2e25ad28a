#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Commands of idf.py that run esp-loader: loader-flash and loader-verify.

idf.py takes such a file from the folders in IDF_EXTRA_ACTIONS_PATH, or from the project's own folder. The commands take what
has been built: "idf.py build loader-flash" builds first. What idf.py's -p says, or ESPPORT, is the port; without it, it is the
only board. idf.py's -b has no effect: the baud rate is the highest that carries, unless ESPBAUD or ESP_LOADER_BAUD says
otherwise. The environment variable ESP_LOADER names the program if it is not in PATH.
"""
import os
import shlex
import subprocess
import sys


def run(action, ctx, args, loader_args=""):
    """What idf.py calls. The exit code of idf.py is that of esp-loader."""
    command = [os.environ.get("ESP_LOADER", "esp-loader"), action.replace("loader-", ""), "--project", args.build_dir]
    if args.port:
        command += ["--port", args.port]
    try:
        code = subprocess.run(command + shlex.split(loader_args), check=False).returncode
    except OSError as error:
        sys.exit("idf_ext.py: cannot run %s: %s" % (command[0], error.strerror))
    if code != 0:
        sys.exit(code)


def action_extensions(base_actions, project_path):
    """The commands, as idf.py wants them."""
    def action(help_text):
        return {"callback": run, "help": help_text, "order_dependencies": ["all", "erase-flash", "erase_flash"],
                "options": [{"names": ["--loader-args"], "default": "", "help": "More options of esp-loader, in one word."}]}
    return {"actions": {"loader-flash": action("Flash what has been built with esp-loader; only what differs is written."),
                        "loader-verify": action("Compare the flash with what has been built.")}}
