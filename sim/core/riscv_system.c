/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RISC-V: control and status registers, traps, interrupts. Source: The RISC-V Instruction Set Manual, volume II, chapter 3;
 * "Core-Local Interrupt Controller (CLIC)" (draft 0.9) as the chips from the ESP32-C5 on have it.
 */
#include "core/riscv_state.h"

enum {
    ECALL = 0x00000073,
    EBREAK = 0x00100073,
    MRET = 0x30200073,
    WFI = 0x10500073,

    CSR_USTATUS = 0x000, /* of extension N, which the cores have a remainder of */
    CSR_FCSR = 0x003,
    CSR_MSTATUS = 0x300,
    CSR_MISA = 0x301,
    CSR_MIE = 0x304,
    CSR_MTVEC = 0x305,
    CSR_MCOUNTEREN = 0x306, /* of the user mode that nothing runs in */
    CSR_MTVT = 0x307,
    CSR_MCOUNTINHIBIT = 0x320,
    CSR_MSCRATCH = 0x340,
    CSR_MEPC = 0x341,
    CSR_MCAUSE = 0x342,
    CSR_MTVAL = 0x343,
    CSR_MIP = 0x344,
    CSR_MINTSTATUS_OLD = 0x346, /* where drafts of the CLIC had it */
    CSR_MINTTHRESH = 0x347,
    CSR_CYCLES_OWN = 0x7E2,  /* Espressif's performance counter, counting cycles */
    CSR_CYCLES_USER = 0x802, /* the same for user mode: ets_delay_us() of the C3 */
    CSR_MCYCLE = 0xB00,
    CSR_MINSTRET = 0xB02,
    CSR_MCYCLEH = 0xB80,
    CSR_CYCLE = 0xC00, /* mcycle to be read only */
    CSR_MVENDORID = 0xF11,
    CSR_MHARTID = 0xF14,
    CSR_MINTSTATUS = 0xFB1,

    STATUS_MIE = 1 << 3,
    STATUS_MPIE = 1 << 7,
    STATUS_MPP = 3 << 11, /* always machine mode */
    STATUS_FS = 3 << 13,
    CAUSE_ECALL = 11,
    CAUSE_MPIL_SHIFT = 16,
};

static const uint32_t CAUSE_INTERRUPT = 0x80000000;

/* ---- traps ---- */

static void enter(sim_riscv_t *cpu, uint32_t cause, uint32_t level)
{
    sim_core_t *core = &cpu->core;
    bool was_enabled = (cpu->mstatus & STATUS_MIE) != 0;
    cpu->mepc = core->pc;
    cpu->mcause = cause;
    cpu->mstatus = (cpu->mstatus & ~(uint32_t)(STATUS_MIE | STATUS_MPIE)) | (was_enabled ? STATUS_MPIE : 0);
    if (cpu->features.has_clic) {
        cpu->mcause |= 3u << 28 | (was_enabled ? 1u << 27 : 0) | cpu->level << CAUSE_MPIL_SHIFT;
    } else if (cpu->depth < SIM_RISCV_LEVELS_MAX) {
        cpu->outer[cpu->depth++] = (uint8_t)cpu->level;
    }
    cpu->level = level;
}

static uint32_t trap_base(const sim_riscv_t *cpu)
{
    return cpu->mtvec & ~(cpu->features.has_clic ? 63u : 3u);
}

static void leave(sim_riscv_t *cpu, uint32_t *next)
{
    bool was_enabled = (cpu->mstatus & STATUS_MPIE) != 0;
    cpu->mstatus = (cpu->mstatus & ~(uint32_t)STATUS_MIE) | STATUS_MPIE | (was_enabled ? STATUS_MIE : 0);
    if (cpu->features.has_clic) {
        cpu->level = cpu->mcause >> CAUSE_MPIL_SHIFT & 0xFF;
    } else {
        cpu->level = cpu->depth > 0 ? cpu->outer[--cpu->depth] : 0;
    }
    *next = cpu->mepc & ~1u;
    cpu->core.pause = 0;
}

/* ---- interrupts ---- */

/* The line of highest priority that is up, enabled and above what is handled now; -1 = none. */
static int choose_line(const sim_riscv_t *cpu)
{
    const sim_riscv_controller_t *controller = &cpu->controller;
    uint32_t up = cpu->core.lines & controller->enabled;
    uint32_t least = controller->threshold; /* to be taken */
    if (cpu->features.has_clic) {
        least =
            1 + (controller->threshold > cpu->clic_threshold ? controller->threshold : cpu->clic_threshold);
    }
    least = least <= cpu->level ? cpu->level + 1 : least;
    int best = -1;
    for (int line = 0; line < SIM_RISCV_LINES; line++) {
        if ((up >> line & 1) != 0 && controller->priority[line] >= least) {
            least = controller->priority[line] + 1u;
            best = line;
        }
    }
    return best;
}

static bool enter_clic(sim_riscv_t *cpu, int line)
{
    uint32_t number = (uint32_t)line + SIM_RISCV_CLIC_FIRST;
    uint32_t handler = trap_base(cpu);
    if ((cpu->controller.vectored >> line & 1) != 0 &&
        !sim_bus_load(cpu->core.bus, cpu->mtvt + 4 * number, 4, &handler)) {
        handler = 0; /* the fetch stops the run */
    }
    enter(cpu, CAUSE_INTERRUPT | number, cpu->controller.priority[line]);
    cpu->core.pc = handler & ~1u;
    return true;
}

bool sim_riscv_take_interrupt(sim_riscv_t *cpu)
{
    if ((cpu->core.lines & cpu->controller.enabled) == 0) {
        return false;
    }
    if ((cpu->mstatus & STATUS_MIE) == 0) {
        return true;
    }
    int line = choose_line(cpu);
    if (line < 0) {
        return true;
    }
    if (cpu->features.has_clic) {
        return enter_clic(cpu, line);
    }
    enter(cpu, CAUSE_INTERRUPT | (uint32_t)line, cpu->controller.priority[line]);
    cpu->core.pc = trap_base(cpu) + 4 * (uint32_t)line; /* always vectored */
    return true;
}

/* ---- registers ---- */

/* Where a register is that keeps what is written to it, or NULL. */
static uint32_t *storage(sim_riscv_t *cpu, unsigned number)
{
    static const struct {
        uint16_t first, end;
    } RANGES[] = {
        {SIM_CSR_USER_TRAP, SIM_CSR_USER_TRAP_END},     {SIM_CSR_PMP, SIM_CSR_PMP_END},
        {SIM_CSR_TRIGGER, SIM_CSR_TRIGGER_END},         {SIM_CSR_CUSTOM, SIM_CSR_CUSTOM_END},
        {SIM_CSR_USER_CUSTOM, SIM_CSR_USER_CUSTOM_END}, {SIM_CSR_LATE_CUSTOM, SIM_CSR_LATE_CUSTOM_END}};
    switch (number) {
    case CSR_MIE:
        return &cpu->mie;
    case CSR_MTVEC:
        return &cpu->mtvec;
    case CSR_MTVT:
        return cpu->features.has_clic ? &cpu->mtvt : NULL;
    case CSR_MSCRATCH:
        return &cpu->mscratch;
    case CSR_MEPC:
        return &cpu->mepc;
    case CSR_MCAUSE:
        return &cpu->mcause;
    case CSR_MTVAL:
        return &cpu->mtval;
    case CSR_MINTTHRESH:
        return cpu->features.has_clic ? &cpu->clic_threshold : NULL;
    case CSR_FCSR:
        return cpu->features.has_float ? &cpu->fcsr : NULL;
    case CSR_USTATUS:
    case CSR_MCOUNTINHIBIT:
        return &cpu->csr[number];
    default:
        break;
    }
    for (size_t i = 0; i < sizeof(RANGES) / sizeof(RANGES[0]); i++) {
        if (number >= RANGES[i].first && number < RANGES[i].end) {
            return &cpu->csr[number];
        }
    }
    return NULL;
}

static bool read_csr(sim_riscv_t *cpu, unsigned number, uint32_t *value)
{
    const sim_riscv_features_t *features = &cpu->features;
    switch (number) {
    case CSR_MSTATUS:
        *value = cpu->mstatus | STATUS_MPP;
        return true;
    case CSR_MISA:
        *value = 1u << 30 | 1u << ('I' - 'A') | 1u << ('M' - 'A') | 1u << ('C' - 'A') |
                 (features->has_atomics ? 1u : 0) | (features->has_float ? 1u << ('F' - 'A') : 0);
        return true;
    case CSR_MIP:
        *value = cpu->core.lines & cpu->controller.enabled;
        return true;
    case CSR_MINTSTATUS_OLD:
    case CSR_MINTSTATUS:
        *value = cpu->level << 24;
        return features->has_clic;
    case CSR_CYCLES_OWN:
    case CSR_CYCLES_USER:
    case CSR_CYCLE:
    case CSR_MCYCLE:
    case CSR_MINSTRET:
        *value = (uint32_t)cpu->core.count;
        cpu->core.clock_read = cpu->core.count;
        return true;
    case CSR_MCYCLEH:
        *value = (uint32_t)(cpu->core.count >> 32);
        return true;
    case CSR_MVENDORID: /* and marchid, mimpid: not known, and nothing compares them */
    case CSR_MVENDORID + 1:
    case CSR_MVENDORID + 2:
    case CSR_MCOUNTEREN:
    case CSR_MHARTID:
        *value = 0;
        return true;
    default:
        break;
    }
    const uint32_t *where = storage(cpu, number);
    *value = where == NULL ? 0 : *where;
    return where != NULL;
}

static bool write_csr(sim_riscv_t *cpu, unsigned number, uint32_t value)
{
    switch (number) {
    case CSR_MSTATUS:
        cpu->mstatus = value & (uint32_t)(STATUS_MIE | STATUS_MPIE | STATUS_FS);
        cpu->core.pause = 0;
        return true;
    case CSR_MISA:
    case CSR_MCOUNTEREN:
    case CSR_MIP:
    case CSR_CYCLES_USER:
    case CSR_CYCLES_OWN: /* a counter that is set goes on from there; nothing needs that */
    case CSR_MCYCLE:
    case CSR_MCYCLEH:
    case CSR_MINSTRET:
        return true;
    default:
        break;
    }
    uint32_t *where = storage(cpu, number);
    if (where == NULL) {
        return false;
    }
    *where = value;
    cpu->core.pause = 0; /* it may be one that lets interrupts through */
    return true;
}

static bool access_csr(sim_riscv_t *cpu, uint32_t code)
{
    unsigned number = code >> 20, rd = code >> 7 & 31, rs1 = code >> 15 & 31, kind = code >> 12 & 3;
    uint32_t operand = (code >> 14 & 1) != 0 ? rs1 : cpu->x[rs1];
    uint32_t old = 0;
    bool is_written = kind == 1 || rs1 != 0;
    if (!read_csr(cpu, number, &old)) {
        return false;
    }
    uint32_t value = kind == 1 ? operand : kind == 2 ? old | operand : old & ~operand;
    if (is_written && (number >> 10 == 3 || !write_csr(cpu, number, value))) {
        return false;
    }
    cpu->x[rd] = old;
    return true;
}

bool sim_riscv_system(sim_riscv_t *cpu, uint32_t code, uint32_t *next)
{
    if ((code >> 12 & 3) != 0) {
        return access_csr(cpu, code) || sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    switch (code) {
    case ECALL:
        enter(cpu, CAUSE_ECALL, cpu->level);
        *next = trap_base(cpu);
        return true;
    case EBREAK:
        return sim_riscv_stop(cpu, SIM_STOP_BREAK, 0, false);
    case MRET:
        leave(cpu, next);
        return true;
    case WFI:
        cpu->is_waiting = true;
        cpu->core.pause = 0;
        return true;
    default:
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
}
