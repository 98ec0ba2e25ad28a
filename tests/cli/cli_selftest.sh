#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What selftest tries, what it makes of failures, what it leaves alone, and what is in its report. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 8MB >set || exit 1
head -c 8M /dev/urandom >old.bin
dd if=images/partition-table.bin of=old.bin bs=4096 seek=8 conv=notrunc status=none
[ "$mode" = stub ] && loaders='["ROM", "stub"]' || loaders='["ROM"]'

# tried NAME CODE EXPRESSION ARGUMENTS...: what is so about the report; of(LOADER, STEP) is a step, all_of(STEP) those of all loaders.
tried() {
    local name=$1 code=$2 expression=$3
    shift 3
    reports "$name" "$code" "(lambda of, loaders: $expression)(lambda loader, step: [s for s in r['steps'] if s.get('loader') == loader and s['name'] == step][0], $loaders)" \
        selftest --port "$port" "$@"
}

# old_flash: flash.bin, with data everywhere and a partition table.
old_flash() {
    cp old.bin flash.bin
}

# is_old OFFSET SIZE: the saved flash is there as it was.
is_old() {
    cmp -s -i "$(($1))" -n "$(($2))" flash.bin old.bin
}

# --- everything, in real time: no time may be less than the simulator takes ---

old_flash
real_sim --rfc2217 127.0.0.1:0 --wiring bridge --flash flash.bin
port=rfc2217://$sim_at
tried "a board on a bridge" 0 "all(s['outcome'] == 'ok' or (s['name'] == 'start the flasher stub' and '$mode' == 'none') for s in r['steps'])
    and of(None, 'reset, there and back 5 times')['value'] >= 50
    and of(None, 'reset into the application')['outcome'] == 'ok'
    and all(0 < of(l, '%u baud' % n)['value'] < n / 10 / 1024 * 1.01 for l in loaders for n in (115200, 230400, 460800, 921600, 3000000))
    and all(of(l, 'round trip of a command')['value'] >= 1 for l in loaders)
    and all(of(l, 'hash 1 MB')['value'] >= 299 for l in loaders)
    and all(of(l, 'program 64 KB')['value'] >= 234 for l in loaders)
    and all(500 <= of(l, 'write by 64 bytes')['value'] and of(l, 'write by 64 bytes')['remark'].endswith(' ms by 32') for l in loaders)
    and all(of(l, 'erase a sector')['value'] >= 44 for l in loaders)
    and all(of(l, 'erase a 64 KiB block')['value'] >= 149 for l in loaders)" --scratch 0x201000 128k --force
stop_sim "a board on a bridge"
tail -c +$((0x201001)) flash.bin | head -c 128k >scratch.bin
check "the scratch range is overwritten" bash -c '! cmp -s scratch.bin <(tail -c +$((0x201001)) old.bin | head -c 128k)'
check "nothing below the scratch range is" is_old 0 0x201000
check "nothing after it is" is_old 0x221000 0x5df000

# --- without --scratch nothing is changed ---

old_flash
start_sim --tcp 127.0.0.1:0 --flash flash.bin --trace=trace
port=socket://$sim_at
tried "without a scratch range" 0 "all(of(l, 'erase and program')['outcome'] == 'skipped' for l in loaders)
    and not any(s['outcome'] == 'failed' for s in r['steps'])"
check "it tells no MAC address" eval '! grep -qi "02:00:00" out && ! grep -q "$sim_at" out'
tried "with --with-mac" 0 "{'name': 'MAC', 'value': '02:00:00:00:00:01'} in r['facts'] and r['port'] == '$port'" --with-mac
runs "the report as text" 0 '^[|] (ROM|stub) [|] read the flash [|] ok [|] [0-9.]+ KiB/s [|]' selftest --port "$port" -o report.md
sed -n '/^### /,/ skipped$/p' out >pasted.md
check "the file has the same report" cmp -s pasted.md report.md
check "it tells no MAC address and no port" eval '! grep -qi "02:00:00\|$sim_at" report.md'
runs "the report with the MAC address" 0 '^[|] MAC [|] 02:00:00:00:00:01 [|]$' selftest --port "$port" --with-mac
refuses "a report that cannot be written" 1 'cannot write nowhere/report.md' selftest --port "$port" -o nowhere/report.md
stop_sim "without a scratch range"
check "without a scratch range nothing is erased or written" bash -c '! grep -q "FLASH_BEGIN\|ERASE_\|FLASH_DATA" trace'
check "nothing is changed" cmp -s old.bin flash.bin

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
tried "a port without lines and rates" 0 "of(None, 'reset, there and back 5 times')['remark'] == 'this port cannot reset the target'
    and all(of(l, 'baud rates')['outcome'] == 'skipped' for l in loaders)
    and of(None, 'reset into the application')['outcome'] == 'skipped'"
stop_sim "a port without lines and rates"

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
tried "--no-stub" 0 "not any(s.get('loader') == 'stub' for s in r['steps']) and of('ROM', 'hash 1 MB')['outcome'] == 'ok'" --no-stub
stop_sim "--no-stub"

# --- scratch ranges that are refused ---

old_flash
start_sim --tcp 127.0.0.1:0 --flash flash.bin
port=socket://$sim_at
for range in "0x200001 4k" "0x200000 100" "0x200000 0"; do
    refuses "scratch range $range" 2 "flash is erased in sectors" selftest --port "$port" --scratch $range
done
for range in "0 4k" "0x8000 4k" "0x8000 0x100000"; do
    refuses "scratch range $range" 2 "bootloader and partition table are below 0x9000" selftest --port "$port" --force --scratch $range
done
refuses "no range" 2 "give OFFSET and SIZE after --scratch" selftest --port "$port" --scratch
refuses "a range without --scratch" 2 "a range may only be overwritten with --scratch" selftest --port "$port" 0x200000 4k
refuses "a range beyond the flash" 6 "the range exceeds the flash of 8 MB" selftest --port "$port" --scratch 0x7ff000 8k
for range in "0x9000 4k" "0x10000 64k" "0xf000 0x2000"; do
    refuses "a range in a partition: $range" 6 "the scratch range overlaps partition '.*--force" selftest --port "$port" --scratch $range
done
stop_sim "scratch ranges that are refused"
check "nothing was changed by what was refused" cmp -s old.bin flash.bin

printf '\252\120\377' | dd of=flash.bin bs=4096 seek=8 conv=notrunc status=none
start_sim --tcp 127.0.0.1:0 --flash flash.bin
refuses "an invalid table" 6 "the partition table in the flash is invalid" selftest --port "socket://$sim_at" --scratch 0x700000 4k
port=socket://$sim_at
tried "an invalid table, with --force" 0 "of('ROM', 'program 4 KB')['outcome'] == 'ok'
    and of('ROM', 'erase a 64 KiB block')['remark'] == 'the scratch range holds no whole 64 KiB block'" --scratch 0x700000 4k --force
stop_sim "an invalid table"

# --- targets that can do less ---

start_sim --tcp 127.0.0.1:0 --secure-download
port=socket://$sim_at
tried "secure download mode" 0 "of('ROM', 'read the flash')['outcome'] == of('ROM', 'hash 1 MB')['outcome'] == 'skipped'
    and of(None, 'start the flasher stub')['outcome'] == 'skipped'"
refuses "secure download mode: the table cannot be read" 6 "the partition table cannot be read: --force" \
    selftest --port "$port" --flash-size 8MB --scratch 0x200000 64k
tried "secure download mode: written, not verified" 0 "of('ROM', 'erase a 64 KiB block')['remark'].startswith('not verified')" \
    --flash-size 8MB --force --scratch 0x200000 64k
stop_sim "secure download mode"

start_sim --rfc2217 127.0.0.1:0 --chip esp8266
port=rfc2217://$sim_at
tried "an ESP8266" 0 "of('ROM', '230400 baud')['outcome'] == 'skipped' and of('ROM', 'hash 1 MB')['outcome'] == 'skipped'"
stop_sim "an ESP8266"

# --- what fails is noted, and the rest is tried all the same ---

start_sim --rfc2217 127.0.0.1:0 --faults "at command 5 of 0x0f: drop"
port=rfc2217://$sim_at
tried "a rate that does not carry" 4 "of('ROM', '2000000 baud')['outcome'] == 'failed'
    and [s['name'] for s in r['steps'] if s['outcome'] == 'failed'] == ['2000000 baud']
    and of('ROM', '3000000 baud')['outcome'] == 'ok' and of(None, 'reset into the application')['outcome'] == 'ok'"
stop_sim "a rate that does not carry"

start_sim --rfc2217 127.0.0.1:0 --faults "flash stuck 0x200010 bit 3 at 0"
port=rfc2217://$sim_at
tried "a flash with a bit that is not erased" 6 "of('ROM', 'program 64 KB')['outcome'] == 'failed' and of('ROM', 'erase a sector')['outcome'] == 'failed'
    and of('ROM', 'erase a 64 KiB block')['outcome'] == 'failed' and of('ROM', 'hash 1 MB')['outcome'] == 'ok'
    and of(None, 'reset into the application')['outcome'] == 'ok'" --scratch 0x200000 64k
refuses "the first failure in words" 6 "[0-9]+ of [0-9]+ steps failed, the first is 'program 64 KB': the target reported a failure" selftest --port "$port" --scratch 0x200000 64k
stop_sim "a flash with a bit that is not erased"

start_sim --rfc2217 127.0.0.1:0 --faults "from command 700: drop"
port=rfc2217://$sim_at
tried "a target that stops answering" 4 "[s['outcome'] for s in r['steps']].count('failed') == 1
    and of('ROM', 'hash 1 MB')['remark'] == 'the target does not answer any more'" --no-stub
stop_sim "a target that stops answering"

finish
