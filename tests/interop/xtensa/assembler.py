# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Instructions of Xtensa as bytes, with the text that QEMU's disassembler prints for them. Fields are named as in the
# manual's tables: op2 op1 r s t op0, from the highest bits to the lowest; r, s and t mostly are registers.

# op2 and op1 of those with three registers, in the order r, s, t.
THREE = {
    "and": 0x10, "or": 0x20, "xor": 0x30, "add": 0x80, "addx2": 0x90, "addx4": 0xA0, "addx8": 0xB0, "sub": 0xC0,
    "subx2": 0xD0, "subx4": 0xE0, "subx8": 0xF0, "src": 0x81, "mul16u": 0xC1, "mul16s": 0xD1, "mull": 0x82,
    "quou": 0xC2, "quos": 0xD2, "remu": 0xE2, "rems": 0xF2, "min": 0x43, "max": 0x53,
    "minu": 0x63, "maxu": 0x73, "moveqz": 0x83, "movnez": 0x93, "movltz": 0xA3, "movgez": 0xB3}
SPECIAL = {"lbeg": 0, "lend": 1, "lcount": 2, "sar": 3, "scompare1": 12, "windowbase": 72, "windowstart": 73, "atomctl": 99,
           "epc1": 177, "excsave1": 209, "excsave2": 210, "excsave3": 211, "excsave4": 212, "ps": 230, "vecbase": 231,
           "exccause": 232, "misc0": 244, "misc1": 245}
CONSTANTS = (-1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256)
UNSIGNED_CONSTANTS = (32768, 65536) + CONSTANTS[2:]
BRANCHES = {"bnone": 0, "beq": 1, "blt": 2, "bltu": 3, "ball": 4, "bbc": 5, "bany": 8, "bne": 9, "bge": 10, "bgeu": 11,
            "bnall": 12, "bbs": 13}
LOADS = {"l8ui": (0, 1), "l16ui": (1, 2), "l32i": (2, 4), "s8i": (4, 1), "s16i": (5, 2), "s32i": (6, 4), "l16si": (9, 2),
         "l32ai": (11, 4), "s32c1i": (14, 4), "s32ri": (15, 4)}


class Program:
    """Code and data from an address on; labels are patched when they are placed."""

    def __init__(self, base):
        self.base = base
        self.code = bytearray()
        self.listing = {}  # address: text
        self.literals = {}

    @property
    def here(self):
        return self.base + len(self.code)

    def org(self, address):
        self.code += bytes(address - self.here)

    def words(self, *values):
        for value in values:
            self.code += (value & 0xFFFFFFFF).to_bytes(4, "little")

    def emit(self, value, size, text):
        self.listing[self.here] = text
        self.code += (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")

    def wide(self, text, op2, op1, r, s, t, op0):
        self.emit(op2 << 20 | op1 << 16 | r << 12 | s << 8 | t << 4 | op0, 3, text)

    # three registers, and other ways to fill their fields

    def three(self, name, r, s, t):
        self.wide(f"{name} a{r}, a{s}, a{t}", THREE[name] >> 4, THREE[name] & 15, r, s, t, 0)

    def two(self, name, r, t):
        if name in ("neg", "abs"):
            self.wide(f"{name} a{r}, a{t}", 6, 0, r, name == "abs", t, 0)
        elif name in ("srl", "sra"):
            self.wide(f"{name} a{r}, a{t}", {"srl": 9, "sra": 11}[name], 1, r, 0, t, 0)
        elif name == "sll":
            self.wide(f"{name} a{r}, a{t}", 10, 1, r, t, 0, 0)
        else:
            self.wide(f"{name} a{r}, a{t}", 4, 0, {"nsa": 14, "nsau": 15}[name], t, r, 0)

    def shift(self, name, r, source, by):
        if name == "slli":
            self.wide(f"slli a{r}, a{source}, {by}", (32 - by) >> 4, 1, r, source, (32 - by) & 15, 0)
        elif name == "srai":
            self.wide(f"srai a{r}, a{source}, {by}", 2 | by >> 4, 1, r, by & 15, source, 0)
        else:
            self.wide(f"srli a{r}, a{source}, {by & 15}", 4, 1, r, by & 15, source, 0)

    def extui(self, r, t, by, bits):
        self.wide(f"extui a{r}, a{t}, {by}, {bits}", bits - 1, 4 | by >> 4, r, by & 15, t, 0)

    def sign(self, name, r, s, bit):
        """sext, clamps: bit 7 to 22."""
        self.wide(f"{name} a{r}, a{s}, {bit}", {"sext": 2, "clamps": 3}[name], 3, r, s, bit - 7, 0)

    def set_shift(self, name, s):
        if name == "ssai":
            self.wide(f"ssai {s}", 4, 0, 4, s & 15, s >> 4, 0)
        else:
            self.wide(f"{name} a{s}", 4, 0, ("ssr", "ssl", "ssa8l", "ssa8b").index(name), s, 0, 0)

    # special registers, control

    def special(self, name, register, t):
        number = SPECIAL[register]
        op2, op1 = {"rsr": (0, 3), "wsr": (1, 3), "xsr": (6, 1)}[name]
        self.emit(op2 << 20 | op1 << 16 | number << 8 | t << 4, 3, f"{name}.{register} a{t}")

    def thread(self, name, register):
        """rur and wur of THREADPTR."""
        op2, fields = {"rur": (14, register << 12 | 0xE7 << 4), "wur": (15, 0xE7 << 8 | register << 4)}[name]
        self.emit(op2 << 20 | 3 << 16 | fields, 3, f"{name}.threadptr a{register}")

    def plain(self, name, *operands):
        value = {"isync": 0x2000, "rsync": 0x2010, "esync": 0x2020, "dsync": 0x2030, "memw": 0x20C0, "extw": 0x20D0,
                 "nop": 0x20F0, "ret": 0x80, "retw": 0x90, "rfe": 0x3000, "rfwo": 0x3400, "rfwu": 0x3500,
                 "syscall": 0x5000, "simcall": 0x5100, "ill": 0}.get(name)
        if value is not None:
            self.emit(value, 3, name)
        elif name == "rsil":
            self.emit(0x6000 | operands[1] << 8 | operands[0] << 4, 3, f"rsil a{operands[0]}, {operands[1]}")
        elif name == "rotw":
            self.emit(0x408000 | (operands[0] & 15) << 4, 3, f"rotw {operands[0]}")
        elif name == "movsp":
            self.emit(0x1000 | operands[1] << 8 | operands[0] << 4, 3, f"movsp a{operands[0]}, a{operands[1]}")
        else:
            narrow = {"ret.n": 0xF00D, "retw.n": 0xF01D, "nop.n": 0xF03D}
            self.emit(narrow[name], 2, name)

    # memory

    def memory(self, name, t, s, offset):
        code, unit = LOADS[name]
        self.emit(offset // unit << 16 | code << 12 | s << 8 | t << 4 | 2, 3, f"{name} a{t}, a{s}, {offset}")

    def window_memory(self, name, t, s, offset):
        """l32e, s32e: offset -64 to -4."""
        self.wide(f"{name} a{t}, a{s}, {offset}", {"l32e": 0, "s32e": 4}[name], 9, offset + 64 >> 2, s, t, 0)

    def literal(self, value):
        """Puts a word here for later L32Rs."""
        self.literals[value] = self.here
        self.words(value)

    def l32r(self, t, value):
        address = self.literals[value]
        self.emit((address - (self.here + 3 & ~3) >> 2 & 0xFFFF) << 8 | t << 4 | 1, 3, f"l32r a{t}, {address:#x}")

    # constants

    def movi(self, t, value):
        self.emit((value & 0xFF) << 16 | 0xA << 12 | (value >> 8 & 15) << 8 | t << 4 | 2, 3, f"movi a{t}, {value}")

    def addi(self, t, s, value):
        if -128 <= value <= 127:
            self.emit((value & 0xFF) << 16 | 0xC << 12 | s << 8 | t << 4 | 2, 3, f"addi a{t}, a{s}, {value}")
        else:
            self.emit((value >> 8 & 0xFF) << 16 | 0xD << 12 | s << 8 | t << 4 | 2, 3, f"addmi a{t}, a{s}, {value}")

    # narrow ones

    def narrow(self, name, *operands):
        if name == "add.n":
            r, s, t = operands
            self.emit(r << 12 | s << 8 | t << 4 | 10, 2, f"add.n a{r}, a{s}, a{t}")
        elif name == "addi.n":
            r, s, value = operands
            self.emit(r << 12 | s << 8 | (0 if value == -1 else value) << 4 | 11, 2, f"addi.n a{r}, a{s}, {value}")
        elif name == "mov.n":
            t, s = operands
            self.emit(s << 8 | t << 4 | 13, 2, f"mov.n a{t}, a{s}")
        elif name == "movi.n":
            s, value = operands
            self.emit((value & 15) << 12 | s << 8 | (value >> 4 & 7) << 4 | 12, 2, f"movi.n a{s}, {value}")
        else:
            t, s, offset = operands
            self.emit(offset // 4 << 12 | s << 8 | t << 4 | {"l32i.n": 8, "s32i.n": 9}[name], 2,
                      f"{name} a{t}, a{s}, {offset}")

    # Jumps forwards: begin says where they start, place where they end. Texts need the end.

    def begin(self, name, *operands):
        at = self.here
        size = 2 if name.endswith(".n") else 3
        self.emit(0, size, "")
        return at, size, name, operands

    def place(self, jump, target=None):
        at, size, name, operands = jump
        target = self.here if target is None else target
        value, text = self.jump(name, operands, at, target)
        self.listing[at] = f"{text}{target:#x}"
        self.code[at - self.base:at - self.base + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")

    @staticmethod
    def jump(name, operands, at, target):
        offset = target - at - 4
        if name in BRANCHES:
            s, t = operands
            return (offset & 0xFF) << 16 | BRANCHES[name] << 12 | s << 8 | t << 4 | 7, f"{name} a{s}, a{t}, "
        if name in ("bbci", "bbsi"):
            s, bit = operands
            code = {"bbci": 6, "bbsi": 14}[name] | bit >> 4
            return (offset & 0xFF) << 16 | code << 12 | s << 8 | (bit & 15) << 4 | 7, f"{name} a{s}, {bit}, "
        if name in ("beqz", "bnez", "bltz", "bgez"):
            (s,), m = operands, ("beqz", "bnez", "bltz", "bgez").index(name)
            return (offset & 0xFFF) << 12 | s << 8 | m << 6 | 1 << 4 | 6, f"{name} a{s}, "
        if name in ("beqi", "bnei", "blti", "bgei"):
            (s, c), m = operands, ("beqi", "bnei", "blti", "bgei").index(name)
            return (offset & 0xFF) << 16 | c << 12 | s << 8 | m << 6 | 2 << 4 | 6, f"{name} a{s}, {CONSTANTS[c]}, "
        if name in ("bltui", "bgeui"):
            (s, c), m = operands, {"bltui": 2, "bgeui": 3}[name]
            return (offset & 0xFF) << 16 | c << 12 | s << 8 | m << 6 | 3 << 4 | 6, f"{name} a{s}, {UNSIGNED_CONSTANTS[c]}, "
        if name in ("loop", "loopnez", "loopgtz"):
            (s,), r = operands, {"loop": 8, "loopnez": 9, "loopgtz": 10}[name]
            return (offset & 0xFF) << 16 | r << 12 | s << 8 | 7 << 4 | 6, f"{name} a{s}, "
        if name in ("beqz.n", "bnez.n"):
            (s,), code = operands, {"beqz.n": 8, "bnez.n": 12}[name]
            return (offset & 15) << 12 | s << 8 | (code | offset >> 4 & 3) << 4 | 12, f"{name} a{s}, "
        if name == "j":
            return (offset & 0x3FFFF) << 6 | 6, "j "
        windows = {"call0": 0, "call4": 1, "call8": 2, "call12": 3}[name]
        return ((target - (at & ~3) >> 2) - 1 & 0x3FFFF) << 6 | windows << 4 | 5, f"{name} "

    def callx(self, windows, s):
        self.emit(3 << 6 | windows << 4 | s << 8, 3, f"callx{4 * windows} a{s}")

    def jx(self, s):
        self.emit(0xA0 | s << 8, 3, f"jx a{s}")

    def entry(self, s, size):
        self.emit(size // 8 << 12 | s << 8 | 0x36, 3, f"entry a{s}, {size}")
