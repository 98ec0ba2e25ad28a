# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One board through cdc_acm and /dev/ttyACM0.
. /lib.sh

# ---- the kernel and the whole job, without anything going wrong ----

start_sim 1
check "usbip-attach says where the board is" grep -q '^board 1-1: /dev/ttyACM0, serial 02:00:00:00:00:01$' \
    <(usbip-attach 3240 2>&1)
dmesg | grep -E 'idVendor=303a|Product: USB JTAG|SerialNumber: 0.:|ttyACM0: USB ACM' |
    sed 's/^/guest: kernel: /'
kernel_said() {
    dmesg | grep -q "$1"
}
check "kernel finds 303A:1001" kernel_said 'New USB device found, idVendor=303a, idProduct=1001'
check "kernel binds cdc_acm to it" kernel_said 'cdc_acm [0-9.:-]*: ttyACM0: USB ACM device'
check "udev names it by its serial number" in_time 5 test -e \
    /dev/serial/by-id/usb-Espressif_USB_JTAG_serial_debug_unit_02:00:00:00:00:01-if00
check "ROM loader: writes and verifies through /dev/ttyACM0" flash 0 --no-stub
check "ROM loader: the simulator found no misuse" stop_sim
check "ROM loader: flash holds the images, byte for byte" holds_images flash.bin

start_sim 1
usbip-attach 3240 >/dev/null
check "stub: writes and verifies through /dev/ttyACM0" flash 0
check "stub: the simulator found no misuse" stop_sim
check "stub: flash holds the images, byte for byte" holds_images flash.bin

# ---- unplugged at many points; the plan is run again ----

start_sim 1
keep_attached
for point in 2 10 150 380 500 1300; do
    check "ROM loader: unplugged at packet $point, flashed when it is back" resumed tty $point --no-stub
done
for point in 30 200 600 1000 1400; do
    check "stub: unplugged at packet $point, flashed when it is back" resumed tty $point
done
check "unplugged boards: the simulator found no misuse" stop_sim

# ---- the board comes back under another name ----

start_sim 1
keep_attached
exec 5<>/dev/ttyACM0 # somebody keeps the old name in use
control "" reset >/dev/null
in_time 10 test -c /dev/ttyACM1
check "board that re-enumerates while its tty is open gets another name" test -c /dev/ttyACM1
check "board is flashed under its new name" flash 0
exec 5<&-
stop_sim
check "board under its new name: flash holds the images, byte for byte" holds_images flash.bin

start_sim 1 --faults 'reset drops bus'
keep_attached
check "board that leaves the bus at every reset is flashed in one go" flash 0
stop_sim
check "board that leaves the bus at every reset: flash holds the images, byte for byte" holds_images flash.bin
