#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Files that are written are complete or untouched, whatever they were before. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin
"$loader" merge -q -o expected.bin 0 $boot 0x10000 $app || exit 1

# nothing_beside: no temporary file is left in any folder.
nothing_beside() {
    ! find . -name '.esp*' | grep -q .
}

# --- merge ---

cp $boot m.bin
check "merge onto its first input" "$loader" merge -q -o m.bin 0 m.bin 0x10000 $app
check "merge onto its first input: the result is right" cmp m.bin expected.bin
cp $app m.bin
check "merge onto its last input" "$loader" merge -q -o m.bin 0 $boot 0x10000 m.bin
check "merge onto its last input: the result is right" cmp m.bin expected.bin
cp $app m.bin
ln m.bin hard.bin
ln -s m.bin soft.bin
check "merge onto a hard link of an input" "$loader" merge -q -o hard.bin 0 $boot 0x10000 m.bin
check "merge onto a hard link of an input: the result is right" cmp hard.bin expected.bin
check "merge onto a hard link of an input: the input is whole" cmp m.bin $app
check "merge onto a symbolic link to an input" "$loader" merge -q -o soft.bin 0 $boot 0x10000 m.bin
check "merge onto a symbolic link to an input: the result is right" cmp m.bin expected.bin
check "merge onto a symbolic link to an input: the link stays" [ -L soft.bin ]
mkdir -p there/deep
ln -s there/one.bin two.bin
ln -s deep/three.bin there/one.bin
check "merge through links to a file that is not there yet" "$loader" merge -q -o two.bin 0 $boot 0x10000 $app
check "merge through links to a file that is not there yet: it is where they lead" cmp there/deep/three.bin expected.bin
ln -s round.bin round.bin
refuses "merge into a link to itself" 1 "cannot write round.bin: Too many levels" merge -o round.bin 0 $boot

echo precious >old.bin
chmod 640 old.bin
"$mkimage" bootloader -o broken.bin --break checksum --size 16K >/dev/null
refuses "merge of unusable images" 5 "broken.bin at 0x00000000: " merge -o old.bin 0 broken.bin 0x10000 $app
check "merge that fails: the old file is untouched" [ "$(cat old.bin)" = precious ]
if [ "$(id -u)" -ne 0 ]; then
    chmod 440 old.bin
    refuses "merge onto a protected file" 1 "cannot write old.bin: Permission denied" merge -o old.bin 0 $boot
    check "merge onto a protected file: untouched" [ "$(cat old.bin)" = precious ]
    chmod 640 old.bin
fi
(
    ulimit -f 8
    "$loader" merge -q -o old.bin 0 $boot 0x10000 $app 2>err
)
check "merge beyond what may be written: said" grep -q '^esp-loader: cannot write old.bin: File too large' err
check "merge beyond what may be written: the old file is untouched" [ "$(cat old.bin)" = precious ]
check "merge" "$loader" merge -q -o old.bin 0 $boot 0x10000 $app
check "merge: the new content" cmp old.bin expected.bin
check "merge: permissions are the old ones" [ "$(stat -c %a old.bin)" = 640 ]
(umask 027 && "$loader" merge -q -o fresh.bin 0 $boot)
check "merge into a new file: permissions are the usual ones" [ "$(stat -c %a fresh.bin)" = 640 ]
mkfifo pipe
cat pipe >from_pipe.bin &
check "merge into a FIFO" "$loader" merge -q -o pipe 0 $boot 0x10000 $app
wait $!
check "merge into a FIFO: arrived" cmp from_pipe.bin expected.bin
check "merge into a FIFO: it stays one" [ -p pipe ]
check "merge into /dev/null" "$loader" merge -q -o /dev/null 0 $boot
check "merge into /dev/null: it stays" [ -c /dev/null ]
"$loader" merge -q -o /dev/stdout 0 $boot 0x10000 $app >stdout.bin
check "merge into a redirected /dev/stdout" cmp stdout.bin expected.bin
"$loader" merge -q -o /dev/stdout 0 $boot 0x10000 $app | cat >stdout.bin
check "merge into a pipe as /dev/stdout" cmp stdout.bin expected.bin
echo log >log
"$loader" merge -q -o /dev/stdout 0 $boot 0x10000 $app >>log
check "merge into /dev/stdout that is appended to: what was there stays" \
    bash -c '[ "$(head -n 1 log | tr -d "\0")" = log ] && tail -c +5 log | cmp - expected.bin'
refuses "merge into a folder" 1 "cannot write there: Is a directory" merge -o there 0 $boot
refuses "merge into no name" 1 "cannot write : No such file" merge -o "" 0 $boot
refuses "merge into a name that is too long" 1 "cannot write a*: File name too long" \
    merge -o "$(printf 'a%.0s' {1..300})" 0 $boot
long=$(printf 'a%.0s' {1..250})
check "merge into the longest name" "$loader" merge -q -o "$long" 0 $boot
check "merge: no temporary file is left" nothing_beside

# --- read ---

"$mkimage" raw -o content.bin --size 1M >/dev/null
cp content.bin flash.bin
real_sim --rfc2217 127.0.0.1:0 --flash flash.bin --flash-size 1MB --trace=trace # in real time
port=rfc2217://$sim_at
echo backup >real.bin
chmod 600 real.bin
ln -s real.bin link.bin

# interrupted NAME FILE: read, and Ctrl-C in the middle.
interrupted() {
    local before=$(grep -c ': READ_FLASH_SLOW' trace)
    env --default-signal=INT "$loader" read --no-stub --port "$port" 0 1M "$2" >out 2>err &
    local pid=$!
    until [ "$(grep -c ': READ_FLASH_SLOW' trace)" -gt $((before + 100)) ] || ! kill -0 $pid 2>/dev/null; do
        sleep 0.05
    done
    kill -INT $pid
    wait $pid
    check "$1: exit code 8" [ $? -eq 8 ]
    check "$1: the old backup is untouched" grep -qx backup real.bin
    check "$1: the link stays" [ "$(readlink link.bin)" = real.bin ]
}
interrupted "read that is interrupted" real.bin
interrupted "read through a link that is interrupted" link.bin
check "read" "$loader" read -q -b 921600 --port "$port" 0 64k link.bin
check "read: the new content" bash -c 'head -c 65536 content.bin | cmp - real.bin'
check "read: the link stays" [ -L link.bin ]
check "read: permissions are the old ones" [ "$(stat -c %a real.bin)" = 600 ]
"$loader" read -q -b 921600 --port "$port" 0 64k /dev/stdout >stdout.bin
check "read into /dev/stdout" cmp stdout.bin real.bin
sim_stop
start_sim --tcp 127.0.0.1:0 --faults 'from command 1 of 0x13: wrong md5'
refuses "read that is not what the flash holds" 7 "" read --port "socket://$sim_at" 0 4k real.bin
check "read that is not what the flash holds: the old file is untouched" bash -c 'head -c 65536 content.bin | cmp - real.bin'
refuses "read that is not what the flash holds, into a new file" 7 "" read --port "socket://$sim_at" 0 4k new.bin
check "read that is not what the flash holds, into a new file: there is none" [ ! -e new.bin ]
stop_sim "read that is not what the flash holds"
check "read: no temporary file is left" nothing_beside

# --- el-mkimage, esp-sim ---

echo precious >old.bin
(
    ulimit -f 8
    "$mkimage" raw -o old.bin --size 64K 2>err
)
check "el-mkimage that fails: said" grep -q '^el-mkimage: cannot write old.bin: File too large' err
check "el-mkimage that fails: the old file is untouched" [ "$(cat old.bin)" = precious ]
"$mkimage" raw -o /dev/stdout --size 4K >made.bin
"$mkimage" raw -o made2.bin --size 4K
check "el-mkimage into /dev/stdout" cmp made.bin made2.bin

# sim_refuses NAME SENTENCE-PATTERN OPTIONS...: does not start, and leaves old.bin alone.
sim_refuses() {
    local name=$1 pattern=$2
    shift 2
    "$sim" --tcp 0 --exit-on-eof "$@" </dev/null >out 2>err
    check "esp-sim: $name: does not start" [ $? -eq 1 ]
    check "esp-sim: $name: says why" grep -qE "^esp-sim: error: $pattern" err
    check "esp-sim: $name: the file is untouched" [ "$(cat old.bin)" = precious ]
}
sim_refuses "a file that is no flash" "'old.bin' does not fit this flash: it has 9 bytes, the flash has 8388608" \
    --flash old.bin
ln -s old.bin old_link.bin
sim_refuses "a link to a file that is no flash" "'old_link.bin' does not fit this flash" --flash old_link.bin
cp content.bin flash.bin
"$sim" --tcp 0 --exit-on-eof --flash flash.bin </dev/null >out 2>err
check "esp-sim: the flash of another chip: does not start" [ $? -eq 1 ]
check "esp-sim: the flash of another chip is untouched" cmp flash.bin content.bin
cp old.bin faults
sim_refuses "a trace into the flash" "the trace would overwrite 'old.bin'" --flash-size 1MB --flash old.bin --trace=old_link.bin
sim_refuses "a trace into the faults" "the trace would overwrite 'old.bin'" --faults @old.bin --trace=./old.bin
cp content.bin flash.bin
chmod 640 flash.bin
ln -s flash.bin flash_link.bin
(
    ulimit -f 512
    "$sim" --tcp 0 --exit-on-eof --flash-size 1MB --flash flash_link.bin </dev/null >out 2>err
    [ $? -eq 1 ]
)
check "esp-sim that cannot save: exit code 1" [ $? -eq 0 ]
check "esp-sim that cannot save: said" grep -q '^esp-sim: error: cannot write flash_link.bin: File too large' err
check "esp-sim that cannot save: the old file is untouched" cmp flash.bin content.bin
check "esp-sim that saves" "$sim" --tcp 0 --exit-on-eof --flash-size 1MB --flash flash_link.bin </dev/null
check "esp-sim that saves: link and permissions stay" [ "$(readlink flash_link.bin) $(stat -c %a flash.bin)" = "flash.bin 640" ]
check "esp-sim: a new file" "$sim" --tcp 0 --exit-on-eof --flash-size 1MB --flash new.bin </dev/null
check "esp-sim: a new file: has the flash's size" [ "$(stat -c %s new.bin)" -eq 1048576 ]
check "esp-sim, el-mkimage: no temporary file is left" nothing_beside

# --- standard streams that are closed: their numbers go to no port and no file ---

cp content.bin flash.bin
real_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
port=socket://$sim_at
check "all closed: read" bash -c '"$@" <&- >&- 2>&-' - "$loader" read --port "$port" 0 64k got.bin
check "all closed: read: nothing else is in the file" bash -c 'head -c 65536 content.bin | cmp - got.bin'
check "stdout closed: flash: the port gets no text" bash -c '"$@" >&-' - "$loader" flash --port "$port" 0x10000 $app
check "all closed: merge" bash -c '"$@" <&- >&- 2>&-' - "$loader" merge -o got.bin 0 $boot 0x10000 $app
check "all closed: merge: nothing else is in the file" cmp got.bin expected.bin
stop_sim "closed standard streams"
(exec 0<&- 1>&- 2>&- && exec timeout 2 "$sim" --tcp 0 --flash-size 1MB --flash flash.bin --trace=trace)
check "all closed: esp-sim: nothing else is in its trace" bash -c '! grep -q "^esp-sim" trace'

finish
