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

