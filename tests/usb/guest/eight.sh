# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Eight boards at once, as in production: `esp-loader watch` flashes whatever is plugged in. The simulator is slowed down so
# that the guest, which has one processor for everything, is not what the boards wait for; the flash of each holds other
# content before. --rewrite: nobody asks what was there.
. /lib.sh
images=/images/big

time_us() {
    control 0 state | sed -n 's/^time_us //p'
}

yes 'what was there before' | head -c 4194304 >/tmp/used.bin
cp /tmp/used.bin /tmp/expected.bin
for part in "0 5" "8 1" "16 768"; do # first sector and number of sectors of bootloader, partition table and app
    dd if=$images/expected.bin of=/tmp/expected.bin bs=4096 skip=${part% *} seek=${part% *} count=${part#* } \
        conv=notrunc 2>/dev/null
done

start_sim 8 --speed 0.1
for board in 0 1 2 3 4 5 6 7; do
    control $board 'load /tmp/used.bin' >/dev/null
done
usbip-attach 3240 >/dev/null
started=$(time_us)
watch_all() {
    timeout 1200 esp-loader watch --count 8 --rewrite \
        0x0 $images/bootloader.bin 0x8000 $images/partition-table.bin 0x10000 $images/app.bin >out 2>&1
}
check "eight boards are flashed at once by esp-loader watch" watch_all

elapsed=$(($(time_us) - started))
busy=0
for board in 0 1 2 3 4 5 6 7; do
    busy=$((busy + $(stat_of $board flash_busy_us)))
done
echo "guest: eight boards, 3 MiB each: $((elapsed / 1000)) ms from the start to the last reset, flashes busy for" \
    "$((busy / 1000)) ms together: $((busy / elapsed)).$(printf %02d $((busy * 100 / elapsed % 100))) at a time"
check "eight boards: seven flashes are busy at any time" [ "$busy" -ge $((7 * elapsed)) ]
check "eight boards: the simulator found no misuse" stop_sim
all_hold() {
    local board
    for board in 0 1 2 3 4 5 6 7; do
        cmp "flash.bin.$board" "$1" || return 1
    done
}
check "eight boards: all flashes hold the images and what was beside them, byte for byte" all_hold /tmp/expected.bin
