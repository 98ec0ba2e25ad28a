/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a line of the target's output has to decode: addresses of code, and, on RISC-V, the registers and the stack that
 * a panic prints in place of a backtrace. Bytes in, numbers out; nothing is looked up here.
 *
 * Source: ESP-IDF, component esp_system, panic handler and its parts for RISC-V and Xtensa, which print.
 */
#ifndef CLI_PANIC_H
#define CLI_PANIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PANIC_LINE_ADDRESSES = 64,    /**< most that one line can have; a backtrace has one for each frame */
    PANIC_REGISTERS = 32,         /**< of RISC-V, x0 to x31: their numbers in DWARF, too */
    PANIC_STACK_SIZE = 16 * 1024, /**< bytes; ESP-IDF prints 1024 */
};

/** Registers and stack at a panic. */
typedef struct {
    uint32_t pc;
    uint32_t registers[PANIC_REGISTERS];
    uint32_t known; /**< bit n: register n was printed */
    bool has_pc;
    uint32_t stack_start; /**< address of its first byte */
    uint32_t stack_size;  /**< bytes that were printed, without a gap */
    uint8_t stack[PANIC_STACK_SIZE];
} panic_t;

/** Reads the dump of a panic line by line. All zero at the beginning. */
typedef struct {
    panic_t panic;
    bool is_in_stack;
} panic_reader_t;

/** Takes the next line, without its end.
 *  @return true when a dump with registers and stack is complete: it stays in reader->panic until the next line */
bool panic_reader_line(panic_reader_t *reader, const char *line, size_t length);

/** Finds what may be addresses in a line: `0x` and eight hexadecimal digits that are not part of a longer word.
 *  @return how many are in @p out */
size_t panic_addresses(const char *line, size_t length, uint32_t out[PANIC_LINE_ADDRESSES]);

#endif
