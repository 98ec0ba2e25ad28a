#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# flash_over_tcp.sh PROGRAM ESP-SIM EL-MKIMAGE MODE FOLDER: lets a program flash a simulated chip and compares its flash
# with the file. MODE: "strict" (misuse is a failure) or "as-rom".
set -euo pipefail
program=$1 simulator=$2 mkimage=$3 mode=$4 folder=$5
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/start-sim.sh"

rm -rf "$folder"
mkdir -p "$folder"
# An odd length: the last block is a short one.
"$mkimage" raw -o "$folder/image.bin" --size 70001 --fill random
sim_start "$simulator" "$folder" --tcp 127.0.0.1:0 --boot download --speed max "--$mode" --flash "$folder/flash.bin"
without_sim "$program" "${sim_at%:*}" "${sim_at##*:}" 0x10000 "$folder/image.bin"
sim_stop
cmp --bytes=70001 --ignore-initial=65536:0 "$folder/flash.bin" "$folder/image.bin"
