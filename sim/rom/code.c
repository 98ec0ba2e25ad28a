/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executing, tied to the simulator's clock: slices of instructions between the clock's timers. Inside of a slice the
 * clock follows the instructions where a device asks for it. A chip that waits for its host for long sleeps, and one that
 * only asks the flash whether it is ready jumps to when it is.
 */
#include "rom/code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    SLICE_NS = 1000000,
    IDLE_COUNT = 3000000, /* instructions without a byte or a command for the flash: it waits for the host */
    PROBE_MAX = 400,      /* instructions of a loop that waits */
    PROBE_GAP_MAX = 100000,
    MHZ_MAX = 1000,
    FILE_SIZE_MAX = 64 << 20,
};

/* ---- slices ---- */

static void report_stop(sim_code_t *code, const sim_stop_t *stop)
{
    static const char *const WHY[] = {[SIM_STOP_ACCESS] = "nothing answers",
                                      [SIM_STOP_ILLEGAL] = "illegal instruction",
                                      [SIM_STOP_BREAK] = "breakpoint"};
    uint32_t distance = 0;
    const char *name = sim_code_is_rom(code, stop->pc) ? sim_elf_name(&code->elf, stop->pc, &distance) : NULL;
    char line[SIM_LINE_SIZE];
    int size =
        snprintf(line, sizeof(line), "[sim] code stopped at 0x%08x (%.100s+0x%x): %s%s 0x%08x\r\n",
                 (unsigned)stop->pc, name == NULL ? "?" : name, (unsigned)distance, WHY[stop->reason],
                 stop->reason == SIM_STOP_ACCESS ? stop->is_store ? " to a store to" : " to a load from" : "",
                 (unsigned)stop->address);
    sim_text_add(&code->sim->console, line, (size_t)size);
    sim_trace(code->sim, "%.*s", size - 2, line);
    sim_code_stop(code);
}

/* Executes until @p end, or looks for a while whether the code waits in a loop. */
static sim_stop_t run_or_probe(sim_code_t *code, uint64_t end)
{
    sim_core_t *core = code->core;
    if (code->lines_at != UINT64_MAX) { /* something will happen without an interrupt from outside */
        return sim_core_run(core, end - core->count);
    }
    if (core->count < code->probe_count) {
        return sim_core_run(core, (end < code->probe_count ? end : code->probe_count) - core->count);
    }
    bool waits;
    sim_stop_t stop =
        sim_core_probe(core, end - core->count < PROBE_MAX ? end - core->count : PROBE_MAX, &waits);
    code->probe_count = core->count + code->probe_gap;
    code->probe_gap = code->probe_gap < PROBE_GAP_MAX ? code->probe_gap * 2 : PROBE_GAP_MAX;
    if (waits) {
        stop.reason = SIM_STOP_WAITING;
    }
    return stop;
}

/* Executes until the slice's end; false when the code has stopped. */
static bool execute(sim_code_t *code)
{
    sim_core_t *core = code->core;
    for (;;) {
        if (core->count >= code->lines_at) {
            code->lines_at = UINT64_MAX;
            sim_core_set_lines(core, sim_code_lines(code));
        }
        uint64_t end = sim_code_count_at(code, code->end_ns);
        if (core->count >= end) {
            return true;
        }
        end = end < code->lines_at ? end : code->lines_at;
        sim_stop_t stop = run_or_probe(code, end);
        if (stop.reason == SIM_STOP_WAITING) {
            code->is_asleep = true;
            return true;
        }
        if (stop.reason != SIM_STOP_LIMIT) {
            report_stop(code, &stop);
            return false;
        }
    }
}

/* The clock that the code has chosen, which is what its delays go by. */
static void update_speed(sim_code_t *code)
{
    uint32_t mhz = 0;
    bool is_known = code->ticks_address != 0 && sim_code_peek(code, code->ticks_address, &mhz) &&
                    mhz != code->chip->wrong_mhz;
    code->cpu_hz = is_known && mhz > 0 && mhz <= MHZ_MAX ? mhz * 1000000u : code->chip->cpu_hz;
}

/* Nothing has come and nothing was asked for long, and it is no delay that goes on. */
static bool is_idle(const sim_code_t *code)
{
    uint64_t last = code->active_count > code->core->clock_read ? code->active_count : code->core->clock_read;
    return code->core->count - last > IDLE_COUNT;
}

static void run_slice(void *ctx)
{
    sim_code_t *code = ctx;
    sim_clock_t *clock = &code->sim->clock;
    uint64_t next_ns = sim_clock_next(clock), last_ns = clock->now_ns + SLICE_NS;
    update_speed(code);
    uint64_t instruction_ns = 1000000000u / code->cpu_hz + 1;
    code->origin_ns = clock->now_ns;
    code->origin_count = code->core->count;
    code->end_ns = next_ns < last_ns ? next_ns : last_ns;
    code->end_ns = clock->until_ns < code->end_ns ? clock->until_ns : code->end_ns;
    if (code->end_ns < clock->now_ns + instruction_ns) {
        code->end_ns = clock->now_ns + instruction_ns; /* it goes on in any case */
    }
    code->is_running = true;
    code->wait_until_ns = 0;
    bool goes_on = execute(code);
    code->is_running = false;
    code->sim->stats.instructions = code->core->count;
    uint64_t now_ns = sim_code_time_of(code, code->core->count);
    now_ns = now_ns > code->wait_until_ns ? now_ns : code->wait_until_ns;
    if (!goes_on || !code->is_on) {
        return;
    }
    if (code->wants_reset) {
        code->sim->events->reset(code->sim, SIM_RESET_SOFTWARE);
        return;
    }
    code->is_asleep = code->is_asleep || is_idle(code);
    if (!code->is_asleep) {
        sim_timer_set(clock, &code->timer, now_ns);
    }
    if (code->wants_bytes) {
        code->wants_bytes = false;
        sim_link_pump(code->sim);
    }
}

/* ---- the wire ---- */

bool sim_code_can_receive(const sim_code_t *code)
{
    const esp_sim_t *sim = code->sim;
    if (!code->is_on) {
        return true; /* and nobody reads it */
    }
    if (!sim_wiring_is_usb(sim->config.wiring)) {
        return code->uart.count < SIM_CODE_FIFO;
    }
    bool is_same_packet = code->usj.filled_ns == sim->clock.now_ns && code->usj.count < SIM_CODE_USJ_PACKET;
    return code->usj.count == 0 || is_same_packet;
}

/* How often the line changes: from idle to the start bit, least significant bit first, to the stop bit. */
static uint32_t edges_of(uint8_t byte)
{
    unsigned line = (unsigned)byte << 1 | 0x200;
    return 1 + (uint32_t)__builtin_popcount((line ^ line >> 1) & 0x1FF);
}

void sim_code_receive(sim_code_t *code, uint8_t byte)
{
    sim_code_port_t *port = sim_code_wired_port(code);
    if (!code->is_on) {
        return;
    }
    sim_code_port_push(port, byte, code->sim->clock.now_ns);
    if (port == &code->uart) {
        port->edges += edges_of(byte);
    }
    sim_code_wake(code);
}

bool sim_code_has_slc(const sim_code_t *code)
{
    return code->chip->slc.base != 0;
}

/* ---- life ---- */

static bool read_file(sim_code_t *code, const char *path, size_t *size, char *error, size_t error_size)
{
    FILE *file = fopen(path, "rb");
    long length = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        length = ftell(file);
    }
    bool is_ok = length > 0 && length <= FILE_SIZE_MAX && fseek(file, 0, SEEK_SET) == 0;
    if (is_ok) {
        code->file = malloc((size_t)length);
        is_ok = code->file != NULL && fread(code->file, 1, (size_t)length, file) == (size_t)length;
        *size = (size_t)length;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return is_ok || sim_error(error, error_size, "cannot read the ROM's ELF file '%s'", path);
}

static bool make_memory(sim_code_t *code)
{
    sim_bus_device_t device = sim_code_devices;
    device.ctx = code;
    code->bus = sim_bus_new(&device);
    code->core = code->bus == NULL ? NULL : sim_core_new(code->chip->core, code->bus);
    if (code->core == NULL) {
        return false;
    }
    const sim_code_region_t *memory = code->chip->memory;
    for (size_t i = 0; i < SIM_CODE_REGIONS && memory[i].size != 0; i++) {
        if (memory[i].alias_of == 0) {
            code->memory[i] = calloc(1, memory[i].size);
            if (code->memory[i] == NULL) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < SIM_CODE_REGIONS && memory[i].size != 0; i++) {
        size_t left;
        sim_bus_map(code->bus, memory[i].address, memory[i].size,
                    sim_code_bytes(code, memory[i].address, &left), !memory[i].is_rom);
    }
    return true;
}

sim_code_t *sim_code_new(esp_sim_t *sim, const char *path, char *error, size_t error_size)
{
    size_t size = 0;
    const sim_code_chip_t *chip = sim_code_chip_find(sim->chip->name);
    if (chip == NULL) {
        sim_error(error, error_size, "the code of %s cannot be executed here", sim->chip->title);
        return NULL;
    }
    sim_code_t *code = calloc(1, sizeof(*code));
    if (code == NULL) {
        sim_error(error, error_size, "out of memory");
        return NULL;
    }
    code->sim = sim;
    code->chip = chip;
    bool is_ok = read_file(code, path, &size, error, error_size) &&
                 sim_elf_open(&code->elf, code->file, size, error, error_size);
    if (is_ok && code->elf.machine != chip->elf_machine) {
        is_ok = sim_error(error, error_size, "the ROM's ELF file is of another processor than that of %s",
                          sim->chip->title);
    }
    if (is_ok && !make_memory(code)) {
        is_ok = sim_error(error, error_size, "out of memory");
    }
    if (!is_ok || !sim_code_load(code, error, error_size)) {
        sim_code_free(code);
        return NULL;
    }
    if (sim->config.traces_code && sim->config.trace != NULL && !sim_code_trace_calls(code)) {
        sim_error(error, error_size, "out of memory");
        sim_code_free(code);
        return NULL;
    }
    if (chip->core == &sim_core_riscv) {
        sim_riscv_configure(code->core, &chip->riscv);
    }
    if (!sim_elf_find(&code->elf, "s_ticks_per_us", &code->ticks_address) &&
        !sim_elf_find(&code->elf, "g_ticks_per_us", &code->ticks_address)) {
        code->ticks_address = 0;
    }
    sim_clock_add(&sim->clock, &code->timer, run_slice, code);
    sim_code_watchdog_init(code);
    return code;
}

void sim_code_free(sim_code_t *code)
{
    if (code == NULL) {
        return;
    }
    for (size_t i = 0; i < SIM_CODE_REGIONS; i++) {
        free(code->memory[i]);
    }
    free(code->trace);
    sim_core_free(code->core);
    sim_bus_free(code->bus);
    free(code->file);
    free(code);
}

void sim_code_start(sim_code_t *code)
{
    const sim_code_region_t *memory = code->chip->memory;
    for (size_t i = 0; i < SIM_CODE_REGIONS; i++) {
        if (code->memory[i] != NULL && !memory[i].is_rom) {
            memset(code->memory[i], 0, memory[i].size);
        }
    }
    sim_code_reset_devices(code);
    sim_core_reset(code->core, code->chip->entry);
    code->lines_at = UINT64_MAX;
    sim_code_active(code);
    code->is_on = true;
    code->is_asleep = code->wants_bytes = code->wants_reset = code->is_in_frame = false;
    code->sim->is_flash_attached = true; /* what leads to the flash is the code's to say */
    sim_timer_set(&code->sim->clock, &code->timer, code->sim->clock.now_ns);
}

void sim_code_stop(sim_code_t *code)
{
    code->is_on = false;
    sim_timer_clear(&code->timer);
    sim_code_slave_stop(code);
    sim_code_watchdog_stop(code);
    if (code->is_running) {
        sim_code_break(code);
    }
}

bool sim_code_peek(const sim_code_t *code, uint32_t address, uint32_t *value)
{
    size_t left;
    const uint8_t *bytes = sim_code_bytes(code, address, &left);
    if (bytes == NULL || left < 4) {
        return false;
    }
    *value = sim_get32(bytes);
    return true;
}
