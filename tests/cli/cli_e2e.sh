#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The whole program against a virtual ESP32-S3: every port, every documented mistake with its exit code, and what is in
# the flash afterwards. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

# runs NAME CODE STDOUT-PATTERN ARGUMENTS...: exit code, and a pattern that must occur on standard output.
runs() {
    local name=$1 code=$2 pattern=$3
    shift 3
    "$loader" "$@" >out 2>err
    local got=$?
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif ! grep -aqE -- "$pattern" out; then
        fail "$name (standard output lacks: $pattern)"
    else
        pass "$name"
    fi
}

# refuses NAME CODE SENTENCE-PATTERN ARGUMENTS...: exit code, and exactly one sentence on standard error.
refuses() {
    local name=$1 code=$2 pattern=$3
    shift 3
    "$loader" "$@" >out 2>err
    local got=$?
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif [ "$(wc -l <err)" -ne 1 ]; then
        fail "$name (not one sentence)"
    elif ! grep -qE -- "^esp-loader: $pattern" err; then
        fail "$name (another sentence than: $pattern)"
    elif grep -qE 'Erasing|Start programming' out; then
        fail "$name (it began to erase)"
    else
        pass "$name"
    fi
}

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin
all="0x0 $boot 0x8000 $table 0x10000 $app"

# --- the command line itself ---

check "without arguments: usage on standard error, exit code 2" \
    bash -c '"$0" >out 2>err; [ $? -eq 2 ] && [ ! -s out ] && grep -q "^usage:" err' "$loader"
for code in 0 1 2 3 4 5 6 7 8; do
    runs "--help lists exit code $code" 0 "^  $code  " --help
done
runs "--version" 0 '^esp-loader [0-9]+\.[0-9]+\.[0-9]+$' --version
for command in flash info; do
    runs "help $command" 0 "^usage: esp-loader $command" help $command
    runs "$command --help" 0 "^usage: esp-loader $command" $command --help
done
refuses "unknown command" 2 "there is no command 'falsh'" falsh
refuses "help for an unknown command" 2 "there is no command 'falsh'" help falsh
refuses "unknown option" 2 "unknown option '--prot'" info --prot x
refuses "no port" 2 "no port given" flash 0 $boot
refuses "unknown kind of port" 2 "'tcp://h:1' is neither" info --port tcp://h:1
refuses "offset without file" 2 "give pairs" flash --port /dev/null 0x0
refuses "nothing to flash" 2 "give pairs" flash --port /dev/null
refuses "offset that is no number" 2 "'boot' is no flash offset" flash --port /dev/null boot $boot
refuses "rate on a port without one" 2 "a socket:// port" info --port socket://h:1 --baud 9600
refuses "flash mode no chip has" 2 "no chip has the given value of --flash-mode" \
    flash --port /dev/null --flash-mode fast 0 $boot
refuses "chip nobody makes" 2 "'esp64' is no chip" info --port /dev/null --chip esp64
refuses "operand of info" 2 "info takes no operands" info --port /dev/null x
check "full disk under --help: exit code 1" bash -c '"$0" --help >/dev/full 2>err; [ $? -eq 1 ]' "$loader"

# --- ports that cannot be opened ---

refuses "device that does not exist" 3 "cannot open /dev/ttyNOPE: no such serial device" info --port /dev/ttyNOPE
refuses "file that is no device" 3 "cannot open $boot: no such serial device" info --port $boot
refuses "port nobody listens on" 3 "cannot open socket://127.0.0.1:1: no such host" info --port socket://127.0.0.1:1
refuses "host that does not exist" 3 "cannot open rfc2217://nowhere.invalid:1: no such host" \
    info --port rfc2217://nowhere.invalid:1

# --- input that is refused before the port is opened ---

head -c 3000 $boot >short.bin
"$mkimage" app -o broken.bin --break digest --size 64K >/dev/null
"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
"$mkimage" raw -o large.raw --size 9M >/dev/null
cp $table broken-table.bin
printf X | dd of=broken-table.bin bs=1 seek=12 conv=notrunc status=none # a letter of a label: the MD5 is wrong
: >empty.bin
nowhere='--port /dev/ttyNOPE'
refuses "missing file" 5 "cannot read nope.bin: No such file" flash $nowhere 0 nope.bin
refuses "directory" 5 "cannot read images: is a directory" flash $nowhere 0 images
refuses "empty file" 5 "cannot read empty.bin: is empty" flash $nowhere 0 empty.bin
refuses "offset not a multiple of 4096" 5 "app.bin at 0x00010200: the offset is not a multiple of 4096" \
    flash $nowhere 0x10200 $app
refuses "overlap" 5 "partition-table.bin at 0x00004000: shares a 4096-byte flash sector with bootloader.bin" \
    flash $nowhere 0 $boot 0x4000 $table
refuses "beyond 4 GiB" 5 "app.bin at 0xfffff000: " flash $nowhere 0xfffff000 $app
refuses "truncated image" 5 "short.bin at 0x00000000: " flash $nowhere 0 short.bin
refuses "wrong digest" 5 "broken.bin at 0x00010000: " flash $nowhere 0x10000 broken.bin
refuses "images for different chips" 5 "c3.bin at 0x00010000: " flash $nowhere 0 $boot 0x10000 c3.bin
refuses "broken partition table" 5 "broken-table.bin at 0x00008000: " flash $nowhere 0x8000 broken-table.bin
refuses "image that is larger than its partition" 5 "large.raw at 0x00010000: " \
    flash $nowhere 0x8000 $table 0x10000 large.raw

# --- input that this target refuses; its flash must stay as it was ---

yes 'what was there before' | head -c 8388608 >before.bin
cp before.bin flash.bin
start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
port=rfc2217://$sim_at
runs "info" 0 '^MAC:        02:00:00:00:00:01$' info --port "$port"
runs "info names the chip" 0 '^Chip:       ESP32-S3, revision v[0-9]+\.[0-9]+$' info --port "$port"
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
    grep -vE "^(Progress|Chip|MAC|Flash size|Connecting)" out | tr -s "\n" | diff - - <<END
Loading bootloader.bin: $(stat -c %s images/bootloader.bin) bytes at 0x00000000
Erasing flash (this may take a while)...
Start programming
Finished programming
Flash verified
Loading partition-table.bin: 3072 bytes at 0x00008000
Erasing flash (this may take a while)...
Start programming
Finished programming
Flash verified
Loading app.bin: 65536 bytes at 0x00010000
Erasing flash (this may take a while)...
Start programming
Finished programming
Flash verified
This port cannot reset the target: press its reset button to run the application
Done!
END' </dev/null
runs "again: nothing is written" 0 'Already in the flash, nothing to write' flash --port "socket://$sim_at" $all
check "again: nothing was erased" bash -c '! grep -q Erasing out'
runs "--rewrite: written all the same" 0 '^Erasing flash' flash --rewrite --port "socket://$sim_at" 0 $boot
runs "--no-verify: said to be unverified" 0 '^Not verified, as asked for$' \
    flash --no-verify --rewrite --port "socket://$sim_at" 0 $boot
runs "--after stay: said to be in download mode" 0 '^The target stays in download mode$' \
    flash --after stay --port "socket://$sim_at" 0 $boot
runs "--force-raw: any bytes anywhere" 0 '^Flash verified$' flash --force-raw --port "socket://$sim_at" 1M short.bin
check "--quiet: prints nothing" \
    bash -c '"$@" >out 2>err && [ ! -s out ] && [ ! -s err ]' - "$loader" flash -q -p "socket://$sim_at" $all
check "full disk under flash: flashed, and exit code 1" \
    bash -c '"$@" >/dev/full 2>err; [ $? -eq 1 ]' - "$loader" flash --port "socket://$sim_at" 2M $app
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
runs "--baud: flash at another rate" 0 '^Flash verified$' \
    flash --port "rfc2217://$sim_at" --baud 921600 --chip ESP32-S3 0x10000 $app
runs "--after stay: stays in download mode" 0 'stays in download mode' info --port "rfc2217://$sim_at" --after stay
runs "--no-reset: goes on in download mode" 0 '^Flash verified$' \
    flash --port "rfc2217://$sim_at" --no-reset --flash-mode qio --flash-freq 40m --flash-size detect 0 $boot
stop_sim options
check "--flash-mode, --flash-freq, --flash-size are in the header" \
    [ "$(od -An -tx1 -j2 -N2 flash.bin | tr -d ' ')" = 0030 ]

# --- what goes wrong on the way ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --faults 'from command 1 of 0x13: wrong md5'
"$loader" flash --port "socket://$sim_at" 0 $boot 0x10000 $app >out 2>err
check "flash that differs: exit code 7" [ $? -eq 7 ]
check "flash that differs: says where" grep -q '^esp-loader: bootloader.bin at 0x00000000: ' err
check "flash that differs: says what was left" grep -q 'app.bin at 0x00010000: not started' err
stop_sim "flash that differs"

start_sim --tcp 127.0.0.1:0 --faults 'at command 3 of 0x03: error 0x08'
"$loader" flash --port "socket://$sim_at" 0 $boot >out 2>err
check "refused block: exit code 6" [ $? -eq 6 ]
check "refused block: names command and status" grep -qE 'command 0x03.*status 0x01 0x08' err
check "refused block: says the image is incomplete" grep -q 'bootloader.bin at 0x00000000: erased and incomplete' err
stop_sim "refused block"

start_sim --tcp 127.0.0.1:0 --faults 'from command 10: drop'
"$loader" flash --port "socket://$sim_at" 0 $boot >out 2>err
check "target that falls silent: exit code 4" [ $? -eq 4 ]
sim_stop

sim_start "$sim" . --tcp 127.0.0.1:0 # in real time
for signal in INT TERM; do
    : >out
    env --default-signal=INT "$loader" flash --rewrite --port "socket://$sim_at" 0x10000 $app 0 $boot >out 2>err &
    pid=$!
    until grep -q '^Progress' out || ! kill -0 $pid 2>/dev/null; do
        sleep 0.01
    done
    kill -s $signal $pid
    wait $pid
    check "SIG$signal: exit code 8" [ $? -eq 8 ]
    check "SIG$signal: says what is incomplete" grep -q 'app.bin at 0x00010000: erased and incomplete' err
    check "SIG$signal: says what was not started" grep -q 'bootloader.bin at 0x00000000: not started' err
done
sim_stop

finish
