# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the tests of the whole command-line tool share; source it with the six arguments of the test:
# ESP-LOADER ESP-SIM EL-MKIMAGE PROJECT FOLDER MODE. Works in an emptied FOLDER; each check prints one line. MODE says which
# loader the commands use: stub = the flasher stub that is built in, rom = --no-stub, none = this build has no stub.
set -u
LC_ALL=C
export LC_ALL
unset ESPPORT ESPBAUD ${!ESPTOOL_*} ${!ESP_LOADER_*} # of whoever runs the tests
export XDG_CONFIG_HOME=/proc/nonexistent
loader=$1 sim=$2 mkimage=$3 project=$4 folder=$5 mode=$6
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

# What `Loader:` says in this mode, as a pattern, and the option that brings it about.
case $mode in
    stub) loader_shown='flasher stub' mode_option= ;;
    rom) loader_shown='ROM' mode_option=--no-stub ;;
    none) loader_shown='ROM [(]this build has no flasher stub[)]' mode_option= ;;
    *) echo "there is no mode '$mode'" && exit 1 ;;
esac

# run COMMAND ARGUMENTS...: the tool, with the loader of this mode.
run() {
    "$loader" "$@" $mode_option
}

# runs NAME CODE STDOUT-PATTERN ARGUMENTS...: exit code, and a pattern that must occur on standard output.
runs() {
    local name=$1 code=$2 pattern=$3
    shift 3
    run "$@" >out 2>err
    local got=$?
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif ! grep -aqE -- "$pattern" out; then
        fail "$name (standard output lacks: $pattern)"
    else
        pass "$name"
    fi
}

# refuses NAME CODE SENTENCE-PATTERN ARGUMENTS...: exit code, and exactly one sentence on standard error.
refuses() {
    local name=$1 code=$2 pattern=$3
    shift 3
    run "$@" >out 2>err
    local got=$?
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif [ "$(wc -l <err)" -ne 1 ]; then
        fail "$name (not one sentence)"
    elif ! grep -qE -- "^esp-loader: $pattern" err; then
        fail "$name (another sentence than: $pattern)"
    elif grep -qE '^(Erasing|Writing)$' out; then
        fail "$name (it began to erase)"
    else
        pass "$name"
    fi
}

# is_so EXPRESSION [FILE]: a Python expression about r, the one JSON object in the file (out).
is_so() {
    python3 -c 'import hashlib, json, sys
def md5(path, offset=0, size=None):
    return hashlib.md5(open(path, "rb").read()[offset:][:size]).hexdigest()
r = json.load(open(sys.argv[2]))
sys.exit(not eval("(" + sys.argv[1] + ")"))' "$1" "${2:-out}"
}

# has_message: the message of the object is the first failure on standard error, and there is none without a failure.
has_message() {
    is_so "r['ok'] or 'esp-loader: ' + r['message'] in open('err', errors='replace').read()" && is_so "not r['ok'] or 'message' not in r"
}

# reports NAME CODE EXPRESSION COMMAND ARGUMENTS...: exit code, and what is so about the object that COMMAND --json prints.
reports() {
    local name=$1 code=$2 expression=$3 command=$4
    shift 4
    run $command --json "$@" >out 2>err
    local got=$?
    cat out >>reports.json
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif ! is_so "r['exit_code'] == $code and r['ok'] == ($code == 0) and ($expression)"; then
        fail "$name (not so: $expression)"
    elif ! has_message; then
        fail "$name (message)"
    else
        pass "$name"
    fi
}

# follows_schema NAME report|events FILE: what was printed is as the schema in docs/ says.
follows_schema() {
    check "$1: as the schema says" python3 "$project/tests/cli/json_schema.py" "$2" "$project/docs" "$3"
}

# writes_once PROGRAM ARGUMENTS...: what it prints is JSON, and each write to standard output is one object and its newline.
writes_once() {
    python3 -c 'import json, socket, subprocess, sys
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
subprocess.run(sys.argv[1:], stdout=theirs)
count = 0
try:
    while True:
        text = ours.recv(1 << 20, socket.MSG_DONTWAIT)
        assert text.endswith(b"}\n") and json.loads(text)
        count += 1
except BlockingIOError:
    sys.exit(count == 0)' "$@"
}

# start_sim OPTIONS...: a simulator as fast as it goes; sets $sim_at. It hides time-outs of the host, so a test that uses it
# uses real_sim, too: one in real time.
fast_sims=0
real_sims=0
start_sim() {
    fast_sims=$((fast_sims + 1))
    sim_start "$sim" . --speed max "$@" || exit 1
}

real_sim() {
    real_sims=$((real_sims + 1))
    sim_start "$sim" . "$@" || exit 1
}

# Faults of a simulator in real time that is to be interrupted in the middle of an image: each block takes so long that
# there are seconds to the last one. The ROM's are smaller.
[ "$mode" = stub ] && block_time='1 s' || block_time='150 ms'
slow_blocks="from command 2 of 0x03: delay $block_time; from command 2 of 0x11: delay $block_time"

# stop_sim NAME: ends it; it must have found nothing to complain about.
stop_sim() {
    if sim_stop; then
        pass "$1: the simulator found no misuse"
    else
        : >out
        cp sim.log err
        fail "$1: the simulator found no misuse"
    fi
}

# boots PARTITION: what starts of flash.bin (8 MB), by the boot log of the simulator.
boots() {
    start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 8MB --boot app --console
    for ((i = 0; i < 500; i++)); do
        grep -aq 'the app would run now' sim.log && break
        sleep 0.02
    done
    sim_stop
    grep -aq "app '$1' at" sim.log
}

# has_flash FILE OFFSET: the saved flash holds the file at the offset.
has_flash() {
    cmp -s --ignore-initial="$(($2)):0" --bytes="$(stat -c %s "$1")" flash.bin "$1"
}

# finish: exit status of the test; one that ran nothing has failed.
finish() {
    [ ! -s reports.json ] || follows_schema "all reports" report reports.json
    [ "$fast_sims" -eq 0 ] || check "a part of this test runs in real time" [ "$real_sims" -gt 0 ]
    echo "$checks checks, $failures failed"
    [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
    exit
}
