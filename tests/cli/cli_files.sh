#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# A file is what it contains: merged files, files in the wrong place, files of other formats, signed ones, and what is said about
# them by image, merge, flash, verify and load-ram. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o s3 --size 64K --flash-size 4MB >/dev/null || exit 1
"$mkimage" set -o e32 --chip esp32 --size 64K --flash-size 4MB >/dev/null || exit 1
"$mkimage" bootloader -o c3.bin --chip esp32c3 >/dev/null
boot=s3/bootloader.bin table=s3/partition-table.bin app=s3/app.bin
"$loader" merge -q -o s3.bin 0 $boot 0x8000 $table 0x10000 $app
"$loader" merge -q -o e32.bin 0x1000 e32/bootloader.bin 0x8000 e32/partition-table.bin 0x10000 e32/app.bin
tail -c +4097 e32.bin >from-boot.bin
printf '\177ELF and more' >app.elf
head -c 40000 /dev/zero | sed '1s/^/<!DOCTYPE html>\n/' >page.html
printf '# ESP-IDF Partition Table\nnvs,data,nvs,0x9000,24K,\nfactory,app,factory,0x10000,1M,\n' >partitions.csv
nowhere='--port /dev/ttyNOPE'

# with BYTES OFFSET FILE NEW: a copy with other bytes (printf) at the offset.
with() {
    cp "$3" "$4"
    printf "$1" | dd of="$4" bs=1 seek=$(($2)) conv=notrunc status=none
}

# --- image ---

runs "image: merged file" 0 '^e32.bin: 3 parts, for 0x00000000 of the flash$' image e32.bin
check "image: merged file: its app in its partition" grep -q '^At 0x00010000, partition factory: executable image' out
check "image: merged file: its segments, where they are in it" grep -q '^Segment 0 .* at 0x00010020, for 0x3f400020$' out
runs "image: file that begins at the bootloader" 0 '^from-boot.bin: 3 parts, for 0x00001000 of the flash$' image from-boot.bin
check "image: file that begins at the bootloader: its app" grep -q '^At 0x0000f000, partition factory: executable image' out
head -c 70000 e32.bin >cut.bin
refuses "image: merged file, cut" 5 'cut.bin at 0x00010000: not a complete executable image$' image cut.bin
with '\001' 0x10100 e32.bin broken.bin
refuses "image: merged file, damaged" 5 'broken.bin at 0x00010000: the executable image is damaged' image broken.bin
reports "image --json: merged file" 0 "[p['offset'] for p in r['parts']] == [0x1000, 0x8000, 0x10000] and r['flash_offset'] == 0 and
    [p['type'] for p in r['parts']] == ['executable image', 'partition table', 'executable image'] and
    r['parts'][2]['partition'] == 'factory' and all(p['ok'] for p in r['parts'])" image e32.bin
reports "image --json: file that begins with a bootloader" 0 "r['type'] == 'executable image' and len(r['parts']) == 3 and
    'bootloader' in r" image s3.bin
reports "image --json: merged file, damaged" 5 "[p['ok'] for p in r['parts']] == [True, True, False] and
    r['failure']['address'] == 0x10000" image broken.bin
refuses "image: ELF" 5 'app.elf is an ELF file: flash the .bin that is made of it$' image app.elf
refuses "image: HTML" 5 'page.html is an HTML page: the download' image page.html
refuses "image: CSV" 5 'partitions.csv is a CSV file' image partitions.csv
"$mkimage" app -o legacy.bin --chip esp32 --min-rev-legacy 1 --max-rev 0 --size 64K >/dev/null
runs "image: minimum revision of one byte" 0 '^Chip:       ESP32, revision v1.0 or newer$' image legacy.bin
reports "image --json: minimum revision of one byte" 0 "r['min_revision'] == 100 and 'max_revision' not in r" image legacy.bin
"$mkimage" app -o strange.bin --chip-id 4711 --size 64K >/dev/null
runs "image: the frequency code of an unknown chip is not translated" 0 '^Flash:      dio, unknown frequency, 4MB$' image strange.bin
with '\002' 28 s3/partition-table.bin readonly.bin
truncate -s 32 readonly.bin && head -c 3040 /dev/zero | tr '\0' '\377' >>readonly.bin
runs "image: read-only partition" 0 'nvs, read-only$' image readonly.bin
"$mkimage" app -o named.bin --no-digest --size 64K --project "$(printf 'M\303\274hle')" >/dev/null
runs "image: name of a project in UTF-8" 0 "application $(printf 'M\303\274hle'), version" image named.bin
{ printf '\352\4\2\100\4\0\20\100\0\0\0\0\20\0\0\0'; head -c 16 /dev/zero; printf '\351\1\2\100\4\0\20\100\0\0\20\100\4\0\0\0\1\2\3\4'
    head -c 11 /dev/zero; printf '\353'; } >v2.bin
runs "image: ESP8266, without a CRC" 0 '^Checks:     checksum fits, there is no CRC-32' image v2.bin
check "image: ESP8266: flash content is a segment" grep -q '^Segment 0 *16 bytes at 0x00000010, for 0x00000000$' out

# --- merge ---

refuses "merge: images for two chips" 5 'app.bin at 0x00010000: is built for an ESP32, another file' \
    merge -o x.bin 0 $boot 0x10000 e32/app.bin
refuses "merge: --chip that the files are not for" 5 'the files are for an ESP32-S3, not for an ESP32 as --chip demands' \
    merge -c esp32 --flash-size 16MB -o x.bin 0 $boot
refuses "merge: bootloader where its chip does not look" 5 'bootloader.bin at 0x00001000: cannot start there: .* at 0x0$' \
    merge -o x.bin 0x1000 $boot
refuses "merge: header with less flash than the table needs" 5 \
    "partition-table.bin at 0x00008000: partition 'factory' ends beyond the 1 MB of flash that the bootloader's header" \
    merge -o x.bin --flash-size 1MB 0 $boot 0x8000 $table
refuses "merge: page instead of a table" 5 'page.html at 0x00008000: is an HTML page, where the chip expects' \
    merge -o x.bin 0 $boot 0x8000 page.html 0x20000 $app
refuses "merge: ELF in the usual place of an app" 5 'app.elf at 0x00010000 is an ELF file' merge -o x.bin 0x10000 app.elf
"$mkimage" raw -o random.raw --size 8K >/dev/null
refuses "merge: bootloader that is no image" 5 'random.raw at 0x00001000: its flash parameters cannot be changed' \
    merge -c esp32 --flash-size 4MB -o x.bin 0x1000 random.raw
run merge -o x.bin --flash-size 8MB 0x10000 $app >out 2>err
check "merge: option without effect: exit code 0" [ $? -eq 0 ]
check "merge: option without effect: named" grep -q '^esp-loader: there is no bootloader among the files: no header is changed' err
reports "merge --json: option without effect" 0 "'no bootloader' in r['notes'][0]" merge -o x.bin --flash-size 8MB 0x10000 $app
cp $boot padded.bin
truncate -s $(((($(stat -c %s $boot) + 4095) / 4096) * 4096)) padded.bin
{ cat padded.bin; printf '\347\2\0\0'; head -c 1212 /dev/zero; } >signed.bin
refuses "merge: signed bootloader is not patched" 5 'signed.bin at 0x00000000: is signed' merge -o x.bin --flash-mode qio 0 signed.bin
runs "merge: signed bootloader with the parameters it has" 0 '^x.bin' merge -o x.bin --flash-mode dio --flash-size 4MB 0 signed.bin
runs "merge: merged file is patched where its bootloader stands" 0 '^x.bin' merge -o x.bin --flash-mode qio 0 e32.bin
check "merge: merged file is patched: header" [ "$(od -An -tx1 -j4098 -N1 x.bin | tr -d ' ')" = 00 ]
runs "merge: merged file is patched: digest" 0 '3 parts' image x.bin

# --- flash, before the port is opened ---

"$mkimage" table -o inner.bin x,data,nvs,0x9000,4K >/dev/null
"$mkimage" table -o at.bin nvs,data,nvs,0x9000,4K at,0x40,0,0x20000,64K factory,app,factory,0x30000,1M >/dev/null
refuses "flash: second table that no partition holds" 5 'inner.bin at 0x00400000: is a second partition table' \
    flash $nowhere 0 $boot 0x8000 at.bin 0x400000 inner.bin
refuses "flash: image larger than its partition" 5 "app.bin at 0x00009000: its 65536 bytes do not fit into partition 'nvs'" \
    flash $nowhere 0x8000 at.bin 0x9000 $app
with '\004' 28 at.bin md5.bin
refuses "flash: table with a wrong MD5" 5 'md5.bin at 0x00008000: the MD5 in the partition table does not fit' flash $nowhere 0x8000 md5.bin
refuses "flash: app at the place of the bootloader" 5 'app.bin at 0x00000000: is an app, where the bootloader belongs' flash $nowhere 0 $app
refuses "flash: app over the table" 5 'app.bin at 0x00008000: puts something else in the place of the partition table' \
    flash $nowhere 0x8000 $app
head -c 40000 $app >short.bin
refuses "flash: truncated app, without a table" 5 'short.bin at 0x00110000: not a complete executable image' flash $nowhere 0x110000 short.bin
refuses "--force-raw=OFFSET: that is none" 2 "--force-raw is a number, not 'boot'" flash $nowhere --force-raw=boot 0 $boot
refuses "--force-raw=OFFSET: no such file" 2 '--force-raw=0x1000: no file at that offset' flash $nowhere --force-raw=0x1000 0 $boot
{ printf '\357\273\277'; echo "0x0 $PWD/nope.bin"; } >bom_args
refuses "@FILE with a byte order mark" 5 'cannot read .*nope.bin' flash $nowhere @bom_args
echo 'zero x.bin' >words_args
refuses "@FILE with a word that is no offset" 5 "words_args: 'zero' is not a flash offset" flash $nowhere @words_args
mkdir project
{ printf '\357\273\277'; echo "{\"flash_files\": {\"0x0\": \"../$boot\"}, \"flash_settings\": {\"flash_size\": \"detect\"},
    \"extra_esptool_args\": {\"chip\": \"esp32c3\"}}"; } >project/flasher_args.json
refuses "merge: project with a byte order mark, for another chip" 5 'the files are for an ESP32-S3, not for an ESP32-C3 as the project says' \
    merge -o x.bin --project project
sed -i s/esp32c3/esp32s3/ project/flasher_args.json
refuses "merge: project that detects the size" 5 'no flash chip to detect' merge -o x.bin --project project
sed -i s/esp32s3/esp32c3/ project/flasher_args.json

# --- flash, against a target ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 8MB
port=socket://$sim_at
refuses "flash: merged file of another chip" 6 'e32.bin at 0x00000000: at 0x00001000 of the flash: is not built for this chip, an ESP32-S3, but for an ESP32$' \
    flash --port "$port" 0 e32.bin
refuses "flash: project with files for another chip than its own" 5 'the files are for an ESP32-S3, not for an ESP32-C3 as the project says' \
    flash $nowhere --project project
sed -i "s|../$boot|../c3.bin|" project/flasher_args.json
refuses "flash: project for another chip" 6 'the target is an ESP32-S3, the project is for an ESP32-C3' flash --port "$port" --project project
refuses "flash: larger flash stated than there is" 6 'bootloader.bin at 0x00000000: its header states 16 MB of flash, this target has 8 MB' \
    flash --port "$port" --flash-size 16MB 0 $boot
"$mkimage" table -o large.bin fs,data,spiffs,0x10000,16M >/dev/null
refuses "flash: table beyond the flash" 6 "large.bin at 0x00008000: partition 'fs' ends beyond the flash of 8 MB" flash --port "$port" 0x8000 large.bin
"$mkimage" app -o newer.bin --min-rev 9901 --size 64K >/dev/null
refuses "flash: revision: what is needed, and what there is" 6 'newer.bin at 0x00010000: needs chip revision v99.1 or newer, this chip has v' \
    flash --port "$port" 0x10000 newer.bin
refuses "flash: ELF where an app is expected" 5 'app.elf at 0x00010000: is an ELF file' flash --port "$port" 0x10000 app.elf
refuses "flash: page over the place of the bootloader" 5 'page.html at 0x00000000: is an HTML page' flash --port "$port" 0 page.html
refuses "flash: parameters for a bootloader that is not looked into" 5 'bootloader.bin at 0x00000000: its flash parameters cannot be changed' \
    flash --port "$port" --flash-mode qio --force-raw=0 0 $boot
refuses "load-ram: app" 5 'app.bin has segments that are mapped from flash' load-ram --port "$port" $app
refuses "load-ram: ELF" 5 'app.elf is an ELF file: load the .bin' load-ram --port "$port" app.elf
check "refused files: nothing was written" bash -c '! tr -d "\377" <flash.bin | grep -q .'
runs "flash: a table inside a partition is data" 0 '^Done!$' flash --port "$port" 0 $boot 0x8000 at.bin 0x20000 inner.bin 0x30000 $app
refuses "flash: the table in the flash counts where the run brings none" 5 'app.elf at 0x00030000: is an ELF file' flash --port "$port" 0x30000 app.elf
run flash --port "$port" 0x20000 app.elf >out 2>err
check "flash: another format as data: written" [ $? -eq 0 ]
check "flash: another format as data: one line says what it looks like" \
    grep -qx 'esp-loader: app.elf at 0x00020000 looks like an ELF file and is taken as it is' err
reports "flash --json: another format as data" 0 "r['notes'] == ['app.elf at 0x00020000 looks like an ELF file and is taken as it is']" \
    flash --port "$port" 0x20000 app.elf
runs "flash: merged file" 0 '^Verified$' flash --port "$port" --flash-mode qio 0 s3.bin
runs "verify: merged file with the parameters it was flashed with" 0 '^Verified$' verify --port "$port" --flash-mode qio 0 s3.bin
refuses "verify: merged file without them: what that may be" 7 \
    's3.bin at 0x00000000: the flash differs in .* if it was flashed with --flash-mode' verify --port "$port" 0 s3.bin
runs "--force-raw=OFFSET: the other files are looked into" 0 '^Done!$' flash --port "$port" --force-raw=0x110000 0x110000 short.bin 0x10000 $app
refuses "--force-raw=OFFSET: that one only" 5 'app.elf at 0x00010000: is an ELF file' \
    flash --port "$port" --force-raw=0x110000 0x110000 short.bin 0x10000 app.elf
stop_sim "files"
real_sim --tcp 127.0.0.1:0 --secure-download
reports "secure download mode: said in JSON" 0 "r['notes'] == ['the target is in secure download mode: no header is changed (--flash-mode, --flash-freq, --flash-size)']" \
    flash --port "socket://$sim_at" --flash-mode qio --flash-size 8MB 0 $boot
run flash --port "socket://$sim_at" --flash-mode qio --flash-size 8MB 0 $boot >out 2>err
check "secure download mode: bootloader as it is" [ $? -eq 0 ]
check "secure download mode: said" grep -q '^esp-loader: the target is in secure download mode: no header is changed' err
stop_sim "secure download mode"

finish
