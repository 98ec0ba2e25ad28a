# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The chip of chip.py in download mode: its ROM loader on UART0, with a flash behind the SPI controller. The UART's
# receiver is short-circuited: where the ROM asks for a byte, or measures the rate, this gives the answer.
import struct

import unicorn
from chip import SPI1_CMD, STRAP_DOWNLOAD, Chip, rv

# Functions of this ROM (its symbol table): uart_baudrate_detect(), uart_rx_readbuff(); the number of its UART.
DETECT_RATE, READ_BYTE, UART_NUMBER = 0x4004C16A, 0x4004C622, 0x3FCDF07C
DIVIDER, TOO_IDLE = 347, 100

# SPI controller, relative to its command register.
ADDR, USER2, MOSI_BITS, MISO_BITS, STATUS, BUFFER = 0x04, 0x20, 0x24, 0x28, 0x2C, 0x58
WRITE_ENABLED, SECTOR = 2, 4096
READS = (0x03, 0x0B, 0x3B, 0x6B, 0xBB, 0xEB)


class Loader(Chip):
    def __init__(self, rom, flash):
        super().__init__(rom, flash, STRAP_DOWNLOAD)
        self.input, self.idle, self.flash_status = bytearray(), 0, 0
        self.cpu.hook_add(unicorn.UC_HOOK_CODE, self.detect_rate, None, DETECT_RATE, DETECT_RATE)
        self.cpu.hook_add(unicorn.UC_HOOK_CODE, self.read_byte, None, READ_BYTE, READ_BYTE)
        self.exchange(b"")

    def exchange(self, request):
        """Sends bytes; returns what the chip sends until it waits for more."""
        self.input += request
        self.idle = 0
        self.run(instructions=100_000_000)
        reply, self.text = self.text.encode("latin-1"), ""
        return reply

    # ---- UART ----

    def return_from_function(self, value):
        self.cpu.reg_write(rv.UC_RISCV_REG_A0, value)
        self.cpu.reg_write(rv.UC_RISCV_REG_PC, self.cpu.reg_read(rv.UC_RISCV_REG_RA))

    def wait(self):
        self.idle += 1
        if self.idle > TOO_IDLE:
            self.cpu.emu_stop()

    def detect_rate(self, cpu, addr, size, user):
        is_there = cpu.reg_read(rv.UC_RISCV_REG_A0) == 0 and len(self.input) > 0
        if not is_there:
            self.wait()
        self.return_from_function(DIVIDER if is_there else 0)

    def read_byte(self, cpu, addr, size, user):
        is_there = cpu.mem_read(UART_NUMBER, 1)[0] == 0 and len(self.input) > 0
        if is_there:
            cpu.mem_write(cpu.reg_read(rv.UC_RISCV_REG_A1), bytes([self.input.pop(0)]))
        else:
            self.wait()
        self.return_from_function(0 if is_there else 1)

    # ---- flash ----

    def write(self, cpu, offset, size, value, user):
        super().write(cpu, offset, size, value, user)
        if offset == SPI1_CMD - 0x60000000 and value:
            self.flash_command(value)

    def spi(self, register):
        return self.registers.get(SPI1_CMD + register, 0)

    def flash_command(self, bits):
        addr, length = self.spi(ADDR) & 0xFFFFFF, self.spi(ADDR) >> 24
        if bits & 1 << 30:
            self.flash_status |= WRITE_ENABLED
        if bits & 1 << 27:
            self.registers[SPI1_CMD + STATUS] = self.flash_status
        for bit, unit in ((24, SECTOR), (23, 65536), (22, len(self.flash))):
            if bits & 1 << bit:
                start = addr // unit * unit
                self.flash[start:start + unit] = b"\xff" * unit
        if bits & 1 << 25:
            data = b"".join(struct.pack("<I", self.spi(BUFFER + 4 * i)) for i in range(16))
            for i, byte in enumerate(data[:length]):
                self.flash[addr + i] &= byte
        if bits & (1 << 29 | 1 << 25 | 1 << 24 | 1 << 23 | 1 << 22):
            self.flash_status &= ~WRITE_ENABLED
        if bits & 1 << 18 and self.spi(USER2) & 0xFF in READS:
            count = ((self.spi(MISO_BITS) & 0x3FF) + 1) // 8
            data = bytes(self.flash[addr:addr + count]).ljust(64, b"\0")
            for i, word in enumerate(struct.unpack("<16I", data)):
                self.registers[SPI1_CMD + BUFFER + 4 * i] = word
