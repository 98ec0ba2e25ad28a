#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the examples of docs/cli.md: each block "sh test", in order, in one shell; a block "text output" after it is what
# it must print, on both streams. Also checks that the tables of options and exit codes say what --help says, and that the
# tables of members have those of the examples.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
page=$project/docs/cli.md
trap 'kill $(jobs -p) 2>/dev/null' EXIT # the simulator of the first example

mkdir bin
ln -s "$loader" bin/esp-loader
ln -s "$sim" bin/esp-sim
ln -s "$mkimage" bin/el-mkimage
PATH=$PWD/bin:$PATH

# The machine that "esp-loader ports" is shown on.
. "$project/tests/cli/fake_sysfs.sh"
unset ESP_LOADER_DEV
sysfs_plug 1-2 303a 1001 7C:DF:A1:00:00:01 "USB JTAG/serial debug unit"
sysfs_tty 1-2 ttyACM0
sysfs_plug 1-4.1 10c4 ea60 0001 "CP2102 USB to UART Bridge Controller"
sysfs_tty 1-4.1 ttyUSB0

# blocks/N.sh and blocks/N.out
mkdir blocks
awk '/^```sh test$/     { kind = "sh"; n++; next }
     /^```text output$/ { kind = "out"; printf "" > ("blocks/" n ".out"); next }
     /^```/             { kind = ""; next }
     kind != ""         { print > ("blocks/" n "." kind) }' "$page"

for ((n = 1; ; n++)); do
    [ -e blocks/$n.sh ] || break
    . ./blocks/$n.sh >got 2>&1
    status=$?
    name="example $n: $(head -n 1 blocks/$n.sh)"
    if [ -e blocks/$n.out ]; then
        check "$name" diff blocks/$n.out got
    else
        check "$name" [ $status -eq 0 ]
    fi
done

for command in $("$loader" --help | sed -nE '/^commands:/,/^$/s/^  ([a-z-]+) .*/\1/p'); do
    esp-loader help $command | sed -nE 's/^ +(-[a-z], )?(--[a-z-]+).*/\2/p' | while read -r option; do
        grep -q -- "$option" "$page" || echo "$option of $command"
    done
done >undocumented
check "every option of --help is in the manual" [ ! -s undocumented ]
grep -oE '^ *"[a-z0-9_]+":' "$page" | sort -u | tr -d '": ' | while read -r member; do
    grep -qE "^[|].*\`$member\`" "$page" || echo "$member"
done >undocumented
check "every member of the JSON examples is in a table" [ ! -s undocumented ]
for code in 0 1 2 3 4 5 6 7 8; do
    sentence=$(esp-loader --help | sed -nE "s/^  $code  ([^,;]*).*/\1/p")
    check "exit code $code has the same words in --help and in the manual" grep -q "^| $code | $sentence" "$page"
done

finish
