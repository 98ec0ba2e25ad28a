#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What is to be flashed as ESP-IDF writes it down: flasher_args.json of several releases, and flash_args. Arguments:
# harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

mkdir -p "my project/build/bootloader" "my project/build/partition_table"
cd "my project" || exit 1
"$mkimage" set -o set --size 64K --flash-size 4MB >/dev/null || exit 1
mv set/bootloader.bin build/bootloader/
mv set/partition-table.bin build/partition_table/
mv set/app.bin build/hello.bin
cd ..
build="my project/build"
args="$build/flasher_args.json"

# json MODE-OPTION SIZE ENCRYPTED CHIP: the file as ESP-IDF writes it.
json() {
    cat >"$args" <<END
{
    "write_flash_args" : [ "--$1", "qio", "--flash_size", "$2", "--flash_freq", "40m" ],
    "flash_settings" : { "flash_mode": "qio", "flash_size": "$2", "flash_freq": "40m" },
    "flash_files" : {
        "0x10000" : "hello.bin",
        "0x0" : "bootloader/bootloader.bin",
        "0x8000" : "partition_table/partition-table.bin"
    },
    "bootloader" : { "offset" : "0x0", "file" : "bootloader/bootloader.bin", "encrypted" : "$3" },
    "app" : { "offset" : "0x10000", "file" : "hello.bin", "encrypted" : "false" },
    "extra_esptool_args" : { "after" : "hard_reset", "before" : "default_reset", "stub" : true, "chip" : "$4" }
}
END
}

holds_project() {
    has_flash "$build/partition_table/partition-table.bin" 0x8000 && has_flash "$build/hello.bin" 0x10000 &&
        cmp -s --ignore-initial=4:4 --bytes=20444 flash.bin "$build/bootloader/bootloader.bin"
}

# header: bytes 2 and 3 of the bootloader in the flash.
header() {
    od -An -tx1 -j2 -N2 flash.bin | tr -d ' '
}

# flashes NAME HEADER ARGUMENTS...: with these the project and nothing else is in the flash.
flashes() {
    local name=$1 header=$2
    shift 2
    rm -f flash.bin
    start_sim --tcp 127.0.0.1:0 --flash flash.bin
    runs "$name" 0 '^Done!$' flash --port "socket://$sim_at" "$@"
    check "$name: in the order of offsets" \
        [ "$(grep -c '^Loading' out)/$(sed -nE 's/^Loading ([^:]*).*/\1/p' out | head -n 1)" = 3/bootloader.bin ]
    runs "$name: verify takes the same" 0 '^Verified$' verify --port "socket://$sim_at" "$@"
    stop_sim "$name"
    check "$name: it is in the flash" holds_project
    check "$name: flash parameters" [ "$(header)" = "$header" ]
}

json flash_mode 8MB false esp32s3
flashes "project folder" 0030 --project "my project"
flashes "build folder" 0030 --project "$build"
flashes "flasher_args.json" 0030 --project "$args"
flashes "the command line wins" 023f --project "$build" --flash-mode dio --flash-freq 80m

cat >"$build/flash_args" <<'END'
--flash-mode dio --flash_freq 80m --flash-size=4MB
0x0 bootloader/bootloader.bin
0x8000 "partition_table/partition-table.bin"
0x10000 hello.bin
END
flashes "flash_args" 022f "@$build/flash_args"
check "flash_args in its own folder" bash -c 'cd "$1" && "$2" flash --port /dev/ttyNOPE @flash_args >/dev/null 2>err.txt
    [ $? -eq 3 ]' - "$build" "$loader"

# --- what is refused before the port is opened ---

nowhere='--port /dev/ttyNOPE'
json flash_mode 8MB true esp32s3
refuses "file to be encrypted by the target" 5 "$args: 'bootloader' requires on-device encryption" flash $nowhere --project "$build"
json flash_mode 3MB false esp32s3
refuses "setting no chip has" 5 "no chip has the given value of --flash-size" flash $nowhere --project "$build"
json flash_mode 8MB false esp99
refuses "chip nobody makes" 5 "the project is for an unknown chip, 'esp99'" flash $nowhere --project "$build"
json flash_mode 8MB false esp32c3
real_sim --tcp 127.0.0.1:0
refuses "project for another chip" 5 "the files are for an ESP32-S3, not for an ESP32-C3 as the project says" \
    flash --port "socket://$sim_at" --project "$build"
stop_sim "project for another chip"
echo '{ "flash_files": { "0x0": 3 } }' >"$args"
refuses "file that is no name" 5 "$args: '0x0' in flash_files is not an offset with a file" flash $nowhere --project "$build"
echo '{ "flash_files": { "\u001b[2J\n": "a" } }' >"$args"
refuses "text from a file acts on no terminal" 5 "$args: '\?\[2J\?' in flash_files is not an offset" flash $nowhere --project "$build"
echo '{}' >"$args"
refuses "JSON without files" 5 "$args names no flash_files" flash $nowhere --project "$build"
printf '{\n"flash_files"\n' >"$args"
refuses "JSON that is none" 5 "$args, line 3: ':' expected" flash $nowhere --project "$build"
refuses "folder that is no project" 5 "images has no flasher_args.json" flash $nowhere --project images
refuses "JSON that does not exist" 5 "cannot read nope.json" flash $nowhere --project nope.json
refuses "arguments that do not exist" 5 "cannot read nope: No such file" flash $nowhere @nope
echo '--encrypt 0x0 a' >words
refuses "option in a file of arguments" 5 "words: '--encrypt' is not an option" flash $nowhere @words
echo '0x0' >words
refuses "offset without file in a file of arguments" 5 "words: '0x0' needs a file" flash $nowhere @words
echo '0x0 "a' >words
refuses "open quote in a file of arguments" 5 "words: a quote is not closed" flash $nowhere @words
echo '0x0 gone.bin' >words
refuses "file that does not exist" 5 "cannot read ./gone.bin: No such file" flash $nowhere @words

finish
