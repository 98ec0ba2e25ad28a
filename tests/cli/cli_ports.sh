#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader ports and --port auto, in an imitation of /sys. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
. "$project/tests/cli/fake_sysfs.sh"

# lists NAME EXPECTED ARGUMENTS...: what esp-loader ports prints.
lists() {
    local name=$1
    printf '%s\n' "$2" >expected
    shift 2
    "$loader" ports "$@" >out 2>err
    check "$name" diff expected out
}

# refuses NAME CODE SENTENCE ARGUMENTS...: exit code and first line on standard error.
refuses() {
    local name=$1 code=$2 sentence=$3
    shift 3
    "$loader" "$@" >out 2>err
    [ $? -eq "$code" ] && [ "$(head -n 1 err)" = "esp-loader: $sentence" ] && pass "$name" || fail "$name"
}

lists "nothing is plugged in" "No serial port and no board on USB."
lists "nothing is plugged in, for programs" $'port\tflash\tusb_id\tplace\twhat\tserial\tproduct' --tsv
refuses "auto without a board" 3 "no board is connected that can be flashed (see esp-loader ports)" info --port auto
reports "nothing is plugged in, as JSON" 0 "r['ports'] == []" ports
refuses "two forms at once" 2 "--tsv and --json are two forms: choose one (see esp-loader help ports)" ports --json --tsv
refuses "operand" 2 "ports takes no operands (see esp-loader help ports)" ports x
refuses "unknown option" 2 "unknown option '--all' (see esp-loader help ports)" ports --all

sysfs_plug 1-2 303a 1001 02:00:00:00:00:01 "USB JTAG/serial debug unit"
real_sim --pty --flash flash.bin
sysfs_tty 1-2 ttyACM0 "$(readlink -f "$sim_at")"
sysfs_plug 1-3.1 303a 4001 123456 "TinyUSB CDC"
sysfs_tty 1-3.1 ttyACM1
sysfs_plug 1-4 046d c31c "" Keyboard
sysfs_plug 1-5 067b 1234 "" "Some serial thing"
sysfs_tty 1-5 ttyUSB3
lists "each device with what it is" \
"PORT         FLASH  USB ID     PLACE  WHAT                           SERIAL NUMBER      PRODUCT
dev/ttyACM0  yes    303a:1001  1-2    USB-Serial/JTAG                02:00:00:00:00:01  USB JTAG/serial debug unit
dev/ttyACM1  no     303a:4001  1-3.1  application on the chip's USB  123456             TinyUSB CDC
dev/ttyUSB3  maybe  067b:1234  1-5    serial device                  -                  Some serial thing"
lists "the same for programs" \
"port	flash	usb_id	place	what	serial	product
dev/ttyACM0	yes	303a:1001	1-2	USB-Serial/JTAG	02:00:00:00:00:01	USB JTAG/serial debug unit
dev/ttyACM1	no	303a:4001	1-3.1	application on the chip's USB	123456	TinyUSB CDC
dev/ttyUSB3	maybe	067b:1234	1-5	serial device		Some serial thing" --tsv

reports "the same as JSON" 0 "r == {'ok': True, 'exit_code': 0, 'ports': [
    {'port': 'dev/ttyACM0', 'flash': 'yes', 'usb_id': '303a:1001', 'place': '1-2', 'what': 'USB-Serial/JTAG',
     'serial': '02:00:00:00:00:01', 'product': 'USB JTAG/serial debug unit'},
    {'port': 'dev/ttyACM1', 'flash': 'no', 'usb_id': '303a:4001', 'place': '1-3.1', 'what': 'application on the chip\\'s USB',
     'serial': '123456', 'product': 'TinyUSB CDC'},
    {'port': 'dev/ttyUSB3', 'flash': 'maybe', 'usb_id': '067b:1234', 'place': '1-5', 'what': 'serial device',
     'product': 'Some serial thing'}]}" ports

"$loader" info --port auto >out 2>err
check "auto: takes the only board" grep -q '^Connecting to dev/ttyACM0...$' out
check "auto: and reaches it" grep -q '^MAC:        02:00:00:00:00:01$' out
sysfs_plug 1-7 303a 0002 0 "ESP32-S2"
lists "board without a driver is reached through usb:" \
"PORT         FLASH  USB ID     PLACE  WHAT                           SERIAL NUMBER      PRODUCT
dev/ttyACM0  yes    303a:1001  1-2    USB-Serial/JTAG                02:00:00:00:00:01  USB JTAG/serial debug unit
dev/ttyACM1  no     303a:4001  1-3.1  application on the chip's USB  123456             TinyUSB CDC
dev/ttyUSB3  maybe  067b:1234  1-5    serial device                  -                  Some serial thing
usb:1-7      yes    303a:0002  1-7    USB-OTG of the ESP32-S2 ROM    0                  ESP32-S2"
refuses "auto with two boards" 3 "2 boards are connected: choose one with --port" info --port auto
check "auto with two boards: names them" \
    grep -qx 'esp-loader:   dev/ttyACM0  USB-Serial/JTAG 02:00:00:00:00:01' err
check "auto with two boards: and the other" grep -qx 'esp-loader:   usb:1-7  USB-OTG of the ESP32-S2 ROM 0' err
reports "auto with two boards, as JSON" 3 "r['port'] == 'auto' and not {'target', 'failure'} & set(r)" info --port auto
mkdir without
: >without/libusb-1.0.so.0
LD_LIBRARY_PATH=$PWD/without refuses "usb: without libusb" 3 "cannot open usb:1-7: needs libusb: install the package libusb-1.0-0" \
    info --port usb:1-7
sysfs_plug 1-8 303a 0002 0 $'Caf\351'
reports "name that is not UTF-8" 0 "[p['product'] for p in r['ports'] if p['place'] == '1-8'] == ['Caf?']" ports
stop_sim auto

finish
