/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Register windows: 64 registers, of which a function sees 16. A call moves the view by 4, 8 or 12. An instruction
 * that reaches into the window of a caller further up raises an exception, whose handler (the ROM has its own)
 * saves that caller's registers to the stack; a return to a caller that has been saved raises one that loads them.
 */
#include "core/xtensa_state.h"

/* Handlers, from VECBASE on: of calls by 4, 8 and 12. */
enum { OVERFLOW_VECTORS = 0x00, UNDERFLOW_VECTORS = 0x40, VECTOR_STRIDE = 0x80 };

static void set_start(xtensa_t *xt, uint32_t window, bool is_used)
{
    uint32_t bit = UINT32_C(1) << (window & (xt->windows - 1));
    uint32_t start = xt->special[XT_WINDOWSTART];
    xt->special[XT_WINDOWSTART] = is_used ? start | bit : start & ~bit;
    xt_window_changed(xt);
}

/* Both kinds of exceptions of windows: the handler works in another window, and finds ours in PS.OWB. */
static void raise_window(xtensa_t *xt, uint32_t vector, uint32_t window)
{
    uint32_t ps = xt->special[XT_PS] & ~(uint32_t)XT_PS_OWB;
    xt->special[XT_EPC1] = xt->core.pc;
    xt_set_ps(xt, ps | xt->special[XT_WINDOWBASE] << XT_PS_OWB_SHIFT | XT_PS_EXCM);
    xt_set_window(xt, window);
    xt_jump(xt, xt->special[XT_VECBASE] + vector);
}

bool xt_window_overflows(xtensa_t *xt, uint32_t insn)
{
    if (xt_highest_register(xt, insn) < xt->reach) {
        return false;
    }
    uint32_t window = xt->special[XT_WINDOWBASE] + xt->reach / 4;
    uint32_t size = xt_is_window_start(xt, window + 1) ? 0 : xt_is_window_start(xt, window + 2) ? 1 : 2;
    raise_window(xt, OVERFLOW_VECTORS + size * VECTOR_STRIDE, window);
    return true;
}

void xt_call(xtensa_t *xt, unsigned windows, uint32_t target)
{
    if (windows == 0) {
        *xt_a(xt, 0) = xt->next_pc;
    } else {
        xt->special[XT_PS] &= ~(uint32_t)XT_PS_CALLINC;
        xt->special[XT_PS] |= (uint32_t)windows << XT_PS_CALLINC_SHIFT;
        *xt_a(xt, 4 * windows) = (uint32_t)windows << 30 | (xt->next_pc & 0x3FFFFFFF);
    }
    xt_jump(xt, target);
    if (xt->core.on_call != NULL) {
        xt->core.on_call(xt->core.on_call_ctx, xt->core.pc, target);
    }
}

void xt_entry(xtensa_t *xt, uint32_t insn)
{
    uint32_t ps = xt->special[XT_PS];
    unsigned s = xt_s(insn);
    if ((ps & XT_PS_WOE) == 0 || (ps & XT_PS_EXCM) != 0 || s > 3) {
        xt_raise(xt, XT_CAUSE_ILLEGAL);
        return;
    }
    unsigned windows = (ps & XT_PS_CALLINC) >> XT_PS_CALLINC_SHIFT;
    *xt_a(xt, 4 * windows + s) = *xt_a(xt, s) - (insn >> 12) * 8;
    xt_set_window(xt, xt->special[XT_WINDOWBASE] + windows);
    set_start(xt, xt->special[XT_WINDOWBASE], true);
}

void xt_retw(xtensa_t *xt)
{
    uint32_t ps = xt->special[XT_PS];
    uint32_t own = xt->special[XT_WINDOWBASE];
    uint32_t link = *xt_a(xt, 0);
    uint32_t windows = link >> 30;
    uint32_t nearest = xt_is_window_start(xt, own - 1)   ? 1
                       : xt_is_window_start(xt, own - 2) ? 2
                       : xt_is_window_start(xt, own - 3) ? 3
                                                         : 0;
    if (windows == 0 || (nearest != 0 && nearest != windows) || (ps & XT_PS_WOE) == 0 ||
        (ps & XT_PS_EXCM) != 0) {
        xt_raise(xt, XT_CAUSE_ILLEGAL);
    } else if (nearest == 0) {
        raise_window(xt, UNDERFLOW_VECTORS + (windows - 1) * VECTOR_STRIDE, own - windows);
    } else {
        set_start(xt, own, false);
        xt_set_window(xt, own - windows);
        xt_jump(xt, (xt->core.pc & 0xC0000000) | (link & 0x3FFFFFFF));
    }
}

void xt_movsp(xtensa_t *xt, uint32_t insn)
{
    uint32_t own = xt->special[XT_WINDOWBASE];
    if (xt_is_window_start(xt, own - 1) || xt_is_window_start(xt, own - 2) ||
        xt_is_window_start(xt, own - 3)) {
        *xt_a(xt, xt_t(insn)) = *xt_a(xt, xt_s(insn));
    } else {
        xt_raise(xt,
                 XT_CAUSE_ALLOCA); /* the caller's registers below the stack pointer have to move with it */
    }
}

void xt_return_from_window(xtensa_t *xt, bool is_loaded)
{
    set_start(xt, xt->special[XT_WINDOWBASE], is_loaded);
    xt_set_window(xt, (xt->special[XT_PS] & XT_PS_OWB) >> XT_PS_OWB_SHIFT);
    xt_set_ps(xt, xt->special[XT_PS] & ~(uint32_t)XT_PS_EXCM);
    xt_jump(xt, xt->special[XT_EPC1]);
}
