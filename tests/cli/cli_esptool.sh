#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esptool's command lines, as they are in its manual, and what only they use: --erase-all, --no-compress, --connect-attempts.
# Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 8MB >set || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin
nowhere='--port /dev/ttyNOPE'
cat >flash_args <<'END'
--flash_mode dio --flash_freq 80m --flash_size 8MB
0x0 images/bootloader.bin
0x8000 images/partition-table.bin
0x10000 images/app.bin
END

# With the name esptool, as other programs call it.
ln -s "$loader" esptool
loader=$PWD/esptool

start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
port=rfc2217://$sim_at
runs "write_flash" 0 '^Done!$' -p "$port" -b 460800 --before default_reset --after hard_reset \
    write_flash -z --flash_mode dio --flash_freq 80m --flash_size detect 0x0 $boot 0x8000 $table 0x10000 $app
runs "write_flash: all of it" 0 '^Verified$' --port "$port" verify_flash 0x0 $boot 0x8000 $table 0x10000 $app
runs "write-flash @flash_args" 0 '^Done!$' --port "$port" write-flash @flash_args
runs "verify-flash" 0 '^Verified$' --port "$port" verify-flash --diff 0x10000 $app
runs "read-flash" 0 '^File verified$' --port "$port" read-flash 0x10000 0x10000 read.bin
check "read-flash: the file" cmp -s read.bin $app
runs "read-flash ALL" 0 '^File verified$' --port "$port" read_flash --no-progress 0x7f0000 ALL read.bin
check "read-flash ALL: up to the end" [ "$(stat -c %s read.bin)" -eq 65536 ]
for command in flash-id chip_id read-mac get-security-info; do
    runs "$command" 0 '^MAC:        02:00:00:00:00:01$' --port "$port" $command
done
stays='--before no-reset --after no-reset' # what is in RAM does not survive a reset
run --port "$port" --after no_reset chip-id >out 2>err
runs "write-mem" 0 '^0x3fc90000 = 0x12345678$' --port "$port" $stays write-mem 0x3fc90000 0x12345678
runs "write-mem with a mask" 0 '^0x3fc90000 = 0x1234ab78$' --port "$port" $stays write-mem 0x3fc90000 0xffffabff 0xff00
runs "read-mem" 0 '^0x3fc90000 = 0x1234ab78$' --port "$port" $stays read-mem 0x3fc90000
runs "dump-mem" 0 '^8 bytes at 0x3fc90000 are in ram.bin$' --port "$port" $stays dump-mem 0x3fc90000 8 ram.bin
check "dump-mem: the file" [ "$(od -An -tx1 -N4 ram.bin | tr -d ' ')" = 78ab3412 ]
reports "dump-mem --json" 0 "(r['access'], r['size'], r['file']) == ('dump', 8, 'ram.bin') and 'value' not in r" \
    dump-mem --port "$port" $stays 0x3fc90000 8 ram.bin
runs "read-flash-status" 0 '^Status: 0x000000$' --port "$port" read-flash-status --bytes 3
runs "write-flash-status" 0 '^Status after:  0x0200$' --port "$port" write-flash-status --non-volatile 0x0200
reports "write-flash-status --json" 0 "r['status'] == 0 and 'sfdp' not in r" write-flash-status --port "$port" 0
refuses "write-flash-status: a bit that the part does not have" 7 "the flash chip has not taken all of it: its status is 0x00, not 0x01" \
    --port "$port" write-flash-status --bytes 1 1
runs "read-flash-sfdp" 0 '^SFDP: 53 46 44 50$' --port "$port" read-flash-sfdp 0 4
reports "read-flash-sfdp --json" 0 "r['sfdp'] == '53464450'" read-flash-sfdp --port "$port" 0 4
runs "run" 0 '^Reset into the application$' --port "$port" run
runs "erase-region" 0 '^Erased$' --port "$port" erase-region 0x9000 0x6000
runs "erase-region up to the end" 0 '^Erasing 64 KB at 0x007f0000$' --port "$port" erase_region 0x7f0000 ALL
runs "write-flash --erase-all: one image is left" 0 '^Erasing the whole flash$' --port "$port" write-flash --erase-all 0x10000 $app
runs "write-flash --erase-all: it is there" 0 '^Verified$' --port "$port" verify-flash 0x10000 $app
refuses "write-flash --erase-all: nothing else is" 7 "bootloader.bin at 0x00000000: the flash differs in 5 of 5" \
    --port "$port" verify-flash 0 $boot
runs "erase-flash" 0 '^Erasing the whole flash$' --port "$port" erase-flash
stop_sim "esptool's words"

# --- the command lines of other programs ---

wrapper=$project/integrations/esptool_wrapper.py
export ESP_LOADER=$loader
mkdir -p as-esptool
printf 'import sys\nprint("esptool:", *sys.argv[1:])\n' >as-esptool/esptool.py
start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
port=rfc2217://$sim_at
loader_before=$loader loader=python3
runs "ESP-IDF 6: flash" 0 '^Done!$' "$wrapper" esptool --chip esp32s3 -p "$port" -b 460800 --before=default-reset --after=hard-reset \
    write-flash @flash_args
runs "ESP-IDF 6: erase-flash" 0 '^Erased$' "$wrapper" esptool --chip esp32s3 -p "$port" --before=default_reset erase-flash
runs "west" 0 '^Done!$' "$wrapper" --chip auto --port "$port" --baud 921600 --before default_reset --after hard_reset write_flash -u \
    --flash_mode dio --flash_freq 80m --flash_size detect 0x0 $boot 0x8000 $table 0x10000 $app
loader=$loader_before
runs "Arduino" 0 '^Done!$' --chip esp32s3 --port "$port" --baud 921600 --before default_reset --after hard_reset write_flash -e -z \
    --flash_mode keep --flash_freq keep --flash_size keep 0x0 $boot 0x8000 $table 0x10000 $app
stop_sim "the command lines of other programs"
check "elf2image is left to esptool" eval \
    '[ "$(PYTHONPATH=as-esptool python3 "$wrapper" esptool --chip esp32 elf2image a.elf)" = "esptool: --chip esp32 elf2image a.elf" ]'
check "or to the one that is named" eval \
    '[ "$(python3 "$wrapper" as-esptool/esptool.py elf2image a.elf)" = "esptool: elf2image a.elf" ]'
check "a program that is not there is said" eval \
    'ESP_LOADER=./no-loader python3 "$wrapper" chip-id 2>&1 | grep -q "cannot run ./no-loader: No such file"'

# --- checked before anything is erased ---

"$mkimage" app -o c3.bin --chip esp32c3 --size 64K >/dev/null
start_sim --tcp 127.0.0.1:0 --flash flash.bin
run flash -q --port "socket://$sim_at" 0 $boot
refuses "--erase-all with an image for another chip" 6 "c3.bin at 0x00010000: is not built for this chip" \
    flash --port "socket://$sim_at" --erase-all 0x10000 c3.bin
stop_sim "--erase-all with an image for another chip"
check "and the flash is as it was" has_flash $boot 0
start_sim --tcp 127.0.0.1:0 --flash flash.bin --faults 'from command 1 of 0x10: error 0x08; from command 1 of 0x02: error 0x08'
run flash --erase-all --port "socket://$sim_at" 0x10000 $app >out 2>err
check "--erase-all and a failure: what is left is said" grep -q '^esp-loader: the flash has been erased, all of it or in part$' err
sim_stop

# --- compression, attempts ---

start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --trace=trace
runs "--no-compress" 0 '^Verified$' flash --port "rfc2217://$sim_at" --no-compress --rewrite 0x10000 $app
check "--no-compress: nothing is compressed" eval '! grep -q FLASH_DEFL trace'
registers=$(grep -c WRITE_REG trace)
runs "--pieces" 0 '^Verified$' flash --port "rfc2217://$sim_at" --pieces 64 --rewrite 0x10000 $app
check "--pieces: the target is told, and told back" [ "$(grep -c WRITE_REG trace)" -ge $((2 * registers + 2)) ]
stop_sim "--no-compress"
real_sim --tcp 127.0.0.1:0 --wiring bridge --boot app
refuses "--connect-attempts" 4 "no target answers" info --port "socket://$sim_at" --connect-attempts 2 --timeout 0.1
stop_sim "--connect-attempts"

# --- files ---

runs "image-info" 0 '^app.bin: executable image' image-info $app
runs "merge-bin" 0 '^all.bin: 131072 bytes, to be flashed at 0x00000000$' --chip esp32s3 merge-bin -o all.bin @flash_args
runs "merge-bin: padded" 0 '^all.bin: 8388608 bytes' --chip esp32s3 merge-bin -o all.bin --pad-to-size 8MB @flash_args
check "merge-bin: padded with 0xff" [ "$(tail -c 16 all.bin | od -An -tx1 | tr -d ' ')" = ffffffffffffffffffffffffffffffff ]
runs "merge-bin: with another beginning" 0 '^all.bin: 98304 bytes, to be flashed at 0x00008000$' \
    merge_bin -o all.bin --target-offset 0x8000 0x8000 $table 0x10000 $app
check "merge-bin: begins with what stands there" cmp -s --bytes=3072 all.bin $table
refuses "merge-bin: an image before the beginning" 5 "bootloader.bin at 0x00000000: before --target-offset" \
    merge-bin -o all.bin --target-offset 0x8000 0 $boot
refuses "merge-bin: an image after the end" 5 "app.bin at 0x00100000: ends after --pad-to-size" \
    merge-bin -o all.bin --pad-to-size 1MB 0x100000 $app
refuses "spi-flash: neither" 2 "expected status or sfdp" spi-flash $nowhere id
refuses "spi-flash: a value of too many bytes" 2 "VALUE is a number of as many bytes" spi-flash $nowhere --bytes 1 status 0x100
refuses "spi-flash: too many parameters" 2 "give ADDRESS and SIZE, up to 256" spi-flash $nowhere sfdp 0 257
runs "version" 0 '^esp-loader [0-9]' version
refuses "a command that is almost one of esptool's" 2 "unknown command 'wirte-flash': did you mean 'write-flash'" wirte-flash
refuses "a command that is refused" 2 "elf2image of esptool: making images" elf2image a.elf
refuses "an option in other words" 2 "--encrypt of esptool: the target does not encrypt" $nowhere write-flash --encrypt 0 $app
reports "a refusal as JSON" 2 "r['message'].startswith('--encrypt of esptool')" write-flash --encrypt 0 $app

finish
