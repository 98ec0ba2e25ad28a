#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# symptoms.py PAGE all: what the first column of the tables "you see" holds, one a line.
# symptoms.py PAGE met FILE: those that a line of FILE contains; fails when there is none. "…" stands for any text.
import pathlib
import re
import sys


def symptoms(page):
    is_table = False
    for line in page.splitlines():
        if line.startswith("| you see"):
            is_table = True
        elif not line.startswith("|"):
            is_table = False
        elif is_table and not line.startswith("|---"):
            yield line.split("|")[1].strip()


page, action, *file = sys.argv[1:]
found = list(symptoms(pathlib.Path(page).read_text()))
if action == "met":
    lines = pathlib.Path(file[0]).read_text(errors="replace").splitlines()
    found = [s for s in found if any(re.search(".+".join(map(re.escape, s.split("…"))), line) for line in lines)]
print("\n".join(found))
sys.exit(not found)
