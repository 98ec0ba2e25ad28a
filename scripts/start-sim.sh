# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Source this file. sim_start ESP-SIM FOLDER OPTIONS... starts a simulator in the background and sets sim_at to its
# HOST:PORT or pty; its output goes to FOLDER/sim.log. It ends when this shell ends, however that happens: its standard
# input is a pipe that only this shell holds open (descriptor 9), and programs started with without_sim do not.

sim_start() {
    local program=$1 folder=$2
    shift 2
    sim_at=
    rm -f "$folder/sim.stdin"
    mkfifo "$folder/sim.stdin"
    rm -f "$folder/sim.log" # an earlier one says "ready" too, until the child has opened its own
    "$program" --exit-on-eof "$@" <"$folder/sim.stdin" >"$folder/sim.log" 2>&1 &
    sim_pid=$!
    exec 9>"$folder/sim.stdin"
    until grep -qs '^esp-sim: ready$' "$folder/sim.log"; do
        if ! kill -0 "$sim_pid" 2>/dev/null; then
            echo "the simulator does not start:" >&2
            cat "$folder/sim.log" >&2
            return 1
        fi
        sleep 0.01
    done
    sim_at=$(sed -nE 's/^esp-sim: listening on (tcp|rfc2217|pty|usbip) //p' "$folder/sim.log")
}

without_sim() {
    "$@" 9>&-
}

# Ends the simulator and waits until it has saved its flash.
sim_stop() {
    exec 9>&-
    wait "$sim_pid"
}
