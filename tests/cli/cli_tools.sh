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
runs "image: something behind it" 0 '^At 0x00010000: partition table, 3 partitions$' image more.bin
head -c 1000 /dev/zero >>plain.bin
runs "image: data behind it" 0 '^After it:   1000 bytes$' image plain.bin
"$mkimage" app -o broken.bin --break checksum --size 64K >/dev/null
refuses "image: damaged" 5 "broken.bin: the executable image is damaged" image broken.bin
check "image: damaged: shown all the same" grep -q '^Segment 2' out
"$mkimage" app -o strange.bin --chip-id 4711 --size 64K >/dev/null
runs "image: unknown chip" 0 '^Chip:       unknown, id 4711' image strange.bin
refuses "image: something else" 5 "set: neither an executable image nor a partition table" image set
cp $table broken-table.bin
printf X | dd of=broken-table.bin bs=1 seek=12 conv=notrunc status=none
refuses "image: damaged partition table" 5 "broken-table.bin: " image broken-table.bin
refuses "image: missing file" 5 "cannot read nope.bin" image nope.bin
refuses "image: no file" 2 "give one FILE" image

reports "image --json: application" 0 "(r['file'], r['type'], r['size'], r['chip'], r['chip_id'], r['entry']) ==
    ('$app', 'executable image', 65536, 'ESP32-S3', 9, 0x40378000) and r['has_sha256'] and
    (r['flash_mode'], r['flash_freq'], r['flash_size']) == ('dio', '80m', 4 << 20) and
    r['segments'][2] == {'offset': 0x5d90, 'size': 41548, 'address': 0x40378000} and len(r['segments']) == 3 and
    r['application'] == {'project': 'hello', 'version': '1.0.0', 'date': 'Jan  1 2026', 'time': '00:00:00',
    'idf_version': 'el-mkimage'} and not {'bootloader', 'trailing_size', 'port', 'target', 'failure'} & set(r)" image $app
reports "image --json: bootloader" 0 "r['bootloader']['version'] == 1 and 'application' not in r" image $boot
reports "image --json: range of revisions" 0 "(r['min_revision'], r['max_revision']) == (101, 199)" image limited.bin
reports "image --json: no upper bound" 0 "r['min_revision'] == 0 and 'max_revision' not in r" image $app
reports "image --json: without SHA-256" 0 "not r['has_sha256']" image plain.bin
reports "image --json: ESP8266" 0 "r['chip'] == 'ESP8266' and not {'chip_id', 'min_revision'} & set(r) and
    r['flash_size'] == 4 << 20" image esp8266.bin
reports "image --json: something behind it" 0 "r['trailing_size'] == 3072" image more.bin
reports "image --json: unknown chip" 0 "r['chip_id'] == 4711 and 'chip' not in r" image strange.bin
reports "image --json: partition table" 0 "r['type'] == 'partition table' and len(r['partitions']) == 3 and
    r['partitions'][0] == {'label': 'nvs', 'type': 'data', 'type_number': 1, 'subtype': 2, 'offset': 0x9000,
    'size': 24576, 'encrypted': False, 'read_only': False}" image $table
reports "image --json: damaged: told all the same" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_IMAGE_CHECKSUM' and
    len(r['segments']) == 3" image broken.bin
check "image --json: damaged: the sentence" grep -qx 'esp-loader: broken.bin: the executable image is damaged: its checksum does not fit' err
reports "image --json: damaged partition table" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_PARTITION' and
    r['failure']['stage'] == 'checking'" image broken-table.bin
reports "image --json: something else" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_IMAGE_FORMAT' and 'type' not in r" image set
reports "image --json: missing file" 5 "'failure' not in r and r['file'] == 'nope.bin'" image nope.bin
"$mkimage" app -o latin.bin --no-digest --size 64K >/dev/null
printf '\344' | dd of=latin.bin bs=1 seek=80 conv=notrunc status=none # the name of the project; the checksum is wrong then
reports "image --json: text that is not UTF-8" 5 "r['application']['project'] == '?ello'" image latin.bin

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
runs "merge: can be flashed" 0 '^Verified$' flash --port "socket://$sim_at" 0 merged.bin
runs "merge: holds every image then" 0 '^Verified$' \
    verify --port "socket://$sim_at" 0 $boot 0x8000 $table 0x10000 $app
stop_sim "merge"
"$loader" merge -q -o merged.bin --flash-mode qio --flash-freq 40m --flash-size 16MB 0 $boot 0x8000 $table 0x10000 $app
check "merge: parameters are in the bootloader's header" [ "$(od -An -tx1 -j2 -N2 merged.bin | tr -d ' ')" = 0040 ]
rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 16MB
runs "merge: and its digest is right" 0 '^Verified$' flash --port "socket://$sim_at" 0 merged.bin
stop_sim "merge with parameters"

refuses "merge: no file to write" 2 "no file to write given" merge 0 $boot
refuses "merge: nothing to merge" 2 "give pairs" merge -o x.bin
refuses "merge: images that overlap" 5 "partition-table.bin at 0x00004000: shares a 4096-byte flash sector" \
    merge -o x.bin 0 $boot 0x4000 $table
refuses "merge: size to detect" 2 "no flash chip to detect" merge -o x.bin --flash-size detect 0 $boot
refuses "merge: parameters for no chip" 2 "no image states which chip" merge -o x.bin --flash-mode qio 0x8000 $table
refuses "merge: frequency this chip does not have" 5 "the ESP32-S3 has no such --flash-freq" \
    merge -o x.bin --flash-freq 48m 0 $boot
refuses "merge: folder that does not exist" 1 "cannot write no/x.bin: No such file" merge -o no/x.bin 0 $boot
refuses "merge: full disk" 1 "cannot write /dev/full: No space left" merge -o /dev/full 0 $boot
check "merge: a device that cannot be written stays" [ -c /dev/full ]
check "merge: nothing is left after a failure" [ ! -e x.bin ]

reports "merge --json" 0 "(r['file'], r['size']) == ('merged.bin', 131072) and r['images'] == [
    {'name': 'bootloader.bin', 'offset': 0, 'size': 20480}, {'name': 'app.bin', 'offset': 65536, 'size': 65536}]" \
    merge -o merged.bin 0x10000 $app 0 $boot
reports "merge --json: images that overlap" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_OVERLAP' and 'size' not in r" \
    merge -o x.bin 0 $boot 0x4000 $table
check "merge --json: images that overlap: the sentence" grep -q '^esp-loader: partition-table.bin at 0x00004000: shares a 4096' err
reports "merge --json: mistake on the command line" 2 "r['message'].startswith('no flash chip to detect')" \
    merge -o x.bin --flash-size detect 0 $boot
"$mkimage" raw -o small.raw --size 4K >/dev/null
for ((n = 0; n < 100; n++)); do printf '%s small.raw ' $((n * 4096)); done >many
check "an object of any length goes out in one piece" writes_once "$loader" merge --json -o many.bin @many
check "and is longer than a buffer of stdout" bash -c '[ "$("$1" merge --json -o many.bin @many | wc -c)" -gt 8192 ]' - "$loader"
check "full disk: exit code 1" bash -c '"$1" image --json "$2" >/dev/full 2>err; [ $? -eq 1 ] && grep -qx "esp-loader: cannot write to standard output" err' \
    - "$loader" $app

# --- load-ram ---

real_sim --tcp 127.0.0.1:0 --trace=trace
runs "load-ram: program is started" 0 '^Started at 0x40378000$' load-ram --port "socket://$sim_at" $boot
stop_sim "load-ram"
check "load-ram: the chip has all of it and is told to jump" [ "$(grep -c 'MEM_BEGIN' trace)/$(grep -c 'MEM_END' trace)" = 2/1 ]
start_sim --tcp 127.0.0.1:0
refuses "load-ram: program that belongs into flash" 5 "app.bin has segments that are mapped from flash" \
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
refuses "reg: another verb" 2 "expected read, write or dump" reg --port /dev/ttyNOPE peek 0
refuses "reg: no address" 2 "expected read ADDRESS" reg --port /dev/ttyNOPE read
refuses "reg: address inside a word" 2 "ADDRESS is a multiple of 4" reg --port /dev/ttyNOPE read 2
refuses "reg: no value" 2 "give ADDRESS and VALUE" reg --port /dev/ttyNOPE write 4
refuses "reg: value that is none" 2 "VALUE and MASK are numbers of 32 bits" reg --port /dev/ttyNOPE write 4 x
refuses "reg: mask that is none" 2 "VALUE and MASK are numbers" reg --port /dev/ttyNOPE write 4 1 x
refuses "reg: dump without a file" 2 "give ADDRESS, SIZE and FILE" reg --port /dev/ttyNOPE dump 4 8
refuses "reg: dump of half a word" 2 "SIZE is a multiple of 4" reg --port /dev/ttyNOPE dump 4 2 x.bin
refuses "reg: dump beyond the address space" 2 "the range exceeds the address space" \
    reg --port /dev/ttyNOPE dump 0xfffffffc 8 x.bin

finish
