#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Do the public functions return what their documentation lists, and nothing else? contract.py ROOT FOLDER [--partial]

FOLDER has what the tests have seen (watch.py). A function fails that has returned a code, or a cause, that is not listed,
and one whose list has an entry that no test has seen. The errors that esp_loader.h lists for all functions are
understood, for those that have a session; those that are listed "as esp_loader_x()" need not be seen once more.
--partial: of a build that leaves something out, so not everything can be seen.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import headers  # noqa: E402

# Code -> causes besides the code itself, as the head of esp_loader.h has them.
COMMON = {"SUCCESS": set(), "TIMEOUT": set(), "DISCONNECTED": set(), "IO": set(), "CANCELLED": set(), "FAIL": set(),
          "IMAGE_SIZE": {"FLASH_RANGE"}, "INVALID_PARAM": {"NOT_CONNECTED"},
          "INVALID_RESPONSE": {"TARGET_STATUS", "MALFORMED_REPLY", "CHECKSUM", "FLASH_ID"},
          "UNSUPPORTED_FUNC": {"FLASH_SIZE", "SECURITY"}}


def read_seen(folder, codes):
    seen = {}
    for path in sorted(Path(folder).glob("*.txt")):
        for line in path.read_text().splitlines():
            name, code, cause = line.split()
            seen.setdefault(name, {}).setdefault(codes[int(code)], {}).setdefault(codes[int(cause)], path.stem)
    return seen


def problems_of(function, seen, is_partial=False):
    common = COMMON if function.has_session else {"SUCCESS": set()}
    for code, causes in seen.items():
        for cause, where in causes.items():
            is_own = any(code in listed and (cause == code or cause in listed[code])
                         for listed in (function.listed, function.inherited))
            is_common = code in common and ((cause == code and code != "IMAGE_SIZE") or cause in common[code])
            if not (is_own or is_common or function.passes_on):
                yield "%s: returns %s, cause %s, which is not listed (%s)" % (function.name, code, cause, where)
    for code, causes in function.listed.items():
        for cause in causes or {code}:
            if not is_partial and cause not in seen.get(code, {}):
                yield "%s: lists %s, cause %s, which no test has seen" % (function.name, code, cause)


def main(root, folder, *options):
    functions, seen = headers.functions(root), read_seen(folder, headers.codes(root))
    if not seen:
        sys.exit("contract: nothing was seen in %s" % folder)
    is_partial = "--partial" in options
    problems = [problem for function in functions.values()
                for problem in problems_of(function, seen.get(function.name, {}), is_partial)]
    combinations = sum(len(causes) for codes in seen.values() for causes in codes.values())
    print("\n".join(problems))
    print("%d functions, %d called, %d combinations of code and cause seen, %d problems" % (
        len(functions), len(seen), combinations, len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
