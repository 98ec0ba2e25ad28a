#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The baud rate that looks after itself: on good and bad cables, what is said of it, and what is remembered. Arguments:
# harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$(dirname "${BASH_SOURCE[0]}")/fake_sysfs.sh"
export XDG_CACHE_HOME=$PWD/cache
rates=cache/esp-loader/rates

head -c 100000 /dev/urandom >large.bin
head -c 100000 /dev/urandom >other.bin
head -c 3000 /dev/urandom >small.bin

# lacks NAME PATTERN: standard output of the last run has no such line.
lacks() {
    if grep -qE -- "$2" out; then fail "$1"; else pass "$1"; fi
}

# shows NAME PATTERN: it has one.
shows() {
    if grep -qE -- "$2" out; then pass "$1"; else fail "$1"; fi
}

# The plans of a small library leave the rate alone; reading finds one.
if [ -n "${EL_SMALL:-}" ]; then
    real_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 4MB
    port=rfc2217://$sim_at
    runs "small: flash" 0 '^Baud rate: no other than that of connecting was tried$' flash -v --port "$port" 0x10000 --force-raw large.bin
    runs "small: read" 0 '^Baud rate 921600: good, ' read -v --port "$port" 0x10000 100000 back.bin
    check "small: what was read is what was written" cmp -s back.bin large.bin
    stop_sim small
    finish
fi

# --- what is chosen, over a network, where nothing is known of the bridge ---

start_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 4MB
port=rfc2217://$sim_at
runs "good cable" 0 '^Baud rate 921600: good, ' flash -v --port "$port" 0x10000 --force-raw large.bin
lacks "no higher rate is tried where the port states none" '^Baud rate 2000000'
runs "the same again: nothing is tried" 0 '^Baud rate: no other than that of connecting was tried$' flash -v --port "$port" 0x10000 --force-raw large.bin
runs "little to write: nothing is tried" 0 'no other than that of connecting' flash -v --port "$port" 0x100000 --force-raw small.bin
runs "auto is the default" 0 '^Baud rate 921600: good, ' flash -v --baud auto --port "$port" 0x10000 --force-raw other.bin
runs "a rate that was asked for is used as it is" 0 '^Verified$' flash -v --baud 115200 --port "$port" 0x10000 --force-raw small.bin
lacks "and nothing is said of rates" '^Baud rate'
runs "without --verbose nothing is said" 0 '^Verified$' flash --port "$port" 0x10000 --force-raw large.bin
lacks "without --verbose nothing is said of rates" '^Baud rate'
runs "reading much" 0 '^Baud rate 921600: good, ' read -v --port "$port" 0x10000 100000 back.bin
check "what was read is what was written" cmp -s back.bin large.bin
runs "reading little" 0 'no other than that of connecting' read -v --port "$port" 0x10000 3000 back.bin
refuses "no rate" 2 "--baud is a number from 1 on or auto, not 'fast'" info --baud fast --port "$port"
check "nothing is remembered of a port on a network" [ ! -e cache ]
stop_sim "good cable"

# --- bad cables ---

for faults in 'cable above 460800: flip 1 in 100' 'bridge above 460800: refuse' 'bridge above 460800: make 460800'; do
    start_sim --rfc2217 127.0.0.1:0 --as-rom --flash flash.bin --flash-size 4MB --faults "$faults"
    port=rfc2217://$sim_at
    runs "$faults: flash" 0 '^Baud rate 460800: good, ' flash -v --port "$port" 0x10000 --force-raw other.bin
    runs "$faults: read" 0 '^Baud rate 460800: good, ' read -v --port "$port" 0x10000 100000 back.bin
    check "$faults: what was read" cmp -s back.bin other.bin
    runs "$faults: back" 0 '^Verified$' flash --port "$port" 0x10000 --force-raw large.bin
    stop_sim "$faults"
    check "$faults: the flash holds it" has_flash large.bin 0x10000
done

# --- what is remembered ---

sysfs_plug 1-2 10c4 ea60 0001 'CP2102N USB to UART Bridge Controller'
start_sim --pty=ttyESP --as-rom --flash flash.bin --flash-size 4MB
sysfs_tty 1-2 ttyUSB0 "$PWD/ttyESP"
usb="--port dev/ttyUSB0 --before no-reset --after stay"
runs "a bridge without reset" 0 '^Baud rate 460800: good, ' flash -v $usb 0x10000 --force-raw other.bin
shows "its limit is known by its id" '^Baud rate: the CP210x can do 3000000$'
check "the rate is remembered" grep -qE '^10c4:ea60_1-2:1[.]0_0001 460800 [0-9]+$' $rates
runs "the next run begins with it" 0 '^Baud rate: 460800 worked here the last time$' flash -v $usb 0x10000 --force-raw large.bin
rm $rates
runs "--no-cache" 0 '^Verified$' flash $usb --no-cache 0x10000 --force-raw other.bin
check "--no-cache: nothing is remembered" [ ! -e $rates ]
echo "10c4:ea60_1-2:1.0_0001 230400 $(date +%s)" >$rates
runs "what is remembered is used" 0 '^Baud rate 230400: good, ' flash -v $usb 0x10000 --force-raw large.bin
runs "--no-cache: what is remembered is not used" 0 '^Baud rate 460800: good, ' flash -v --no-cache $usb 0x10000 --force-raw other.bin
head -c 5000 /dev/urandom >$rates
runs "a file that is none" 0 '^Baud rate 460800: good, ' flash -v $usb 0x10000 --force-raw large.bin
rm -r cache
HOME=/proc/nonexistent XDG_CACHE_HOME= runs "no home" 0 '^Verified$' flash $usb 0x10000 --force-raw other.bin
HOME=/proc/nonexistent XDG_CACHE_HOME=/proc/nowhere runs "a folder that cannot be written to" 0 '^Verified$' flash $usb 0x10000 --force-raw large.bin
stop_sim "what is remembered"
check "the flash holds what was written last" has_flash large.bin 0x10000

# --- in real time ---

real_sim --rfc2217 127.0.0.1:0 --as-rom --flash flash.bin --flash-size 4MB --faults 'cable above 460800: flip 1 in 300'
runs "in real time" 0 '^Baud rate 460800: good, ' flash -v --port "rfc2217://$sim_at" 0x10000 --force-raw other.bin
stop_sim "in real time"

finish
