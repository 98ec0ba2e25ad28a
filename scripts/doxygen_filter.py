#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# doxygen_filter.py HEADER: what doxygen is to read of a public header. Its opening paragraph becomes the description of the
# file, without the licence lines, and private members, which begin with an underscore, are left out. Lines keep their numbers.
import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text()
text = re.sub(r"\A/\* SPDX.*\n \* SPDX.*\n \*\n", "/** @file\n *\n *\n", text)
private = r"^    (?:struct \{.*\n(?:        .*\n)+?    \} |[A-Za-z_][^;{}()\n]*?[ *])_[a-z0-9_]+(?:\[[^]]*\])?;.*$"
sys.stdout.write(re.sub(private, lambda match: "\n" * match.group().count("\n"), text, flags=re.M))
