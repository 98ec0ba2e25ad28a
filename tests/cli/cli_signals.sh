#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# SIGINT, SIGTERM and SIGHUP end every command, whatever it is waiting for: exit code 8, a sentence, the JSON object.
# In real time: signals meet waits. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin

# interrupted NAME SIGNAL WAIT-FOR COMMAND...: sends the signal as soon as the command WAIT-FOR succeeds.
interrupted() {
    local name=$1 signal=$2 wait_for=$3
    shift 3
    rm -f out err
    env --default-signal=INT,TERM,HUP "$@" >out 2>err &
    local pid=$!
    for ((i = 0; i < 2000; i++)); do
        if eval "$wait_for" || ! kill -0 $pid 2>/dev/null; then break; fi
        sleep 0.02
    done
    kill "-$signal" $pid
    wait $pid
    check "$name: exit code 8" [ $? -eq 8 ]
    check "$name: a sentence" grep -aq '^esp-loader: .*interrupted' err
}

# serves FAULTS: a simulator whose lines work, in real time; its trace is new.
serves() {
    rm -f trace
    real_sim --rfc2217 127.0.0.1:0 --quiet --trace=trace --control control --flash-size 4MB ${1:+--faults "$1"}
    port=rfc2217://$sim_at
}

# ends_in STATE NAME: how the target was left.
ends_in() {
    python3 - control >state <<'EOF'
import socket, sys
ours = socket.socket(socket.AF_UNIX)
ours.connect(sys.argv[1])
ours.sendall(b"state\n")
print(ours.recv(4096).decode())
EOF
    check "$2: the target is left in: $1" grep -qE "$1" state
    sim_stop >/dev/null 2>&1 # what was begun and given up is no misuse to look for here
}

# stops NAME SIGNAL STATE FAULTS TEXT COMMAND...: a signal as soon as the trace has TEXT; the target is left in STATE.
stops() {
    local name=$1 signal=$2 state=$3 faults=$4 text=$5 command=$6
    shift 6
    serves "$faults"
    interrupted "$name, SIG$signal" "$signal" "grep -q '$text' trace" "$loader" "$command" --json --port "$port" "$@"
    check "$name: an object" is_so "r['failure']['cause'] == 'ESP_LOADER_ERROR_CANCELLED' and not r['ok'] and r['exit_code'] == 8"
    ends_in "$state" "$name"
}
application='state (app|boot-failed|starting)' # the flash may be empty
download='state download-(rom|stub)'

stops connecting INT "$application" 'sync ignore 1000' ': SYNC' reset --no-stub
stops identifying TERM "$application" 'at command 1 of 0x14: delay 60 s' ': GET_SECURITY_INFO' info --no-stub
stops "loading to RAM" INT "$application" 'at command 1 of 0x07: delay 60 s' ': MEM_DATA' load-ram $boot
stops registers TERM "$application" 'at command 5 of 0x0a: delay 60 s' ': SPI_ATTACH' reg --no-stub read 0x3fc90000
stops reading HUP "$application" 'at command 9 of 0x0e: delay 60 s' ': READ_FLASH_SLOW' read --no-stub 0 1M out.bin
stops verifying INT "$application" 'at command 1 of 0x13: delay 60 s' ': SPI_FLASH_MD5' verify --no-stub 0 $boot
stops erasing TERM "$download" 'flash slow erase 100' ': FLASH_BEGIN' erase --no-stub 0 64k
check "erasing: what may have happened" grep -q '^esp-loader: the range may be erased in part' err
if [ "$mode" = stub ]; then
    stops "loading the stub" HUP "$application" 'at command 1 of 0x07: delay 60 s' ': MEM_DATA' info
    stops "erasing everything" INT "$download" 'flash slow erase 100' ': ERASE_FLASH' erase --all
fi
stops "flash, connecting" HUP "$application" 'sync ignore 1000' ': SYNC' flash 0 $boot
stops "flash, comparing" INT "$application" 'at command 1 of 0x13: delay 60 s' ': SPI_FLASH_MD5' flash --no-stub 0 $boot
check "flash, comparing: nothing happened" grep -qx 'esp-loader: nothing was erased' err
stops "flash, erasing" TERM "$download" 'flash slow erase 100' ': FLASH_BEGIN' flash --rewrite --no-stub 0x10000 $app
check "flash, erasing: what is incomplete" grep -q 'app.bin at 0x00010000: erased and incomplete' err

# The next run finds what an interrupted one has left.
serves 'flash slow erase 20'
interrupted "erasing, and again" INT "grep -q ': ERASE_REGION\|: FLASH_BEGIN' trace" "$loader" erase $mode_option --port "$port" 0 128k
check "erasing, and again: the next run" run flash -q --port "$port" 0 $boot
sim_stop >/dev/null 2>&1

# A rate that was changed is given back, so that the next program finds the target where no line can reset it.
# gives_back NAME SIGNAL FAULTS TEXT COMMAND...: a signal as soon as the trace has TEXT.
gives_back() {
    local name="rate, $1, SIG$2" signal=$2 faults=$3 text=$4
    shift 4
    rm -f trace
    real_sim --pty --quiet --trace=trace --flash-size 4MB --faults "$faults"
    interrupted "$name" "$signal" "grep -q '$text' trace" "$loader" "$@" --baud 921600 --port "$sim_at"
    check "$name: it was changed, and back" [ "$(grep -c ': CHANGE_BAUDRATE' trace)" -eq 2 ]
    runs "$name: the next command reaches the target" 0 '^MAC:' info --port "$sim_at"
    sim_stop >/dev/null 2>&1
}
gives_back info INT 'from command 2 of 0x0a: delay 300 ms' 'CHANGE_BAUDRATE' info --no-stub
gives_back read TERM 'from command 9 of 0x0e: delay 50 ms' ': READ_FLASH_SLOW' read --no-stub 0 1M out.bin
gives_back verify INT 'at command 1 of 0x13: delay 700 ms' ': SPI_FLASH_MD5' verify --no-stub 0 $boot
gives_back erase TERM 'at command 1 of 0x02: delay 1 s' ': FLASH_BEGIN' erase --no-stub 0 4k
gives_back flash INT 'at command 2 of 0x03: delay 700 ms; at command 2 of 0x11: delay 700 ms' 'FLASH_\(DEFL_\)\?DATA' \
    flash --no-stub --rewrite 0x10000 $app
gives_back load-ram TERM 'from command 1 of 0x07: delay 150 ms' ': MEM_DATA' load-ram $boot
if [ "$mode" = stub ]; then
    gives_back "flash with the stub" TERM "$slow_blocks" 'FLASH_\(DEFL_\)\?DATA' flash --rewrite 0x10000 $app
fi

# Opening the port: a server that accepts and says nothing.
python3 -c 'import socket, sys, time
ours = socket.create_server(("127.0.0.1", 0))
print(ours.getsockname()[1], flush=True)
time.sleep(300)' >silent &
silent=$!
until [ -s silent ]; do sleep 0.02; done
interrupted "opening, SIGINT" INT "grep -q Connecting out" "$loader" info --port "rfc2217://127.0.0.1:$(cat silent)"
kill $silent

# A second signal ends the program at once.
serves 'at command 1 of 0x13: delay 60 s'
env --default-signal=INT "$loader" verify --no-stub --port "$port" 0 $boot >out 2>err &
pid=$!
until grep -q ': SPI_FLASH_MD5' trace; do sleep 0.02; done
kill -INT $pid
until grep -q 'once more stops at once' err; do sleep 0.02; done
kill -INT $pid
wait $pid
check "second signal: killed by it" [ $? -eq 130 ]
sim_stop >/dev/null 2>&1

# --- a reader of standard output that has left ---

# unread COMMAND...: with a pipe as standard output that nobody reads any more.
unread() {
    python3 -c 'import os, subprocess, sys
ours, theirs = os.pipe()
os.close(ours)
sys.exit(subprocess.run(sys.argv[1:], stdout=theirs).returncode)' "$@" 2>err
}
start_sim --tcp 127.0.0.1:0
for command in "image $app" "image --json $app" "flash --port socket://$sim_at 0x10000 $app" "info --json --port socket://$sim_at"; do
    unread "$loader" $command
    check "reader has left: ${command%%/*}: exit code 0, no noise" eval "[ $? -eq 0 ] && [ ! -s err ]"
done
stop_sim "reader has left"

finish
