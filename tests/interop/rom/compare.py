# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# compare.py ROM-ELF HOST:PORT FLASH-BEFORE FLASH-AFTER: the steps of script.py to the real ROM and to the simulator at that
# address; prints where their replies say something different. The real one's flash, FLASH-BEFORE at first, goes to
# FLASH-AFTER.
#
# Not compared is what a ROM leaves from an earlier reply, because it means nothing: the value of any but READ_REG and
# SYNC, the reason of a success, the last two status bytes, the payload of a failure, and how often, under which opcode,
# an unknown command is refused.
import socket
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from loader import Loader  # noqa: E402
from script import steps  # noqa: E402

QUIET_S, FIRST_S = 0.25, 5  # a busy machine may let it pause within an answer
HEADER_SIZE, STATUS_SIZE, SYNC, READ_REG = 8, 4, 0x08, 0x0A


def ask(connection, request):
    """The answer of the simulator: everything until it is quiet."""
    connection.sendall(request)
    answer = b""
    connection.settimeout(FIRST_S)
    try:
        while received := connection.recv(4096):
            answer += received
            connection.settimeout(QUIET_S)
    except TimeoutError:
        pass
    return answer


def meaning(stream):
    """The replies as (opcode, value, payload, status, reason), without what means nothing."""
    replies = []
    for frame in stream.split(b"\xc0"):
        frame = frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
        if len(frame) < HEADER_SIZE + STATUS_SIZE:
            continue
        opcode, value = frame[1], struct.unpack_from("<I", frame, 4)[0]
        body, (status, reason) = frame[HEADER_SIZE:-STATUS_SIZE], frame[-STATUS_SIZE:-STATUS_SIZE + 2]
        if status != 0:
            replies = ["refused", reason]
        else:
            replies.append((opcode, value if opcode in (READ_REG, SYNC) else None, body))
    return replies


def main():
    rom, address, before, after = sys.argv[1:]
    host, port = address.split(":")
    differences = 0
    real = Loader(Path(rom).read_bytes(), bytearray(Path(before).read_bytes()))
    with socket.create_connection((host, int(port))) as connection:
        ask(connection, b"")  # the boot log
        for name, frame in steps():
            one, other = real.exchange(frame), ask(connection, frame)
            if meaning(one) != meaning(other):
                differences += 1
                print(f"{name}\n   ROM       {one[:60].hex(' ')} ({len(one)})\n   simulator {other[:60].hex(' ')} ({len(other)})")
    Path(after).write_bytes(real.flash)
    print(f"{differences} differences")
    return 1 if differences else 0


sys.exit(main())
