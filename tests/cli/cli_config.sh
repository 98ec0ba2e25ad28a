#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Options that do not stand on the command line, and what they are mostly for: boards that are reset in a way of their own, and
# ports that come later. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
classic='U0,1|W0.1|U1,0|W0.05|U0,0'

# --- reset sequences ---

start_sim --rfc2217 127.0.0.1:0 --wiring bridge --boot app --flash flash.bin
port=rfc2217://$sim_at
runs "a sequence resets into download mode" 0 '^MAC:' info --port "$port" --custom-reset-sequence "$classic" --trace trace
check "it is what the lines do" [ "$(sed -nE 's/^ *[0-9]+ lines dtr=(.) rts=(.)/\1,\2/p' trace | head -n 3 | paste -sd' ')" = "0,1 1,0 0,0" ]
runs "another one resets into the application" 0 '^Reset into the application$' info --port "$port" \
    --custom-hard-reset-sequence 'U0,1|W0.1|U0,0|W0.05' --trace trace
check "it is what the lines do, too" [ "$(sed -nE 's/^ *[0-9]+ lines dtr=(.) rts=(.)/\1,\2/p' trace | tail -n 2 | paste -sd' ')" = "0,1 0,0" ]
refuses "a sequence that does not reset" 4 "no target answers" info --port "$port" --custom-reset-sequence "R0|D0" --timeout 0.1
stop_sim "sequences"
refuses "what is no sequence" 2 "invalid reset sequence at 'X1'" info --port /dev/ttyNOPE --custom-reset-sequence 'D0|X1'

# --- a port that comes later ---

refuses "a port that does not come" 3 "cannot open ./ttyESP: no such serial device" info --port ./ttyESP --wait=0.2
check "it is waited for" grep -q '^Waiting for ./ttyESP; Ctrl-C ends$' out
ESPTOOL_OPEN_PORT_ATTEMPTS=3 runs "esptool's word" 3 '^Waiting for ./ttyESP' info --port ./ttyESP
run info --wait --json-events --port ./ttyESP >events 2>err &
waiting=$!
until grep -qs waiting events; do sleep 0.02; done
real_sim --pty=ttyESP --flash flash.bin
check "a port that comes" wait $waiting
check "its events" [ "$(sed -nE 's/.*"event": "([a-z]+)".*/\1/p' events | paste -sd' ')" = "start connecting waiting connected report" ]
follows_schema "its events" events events
stop_sim "a port that comes later"
ESP_LOADER_SYSFS=$folder/no-sysfs refuses "no board comes" 3 "no board is connected" info --wait=0.2
"$loader" info --port ./ttyNOPE --wait >waiting 2>err &
waiting=$!
until grep -qs Waiting waiting; do sleep 0.02; done
kill -TERM $waiting
wait $waiting
check "waiting is interrupted" [ $? -eq 8 ]

# --- flash settings of the environment ---

ESPTOOL_FM=dout ESPTOOL_FF=20m ESPTOOL_FS=2MB runs "esptool's variables" 0 '^all.bin' merge -o all.bin --chip esp32s3 0 images/bootloader.bin
check "they are in the header" [ "$(od -An -tx1 -j2 -N2 all.bin | tr -d ' ')" = 0312 ]
ESPTOOL_FM=dout runs "the command line before them" 0 '^all.bin' merge -o all.bin --chip esp32s3 --flash-mode dio 0 images/bootloader.bin
check "it is in the header" [ "$(od -An -tx1 -j2 -N1 all.bin | tr -d ' ')" = 02 ]
printf '%s\n' '--flash_mode qio' '0 images/bootloader.bin' >flash_args
ESPTOOL_FM=dout runs "a project before them" 0 '^all.bin' merge -o all.bin --chip esp32s3 @flash_args
check "that is in the header" [ "$(od -An -tx1 -j2 -N1 all.bin | tr -d ' ')" = 00 ]
ESPTOOL_FM=fast refuses "a mode that there is not" 2 "no chip has the given value of --flash-mode" merge -o all.bin 0 images/bootloader.bin

# --- idf.py ---

printf '#!/bin/sh\necho "$@"\nexit 4\n' >print
chmod +x print
cat >idf.py <<'END'
import os, sys, types
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import idf_ext
action = idf_ext.action_extensions({}, ".")["actions"][sys.argv[2]]
assert [option["names"] for option in action["options"]] == [["--loader-args"]]
action["callback"](sys.argv[2], None, types.SimpleNamespace(build_dir="b", port=sys.argv[3] or None), loader_args="-q --chip 'x y'")
END
for action in flash verify; do
    check "idf.py loader-$action" [ "$(ESP_LOADER=./print python3 idf.py "$project/integrations" loader-$action p || echo $?)" = \
        "$action --project b --port p -q --chip x y
4" ]
done
check "idf.py: a program that is not there" eval \
    'ESP_LOADER=./nope python3 idf.py "$project/integrations" loader-flash "" 2>&1 | grep -q "^idf_ext.py: cannot run ./nope: No such"'

# --- files ---

cat >esp-loader.toml <<'END'
# of the project
port = "/dev/ttyFOLDER"
no-stub = true
connect_atempts = 3
[merge]
flash-mode = "dout"
END
mkdir -p home/esp-loader
echo 'baud = 921600' >home/esp-loader/esp-loader.toml
export XDG_CONFIG_HOME=$PWD/home

# says NAME 'VARIABLE=VALUE ...' 'ARGUMENTS' PATTERN...: info cannot open the port, and standard error has the patterns.
says() {
    local name=$1 variables=$2 arguments=$3 pattern
    shift 3
    env $variables "$loader" info $arguments >out 2>err
    check "$name: exit code" [ $? -eq 3 ]
    for pattern; do
        check "$name: $pattern" grep -qE -- "$pattern" err
    done
}

# says_once ...: the same, and it is all.
says_once() {
    says "$@"
    check "$1: that is all" [ "$(wc -l <err)" -eq 1 ]
}

says "a file of the working folder" "" "" '^esp-loader: options of esp-loader.toml: port, no-stub$' 'cannot open /dev/ttyFOLDER' \
    "^esp-loader: esp-loader.toml:4: unknown key 'connect_atempts' is left out: did you mean 'connect-attempts'[?]$"
check "the user's own is not spoken of" eval '! grep -q home err'
says "with -v it is" "" -v 'options of .*esp-loader/esp-loader.toml: baud$'
says "the environment before it" ESP_LOADER_PORT=/dev/ttyENV "" 'cannot open /dev/ttyENV' 'esp-loader.toml: no-stub$'
says "the command line before both" ESP_LOADER_PORT=/dev/ttyENV "-p /dev/ttyLINE" 'cannot open /dev/ttyLINE'
says_once "--no-config" "" "--no-config -p /dev/ttyNONE" 'cannot open /dev/ttyNONE'
says_once "ESP_LOADER_NO_CONFIG" ESP_LOADER_NO_CONFIG=1 "-p /dev/ttyNONE" 'cannot open /dev/ttyNONE'
echo 'port = "socket://127.0.0.1:1"' >lab.toml
says_once "--config" "" "--config lab.toml" 'cannot open socket://127.0.0.1:1'
says_once "ESP_LOADER_CONFIG" ESP_LOADER_CONFIG=lab.toml "" 'cannot open socket://127.0.0.1:1'
runs "a table for its command" 0 '^all.bin' merge -o all.bin --chip esp32s3 0 images/bootloader.bin
check "it is in the header, too" [ "$(od -An -tx1 -j2 -N1 all.bin | tr -d ' ')" = 03 ]
run info --json-events >out 2>err
check "events: options" [ "$(grep -c '"event": "options"' out)" -eq 2 ]
follows_schema "events: options" events out
printf 'port = "/dev/ttyFOLDER"\nforce = true\n' >esp-loader.toml
refuses "what a file may not set" 2 "esp-loader.toml:2: 'force' cannot be set by a file" info
reports "the same as JSON" 2 "r['message'].startswith('esp-loader.toml:2: ')" info
rm esp-loader.toml
printf '[esptool]\ncustom_reset_sequence = R0\nopen_port_attempts = 2\n' >setup.cfg
says "esptool's file" "" "-p ./ttyNOPE" 'options of setup.cfg: custom-reset-sequence, open-port-attempts$' 'cannot open ./ttyNOPE'
check "esptool's file: it is waited" grep -q '^Waiting for' out
echo 'custom_hard_reset_sequence = X' >>setup.cfg
refuses "an invalid sequence in it" 2 "setup.cfg:4: invalid reset sequence at 'X'" info -p ./ttyNOPE
rm setup.cfg

finish
