/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources: DWARF 5, sections 2.5 (expressions) and 6.4 (call frames); RISC-V ABIs, "DWARF Register Numbers".
 */
#include "decode/unwind.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

enum { REGISTER_RA = 1, REGISTER_SP = 2, DEPTH = 8 };

/** A frame: what the registers held, as far as it is known. */
typedef struct {
    uint32_t pc;
    uint32_t registers[PANIC_REGISTERS];
    uint32_t known;
    uint32_t cfa; /**< the stack pointer of the caller */
} frame_t;

static bool load(const panic_t *panic, uint32_t address, uint32_t *out_value)
{
    const uint32_t offset = address - panic->stack_start;

    if (offset >= panic->stack_size || panic->stack_size - offset < sizeof(*out_value)) {
        return false;
    }
    memcpy(out_value, &panic->stack[offset], sizeof(*out_value));
    return true;
}

static bool get_register(const frame_t *frame, uint64_t number, uint32_t *out_value)
{
    if (number >= PANIC_REGISTERS || (frame->known >> number & 1) == 0) {
        return false;
    }
    *out_value = frame->registers[number];
    return true;
}

/** What an expression comes to. */
typedef struct {
    uint32_t stack[DEPTH];
    size_t depth;
    enum { IN_MEMORY, IN_REGISTER, AS_VALUE } kind;
} result_t;

static bool push(result_t *result, uint32_t value)
{
    if (result->depth == DEPTH) {
        return false;
    }
    result->stack[result->depth++] = value;
    return true;
}

/** The few operations that compilers use for frames. */
static bool step(const Dwarf_Op *op, const frame_t *frame, const panic_t *panic, result_t *result)
{
    uint32_t value = 0;
    uint32_t *top = result->depth == 0 ? NULL : &result->stack[result->depth - 1];

    if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31) {
        return get_register(frame, op->atom - DW_OP_breg0, &value) &&
               push(result, value + (uint32_t)op->number);
    }
    if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31) {
        result->kind = IN_REGISTER;
        return push(result, op->atom - DW_OP_reg0);
    }
    switch (op->atom) {
    case DW_OP_bregx:
        return get_register(frame, op->number, &value) && push(result, value + (uint32_t)op->number2);
    case DW_OP_regx:
        result->kind = IN_REGISTER;
        return push(result, (uint32_t)op->number);
    case DW_OP_call_frame_cfa:
        return push(result, frame->cfa);
    case DW_OP_constu:
    case DW_OP_consts:
        return push(result, (uint32_t)op->number);
    case DW_OP_stack_value:
        result->kind = AS_VALUE;
        return top != NULL;
    case DW_OP_plus_uconst:
        if (top == NULL) {
            return false;
        }
        *top += (uint32_t)op->number;
        return true;
    case DW_OP_plus:
        if (result->depth < 2) {
            return false;
        }
        top[-1] += top[0];
        result->depth--;
        return true;
    case DW_OP_deref:
        return top != NULL && load(panic, *top, top);
    default:
        return false;
    }
}

static bool evaluate(const Dwarf_Op *ops, size_t count, const frame_t *frame, const panic_t *panic,
                     result_t *result)
{
    memset(result, 0, sizeof(*result));
    for (size_t i = 0; i < count; i++) {
        if (!step(&ops[i], frame, panic, result)) {
            return false;
        }
    }
    return result->depth != 0;
}

/** What a register of the caller held. */
static bool find_register(const dwarf_library_t *library, Dwarf_Frame *layout, int number,
                          const frame_t *frame, const panic_t *panic, uint32_t *out_value)
{
    Dwarf_Op memory[3];
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    result_t result;

    if (library->dwarf_frame_register(layout, number, memory, &ops, &count) != 0) {
        return false;
    }
    if (count == 0) { /* NULL: it is as before; anything else: nobody knows */
        return ops == NULL && get_register(frame, (uint64_t)number, out_value);
    }
    if (!evaluate(ops, count, frame, panic, &result)) {
        return false;
    }
    switch (result.kind) {
    case IN_REGISTER:
        return get_register(frame, result.stack[result.depth - 1], out_value);
    case IN_MEMORY:
        return load(panic, result.stack[result.depth - 1], out_value);
    default:
        *out_value = result.stack[result.depth - 1];
        return true;
    }
}

static void set_register(frame_t *frame, unsigned number, uint32_t value)
{
    frame->registers[number] = value;
    frame->known |= 1U << number;
}

/** From a frame to the one that called it, as the debug information lays it out. */
static bool go_up(const dwarf_library_t *library, Dwarf_Frame *layout, frame_t *frame, const panic_t *panic)
{
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    result_t result;
    frame_t caller = {0};

    if (library->dwarf_frame_cfa(layout, &ops, &count) != 0 || !evaluate(ops, count, frame, panic, &result)) {
        return false;
    }
    frame->cfa = result.stack[result.depth - 1];
    for (unsigned i = 1; i < PANIC_REGISTERS; i++) {
        uint32_t value = 0;

        if (i != REGISTER_SP && find_register(library, layout, (int)i, frame, panic, &value)) {
            set_register(&caller, i, value);
        }
    }
    set_register(&caller, REGISTER_SP, frame->cfa);
    if (!get_register(&caller, REGISTER_RA, &caller.pc)) {
        return false;
    }
    *frame = caller;
    return true;
}

/** The file that knows the function at an address. @return its place in @p files, or @p count */
static size_t find_layout(const symbols_t *files, size_t count, uint32_t address, Dwarf_Frame **out_layout)
{
    for (size_t i = 0; i < count; i++) {
        *out_layout = symbols_frame(&files[i], address);
        if (*out_layout != NULL) {
            return i;
        }
    }
    return count;
}

static void print_frame(const symbols_t *files, size_t count, unsigned number, uint32_t pc, uint32_t place,
                        FILE *out)
{
    fprintf(out, "#%-2u 0x%08lx in ", number, (unsigned long)pc);
    for (size_t i = 0; i < count; i++) {
        if (symbols_print(&files[i], place, out)) {
            fputc('\n', out);
            return;
        }
    }
    fputs("?\n", out);
}

void unwind_print(const symbols_t *files, size_t count, const panic_t *panic, FILE *out)
{
    frame_t frame = {.pc = panic->pc, .known = panic->known};

    memcpy(frame.registers, panic->registers, sizeof(frame.registers));
    for (unsigned number = 0; number < UNWIND_FRAMES; number++) {
        const uint32_t place = number == 0 ? frame.pc : frame.pc - 1; /* the call, not what follows it */
        const uint32_t below = frame.registers[REGISTER_SP];
        Dwarf_Frame *layout = NULL;
        const size_t file = find_layout(files, count, place, &layout);
        bool has_caller = false;

        print_frame(files, count, number, frame.pc, place, out);
        if (layout != NULL) {
            has_caller = go_up(files[file].library, layout, &frame, panic);
            free(layout);
        } else if (number == 0 && get_register(&frame, REGISTER_RA, &frame.pc)) {
            has_caller = true; /* a jump into nowhere: it came from where it would have returned to */
            frame.known &= ~(1U << REGISTER_RA);
        }
        if (!has_caller || frame.pc == 0) {
            return;
        }
        if (number > 0 && frame.registers[REGISTER_SP] <= below) {
            fputs("(the frames are damaged)\n", out);
            return;
        }
    }
    fputs("(more frames are not shown)\n", out);
}
