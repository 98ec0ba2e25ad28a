/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What all groups of instructions change and stop the core with.
 */
#include "core/xtensa_state.h"

void xt_stop(xtensa_t *xt, sim_stop_reason_t reason, uint32_t address)
{
    xt->stop = (sim_stop_t){.reason = reason, .pc = xt->core.pc, .address = address};
    xt->is_stopped = true;
    xt_jump(xt, xt->core.pc);
    xt->core.count--;
    xt->core.pause = 0;
}

void xt_invalid(xtensa_t *xt, uint32_t insn)
{
    xt_stop(xt, SIM_STOP_ILLEGAL, insn);
}

bool xt_is_window_start(const xtensa_t *xt, uint32_t window)
{
    return (xt->special[XT_WINDOWSTART] >> (window & (xt->windows - 1)) & 1) != 0;
}

void xt_window_changed(xtensa_t *xt)
{
    uint32_t ps = xt->special[XT_PS];
    xt->reach = 16;
    if ((ps & XT_PS_WOE) == 0 || (ps & XT_PS_EXCM) != 0) {
        return;
    }
    for (unsigned ahead = 1; ahead < 4; ahead++) {
        if (xt_is_window_start(xt, xt->special[XT_WINDOWBASE] + ahead)) {
            xt->reach = 4 * ahead;
            return;
        }
    }
}

void xt_set_window(xtensa_t *xt, uint32_t base)
{
    xt->special[XT_WINDOWBASE] = base & (xt->windows - 1);
    xt_window_changed(xt);
}

void xt_set_ps(xtensa_t *xt, uint32_t ps)
{
    xt->special[XT_PS] = ps;
    xt->core.pause = 0;
    xt_window_changed(xt);
}
