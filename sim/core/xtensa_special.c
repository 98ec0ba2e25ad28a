/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Special registers: RSR, WSR, XSR. Most are storage; this file is about the others.
 */
#include "core/xtensa_state.h"

static unsigned number(uint32_t insn)
{
    return insn >> 8 & 0xFF;
}

static uint32_t read(xtensa_t *xt, unsigned number)
{
    switch (number) {
    case XT_CCOUNT:
        xt->core.clock_read = xt->core.count;
        return xt->ccount_offset + (uint32_t)xt->core.count;
    case XT_INTERRUPT:
        return xt->core.lines | xt->special[XT_INTERRUPT];
    default:
        return xt->special[number];
    }
}

static void write(xtensa_t *xt, unsigned number, uint32_t value)
{
    switch (number) {
    case XT_SAR:
        xt->special[XT_SAR] = (value & 0x3F) > 32 ? value & 0x1F : value & 0x3F;
        break;
    case XT_WINDOWBASE:
        xt_set_window(xt, value);
        break;
    case XT_WINDOWSTART:
        xt->special[XT_WINDOWSTART] = value & ((UINT32_C(1) << xt->windows) - 1);
        xt_window_changed(xt);
        break;
    case XT_PS:
        xt_set_ps(xt, value);
        break;
    case XT_CCOUNT:
        xt->ccount_offset = value - (uint32_t)xt->core.count;
        break;
    case XT_INTERRUPT: /* INTSET; only interrupts of software are in this register */
        xt->special[XT_INTERRUPT] |= value & XT_SOFTWARE_INTERRUPTS;
        xt->core.pause = 0;
        break;
    case XT_INTCLEAR:
        xt->special[XT_INTERRUPT] &= ~value;
        xt->core.pause = 0;
        break;
    case XT_INTENABLE:
        xt->special[XT_INTENABLE] = value;
        xt->core.pause = 0;
        break;
    case XT_PRID:
    case XT_DEBUGCAUSE:
        break; /* read only */
    case XT_EXCCAUSE:
        xt->special[XT_EXCCAUSE] = value & 0x3F;
        break;
    default:
        xt->special[number] = value;
        break;
    }
}

void xt_rsr(xtensa_t *xt, uint32_t insn)
{
    *xt_a(xt, xt_t(insn)) = read(xt, number(insn));
}

void xt_wsr(xtensa_t *xt, uint32_t insn)
{
    write(xt, number(insn), *xt_a(xt, xt_t(insn)));
}

void xt_xsr(xtensa_t *xt, uint32_t insn)
{
    uint32_t *t = xt_a(xt, xt_t(insn)); /* before the window moves: it may be WINDOWBASE that is written */
    uint32_t old = read(xt, number(insn));
    write(xt, number(insn), *t);
    *t = old;
}
