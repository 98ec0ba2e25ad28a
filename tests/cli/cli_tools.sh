#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# image, merge, load-ram and reg. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin

# --- image ---

runs "image: chip" 0 '^Chip:       ESP32-S3, revision v0.0 or newer$' image $app
runs "image: flash parameters" 0 '^Flash:      dio, 80m, 4MB$' image $app
runs "image: segments" 0 '^Segment 2     41548 bytes at 0x00005d90, for 0x40378000$' image $app
runs "image: description" 0 '^Content:    application hello, version 1.0.0, compiled Jan  1 2026' image $app
runs "image: bootloader" 0 '^Content:    bootloader, version 1, compiled' image $boot
runs "image: checks" 0 '^Checks:     checksum and SHA-256 fit$' image $boot
"$mkimage" app -o plain.bin --no-digest --size 64K --chip esp32c6 --flash-freq 40m --flash-size 16MB >/dev/null
runs "image: without SHA-256" 0 '^Checks:     checksum fits, there is no SHA-256$' image plain.bin
runs "image: parameters of another chip" 0 '^Flash:      dio, [48]0m, 16MB$' image plain.bin
"$mkimage" app -o limited.bin --size 64K --min-rev 101 --max-rev 199 --chip esp32c3 >/dev/null
runs "image: range of revisions" 0 '^Chip:       ESP32-C3, revision v1.1 to v1.99$' image limited.bin
{ printf '\351\1\2\100\0\0\20\100\0\0\20\100\4\0\0\0\1\2\3\4'; head -c 11 /dev/zero; printf '\353'; } >esp8266.bin
runs "image: ESP8266" 0 '^Chip:       ESP8266$' image esp8266.bin
runs "image: ESP8266, its sizes" 0 '^Flash:      dio, 40m, 4MB$' image esp8266.bin
runs "image: partition table" 0 '^0x00009000  24 KB        data       0x02  nvs$' image $table
cat $app $table >more.bin
runs "image: something behind it" 0 '^Behind it:  3072 bytes$' image more.bin
"$mkimage" app -o broken.bin --break checksum --size 64K >/dev/null
refuses "image: damaged" 5 "broken.bin: the executable image is damaged" image broken.bin
check "image: damaged: shown all the same" grep -q '^Segment 2' out
"$mkimage" app -o strange.bin --chip-id 4711 --size 64K >/dev/null
runs "image: unknown chip" 0 '^Chip:       unknown, id 4711' image strange.bin
refuses "image: something else" 5 "set: not a complete executable image" image set
cp $table broken-table.bin
printf X | dd of=broken-table.bin bs=1 seek=12 conv=notrunc status=none
refuses "image: damaged partition table" 5 "broken-table.bin: " image broken-table.bin
refuses "image: missing file" 5 "cannot read nope.bin" image nope.bin
refuses "image: no file" 2 "give one FILE" image

# --- merge ---

runs "merge: any order" 0 '^merged.bin: 131072 bytes, to be flashed at 0x00000000$' \
    merge -o merged.bin 0x10000 $app 0 $boot 0x8000 $table
{
    cat $boot
    head -c $((0x8000 - $(stat -c %s $boot))) /dev/zero | tr '\0' '\377'
    cat $table
    head -c $((0x10000 - 0x8000 - $(stat -c %s $table))) /dev/zero | tr '\0' '\377'
    cat $app
} >expected.bin
check "merge: images where they belong, 0xff between them" cmp -s merged.bin expected.bin
rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin
runs "merge: can be flashed" 0 '^Flash verified$' flash --port "socket://$sim_at" 0 merged.bin
runs "merge: holds every image then" 0 '^Flash verified$' \
    verify --port "socket://$sim_at" 0 $boot 0x8000 $table 0x10000 $app
stop_sim "merge"
"$loader" merge -q -o merged.bin --flash-mode qio --flash-freq 40m --flash-size 16MB 0 $boot 0x10000 $app
check "merge: parameters are in the bootloader's header" [ "$(od -An -tx1 -j2 -N2 merged.bin | tr -d ' ')" = 0040 ]
rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin
runs "merge: and its digest is right" 0 '^Flash verified$' flash --port "socket://$sim_at" 0 merged.bin
stop_sim "merge with parameters"

refuses "merge: no file to write" 2 "no file to write given" merge 0 $boot
refuses "merge: nothing to merge" 2 "give pairs" merge -o x.bin
refuses "merge: images that overlap" 5 "partition-table.bin at 0x00004000: shares a 4096-byte flash sector" \
    merge -o x.bin 0 $boot 0x4000 $table
refuses "merge: size to detect" 2 "there is no flash chip here" merge -o x.bin --flash-size detect 0 $boot
refuses "merge: parameters for no chip" 2 "no image tells which chip" merge -o x.bin --flash-mode qio 0x8000 $table
refuses "merge: frequency this chip does not have" 5 "the ESP32-S3 has no such --flash-freq" \
    merge -o x.bin --flash-freq 48m 0 $boot
refuses "merge: folder that does not exist" 1 "cannot write no/x.bin: No such file" merge -o no/x.bin 0 $boot
refuses "merge: full disk" 1 "cannot write /dev/full: No space left" merge -o /dev/full 0 $boot
check "merge: a device that cannot be written stays" [ -c /dev/full ]
check "merge: nothing is left after a failure" [ ! -e x.bin ]

# --- load-ram ---

start_sim --tcp 127.0.0.1:0 --trace=trace
runs "load-ram: program is started" 0 '^Started at 0x40378000$' load-ram --port "socket://$sim_at" $boot
stop_sim "load-ram"
check "load-ram: the chip has all of it and is told to jump" [ "$(grep -c 'MEM_BEGIN' trace)/$(grep -c 'MEM_END' trace)" = 2/1 ]
start_sim --tcp 127.0.0.1:0
refuses "load-ram: program that belongs into flash" 6 "the target reported a failure .loading to RAM" \
    load-ram --port "socket://$sim_at" $app
"$mkimage" bootloader -o c3.bin --chip esp32c3 --size 16K >/dev/null
refuses "load-ram: program for another chip" 6 "c3.bin is built for an ESP32-C3, the target is an ESP32-S3" \
    load-ram --port "socket://$sim_at" c3.bin
sim_stop # the refused address is a mistake of the host
refuses "load-ram: file that is no program" 5 "partition-table.bin: " load-ram --port /dev/ttyNOPE $table
refuses "load-ram: missing file" 5 "cannot read nope.bin" load-ram --port /dev/ttyNOPE nope.bin
refuses "load-ram: no file" 2 "give one FILE" load-ram --port /dev/ttyNOPE

# --- reg ---

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
runs "reg: write" 0 '^0x3fc90000 = 0x12345678$' reg write 0x3fc90000 0x12345678 --port "$port"
runs "reg: read" 0 '^0x3fc90000 = 0x12345678$' reg read 0x3fc90000 --port "$port"
check "reg: --quiet prints the value alone" \
    bash -c '[ "$("$1" reg read 0x3fc90000 -q --port "$2")" = "0x3fc90000 = 0x12345678" ]' - "$loader" "$port"
stop_sim reg
refuses "reg: another verb" 2 "say read or write" reg --port /dev/ttyNOPE peek 0
refuses "reg: no address" 2 "say read ADDRESS" reg --port /dev/ttyNOPE read
refuses "reg: address inside a word" 2 "ADDRESS is a multiple of 4" reg --port /dev/ttyNOPE read 2
refuses "reg: no value" 2 "give ADDRESS and VALUE" reg --port /dev/ttyNOPE write 4
refuses "reg: value that is none" 2 "VALUE is a number" reg --port /dev/ttyNOPE write 4 x

finish
