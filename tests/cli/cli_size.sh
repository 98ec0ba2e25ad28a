# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# A flash whose id does not tell its size, or tells more than there is; and one that does not answer.
# Sourced arguments: harness.sh.
. "$(dirname "$0")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >/dev/null || exit 1
boot=images/bootloader.bin table=images/partition-table.bin app=images/app.bin
head -c 70000 /dev/urandom >data.bin
head -c 256k /dev/urandom >old.bin
unknown="unknown flash size \(flash chip id 0x4a25bf\): give --flash-size"

# project SIZE: a project that was built for a flash of that size.
project() {
    mkdir -p project/build
    cp "$boot" project/build
    printf '{"flash_settings": {"flash_size": "%s"}, "flash_files": {"0x0": "bootloader.bin"},
        "extra_esptool_args": {"chip": "esp32s3"}}' "$1" >project/build/flasher_args.json
}

# old_flash SIZE: flash.bin of that size, with data at its start.
old_flash() {
    head -c "$1" /dev/zero | tr '\0' '\377' >flash.bin
    dd if=old.bin of=flash.bin conv=notrunc status=none
}

# is_untouched: the flash is as old_flash() left it.
is_untouched() {
    cmp -s <(head -c 256k flash.bin) old.bin && ! tail -c +262145 flash.bin | tr -d '\377' | grep -q .
}

# noted NAME PATTERN: what the last command has said on standard error.
noted() {
    check "$1" grep -qE -- "^esp-loader: $2" err
}

# --- an id that tells no size ---

old_flash 8M
start_sim --tcp 127.0.0.1:0 --flash-size 8MB --flash-id 0x4a25bf --flash flash.bin
port=socket://$sim_at
runs "unknown size: info" 0 '^Flash size: unknown \(id 0x4a25bf\); use --flash-size$' info --port "$port"
reports "unknown size: info --json" 0 "'flash_size' not in r['target'] and r['target']['flash_id'] == 0x4a25bf" info --port "$port"
for command in "flash 0x600000 data.bin" "flash --flash-size detect 0 $boot" "flash --flash-size keep 0 $boot" \
    "read 0 4k x.bin" "read 0 all x.bin" "verify 0 data.bin" "erase 0 4k" "erase --all"; do
    refuses "unknown size: $command" 6 "$unknown$" $command --port "$port"
done
reports "unknown size: flash --json" 6 \
    "r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_SIZE' and r['failure']['stage'] == 'attaching the flash'" flash --port "$port" 0x600000 data.bin
runs "unknown size: what needs no flash" 0 '^0x' reg --port "$port" read 0x60000000
stop_sim "unknown size"
check "unknown size: nothing is changed" is_untouched

start_sim --tcp 127.0.0.1:0 --flash-size 8MB --flash-id 0x4a25bf --flash flash.bin
port=socket://$sim_at
runs "stated size: info" 0 '^Flash size: 8 MB, as stated \(no size in its id, 0x4a25bf\)$' info --port "$port" --flash-size 8MB
reports "stated size: info --json" 0 "r['target']['flash_size'] == 8 << 20 and r['target']['flash_id'] == 0x4a25bf" info --port "$port" --flash-size 8MB
runs "stated size: flash" 0 '^Done!$' flash --port "$port" --flash-size 8MB 0x600000 data.bin
runs "stated size: verify" 0 '^Verified$' verify --port "$port" --flash-size 8MB 0x600000 data.bin
runs "stated size: read" 0 '^File verified$' read --port "$port" --flash-size 8MB 0x600000 70000 x.bin
check "stated size: what was read" cmp -s x.bin data.bin
runs "stated size: read all" 0 '^File verified$' read --port "$port" --flash-size 8MB 0x7f0000 all x.bin
check "stated size: all" [ "$(wc -c <x.bin)" = 65536 ]
refuses "stated size: flash beyond it" 6 'data.bin at 0x007ff000: its 70000 bytes do not fit into the flash of 8 MB' \
    flash --port "$port" --flash-size 8MB 0x7ff000 data.bin
for command in "read 0x7ff000 8k x.bin" "erase 0x7ff000 8k"; do
    refuses "stated size: $command" 6 'the range exceeds the flash of 8 MB' $command --port "$port" --flash-size 8MB
done
runs "stated size: erase" 0 '^Erased$' erase --port "$port" --flash-size 8MB 0x600000 72k
runs "stated size: a set, and its header" 0 '^Done!$' flash --port "$port" --flash-size 8MB 0 $boot 0x8000 $table 64k $app
project 8MB
runs "stated size: in a project" 0 '^Done!$' flash --port "$port" --project project
refuses "stated size: smaller than the table" 5 '.*ends beyond the 1 MB of flash' flash --port "$port" --flash-size 1MB 0 $boot 0x8000 $table
runs "stated size: for a bootloader that is not looked into" 0 '^Done!$' \
    flash --port "$port" --flash-size 8MB --force-raw=0 0 $boot 0x600000 data.bin
refuses "other parameters for a bootloader that is not looked into" 5 '.*its flash parameters cannot be changed' \
    flash --port "$port" --flash-size 8MB --flash-mode qio --force-raw=0 0 $boot
for command in info "read 0 4k x.bin" "erase 0 4k"; do
    refuses "${command%% *}: invalid size" 2 "invalid flash size '7MB': give it like 4MB" $command --port "$port" --flash-size 7MB
done
stop_sim "stated size"
check "stated size: what was erased" [ -z "$(tail -c +$((0x613001)) flash.bin | tr -d '\377' | head -c 1)" ]
check "stated size: data" has_flash data.bin 0x600000

# --- a size that is stated wrongly ---

old_flash 2M
real_sim --tcp 127.0.0.1:0 --flash-size 2MB --flash-id 0x4a25bf --flash flash.bin --as-rom
port=socket://$sim_at
wraps='the flash has 2 MB and not 8 MB: beyond them it repeats itself'
refuses "wrongly stated: flash" 6 "data.bin at 0x00300000: $wraps" flash --port "$port" --flash-size 8MB 0x300000 data.bin
refuses "wrongly stated: erase" 6 "$wraps" erase --port "$port" --flash-size 8MB 0x300000 4k
reports "wrongly stated: flash --json" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_WRAPS' and r['failure']['image'] == 0" \
    flash --port "$port" --flash-size 8MB 0x300000 data.bin
runs "wrongly stated: info" 0 '^Flash size: 8 MB, as stated' info --port "$port" --flash-size 8MB
noted "wrongly stated: info says so" "$wraps"
runs "wrongly stated: read" 0 '^File verified$' read --port "$port" --flash-size 8MB 0x200000 256k x.bin
noted "wrongly stated: read says so" "$wraps"
check "wrongly stated: what was read" cmp -s x.bin old.bin
runs "wrongly stated: verify" 0 '^Verified$' verify --port "$port" --flash-size 8MB 0x200000 old.bin
noted "wrongly stated: verify says so" "$wraps"
sim_stop
check "wrongly stated: nothing is changed" is_untouched

# --- an id that tells more than there is ---

old_flash 4M
start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash-id 0x1740ef --flash flash.bin
port=socket://$sim_at
wraps='the flash has 4 MB and not 8 MB: beyond them it repeats itself'
refuses "counterfeit: flash" 6 "data.bin at 0x00500000: $wraps" flash --port "$port" 0x500000 data.bin
refuses "counterfeit: erase" 6 "$wraps" erase --port "$port" 0x500000 4k
runs "counterfeit: its true size can be stated" 0 '^Flash size: 4 MB, as stated \(8 MB by its id\)$' info --port "$port" --flash-size 4MB
refuses "counterfeit: beyond the true size" 6 'data.bin at 0x00500000: its 70000 bytes do not fit into the flash of 4 MB' \
    flash --port "$port" --flash-size 4MB 0x500000 data.bin
stop_sim "counterfeit"
check "counterfeit: nothing is changed" is_untouched

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash-id 0x1740ef --flash flash.bin
port=socket://$sim_at
run flash --port "$port" 0 $boot 0x500000 data.bin >out 2>err
check "counterfeit, blank: exit code" [ $? -eq 6 ]
noted "counterfeit, blank: found when it is written" "data.bin at 0x00500000: $wraps"
stop_sim "counterfeit, blank"

# --- a size that is stated larger than the id tells ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --flash-size 4MB --flash flash.bin
port=socket://$sim_at
runs "more than the id tells: info" 0 '^Flash size: 4 MB by its id, not 16 MB$' info --port "$port" --flash-size 16MB
refuses "more than the id tells: flash" 6 '.*its header states 16 MB of flash, this target has 4 MB' flash --port "$port" --flash-size 16MB 0 $boot
refuses "more than the id tells: erase" 6 'the range exceeds the flash of 4 MB' erase --port "$port" --flash-size 16MB 0x500000 4k
project 2MB
runs "what a project was built for limits nothing" 0 '^Flash size: 4 MB$' flash --port "$port" --project project 0x300000 data.bin
stop_sim "more than the id tells"

# --- no flash ---

start_sim --tcp 127.0.0.1:0 --flash-id 0xffffffff
port=socket://$sim_at
none='the flash chip did not answer \(attaching the flash, .*value 0xffffff'
runs "no flash: is said" 6 '^Flash size: unknown \(id 0xffffff: no flash chip answers\)$' info --port "$port"
for command in "flash 0 $boot" "read 0 4k x.bin" "verify 0 $boot" "erase --all" "erase --flash-size 4MB 0 4k"; do
    refuses "no flash: $command" 6 "$none" $command --port "$port"
done
runs "no flash: what needs none" 0 '^0x' reg --port "$port" read 0x60000000
stop_sim "no flash"

finish
