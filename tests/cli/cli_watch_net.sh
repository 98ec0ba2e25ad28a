#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader watch on network ports, where a board is there when it answers, and gone when its server closes the connection.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
trap 'kill $(jobs -p) 2>/dev/null' EXIT
[ "$mode" = rom ] && no_stub=--no-stub || no_stub=

"$mkimage" set -o images --size 64K --flash-size 4MB >/dev/null || exit 1

# says PATTERN COUNT: waits until the line has been printed that often; gives up when the program ends.
says() {
    until [ "$(grep -cE -- "$1" out)" -ge "$2" ]; do
        kill -0 $watcher 2>/dev/null || { [ "$(grep -cE -- "$1" out)" -ge "$2" ]; return; }
        sleep 0.05
    done
}

# connected COUNT: waits until the simulator has been connected to that often.
connected() {
    until [ "$(grep -c 'client connected' sim.log)" -ge "$1" ] || ! kill -0 $watcher 2>/dev/null; do sleep 0.05; done
}

# station SCHEME CABLE OPTIONS...: two boards after one another on one network port.
station() {
    local scheme=$1 cable=$2 address
    shift 2
    start_sim --$cable 127.0.0.1:0 # for an address
    address=$sim_at
    sim_stop
    : >out
    env --default-signal=INT "$loader" watch $no_stub --after "$after" --count 2 --port "$scheme://$address" 0x10000 images/app.bin >out 2>err 9>&- &
    watcher=$!
    says '^Waiting for boards' 1
    start_sim --$cable "$address" --flash flash.bin --flash-size 4MB --mac 02:00:00:00:00:01 "$@"
    says ' done in ' 1
    connected $(($(grep -c 'client disconnected' sim.log) + 1)) # it waits for the end of this one
    stop_sim "$scheme, first board"
    says ': removed$' 1
    start_sim --$cable "$address" --flash flash.bin --flash-size 4MB --mac 02:00:00:00:00:02 "$@"
    wait $watcher
    check "$scheme: exit code 0 (got $?)" [ $? -eq 0 ]
    check "$scheme: each board is flashed once" diff - <(sed -E 's/ in [0-9.]+ s//' out) <<END
Waiting for boards; Ctrl-C ends
$scheme://$address: flashing through $scheme://$address
$scheme://$address: 02:00:00:00:00:01 done, 1 verified
$scheme://$address: removed
$scheme://$address: flashing through $scheme://$address
$scheme://$address: 02:00:00:00:00:02 done, 1 unchanged
2 flashed, 0 failed
END
    check "$scheme: standard error is empty" [ ! -s err ]
    stop_sim "$scheme, second board"
    rm -f flash.bin
}

after=reset station rfc2217 rfc2217 --wiring bridge --boot app
after=stay station socket tcp

# --- a board that stays, in download mode, and the end by Ctrl-C; in real time ---

real_sim --rfc2217 127.0.0.1:0 --flash-size 4MB
: >out
env --default-signal=INT "$loader" watch $no_stub --after stay --port "rfc2217://$sim_at" 0x10000 images/app.bin >out 2>err 9>&- &
watcher=$!
says ' done in ' 1
connected $(($(grep -c 'client disconnected' sim.log) + 1))
sleep 3 # asked at least once
check "a board that stays is not flashed again" [ "$(grep -c 'flashing through' out)" -eq 1 ]
check "a board that stays is not taken for removed" [ "$(grep -c removed out)" -eq 0 ]
kill -INT $watcher
wait $watcher
check "Ctrl-C: exit code 8" [ $? -eq 8 ]
stop_sim "in real time"
finish
