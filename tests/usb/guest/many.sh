# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Several boards at once.
. /lib.sh

# flash_all COUNT OPTIONS...: flashes all boards at the same time; succeeds when every one did.
flash_all() {
    local count=$1 board pids= pid status=0
    shift
    for ((board = 0; board < count; board++)); do
        (work=$work/$board && mkdir "$work" && flash "$board" "$@") &
        pids+=" $!"
    done
    for pid in $pids; do
        wait "$pid" || status=1
    done
    cat "$work"/*/out >"$work/out"
    return $status
}

# all_hold COUNT FILE: the saved flash of every board is like FILE, every byte of it.
all_hold() {
    local board
    for ((board = 0; board < $1; board++)); do
        cmp "flash.bin.$board" "$2" || return 1
    done
}

time_us() {
    control 0 state | sed -n 's/^time_us //p'
}

start_sim 2
usbip-attach 3240 >/dev/null
check "two boards are flashed at once" flash_all 2
check "two boards: the simulator found no misuse" stop_sim
check "two boards: both flashes hold the images, byte for byte" all_hold 2 $images/expected.bin

# The place of a board is how its port is found again: it must not depend on which of several boards comes back first.
place_of() {
    local tty
    tty=$(tty_of "$1")
    basename "$(readlink -f "/sys/class/tty/${tty##*/}/device/..")"
}
has_no_tty() {
    ! has_tty "$1"
}
start_sim 2
keep_attached
in_time 10 has_tty 1
before="$(place_of 0) $(place_of 1)"
control 0 unplug >/dev/null
control 1 unplug >/dev/null
in_time 10 has_no_tty 0 && in_time 10 has_no_tty 1
control 1 plug >/dev/null
in_time 10 has_tty 1
control 0 plug >/dev/null
check "two boards: both are attached again when they come back, whichever is first" in_time 10 has_tty 0
after="$(place_of 0) $(place_of 1)"
check "two boards: each is back in its place" [ "$before" = "1-1 1-2" -a "$after" = "$before" ]
stop_sim
