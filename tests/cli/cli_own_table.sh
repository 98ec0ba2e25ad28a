#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the partition table and the otadata in the target's flash say about files that bring none. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o s3 --size 64K --flash-size 8MB >/dev/null || exit 1
"$mkimage" app -o small.bin --size 64K >/dev/null
"$mkimage" app -o large.bin --size 192K >/dev/null
"$mkimage" raw -o data.raw --size 68K >/dev/null
"$mkimage" table -o table.bin nvs,data,nvs,0x9000,16K otadata,data,ota,0xd000,8K factory,app,factory,0x10000,128K \
    ota_0,app,ota_0,0x30000,128K ota_1,app,ota_1,0x50000,128K fs,data,spiffs,0x70000,64K >/dev/null || exit 1
python3 - <<'END'
import struct, zlib
def entry(sequence, state=0xFFFFFFFF, damage=0):
    number = struct.pack('<I', sequence)
    return number + b'\xff' * 20 + struct.pack('<II', state, zlib.crc32(number, 0xFFFFFFFF) ^ damage)
def write(name, *entries):
    open(name, 'wb').write(b''.join(e.ljust(4096, b'\xff') for e in entries))
write('select0.bin', entry(1), b'')
write('select1.bin', entry(1), entry(2))
write('aborted1.bin', entry(1), entry(2, state=4))
write('damaged.bin', entry(1, damage=1), b'')
write('blank.bin', b'', b'')
END
# notes NAME LINE ARGUMENTS...: a run of flash that is done, and its only note; LINE may be empty.
notes() {
    local name=$1 line=$2
    shift 2
    reports "$name" 0 "r.get('notes', []) == ([\"$line\"] if \"$line\" else [])" flash --port "$port" "$@"
}

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
runs "without a table in the flash an app may be of any size" 0 '^Done!$' flash --port "$port" 0x30000 large.bin
runs "the set" 0 '^Done!$' flash --port "$port" 0 s3/bootloader.bin 0x8000 table.bin 0x10000 small.bin
refuses "app larger than its partition" 6 \
    "large.bin at 0x00030000: its 196608 bytes do not fit into partition 'ota_0' of the table in the target's flash$" \
    flash --port "$port" 0x30000 large.bin
refuses "app larger than the last partition" 6 "large.bin at 0x00050000: its 196608 bytes do not fit into partition 'ota_1' of" \
    flash --port "$port" 0x50000 large.bin
refuses "data over the end of its partition" 6 "data.raw at 0x00070000: its 69632 bytes do not fit into partition 'fs' of" \
    flash --port "$port" 0x70000 data.raw
refuses "data from inside of a partition into the next one" 6 "data.raw at 0x00060000: .* partition 'ota_1' of" \
    flash --port "$port" 0x60000 data.raw
reports "in JSON" 6 "r['failure']['partition'] == 'ota_0' and r['failure']['cause'] == 'ESP_LOADER_ERROR_PARTITION' and
    r['failure']['fault'] == 'is too small for the image'" flash --port "$port" 0x10000 small.bin 0x30000 large.bin
runs "outside of all partitions" 0 '^Done!$' flash --port "$port" 0x80000 data.raw
runs "--force-raw=OFFSET" 0 '^Done!$' flash --port "$port" --force-raw=0x70000 0x70000 data.raw
runs "--force-raw" 0 '^Done!$' flash --port "$port" --force-raw 0x30000 large.bin
runs "a table in the run counts, not the one in the flash" 0 '^Done!$' \
    flash --port "$port" 0 s3/bootloader.bin 0x8000 s3/partition-table.bin 0x10000 large.bin
runs "the set again" 0 '^Done!$' flash --port "$port" 0x8000 table.bin 0x10000 small.bin
stop_sim "sizes"

# --- which app starts ---

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
notes "app in the partition that starts" "" 0x10000 small.bin
notes "app in a slot, and no slot is selected" \
    "small.bin at 0x00030000 is in partition 'ota_0', but 'factory' starts: otadata (partition 'otadata') selects no other" 0x30000 small.bin
notes "no app, no question" "" 0x70000 blank.bin
notes "larger pieces are verified, or there are none" \
    "--pieces 64 has no effect with this chip, its stub, its flash size or mode, or without verification" \
    --pieces 64 --no-verify 0x70000 blank.bin
notes "app and otadata in one run" \
    "small.bin at 0x00030000 is in partition 'ota_0', but 'ota_1' starts: otadata (partition 'otadata') selects it" 0xd000 select1.bin 0x30000 small.bin
notes "otadata in the flash" \
    "small.bin at 0x00010000 is in partition 'factory', but 'ota_1' starts: otadata (partition 'otadata') selects it" 0x10000 small.bin
notes "table in the run" \
    "small.bin at 0x00010000 is in partition 'factory', but 'ota_1' starts: otadata (partition 'otadata') selects it" 0x8000 table.bin 0x10000 small.bin
notes "the slot that is selected" "" 0x50000 small.bin
notes "all of them" "" 0x10000 small.bin 0x30000 small.bin 0x50000 small.bin
notes "a slot that was given up" \
    "small.bin at 0x00050000 is in partition 'ota_1', but 'ota_0' starts: otadata (partition 'otadata') selects it" 0xd000 aborted1.bin 0x50000 small.bin
notes "otadata that is damaged selects nothing" \
    "small.bin at 0x00030000 is in partition 'ota_0', but 'factory' starts: otadata (partition 'otadata') selects no other" 0xd000 damaged.bin 0x30000 small.bin
notes "blank otadata" "" 0xd000 blank.bin 0x10000 small.bin
runs "said to people" 0 '^Done!$' flash --port "$port" 0xd000 select0.bin 0x10000 small.bin
check "said to people: one line" [ "$(grep -c "^esp-loader: small.bin at 0x00010000 is in partition 'factory', but 'ota_0' starts" err)" -eq 1 ]
stop_sim "which app starts"

while read -r otadata selected other offset; do
    start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
    reports "$otadata: what is said" 0 "\" is in partition '$other', but '$selected' starts: \" in r['notes'][0]" \
        flash --port "socket://$sim_at" 0xd000 $otadata.bin $offset small.bin
    stop_sim $otadata
    check "$otadata: and so it is" boots $selected
done <<'END'
select0 ota_0 factory 0x10000
select1 ota_1 factory 0x10000
aborted1 ota_0 ota_1 0x50000
damaged factory ota_0 0x30000
blank factory ota_1 0x50000
END

real_sim --tcp 127.0.0.1:0 --secure-download
reports "secure download mode: nothing is known" 0 "not any(' starts: ' in n for n in r['notes'])" flash --port "socket://$sim_at" --flash-size 8MB 0x10000 small.bin
stop_sim "secure download mode"

finish
