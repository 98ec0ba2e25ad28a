# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the tests of the whole command-line tool share; source it with the five arguments of the test:
# ESP-LOADER ESP-SIM EL-MKIMAGE PROJECT FOLDER. Works in an emptied FOLDER; each check prints one line.
set -u
LC_ALL=C
export LC_ALL
loader=$1 sim=$2 mkimage=$3 project=$4 folder=$5
. "$project/scripts/start-sim.sh"

for program in "$loader" "$sim" "$mkimage"; do
    [ -x "$program" ] || { echo "there is no $program"; exit 1; }
done
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" || exit 1
checks=0
failures=0

pass() {
    checks=$((checks + 1))
    echo "ok      $1"
}

fail() {
    checks=$((checks + 1))
    failures=$((failures + 1))
    echo "FAILED  $1"
    sed 's/^/          /' out err 2>/dev/null
}

# check NAME COMMAND...: passes when the command succeeds.
check() {
    local name=$1
    shift
    if "$@"; then pass "$name"; else fail "$name"; fi
}

# start_sim OPTIONS...: a simulator as fast as it goes; sets $sim_at.
start_sim() {
    sim_start "$sim" . --speed max "$@" || exit 1
}

# stop_sim NAME: ends it; it must have found nothing to complain about.
stop_sim() {
    check "$1: the simulator found no misuse" sim_stop
}

# has_flash FILE OFFSET: the saved flash holds the file at the offset.
has_flash() {
    cmp -s --ignore-initial="$(($2)):0" --bytes="$(stat -c %s "$1")" flash.bin "$1"
}

# finish: exit status of the test; one that ran nothing has failed.
finish() {
    echo "$checks checks, $failures failed"
    [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
    exit
}
