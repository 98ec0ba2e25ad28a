#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Links as they are outside, in real time: answers that come late, rates that are given back, what is said when nothing
# answers. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 32K --flash-size 4MB >set || exit 1
head -c 20000 /dev/urandom >data.bin

# --- answers that come late ---

if [ -z "${EL_SMALL:-}" ]; then
    real_sim --rfc2217 127.0.0.1:0 --wiring bridge --latency 450
    runs "answers 450 ms late: flash" 0 '^Verified$' flash --port "rfc2217://$sim_at" 0x200000 data.bin
    sim_stop # SYNCs overrun the FIFO of a chip that does not read yet
fi
real_sim --rfc2217 127.0.0.1:0 --wiring bridge --latency 800
runs "answers 800 ms late, --timeout" 0 '^MAC:' reg read 0x60007044 --no-stub --timeout 1 --port "rfc2217://$sim_at"
sim_stop

# --- rates ---

real_sim --pty
for command in info "read 0 4k read.bin" "verify 0x200000 data.bin" "erase 0x200000 4k" "reg read 0x60007044"; do
    "$loader" $command --port "$sim_at" --baud 921600 $mode_option >out 2>err
    runs "after ${command%% *} --baud: the next command reaches the target" 0 '^MAC:' info --port "$sim_at"
done
"$loader" info --port "$sim_at" --baud 921600 --chip esp32 $mode_option >out 2>err
runs "after a refusal, --baud: the next command reaches the target" 0 '^MAC:' info --port "$sim_at"
stop_sim "rates"

real_sim --pty --trace=trace
runs "load-ram --baud" 0 '^Started at' load-ram --port "$sim_at" --baud 921600 images/bootloader.bin
check "load-ram --baud: what is started finds the usual rate" \
    [ "$(grep -oE 'CHANGE_BAUDRATE|MEM_END' trace | tail -n 3 | tr '\n' ' ')" = 'CHANGE_BAUDRATE CHANGE_BAUDRATE MEM_END ' ]
stop_sim "load-ram --baud"

# --- what is said when nothing answers ---

real_sim --rfc2217 127.0.0.1:0 --wiring bridge --faults 'from byte 1 out: drop'
refuses "target that does not hear: said" 4 "no target answers on rfc2217://.*: by its boot log it waits for download" \
    info --port "rfc2217://$sim_at"
sim_stop

finish
