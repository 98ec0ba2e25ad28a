#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# --json-events: what happens during a run, for programs, against the schemas in docs/. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"

"$mkimage" set -o images --size 256K --flash-size 4MB >/dev/null || exit 1
boot=images/bootloader.bin app=images/app.bin
head -c 8192 $app >small.bin

# so_of EXPRESSION: a Python expression about e, the events in out.
so_of() {
    sed 's/$/,/' out | { echo '['; cat; echo '0]'; } >out.list
    is_so "(lambda e: $1)(r[:-1])" out.list
}

# tells NAME CODE EXPRESSION COMMAND ARGUMENTS...: exit code, the schema, what is so about the events, and a report that is
# the one of --json.
tells() {
    local name=$1 code=$2 expression=$3 command=$4
    shift 4
    echo "$command" >>told
    run $command --json-events "$@" >out 2>err
    local got=$?
    check "$name: exit code $code (got $got)" [ $got -eq "$code" ]
    follows_schema "$name" events out
    check "$name: $expression" so_of "$expression"
    check "$name: the command, and its exit code" so_of "e[0]['command'] == '$command' and e[-1]['report']['exit_code'] == $code"
}
names="[x['event'] for x in e]"
steps="[x['step'] for x in e if x['event'] == 'progress']"

# --- every command ---

start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 4MB
port=rfc2217://$sim_at
tells flash 0 "$names[:3] == ['start', 'connecting', 'connected'] and
    set($names[3:-1]) == {'progress'} and set($steps) <= {'compare', 'erase', 'write', 'verify', 'done'}" \
    flash --port "$port" 0 $boot 0x10000 $app
check "flash: each image is done" so_of "[(x['image'], x['name'], x['offset'], x['result'], x['done'] == x['total']) for x in e
    if x.get('step') == 'done'] == [(0, 'bootloader.bin', 0, 'verified', True), (1, 'app.bin', 65536, 'verified', True)]"
check "flash: steps of an image in their order" so_of "[s for i, s in enumerate($steps) if i == 0 or $steps[i - 1] != s][:5] ==
    ['compare', 'erase', 'write', 'verify', 'done']"
check "flash: who has answered" so_of "e[2]['target'] == e[-1]['report']['target'] and e[2]['target']['chip'] == 'ESP32-S3'"
check "flash: where" so_of "e[1]['port'] == '$port'"
check "flash: nothing on standard error" [ ! -s err ]
run flash --json --port "$port" 0 $boot 0x10000 $app >report
tells "flash, nothing new" 0 "$steps[-1] == 'done' and [x['result'] for x in e if x.get('step') == 'done'] == ['equal'] * 2" \
    flash --port "$port" 0 $boot 0x10000 $app
check "the report is the one of --json" python3 -c 'import json
def still(r): return json.dumps({**r, "images": [{**i, "time_ms": 0} for i in r["images"]]})
report = json.loads(open("out").read().splitlines()[-1])["report"]
assert still(report) == still(json.load(open("report")))'
tells read 0 "set($steps) == {'read'} and [x['done'] for x in e if x['event'] == 'progress'][::len($steps) - 1] == [0, 131072]" \
    read --port "$port" 0 128k copy.bin
tells verify 0 "$steps == ['compare', 'done'] * 2" verify --port "$port" 0 $boot 0x10000 $app
tells "verify: different" 7 "[x.get('result') for x in e if x['event'] == 'progress'] == [None, 'different']" \
    verify --port "$port" 0x1000 small.bin
tells erase 0 "$steps == ['erase', 'erase'] and [x['done'] for x in e if x['event'] == 'progress'] == [0, 4096]" \
    erase --port "$port" 0x9000 4k
"$mkimage" table -o table.bin otadata,data,ota,0xd000,8K factory,app,factory,0x10000,128K ota_0,app,ota_0,0x30000,128K >table.log
tells "flash by name" 0 "e[-1]['report']['images'][0]['partition'] == 'partition-table'" flash --port "$port" partition-table=table.bin
tells partitions 0 "$names == ['start', 'connecting', 'connected', 'report'] and e[-1]['report']['starts'] == 'factory'" partitions --port "$port"
tells ota 0 "e[-1]['report']['result'] == 'selected' and e[-1]['report']['starts'] == 'ota_0'" ota --port "$port" ota_0
tells "erase by name" 0 "$steps == ['erase', 'erase']" erase --port "$port" otadata
tells md5 0 "$names == ['start', 'connecting', 'connected', 'report']" md5 --port "$port" 0 4k
: >out # the background process may be later than the first look at it
"$loader" hold-in-reset --json-events --port "$port" >out 2>err &
pid=$!
for ((i = 0; i < 500; i++)); do
    grep -q '"start"' out && break
    sleep 0.02
done
kill -TERM $pid
wait $pid
follows_schema hold-in-reset events out
check hold-in-reset so_of "$names == ['start', 'connecting', 'report'] and e[-1]['report']['ok']"
echo hold-in-reset >>told
tells info 0 "$names == ['start', 'connecting', 'connected', 'report']" info --port "$port"
tells efuse 0 "e[-1]['report']['efuses'][0]['text'] == '02:00:00:00:00:01'" efuse --port "$port" get MAC
tells reg 0 "$names == ['start', 'connecting', 'connected', 'report']" reg --port "$port" read 0x3fc90000
tells reset 0 "$names == ['start', 'connecting', 'connected', 'report']" reset --port "$port"
tells spi-flash 0 "e[-1]['report']['status'] == 0" spi-flash --port "$port" status
tells spi-flash 0 "e[-1]['report']['sfdp'].startswith('53464450')" spi-flash --port "$port" sfdp 0 16
tells selftest 0 "$names == ['start', 'connecting', 'connected', 'report']" selftest --port "$port"
tells load-ram 0 "$names == ['start', 'connecting', 'connected', 'report']" load-ram --port "$port" $boot
tells "erase all" 0 "$steps == ['erase', 'erase']" erase --all --port "$port"
stop_sim "every command"
sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
mode_option=
tells ports 0 "$names == ['start', 'report']" ports
tells image 0 "$names == ['start', 'report'] and e[1]['report']['type'] == 'executable image'" image $app
tells merge 0 "$names == ['start', 'report']" merge -o all.bin 0 $boot 0x10000 $app
tells "partitions of a file" 0 "$names == ['start', 'report']" partitions images/partition-table.bin
tells "image of a merged file" 0 "len(e[1]['report']['parts']) == 2" image all.bin
sysfs_unplug 1-2
[ "$mode" = rom ] && mode_option=--no-stub

# --- failures ---

tells "no port" 3 "$names == ['start', 'connecting', 'report'] and e[2]['report']['failure']['stage'] == 'opening the port'" \
    flash --port /dev/ttyNOPE 0 $boot
tells "no file" 5 "$names == ['start', 'report']" flash --port /dev/ttyNOPE 0 nope.bin
run flash --json-events --no-such-option >out 2>err
check "mistake on the command line: the report alone" \
    so_of "len(e) == 1 and e[0]['event'] == 'report' and e[0]['report']['exit_code'] == 2 and e[0]['report']['message']"
ESP_LOADER_JSON_EVENTS=1 "$loader" image nope.bin >out 2>err
follows_schema "from the environment" events out
check "from the environment" so_of "$names == ['start', 'report'] and not e[1]['report']['ok']"
start_sim --rfc2217 127.0.0.1:0 --flash-size 4MB --faults 'from command 2 of 0x13: wrong md5'
tells "flash that differs" 7 "'done' not in $steps and e[-1]['report']['failure']['cause'] == 'ESP_LOADER_ERROR_INVALID_MD5'" \
    flash --rewrite --port "rfc2217://$sim_at" 0x10000 $app
check "flash that differs: the sentence is on standard error as ever" grep -q '^esp-loader: app.bin at 0x00010000: ' err
stop_sim "flash that differs"

start_sim --rfc2217 127.0.0.1:0 --flash-size 4MB
run info --json-events --port "rfc2217://$sim_at" >/dev/full 2>err
check "full disk: exit code and sentence" eval "[ $? -eq 1 ] && [ \"\$(cat err)\" = 'esp-loader: cannot write to standard output' ]"
stop_sim "full disk"

# --- in real time ---

real_sim --rfc2217 127.0.0.1:0 --flash-size 4MB --trace=trace --faults "$slow_blocks"
: >out
env --default-signal=INT "$loader" flash --json-events $mode_option --rewrite --port "rfc2217://$sim_at" 0x10000 $app >out 2>err &
pid=$!
until grep -q '"write"' out || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
kill -INT $pid
wait $pid
check "Ctrl-C: exit code 8" [ $? -eq 8 ]
follows_schema "Ctrl-C" events out
check "Ctrl-C: the report is the last" so_of "e[-1]['report']['exit_code'] == 8 and e[-1]['report']['images'][0]['result'] == 'failed'"
sim_stop
real_sim --rfc2217 127.0.0.1:0 --flash-size 4MB
run flash --json-events -b 921600 --port "rfc2217://$sim_at" 0x10000 $app >out 2>err
check "what is no more than a count comes at most ten times a second" so_of "(lambda p: all(b - a >= 100 for a, b in zip(p, p[1:])))(
    [x['time_ms'] for x in e if x.get('step') == 'write' and 0 < x['done'] < x['total']]) and $steps.count('write') > 3"
check "each event goes out in one piece" writes_once "$loader" flash --json-events -b 921600 $mode_option --port "rfc2217://$sim_at" 0 $boot
stop_sim "in real time"

# --- several boards ---

start_sim --pty=board --flash-size 4MB
sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
sysfs_tty 1-2 ttyACM0 "$(readlink -f board)"
"$loader" rfc2217-server --json-events --port board --listen 127.0.0.1:0 >out 2>err 9>&- &
pid=$!
for ((i = 0; i < 500; i++)); do
    grep -q '"listening"' out && break
    sleep 0.02
done
kill -TERM $pid
wait $pid
follows_schema rfc2217-server events out
check rfc2217-server so_of "$names == ['start', 'connecting', 'listening', 'report'] and e[-1]['report']['clients'] == 0"
echo rfc2217-server >>told
tells watch 0 "all(x['place'] == '1-2' for x in e[1:]) and e[-1]['report']['board']['place'] == '1-2' and 'done' in $steps" \
    watch --after stay --count 1 0 $boot 0x10000 $app
: >out # the background process may be later than the first look at it
env "$loader" watch --json-events $mode_option --after stay --count 2 0 $boot >out 2>err 9>&- &
pid=$!
# so_far PATTERN: waits until it has been printed.
so_far() {
    until grep -q "$1" out || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
}
so_far '"report"'
sysfs_unplug 1-2
so_far '"removed"'
sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
sysfs_tty 1-2 ttyACM0 "$(readlink -f board)"
wait $pid
check "watch, a board that is removed: exit code 0" [ $? -eq 0 ]
follows_schema "watch, a board that is removed" events out
check "watch, a board that is removed: between two reports" so_of "[(x['event'], x['place']) for x in e
    if x['event'] in ('report', 'removed')] == [('report', '1-2'), ('removed', '1-2'), ('report', '1-2')]"
stop_sim watch

echo monitor >>told # prints what the target prints, and no report
"$loader" --help | sed -nE '/^commands/,/^$/s/^ +([a-z0-9-]+) .*/\1/p' | sort >commands
check "every command is here: $(sort -u told | comm -13 - commands | xargs)" \
    eval '[ "$(wc -l <commands)" -gt 10 ] && sort -u told | comm -13 - commands | diff - /dev/null'
finish
