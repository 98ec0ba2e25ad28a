# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What is around flashing: the udev rules, the list of ports, boards that are in use, boards that leave the bus at every
# reset while libusb has them, and boards that come and go under esp-loader watch.
. /lib.sh

all="0x0 $images/bootloader.bin 0x8000 $images/partition-table.bin 0x10000 $images/app.bin"

# flash_usb PORT OPTIONS...
flash_usb() {
    timeout 120 esp-loader flash -q -p "$@" $all >"$work/usb.out" 2>&1
}

# ---- udev rules ----

start_sim 1
usbip-attach 3240 >/dev/null
cp /60-esp-loader.rules /usr/lib/udev/rules.d/
udevadm control --reload
udevadm trigger --action=add
udevadm settle
owner_of() {
    stat -c '%G %a' "$1"
}
# has_property DEVICE PATTERN: udev knows a property of it.
has_property() {
    udevadm info "$1" | grep -qE "^E: $2$"
}
node=/dev/bus/usb/001/$(printf %03d "$(cat /sys/bus/usb/devices/1-1/devnum)")
check "rules: members of plugdev may open the device" [ "$(owner_of "$node")" = "plugdev 660" ]
check "rules: the tty keeps its group" [ "$(owner_of /dev/ttyACM0)" = "dialout 660" ]
check "rules: ModemManager is kept away from the device" has_property "$node" ID_MM_DEVICE_IGNORE=1
check "rules: ModemManager is kept away from the tty" has_property /dev/ttyACM0 ID_MM_PORT_IGNORE=1
check "rules: the user at the machine may open the device" has_property "$node" 'TAGS=.*:uaccess:.*'
check "rules: the user at the machine may open the tty" has_property /dev/ttyACM0 'TAGS=.*:uaccess:.*'

# ---- ports ----

is_listed() {
    esp-loader ports --tsv | grep -q "^/dev/ttyACM0	yes	303a:1001	1-1	USB-Serial/JTAG	02:00:00:00:00:01	USB JTAG"
}
check "ports: shows the board" is_listed
check "port auto: is the board" esp-loader info -q --port auto
before=$(stat_of "" bytes_programmed)
is_writing() {
    [ "$(stat_of "" bytes_programmed)" -gt "$before" ]
}
flash 0 --no-stub &
other=$!
in_time 10 is_writing
flash_usb usb:
check "a board that is being flashed through its tty is refused to libusb" [ $? -eq 3 ]
wait $other
check "a board that is being flashed through its tty is not disturbed" [ $? -eq 0 ]
check "ports: the simulator found no misuse" stop_sim

# ---- resets ----

start_sim 1 --faults 'reset drops bus'
keep_attached
check "libusb: board whose every reset re-enumerates is flashed in one go, ROM loader" flash_usb usb:1-1 --no-stub
check "libusb: board whose every reset re-enumerates is flashed in one go, stub" flash_usb usb:1-1 --rewrite
stop_sim
check "libusb: board whose every reset re-enumerates: flash holds the images, byte for byte" holds_images flash.bin

# ---- watch ----

start_sim 3
usbip-attach --keep 3240 >keep.log 2>&1 &
keeper_pid=$!
in_time 20 has_tty 2
esp-loader watch --count 4 $all >out 2>&1 &
watcher=$!
in_time 120 grep -q '1-2: .* done in .*, 3 verified' out
control 1 unplug >/dev/null
in_time 20 grep -qx '1-2: removed' out
control 1 plug >/dev/null
wait $watcher
check "watch: three boards at once, and one of them again after it was plugged in again" [ $? -eq 0 ]
check "watch: says so" grep -qx '4 flashed, 0 failed' out
check "watch: what was there was not written again" grep -q '^1-2: 02:00:00:00:00:02 done in .*, 3 unchanged$' out
check "watch: the simulator found no misuse" stop_sim
all_three_hold() {
    holds_images flash.bin.0 && holds_images flash.bin.1 && holds_images flash.bin.2
}
check "watch: all flashes hold the images, byte for byte" all_three_hold
