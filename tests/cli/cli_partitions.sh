#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Partitions by name: the table shown, files written, read, compared and erased by name, and which app starts shown and selected.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o s3 --size 64K --flash-size 8MB >/dev/null || exit 1
"$mkimage" app -o small.bin --size 64K >/dev/null
"$mkimage" app -o large.bin --size 192K >/dev/null
"$mkimage" raw -o nvs.bin --size 16K >/dev/null
"$mkimage" raw -o data.raw --size 68K >/dev/null
entries='nvs,data,nvs,0x9000,16K otadata,data,ota,0xd000,8K factory,app,factory,0x10000,128K'
slots='first,app,ota_0,0x30000,128K second,app,ota_1,0x50000,128K fs,data,spiffs,0x70000,64K'
"$mkimage" table -o table.bin $entries $slots >/dev/null || exit 1
"$mkimage" table -o twins.bin $entries a,data,fat,0x30000,16K a,data,fat,0x34000,16K >/dev/null || exit 1
# damage FILE OFFSET: turns the byte there into another one.
damage() {
    python3 -c 'import sys; b = bytearray(open(sys.argv[1], "rb").read()); b[int(sys.argv[2])] ^= 1; open(sys.argv[1], "wb").write(b)' "$@"
}
cp table.bin damaged.bin && damage damaged.bin 40
tail -c +33 <(head -c 32 /dev/zero; cat table.bin) >copy.bin
printf '# ESP-IDF Partition Table\nnvs,data,nvs,0x9000,24K,\nfactory,app,factory,0x10000,1M,\n' >partitions.csv

# --- a file ---

runs "a file: a line for each partition" 0 '^0x00030000  128 KB +app +ota_0 +first$' partitions table.bin
check "a file: which app starts is not known" bash -c '! grep -q "^Starts" out'
reports "a file: JSON" 0 "r['partitions'][3] == {'label': 'first', 'type': 'app', 'type_number': 0, 'subtype': 16, 'subtype_name': 'ota_0',
    'offset': 0x30000, 'size': 0x20000, 'encrypted': False, 'read_only': False} and r['table_offset'] == 0x8000 and 'port' not in r and 'starts' not in r" \
    partitions table.bin
runs "a file: TSV" 0 $'^second\tapp\tota_1\t0x50000\t0x20000\t0x0\t$' partitions --tsv table.bin
refuses "a file with a table that is damaged" 5 "damaged.bin: " partitions damaged.bin
refuses "a file without a table" 5 "small.bin: there is no partition table in it$" partitions small.bin
refuses "the table's source" 5 "partitions.csv is " partitions partitions.csv
refuses "no file" 5 "cannot open|cannot read|no.bin" partitions no.bin
refuses "--tsv and --json" 2 "give --tsv or --json" partitions --tsv --json table.bin

# --- the target, with nothing in it ---

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
refuses "a blank flash has no table" 6 "there is no partition table at 0x00008000 of the target's flash" partitions --port "$port"
refuses "a blank flash has no names" 6 "there is no partition table at 0x00008000" flash --port "$port" nvs=nvs.bin
runs "bootloader and table need no table" 0 '^Done!$' flash --port "$port" bootloader=s3/bootloader.bin partition-table=table.bin
runs "an app by name, with the table that is there" 0 '^Done!$' flash --port "$port" app=small.bin
stop_sim "names in a blank flash"
check "the bootloader is where it starts" has_flash s3/bootloader.bin 0
check "the table is in its place" has_flash table.bin 0x8000
check "the app is in factory" has_flash small.bin 0x10000

# --- names ---

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
reports "flash by name: JSON" 0 "[(i['name'], i['partition'], i['offset']) for i in r['images']] == [('nvs.bin', 'nvs', 0x9000), ('small.bin', 'second', 0x50000)]" \
    flash --port "$port" nvs=nvs.bin second=small.bin
runs "by name and by offset" 0 '^Done!$' flash --port "$port" fs=nvs.bin 0x30000 small.bin
runs "an app by the name of its subtype" 0 ' 0x00030000' flash --port "$port" ota_0=small.bin
refuses "an unknown name: those there are" 2 "there is no partition 'nwz': there are nvs, otadata, factory, first, second, fs, app, bootloader and partition-table$" \
    flash --port "$port" nwz=nvs.bin
refuses "an app larger than its partition" 6 "large.bin at 0x00030000: its 196608 bytes do not fit into partition 'first' of the table in the target's flash$" \
    flash --port "$port" first=large.bin
refuses "data larger than its partition" 6 "data.raw at 0x00070000: its 69632 bytes do not fit into partition 'fs'" flash --port "$port" fs=data.raw
runs "--force-raw=OFFSET, of a name" 0 '^Done!$' flash --port "$port" --force-raw=0x70000 fs=data.raw
refuses "--force-raw=0 is none of a name elsewhere" 6 "data.raw at 0x00070000: its 69632 bytes do not fit into partition 'fs'" \
    flash --port "$port" --force-raw=0 0 s3/bootloader.bin fs=data.raw
refuses "--force-raw=OFFSET: no name is there" 2 '--force-raw=0x12000: no file at that offset$' flash --port "$port" --force-raw=0x12000 fs=nvs.bin
refuses "two files for one partition" 5 "" flash --port "$port" fs=nvs.bin fs=small.bin
runs "--target-app-partition" 0 ' 0x00050000' flash --port "$port" --target-app-partition second app=small.bin
refuses "--target-app-partition without an app" 2 "--target-app-partition: no file is the app: give app=FILE, or --project$" \
    flash --port "$port" --target-app-partition second nvs=nvs.bin
runs "verify by name" 0 '^Verified$' verify --port "$port" nvs=nvs.bin app=small.bin
refuses "verify by name: a difference" 7 "nvs.bin at 0x00030000: the flash differs" verify --port "$port" first=nvs.bin
reports "verify by name: JSON" 0 "r['images'][0]['partition'] == 'nvs' and r['images'][0]['offset'] == 0x9000" verify --port "$port" nvs=nvs.bin
runs "read by name" 0 '^File verified$' read --port "$port" --partition nvs back.bin
check "read by name: all of it" cmp -s back.bin nvs.bin
runs "read the bootloader" 0 'Reading 32768 bytes at 0x00000000' read --port "$port" --partition bootloader boot.bin
reports "read by name: JSON" 0 "r['partition'] == 'nvs' and r['offset'] == 0x9000 and r['size'] == 0x4000" read --port "$port" --partition nvs back.bin
refuses "read by name, with an offset" 2 "give one FILE after --partition" read --port "$port" --partition nvs 0 4k back.bin
refuses "read an unknown name" 2 "there is no partition 'x'" read --port "$port" --partition x back.bin
refuses "erase: one unknown name, and nothing is erased" 2 "there is no partition 'x'" erase --port "$port" nvs x
runs "and nothing was erased" 0 '^Verified$' verify --port "$port" nvs=nvs.bin
runs "erase by name" 0 '^Erasing nvs: 16 KB at 0x00009000$' erase --port "$port" nvs otadata
reports "erase by name: JSON" 0 "r['erased'] == [{'label': 'fs', 'offset': 0x70000, 'size': 0x10000}]" erase --port "$port" fs
refuses "erase: an offset alone" 2 "give OFFSET and SIZE, names of partitions, or --all" erase --port "$port" 0x9000
refuses "erase: a name and a size" 2 "OFFSET and SIZE are numbers" erase --port "$port" nvs 4k
runs "the whole flash into a file" 0 '^File verified$' read --port "$port" 0 512k dump.bin
stop_sim "names"
check "nvs is blank, and what follows it is there" bash -c "cmp -s <(tail -c +36865 flash.bin | head -c 24576 | tr -d '\\377') /dev/null"
check "the table was left alone" has_flash table.bin 0x8000

# --- the table of the run ---

start_sim --tcp 127.0.0.1:0 --flash other.bin --flash-size 8MB
port=socket://$sim_at
reports "the table among the files counts" 0 "[i['offset'] for i in r['images']] == [0, 0x8000, 0x10000, 0x70000]" \
    flash --port "$port" bootloader=s3/bootloader.bin partition-table=table.bin app=small.bin fs=nvs.bin
refuses "checked before the port is opened" 2 "there is no partition 'x'" flash --port socket://127.0.0.1:1 0x8000 table.bin x=nvs.bin
refuses "too large, before the port is opened" 5 "large.bin at 0x00010000: its 196608 bytes do not fit into partition 'factory'" \
    flash --port socket://127.0.0.1:1 0x8000 table.bin app=large.bin
refuses "a table that is damaged" 5 "damaged.bin at 0x00008000" flash --port socket://127.0.0.1:1 0x8000 damaged.bin app=small.bin
refuses "two partitions of one name" 2 "2 partitions are named 'a'" flash --port socket://127.0.0.1:1 0x8000 twins.bin a=nvs.bin
runs "merge by name" 0 '^all.bin: 524288 bytes' merge -o all.bin --pad-to-size 512KB bootloader=s3/bootloader.bin partition-table=table.bin app=small.bin nvs=nvs.bin
refuses "merge by name, without a table" 2 "there is no partition table among the files" merge -o none.bin nvs=nvs.bin
stop_sim "the table of the run"
runs "a merged file: the app starts that no otadata changes" 0 '^Starts: +factory, otadata selects no other$' partitions all.bin

# --- a project ---

mkdir -p project
cp s3/bootloader.bin table.bin small.bin project/
cat >project/flasher_args.json <<'END'
{"flash_files": {"0x0": "bootloader.bin", "0x8000": "table.bin", "0x10000": "small.bin"}, "app": {"offset": "0x10000", "file": "small.bin"}}
END
reports "the app of a project in another partition" 3 "[i['offset'] for i in r['images']] == [0, 0x8000, 0x50000]" \
    flash --port ./no-such-port --project project --target-app-partition ota_1

# --- the table elsewhere ---

start_sim --tcp 127.0.0.1:0 --flash elsewhere.bin --flash-size 8MB
port=socket://$sim_at
"$mkimage" table -o late.bin late,data,nvs,0x20000,16K app,app,factory,0x30000,64K >/dev/null
runs "a table in another place" 0 '^Done!$' flash --port "$port" --partition-table-offset 0x10000 partition-table=late.bin
runs "it is found there" 0 '^0x00020000 .* late$' partitions --port "$port" --partition-table-offset 0x10000
refuses "and its partitions count" 6 "data.raw at 0x00020000: its 69632 bytes do not fit into partition 'late'" \
    flash --port "$port" --partition-table-offset 0x10000 late=data.raw
refuses "not elsewhere" 6 "there is no partition table at 0x00008000" erase --port "$port" late
refuses "between sectors" 2 "--partition-table-offset is a multiple of 4096" erase --port "$port" --partition-table-offset 0x100 late
stop_sim "the table elsewhere"

# --- what starts ---

# selects NAME SEQUENCE COPY: ota NAME, and the otadata that makes of the one before.
selects() {
    reports "ota $1" 0 "r['result'] == 'selected' and r['starts'] == '$1' and r['otadata']['selected_by'] == $3 and
        r['otadata']['copies'][$3]['sequence'] == $2 and r['otadata']['copies'][$3]['crc_ok']" ota --port "$port" "$1"
}

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
runs "the set" 0 '^Done!$' flash --port "$port" app=small.bin first=small.bin second=small.bin
runs "nothing is selected" 0 '^Starts: +factory, otadata selects no other$' ota --port "$port"
selects second 2 0
selects first 3 1
selects second 4 0
stop_sim "selecting"
check "the simulator boots what was selected" boots second
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
reports "selected already" 0 "r['result'] == 'already selected' and r['otadata']['copies'][0]['sequence'] == 4" ota --port "$port" ota_1
runs "partitions says so" 0 '^0x00050000 .* second, starts$' partitions --port "$port"
check "and the copies" grep -q '^Otadata 1: *sequence 3, state undefined, for ota_0, older$' out
runs "TSV" 0 $'^second\tapp\tota_1\t0x50000\t0x20000\t0x0\tyes$' partitions --port "$port" --tsv
refuses "what is no app" 2 "partition 'nvs' is not one that otadata can select" ota --port "$port" nvs
runs "factory" 0 '^Starts: +factory, otadata selects no other$' ota --port "$port" factory
reports "and the copies are blank" 0 "[c['blank'] for c in r['otadata']['copies']] == [True, True]" ota --port "$port"
stop_sim "selecting factory"
check "the simulator boots factory" boots factory

python3 - <<'END'
import struct, zlib
def entry(sequence, state=0xFFFFFFFF, damage=0):
    number = struct.pack('<I', sequence)
    return (number + b'\xff' * 20 + struct.pack('<II', state, zlib.crc32(number, 0xFFFFFFFF) ^ damage)).ljust(4096, b'\xff')
open('pending.bin', 'wb').write(entry(1) + entry(2, state=1))
open('aborted.bin', 'wb').write(entry(1) + entry(2, state=4))
open('crc.bin', 'wb').write(entry(1, damage=1) + b'\xff' * 4096)
open('last.bin', 'wb').write(entry(0xFFFFFFFE) + b'\xff' * 4096)
END
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
runs "an app on trial" 0 '^Done!$' flash --port "$port" otadata=pending.bin
runs "is shown" 0 '^Otadata 1: *sequence 2, state pending, for ota_1$' ota --port "$port"
selects second 4 0
runs "an app that was given up" 0 '^Done!$' flash --port "$port" otadata=aborted.bin
runs "is shown, too" 0 '^Otadata 1: *sequence 2, state aborted, for ota_1, does not count$' ota --port "$port"
selects second 2 1
runs "a damaged copy" 0 '^Done!$' flash --port "$port" otadata=crc.bin
runs "a damaged copy is shown" 0 '^Otadata 0: *sequence 1, damaged: its CRC does not match$' ota --port "$port"
runs "the last sequence number" 0 '^Done!$' flash --port "$port" otadata=last.bin
refuses "the last sequence number: nothing comes after it" 6 "the sequence numbers of otadata are used up: esp-loader erase otadata" ota --port "$port" first
runs "erase otadata" 0 '^Erased$' erase --port "$port" otadata
runs "a table without otadata" 0 '^Done!$' flash --port "$port" partition-table=s3/partition-table.bin
runs "nothing to select with" 0 'there is no otadata' ota --port "$port"
refuses "without otadata nothing is selected" 6 "the partition table has no otadata" ota --port "$port" app
stop_sim "otadata of all kinds"

# --- what cannot be read ---

real_sim --tcp 127.0.0.1:0 --secure-download --flash flash.bin --flash-size 8MB
port=socket://$sim_at
refuses "secure download mode: no table" 6 "the target is in secure download mode: its partition table cannot be read; give offsets$" partitions --port "$port"
refuses "secure download mode: no names" 6 "the target is in secure download mode: its partition table cannot be read" flash --port "$port" --flash-size 8MB nvs=nvs.bin
stop_sim "secure download mode"
start_sim --tcp 127.0.0.1:0 --flash-encryption --flash-size 8MB
refuses "encrypted flash: no table" 6 "the target's flash is encrypted: its partition table cannot be read; give offsets$" partitions --port "socket://$sim_at"
stop_sim "encrypted flash"
start_sim --tcp 127.0.0.1:0 --flash-encryption --flash flash.bin --flash-size 8MB
refuses "encrypted flash: nothing is selected" 6 "" ota --port "socket://$sim_at" app
stop_sim "encrypted flash, with a table"

finish
