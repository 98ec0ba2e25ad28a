# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What people reported of command lines, files and settings (tests/against_sim/field/README.md). Sourced arguments: harness.sh.
. "$(dirname "$0")/harness.sh"

"$mkimage" set -o s3 >/dev/null && "$mkimage" set --chip esp32 -o esp32 >/dev/null
"$mkimage" app --size 96K -o large.bin
set_s3='0 s3/bootloader.bin 0x8000 s3/partition-table.bin 64k s3/app.bin'

# --- command lines ---

start_sim --tcp 127.0.0.1:0 --flash-size 4MB
port=socket://$sim_at
: >empty.bin
refuses "a file of no bytes" 5 '.*empty.bin' flash --port "$port" 0 s3/bootloader.bin 64k empty.bin
refuses "a file that is not there is named" 5 'cannot read build/nvs.bin: No such file' flash --port "$port" $set_s3 0x200000 build/nvs.bin
run flash --port "$port" –flash-mode dio 0 s3/bootloader.bin >out 2>err
check "a dash out of a web page" [ $? -eq 2 ]
check "a dash out of a web page: said" grep -q "'–flash-mode' has a typographic dash" err
refuses "an option with a backslash in front" 2 '.*flash-freq' flash --port "$port" '\--flash-freq' 80m 0 s3/bootloader.bin
refuses "two values for one option" 2 '.*' flash --port "$port" --flash-mode qio dout 0 s3/bootloader.bin
head -c 140k /dev/urandom >data.bin
refuses "two files where each reaches into the other" 5 'data.bin at 0x00108000: shares a 4096-byte flash sector' \
    flash --port "$port" 1M data.bin 0x108000 data.bin
refuses "another chip than --chip says: files" 5 'the files are for an ESP32-S3, not for an ESP32 as' flash --port "$port" --chip esp32 $set_s3
refuses "another chip than --chip says" 6 'the target is an ESP32-S3, not an ESP32' flash --port "$port" --chip esp32 0x1000 esp32/bootloader.bin
runs "image: nobody has to know the chip" 0 '^Chip: *ESP32,' image esp32/bootloader.bin

mkdir -p 'my project/build/boot loader'
cp s3/bootloader.bin 'my project/build/boot loader/boot loader.bin'
cp s3/partition-table.bin 'my project/build'
cp s3/app.bin 'my project/build/inside bus alarm.ino.bin'
cat >'my project/build/flasher_args.json' <<'ARGS'
{"flash_settings": {"flash_mode": "dio", "flash_size": "4MB", "flash_freq": "80m"},
 "flash_files": {"0x0": "boot loader/boot loader.bin", "0x8000": "partition-table.bin", "0x10000": "inside bus alarm.ino.bin"},
 "extra_esptool_args": {"chip": "esp32s3"}}
ARGS
printf '0x0 "boot loader/boot loader.bin"\n0x10000 "inside bus alarm.ino.bin"\n' >'my project/build/flash_args'
printf '0x0 boot loader/boot loader.bin\n' >'my project/build/unquoted'
runs "spaces in names of a project" 0 '^Done!$' flash --port "$port" --project 'my project'
runs "spaces in names in a file of arguments" 0 '^Done!$' flash --port "$port" @'my project/build/flash_args'
refuses "spaces in names without quotes" 5 "my project/build/unquoted: 'loader/boot' is not a flash offset" flash --port "$port" @'my project/build/unquoted'
stop_sim "command lines"

# --- files that are something else ---

start_sim --tcp 127.0.0.1:0 --chip esp32 --flash-size 4MB
port=socket://$sim_at
{ printf '\177ELF\001\001\001'; head -c 300000 /dev/urandom; } >firmware.elf
refuses "an ELF file for the bootloader" 5 '.*firmware.elf' flash --port "$port" 0x1000 firmware.elf
printf '404: Not Found' >page.bin
refuses "what a server says when there is no such file" 5 '.*page.bin' flash --port "$port" 0x1000 page.bin
head -c 4M /dev/zero >factory.bin
refuses "a file for the whole flash, not at its start" 6 \
    'factory.bin at 0x00001000: its 4194304 bytes do not fit into the flash of 4 MB' flash --port "$port" 0x1000 factory.bin
stop_sim "files that are something else"

# --- partitions ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash flash.bin
port=socket://$sim_at
"$mkimage" table -o small.bin 'nvs,data,nvs,0x9000,0x6000' 'app,app,factory,0x10000,64K'
refuses "an app that is larger than its partition" 5 '.*large.bin' \
    flash --port "$port" 0 s3/bootloader.bin 0x8000 small.bin 64k large.bin
"$mkimage" table -o ota.bin 'nvs,data,nvs,0x9000,0x6000' 'otadata,data,ota,0xf000,0x2000' 'ota_0,app,ota_0,0x20000,1M'
refuses "an app where the table has none" 5 '.*app.bin at 0x00010000' \
    flash --port "$port" 0 s3/bootloader.bin 0x8000 ota.bin 64k s3/app.bin
refuses "an app where the table has none, merge" 5 '.*app.bin at 0x00010000' \
    merge -o merged.bin 0 s3/bootloader.bin 0x8000 ota.bin 64k s3/app.bin

# MCUboot: no table, a bootloader that is padded over its place, and a slot with a header of its own
{ cat s3/bootloader.bin; head -c 64k /dev/zero | tr '\0' '\377'; } | head -c 64k >mcuboot.bin
{ printf '\075\270\363\226'; head -c 200k /dev/urandom; } >slot.bin
runs "a padded bootloader without a partition table" 0 '^Done!$' flash --port "$port" 0 mcuboot.bin 128k slot.bin

# A bootloader whose SHA-256 another tool has not renewed: a ROM says so and starts it.
cp s3/bootloader.bin stale.bin
printf x | dd of=stale.bin bs=1 seek=$(($(wc -c <stale.bin) - 1)) conv=notrunc status=none
refuses "a bootloader with a wrong SHA-256" 5 '.*stale.bin at 0x00000000' flash --port "$port" 0 stale.bin
runs "a bootloader with a wrong SHA-256, as it is" 0 '^Done!$' \
    flash --port "$port" --force-raw=0 0 stale.bin 0x8000 s3/partition-table.bin 64k s3/app.bin
stop_sim "partitions"

# --- what is left alone ---

head -c 2M /dev/urandom >before.bin
cp before.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash-size 2MB --flash flash.bin
runs "an app alone is written" 0 '^Done!$' flash --port "socket://$sim_at" 64k s3/app.bin
stop_sim "an app alone"
size=$(($(wc -c <s3/app.bin) + 65536))
cp before.bin expected.bin
dd if=s3/app.bin of=expected.bin bs=64k seek=1 conv=notrunc status=none
head -c $(((4096 - size % 4096) % 4096)) /dev/zero | tr '\0' '\377' | dd of=expected.bin bs=1 seek=$size conv=notrunc status=none
check "nothing else is erased" cmp -s flash.bin expected.bin

rm -f flash.bin
"$mkimage" bootloader --flash-mode dout --flash-freq 20m --flash-size 2MB -o dout.bin
start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash flash.bin
runs "a header of another kind" 0 '^Done!$' flash --port "socket://$sim_at" 0 dout.bin
sim_stop
check "the header is written as it is" cmp -s -n "$(wc -c <dout.bin)" flash.bin dout.bin
cp flash.bin dout-flash.bin
for option in '' --no-stub; do
    cp dout-flash.bin flash.bin
    start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash flash.bin
    runs "the same file with another size in its header${option:+, $option}" 0 '^Done!$' \
        flash --port "socket://$sim_at" $option --flash-size 4MB 0 dout.bin
    sim_stop
    check "the size in the header is written${option:+, $option}" [ "$(od -An -tx1 -j3 -N1 flash.bin)" = ' 22' ]
done

# --- security ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash-size 16MB --flash flash.bin --secure-download
port=socket://$sim_at
head -c 70000 /dev/urandom >nvs.bin
refuses "secure download mode: how large the flash is" 6 '.*give --flash-size' flash --port "$port" 0x613000 nvs.bin
runs "secure download mode: far up in the flash" 0 '^Done!$' flash --port "$port" --flash-size 16MB 0x613000 nvs.bin
refuses "secure download mode: erase" 6 '.*secure download mode' erase --port "$port" 0x610000 64k
stop_sim "secure download mode"
check "secure download mode: it is there" cmp -s <(tail -c +$((0x613001)) flash.bin | head -c 70000) nvs.bin

# --- reading ---

for fault in 'at byte 30000 in: drop' 'at byte 30000 in: corrupt 4' 'at byte 30000 in: duplicate' 'at transfer 200 in: drop'; do
    cp before.bin flash.bin
    rm -f read.bin
    start_sim --tcp 127.0.0.1:0 --flash-size 2MB --flash flash.bin --faults "$fault"
    runs "read, $fault: goes on" 0 '^File verified$' read --port "socket://$sim_at" 64k 128k read.bin
    sim_stop >/dev/null
    check "read, $fault: what was read is right" cmp -s read.bin <(tail -c +65537 before.bin | head -c 128k)
done

# --- lines that change one after the other, as through a virtual machine ---

real_sim --rfc2217 127.0.0.1:0 --wiring bridge --line-pairing 0
runs "lines that change one after the other" 0 '^MAC:' info --port "rfc2217://$sim_at"
stop_sim "lines that change one after the other"

# --- one device, two programs ---

start_sim --pty --boot download
exec 7<>"$sim_at"
flock 7
refuses "a port that another program has open" 3 ".*another program uses the device" info --port "$sim_at"
exec 7>&-
stop_sim "a port that another program has open"

finish
