#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# flash --json: the outcome for programs. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin
[ "$mode" = stub ] && loader_name=stub || loader_name=rom

# reports NAME CODE EXPRESSION ARGUMENTS...: exit code, and a Python expression about the object r.
reports() {
    local name=$1 code=$2 expression=$3
    shift 3
    run flash --json "$@" >out 2>err
    local got=$?
    if [ $got -ne "$code" ]; then
        fail "$name (exit code $got, not $code)"
    elif ! python3 -c 'import json, sys; r = json.load(open("out")); sys.exit(not eval("(" + sys.argv[1] + ")"))' "$expression"; then
        fail "$name (not so: $expression)"
    else
        pass "$name"
    fi
}

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
reports "success" 0 "r['ok'] and r['exit_code'] == 0 and 'failure' not in r" --port "$port" 0 $boot 64k $app
reports "the target" 0 "r['port'] == '$port' and r['target'] == {'chip': 'ESP32-S3', 'loader': '$loader_name',
    'mac': '02:00:00:00:00:01', 'flash_size': 8388608}" --port "$port" 0 $boot
reports "images in their order" 0 "[(i['name'], i['offset'], i['size']) for i in r['images']] ==
    [('app.bin', 65536, 65536), ('bootloader.bin', 0, 20480)]" --port "$port" 64k $app 0 $boot
reports "what the flash holds already" 0 "r['images'][0]['result'] == 'equal'" --port "$port" 0 $boot
reports "what was written" 0 "r['images'][0]['result'] == 'verified' and r['images'][0]['bytes_sent'] > 0 and
    r['images'][0]['sectors_erased'] == 5" --rewrite --port "$port" 0 $boot
check "nothing else is printed" [ ! -s err ]
reports "image that does not fit the target" 6 "not r['ok'] and r['exit_code'] == 6 and r['failure']['image'] == 0 and
    r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_RANGE' and r['images'][0]['result'] != 'verified'" \
    --port "$port" 0x7f8000 $app
check "the sentence is on standard error as ever" grep -q '^esp-loader: app.bin at 0x007f8000: ' err
stop_sim success

start_sim --tcp 127.0.0.1:0 --faults 'from command 1 of 0x13: wrong md5'
reports "flash that differs" 7 "r['failure']['cause'] == 'ESP_LOADER_ERROR_INVALID_MD5' and
    [i['result'] for i in r['images']] == ['failed', 'not started']" --rewrite --port "socket://$sim_at" 0 $boot 64k $app
stop_sim "flash that differs"
reports "no port" 3 "r['failure']['stage'] == 'opening the port' and 'target' not in r and
    r['images'][0]['result'] == 'not started'" --port /dev/ttyNOPE 0 $boot
reports "file that cannot be read" 5 "r['exit_code'] == 5 and r['images'] == []" --port /dev/ttyNOPE 0 nope.bin
check "mistake on the command line: no object" bash -c '"$1" flash --json --port /dev/ttyNOPE >out 2>err; [ $? -eq 2 ] && [ ! -s out ]' \
    - "$loader"
cp $boot $'\377.bin'
run flash --json --port /dev/ttyNOPE 0 $'\377.bin' >out 2>err
check "name that is not UTF-8: said" grep -q '^esp-loader: the report cannot be made' err

finish
