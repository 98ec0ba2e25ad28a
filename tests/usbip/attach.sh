#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What scripts/usbip-attach does before the kernel is asked: attach.sh ESP-SIM PROJECT FOLDER. The rest is in tests/usb.
set -u
sim=$1
attach=$2/scripts/usbip-attach
folder=$3
. "$2/scripts/start-sim.sh"
failures=0

check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        failures=$((failures + 1))
    fi
}

# says CODE TEXT COMMAND...: exit code and a part of the output.
says() {
    local code=$1 text=$2 output status
    shift 2
    output=$("$@" 2>&1)
    status=$?
    [ $status = "$code" ] && [[ $output == *"$text"* ]] || { echo "        $status: $output"; return 1; }
}

lists_three_boards() {
    [ "$(without_sim "$attach" --list "$port")" = $'1-1\n1-2\n1-3' ]
}

rm -rf "$folder" && mkdir -p "$folder" || exit 1
sim_start "$sim" "$folder" --usbip 0 --count 3 || exit 1
port=${sim_at##*:}
check "lists the boards of a server" lists_three_boards
sim_stop
check "says that there is no server" says 1 "no USB/IP server at 127.0.0.1:$port" "$attach" --list "$port"
check "wants to know which server" says 2 "which server" "$attach" --keep
check "refuses unknown options" says 2 "unknown option --bogus" "$attach" --bogus "$port"
check "refuses what cannot be a board" says 2 "is not a board" "$attach" "$port" 12345678901234567890123456789012
check "has a help text" says 0 "usage: usbip-attach" "$attach" --help
exit $((failures > 0))
