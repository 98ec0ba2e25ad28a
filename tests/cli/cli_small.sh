#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Small commands and forms: md5, hold-in-reset, standard input as a file. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o s3 --size 64K --flash-size 4MB >/dev/null || exit 1
"$mkimage" raw -o data.raw --size 68K >/dev/null

# --- md5 ---

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 4MB
port=socket://$sim_at
runs "standard input as a file" 0 '^Loading standard input: ' flash --port "$port" 0 s3/bootloader.bin 0x8000 s3/partition-table.bin 0x10000 - <s3/app.bin
runs "standard input as a pipe" 0 '^Verified$' verify --port "$port" 0x10000 - < <(cat s3/app.bin)
refuses "standard input that is empty" 5 "standard input is empty$" flash --port "$port" 0x10000 - </dev/null
refuses "standard input twice" 5 "standard input is empty$" flash --port "$port" 0x10000 - 0x100000 - <s3/app.bin
size=$(stat -c %s s3/app.bin) sum=$(md5sum <s3/app.bin | cut -c-32)
runs "md5" 0 "^$sum  $size bytes at 0x00010000$" md5 --port "$port" 0x10000 $size
reports "md5: JSON" 0 "r['md5'] == '$sum' and r['offset'] == 0x10000 and r['size'] == $size" md5 --port "$port" 0x10000 $size
runs "md5: alone with -q" 0 "^$sum  " md5 -q --port "$port" 0x10000 $size
runs "md5 of the rest" 0 "  2097152 bytes at 0x00200000$" md5 --port "$port" 2M all
reports "md5 of a partition" 0 "r['offset'] == 0x9000" md5 --port "$port" nvs
refuses "md5 of a partition that there is not" 2 "there is no partition 'x'" md5 --port "$port" x
refuses "md5: an offset alone" 2 "give OFFSET and SIZE, or the NAME of a partition" md5 --port "$port" 0x1000
refuses "md5 of nothing" 2 "SIZE 0: there is nothing to compute" md5 --port "$port" 0x1000 0
refuses "md5: more than there is" 6 "the range exceeds the flash of 4 MB" md5 --port "$port" 0x1000 4M
stop_sim "md5"
start_sim --tcp 127.0.0.1:0 --chip esp8266 --flash-size 4MB
[ "$mode" = stub ] || refuses "md5: a loader that has none" 6 "" md5 --no-stub --port "socket://$sim_at" 0x1000 4k
stop_sim "md5: another loader"

# --- traces ---

# replays NAME COMMAND ARGUMENTS...: what is traced with a simulator is answered by the trace as well, and comes to the same.
replays() {
    local name=$1 command=$2
    shift 2
    run "$command" --trace trace.txt --json --port "$port" "$@" >first 2>err
    check "$name: traced" [ $? -eq 0 ]
    rm -f replayed.at
    python3 "$project/tests/cli/replay.py" trace.txt >replayed.at 2>replay.log &
    local pid=$!
    for ((i = 0; i < 500; i++)); do
        [ -s replayed.at ] && break
        sleep 0.02
    done
    run "$command" --json --port "socket://$(cat replayed.at)" "$@" >second 2>err
    check "$name: replayed" [ $? -eq 0 ]
    wait $pid
    check "$name: the same was sent" [ $? -eq 0 ]
    check "$name: with the same outcome" cmp -s <(grep -v '"port"\|time_ms' first) <(grep -v '"port"\|time_ms' second)
}

start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 4MB
port=socket://$sim_at
replays "trace of md5" md5 0x10000 4k
check "a trace says what is sent" grep -q '^# SPI_FLASH_MD5 0x10000 0x1000 0x0 0x0, 16 bytes$' trace.txt
check "and what is received" grep -q '^# reply to SPI_FLASH_MD5: value ' trace.txt
replays "trace of erase" erase 0x20000 8k
refuses "a trace that cannot be written" 1 "cannot write no/trace: No such file or directory" md5 --trace no/trace --port "$port" 0 4k
stop_sim "traces"
start_sim --rfc2217 127.0.0.1:0
runs "a trace with lines and rates" 0 '^[0-9a-f]{32}  ' md5 --trace trace.txt --baud 460800 --port "rfc2217://$sim_at" 0 4k
check "a trace has lines" grep -qE '^[0-9]+ lines dtr=[01] rts=1$' trace.txt
check "a trace has rates" grep -qE '^[0-9]+ rate 460800$' trace.txt
stop_sim "a trace with lines and rates"

# --- GPIO lines ---

real_sim --pty=ttyESP --boot download
refuses "GPIO lines: another form" 2 "--reset-gpio is CHIP:RESET:BOOT, for example /dev/gpiochip0:17:27$" info --port ttyESP --reset-gpio 17:27
refuses "GPIO lines: no numbers" 2 "--reset-gpio is CHIP:RESET:BOOT" info --port ttyESP --reset-gpio /dev/gpiochip0:a:b
refuses "GPIO lines: another port" 2 "--reset-gpio needs a serial device as the port$" info --port socket://127.0.0.1:1 --reset-gpio /dev/gpiochip0:17:27
refuses "GPIO lines: no such chip" 3 "cannot open ttyESP" info --port ttyESP --reset-gpio ./no-chip:17:27
stop_sim "GPIO lines"

# --- a flash chip at other pins ---

if [ -z "${EL_SMALL:-}" ]; then
head -c 20000 /dev/urandom >pins.data
start_sim --rfc2217 127.0.0.1:0 --chip esp32 --flash pins.bin --flash-size 4MB --flash-pins $((14 | 12 << 6 | 13 << 12 | 15 << 18 | 2 << 24))
port=rfc2217://$sim_at
runs "flash at other pins: is written" 0 '^Verified' flash --port "$port" --spi-connection 14,12,13,2,15 0x10000 pins.data
runs "flash at other pins: is read" 0 '^File verified' read --port "$port" --spi-connection 14,12,13,2,15 0x10000 $(stat -c %s pins.data) copy.bin
check "flash at other pins: holds it" cmp pins.data copy.bin
runs "flash at other pins: has an id" 0 '^Flash id:   manufacturer 0xef' info --port "$port" --spi-connection 14,12,13,2,15
runs "flash at other pins: in esptool's words" 0 '^Flash size: 4 MB' flash-id --port "$port" --spi-connection 14,12,13,2,15
stop_sim "flash at other pins"
fi
start_sim --rfc2217 127.0.0.1:0 --chip esp32c6
port=rfc2217://$sim_at
refuses "chip with its flash at fixed pins" 6 'the flash of an ESP32-C6 is at fixed pins: leave out --spi-connection$' info --port "$port" --spi-connection 1,2,3,4,5
refuses "chip without HSPI" 6 'an ESP32-C6 has no HSPI' info --port "$port" --spi-connection HSPI
refuses "invalid pins" 2 "--spi-connection is SPI, HSPI or CLK,Q,D,HD,CS, five different GPIOs, not '1,2'" info --port "$port" --spi-connection 1,2
stop_sim "flash at fixed pins"

# --- hold-in-reset ---

real_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 4MB --boot app --console
port=rfc2217://$sim_at
started() {
    grep -ac 'the app would run now' sim.log
}
for ((i = 0; i < 500 && $(started) < 1; i++)); do
    sleep 0.02
done
"$loader" hold-in-reset --port "$port" >out 2>err &
held=$!
for ((i = 0; i < 500; i++)); do
    grep -q '^Holding' out && break
    sleep 0.02
done
before=$(started)
sleep 1
check "while it is held nothing starts" [ "$before" -eq "$(started)" ]
kill -TERM $held
wait $held
check "a signal is its end, not a failure" [ $? -eq 0 ]
check "it says so" grep -q '^Released$' out
for ((i = 0; i < 500 && $(started) <= before; i++)); do
    sleep 0.02
done
check "released, the application starts" [ "$(started)" -gt "$before" ]
stop_sim "hold-in-reset"
start_sim --tcp 127.0.0.1:0
"$loader" hold-in-reset --port "socket://$sim_at" >out 2>err
check "a port without lines" [ $? -eq 3 ]
check "a port without lines: why" grep -q '^esp-loader: this port has no control lines' err
stop_sim "no lines"

finish
