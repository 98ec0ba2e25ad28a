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
if [ "$mode" = stub ]; then
    shows "secure download mode: ROM, and why" \
        "ROM [(]the target's security settings allow no flasher stub[)]" --secure-download
    shows "revision without a stub: ROM, and why" \
        'ROM [(]there is no flasher stub for this chip or its revision[)]' --chip esp32c2 --revision 0.0

    rm -f flash.bin
    start_sim --tcp 127.0.0.1:0 --trace=trace --flash flash.bin
    runs "a stub is left running" 0 "^Loader:     flasher stub$" info --after stay --port "socket://$sim_at"
    runs "a stub that runs is used" 0 "^Flash verified$" flash --port "socket://$sim_at" 64k $app
    check "a stub that runs is not loaded again" [ "$(grep -c 'stub: started' trace)" -eq 1 ]
    runs "a stub that runs is used although none is asked for" 0 "^Loader:     flasher stub$" \
        info --no-stub --port "socket://$sim_at"
    stop_sim "a stub that runs"
    check "a stub that runs has written" has_flash $app 0x10000

    rm -f flash.bin
    start_sim --rfc2217 127.0.0.1:0 --flash flash.bin
    runs "--baud with a stub" 0 '^Flash verified$' flash --baud 921600 --port "rfc2217://$sim_at" 64k $app
    runs "--baud and --after stay" 0 'stays in download mode' info --baud 921600 --after stay --port "rfc2217://$sim_at"
    runs "the rate is back at what the next program expects" 0 '^Loader:     flasher stub$' \
        info --no-reset --port "rfc2217://$sim_at"
    stop_sim "--baud with a stub"
    check "--baud with a stub: app is in the flash" has_flash $app 0x10000
fi

finish
