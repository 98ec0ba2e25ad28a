#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Names that are not UTF-8, or would act on a terminal: harmless on standard output and error, and in JSON.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin
export ESP_LOADER_SYSFS=$folder/no-sysfs

# is_harmless CODE: texts and object are UTF-8 without a control character but the end of lines; the object is whole.
is_harmless() {
    python3 -c 'import json, sys, unicodedata
def read(path):
    text = open(path, "rb").read().decode("utf-8")
    assert not any(c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u2028\u202e") for c in text), text
    return text
code = int(sys.argv[1])
read("out")
read("err")
report = json.loads(read("out.json"))
assert report["exit_code"] == code and report["ok"] == (code == 0)
assert code == 0 or "esp-loader: " + report["message"] in read("err.json")' "$1"
}

# says NAME CODE COMMAND...: once for people, once as JSON.
says() {
    local name=$1 code=$2 command=$3 got
    shift 3
    run "$command" "$@" >out 2>err
    got=$?
    run "$command" --json "$@" >out.json 2>err.json
    check "$name" eval "[ $got -eq $code ] && is_harmless $code"
}

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin
port=socket://$sim_at
for name in $'z\377\033[31mred\a\302\233\342\200\256.bin' $'two\nlines.bin'; do
    shown=$(printf %q "$name")
    cp $app "$name"
    says "$shown: flash" 0 flash --port "$port" 0x10000 "$name"
    says "$shown: verify" 0 verify --port "$port" 0x10000 "$name"
    says "$shown: flash to a wrong place" 6 flash --port "$port" 0x7f8000 "$name"
    says "$shown: image" 0 image "$name"
    says "$shown: read" 0 read --port "$port" 0 4k "$name"
    says "$shown: image of something else" 5 image "$name"
    says "$shown: merge" 0 merge -o "$name" 0 $boot
    says "$shown: merge into a missing folder" 1 merge -o "no/$name" 0 $boot
    rm "$name"
    for command in "flash --port $port 0" "verify --port $port 0" image "load-ram --port $port" "merge -o x.bin 0"; do
        says "$shown: missing: ${command%% *}" 5 $command "$name"
    done
    says "$shown: as a port" 3 info --port "$name"
    says "$shown: as an option" 2 info --port "$port" "--$name"
    says "$shown: as an offset" 2 flash --port "$port" "$name" $app
done
sim_stop # reading and flashing what is no image is not what is looked at here
cp $app 'grün.bin'
run image --json 'grün.bin' >out
check "a name in UTF-8 stays what it is" is_so "r['file'] == 'grün.bin'"
cp $app $'z\377.bin'
run image --json $'z\377.bin' >out
check "a byte that is not UTF-8 is a question mark" is_so "r['file'] == 'z?.bin'"

# A project folder from a stranger.
mkdir -p project
printf '{"flash_files":{"0x10000":"\\u001b[31mr\\u0007\\u009bed.bin"},"extra_esptool_args":{"chip":"esp32s3"}}' \
    >project/flasher_args.json
cp $app "project/$(printf '\033[31mr\a\302\233ed.bin')"
real_sim --tcp 127.0.0.1:0
says "name out of a project file" 0 flash --port "socket://$sim_at" --project project
stop_sim "name out of a project file"
start_sim --tcp 127.0.0.1:0 --chip esp32c3
refuses "project for another chip" 6 "the target is an ESP32-C3, the project is for an ESP32-S3" \
    flash --port "socket://$sim_at" --project project
stop_sim "project for another chip"

finish
