#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks scripts/stages: each stage has its script and each script its stage, and what runs together takes no longer than
it may. Run in the repository's root.
"""
import os
import sys

STAGES, FOLDER = "scripts/stages", "scripts/stage"
# Minutes that all stages of a place may take; None = by hand, as long as it takes.
LIMITS = {"test": 30, "interop": 25, "soak": None}


def main():
    problems, sums, names = [], dict.fromkeys(LIMITS, 0), set()
    with open(STAGES, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            fields = [field.strip() for field in line.split("|")]
            if line.startswith("#") or not line.strip():
                continue
            if len(fields) != 4 or not fields[1].isdecimal() or fields[2] not in LIMITS:
                problems.append("%s:%d: not 'name | seconds | %s | what'" % (STAGES, number, "/".join(LIMITS)))
                continue
            if fields[0] in names:
                problems.append("%s:%d: %s is there twice" % (STAGES, number, fields[0]))
            names.add(fields[0])
            sums[fields[2]] += int(fields[1])
    for place, seconds in sums.items():
        print("%s: %.1f minutes" % (place, seconds / 60))
        if LIMITS[place] is not None and seconds > 60 * LIMITS[place]:
            problems.append("%s takes %.1f minutes, %d are allowed" % (place, seconds / 60, LIMITS[place]))
    scripts = set(os.listdir(FOLDER))
    problems += ["%s has no stage %s" % (FOLDER, name) for name in sorted(names - scripts)]
    problems += ["%s does not have %s/%s" % (STAGES, FOLDER, name) for name in sorted(scripts - names)]
    print("\n".join(problems))
    return 1 if problems or not names else 0


if __name__ == "__main__":
    sys.exit(main())
