#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Plays the part of a target that a trace of esp-loader --trace has recorded.

replay.py TRACE: prints the address it listens on, serves one client, and fails if that sends anything else than the trace has.
"""
import socket
import sys

events = []
for line in open(sys.argv[1], encoding="ascii"):
    words = line.split()
    if line[0] != "#" and words[1] in "<>":
        data = bytes.fromhex(words[2])
        if events and events[-1][0] == words[1]:
            events[-1] = (words[1], events[-1][1] + data)
        else:
            events.append((words[1], data))

server = socket.create_server(("127.0.0.1", 0))
print("127.0.0.1:%d" % server.getsockname()[1], flush=True)
server.settimeout(120)  # for a client that does not come
client, _ = server.accept()
client.settimeout(120)
for direction, data in events:
    if direction == "<":
        client.sendall(data)
        continue
    got = b""
    while len(got) < len(data):
        piece = client.recv(len(data) - len(got))
        if not piece:
            break
        got += piece
    if got != data:
        sys.exit("sent %s, not %s" % (got.hex(), data.hex()))
