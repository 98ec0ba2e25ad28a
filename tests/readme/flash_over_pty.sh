#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# flash_over_pty.sh PROGRAM ESP-SIM EL-MKIMAGE FOLDER: the README's program flashes a simulated chip behind a pseudo
# terminal; its flash is compared with the file.
set -euo pipefail
program=$1 simulator=$2 mkimage=$3 folder=$4
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/start-sim.sh"

rm -rf "$folder"
mkdir -p "$folder"
"$mkimage" app -o "$folder/app.bin" --size 64K
sim_start "$simulator" "$folder" --pty --boot download --speed max --flash "$folder/flash.bin"
without_sim "$program" "$sim_at" <"$folder/app.bin"
sim_stop
cmp --bytes=65536 --ignore-initial=65536:0 "$folder/flash.bin" "$folder/app.bin"
