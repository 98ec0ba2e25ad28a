# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the cases of the guest share; source it. Every case ends with one line "ok NAME" or "FAILED NAME", which
# tests/usb/run counts. Time in the guest is counted in instructions (see there), so that nothing here depends on how busy
# the host is.
set -u
images=/images/small
work=/tmp/work
sim_pid=
keeper_pid=

pass() {
    echo "ok $1"
}

fail() {
    echo "FAILED $1"
    tail -n 20 "$work/out" "$work/sim.log" "$work/keep.log" 2>/dev/null | sed 's/^/    | /'
    dmesg | grep -v 'urb->status\|unlink->seqnum' | tail -n 5 | sed 's/^/    | /'
}

# check NAME COMMAND...: one case.
check() {
    local name=$1
    shift
    if "$@"; then pass "$name"; else fail "$name"; fi
}

# in_time SECONDS COMMAND...: runs it until it succeeds; fails when that takes longer.
in_time() {
    local rounds=$(($1 * 20))
    shift
    until "$@" 2>/dev/null; do
        rounds=$((rounds - 1))
        [ "$rounds" -gt 0 ] || return 1
        sleep 0.05
    done
}

# start_sim COUNT OPTIONS...: a simulator with so many boards and their flash in $work/flash.bin, or flash.bin.0 ...
start_sim() {
    local count=$1
    shift
    rm -rf "$work"
    mkdir -p "$work"
    cd "$work" || exit 1
    esp-sim --usbip 3240 --count "$count" --flash-size 4MB --flash flash.bin --control control "$@" \
        >sim.log 2>&1 &
    sim_pid=$!
    in_time 10 grep -q '^esp-sim: ready' sim.log || echo "FAILED the simulator starts"
}

# Ends it: it saves its flash, and must have found no misuse.
stop_sim() {
    [ -z "$keeper_pid" ] || { kill "$keeper_pid"; wait "$keeper_pid" 2>/dev/null; }
    keeper_pid=
    kill "$sim_pid"
    wait "$sim_pid"
    local status=$?
    in_time 10 nothing_attached
    return $status
}

# Attaches boards again whenever they come back.
keep_attached() {
    usbip-attach --keep 3240 >keep.log 2>&1 &
    keeper_pid=$!
    in_time 20 has_tty 0
}

nothing_attached() {
    ! ls /dev/ttyACM* >/dev/null 2>&1
}

# Sends commands to the control socket of board $1 (empty when there is only one).
control() {
    local board=$1
    shift
    printf '%s\n' "$@" | nc -N -U "control${board:+.$board}"
}

# Prints one counter of a board.
stat_of() {
    control "$1" stats | sed -n "s/^$2 //p"
}

# Prints the tty of board number $1, found by its serial number: the name may be any.
tty_of() {
    local serial tty
    serial=$(printf '02:00:00:00:00:%02X' $(($1 + 1)))
    for tty in /sys/class/tty/ttyACM*; do
        if [ "$(cat "$tty/device/../serial" 2>/dev/null)" = "$serial" ]; then
            echo "/dev/${tty##*/}"
            return
        fi
    done
    echo /dev/none
}

has_tty() {
    [ -c "$(tty_of "$1")" ]
}

# flash_port PORT OPTIONS...: flashes the images of $images.
flash_port() {
    local port=$1
    shift
    timeout 600 esp-loader flash -q -p "$port" "$@" 0x0 $images/bootloader.bin 0x8000 $images/partition-table.bin \
        0x10000 $images/app.bin >"$work/out" 2>&1
}

# flash BOARD OPTIONS...: the same through the board's tty.
flash() {
    local board=$1
    shift
    flash_port "$(tty_of "$board")" "$@"
}

# holds_images FILE: compares a saved flash with what it must hold, every byte of it.
holds_images() {
    cmp "$1" $images/expected.bin
}

total=$(($(cat $images/bootloader.bin $images/partition-table.bin $images/app.bin | wc -c)))

# resumed PORT PACKET OPTIONS...: flashes the only board, which is unplugged at a bulk packet for a second, and again when
# it is back. PORT is tty for whatever its tty is called then.
resumed() {
    local port=$1 point=$2 before missing
    shift 2
    control "" 'load /images/empty.bin' "faults at transfer $point out : disconnect 1 s" >/dev/null
    flash_port "${port/#tty/$(tty_of 0)}" "$@" && { echo "it did not notice" >>out; return 1; }
    in_time 10 has_tty 0 || return 1
    before=$(stat_of "" bytes_programmed)
    flash_port "${port/#tty/$(tty_of 0)}" "$@" || return 1
    missing=$(($(stat_of "" bytes_programmed) - before))
    control "" "save $work/saved.bin" >/dev/null
    holds_images saved.bin || return 1
    echo "guest: unplugged at packet $point: $missing of $total bytes were missing and have been written"
    # What had been written for certain at the later points is not written again.
    [ "$point" -lt 500 ] || [ "$missing" -lt "$total" ]
}
