/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the ROM jumps to: a stack of our own, zeroed variables, then C.
 */
    .section .start, "ax"
    .global start
start:
    la sp, stack_end
    la a0, bss_start
    la a1, bss_end
1:  bgeu a0, a1, 2f
    sw zero, 0(a0)
    addi a0, a0, 4
    j 1b
2:  call hello
3:  j 3b
