#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# In real time, because a simulator that hurries hides time-outs: flash as slow as data sheets allow. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 32K --flash-size 4MB >set || exit 1
all="0x0 images/bootloader.bin 0x8000 images/partition-table.bin 0x10000 images/app.bin"
yes 'what can be compressed' | head -c 131072 >large.bin
head -c 32768 large.bin >small.bin
head -c 32768 /dev/urandom >random.bin

# --- the slowest flash, which holds something else ---

yes 'what was there before' | head -c 4194304 >flash.bin
real_sim --rfc2217 127.0.0.1:0 --timing slow --flash-size 4MB --flash flash.bin
port=rfc2217://$sim_at
for file in small.bin random.bin large.bin; do
    runs "slow flash: $file" 0 '^Verified$' flash --port "$port" 0x211000 $file
done
runs "slow flash: a set" 0 '^Done!$' flash --port "$port" --baud 921600 --rewrite $all
runs "slow flash: the set again" 0 '^Done!$' flash --port "$port" --baud 921600 --rewrite $all
runs "slow flash: a region is erased" 0 '^Erased$' erase --port "$port" 0x211000 0x20000
stop_sim "slow flash"
check "slow flash: app is in the flash" has_flash images/app.bin 0x10000

finish
