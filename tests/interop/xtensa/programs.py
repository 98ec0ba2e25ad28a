# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Random programs for an Xtensa core, which write out all they have computed: registers, special registers, memory. They end
# for certain: branches go forwards, loops count, functions call later ones, and recursion counts down.
import random

from assembler import BRANCHES, THREE, Program

BASE, START, STACK, DUMP, DATA = 0x2000, 0x2800, 0x60000, 0x80000, 0x80200
DATA_SIZE = 0x400
SIZE = DATA + DATA_SIZE - DUMP
FUNCTIONS = 10
WINDOWS = 8  # of a dc233c
PS = 0x40020  # windows on, user mode, interrupts not masked
CONDITIONAL_STORES_WORK = 0x15  # ATOMCTL
DUMPED = ("sar", "lbeg", "lend", "lcount", "ps", "exccause", "windowbase", "windowstart", "scompare1", "misc1")
WRITE, EXIT, STDOUT = 4, 1, 1


def vectors(p):
    """Handlers of windows, and one of exceptions that goes on after the instruction and notes the cause in MISC1."""
    saved = {4: [], 8: [4, 5, 6, 7], 12: [4, 5, 6, 7, 8, 9, 10, 11]}
    for i, (windows, extra) in enumerate(saved.items()):
        low = -16 - 4 * len(extra)
        s = windows + 1
        p.org(BASE + 0x80 * i)
        p.window_memory("s32e", 0, s, -16)
        if extra:
            p.window_memory("l32e", 0, 1, -12)
        for k in (1, 2, 3):
            p.window_memory("s32e", k, s, -16 + 4 * k)
        for k, register in enumerate(extra):
            p.window_memory("s32e", register, 0, low + 4 * k)
        p.plain("rfwo")
        p.org(BASE + 0x40 + 0x80 * i)
        for k in (0, 1, 2):
            p.window_memory("l32e", k, s, -16 + 4 * k)
        if extra:
            p.window_memory("l32e", extra[-1], 1, -12)
        p.window_memory("l32e", 3, s, -4)
        for k, register in enumerate(extra):
            p.window_memory("l32e", register, extra[-1], low + 4 * k)
        p.plain("rfwu")
    for vector in (0x300, 0x340):
        p.org(BASE + vector)
        p.special("wsr", "excsave1", 0)
        p.special("wsr", "excsave2", 2)
        p.special("rsr", "exccause", 0)
        p.special("rsr", "misc1", 2)
        p.three("addx8", 2, 2, 0)
        p.special("wsr", "misc1", 2)
        p.special("rsr", "epc1", 0)
        p.addi(0, 0, 3)
        p.special("wsr", "epc1", 0)
        p.special("rsr", "excsave2", 2)
        p.special("rsr", "excsave1", 0)
        p.plain("rfe")


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.p = Program(BASE)
        self.calls = []  # (jump, number of a function, or "leaf", "deep")
        self.at = {}
        self.highest = 15

    def register(self):
        return self.random.randint(2, self.highest)

    def registers(self, count):
        return [self.register() for _ in range(count)]

    # one instruction, or a few that belong together

    def compute(self):
        p, r = self.p, self.random
        kind = r.randrange(14)
        if kind < 4:
            p.three(r.choice(list(THREE)), *self.registers(3))
        elif kind == 4:
            p.two(r.choice(("neg", "abs", "srl", "sra", "sll", "nsa", "nsau")), *self.registers(2))
        elif kind == 5:
            name = r.choice(("slli", "srai", "srli"))
            p.shift(name, *self.registers(2), r.randint(name == "slli", 15 if name == "srli" else 31))
        elif kind == 6:
            p.extui(*self.registers(2), r.randrange(32), r.randint(1, 16))
        elif kind == 7:
            p.sign(r.choice(("sext", "clamps")), *self.registers(2), r.randint(7, 22))
        elif kind == 8:
            name = r.choice(("ssr", "ssl", "ssa8l", "ssa8b", "ssai"))
            p.set_shift(name, r.randrange(32) if name == "ssai" else self.register())
        elif kind == 9:
            p.movi(self.register(), r.randint(-2048, 2047))
        elif kind == 10:
            p.addi(*self.registers(2), r.choice((r.randint(-128, 127), 256 * r.choice((-128, -5, 1, 77, 127)))))
        elif kind == 11:
            p.l32r(self.register(), r.choice(self.constants))
        elif kind == 12:
            self.narrow()
        else:
            self.system()

    def narrow(self):
        p, r = self.p, self.random
        name = r.choice(("add.n", "addi.n", "mov.n", "movi.n", "nop.n"))
        if name == "nop.n":
            p.plain(name)
        elif name == "add.n":
            p.narrow(name, *self.registers(3))
        elif name == "addi.n":
            p.narrow(name, *self.registers(2), r.choice((-1, 1, 7, 15)))
        elif name == "mov.n":
            p.narrow(name, *self.registers(2))
        else:
            p.narrow(name, self.register(), r.randint(-32, 95))

    def system(self):
        p, r = self.p, self.random
        kind = r.randrange(7)
        if kind == 0:
            p.special(r.choice(("rsr", "wsr", "xsr")), "scompare1", self.register())
        elif kind == 1:
            p.special("rsr", r.choice(("sar", "lcount", "windowbase", "windowstart", "epc1", "ps")), self.register())
        elif kind == 2:
            register = self.register()
            p.movi(register, r.randint(0, 32))
            p.special(r.choice(("wsr", "xsr")), "sar", register)
        elif kind == 3:
            p.thread(r.choice(("rur", "wur")), self.register())
        elif kind == 4:
            p.plain("rsil", self.register(), r.randrange(6))
        elif kind == 5:
            p.plain(r.choice(("isync", "rsync", "esync", "dsync", "memw", "extw", "nop", "syscall", "ill")))
        else:
            p.plain("movsp", *self.registers(2))

    def memory(self):
        p, r = self.p, self.random
        base = self.register()
        p.l32r(base, DATA)
        for _ in range(r.randint(1, 4)):
            t = self.register()
            if t == base:
                continue
            kind = r.randrange(8)
            if kind == 0:
                p.narrow(r.choice(("l32i.n", "s32i.n")), t, base, 4 * r.randrange(16))
            elif kind == 1:
                p.window_memory("s32e", t, base, -4 * r.randint(1, 16))
            elif kind == 2:
                p.window_memory("l32e", t, base, -4 * r.randint(1, 16))
            else:
                name, unit = r.choice((("l8ui", 1), ("l16ui", 2), ("l16si", 2), ("l32i", 4), ("l32ai", 4), ("s8i", 1),
                                       ("s16i", 2), ("s32i", 4), ("s32ri", 4), ("s32c1i", 4)))
                p.memory(name, t, base, unit * r.randrange(256))

    def begin_branch(self):
        r = self.random
        kind = r.randrange(7)
        if kind < 3:
            return self.p.begin(r.choice(list(BRANCHES)), *self.registers(2))
        if kind == 3:
            return self.p.begin(r.choice(("bbci", "bbsi")), self.register(), r.randrange(32))
        if kind == 4:
            return self.p.begin(r.choice(("beqz", "bnez", "bltz", "bgez", "beqz.n", "bnez.n")), self.register())
        if kind == 5:
            return self.p.begin(r.choice(("beqi", "bnei", "blti", "bgei", "bltui", "bgeui")), self.register(),
                                r.randrange(16))
        return self.p.begin("j")

    def branch(self):
        jump = self.begin_branch()
        for _ in range(self.random.randint(1, 4)):
            self.compute()
        self.p.place(jump)

    def loop(self):
        r = self.random
        register = self.register()
        self.p.movi(register, r.choice((-3, 0, 1, 2, 5)))
        name = r.choice(("loop", "loopnez", "loopgtz"))
        if name != "loopgtz":
            self.p.extui(register, register, 0, 3)
        if name == "loop":
            self.p.addi(register, register, 1)
        loop = self.p.begin(name, register)
        for _ in range(r.randint(1, 5)):
            r.choice((self.compute, self.compute, self.memory, self.branch))()
        self.p.place(loop)

    def call(self, target):
        r = self.random
        if target == "leaf":
            self.p.narrow("mov.n", 15, 0)
            self.calls.append((self.p.begin("call0"), target))
            self.p.narrow("mov.n", 0, 15)
            return
        windows = r.randint(1, 3)
        if target == "deep":
            self.p.movi(4 * windows + 2, r.randint(5, 20))
        if isinstance(target, int) and target in self.at and r.random() < 0.5:
            register = self.register()
            self.p.l32r(register, self.at[target])
            self.p.callx(windows, register)
        else:
            self.calls.append((self.p.begin(f"call{4 * windows}"), target))

    def align(self, to):
        self.p.org(-(-self.p.here // to) * to)

    def body(self, length):
        for _ in range(length):
            self.random.choice((self.compute, self.compute, self.compute, self.memory, self.branch, self.loop))()

    def function(self, number):
        """Functions are placed from the last on, so that callers can have the address of a later one as a literal."""
        p, r = self.p, self.random
        for value in self.constants + [DATA] + [self.at[n] for n in self.at if isinstance(n, int)]:
            p.literal(value)
        self.at[number] = p.here
        p.entry(1, r.choice((64, 80, 128)))
        later = [n for n in self.at if isinstance(n, int) and n > number]
        for target in [*r.sample(later, min(2, len(later))), *r.sample(("leaf", "deep"), 1)]:
            self.body(r.randint(2, 8))
            self.call(target)
        self.body(r.randint(2, 8))
        p.plain(r.choice(("retw", "retw.n")))
        self.align(4)

    def leaf(self):
        for value in self.constants + [DATA]:
            self.p.literal(value)
        self.at["leaf"] = self.p.here
        self.highest = 14  # the caller has its return address in a15
        for _ in range(4):
            self.compute()
        self.highest = 15
        self.p.plain(self.random.choice(("ret", "ret.n")))
        self.align(4)

    def deep(self):
        """Calls itself as often as its first argument says, by different windows."""
        p = self.p
        self.at["deep"] = p.here
        p.entry(1, 64)
        ends = [p.begin("beqz", 2)]
        for windows in (1, 2, 3):
            skip = p.begin("bnei", 3, windows) if windows < 3 else None
            p.addi(4 * windows + 2, 2, -1)
            p.shift("srli", 4 * windows + 3, 2, 1)
            p.extui(4 * windows + 3, 4 * windows + 3, 0, 2)
            p.place(p.begin(f"call{4 * windows}"), self.at["deep"])
            p.three("xor", 2, 2, 4 * windows + 2)
            jump = p.begin("j")
            if skip:
                p.place(skip)
            ends.append(jump)
        for jump in ends:
            p.place(jump)
        p.addi(2, 2, 1)
        p.plain("retw.n")
        self.align(4)

    def start(self):
        p, r = self.p, self.random
        p.org(START - 0x100)
        for value in [BASE, PS, STACK, DUMP, SIZE, DATA] + self.constants:
            p.literal(value)
        p.org(START)
        p.l32r(2, BASE)
        p.special("wsr", "vecbase", 2)
        p.movi(2, CONDITIONAL_STORES_WORK)
        p.special("wsr", "atomctl", 2)
        p.movi(2, 1)
        p.special("wsr", "windowstart", 2)
        p.movi(2, 0)
        p.special("wsr", "windowbase", 2)
        p.plain("rsync")
        p.l32r(2, PS)
        p.special("wsr", "ps", 2)
        p.plain("rsync")
        p.l32r(1, STACK)
        p.window_memory("s32e", 1, 1, -12)  # where the caller's stack pointer would be
        for register in range(2, 16):
            p.l32r(register, r.choice(self.constants))
        self.calls.append((p.begin("call8"), 0))
        self.dump()

    def dump(self):
        p = self.p
        p.special("wsr", "excsave3", 2)
        p.special("wsr", "excsave4", 3)
        p.l32r(2, DUMP)
        for i, register in enumerate(DUMPED):
            p.special("rsr", register, 3)
            p.memory("s32i", 3, 2, 4 * i)
        p.addi(2, 2, 64)
        p.special("wsr", "misc0", 2)
        p.movi(3, 0)
        p.special("wsr", "ps", 3)
        p.plain("rsync")
        p.special("rsr", "excsave3", 2)
        p.special("rsr", "excsave4", 3)
        for _ in range(WINDOWS):
            p.special("wsr", "excsave3", 0)
            p.special("rsr", "misc0", 0)
            for register in (1, 2, 3):
                p.memory("s32i", register, 0, 4 * register)
            p.special("rsr", "excsave3", 1)
            p.memory("s32i", 1, 0, 0)
            p.addi(0, 0, 16)
            p.special("wsr", "misc0", 0)
            p.plain("rotw", 1)
            p.plain("rsync")
        p.movi(2, WRITE)
        p.movi(3, STDOUT)
        p.l32r(4, DUMP)
        p.l32r(5, SIZE)
        p.plain("simcall")
        p.movi(2, EXIT)
        p.movi(3, 0)
        p.plain("simcall")

    def make(self):
        r = self.random
        self.constants = [r.getrandbits(32), r.getrandbits(16), 0x80000000, 0xFFFFFFFF, 0x7FFFFFFF, r.getrandbits(32)]
        vectors(self.p)
        self.start()
        self.align(64)
        self.leaf()
        self.deep()
        for number in reversed(range(FUNCTIONS)):
            self.function(number)
        for jump, target in self.calls:
            self.p.place(jump, self.at[target])
        return self.p


def make(seed):
    """A program for BASE, to be entered at START."""
    return Generator(seed).make()
