#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""panic_decoder.py PREFIX ELF LOG [TARGET]: what esp-idf-panic-decoder makes of a log; runs in an environment that has it.
The tools of PREFIX are on the path. With a target: the frames of the panic, as gdb has them. Without: all addresses."""
import sys
from pathlib import Path

from esp_idf_panic_decoder import PanicOutputDecoder, PcAddressDecoder

prefix, elf, log, *target = sys.argv[1:]
if target:
    print(PanicOutputDecoder(prefix, elf, target[0]).process_panic_output(Path(log).read_bytes()).decode())
else:
    decoder = PcAddressDecoder(prefix, elf)
    for line in Path(log).read_text().splitlines():
        print(decoder.decode_address(line.encode()), end="")
