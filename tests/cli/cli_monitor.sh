#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# monitor, and flash --monitor: what the target prints, on a terminal and in a pipe. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"

"$mkimage" set -o images --size 16K --flash-size 4MB >/dev/null || exit 1
images=(0 images/bootloader.bin 0x8000 images/partition-table.bin 0x10000 images/app.bin)

# board LINE...: what a person at the board does, and the answers, in the file board.
board() {
    python3 - "$@" >board <<'EOF'
import socket, sys
control = socket.socket(socket.AF_UNIX)
control.connect("control")
lines = control.makefile("rw")
for line in sys.argv[1:]:
    print(line, file=lines, flush=True)
    answer = ""
    while answer[:2] != "ok":
        answer = lines.readline()
        print(answer, end="")
        if answer[:6] == "error:" or not answer:
            sys.exit(1)
EOF
}

# wait_for PATTERN FILE: until it is there; the process $pid may end before that.
wait_for() {
    until grep -aqs -- "$1" "$2" || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done
}

# monitors ARGUMENTS...: in the background, until it has the port.
monitors() {
    : >err # the background process may be later than the first look at it
    "$loader" monitor --port "$port" "$@" >out 2>err </dev/null 9>&- &
    pid=$!
    wait_for '^--- ' err
}

# --- from the reset on ---

real_sim --rfc2217 127.0.0.1:0 --flash-size 4MB --control control
port=rfc2217://$sim_at
run flash --monitor --raw --log log --exit-on 'no code is executed' --exit-after 60 --port "$port" "${images[@]}" >out 2>err </dev/null
check "flash --monitor: exit code 0" [ $? -eq 0 ]
board console
sed -n 's/^| //p' board | tac | sed '/^ESP-ROM:/q' | tac >boot
tr -d '\r' <log >log.text
check "flash --monitor: every byte from the reset on" eval '[ "$(wc -l <boot)" -gt 5 ] && cmp boot log.text'
check "flash --monitor: after what flash says" eval 'sed "1,/^Done!$/d" out | tr -d "\r" | cmp - boot'
check "flash --monitor: remarks are on standard error" grep -q "^--- $port at 115200 baud$" err
runs "monitor resets" 0 '^rst:0x' monitor --raw --exit-on 'no code is executed' --exit-after 60 --port "$port"
check "monitor resets: every byte" eval 'tr -d "\r" <out | cmp - boot'

# --- what is shown ---

monitors --no-reset --filter 'wifi:W *:N' --timestamps=%Y --exit-on 'the end' --exit-after 60
board 'app-print 2 W (1) wifi: \e[31mred\e[0m \e[2J\r\n' 'app-print 1 I (1) wifi: no\r\nE (1) nvs: no\r\nno\r\nE (1) wifi: the end\r\n'
wait $pid
check "lines of the log, safe for a terminal" [ "$(sed -E 's/^[0-9]{4} //' out | cat -v)" = \
    'W (1) wifi: ^[[31mred^[[0m \x1b[2J
W (1) wifi: ^[[31mred^[[0m \x1b[2J
E (1) wifi: the end' ]
monitors --no-reset --mode hex --exit-on 'xyz' --exit-after 60
board 'app-print 1 0123456789\x00abcde\nxyz'
wait $pid
check hexadecimal eval "grep -qF '00000000  30 31 32 33 34 35 36 37 38 39 00 61 62 63 64 65  |0123456789.abcde|' out &&
    grep -qF '00000010  0a 78 79 7a                                      |.xyz|' out"
refuses "text that does not come" 4 'the text of --exit-on has not come in 0\.3 s' monitor -q --no-reset --exit-on nope --exit-after 0.3 --port "$port"
"$loader" monitor -q --no-reset --exit-after 0.1 --port "$port" >out 2>err </dev/null
check "the end of the time alone is no failure" eval '[ $? -eq 0 ] && [ ! -s out ] && [ ! -s err ]'

# --- addresses and panics; tests/decode has made the program and run it ---

elf=../../decode/riscv_small.elf
if [ -e "$elf" ]; then
    monitors --no-reset --elf "$elf" --exit-on 'Rebooting' --exit-after 60
    mapfile -t lines < <(sed -E 's/^([^\r]*)\r*$/app-print 1 \1\\r\\n/' "${elf%.elf}.log")
    board "${lines[@]}"
    wait $pid
    check "addresses are named" grep -qE '^--- 0x[0-9a-f]{8}: stop_here at /src/program\.c:[0-9]+$' out
    check "frames of a panic" eval "grep -qE '^--- #5  0x[0-9a-f]{8} in main at /src/program\.c:[0-9]+$' out"
    check "what the target prints is all there" eval 'grep -v "^---" out | cmp - <(tr -d "\r" <"${elf%.elf}.log")'
    mkdir -p roms # the boot log names the ROM, and its ELF file has that name in it
    { cat "$elf" && printf 'esp32s3-20210327'; } >roms/some_rom.elf
    pc=$(sed -n 's/^MEPC *: \(0x[0-9a-f]*\).*/\1/p' "${elf%.elf}.log")
    ESP_ROM_ELF_DIR=roms monitors --elf "${elf%/*}/xtensa.elf" --exit-on 'the end' --exit-after 60
    wait_for 'no code is executed' out
    board "app-print 1 at $pc\r\nthe end\r\n"
    wait $pid
    check "functions of the ROM whose ELF file the boot log names" grep -q "^--- $pc: stop_here at " out
    refuses "ELF file that is none" 5 'board: not an ELF file' monitor -q --elf board --port "$port"
else
    refuses "build without libdw" 5 'decoding needs libdw' monitor -q --elf board --port "$port"
fi

# --- what is typed ---

board 'app-echo on'
printf '\035\024\003\000\377\n' >typed # the monitor's keys, too
"$loader" monitor --no-reset --raw --exit-after 0.7 --port "$port" <typed >out 2>err
check "a pipe goes to the target as it is" cmp typed out
monitors --no-reset --raw --log /dev/full
board 'app-print 1 text\r\n'
wait_for text out
check "full disk: said at once" grep -q '^esp-loader: cannot write /dev/full: No space left on device' err
kill -TERM $pid
wait $pid
check "signal: exit code 8" [ $? -eq 8 ]
refuses "log that cannot be written" 1 'cannot write nope/log: No such file' monitor -q --log nope/log --port "$port"

# --- a terminal ---

terminal=$project/tests/cli/terminal.py
"$terminal" shown --type 'no code is' '\x14\x08' --type 'goes to the target' '\x14\x10' --type 'is in download mode' '\x14\x12' \
    --type 'no code is' 'a\x1d' -- \
    "$loader" monitor --port "$port" 9>&-
check "keys: help, reset, end, and the settings of the terminal" [ $? -eq 0 ]
check "keys: shown is what the target prints" [ "$(grep -c '^rst:0x' shown.screen)" -eq 2 ]
check "keys: remarks have rows of their own" grep -q '^--- Ctrl-] ends' shown.screen
"$terminal" shown -- bash -c 'tty >tty; echo $$ >pid; exec "$@"' - "$loader" monitor --no-reset --port "$port" 9>&- &
terminal_pid=$!
# has_mode MODE: the terminal gets into it.
has_mode() {
    for ((i = 0; i < 500; i++)); do
        [ -s tty ] && stty -F "$(cat tty)" -a 2>/dev/null | grep -qE "(^| )$1( |;|$)" && return
        sleep 0.02
    done
    return 1
}
check "raw while it runs" has_mode -icanon
kill -TSTP "$(cat pid)"
check "as before while it is stopped" has_mode icanon
kill -CONT "$(cat pid)"
check "raw again after that" has_mode -icanon
kill -TERM "$(cat pid)"
wait $terminal_pid
check "signal: exit code 8, and the settings of the terminal" [ $? -eq 8 ]
stop_sim "rfc2217"

# --- a reader that is slow, at 3 Mbaud ---

start_sim --rfc2217 127.0.0.1:0 --flash-size 4MB --flash flash.bin
run flash --port "rfc2217://$sim_at" "${images[@]}" >out 2>err || exit 1
sim_stop

# runs_app: a simulator on a terminal, whose application runs.
runs_app() {
    real_sim --pty=board.tty --flash-size 4MB --flash flash.bin --control control
    board reset
    for ((i = 0; i < 100; i++)); do
        board state
        ! grep -q '^state app$' board || return
        sleep 0.02
    done
    exit 1
}
runs_app
port=board.tty
board 'app-rate 3000000' || exit 1
mkfifo slow
"$loader" monitor --port "$port" --baud 3000000 --no-reset --raw --log slow.log --exit-on END --exit-after 60 >slow 2>err </dev/null 9>&- &
pid=$!
exec 8<slow
wait_for '^--- ' err
python3 -c "print(end=('x' * 97 + '\r\n') * 3000 + 'END')" >sent
board stats
before=$(sed -n 's/^bytes_in //p' board)
board "app-print 3000 $(printf 'x%.0s' {1..97})\\r\\n" 'app-print 1 END'
for ((i = 0; i < 200; i++)); do
    board stats
    [ $(($(sed -n 's/^bytes_in //p' board) - before)) -lt 297003 ] || break
    sleep 0.1
done
check "everything is taken from the port while nobody reads standard output" [ $(($(sed -n 's/^bytes_in //p' board) - before)) -eq 297003 ]
cat <&8 >got
exec 8<&-
wait $pid
check "not a byte is lost: standard output" cmp sent got
check "not a byte is lost: log file" cmp sent slow.log

# --- a device that leaves and comes back, under another name ---

sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
sysfs_tty 1-2 ttyACM0 "$(readlink -f board.tty)"
port=dev/ttyACM0
monitors --no-reset --exit-on 'after it' --exit-after 60
board 'app-rate 115200' 'app-print 1 before it\r\n'
wait_for 'before it' out
sysfs_unplug 1-2
sim_stop
wait_for 'is gone' err
check "gone" [ "$(tail -n 1 err)" = '--- dev/ttyACM0 is gone; waiting for it' ]
runs_app
sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
sysfs_tty 1-2 ttyACM3 "$(readlink -f board.tty)"
wait_for 'is back' err
check "back" grep -q '^--- .*ttyACM3 is back$' err
board 'app-print 1 after it\r\n'
wait $pid
check "back: exit code 0" [ $? -eq 0 ]
check "before and after" eval "grep -q '^before it$' out && grep -q '^after it$' out"
stop_sim "reconnect"

# --- mistakes ---

port=/dev/ttyNOPE
refuses "no such port" 3 'cannot open /dev/ttyNOPE: no such serial device' monitor --port "$port"
refuses "invalid filter" 2 "invalid filter: rule 'wifi:Q' has an unknown level" monitor --filter wifi:Q --port "$port"
refuses "raw bytes with a time" 2 'nothing is added to raw bytes' monitor --raw --timestamps --port "$port"
refuses "a rate without one" 2 'a socket:// port has no baud rate' monitor --baud 9600 --port socket://127.0.0.1:1
refuses "flash --monitor --after stay" 2 '--monitor does not go together with --after stay' flash --monitor --after stay --port "$port" 0 x
finish
