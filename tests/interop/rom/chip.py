# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# An ESP32-C3 that executes its mask ROM: the processor is Unicorn's, the ROM the ELF file that Espressif publishes, the
# peripherals only as much as the ROM's way from reset to a bootloader needs. It answers one question: does the real ROM
# load and start what we made? Addresses: ESP32-C3 technical reference manual; ESP-IDF, soc/esp32c3 register headers.
import ctypes
import struct
from collections import namedtuple

import unicorn
from unicorn import riscv_const as rv

from sha256 import compress, initial_state

Section = namedtuple("Section", "name type flags addr offset size link info align entry_size")

SRAM_DATA, SRAM_CODE, SRAM_SIZE = 0x3FC80000, 0x40380000, 0x60000  # one memory on two buses
ROM_CODE, ROM_SIZE, ROM_DATA = 0x40000000, 0x60000, 0x3FF00000     # the data bus sees its upper third
ROM_DATA_OFFSET, ROM_DATA_SIZE = 0x40000, 0x20000
UNPACK_TABLE, UNPACK_END = 0x40059200, 0x40059400                  # variables the ROM copies to RAM: start, end, source
CACHE_DATA, CACHE_CODE, CACHE_SIZE, PAGE = 0x3C000000, 0x42000000, 0x800000, 0x10000
PERIPHERALS, PERIPHERALS_SIZE = 0x60000000, 0x100000

STRAP_DOWNLOAD = 0x4
UART0_FIFO, USB_CONF, USB_CAN_WRITE = 0x60000000, 0x60043004, 2
GPIO_STRAP, STRAP_FLASH_BOOT = 0x60004038, 0xC
RTC_RESET_STATE, POWER_ON = 0x60008038, 1
SPI0_CMD, SPI1_CMD = 0x60003000, 0x60002000
CACHE_SYNC, CACHE_PRELOAD, CACHE_AUTOLOAD, CACHE_FREEZE = 0x600C4028, 0x600C4034, 0x600C4040, 0x600C40CC
DONE_BITS = {CACHE_SYNC: 2, CACHE_PRELOAD: 2, CACHE_AUTOLOAD: 8, USB_CONF: USB_CAN_WRITE}
MMU, MMU_ENTRIES, MMU_INVALID = 0x600C5000, 128, 0x100
SHA, SHA_START, SHA_CONTINUE, SHA_STATE, SHA_TEXT = 0x6003B000, 0x10, 0x14, 0x40, 0x80

TIMG0_WDT, TIMG0_WDT_LOCK = 0x6001F048, 0x6001F064
RTC_WDT, RTC_WDT_LOCK = 0x60008090, 0x600080A8
RTC_SWD, RTC_SWD_LOCK = 0x600080AC, 0x600080B0
# Locked register: where its key goes, the key.
LOCKS = {TIMG0_WDT: (TIMG0_WDT_LOCK, 0x50D83AA1), RTC_WDT: (RTC_WDT_LOCK, 0x50D83AA1), RTC_SWD: (RTC_SWD_LOCK, 0x8F1D312A)}
WDT_ENABLE, TIMG_FLASH_BOOT, RTC_FLASH_BOOT, SWD_AUTO_FEED = 1 << 31, 1 << 14, 1 << 12, 1 << 31

CYCLE_COUNTER, CYCLES_PER_LOOK = 0x7E2, 2000


class Elf:
    def __init__(self, data):
        self.data = data
        offset, count = struct.unpack_from("<I", data, 32)[0], struct.unpack_from("<H", data, 48)[0]
        self.sections = [Section(*struct.unpack_from("<10I", data, offset + 40 * i)) for i in range(count)]

    def segments(self):
        """(physical address, content) of what is loadable."""
        offset, count = struct.unpack_from("<I", self.data, 28)[0], struct.unpack_from("<H", self.data, 44)[0]
        for i in range(count):
            kind, at, _, addr, size = struct.unpack_from("<5I", self.data, offset + 32 * i)
            if kind == 1 and size > 0:
                yield addr, self.data[at:at + size]

    def content(self, start, end):
        """What the sections hold for these addresses."""
        out = bytearray(end - start)
        for section in self.sections:
            low, high = max(section.addr, start), min(section.addr + section.size, end)
            if section.type == 1 and low < high:
                at = section.offset + low - section.addr
                out[low - start:high - start] = self.data[at:at + high - low]
        return bytes(out)


class Chip:
    def __init__(self, rom, flash, strap=STRAP_FLASH_BOOT):
        self.flash, self.text, self.fault = flash, "", None
        self.registers = {GPIO_STRAP: strap, RTC_RESET_STATE: POWER_ON,
                          TIMG0_WDT: WDT_ENABLE | TIMG_FLASH_BOOT, RTC_WDT: WDT_ENABLE | RTC_FLASH_BOOT}
        self.pc, self.csr, self.cycles, self.sha_state = ROM_CODE, {}, 0, initial_state()
        self.cpu = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
        self.sram, self.rom = ctypes.create_string_buffer(SRAM_SIZE), ctypes.create_string_buffer(ROM_SIZE)
        for addr, size, buffer, offset in ((SRAM_DATA, SRAM_SIZE, self.sram, 0), (SRAM_CODE, SRAM_SIZE, self.sram, 0),
                                           (ROM_CODE, ROM_SIZE, self.rom, 0),
                                           (ROM_DATA, ROM_DATA_SIZE, self.rom, ROM_DATA_OFFSET)):
            self.cpu.mem_map_ptr(addr, size, unicorn.UC_PROT_ALL, ctypes.addressof(buffer) + offset)
        for addr in (CACHE_DATA, CACHE_CODE):
            self.cpu.mem_map(addr, CACHE_SIZE)
        self.cpu.mmio_map(PERIPHERALS, PERIPHERALS_SIZE, self.read, None, self.write, None)
        self.cpu.hook_add(unicorn.UC_HOOK_INTR, self.exception)
        self.cpu.hook_add(unicorn.UC_HOOK_MEM_INVALID, self.invalid)
        self.load(Elf(rom))

    def load(self, elf):
        for addr, content in elf.segments():
            if ROM_CODE <= addr < ROM_CODE + ROM_SIZE:
                self.cpu.mem_write(addr, content)
        # The published file has the variables at their place in RAM only; the ROM copies them from here.
        for at in range(UNPACK_TABLE, UNPACK_END, 16):
            start, end, source = struct.unpack("<3I", self.cpu.mem_read(at, 12))
            if start < end:
                self.cpu.mem_write(source, elf.content(start, end))

    def run(self, until=0, instructions=10_000_000):
        """From reset, or from where it stopped, until that address is reached or so many instructions were executed."""
        self.cpu.emu_start(self.pc, until, count=instructions)
        self.pc = self.cpu.reg_read(rv.UC_RISCV_REG_PC)
        if self.fault:
            raise RuntimeError(f"{self.fault}; printed so far:\n{self.text}")
        return self.pc

    # ---- peripherals ----

    def read(self, cpu, offset, size, user):
        addr = PERIPHERALS + offset
        value = self.registers.get(addr, 0) | DONE_BITS.get(addr, 0)
        if addr in (SPI0_CMD, SPI1_CMD):
            value = 0  # carried out at once; the flash itself is read through the cache
        elif addr == CACHE_FREEZE:
            value = value & ~4 | (value & 1) << 2
        return value & ((1 << 8 * size) - 1)

    def write(self, cpu, offset, size, value, user):
        addr = PERIPHERALS + offset
        if addr in LOCKS and self.registers.get(LOCKS[addr][0], LOCKS[addr][1]) != LOCKS[addr][1]:
            return
        self.registers[addr] = value
        if addr == UART0_FIFO:
            self.text += chr(value & 0xFF)
        elif MMU <= addr < MMU + 4 * MMU_ENTRIES and not value & MMU_INVALID:
            self.map_page((addr - MMU) // 4, value & 0xFF)
        elif addr in (SHA + SHA_START, SHA + SHA_CONTINUE):
            self.hash_block(addr == SHA + SHA_START)

    def map_page(self, entry, page):
        content = bytes(self.flash[page * PAGE:(page + 1) * PAGE])
        for window in (CACHE_DATA, CACHE_CODE):
            self.cpu.mem_write(window + entry * PAGE, content)

    def hash_block(self, is_first):
        words = [self.registers.get(SHA + SHA_TEXT + 4 * i, 0) for i in range(16)]
        self.sha_state = compress(initial_state() if is_first else self.sha_state, struct.pack("<16I", *words))
        for i, word in enumerate(self.sha_state):
            self.registers[SHA + SHA_STATE + 4 * i] = int.from_bytes(word.to_bytes(4, "big"), "little")

    # ---- what the processor model does not know ----

    def exception(self, cpu, number, user):
        """Control registers of this core; anything else ends the run."""
        pc = cpu.reg_read(rv.UC_RISCV_REG_PC)
        for at in (pc, pc - 4):  # an illegal instruction is reported at itself or behind itself
            word = int.from_bytes(cpu.mem_read(at, 4), "little")
            if number == 2 and word & 0x7F == 0x73 and word >> 12 & 3:
                self.access_csr(word)
                cpu.reg_write(rv.UC_RISCV_REG_PC, at + 4)
                return
        self.fault = f"exception {number} at {pc:#010x}"
        cpu.emu_stop()

    def access_csr(self, word):
        number, operation, target = word >> 20, word >> 12 & 7, word >> 7 & 31
        source = word >> 15 & 31
        if not operation & 4:
            source = self.cpu.reg_read(rv.UC_RISCV_REG_X0 + source)
        self.cycles += CYCLES_PER_LOOK
        old = self.cycles & 0xFFFFFFFF if number == CYCLE_COUNTER else self.csr.get(number, 0)
        self.csr[number] = {1: source, 2: old | source, 3: old & ~source}[operation & 3]
        if target:
            self.cpu.reg_write(rv.UC_RISCV_REG_X0 + target, old)

    def invalid(self, cpu, access, addr, size, value, user):
        self.fault = f"access to {addr:#010x} at {cpu.reg_read(rv.UC_RISCV_REG_PC):#010x}, where is nothing"
        cpu.emu_stop()
        return False
