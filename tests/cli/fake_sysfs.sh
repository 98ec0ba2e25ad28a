# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Source this file: an imitation of /sys and /dev in the folders sys and dev, which it makes esp-loader look at.
export ESP_LOADER_SYSFS=sys ESP_LOADER_DEV=dev
mkdir -p sys/class/tty sys/dev/char sys/bus/usb/devices dev
sysfs_plugs=0

# sysfs_plug PLACE VID PID SERIAL PRODUCT: a USB device appears.
sysfs_plug() {
    local folder=$PWD/sys/devices/pci0/usb1/$1
    sysfs_plugs=$((sysfs_plugs + 1))
    mkdir -p "$folder"
    echo "$2" >"$folder/idVendor"
    echo "$3" >"$folder/idProduct"
    echo "$4" >"$folder/serial"
    echo "$5" >"$folder/product"
    echo "$sysfs_plugs" >"$folder/devnum"
    ln -sfn "$folder" "sys/bus/usb/devices/$1"
}

# sysfs_tty PLACE TTY [DEVICE]: the driver makes a tty for it, which is DEVICE.
sysfs_tty() {
    local folder=$PWD/sys/devices/pci0/usb1/$1/$1:1.0
    mkdir -p "$folder/tty/$2"
    echo 00 >"$folder/bInterfaceNumber"
    ln -sfn "$folder/tty/$2" "sys/class/tty/$2"
    if [ -n "${3:-}" ]; then
        ln -sfn "$folder/tty/$2" "sys/dev/char/$(stat -L -c '%Hr:%Lr' "$3")"
        ln -sfn "$3" "dev/$2"
    fi
}

# sysfs_unplug PLACE: it is gone, and its ttys.
sysfs_unplug() {
    rm -rf "sys/devices/pci0/usb1/$1" "sys/bus/usb/devices/$1"
    find sys/class/tty sys/dev/char -xtype l -delete
    local tty
    for tty in dev/*; do
        [ -e "sys/class/tty/${tty#dev/}" ] || rm -f "$tty"
    done
}
