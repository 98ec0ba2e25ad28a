#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Do the tests notice a mistake in the library? mutants.py FOLDER [--count N] [--seed N] [--only TEXT] [--skip NAME] [--fast]

Copies the project to FOLDER, builds the library and the tests that need nothing but it, with both sanitizers, and makes
one small change of src/ after the other (operators.py); only what contains it is compiled anew. A change is
caught when one of the tests fails, is stopped by a sanitizer, or needs ten times its CPU time. The changes are chosen by
the seed, each operator in turn, so that the many constants do not crowd out the rest.

Not counted are changes that do not build, those that compile to the same code, and those of equivalent.txt, which say why
they change no result and no bound. Generated tables are left out: their generator's source is compared with that of
others (tests/interop/efuse_tables.py). FOLDER/report.txt has every change and what became of it. Exit code 1 when fewer are
caught than must be, or too many are said to be equivalent.
"""
import argparse
import hashlib
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
from operators import OPERATORS, apply, mutants_of  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TESTS = re.compile(r"^(unit|protocol|sim_plan|sim_target|field|v1_md5)_|^sim_spi_(session|faults)$|^sweep$")  # targets
SWEEP_RUNS = 3000
FLAGS = "-O1 -fPIC"
SANITIZERS = " -fsanitize=address,undefined -fno-sanitize-recover=all"
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0:detect_odr_violation=0"}
LEAST_CAUGHT, MOST_EQUIVALENT = 0.95, 0.05
CPU_FACTOR, CPU_LEAST_S = 10, 20
STUCK_FACTOR = 60  # of the CPU time, for what waits without computing


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit("mutants: %s\n%s" % (command, done.stdout[-4000:]))
    return done.stdout


def copy_project(tree):
    """The files of the project as they are now; those that have not changed keep their time."""
    names = run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).split("\0")
    wanted = {name for name in names if name and (ROOT / name).is_file()}
    for path in [path for path in tree.rglob("*") if path.is_file()] if tree.exists() else []:
        if str(path.relative_to(tree)) not in wanted:
            path.unlink()
    for name in sorted(wanted):
        source, copy = ROOT / name, tree / name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)


class Program:
    """One test: how it is linked and run, and how much CPU time it needs unchanged."""

    def __init__(self, entry, library):
        self.name = entry["name"]
        self.command = entry["command"]
        self.folder = Path(next(p["value"] for p in entry["properties"] if p["name"] == "WORKING_DIRECTORY"))
        self.objects = self.folder / "CMakeFiles" / (Path(self.command[0]).name + ".dir")
        instead = {"libesp_loader.a": [str(library), "-Wl,-rpath," + str(library.parent)]}
        if Path(self.command[0]).name == "sweep":  # has a build of the library of its own, with other stubs
            self.command = [self.command[0], "--runs", str(SWEEP_RUNS)]
            stubs = self.folder / "CMakeFiles/sweep_library.dir/stubs.c.o"
            instead["libsweep_library.a"] = [str(stubs), *instead["libesp_loader.a"]]
        self.link_command = [new for word in shlex.split((self.objects / "link.txt").read_text())
                             for new in instead.get(Path(word).name, [word])]
        self.is_changed = True  # since it was linked
        self.cpu_s = 0.0

    def link(self):
        self.is_changed = subprocess.run(self.link_command, cwd=self.folder, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL).returncode != 0
        return not self.is_changed

    def failure(self, limit_s):
        """None when it passes, otherwise how it fails."""
        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s + 1))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
        if self.is_changed and not self.link():
            return "does not link"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            status = subprocess.run(self.command, cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=limits,
                                    timeout=limit_s * STUCK_FACTOR).returncode
        except subprocess.TimeoutExpired:
            return "waits for ever"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return None if status == 0 else "fails" if status > 0 else "signal %d" % -status


class Bench:
    """The copy and its build. The library is a shared one there, so that a change of it needs no program linked anew."""

    def __init__(self, folder, flags, skipped):
        self.flags = flags
        self.tree, self.build = folder / "tree", folder / "build"
        copy_project(self.tree)
        run(["cmake", "-S", self.tree, "-B", self.build, "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_BUILD_TYPE=None",
             "-DCMAKE_C_FLAGS=" + flags, "-DCMAKE_CXX_FLAGS=" + flags, "-DESP_LOADER_STUB_DIR=",
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DEL_SKIP_TEST_GROUPS=idf_host"])
        targets = [words[1] for words in map(str.split, run(["cmake", "--build", self.build, "--target", "help"]).splitlines())
                   if len(words) == 2 and TESTS.match(words[1]) and words[1] != skipped]
        run(["cmake", "--build", self.build, "-j2", "--target", *targets])
        shown = json.loads(run(["ctest", "--test-dir", self.build, "--show-only=json-v1"]))
        self.library = folder / "libesp_loader.so"
        self.programs = [Program(entry, self.library) for entry in shown["tests"]
                         if "command" in entry and Path(entry["command"][0]).name in targets]
        self.sources = self.read_objects()
        self.link_library()
        for program in self.programs:
            if program.failure(3600):
                sys.exit("mutants: %s fails without any change" % program.name)
            program.cpu_s = program.used_s
        self.programs.sort(key=lambda program: program.cpu_s)
        print("%d tests, %.0f s of CPU time together" % (len(self.programs), sum(p.cpu_s for p in self.programs)), flush=True)

    def is_of_library(self, target):
        return target.is_relative_to(self.build / "src")

    def read_objects(self):
        """Source or header -> [(object, command, folder)], of the library and the tests."""
        of, self.library_objects = {}, []
        programs = [program.objects for program in self.programs]
        for entry in json.loads((self.build / "compile_commands.json").read_text()):
            words = shlex.split(entry["command"])
            target = Path(entry["directory"]) / words[words.index("-o") + 1]
            depends = Path(str(target) + ".d")
            if self.is_of_library(target):
                self.library_objects.append(target)
            elif not any(target.is_relative_to(objects) for objects in programs):
                continue
            named = {Path(os.path.normpath(os.path.join(entry["directory"], name))) for name in depends.read_text().split()}
            for name in sorted(str(name.relative_to(self.tree)) for name in named if name.is_relative_to(self.tree / "src")):
                if "Generated by" in (self.tree / name).read_text()[:200]:
                    continue
                of.setdefault(name, []).append((target, words + ["-w"], entry["directory"]))
        return of

    def link_library(self):
        run(["gcc", *shlex.split(self.flags), "-shared", "-o", self.library, *self.library_objects])

    def compile(self, path):
        """Compiles what contains the file: the objects that have changed, None when it does not build."""
        changed = []
        for target, words, folder in self.sources[path]:
            before = target.read_bytes()
            if subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
                return None
            if target.read_bytes() != before:
                changed.append(target)
        return changed

    def take(self, changed):
        """Links the library anew when objects of it have changed; programs follow when they are run."""
        if any(self.is_of_library(target) for target in changed):
            self.link_library()
        for program in self.programs:
            program.is_changed = program.is_changed or any(target.is_relative_to(program.objects) for target in changed)

    def judge(self, mutant, text, killers, known):
        """What becomes of a mutant: (word, test). The test known to have caught it before is asked first."""
        backup = {target: target.read_bytes() for target, _, _ in self.sources[mutant.path]}
        changed = []
        (self.tree / mutant.path).write_text(apply(mutant, text))
        try:
            changed = self.compile(mutant.path)
            if not changed:
                return ("does not build" if changed is None else "same code"), ""
            self.take(changed)
            order = killers.setdefault(mutant.path, [])
            first = [program for program in self.programs if program.name == known]
            for program in dict.fromkeys(first + order + self.programs):
                how = program.failure(max(CPU_LEAST_S, int(CPU_FACTOR * program.cpu_s)))
                if how:
                    if program in order:
                        order.remove(program)
                    order.insert(0, program)
                    return "caught", "%s %s" % (program.name, how)
            return "SURVIVED", ""
        finally:
            (self.tree / mutant.path).write_text(text)
            for target, content in backup.items():
                target.write_bytes(content)
            self.take(changed or [])


def read_equivalent():
    """(path, operator, new, nth, line of code) -> reason."""
    reasons = {}
    for line in (HERE / "equivalent.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            path, operator, change, nth, code, reason = [field.strip() for field in line.split(" | ")]
            reasons[path, operator, change, int(nth), code] = reason
    return reasons


def key_of(mutant, text):
    code = text.splitlines()[mutant.line - 1].strip()
    return mutant.path, mutant.operator, " ".join(mutant.new.split()), mutant.nth, code


def read_killers(report):
    """(path, what changes) -> the test that caught it in an earlier run. It only saves time: every change is made again."""
    lines = report.read_text().splitlines() if report.exists() else []
    found = [re.fullmatch(r"caught +(\S+):\d+  (.*) \| (\S+) .*", line) for line in lines]
    return {(line[1], line[2]): line[3] for line in found if line}


def in_turn(mutants, texts, seed):
    """All mutants in the order they are judged. It depends on each change alone: one of the library changes what is chosen
    there, and nowhere else."""
    def chance(mutant):
        return hashlib.sha256(repr((seed, key_of(mutant, texts[mutant.path]))).encode()).digest()
    by_operator = {name: sorted((mutant for mutant in mutants if mutant.operator == name), key=chance) for name in OPERATORS}
    while any(by_operator.values()):
        for some in by_operator.values():
            if some:
                yield some.pop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", metavar="NAME", default="", help="a test that is not asked")
    parser.add_argument("--fast", action="store_true", help="without sanitizers, which only find reads out of bounds more")
    parser.add_argument("--only", default="", help="files with this in their path")
    options = parser.parse_args()
    bench = Bench(options.folder.resolve(), FLAGS + ("" if options.fast else SANITIZERS), options.skip)
    texts = {path: (bench.tree / path).read_text() for path in sorted(bench.sources) if options.only in path}
    mutants = [mutant for path, text in texts.items() for mutant in mutants_of(path, text)]
    equivalent = read_equivalent()
    known = read_killers(options.folder / "report.txt")
    counts, table, killers, survivors = {}, {}, {}, []
    started = time.monotonic()
    with open(options.folder / "report.txt", "w") as report:
        for mutant in in_turn(mutants, texts, options.seed):
            judged = sum(counts.get(word, 0) for word in ("caught", "SURVIVED", "equivalent"))
            if judged == options.count:
                break
            key = key_of(mutant, texts[mutant.path])
            change = " | ".join(map(str, key[1:]))
            word, test = ("equivalent", equivalent[key]) if key in equivalent else \
                bench.judge(mutant, texts[mutant.path], killers, known.get((mutant.path, change)))
            counts[word] = counts.get(word, 0) + 1
            row = table.setdefault(mutant.operator, {})
            row[word] = row.get(word, 0) + 1
            line = "%-14s %s:%d  %s" % (word, mutant.path, mutant.line, change + (" | " + test if test else ""))
            report.write(line + "\n")
            report.flush()
            if word == "SURVIVED":
                survivors.append(line)
                print(line, flush=True)
    judged = sum(counts.get(word, 0) for word in ("caught", "SURVIVED", "equivalent"))
    equal, caught = counts.get("equivalent", 0), counts.get("caught", 0)
    for name in OPERATORS:
        row = table.get(name, {})
        print("  %-11s %3d caught, %2d survived, %2d equivalent, %2d same code, %2d do not build" % (name, *(
            row.get(word, 0) for word in ("caught", "SURVIVED", "equivalent", "same code", "does not build"))))
    share = caught / (judged - equal) if judged > equal else 0.0
    print("%d mutants, seed %d: %d equivalent (%.1f %%), of the others %d of %d caught = %.1f %%, in %d s" % (
        judged, options.seed, equal, 100.0 * equal / max(judged, 1), caught, judged - equal, 100.0 * share,
        time.monotonic() - started))
    return 0 if share >= LEAST_CAUGHT and equal <= MOST_EQUIVALENT * judged else 1


if __name__ == "__main__":
    sys.exit(main())
