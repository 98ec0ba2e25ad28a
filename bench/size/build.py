# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs of bench/size for microcontrollers: compiled with -Os, linked with section garbage collection, and measured
as what they have more than an empty program linked with the same flags.
"""
import concurrent.futures
import glob
import hashlib
import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(ROOT + "/scripts")
from measure import run  # noqa: E402

HERE = ROOT + "/bench/size/"
INCLUDES = ["-I" + ROOT + "/include", "-I" + ROOT + "/src"]
CFLAGS = ["-std=c11", "-Os", "-ffunction-sections", "-fdata-sections", *INCLUDES]

# Stand-ins for the stubs: a table of all of them, whose images are taken off.
STUB_TABLE = ROOT + "/tests/against_sim/session/stub_table.c"
WITH_STUBS = ["-DESP_LOADER_HAS_STUBS"]

# What plans need on top of this takes half of the time.
CORE_FOLDERS = ("common", "digest", "error", "link", "protocol", "session", "stub", "target")


class Processor:
    """A processor with its compiler and C library."""

    def __init__(self, name, prefix, flags, linking=()):
        self.name, self.prefix, self.flags, self.linking = name, prefix, flags, list(linking)

    def gcc(self, *words):
        return run(self.prefix + "gcc", *self.flags, *words)


NEWLIB = ("--specs=nano.specs", "--specs=nosys.specs")
M0 = Processor("Cortex-M0+", "arm-none-eabi-", ["-mcpu=cortex-m0plus", "-mthumb"], NEWLIB)
M4 = Processor("Cortex-M4", "arm-none-eabi-", ["-mcpu=cortex-m4", "-mthumb"], NEWLIB)
RV32 = Processor("rv32imc", "riscv64-unknown-elf-", ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"])


def library(folders=None):
    """Sources of the library, or of some folders of it."""
    sources = sorted(source for folder in folders or ("*",) for source in glob.glob("%s/src/%s/*.c" % (ROOT, folder)))
    if not sources:
        sys.exit("size: no library sources")
    return sources


def in_parallel(calls):
    """Results of functions without parameters; most of them wait for a compiler."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda call: call(), calls))


def compile_once(processor, source, settings, kept):
    """Object and call graph of a source in the folder KEPT, without their suffixes. Most settings leave most sources as
    they are: what is the same text after the preprocessor is compiled once."""
    words = [*CFLAGS, *settings]
    text = processor.gcc(*words, "-E", "-P", source)
    base = os.path.join(kept, hashlib.sha256((processor.name + source + text).encode()).hexdigest())
    if not os.path.exists(base + ".o"):
        processor.gcc(*words, "-fcallgraph-info=su", "-c", source, "-o", base + ".o")
    return base


def compile_all(processor, folder, sources, settings):
    """Objects of the sources; their call graphs are in a folder that holds nothing else."""
    kept = os.path.join(os.path.dirname(folder), "objects")
    shutil.rmtree(folder, ignore_errors=True)
    for needed in (folder, kept):
        os.makedirs(needed, exist_ok=True)
    objects = []
    for base in in_parallel([lambda source=source: compile_once(processor, source, settings, kept) for source in sources]):
        os.link(base + ".ci", os.path.join(folder, os.path.basename(base) + ".ci"))
        objects.append(base + ".o")
    return objects


def totals(processor, path):
    """Bytes of flash (code, constants, initial data) and of RAM of a linked program."""
    text, data, bss = (int(word) for word in run(processor.prefix + "size", path).splitlines()[1].split()[:3])
    return {"flash": text + data, "ram": data + bss}


def constants(processor, path):
    """Bytes of constants in an object."""
    return sum(int(line.split()[1]) for line in run(processor.prefix + "size", "-A", path).splitlines()
               if line.startswith(".rodata"))


def measured(processor, folder, settings, program, sources=None):
    """Bytes of flash and RAM of a program of bench/size, without what an empty program takes and without images of
    stubs."""
    has_stubs = WITH_STUBS[0] in settings
    parts = [HERE + program] + (sources or library(CORE_FOLDERS)) + ([STUB_TABLE] if has_stubs else [])
    sums = {}
    for name, part in ((folder, parts), (folder + "-empty", [HERE + "empty.c"])):
        objects = compile_all(processor, name, part, settings)
        processor.gcc(*processor.linking, "-Wl,--gc-sections", *objects, "-o", name + "/program.elf")
        sums[name] = totals(processor, name + "/program.elf")
    taken_off = sums[folder + "-empty"]
    images = images_bytes(processor, folder) if has_stubs else 0
    return {"flash": sums[folder]["flash"] - taken_off["flash"] - images, "ram": sums[folder]["ram"] - taken_off["ram"]}


def images_bytes(processor, folder):
    """Size of the bytes that all images of the stand-ins have in common."""
    for line in run(processor.prefix + "nm", "-S", folder + "/program.elf").splitlines():
        words = line.split()
        if len(words) == 4 and words[3] == "bytes":
            return int(words[1], 16)
    sys.exit("size: the program has no stub")
