#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# docs/troubleshooting.md: what goes wrong is made to happen, and what is printed then must be in the page; at the end, each row
# of the page must have been met. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"
page=$project/docs/troubleshooting.md
rows="python3 $project/tests/cli/symptoms.py $page"

# meets NAME COMMAND...: the page has a row for something that this prints.
meets() {
    local name=$1
    shift
    "$@" >out 2>err </dev/null
    cat out err >printed
    check "$name" eval '$rows met printed >>met'
}
# with_sim "OPTIONS" NAME ARGUMENTS...: the tool with a chip that it can reset; PORT among the arguments is its port.
with_sim() {
    local options=$1 name=$2
    shift 2
    eval "start_sim --rfc2217 127.0.0.1:0 --flash-size 4MB $options"
    meets "$name" "$loader" "${@//PORT/rfc2217://$sim_at}"
    sim_stop
}
# prepare "OPTIONS" ARGUMENTS...: the same for what comes before: nothing is looked for, but it succeeds.
prepare() {
    local options=$1
    shift
    eval "start_sim --rfc2217 127.0.0.1:0 --flash-size 4MB $options"
    "$loader" "${@//PORT/rfc2217://$sim_at}" >out 2>err || fail "$*"
    sim_stop
}
# broken FAULTS NAME ARGUMENTS...: the same with a UART bridge and faults.
broken() {
    local faults=$1
    shift
    with_sim "--wiring bridge --faults '$faults'" "$@"
}

"$mkimage" set --size 64K --flash-size 4MB -o s3 >/dev/null && "$mkimage" set --chip esp32 --flash-size 4MB -o esp32 >/dev/null || exit 1
head -c 1000 s3/app.bin >cut.bin
cp s3/app.bin damaged.bin
printf x | dd of=damaged.bin bs=1 seek=5000 conv=notrunc status=none
{ printf '\177ELF\001\001\001'; head -c 3000 /dev/zero; } >firmware.elf
"$mkimage" app --size 2M -o large.bin
"$mkimage" table -o ota.bin nvs,data,nvs,0x9000,16K otadata,data,ota,0xd000,8K factory,app,factory,0x10000,128K first,app,ota_0,0x30000,128K
all='0 s3/bootloader.bin 0x8000 s3/partition-table.bin 0x10000 s3/app.bin'
app='0x10000 s3/app.bin'

# --- the port cannot be opened ---

# Begins here and is examined at the end: the tool waits ten seconds for a server that says nothing.
mkfifo silent
python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], file=open("silent", "w"), flush=True)
c, _ = s.accept()
while c.recv(100): pass' &
"$loader" info --port "rfc2217://127.0.0.1:$(cat silent)" >silent.out 2>&1 &
asked=$!

meets "nothing is plugged in" "$loader" info
sysfs_plug 1-2 10c4 ea60 0001 CP2102
sysfs_tty 1-2 ttyUSB0
sysfs_plug 1-3 10c4 ea60 0002 CP2102
sysfs_tty 1-3 ttyUSB1
meets "two boards" "$loader" info
meets "another name" "$loader" info --port /dev/ttyNOPE
meets "nothing in that USB port" "$loader" info --port usb:9-9
mkdir without
: >without/libusb-1.0.so.0
meets "no libusb" env "LD_LIBRARY_PATH=$PWD/without" "$loader" info --port usb:1-2
start_sim --pty --boot download
chmod 000 "$sim_at"
as_user=() # to root everything is permitted, unless it gives that up
[ "$(id -u)" != 0 ] || as_user=(setpriv --bounding-set=-dac_override,-dac_read_search)
meets "no permission" "${as_user[@]}" "$loader" info --port "$sim_at"
chmod 600 "$sim_at"
exec 7<>"$sim_at"
flock 7
meets "another program" "$loader" info --port "$sim_at"
exec 7>&-
sim_stop
meets "no server" "$loader" info --port rfc2217://127.0.0.1:1
start_sim --rfc2217 127.0.0.1:0
exec 7<>"/dev/tcp/127.0.0.1/${sim_at#*:}"
sleep 0.2
meets "a server that serves another client" "$loader" info --port "rfc2217://$sim_at"
exec 7>&-
sim_stop
# --- no target answers ---

broken 'from byte 1 in: drop' "nothing comes from it" info --port PORT
broken 'from byte 1 in: drop' "a server that does not confirm" info --port 'PORT?ign_set_control'
real_sim --rfc2217 127.0.0.1:0 --wiring bridge --faults 'en rise 300 ms'
meets "the strapping pin is up when EN has risen" "$loader" info --port "rfc2217://$sim_at"
sim_stop
broken 'from byte 1 out: drop' "nothing reaches it" info --port PORT
broken 'from command 1: reset' "it resets again and again" info --port PORT
with_sim '' "another chip" info --chip esp32 --port PORT

# --- it stops on the way ---

broken 'from command 40: reset' "a brown-out, and another one each time" flash --port PORT $all
broken 'at command 30: disconnect' "unplugged" flash --port PORT $all
broken 'bridge above 115200: make 115200' "a bridge that makes another rate" flash -b 460800 --port PORT $all
broken 'bridge above 115200: refuse' "a bridge that cannot do the rate" flash -b 460800 --port PORT $all
broken 'from command 2 of 0x11: corrupt' "a cable that damages blocks" flash --port PORT $all
broken 'from command 2 of 0x11: error 0x08' "a flash chip that fails" flash --port PORT $all
broken 'flash stuck 0x11000 bit 0 at 0; flash stuck 0x11001 bit 0 at 1' "a worn flash" flash --port PORT $app
broken 'flash protected' "a protected flash" flash --port PORT $app

# --- it is slow ---

head -c 300000 /dev/urandom >data.bin
broken 'cable above 460800: flip 1 in 50' "a bad cable" flash -v --port PORT 0x100000 data.bin
broken 'bridge above 460800: refuse' "a slow bridge" flash -v --port PORT 0x100000 data.bin
with_sim --secure-download "no stub" info --port PORT

# --- a file is refused ---

with_sim '' "not there" flash --port PORT 0x10000 missing.bin
meets "no project" "$loader" flash --project without
meets "copied from a page" "$loader" flash –-port x 0x10000 s3/app.bin
meets "overlap" "$loader" merge -o merged.bin 0x10000 s3/app.bin 0x1f000 s3/bootloader.bin
meets "damaged" "$loader" merge -o merged.bin 0x10000 damaged.bin
meets "cut" "$loader" merge -o merged.bin 0x10000 cut.bin
with_sim '' "an ELF file" flash --port PORT 0 firmware.elf
meets "wrong place" "$loader" merge -o merged.bin 0x1000 s3/bootloader.bin
meets "built for another chip" "$loader" merge -o merged.bin --chip esp32 $all
with_sim '' "the board has another chip" flash --port PORT 0x1000 esp32/bootloader.bin
with_sim '' "too large" flash --port PORT 0x3ff000 s3/app.bin
prepare '--flash small.flash' flash --port PORT 0x8000 s3/partition-table.bin
with_sim '--flash small.flash' "an app that has grown" flash --port PORT 0x10000 large.bin

# --- the target refuses ---

with_sim --flash-encryption "encrypted" flash --port PORT $app
with_sim --secure-download "secure download mode: reading" read --port PORT 0 4k read.bin
with_sim --secure-download "secure download mode: size" flash --port PORT $app
with_sim '--flash-id 0x4a25bf' "an unknown part" read --port PORT 0 4k read.bin
with_sim '--flash-id 0xffffffff' "no flash" info --port PORT
head -c 2M /dev/urandom >counterfeit.flash
with_sim '--flash-size 2MB --flash-id 0x1640ef --flash counterfeit.flash' "a counterfeit part" flash --port PORT 0x200000 data.bin

# --- it does not start ---

real_sim --rfc2217 127.0.0.1:0 --wiring usj --boot download --chip esp32c3
meets "the strapping pin is held" "$loader" info --port "rfc2217://$sim_at"
sim_stop
start_sim --pty --boot download --console
meets "no line to reset with" "$loader" info --port "$sim_at"
sim_stop
prepare '--flash ota.flash' flash --port PORT 0x8000 ota.bin 0x10000 s3/app.bin first=s3/app.bin
prepare '--flash ota.flash' ota --port PORT first
with_sim '--flash ota.flash' "an app that does not start" flash --port PORT 0x10000 s3/app.bin
start_sim --rfc2217 127.0.0.1:0 --boot app --console
meets "an empty flash" cat sim.log
sim_stop

wait $asked
meets "a server that is none" cat silent.out

$rows all | sort -u >rows
sort -u met >met.sorted
check "each row of the page is met" eval 'comm -23 rows met.sorted >out; : >err; [ -s rows ] && [ ! -s out ]'
finish
