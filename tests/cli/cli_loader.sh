#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Which loader the tool uses when it is left to choose: the stub where it can, else the ROM, and why. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
app=images/app.bin

# shows NAME SENTENCE SIM-OPTIONS...: what `Loader:` says about such a target, which is flashed with it all the same.
shows() {
    local name=$1 sentence=$2
    shift 2
    start_sim --tcp 127.0.0.1:0 "$@"
    runs "$name" 0 "^Loader:     $sentence\$" info --port "socket://$sim_at"
    stop_sim "$name"
}

shows "the loader is named" "$loader_shown"
shows "ESP32 is flashed like the others" "$loader_shown" --chip esp32

# --- what info tells about parts and what their eFuses forbid ---

# tells NAME LINE SIM-OPTIONS...: `info` prints that line about such a target.
tells() {
    local name=$1 line=$2
    shift 2
    start_sim --tcp 127.0.0.1:0 "$@"
    runs "$name" 0 "^$line\$" info --port "socket://$sim_at"
    stop_sim "$name"
}

tells "memory in the package" 'In package: 8 MB flash \(GD\), 8 MB PSRAM \(AP_3v3\)' \
    --efuse 0x60007050=0x08000000 --efuse 0x60007054=0x8a
tells "package of an ESP32" 'Package:    ESP32-PICO-V3' --chip esp32 --efuse 0x3ff5a00c=0xa00
tells "package without a name" 'Package:    number 2' --chip esp32h2 --efuse 0x600b0854=2
tells "crystal" 'Crystal:    26 MHz' --chip esp32c2 --crystal 26
tells "EUI-64" 'EUI-64:     02:00:00:ff:fe:00:00:01' --chip esp32c6 --efuse 0x600b0848=0xfffe0000
tells "security of an ESP32" 'Security:   secure boot: V1 on for good' --chip esp32 --secure-boot v1

start_sim --tcp 127.0.0.1:0 --chip esp32 --flash-encryption
refuses "encrypted flash of an ESP32" 6 "app.bin at 0x00010000: the target's security settings forbid it" \
    flash --port "socket://$sim_at" 64k $app
stop_sim "encrypted flash of an ESP32"

# guards NAME OPTIONS RANGE...: these ranges are refused without --force, and then nothing was erased.
guards() {
    local name=$1 options=$2
    shift 2
    rm -f flash.bin
    start_sim --tcp 127.0.0.1:0 --flash flash.bin --trace=trace $options
    for range in "$@"; do
        refuses "$name: erase $range" 6 "the target's flash encryption or secure boot forbids it, .*--force" \
            erase --port "socket://$sim_at" $range
    done
    reports "$name: as an object" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_SECURITY' and r['failure']['stage'] == 'checking'" \
        erase --port "socket://$sim_at" --all
    check "$name: nothing was erased" bash -c '! grep -q "FLASH_BEGIN\|ERASE_" trace'
    runs "$name: with --force" 0 '^Erased$' erase --port "socket://$sim_at" --force 0 32k
    stop_sim "$name"
}
guards "secure boot" "--secure-boot v2" "0 4k" "0x7000 4k" --all
guards "secure boot V1" "--chip esp32 --secure-boot v1" "0 4k" "0x1000 4k"
guards "flash encryption" "--chip esp32c3 --flash-encryption" "0x100000 4k"
real_sim --tcp 127.0.0.1:0 --secure-boot v2
runs "secure boot: what it does not guard is erased" 0 '^Erased$' erase --port "socket://$sim_at" 0x10000 64k
stop_sim "secure boot: what it does not guard"
start_sim --tcp 127.0.0.1:0 --secure-boot v2 --secure-download
refuses "secure boot in secure download mode" 6 "the target's flash encryption or secure boot" \
    erase --port "socket://$sim_at" --flash-size 8MB 0 4k
stop_sim "secure boot in secure download mode"

# --- targets that can do less ---

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --secure-download --flash flash.bin
port=socket://$sim_at
runs "secure download mode: is recognised" 0 '^Mode:       secure download mode' info --port "$port"
refuses "secure download mode: the size of the flash has to be given" 6 \
    "the flash size cannot be read in secure download mode: give --flash-size" \
    flash --port "$port" 64k $app
runs "secure download mode: is written" 0 '^Not verified: the loader on this target cannot$' \
    flash --port "$port" --flash-size 8MB --flash-mode qio 0 images/bootloader.bin 64k $app
refuses "secure download mode: an image that exceeds the size given" 6 "app.bin at 0x003f8000: its 65536 bytes do not fit" \
    flash --port "$port" --flash-size 4MB 0x3f8000 $app
for command in "erase 0 4k" "erase --all"; do
    refuses "secure download mode: ${command#* }: the size of the flash has to be given" 6 \
        "the flash size cannot be read in secure download mode: give --flash-size" $command --port "$port"
done
refuses "secure download mode: erase: behind the end" 6 "the range exceeds the flash of 8 MB" \
    erase --port "$port" --flash-size 8MB 0x7ff000 8k
refuses "erase: no size" 2 "invalid flash size 'much'" erase --port "$port" --flash-size much 0 4k
runs "secure download mode: erase" 0 '^Erased$' erase --port "$port" --flash-size 8MB 0x18000 32k
for command in "read 0 4k x.bin" "verify 0x10000 $app"; do
    refuses "secure download mode: ${command%% *} is refused in words" 6 \
        ".*the target is in secure download mode, which does not allow this" $command --port "$port"
done
stop_sim "secure download mode"
head -c 32768 $app >half.bin
head -c 32768 /dev/zero | tr '\0' '\377' >blank.bin
check "secure download mode: app is in the flash, but for what was erased" eval "has_flash half.bin 0x10000 && has_flash blank.bin 0x18000"
check "secure download mode: the bootloader's header is not changed" has_flash images/bootloader.bin 0

rm -f flash.bin
start_sim --tcp 127.0.0.1:0 --chip esp8266 --flash flash.bin
runs "loader without MD5: what is written is called unverified" 0 '^Not verified: the loader on this target cannot$' \
    flash --no-stub --force-raw --port "socket://$sim_at" 64k $app
refuses "loader without MD5: nothing can be compared" 6 "app.bin at 0x00010000: not available on this target" \
    verify --no-stub --port "socket://$sim_at" 64k $app
stop_sim "loader without MD5"
check "loader without MD5: app is in the flash" has_flash $app 0x10000

if [ "$mode" = stub ]; then
    shows "secure download mode: ROM, and why" \
        "ROM [(]the target's security settings allow no flasher stub[)]" --secure-download
    shows "revision without a stub: ROM, and why" \
        'ROM [(]there is no flasher stub for this chip or its revision[)]' --chip esp32c2 --revision 0.0

    rm -f flash.bin
    start_sim --tcp 127.0.0.1:0 --trace=trace --flash flash.bin
    runs "a stub is left running" 0 "^Loader:     flasher stub$" info --after stay --port "socket://$sim_at"
    runs "a stub that runs is used" 0 "^Verified$" flash --port "socket://$sim_at" 64k $app
    check "a stub that runs is not loaded again" [ "$(grep -c 'stub: started' trace)" -eq 1 ]
    runs "a stub that runs is used although none is asked for" 0 "^Loader:     flasher stub$" \
        info --no-stub --port "socket://$sim_at"
    refuses "a stub that runs is not overwritten" 6 "an earlier run has left a flasher stub" \
        load-ram --port "socket://$sim_at" images/bootloader.bin
    stop_sim "a stub that runs"
    check "a stub that runs has written" has_flash $app 0x10000

    rm -f flash.bin
    start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
    runs "--baud with a stub" 0 '^Verified$' flash --baud 921600 --port "rfc2217://$sim_at" 64k $app
    runs "--baud and --after stay" 0 'stays in download mode' info --baud 921600 --after stay --port "rfc2217://$sim_at"
    runs "the rate is back at what the next program expects" 0 '^Loader:     flasher stub$' \
        info --no-reset --port "rfc2217://$sim_at"
    stop_sim "--baud with a stub"
    check "--baud with a stub: app is in the flash" has_flash $app 0x10000
fi

finish
