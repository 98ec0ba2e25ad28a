# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of the checks share: a folder of made-up files that a check runs in."""
import contextlib
import io
import os
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.path.insert(0, ROOT + "/scripts/lint")


def run(check, files, *words):
    """Status, output and files afterwards of check(*words) in a folder with these files, path -> text."""
    output, before = io.StringIO(), os.getcwd()
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        os.chdir(root)
        try:
            with contextlib.redirect_stdout(output):
                status = check(*words)
            after = {}
            for path in files:
                with open(path, encoding="utf-8") as file:
                    after[path] = file.read()
        finally:
            os.chdir(before)
    return status, output.getvalue(), after
