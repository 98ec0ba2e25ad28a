#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What esp-loader watch takes for many boards at a time: bench/boards.py BUILD [COUNT]

COUNT (200) virtual chips on pseudo terminals get 1 MiB each. Fails when the tool has taken more CPU time or memory for a
board than is promised: its own, as the system counts it; how long it took does not matter.
"""
import os
import subprocess
import sys
import tempfile

MIB = 1 << 20
CPU_MS = 12.0  # per board and MiB
MEMORY_MIB = 0.3
CHIPS_MAX = 50  # of a simulator: they share a processor


def start_chips(sim, count, folder):
    """Simulators with @p count chips: (processes, terminals)."""
    sims, terminals = [], []
    for first in range(0, count, CHIPS_MAX):
        link = os.path.join(folder, "board%d" % first)
        number = min(CHIPS_MAX, count - first)
        process = subprocess.Popen(
            [sim, "--exit-on-eof", "--pty=" + link, "--count", str(number), "--speed", "max", "--wiring", "usj",
             "--flash-size", "2MB", "--mac", "02:00:00:00:%02x:01" % (first // CHIPS_MAX), "--quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if line.startswith("esp-sim: listening on pty "):
                terminals.append(line.split()[-1])
            if line == "esp-sim: ready\n":
                break
        sims.append(process)
    return sims, terminals


def main():
    build, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as folder:
        image, cost = os.path.join(folder, "app.bin"), os.path.join(folder, "cost")
        subprocess.run([build + "/tools/mkimage/el-mkimage", "app", "-o", image, "--size", "1M"], check=True,
                       stdout=subprocess.DEVNULL)
        sims, terminals = start_chips(build + "/sim/esp-sim", count, folder)
        command = [build + "/bench/el-run-cost", cost, build + "/cli/esp-loader", "watch", "--quiet", "--after", "stay",
                   "--baud", "115200", "--count", str(count)]
        for terminal in terminals:
            command += ["--port", terminal]
        result = subprocess.run(command + ["0x10000", image], check=False)
        for process in sims:
            process.stdin.close()
            process.wait()
        if result.returncode != 0 or len(terminals) != count:
            sys.exit("boards: not all were flashed")
        cpu_ms, peak_kib = (float(word) for word in open(cost, encoding="ascii").read().split())
    cpu_ms, memory = cpu_ms / count, peak_kib / 1024 / count
    print("%d boards, 1 MiB each: %.1f ms of CPU time (at most %.0f) and %.2f MiB (at most %.1f) per board" % (
        count, cpu_ms, CPU_MS, memory, MEMORY_MIB))
    return cpu_ms > CPU_MS or memory > MEMORY_MIB


if __name__ == "__main__":
    sys.exit(main())
