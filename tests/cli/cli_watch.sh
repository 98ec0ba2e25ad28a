#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader watch: virtual boards on pseudo terminals, plugged into and pulled out of an imitation of /sys.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"
trap 'kill $(jobs -p) 2>/dev/null' EXIT
[ "$mode" = rom ] && no_stub=--no-stub || no_stub=

"$mkimage" set -o images --size 64K --flash-size 4MB >/dev/null || exit 1
"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
all="0x0 images/bootloader.bin 0x8000 images/partition-table.bin 0x10000 images/app.bin"
watcher=

# start_boards OPTIONS...: virtual chips with links board.0, board.1 ... or board.
start_boards() {
    start_sim --pty=board --flash flash.bin "$@"
}

# plug PLACE TTY LINK MAC: a board appears.
plug() {
    sysfs_plug "$1" 303a 1001 "$4" "USB JTAG/serial debug unit"
    sysfs_tty "$1" "$2" "$(readlink -f "$3")"
}

# watch OPTIONS...: in the background; its output goes to out and err.
watch() {
    : >out
    : >err
    env --default-signal=INT "$loader" watch $no_stub "$@" >out 2>err 9>&- &
    watcher=$!
}

# says PATTERN [FILE [COUNT]]: waits until the line has been printed that often; gives up when the program ends.
says() {
    local file=${2:-out} count=${3:-1}
    until [ "$(grep -cE -- "$1" "$file")" -ge "$count" ]; do
        kill -0 $watcher 2>/dev/null || { [ "$(grep -cE -- "$1" "$file")" -ge "$count" ]; return; }
        sleep 0.05
    done
}

# ends NAME CODE: the program ends with this exit code.
ends() {
    wait $watcher
    local got=$?
    [ $got -eq "$2" ] && pass "$1" || fail "$1 (exit code $got, not $2)"
}

# --- the command line ---

refuses() {
    "$loader" watch "${@:3}" >out 2>err
    [ $? -eq 2 ] && [ "$(cat err)" = "esp-loader: $2 (see esp-loader help watch)" ] && pass "$1" || fail "$1"
}
refuses "a port that is no place" "no board can be plugged in at 'auto'" --port auto 0 x
refuses "a URL that is none" "'http://h:1' is neither socket://HOST:PORT nor rfc2217://HOST:PORT" --port http://h:1 0 x
refuses "a rate for a socket" "a socket:// port has no baud rate: leave out --baud" --baud 9600 --port socket://h:1 0 x
refuses "a count that is none" "--count is a number from 1 on, not '0'" --count 0 0 x
check "unusable files are refused before any board" \
    bash -c '"$1" watch 0 missing.bin >out 2>err; [ $? -eq 5 ] && [ ! -s out ]' - "$loader"

# --- two boards at a time, one of them once more ---

start_boards --count 2
watch --after stay --count 3 $all # a pseudo terminal has no lines to bring the chip back to its loader
says '^Waiting for boards'
plug 1-2 ttyACM0 board.0 02:00:00:00:00:01
plug 1-3.1 ttyACM1 board.1 02:00:00:00:00:02
says ' done in ' out 2
check "both boards are flashed, and it is said which" \
    bash -c 'grep -qE "^1-2: 02:00:00:00:00:01 done in [0-9.]+ s, 3 verified$" out &&
             grep -qE "^1-3.1: 02:00:00:00:00:02 done in [0-9.]+ s, 3 verified$" out'
sleep 1.3 # longer than a board is taken for removed
check "a board that stays is not flashed again" [ "$(grep -c 'flashing through' out)" -eq 2 ]
sysfs_unplug 1-2
says '^1-2: removed$' && pass "removal is said" || fail "removal is said"
plug 1-2 ttyACM7 board.0 02:00:00:00:00:01
says '^1-2: flashing through dev/ttyACM7$' && pass "the next board is taken, whatever its name" || fail "the next board"
ends "after --count boards: exit code 0" 0
check "what a board holds already is not written again" grep -qE '^1-2: .* done in [0-9.]+ s, 3 unchanged$' out
check "the sum is said" grep -qx '3 flashed, 0 failed' out
check "standard error is empty" [ ! -s err ]
stop_sim "two boards"
for n in 0 1; do
    check "board $n holds the app" cmp -s --ignore-initial=65536:0 --bytes="$(stat -c %s images/app.bin)" \
        flash.bin.$n images/app.bin
done
sysfs_unplug 1-2
sysfs_unplug 1-3.1
rm -f flash.bin.*

# --- what was checked for the first board, and is another file for the second ---

cp images/app.bin changing.bin
start_boards --count 2
watch --after stay --count 2 0x10000 changing.bin
plug 1-2 ttyACM0 board.0 02:00:00:00:00:01
says '^1-2: .* done in '
printf '\125' | dd of=changing.bin bs=1 seek=40000 conv=notrunc status=none
plug 1-3.1 ttyACM1 board.1 02:00:00:00:00:02
ends "file that has changed between two boards: exit code 5" 5
check "file that has changed between two boards: it is checked again" \
    grep -qE '^esp-loader: 1-3.1: changing.bin.*(SHA-256|checksum)' err
stop_sim "file that has changed"
check "file that has changed between two boards: the second is untouched" \
    bash -c '! cmp -s --ignore-initial=65536:0 --bytes=4096 flash.bin.1 changing.bin'
sysfs_unplug 1-2
sysfs_unplug 1-3.1
rm -f flash.bin.*

# --- boards that were there before, named ports, quiet ---

start_boards --count 2
plug 1-2 ttyACM0 board.0 02:00:00:00:00:01
plug 1-3 ttyACM1 board.1 02:00:00:00:00:02
watch --quiet --count 1 --port dev/ttyACM1 $all
ends "named port, quiet: exit code 0" 0
check "named port, quiet: prints nothing" [ ! -s out -a ! -s err ]
stop_sim "named port"
check "named port: the other board was left alone" \
    bash -c '! cmp -s --bytes=4096 flash.bin.0 images/bootloader.bin && cmp -s --bytes=4096 flash.bin.1 images/bootloader.bin'
rm -f flash.bin.*

# --- a wall of boards: none is too many ---

start_sim --pty=board --count 200 --wiring usj --flash-size 512KB
ports=
for n in {0..199}; do
    ports+=" --port board.$n"
done
watch --after stay --count 200 --baud 115200 --force-raw $ports 0x10000 images/partition-table.bin
ends "200 boards at a time: exit code 0" 0
check "200 boards at a time: each is flashed" [ "$(grep -cE '^board\.[0-9]+: .* done in [0-9.]+ s, 1 verified$' out)" -eq 200 ]
check "200 boards at a time: the sum" grep -qx '200 flashed, 0 failed' out
stop_sim "200 boards"

# --- for programs ---

# lines EXPRESSION: a Python expression about r, the objects in out, each on a line of its own.
lines() {
    sed 's/$/,/' out | { echo '['; cat; echo '0]'; } >out.list
    is_so "(lambda r: $1)(r[:-1])" out.list
}

start_boards --count 2
sysfs_unplug 1-2
sysfs_unplug 1-3
watch --json --after stay --count 3 $all
plug 1-2 ttyACM0 board.0 02:00:00:00:00:01
plug 1-3.1 ttyACM1 board.1 02:00:00:00:00:02
says '' out 2
check "as JSON: a line per board while the program goes on" kill -0 $watcher
check "as JSON: each board" lines "{b['board']['place']: (b['ok'], b['exit_code'], b['port'], b['target']['mac'],
    b['target']['chip'], b['board']['serial']) for b in r} ==
    {'1-2': (True, 0, 'dev/ttyACM0', '02:00:00:00:00:01', 'ESP32-S3', '02:00:00:00:00:01'),
     '1-3.1': (True, 0, 'dev/ttyACM1', '02:00:00:00:00:02', 'ESP32-S3', '02:00:00:00:00:02')}"
check "as JSON: its images and times" lines "all([(i['name'], i['result']) for i in b['images']] ==
    [('bootloader.bin', 'verified'), ('partition-table.bin', 'verified'), ('app.bin', 'verified')] and
    sum(i['time_ms'] for i in b['images']) <= b['time_ms'] for b in r)"
sysfs_unplug 1-2
plug 1-2 ttyACM7 board.0 02:00:00:00:00:03 # another serial number: nobody has to see that the place was empty
ends "as JSON: exit code 0" 0
check "as JSON: the next board" lines "len(r) == 3 and r[2]['port'] == 'dev/ttyACM7' and
    [i['result'] for i in r[2]['images']] == ['equal'] * 3"
check "as JSON: standard error is empty" [ ! -s err ]
check "as JSON: each line goes out in one piece" writes_once "$loader" watch $no_stub --json --after stay --count 2 $all
stop_sim "as JSON"
rm -f flash.bin.*
sysfs_unplug 1-3.1
sysfs_unplug 1-2

# --- failures ---

start_boards
plug 1-2 ttyACM0 board 02:00:00:00:00:01
sysfs_unplug 1-3
watch --count 1 --chip esp32c3 0x10000 c3.bin
ends "board that fails: its exit code" 6
check "board that fails: the place and the reason" \
    grep -qx 'esp-loader: 1-2: the target is an ESP32-S3, not an ESP32-C3 as --chip demands' err
check "board that fails: is counted" grep -qx '0 flashed, 1 failed' out
check "board that fails: is summed up" grep -qE '^esp-loader: 1-2: .* FAILED after [0-9.]+ s \(6\)$' err

watch --json --count 1 --chip esp32c3 0x10000 c3.bin
ends "board that fails, as JSON: its exit code" 6
check "board that fails, as JSON" lines "[(b['ok'], b['exit_code'], b['board']['place'], b['target']['chip']) for b in r] ==
    [(False, 6, '1-2', 'ESP32-S3')] and {i['result'] for i in r[0]['images']} == {'not started'}"
check "board that fails, as JSON: the sentence" \
    grep -qx 'esp-loader: 1-2: the target is an ESP32-S3, not an ESP32-C3 as --chip demands' err

watch --json --count 1 --after stay --flash-mode qio 0x10000 images/app.bin
ends "option without effect: its exit code" 0
check "option without effect, as JSON" lines "[n.split(':')[0] for n in r[0]['notes']] == ['there is no bootloader among the files']"

sysfs_plug 1-3 10c4 ea60 0001 "the same board through its bridge"
sysfs_tty 1-3 ttyUSB0 "$(readlink -f board)"
watch $all
says 'FAILED after|done in' out && says 'FAILED after' err
check "one board through two ports at once: busy or known, never flashed twice" \
    grep -qE '^esp-loader: 1-[23]: (cannot open dev/tty(ACM|USB)0: another program uses the device|this board is plugged in twice)' err
kill -INT $watcher
ends "Ctrl-C while nothing is flashed: exit code 8" 8
sysfs_unplug 1-3
stop_sim failures
rm -f flash.bin

# --- Ctrl-C in the middle ---

"$mkimage" app -o large.bin --size 512K >/dev/null
# In real time; the signal comes before the last block, however busy the machine is.
real_sim --pty=board --trace=trace --faults "$slow_blocks"
sysfs_tty 1-2 ttyACM0 "$(readlink -f board)" # which may be another terminal now
watch 0x10000 large.bin 0x0 images/bootloader.bin
says '^1-2: flashing through'
says ': FLASH_(DEFL_)?DATA' trace
kill -INT $watcher
ends "Ctrl-C: exit code 8" 8
check "Ctrl-C: says what is incomplete, and where" \
    grep -qE '^esp-loader: 1-2: large.bin at 0x00010000: erased and incomplete' err
check "Ctrl-C: says what was not started" grep -qE '^esp-loader: 1-2: bootloader.bin at 0x00000000: not started' err
check "Ctrl-C: the board counts as failed" grep -qx '0 flashed, 1 failed' out
sim_stop
finish
