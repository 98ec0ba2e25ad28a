#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the table of docs/first-steps.md, row by row in its order, with virtual boards on the USB of an imitation of /sys: each
# command must succeed, print what the row says, and have the effect that is listed here. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"
trap 'kill $(jobs -p) 2>/dev/null' EXIT # the simulator of the table

mkdir bin
ln -s "$loader" bin/esp-loader
ln -s "$sim" bin/esp-sim
PATH=$PWD/bin:$PATH

"$mkimage" set --size 64K --flash-size 2MB -o build >/dev/null || exit 1
cat >build/flasher_args.json <<'END'
{"flash_settings": {"flash_mode": "dio", "flash_size": "2MB", "flash_freq": "80m"},
 "flash_files": {"0x0": "bootloader.bin", "0x8000": "partition-table.bin", "0x10000": "app.bin"},
 "app": {"offset": "0x10000", "file": "app.bin"}, "extra_esptool_args": {"chip": "esp32s3"}}
END
"$loader" merge --output merged.bin --project . >/dev/null
head -c 2M /dev/urandom | tee flash.bin.0 >flash.bin.1
cp flash.bin.0 before.bin
free_port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')

real_sim --pty=board --count 2 --speed max --flash-size 2MB --flash flash.bin --control control
sysfs_plug 1-2 10c4 ea60 0001 "CP2102 USB to UART Bridge Controller"
sysfs_tty 1-2 ttyUSB0 "$(readlink -f board.0)"

# save BOARD: its flash goes to flash.bin.BOARD.
save() { printf 'save\n' | nc -UN "control.$1" >saved && grep -q '^ok$' saved; }

# holds FILE OFFSET [BOARD]: the flash of that board holds the file.
holds() {
    save "${3:-0}" &&
        cmp -s --ignore-initial="$(($2)):0" --bytes="$(stat -c %s "$1")" "flash.bin.${3:-0}" "$1"
}
holds_project() { holds build/bootloader.bin 0 "$@" && holds build/partition-table.bin 0x8000 "$@" && holds build/app.bin 0x10000 "$@"; }
is_blank() { save 0 && [ "$(tail -c "+$(($1 + 1))" flash.bin.0 | head -c "$2" | tr -d '\377' | wc -c)" -eq 0 ]; }

# What is there before the command of a row, and what must be so after it.
declare -A before=() after=(
    ['esp-loader ports']='true'
    ['esp-loader info']='grep -q "^Flash size: 2 MB" out'
    ['esp-loader read 0 all backup.bin']='cmp -s backup.bin before.bin'
    ['esp-loader flash --project .']='holds_project'
    ['esp-loader flash 0 merged.bin']='holds merged.bin 0'
    ['esp-loader flash app=build/app.bin']='holds build/app.bin 0x10000'
    ['esp-loader verify --project .']='[ "$(grep -c ^Verified out)" -eq 3 ]'
    ['esp-loader erase nvs']='is_blank 0x9000 24576 && holds build/app.bin 0x10000'
    ['esp-loader monitor']='grep -q "^ESP-ROM" out'
    ['esp-loader watch --count 2 --project .']='holds_project 0 && holds_project 1'
    ['esp-loader flash --force-raw 0 backup.bin']='holds before.bin 0'
    ['esp-sim --rfc2217 4000']='true' # the next row reaches it
    ['esp-loader flash --port rfc2217://127.0.0.1:4000 --project .']='[ "$(grep -c ^Verified out)" -eq 3 ] && grep -q "^Reset into" out'
)
before['esp-loader flash app=build/app.bin']='"$mkimage" app --size 64K --seed 2 -o build/app.bin' # the change
before['esp-loader watch --count 2 --project .']='sysfs_plug 1-3 10c4 ea60 0002 CP2102; sysfs_tty 1-3 ttyUSB1 "$(readlink -f board.1)"'
before['esp-loader flash --force-raw 0 backup.bin']='sysfs_unplug 1-3'

# prints PATTERN: one line of the output is like this; "…" is any text.
prints() {
    python3 -c 'import re, sys
pattern = ".*".join(map(re.escape, sys.argv[1].split("…")))
sys.exit(not any(re.fullmatch(pattern, line.rstrip()) for line in open("out")))' "$1"
}

rows=0
while IFS='|' read -r _ number task command printed _; do
    command=$(sed 's/^ *`//; s/` *$//' <<<"$command") printed=$(sed 's/^ *`//; s/` *$//' <<<"$printed")
    name="$number $command"
    rows=$((rows + 1))
    if [ -z "${after[$command]-}" ]; then
        fail "$name: nothing says what must be so after it"
        continue
    fi
    eval "${before[$command]-}"
    here=${command//4000/$free_port}
    status=0
    case $command in
        esp-sim*)
            $here >out 2>err 9>&- & # 9: start-sim.sh
            for ((i = 0; i < 500; i++)); do
                ! grep -q '^esp-sim: ready$' out || break
                sleep 0.02
            done
            ;;
        *monitor*) # Ctrl-] on a terminal, when something was printed; this port has no lines, so the reset button is pressed
            while sleep 0.3; do echo reset | nc -UN control.0; done >/dev/null 9>&- &
            python3 "$project/tests/cli/terminal.py" raw --type 'ESP-ROM' '\x1d' -- $here 2>err || status=$?
            kill $!
            wait $!
            echo 'reset boot' | nc -UN control.0 >/dev/null
            tr -d '\r' <raw >out
            ;;
        *)
            $here >raw 2>err </dev/null || status=$?
            sed 's|^dev/|/dev/|' raw >out # the imitation is in a folder of its own
            ;;
    esac
    check "$name: succeeds" [ $status -eq 0 ]
    check "$name: prints '$printed'" prints "$printed"
    check "$name: the outcome" eval "${after[$command]}"
    unset "after[$command]"
done < <(grep '^| [0-9]' "$project/docs/first-steps.md")
check "there are ten, or more" [ $rows -ge 10 ]
check "each is in the table: ${!after[*]}" [ ${#after[@]} -eq 0 ]
stop_sim "first steps"
finish
