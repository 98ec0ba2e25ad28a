#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# flash and info against a virtual ESP32-S3: every port, what this target refuses, what goes wrong on the way, and what is
# in the flash afterwards. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin
all="0x0 $boot 0x8000 $table 0x10000 $app"
"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
"$mkimage" raw -o large.raw --size 9M >/dev/null
head -c 3000 $boot >short.bin

# --- input that this target refuses; its flash must stay as it was ---

yes 'what was there before' | head -c 8388608 >before.bin
cp before.bin flash.bin
start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
port=rfc2217://$sim_at
runs "info" 0 '^MAC:        02:00:00:00:00:01$' info --port "$port"
runs "info names the chip" 0 '^Chip:       ESP32-S3, revision v[0-9]+\.[0-9]+$' info --port "$port"
runs "info names the loader" 0 "^Loader:     $loader_shown\$" info --port "$port"
runs "info tells the flash size" 0 '^Flash size: 8 MB$' info --port "$port"
refuses "image for another chip" 6 "c3.bin at 0x00010000: is not built for this chip, an ESP32-S3" \
    flash --port "$port" 0x10000 c3.bin
refuses "image larger than the flash" 6 "large.raw at 0x00000000: its 9437184 bytes do not fit into the flash of 8 MB" \
    flash --port "$port" 0 large.raw
refuses "image behind the end of the flash" 6 "app.bin at 0x007f8000: its 65536 bytes do not fit" \
    flash --port "$port" 0x7f8000 $app
refuses "second image does not fit: the first is not written either" 6 "app.bin at 0x00800000: " \
    flash --port "$port" 0 $boot 0x800000 $app
"$mkimage" app -o newer.bin --min-rev 9900 --size 64K >/dev/null
refuses "image for a newer revision" 6 "newer.bin at 0x00010000: " flash --port "$port" 0x10000 newer.bin
refuses "frequency this chip does not have" 6 "the ESP32-S3 has no such --flash-freq" \
    flash --port "$port" --flash-freq 48m 0 $boot
stop_sim "refused input"
check "refused input: nothing was erased" cmp -s before.bin flash.bin

start_sim --tcp 127.0.0.1:0 --wiring bridge --boot app
refuses "target that runs its application" 4 "no target answers on socket://" info --port "socket://$sim_at"
sim_stop # an application may well ignore what it is sent

# --- every port ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin
runs "socket: flash" 0 '^Done!$' flash --port "socket://$sim_at" $all
check "socket: the familiar sequence" bash -c '
    grep -vE "^(Progress|Chip|MAC|Loader|Flash size|Connecting)" out | tr -s "\n" | diff - - <<END
Loading bootloader.bin: $(stat -c %s images/bootloader.bin) bytes at 0x00000000
Erasing
Writing
Written
Verified
Loading partition-table.bin: 3072 bytes at 0x00008000
Erasing
Writing
Written
Verified
Loading app.bin: 65536 bytes at 0x00010000
Erasing
Writing
Written
Verified
This port cannot reset the target: press its reset button to run the application
Done!
END' </dev/null
runs "again: nothing is written" 0 'Already in the flash, nothing to write' flash --port "socket://$sim_at" $all
check "again: nothing was erased" bash -c '! grep -q Erasing out'
runs "--rewrite: written all the same" 0 '^Erasing$' flash --rewrite --port "socket://$sim_at" 0 $boot
runs "--no-verify: said to be unverified" 0 '^Not verified, as asked for$' \
    flash --no-verify --rewrite --port "socket://$sim_at" 0 $boot
runs "--after stay: said to be in download mode" 0 '^The target stays in download mode$' \
    flash --after stay --port "socket://$sim_at" 0 $boot
runs "--force-raw: any bytes anywhere" 0 '^Verified$' flash --force-raw --port "socket://$sim_at" 1M short.bin
check "--quiet: prints nothing" \
    bash -c '"$@" >out 2>err && [ ! -s out ] && [ ! -s err ]' - "$loader" flash -q -p "socket://$sim_at" $all $mode_option
check "full disk under flash: flashed, and exit code 1" \
    bash -c '"$@" >/dev/full 2>err; [ $? -eq 1 ]' - "$loader" flash --port "socket://$sim_at" 2M $app $mode_option
stop_sim socket
check "socket: bootloader is in the flash" has_flash $boot 0
check "socket: partition table is in the flash" has_flash $table 0x8000
check "socket: app is in the flash" has_flash $app 0x10000
check "socket: raw file is in the flash" has_flash short.bin 0x100000
check "socket: app is in the flash although printing failed" has_flash $app 0x200000

for wiring in bridge usj; do
    rm -f flash.bin
    start_sim --rfc2217 127.0.0.1:0 --wiring $wiring --flash flash.bin --console
    runs "rfc2217 $wiring: flash" 0 '^Reset into the application$' flash --port "rfc2217://$sim_at" $all
    stop_sim "rfc2217 $wiring"
    check "rfc2217 $wiring: the chip runs the app" grep -aq 'the app would run now' sim.log
    check "rfc2217 $wiring: app is in the flash" has_flash $app 0x10000
done

rm -f flash.bin
start_sim --rfc2217 127.0.0.1:0 --wiring usj --boot download --flash flash.bin --console
run flash --no-reset --port "rfc2217://$sim_at" $all >out 2>err
check "chip that is in download mode again after the reset: exit code 0" [ $? -eq 0 ]
check "chip that is in download mode again after the reset: said" \
    grep -q '^esp-loader: the target was reset and is in download mode again' err
check "chip that is in download mode again after the reset: nothing else is claimed" \
    bash -c '! grep -q "Reset into the application" out'
stop_sim "chip that is in download mode again"
check "chip that is in download mode again after the reset: app is in the flash" has_flash $app 0x10000

rm -f flash.bin
start_sim --pty --flash flash.bin
runs "pty: flash" 0 '^Done!$' flash --port "$sim_at" --before no-reset $all
exec 9<>"$sim_at"
flock -n 9
refuses "pty: in use by another program" 3 "cannot open $sim_at: " info --port "$sim_at"
exec 9>&-
stop_sim pty
check "pty: app is in the flash" has_flash $app 0x10000

# --- options that act on the target ---

rm -f flash.bin
start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --chip esp32s3
runs "--baud: flash at another rate" 0 '^Verified$' \
    flash --port "rfc2217://$sim_at" --baud 921600 --chip ESP32-S3 0x10000 $app
runs "--after stay: stays in download mode" 0 'stays in download mode' info --port "rfc2217://$sim_at" --after stay
runs "--no-reset: goes on in download mode" 0 '^Verified$' \
    flash --port "rfc2217://$sim_at" --no-reset --flash-mode qio --flash-freq 40m --flash-size detect 0 $boot
stop_sim options
check "--flash-mode, --flash-freq, --flash-size are in the header" \
    [ "$(od -An -tx1 -j2 -N2 flash.bin | tr -d ' ')" = 0030 ]

# --- what goes wrong on the way ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --faults 'from command 2 of 0x13: wrong md5' # the first is about the table
run flash --port "socket://$sim_at" 0 $boot 0x10000 $app >out 2>err
check "flash that differs: exit code 7" [ $? -eq 7 ]
check "flash that differs: says where" grep -q '^esp-loader: bootloader.bin at 0x00000000: ' err
check "flash that differs: says what was left" grep -q 'app.bin at 0x00010000: not started' err
stop_sim "flash that differs"

# A stub gets compressed blocks.
[ "$mode" = stub ] && block=0x11 || block=0x03
start_sim --tcp 127.0.0.1:0 --faults "from command 1 of $block: error 0x08"
run flash --port "socket://$sim_at" 0 $boot >out 2>err
check "refused block: exit code 6" [ $? -eq 6 ]
[ "$mode" = stub ] && status='0x08 0x00' || status='0x01 0x08' # a stub has no separate reason
check "refused block: names command and status" grep -qE "command $block.*status $status" err
check "refused block: says the image is incomplete" grep -q 'bootloader.bin at 0x00000000: erased and incomplete' err
stop_sim "refused block"

start_sim --tcp 127.0.0.1:0 --faults 'flash protected'
[ "$mode" = stub ] && code=7 || code=6 # a ROM notices while it writes
run flash --port "socket://$sim_at" 0 $boot >out 2>err
check "protected flash: exit code $code" [ $? -eq $code ]
check "protected flash: says so" grep -q '^esp-loader: the flash chip is protected against writing' err
stop_sim "protected flash"

start_sim --tcp 127.0.0.1:0 --faults 'from command 10: drop'
run flash --port "socket://$sim_at" 0 $boot >out 2>err
check "target that falls silent: exit code 4" [ $? -eq 4 ]
sim_stop

for signal in INT TERM; do
    real_sim --tcp 127.0.0.1:0 --faults "$slow_blocks" # in real time
    : >out
    env --default-signal=INT "$loader" flash --rewrite --port "socket://$sim_at" 0x10000 $app 0 $boot $mode_option >out 2>err &
    pid=$!
    until grep -q '^Progress' out || ! kill -0 $pid 2>/dev/null; do
        sleep 0.01
    done
    kill -s $signal $pid
    wait $pid
    check "SIG$signal: exit code 8" [ $? -eq 8 ]
    check "SIG$signal: says what is incomplete" grep -q 'app.bin at 0x00010000: erased and incomplete' err
    check "SIG$signal: says what was not started" grep -q 'bootloader.bin at 0x00000000: not started' err
    sim_stop
done

# A file that is written to while it is flashed.
real_sim --tcp 127.0.0.1:0 --faults "$slow_blocks" # in real time
cp $app changing.bin
: >out
run flash --port "socket://$sim_at" 0x10000 changing.bin >out 2>err &
pid=$!
until grep -q '^Progress' out || ! kill -0 $pid 2>/dev/null; do
    sleep 0.01
done
printf X | dd of=changing.bin bs=1 seek=70000 conv=notrunc status=none # behind what is flashed: only the file says so
wait $pid
check "file that changes: exit code 5" [ $? -eq 5 ]
check "file that changes: says so" grep -q '^esp-loader: changing.bin changed while it was flashed' err
sim_stop

finish
