#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What commands show on a terminal: bars, a sum, nothing that a terminal has to be cleaned of. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"
export TERM=xterm
unset NO_COLOR

"$mkimage" set -o images --size 256K --flash-size 8MB >/dev/null || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin
all="0x0 $boot 0x8000 $table 0x10000 $app"

# shows NAME CODE TERMINAL-OPTIONS -- COMMAND ARGUMENTS...: on a terminal; its output goes to out, its screen to out.screen.
shows() {
    local name=$1 code=$2 options=()
    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    local command=$1
    shift
    env --default-signal=INT python3 "$project/tests/cli/terminal.py" out "${options[@]}" -- "$loader" "$command" $mode_option \
        "$@" 2>err
    local got=$?
    check "$name: exit code $code and nothing strange (got $got)" [ $got -eq "$code" ]
}

# screen NAME PATTERN [COUNT]: so many lines of the screen are like this.
screen() {
    check "$1" [ "$(grep -cE -- "$2" out.screen)" -eq "${3:-1}" ]
}

# fits NAME COLUMNS...: rows were drawn in each of these widths, none as wide as the terminal. Those drawn before the
# terminal's new width can be known do not count.
fits() {
    local name=$1
    shift
    check "$name" python3 -c 'import sys
rows = [tuple(map(int, line.split())) for line in open("out.rows")]
ok = True
for columns in map(int, sys.argv[1:]):
    own = [width for at, width in rows if at == columns][1:]
    ok = ok and own and max(own) < columns
sys.exit(not ok)' "$@"
}

is_clean() {
    check "$1: the last line is ended" eval '[ "$(tail -c 1 out | od -An -tx1)" = " 0a" ]'
}

# --- a whole run ---

start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=rfc2217://$sim_at
shows "80 columns" 0 -- flash --port "$port" $all
screen "80 columns: bootloader, one row" '^bootloader.bin +\[#+\] verified +[0-9.]+ s +[0-9.]+ .?B/s$'
screen "80 columns: table, one row" '^partition-table.bin +\[#+\] verified'
screen "80 columns: app, one row" '^app.bin +\[#+\] verified'
screen "80 columns: nothing else has a bar" '[[].*[#-]+\]' 3
screen "80 columns: how much" '^Total: +279 KB in [0-9]+\.[0-9] s, [0-9.]+ .?B/s$'
screen "80 columns: what was sent" '^Sent: +[0-9]+ KB$'
screen "80 columns: where the time went" '^Time: +connect [0-9.]+ s, compare [0-9.]+ s, erase\+write [0-9.]+ s, verify [0-9.]+ s$'
screen "80 columns: the limit" '^Limit: +[a-z]'
screen "80 columns: the end" '^Done!$'
screen "80 columns: no lines for files" '^(Erasing|Writing|Written|Progress|Verified)' 0
fits "80 columns: rows fit" 80
is_clean "80 columns"
check "bars are green" grep -q $'\033\\[32m#*\033\\[m' out
check "without a UTF-8 locale everything is ASCII" eval '! LC_ALL=C grep -q "[^ -~[:cntrl:]]" out'

LC_ALL=C.UTF-8 NO_COLOR=1 shows "again" 0 -- flash --port "$port" $all
screen "again: skipped" '^Sent: +0 KB; 3 of 3 images skipped: in the flash already$'
screen "again: unchanged" '^[a-z-]+.bin +[^ ]+ unchanged +[0-9.]+ s$' 3
check "NO_COLOR: no colours" eval '! grep -q $'"'\\033\\\\[[0-9]*m'"' out'
NO_COLOR= shows "NO_COLOR that is empty" 0 -- flash --port "$port" $all
check "NO_COLOR that is empty says nothing" grep -q $'\033\\[32m' out

shows "20 columns" 0 --columns 20 -- flash --rewrite --port "$port" $all
fits "20 columns: rows fit" 20
screen "20 columns: the result is shown" '^app.bin +verified$'
shows "8 columns" 0 --columns 8 -- flash --rewrite --port "$port" $all
fits "8 columns: rows fit" 8

for term in dumb ''; do
    TERM=$term shows "TERM=$term" 0 -- flash --rewrite --port "$port" 0 $boot
    check "TERM=$term: lines as in a file" eval '! grep -q $'"'\\033'"' out && grep -q "^Progress: 100 %" out'
done
shows "quiet" 0 -- flash -q --rewrite --port "$port" 0 $boot
check "quiet: nothing is printed" [ ! -s out ]
shows "reading" 0 -- read --port "$port" 0 64k copy.bin
screen "reading: one row" '^copy.bin +\[#+\] read'
stop_sim "a whole run"

# --- a terminal that is resized, Ctrl-C, failures: in real time ---

real_sim --rfc2217 127.0.0.1:0 --flash-size 8MB
port=rfc2217://$sim_at
rows='app.bin +[0-9]+%.*app.bin +[0-9]+%.*app.bin +[0-9]+%'
began=$(date +%s%N)
shows "resized" 0 --columns 80 --resize "$rows" 30 --resize "$rows" 100 -- flash --port "$port" -b 460800 0x10000 $app
fits "resized: rows fit what there is" 80 30 100
check "rows are drawn at most ten times a second" \
    [ "$(wc -l <out.rows)" -le $((($(date +%s%N) - began) / 100000000 + 2)) ]
is_clean resized
shows "Ctrl-C" 8 --type 'app.bin +[0-9]+%' '\x03' -- flash --rewrite --port "$port" 0x10000 $app
screen "Ctrl-C: the sentence has a line of its own" '^esp-loader: app.bin at 0x00010000: interrupted'
screen "Ctrl-C: the row stays above" '^app.bin +[0-9]+%'
is_clean Ctrl-C
sim_stop

start_sim --rfc2217 127.0.0.1:0 --flash-size 8MB --faults 'from command 2 of 0x13: wrong md5'
shows "failure" 7 -- flash --rewrite --port "rfc2217://$sim_at" 0x10000 $app
screen "failure: the sentence has a line of its own" '^esp-loader: app.bin at 0x00010000: the flash does not hold'
screen "failure: the row stays above" '^app.bin +[0-9]+%'
is_clean failure
stop_sim failure

# --- several boards: a table ---

"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
real_sim --pty=board --count 2 --flash-size 8MB
for n in 0 1; do
    sysfs_plug 1-$n 303a 1001 02:00:00:00:00:0$n "USB JTAG/serial debug unit"
    sysfs_tty 1-$n ttyACM$n "$(readlink -f board.$n)"
done
shows "watch" 0 -- watch --after stay --count 2 0x10000 $app
check "watch: a row for each board while it is flashed" eval 'grep -aqE "1-0 +[0-9]+% .*app.bin" out && grep -aqE "1-1 +[0-9]+% .*app.bin" out'
check "watch: a sum" grep -aq '2 in work, 0 flashed, 0 failed' out
screen "watch: in the end there are lines alone" '^1-[01]: 02:00:00:00:00:0[12] done in [0-9.]+ s, 1 verified$' 2
screen "watch: no row is left" '%|in work' 0
screen "watch: the last line" '^2 flashed, 0 failed$'
fits "watch: rows fit" 80
is_clean watch
shows "watch, 20 columns" 0 --columns 20 -- watch --after stay --rewrite --count 2 0x10000 $app
fits "watch, 20 columns: rows fit" 20
shows "watch, failures" 6 -- watch --after stay --count 2 --chip esp32c3 0x10000 c3.bin
screen "watch, failures: sentences have lines of their own" \
    '^esp-loader: 1-[01]: the target is an ESP32-S3, not an ESP32-C3 as --chip demands$' 2
screen "watch, failures: no row is left" '%|in work' 0
shows "watch, Ctrl-C" 8 --type '1-0 +[1-9][0-9]*%[^%]*app.bin[^%]*1-1 +[1-9][0-9]*%' '\x03' -- watch --after stay --rewrite 0x10000 $app
screen "watch, Ctrl-C: what is incomplete" '^esp-loader: 1-[01]: app.bin at 0x00010000: erased and incomplete' 2
screen "watch, Ctrl-C: the last line" '^0 flashed, 2 failed$'
is_clean "watch, Ctrl-C"
sim_stop
finish
