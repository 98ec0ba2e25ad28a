/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Exceptions and interrupts: the way to their handlers.
 */
#include "core/xtensa_state.h"

/* Handlers, from VECBASE on. */
enum {
    VECTOR_LEVEL_2 = 0x180, /* one every 0x40 for the levels up to 7 */
    VECTOR_KERNEL = 0x300,
    VECTOR_USER = 0x340,
    VECTOR_DOUBLE = 0x3C0,
};

enum { LEVEL_WITH_EXCM = 3 };

/* Lines of each level; XCHAL_INTLEVELn_MASK in ESP-IDF, the same for ESP32, S2 and S3. */
static const uint32_t lines_of_level[8] = {0,          0x000637FF, 0x00380000, 0x28C08800,
                                           0x53000000, 0x84010000, 0,          0x00004000};

/* The handler of general exceptions and of interrupts of level 1. */
static void enter(xtensa_t *xt, unsigned cause)
{
    uint32_t ps = xt->special[XT_PS];
    uint32_t vector;
    if ((ps & XT_PS_EXCM) != 0) {
        xt->special[XT_DEPC] = xt->core.pc;
        vector = VECTOR_DOUBLE;
    } else {
        xt->special[XT_EPC1] = xt->core.pc;
        vector = (ps & XT_PS_UM) != 0 ? VECTOR_USER : VECTOR_KERNEL;
    }
    xt->special[XT_EXCCAUSE] = cause;
    xt_set_ps(xt, ps | XT_PS_EXCM);
    xt_jump(xt, xt->special[XT_VECBASE] + vector);
}

void xt_raise(xtensa_t *xt, unsigned cause)
{
    enter(xt, cause);
}

static unsigned level_now(const xtensa_t *xt)
{
    uint32_t ps = xt->special[XT_PS];
    unsigned level = ps & XT_PS_INTLEVEL;
    return (ps & XT_PS_EXCM) != 0 && level < LEVEL_WITH_EXCM ? LEVEL_WITH_EXCM : level;
}

bool xt_take_interrupt(xtensa_t *xt)
{
    uint32_t lines = xt->core.lines | xt->special[XT_INTERRUPT];
    uint32_t enabled = lines & (xt->special[XT_INTENABLE] | lines_of_level[XT_LEVEL_NMI]);
    unsigned level = XT_LEVEL_NMI;
    while (level > level_now(xt) && (enabled & lines_of_level[level]) == 0) {
        level--;
    }
    if (level <= level_now(xt)) {
        return false;
    }
    if (level == 1) {
        enter(xt, XT_CAUSE_INTERRUPT);
    } else {
        uint32_t ps = xt->special[XT_PS];
        xt->special[XT_EPC1 + level - 1] = xt->core.pc;
        xt->special[XT_EPS1 + level - 1] = ps;
        xt_set_ps(xt, (ps & ~(uint32_t)XT_PS_INTLEVEL) | level | XT_PS_EXCM);
        xt_jump(xt, xt->special[XT_VECBASE] + VECTOR_LEVEL_2 + 0x40 * (level - 2));
    }
    xt->core.pc = xt->next_pc;
    return true;
}
