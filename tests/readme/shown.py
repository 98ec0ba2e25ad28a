#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# shown.py PROJECT: each command that a page shows is run by a test, or is in not_run.txt with the reason why not. Commands are the
# lines of blocks "sh"; "sh run" and "sh test" are run (run_blocks.sh, tests/cli/cli_docs.sh), if the page is among those that are.
# A command in any other block, or indented, is a mistake. Targets of make that are shown exist.
import pathlib, re, subprocess, sys

project = pathlib.Path(sys.argv[1])
here = project / "tests/readme"
PROGRAMS = re.compile(r"(sudo |[A-Z_]+=\S+ )*(git|make|cmake|cc|esp-loader|esp-sim|el-mkimage|esptool|idf\.py|printf|pip|python3?|"
                      r"scripts/\S+|examples/\S+|build/\S+|--faults)( |$)")
SYNOPSIS = re.compile(r"\[|\b(PORT|DIR|FILE)\b")


def pages():
    for pattern in ("*.md", "docs/*.md", "examples/*/README.md", "sim/README.md", "tools/**/README.md", "port/**/README.md"):
        yield from sorted(p for p in project.glob(pattern) if p.name != "CHANGELOG.md")


def shown(page):
    """(kind, line) of each line that may be a command; kind is what stands after ``` , or 'indented'."""
    kind = None
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            kind = line[3:] if kind is None else None
        elif kind is not None:
            yield kind, line
        elif line.startswith("    "):
            yield "indented", line.strip()


run_pages = set(re.search(r"foreach\(page ([^)]*)\)", (here / "CMakeLists.txt").read_text()).group(1).split()) | {"docs/cli.md"}
reasons = [l.split(" | ") for l in (here / "not_run.txt").read_text().splitlines() if l and not l.startswith("#")]
unused = {tuple(r[:2]) for r in reasons}
mistakes, count = [], 0
for page in pages():
    name = str(page.relative_to(project))
    for kind, line in shown(page):
        is_sh = kind.split(" ")[0] == "sh"
        if kind == "text output":  # of the block before it, and compared
            continue
        if not is_sh and (not PROGRAMS.match(line) or SYNOPSIS.search(line)):
            continue
        if not is_sh:
            mistakes.append(f"{name}: a command outside of a block 'sh': {line}")
            continue
        if not line.strip() or line.startswith("#"):
            continue
        count += 1
        target = re.match(r"make ([a-z-]+)", line)
        if target and subprocess.run(["make", "-n", target.group(1)], cwd=project, capture_output=True).returncode != 0:
            mistakes.append(f"{name}: make has no target {target.group(1)}")
        if kind in ("sh run", "sh test"):
            if name not in run_pages:
                mistakes.append(f"{name}: nothing runs its blocks '{kind}'")
            continue
        matching = [r for r in reasons if r[0] == name and line.startswith(r[1]) and len(r) == 3]
        unused -= {tuple(r[:2]) for r in matching}
        if not matching:
            mistakes.append(f"{name}: is not run, and not_run.txt has no reason: {line}")
mistakes += [f"not_run.txt: no page shows this: {' | '.join(u)}" for u in sorted(unused)]
print("\n".join(mistakes + [f"{count} lines of commands, {len(mistakes)} mistakes"]))
sys.exit(bool(mistakes) or count < 50)
