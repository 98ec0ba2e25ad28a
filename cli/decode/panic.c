/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "decode/panic.h"

#include <ctype.h>
#include <string.h>

enum { DIGITS = 8 };

/** As ESP-IDF prints them; the place in the table is the number of the register. */
static const char *const register_names[PANIC_REGISTERS] = {
    "",   "RA", "SP", "GP", "TP", "T0", "T1", "T2", "S0/FP", "S1", "A0",  "A1",  "A2", "A3", "A4", "A5",
    "A6", "A7", "S2", "S3", "S4", "S5", "S6", "S7", "S8",    "S9", "S10", "S11", "T3", "T4", "T5", "T6",
};

/** A line, and how far it has been read. */
typedef struct {
    const char *at;
    const char *end;
} cursor_t;

static size_t left_of(const cursor_t *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static void skip_spaces(cursor_t *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t')) {
        cursor->at++;
    }
}

static bool take_text(cursor_t *cursor, const char *text)
{
    const size_t length = strlen(text);

    if (left_of(cursor) < length || memcmp(cursor->at, text, length) != 0) {
        return false;
    }
    cursor->at += length;
    return true;
}

/** Takes exactly eight hexadecimal digits. */
static bool take_digits(cursor_t *cursor, uint32_t *out_value)
{
    uint32_t value = 0;

    if (left_of(cursor) < DIGITS) {
        return false;
    }
    for (size_t i = 0; i < DIGITS; i++) {
        const int digit = tolower((unsigned char)cursor->at[i]);

        if (!isxdigit(digit)) {
            return false;
        }
        value = value << 4 | (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    if (left_of(cursor) > DIGITS && isalnum((unsigned char)cursor->at[DIGITS])) {
        return false; /* part of something longer */
    }
    cursor->at += DIGITS;
    *out_value = value;
    return true;
}

static bool take_word(cursor_t *cursor, uint32_t *out_value)
{
    cursor_t after = *cursor;

    if (!take_text(&after, "0x") || !take_digits(&after, out_value)) {
        return false;
    }
    *cursor = after;
    return true;
}

size_t panic_addresses(const char *line, size_t length, uint32_t out[PANIC_LINE_ADDRESSES])
{
    cursor_t cursor = {line, line + length};
    size_t count = 0;

    while (cursor.at < cursor.end && count < PANIC_LINE_ADDRESSES) {
        const bool begins = cursor.at == line || !isalnum((unsigned char)cursor.at[-1]);

        if (begins && take_word(&cursor, &out[count])) {
            count++;
        } else {
            cursor.at++;
        }
    }
    return count;
}

/** Takes the name of a register, a colon and its value. MEPC begins a dump. */
static bool take_register(cursor_t *cursor, panic_t *panic)
{
    const char *name = cursor->at;
    size_t length = 0;
    uint32_t value = 0;

    while (cursor->at < cursor->end && *cursor->at != ' ' && *cursor->at != ':') {
        cursor->at++;
    }
    length = (size_t)(cursor->at - name);
    skip_spaces(cursor);
    if (length == 0 || !take_text(cursor, ":")) {
        return false;
    }
    skip_spaces(cursor);
    if (!take_word(cursor, &value)) {
        return false;
    }
    skip_spaces(cursor);
    if (length == 4 && memcmp(name, "MEPC", length) == 0) {
        memset(panic, 0, sizeof(*panic)); /* the first line of a dump */
        panic->pc = value;
        panic->has_pc = true;
        return true;
    }
    for (unsigned i = 1; i < PANIC_REGISTERS; i++) {
        if (strlen(register_names[i]) == length && memcmp(register_names[i], name, length) == 0) {
            panic->registers[i] = value;
            panic->known |= 1U << i;
        }
    }
    return true; /* others are of no use: MSTATUS, MCAUSE … */
}

/** A row of the stack: its address, and words. Rows follow each other without a gap. */
static bool take_stack_row(cursor_t *cursor, panic_t *panic)
{
    uint32_t address = 0;
    uint32_t word = 0;

    if (!take_digits(cursor, &address) || !take_text(cursor, ":")) {
        return false;
    }
    if (panic->stack_size == 0) {
        panic->stack_start = address;
    }
    if (address - panic->stack_start != panic->stack_size) {
        return false;
    }
    for (skip_spaces(cursor); take_word(cursor, &word); skip_spaces(cursor)) {
        if (PANIC_STACK_SIZE - panic->stack_size < sizeof(word)) {
            return false;
        }
        for (unsigned i = 0; i < sizeof(word); i++) {
            panic->stack[panic->stack_size + i] = (uint8_t)(word >> 8 * i);
        }
        panic->stack_size += (uint32_t)sizeof(word);
    }
    return cursor->at == cursor->end;
}

bool panic_reader_line(panic_reader_t *reader, const char *line, size_t length)
{
    panic_t *panic = &reader->panic;
    cursor_t cursor = {line, line + length};

    while (cursor.end > cursor.at && (cursor.end[-1] == '\r' || cursor.end[-1] == ' ')) {
        cursor.end--;
    }
    if (reader->is_in_stack) {
        if (cursor.at == cursor.end && panic->stack_size == 0) {
            return false;
        }
        if (take_stack_row(&cursor, panic)) {
            return false;
        }
        reader->is_in_stack = false;
        const bool is_complete = panic->has_pc && panic->stack_size != 0;

        panic->has_pc = false; /* one dump, one backtrace */
        return is_complete;
    }
    if (take_text(&cursor, "Stack memory:")) {
        reader->is_in_stack = panic->has_pc;
        panic->stack_size = 0;
        return false;
    }
    do {
        skip_spaces(&cursor);
    } while (take_register(&cursor, panic));
    return false;
}
