# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What a host says to a ROM loader, right and wrong: (what it shows, frame) one after the other on one chip.
import struct
import zlib

OFFSET = 0x10000


def slip(payload):
    return b"\xc0" + payload.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def command(opcode, data=b"", checksum=0):
    return slip(struct.pack("<BBHI", 0, opcode, len(data), checksum) + data)


def words(*values):
    return struct.pack(f"<{len(values)}I", *values)


def block(opcode, number, data, damage=0, size=None):
    checksum = 0xEF
    for byte in data:
        checksum ^= byte
    return command(opcode, words(len(data) if size is None else size, number, 0, 0) + data, checksum ^ damage)


SYNC = command(0x08, b"\x07\x07\x12\x20" + b"\x55" * 32)
READ_REG = command(0x0A, words(0x3FC90000))
ONE, TWO = bytes(range(256)) * 4, b"\xc0\xdb\x5a\x00" * 256


def begin(size, blocks, block_size=1024, offset=OFFSET, opcode=0x02):
    return command(opcode, words(size, blocks, block_size, offset, 0))


def steps():
    yield "first SYNC", SYNC
    yield "unknown opcode", command(0x20)
    yield "SYNC again", SYNC
    yield "unknown opcode after a SYNC", command(0x20)
    yield "WRITE_REG", command(0x09, words(0x3FC90000, 0x12345678, 0xFFFFFFFF, 0))
    yield "WRITE_REG with a mask", command(0x09, words(0x3FC90000, 0, 0xFF00, 0))
    yield "WRITE_REG, two at once", command(0x09, words(0x3FC90004, 1, 0xFFFFFFFF, 0, 0x3FC90008, 2, 0xFFFFFFFF, 0))
    yield "READ_REG", READ_REG
    yield "READ_REG of the second", command(0x0A, words(0x3FC90008))
    yield "unknown opcode after a READ_REG", command(0x20)
    yield "opcode 1", command(0x01)
    yield "opcode 0x15", command(0x15)
    yield "SPI_ATTACH", command(0x0D, words(0, 0))
    yield "SPI_ATTACH, 4 bytes", command(0x0D, words(0))
    yield "SPI_SET_PARAMS", command(0x0B, words(0, 0x400000, 0x10000, 0x1000, 0x100, 0xFFFF))
    yield "SPI_SET_PARAMS, 20 bytes", command(0x0B, words(0, 0x400000, 0x10000, 0x1000, 0x100))
    yield "FLASH_BEGIN, 4 words", command(0x02, words(1024, 1, 1024, OFFSET))
    yield "FLASH_BEGIN, block too large", begin(0x1804, 1, 0x1804)
    yield "FLASH_BEGIN", begin(2048, 2)
    yield "FLASH_DATA", block(0x03, 0, ONE)
    yield "FLASH_DATA, number repeated", block(0x03, 0, ONE)
    yield "FLASH_DATA, number skipped", block(0x03, 2, ONE)
    yield "FLASH_DATA, wrong checksum", block(0x03, 1, TWO, damage=1)
    yield "FLASH_DATA, the same again", block(0x03, 1, TWO)
    yield "FLASH_DATA, with the next number", block(0x03, 2, TWO)
    yield "FLASH_BEGIN again", begin(3072, 3, offset=0x20000)
    yield "FLASH_DATA, larger than a block", block(0x03, 0, ONE + ONE)
    yield "FLASH_DATA, no multiple of 4", block(0x03, 0, ONE[:1001])
    yield "FLASH_DATA, smaller than a block", block(0x03, 0, ONE[:1000])
    yield "FLASH_DATA, then a whole one", block(0x03, 1, TWO)
    yield "SPI_FLASH_MD5", command(0x13, words(OFFSET, 2048, 0, 0))
    yield "SPI_FLASH_MD5, 8 bytes", command(0x13, words(OFFSET, 2048))
    yield "READ_FLASH_SLOW", command(0x0E, words(OFFSET, 64))
    yield "READ_FLASH_SLOW at an odd offset", command(0x0E, words(OFFSET + 5, 64))
    yield "READ_FLASH_SLOW, 65 bytes", command(0x0E, words(OFFSET, 65))
    yield "READ_FLASH_SLOW, 4 words", command(0x0E, words(OFFSET, 64, 64, 64))
    packed = zlib.compress(ONE + TWO + ONE)
    yield "FLASH_DEFL_BEGIN", begin(3072, 1, offset=0x30000, opcode=0x10)
    yield "FLASH_DEFL_DATA, wrong checksum", block(0x11, 0, packed, damage=1)
    yield "FLASH_DEFL_BEGIN again", begin(3072, 1, offset=0x30000, opcode=0x10)
    yield "FLASH_DEFL_DATA", block(0x11, 0, packed)
    yield "FLASH_DEFL_BEGIN for a refusal", begin(3072, 1, offset=0x30000, opcode=0x10)
    yield "FLASH_DEFL_DATA, number skipped", block(0x11, 1, packed)
    yield "FLASH_DEFL_BEGIN, 4 words", command(0x10, words(1024, 1, 1024, OFFSET))
    for name, stream in (("truncated", packed[:-6]), ("with another header", b"\x00" + packed[1:]),
                         ("with another checksum", packed[:-1] + bytes([packed[-1] ^ 1]))):
        yield f"FLASH_DEFL_BEGIN for a stream {name}", begin(3072, 1, offset=0x30000, opcode=0x10)
        yield f"FLASH_DEFL_DATA, stream {name}", block(0x11, 0, stream)
    yield "MEM_BEGIN", command(0x05, words(1028, 2, 1024, 0x3FC98000))
    yield "MEM_DATA", block(0x07, 0, ONE)
    yield "MEM_DATA, number repeated", block(0x07, 0, ONE)
    yield "MEM_DATA, wrong checksum", block(0x07, 1, ONE[:4], damage=1)
    yield "MEM_BEGIN, 12 bytes", command(0x05, words(4, 1, 1024))
    yield "MEM_BEGIN, block too large", command(0x05, words(4, 1, 0x1801, 0x3FC98000))
    yield "READ_REG of what was loaded", command(0x0A, words(0x3FC98004))
    yield "empty frames", b"\xc0\xc0\xc0" + READ_REG
    yield "noise between frames", b"hello" + READ_REG
    yield "MEM_END that stays", command(0x06, words(1, 0))
    yield "still there", READ_REG
