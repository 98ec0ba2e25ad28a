# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# One board through libusb, without the kernel's tty: ports named usb:...
. /lib.sh

start_sim 1
usbip-attach 3240 >/dev/null
check "ROM loader: writes and verifies through libusb" flash_port usb: --no-stub
check "cdc_acm has the board back afterwards" in_time 5 has_tty 0
check "ROM loader, libusb: the simulator found no misuse" stop_sim
check "ROM loader, libusb: flash holds the images, byte for byte" holds_images flash.bin

start_sim 2
usbip-attach 3240 >/dev/null
check "stub: writes and verifies through libusb, board chosen by its serial number" \
    flash_port usb:02:00:00:00:00:02
check "stub, libusb: the simulator found no misuse" stop_sim
check "stub, libusb: flash holds the images, byte for byte" holds_images flash.bin.1
check "the other board was not touched" cmp flash.bin.0 /images/empty.bin

start_sim 1
keep_attached
for point in 5 150 500 1300; do
    check "ROM loader, libusb: unplugged at packet $point, flashed when it is back" resumed usb: $point --no-stub
done
for point in 100 600 1400; do
    check "stub, libusb: unplugged at packet $point, flashed when it is back" resumed usb: $point
done
check "unplugged boards, libusb: the simulator found no misuse" stop_sim
