#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What is in the flash: read, verify and erase against a virtual ESP32-S3, and reset. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin
nowhere='--port /dev/ttyNOPE'

# has_bytes FILE OFFSET SIZE: FILE is that part of content.bin.
has_bytes() {
    [ "$(stat -c %s "$1")" -eq "$(($3))" ] && cmp -s --ignore-initial="0:$(($2))" --bytes="$(($3))" "$1" content.bin
}

# --- mistakes, before the port is opened ---

refuses "read: operands are missing" 2 "give OFFSET, SIZE and FILE" read $nowhere 0 4k
refuses "read: one operand too many" 2 "give OFFSET, SIZE and FILE" read $nowhere 0 4k a b
refuses "read: size that is no number" 2 "SIZE is a number, or all" read $nowhere 0 much a
refuses "read: no bytes" 2 "SIZE 0: there is nothing to read" read $nowhere 0 0 a
refuses "erase: nothing said" 2 "give OFFSET and SIZE, names of partitions, or --all" erase $nowhere
refuses "erase: all and a range" 2 "give OFFSET and SIZE, names of partitions, or --all" erase $nowhere --all 0 4k
refuses "erase: part of a sector" 2 "flash is erased in sectors" erase $nowhere 0x1000 100
refuses "erase: nothing" 2 "flash is erased in sectors" erase $nowhere 0x1000 0
refuses "verify: nothing" 2 "give pairs of OFFSET and FILE" verify $nowhere
refuses "verify: missing file" 5 "cannot read nope.bin: No such file" verify $nowhere 0 nope.bin

# --- read ---

"$mkimage" raw -o content.bin --size 1M >/dev/null
cp content.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
port=socket://$sim_at
runs "read: a range" 0 '^File verified$' read --port "$port" 0x1000 128k part.bin
check "read: it is what the flash holds" has_bytes part.bin 0x1000 131072
runs "read: any offset and size" 0 '^File verified$' read --port "$port" 0x1235 4099 odd.bin
check "read: any offset and size: right bytes" has_bytes odd.bin 0x1235 4099
runs "read: progress" 0 '^Progress: 100 % [(]262144 of 262144 bytes[)]$' read --port "$port" 0 256k part.bin
if [ "$mode" = stub ]; then # a ROM needs long for that
    runs "read: all of it" 0 '^Reading 1048576 bytes at 0x00000000 into whole.bin$' read --port "$port" 0 all whole.bin
    check "read: all of it: right bytes" cmp -s whole.bin content.bin
fi
runs "read: from an offset to the end" 0 '^Reading 65536 bytes' read --port "$port" 0xf0000 all end.bin
check "read: from an offset to the end: right bytes" has_bytes end.bin 0xf0000 65536
refuses "read: behind the end" 6 "the range exceeds the flash of 1 MB" read --port "$port" 0xff000 8k a.bin
refuses "read: file that cannot be written" 1 "cannot write no/such/folder: No such file" \
    read --port "$port" 0 4k no/such/folder
refuses "read: disk that is full" 1 "cannot write /dev/full: No space left" read --port "$port" 0 4k /dev/full
check "read: a device that cannot be written stays" [ -c /dev/full ]
stop_sim read
echo precious >kept.bin
refuses "read: no target" 3 "cannot open" read --port "$port" 0 4k kept.bin
check "read: no target: the file stays as it was" [ "$(cat kept.bin)" = precious ]

cp content.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB --faults 'at byte 123456 in: drop; at byte 200000 in: corrupt'
[ "$mode" = stub ] && size=1M || size=256k
runs "read: a byte is lost, one is damaged" 0 '^File verified$' read --port "socket://$sim_at" 0 $size whole.bin
check "read: a byte is lost, one is damaged: right bytes" cmp -s whole.bin <(head -c $size content.bin)
sim_stop # what was given up has no answer
start_sim --tcp 127.0.0.1:0 --faults 'at command 1 of 0x13: wrong md5'
runs "read: one digest is damaged" 0 '^File verified$' read --port "socket://$sim_at" 0 4k part.bin
stop_sim "read: one digest is damaged"

start_sim --tcp 127.0.0.1:0 --faults 'from command 1 of 0x13: wrong md5'
refuses "read: MD5 that does not fit" 7 "read data does not match the flash" read --port "socket://$sim_at" 0 4k bad.bin
check "read: MD5 that does not fit: no file" [ ! -e bad.bin ]
stop_sim "read: MD5 that does not fit"

[ "$mode" = stub ] && opcode=0xd2 || opcode=0x0e
start_sim --tcp 127.0.0.1:0 --faults "from command 3 of $opcode: drop"
refuses "read: target that falls silent" 4 "the target did not answer" read --port "socket://$sim_at" 0 256k bad.bin
check "read: target that falls silent: no file" [ ! -e bad.bin ]
sim_stop

cp content.bin flash.bin
# In real time, and so slowly that the signal comes before the end, however busy the machine is.
[ "$mode" = stub ] && pause='1 s' || pause='10 ms' # a ROM reads 64 bytes at a time
real_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB --faults "from command 2 of $opcode: delay $pause"
: >out
env --default-signal=INT "$loader" read --port "socket://$sim_at" 0 all cut.bin $mode_option >out 2>err &
pid=$!
until grep -q '^Reading' out || ! kill -0 $pid 2>/dev/null; do
    sleep 0.01
done
kill -s INT $pid
wait $pid
check "read: Ctrl-C: exit code 8" [ $? -eq 8 ]
check "read: Ctrl-C: no file" [ ! -e cut.bin ]
sim_stop

# --- verify ---

cp content.bin flash.bin
dd if=$boot of=flash.bin conv=notrunc status=none
dd if=$app of=flash.bin bs=4096 seek=16 conv=notrunc status=none
cp flash.bin before.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
port=socket://$sim_at
runs "verify: equal" 0 '^Comparing app.bin: 65536 bytes at 0x00010000$' verify --port "$port" 0 $boot 64k $app
check "verify: equal: both" [ "$(grep -c '^Verified$' out)" -eq 2 ]
cp $app other.bin
printf x | dd of=other.bin bs=1 seek=8195 conv=notrunc status=none
printf x | dd of=other.bin bs=1 seek=65535 conv=notrunc status=none
refuses "verify: says which sectors differ" 7 \
    "other.bin at 0x00010000: the flash differs in 2 of 16 sectors, the first at 0x00012000" \
    verify --port "$port" 64k other.bin 0 $boot
check "verify: a difference does not keep the others from being compared" grep -q '^Verified$' out
refuses "verify: parameters that were not written" 7 "bootloader.bin at 0x00000000: the flash differs in 2 of 5" \
    verify --port "$port" --flash-mode qio --flash-freq 20m 0 $boot
refuses "verify: behind the end of the flash" 6 "app.bin at 0x000f8000: its 65536 bytes do not fit into the flash of 1 MB" \
    verify --port "$port" 0xf8000 $app
stop_sim verify
check "verify: changes nothing" cmp -s before.bin flash.bin

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin
port=socket://$sim_at
runs "verify: flashed with other parameters" 0 '^Done!$' flash --port "$port" --flash-mode qio --flash-size detect 0 $boot
runs "verify: equal with these parameters" 0 '^Verified$' \
    verify --port "$port" --flash-mode qio --flash-size detect 0 $boot
refuses "verify: not equal without them" 7 "bootloader.bin at" verify --port "$port" 0 $boot
stop_sim "verify with parameters"

# --- erase ---

cp content.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
port=socket://$sim_at
runs "erase: a range" 0 '^Erasing 8 KB at 0x00003000' erase --port "$port" 0x3000 8k
refuses "erase: behind the end" 6 "the range exceeds the flash of 1 MB" erase --port "$port" 0xff000 8k
stop_sim "erase"
{ head -c $((0x3000)) content.bin; head -c 8192 /dev/zero | tr '\0' '\377'; tail -c +$((0x5001)) content.bin; } >expected.bin
check "erase: exactly the range" cmp -s expected.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
runs "erase: all" 0 '^Erased$' erase --port "socket://$sim_at" --all
stop_sim "erase: all"
check "erase: all of it" cmp -s <(head -c 1048576 /dev/zero | tr '\0' '\377') flash.bin

# --- reset ---

cp before.bin flash.bin
start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 1MB --control sim.sock --boot download --trace=trace
runs "reset: into the application" 0 '^Reset into the application$' reset --port "rfc2217://$sim_at"
runs "reset: --after stay" 0 '^The target stays in download mode$' reset --after stay --port "rfc2217://$sim_at"
runs "reset: it is in download mode then" 0 '^MAC:' info --no-reset --port "rfc2217://$sim_at"
refuses "reset: operand" 2 "reset takes no operands" reset --port "rfc2217://$sim_at" x
stop_sim reset

finish
