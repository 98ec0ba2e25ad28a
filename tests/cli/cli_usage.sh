#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the program says without a target: help, mistakes on the command line, ports that cannot be opened, files that
# cannot be used; every documented mistake with its exit code. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin

# --- the command line itself ---

check "without arguments: usage on standard error, exit code 2" \
    bash -c '"$0" >out 2>err; [ $? -eq 2 ] && [ ! -s out ] && grep -q "^usage:" err' "$loader"
for code in 0 1 2 3 4 5 6 7 8; do
    runs "--help lists exit code $code" 0 "^  $code  " --help
done
export ESP_LOADER_SYSFS=$folder/no-sysfs # whatever is connected to this computer
runs "--version" 0 '^esp-loader [0-9]+\.[0-9]+\.[0-9]+$' --version
runs "--version: says whether there are stubs" 0 '^flasher stubs: (included|none, the loaders in ROM are used)$' --version
runs "--version: says which libusb there is" 0 '^libusb: [0-9]+\.[0-9]+\.[0-9]+$' --version
mkdir without
: >without/libusb-1.0.so.0
LD_LIBRARY_PATH=$PWD/without runs "--version: says that there is no libusb" 0 '^libusb: not installed, ' --version
for command in $("$loader" --help | sed -nE '/^commands:/,/^$/s/^  ([a-z-]+) .*/\1/p'); do
    runs "help $command" 0 "^usage: esp-loader $command" help $command
    runs "$command --help" 0 "^usage: esp-loader $command" $command --help
done
for option in -h --help --help-all; do
    runs "$option alone" 0 "^  flash +write files" $option
    runs "$option before the command" 0 "^usage: esp-loader flash" $option flash
done
runs "help alone" 0 "^  flash +write files" help
runs "-V" 0 '^esp-loader [0-9]+\.[0-9]+\.[0-9]+$' -V
runs "a command with an underscore" 0 "^usage: esp-loader load-ram" load_ram --help
refuses "unknown command" 2 "unknown command 'falsh': did you mean 'flash'[?] [(]see esp-loader --help[)]$" falsh
refuses "unknown command that is like none" 2 "unknown command 'make-coffee' [(]see" make-coffee
refuses "help for an unknown command" 2 "unknown command 'falsh': did you mean 'flash'" help falsh
refuses "unknown option" 2 "unknown option '--prot': did you mean '--port'[?] [(]see esp-loader help info[)]$" info --prot x
refuses "unknown option before the command" 2 "unknown option '--prot': did you mean '--port'[?] [(]see esp-loader --help[)]$" \
    --prot x info
refuses "an option of another command" 2 "unknown option '--tsv'" --tsv info
refuses "no port and no board" 3 "no board is connected" flash 0 $boot
refuses "empty port" 2 "no port given" info --port=
refuses "negative number" 2 "invalid number '-4096'" erase --port /dev/null -4096 4096
refuses "nothing to read" 2 "SIZE 0: there is nothing to read" read --port /dev/null 0 0 x.bin
refuses "size that is no number" 2 "SIZE is a number, or all" read --port /dev/null 0 much x.bin
refuses "unknown kind of port" 2 "'tcp://h:1' is neither" info --port tcp://h:1
refuses "offset without file" 2 "give pairs" flash --port /dev/null 0x0
refuses "nothing to flash" 2 "give pairs" flash --port /dev/null
refuses "offset that is no number" 2 "'boot' is not a flash offset" flash --port /dev/null boot $boot
refuses "rate on a port without one" 2 "a socket:// port" info --port socket://h:1 --baud 9600
refuses "flash mode no chip has" 2 "no chip has the given value of --flash-mode" \
    flash --port /dev/null --flash-mode fast 0 $boot
refuses "chip nobody makes" 2 "unknown chip 'esp64'" info --port /dev/null --chip esp64
refuses "operand of info" 2 "info takes no operands" info --port /dev/null x
check "full disk under --help: exit code 1" bash -c '"$0" --help >/dev/full 2>err; [ $? -eq 1 ]' "$loader"

# --- options before the command, and defaults from the environment ---

refuses "options before the command" 3 "cannot open /dev/ttyNOPE" -p /dev/ttyNOPE --baud 921600 --no-stub info
refuses "a value before the command that is a command" 3 "cannot open flash: no such serial device" --port flash info
refuses "an operand that is an option" 5 "cannot read --json" --port /dev/ttyNOPE flash -- 0 --json

# environment NAME CODE PATTERN 'VARIABLE=VALUE ...' ARGUMENTS...: what is refused with these variables.
environment() {
    local name=$1 code=$2 pattern=$3 variables=$4
    shift 4
    env $variables "$loader" "$@" >out 2>err
    [ $? -eq "$code" ] && [ "$(wc -l <err)" -eq 1 ] && grep -qE -- "^esp-loader: $pattern" err && pass "environment: $name" ||
        fail "environment: $name"
}
environment "port of ESP-IDF" 3 "cannot open /dev/ttyIDF" ESPPORT=/dev/ttyIDF info
environment "esptool's before that" 3 "cannot open /dev/ttyTOOL" "ESPPORT=/dev/ttyIDF ESPTOOL_PORT=/dev/ttyTOOL" info
environment "ours before both" 3 "cannot open /dev/ttyOURS" \
    "ESPPORT=/dev/ttyIDF ESPTOOL_PORT=/dev/ttyTOOL ESP_LOADER_PORT=/dev/ttyOURS" info
environment "the command line before all" 3 "cannot open /dev/ttyLINE" "ESP_LOADER_PORT=/dev/ttyOURS" info -p /dev/ttyLINE
environment "empty is not set" 3 "cannot open /dev/ttyIDF" "ESP_LOADER_PORT= ESPPORT=/dev/ttyIDF" info
environment "invalid number" 2 "environment variable ESPBAUD: --baud is a number from 1 on or auto, not 'fast' [(]see" ESPBAUD=fast \
    info -p /dev/ttyNOPE
environment "invalid number that does not count" 3 "cannot open /dev/ttyNOPE" ESPBAUD=fast info -p /dev/ttyNOPE -b 9600
environment "invalid choice" 2 "environment variable ESPTOOL_AFTER: --after is reset or stay, not 'dance'" ESPTOOL_AFTER=dance \
    info -p /dev/ttyNOPE
environment "esptool's words" 3 "cannot open /dev/ttyNOPE" "ESPTOOL_BEFORE=default_reset ESPTOOL_AFTER=no_reset" info -p /dev/ttyNOPE
environment "invalid chip" 2 "environment variable ESPTOOL_CHIP: unknown chip 'esp64'" ESPTOOL_CHIP=esp64 info -p /dev/ttyNOPE
environment "invalid switch" 2 "environment variable ESP_LOADER_NO_STUB: --no-stub is 1 or 0, not 'maybe'" \
    ESP_LOADER_NO_STUB=maybe info -p /dev/ttyNOPE
environment "a rate where there is none" 3 "cannot open socket://127.0.0.1:1" ESPBAUD=460800 info -p socket://127.0.0.1:1
environment "of other commands" 5 "cannot read nope.bin" "ESPPORT=/dev/ttyIDF ESPBAUD=fast" image nope.bin
check "environment: JSON, also of a mistake" bash -c 'ESP_LOADER_JSON=1 "$0" --prot >out 2>err; [ $? -eq 2 ]' "$loader"
check "environment: it is whole" is_so "r['exit_code'] == 2 and r['message'].startswith('unknown option')"
check "--json before the command" bash -c '"$0" --json falsh >out 2>err; [ $? -eq 2 ]' "$loader"
check "--json before the command: it is whole" is_so "r['message'].startswith('unknown command')"

# --- ports that cannot be opened ---

refuses "device that does not exist" 3 "cannot open /dev/ttyNOPE: no such serial device" info --port /dev/ttyNOPE
refuses "file that is no device" 3 "cannot open $boot: no such serial device" info --port $boot
refuses "port nobody listens on" 3 "cannot open socket://127.0.0.1:1: no such host" info --port socket://127.0.0.1:1
refuses "host that does not exist" 3 "cannot open rfc2217://nowhere.invalid:1: no such host" \
    info --port rfc2217://nowhere.invalid:1

# --- input that is refused before the port is opened ---

head -c 3000 $boot >short.bin
"$mkimage" app -o broken.bin --break digest --size 64K >/dev/null
"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
"$mkimage" raw -o large.raw --size 9M >/dev/null
cp $table broken-table.bin
printf X | dd of=broken-table.bin bs=1 seek=12 conv=notrunc status=none # a letter of a label: the MD5 is wrong
: >empty.bin
nowhere='--port /dev/ttyNOPE'
refuses "missing file" 5 "cannot read nope.bin: No such file" flash $nowhere 0 nope.bin
refuses "empty file: image" 5 "empty.bin is empty$" image empty.bin
refuses "empty file of arguments" 5 "empty.bin is empty$" flash $nowhere @empty.bin
refuses "--chip that the files are not for" 5 "the files are for an ESP32-S3, not for an ESP32-C6 as --chip demands$" \
    flash $nowhere --chip esp32c6 0x10000 $app
refuses "--chip that the files are not for: watch" 5 "the files are for an ESP32-S3, not for an ESP32-C6 as --chip demands$" \
    watch --chip esp32c6 0x10000 $app
refuses "directory" 5 "images is a directory$" flash $nowhere 0 images
refuses "empty file" 5 "empty.bin is empty$" flash $nowhere 0 empty.bin
refuses "offset not a multiple of 4096" 5 "app.bin at 0x00010200: the offset is not a multiple of 4096" \
    flash $nowhere 0x10200 $app
refuses "overlap" 5 "partition-table.bin at 0x00004000: shares a 4096-byte flash sector with bootloader.bin" \
    flash $nowhere 0 $boot 0x4000 $table
refuses "beyond 4 GiB" 5 "app.bin at 0xfffff000: " flash $nowhere 0xfffff000 $app
refuses "truncated image" 5 "short.bin at 0x00000000: " flash $nowhere 0 short.bin
refuses "wrong digest" 5 "broken.bin at 0x00010000: " flash $nowhere 0x10000 broken.bin
refuses "images for different chips" 5 "c3.bin at 0x00010000: " flash $nowhere 0 $boot 0x10000 c3.bin
refuses "broken partition table" 5 "broken-table.bin at 0x00008000: " flash $nowhere 0x8000 broken-table.bin
refuses "image that is larger than its partition" 5 "large.raw at 0x00010000: " \
    flash $nowhere 0x8000 $table 0x10000 large.raw

# --- words copied from a web page ---

# hints NAME CODE WORD ARGUMENTS...: a failure, and a line that shows the word.
hints() {
    local name=$1 code=$2 word=$3
    shift 3
    run "$@" >out 2>err
    [ $? -eq "$code" ] && [ "$(wc -l <err)" -eq 2 ] &&
        [ "$(tail -n 1 err)" = "esp-loader: '$word' has a typographic dash, quote or space, as text copied from a web page may: type it anew" ] &&
        pass "typographic: $name" || fail "typographic: $name"
}
hints "command" 2 –p –p /dev/ttyNOPE flash 0 $boot
hints "dash" 2 —port flash —port /dev/ttyNOPE 0 $boot
hints "dash of another width" 2 ‑‑baud=9600 flash $nowhere 0 $boot ‑‑baud=9600
hints "quotes" 5 “app.bin” flash $nowhere 0 “app.bin”
hints "quotes around a port" 3 ‘/dev/ttyNOPE’ flash --port ‘/dev/ttyNOPE’ 0 $boot
hints "space" 2 "$(printf -- '--port\302\240x')" flash "$(printf -- '--port\302\240x')" 0 $boot
refuses "typographic: not without one" 5 "cannot read caf" flash $nowhere 0 "café ö.bin"
cp $app “quoted”.bin
runs "typographic: a file may have such a name" 0 'quoted' image “quoted”.bin
check "typographic: and nothing is said" [ ! -s err ]

finish
