/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The controller's commands. A burn sets bits of cells, one word after the other; what is read changes with the READ
 * command or a reset. Source: technical reference manuals, chapter eFuse Controller. Not known of silicon, and chosen
 * here: how long a word takes, that a burn with the wrong timing sets no bit, that words before a power cut stand and
 * no others.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"
#include "chip/efuse_code.h"
#include "state/model.h"

enum {
    CONF_PROGRAM = 0x5A5A,
    CONF_READ = 0x5AA5,
    CMD_READ = 1 << 0,
    CMD_PROGRAM = 1 << 1,
    BLOCK_SHIFT = 2,
    REGISTERS = 4 * SIM_EFUSE_WORDS,
};

static uint32_t reg(const esp_sim_t *sim, uint32_t at)
{
    return sim_memory_read32(&sim->memory, sim->efuse.chip->base + at);
}

static void set_reg(esp_sim_t *sim, uint32_t at, uint32_t value)
{
    sim_memory_write32(&sim->memory, sim->efuse.chip->base + at, value);
}

__attribute__((format(printf, 2, 3))) static void say(esp_sim_t *sim, const char *format, ...)
{
    char line[SIM_LINE_SIZE];
    va_list args;
    va_start(args, format);
    size_t size = sim_format_line(line, format, args);
    va_end(args);
    sim_text_add(&sim->efuse.line, line, size);
}

/* Ends the line of the burn. */
static void log_burn(esp_sim_t *sim, const char *outcome)
{
    sim_efuse_t *efuse = &sim->efuse;
    say(sim, ": %s", outcome);
    sim_trace(sim, "efuse: %s", sim_text_get(&efuse->line));
    say(sim, "\n");
    sim_text_add(&efuse->burns, sim_text_get(&efuse->line), efuse->line.length);
    efuse->line.length = 0;
}

static void be_idle(esp_sim_t *sim)
{
    sim->efuse.is_busy = false;
    sim->efuse.step = sim->efuse.step_count = 0;
    sim_timer_clear(&sim->efuse.timer);
    set_reg(sim, sim->efuse.chip->cmd, 0);
}

/* ---- a burn ---- */

static bool is_setting_right(const esp_sim_t *sim, size_t setting)
{
    const sim_efuse_chip_t *chip = sim->efuse.chip;
    if (chip->crystal_mhz[setting] != 0 && chip->crystal_mhz[setting] != sim->config.crystal_mhz) {
        return false;
    }
    for (const sim_efuse_timing_t *field = chip->timing; field->at != 0; field++) {
        uint32_t value = reg(sim, field->at) >> field->shift & field->mask;
        if (value != field->wanted[setting] && !(chip->may_keep_timing && value == field->reset)) {
            return false;
        }
    }
    return true;
}

static bool is_timing_right(const esp_sim_t *sim)
{
    for (size_t i = 0; i < SIM_EFUSE_SETTINGS; i++) {
        if (is_setting_right(sim, i)) {
            return true;
        }
    }
    return false;
}

/* Bits that cannot be burnt: the controller knows the protection that it has read. */
static uint32_t protected_bits(const esp_sim_t *sim, size_t block, size_t word)
{
    const sim_efuse_chip_t *chip = sim->efuse.chip;
    uint32_t locks = reg(sim, chip->blocks[0].read), bits = 0;
    if (block > 0) {
        return (locks >> chip->blocks[block].wr_dis & 1) != 0 ? UINT32_MAX : 0;
    }
    for (const sim_efuse_lock_t *lock = chip->locks; lock->mask != 0; lock++) {
        bits |= lock->word == word && (locks >> lock->bit & 1) != 0 ? lock->mask : 0;
    }
    return bits;
}

/* A block with a code is burnt once, whole; again only with the same. */
static void check_code(esp_sim_t *sim, size_t block, const uint32_t words[SIM_EFUSE_CELLS])
{
    uint8_t data[SIM_RS_DATA], check[SIM_RS_CHECK];
    bool has_others = false;
    for (size_t i = 0; i < SIM_EFUSE_CELLS; i++) {
        has_others = has_others || (sim->efuse.cells[block][i] & ~words[i]) != 0;
    }
    for (size_t i = 0; i < SIM_EFUSE_DATA; i++) {
        sim_put32(data + 4 * i, words[i]);
    }
    sim_rs_encode(data, check);
    for (size_t i = 0; i < SIM_EFUSE_CELLS - SIM_EFUSE_DATA; i++) {
        if (sim_get32(check + 4 * i) != words[SIM_EFUSE_DATA + i]) {
            sim_misuse(sim, "eFuse block %u: check words that do not fit its data", (unsigned)block);
            return;
        }
    }
    if (has_others) {
        sim_misuse(sim, "eFuse block %u is burnt a second time, with other data: its code is spoilt",
                   (unsigned)block);
    }
}

static void check_34(esp_sim_t *sim, size_t block, const uint32_t words[SIM_EFUSE_CELLS])
{
    uint8_t code[SIM_34_SIZE], data[SIM_34_DATA];
    for (size_t i = 0; i < SIM_EFUSE_DATA; i++) {
        sim_put32(code + 4 * i, words[i]);
    }
    if (sim_34_decode(code, data) != 0) {
        sim_misuse(sim, "eFuse block %u: pieces that do not fit their checks", (unsigned)block);
    }
}

/* Takes one block of the write buffer; returns whether all of it can be burnt. */
static bool take_block(esp_sim_t *sim, size_t number)
{
    sim_efuse_t *efuse = &sim->efuse;
    const sim_efuse_chip_t *chip = efuse->chip;
    const sim_efuse_block_t *block = &chip->blocks[number];
    bool is_coded = sim_efuse_is_rs_coded(chip, number);
    size_t count = sim_efuse_written_words(chip, number);
    uint32_t words[SIM_EFUSE_CELLS] = {0};
    bool is_whole = true;
    for (size_t i = 0; i < count; i++) {
        words[i] = reg(sim, block->write + 4 * (uint32_t)i);
        uint32_t kept = words[i] & protected_bits(sim, number, i) & ~efuse->cells[number][i];
        is_whole = is_whole && kept == 0;
        efuse->steps[efuse->step_count++] = (sim_efuse_step_t){(uint8_t)number, (uint8_t)i, words[i] & ~kept};
        if (words[i] != 0 && i < SIM_EFUSE_DATA && !chip->has_coding_scheme) {
            say(sim, " %u=%08" PRIX32, (unsigned)i, words[i]);
        } else if (words[i] != 0 && chip->has_coding_scheme) {
            say(sim, " +%02X=%08" PRIX32, (unsigned)(block->write + 4 * i), words[i]);
        } else if (i >= SIM_EFUSE_DATA && (is_coded || words[i] != 0)) {
            say(sim, "%s%08" PRIX32, i == SIM_EFUSE_DATA ? " / " : " ", words[i]);
        }
    }
    if (is_coded) {
        check_code(sim, number, words);
    } else if (sim_efuse_is_34_coded(efuse, number)) {
        check_34(sim, number, words);
    }
    return is_whole;
}

static void start_burn(esp_sim_t *sim, size_t number)
{
    sim_efuse_t *efuse = &sim->efuse;
    bool is_whole = true;
    say(sim, "0x%02X", (unsigned)(number << BLOCK_SHIFT | CMD_PROGRAM));
    if (efuse->chip->has_coding_scheme) {
        for (size_t i = 0; i < efuse->chip->block_count; i++) {
            is_whole = take_block(sim, i) && is_whole;
        }
    } else {
        is_whole = take_block(sim, number);
    }
    if (!is_timing_right(sim)) {
        sim_misuse(sim, "eFuses are burnt with the wrong timing");
        say(sim, ": with the wrong timing");
        for (size_t i = 0; i < efuse->step_count; i++) {
            efuse->steps[i].bits = 0;
        }
    }
    if (!is_whole) {
        sim_misuse(sim, "eFuses are burnt that are write-protected");
        say(sim, ": in part protected");
    }
    efuse->is_busy = true;
    sim_timer_set(&sim->clock, &efuse->timer, sim->clock.now_ns + sim->timing->efuse_word_ns);
}

static void burn_word(esp_sim_t *sim)
{
    sim_efuse_t *efuse = &sim->efuse;
    const sim_efuse_step_t *step = &efuse->steps[efuse->step];
    bool is_burnt = sim->events->burns_efuse(sim);
    if (!efuse->is_busy) {
        return;
    }
    if (is_burnt) {
        efuse->cells[step->block][step->word] |= step->bits;
    }
    efuse->step++;
    if (efuse->step < efuse->step_count) {
        sim_timer_set(&sim->clock, &efuse->timer, sim->clock.now_ns + sim->timing->efuse_word_ns);
        return;
    }
    log_burn(sim, "done");
    be_idle(sim);
}

static void timer_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    if (sim->efuse.step_count > 0) {
        burn_word(sim);
        return;
    }
    sim_efuse_load(sim);
    be_idle(sim);
}

void sim_efuse_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->efuse.timer, timer_fires, sim);
}

void sim_efuse_free(esp_sim_t *sim)
{
    sim_text_free(&sim->efuse.line);
    sim_text_free(&sim->efuse.burns);
}

void sim_efuse_controller_reset(esp_sim_t *sim)
{
    const sim_efuse_chip_t *chip = sim->efuse.chip;
    set_reg(sim, chip->conf, 0);
    set_reg(sim, chip->cmd, 0);
    for (size_t i = 0; i < chip->block_count; i++) {
        for (size_t word = 0; word < sim_efuse_written_words(chip, i); word++) {
            set_reg(sim, chip->blocks[i].write + 4 * (uint32_t)word, 0);
        }
    }
    for (const sim_efuse_timing_t *field = chip->timing; field->at != 0; field++) {
        uint32_t others = reg(sim, field->at) & ~((uint32_t)field->mask << field->shift);
        set_reg(sim, field->at, others | (uint32_t)field->reset << field->shift);
    }
}

const char *esp_sim_burns(const esp_sim_t *sim)
{
    return sim_text_get(&sim->efuse.burns);
}

void sim_efuse_stop(esp_sim_t *sim)
{
    sim_efuse_t *efuse = &sim->efuse;
    if (!efuse->is_busy) {
        return;
    }
    if (efuse->step_count > 0) {
        say(sim, ": cut before word %u of %u", (unsigned)efuse->step + 1, (unsigned)efuse->step_count);
        log_burn(sim, "not done");
    }
    be_idle(sim);
}

/* ---- registers ---- */

/* Does nothing when the opcode or the block is wrong, or another command goes on. */
static void command(esp_sim_t *sim, uint32_t value)
{
    sim_efuse_t *efuse = &sim->efuse;
    const sim_efuse_chip_t *chip = efuse->chip;
    uint32_t wanted = value & (CMD_READ | CMD_PROGRAM);
    uint32_t block = value >> BLOCK_SHIFT;
    if (efuse->is_busy) {
        sim_misuse(sim, "eFuse command 0x%" PRIX32 " while the last one goes on", value);
        return;
    }
    if (wanted == 0) {
        return;
    }
    uint32_t opcode = wanted == CMD_READ ? CONF_READ : CONF_PROGRAM;
    if (wanted == (CMD_READ | CMD_PROGRAM) || reg(sim, chip->conf) != opcode || block >= chip->block_count ||
        (chip->has_coding_scheme && block != 0)) {
        sim_misuse(sim, "eFuse command 0x%" PRIX32 " with the opcode 0x%04" PRIX32, value,
                   reg(sim, chip->conf));
        return;
    }
    set_reg(sim, chip->cmd, value);
    if (wanted == CMD_PROGRAM) {
        start_burn(sim, block);
        return;
    }
    efuse->is_busy = true;
    sim_timer_set(&sim->clock, &efuse->timer, sim->clock.now_ns + sim->timing->efuse_read_ns);
}

bool sim_efuse_write(esp_sim_t *sim, uint32_t addr, uint32_t value)
{
    const sim_efuse_chip_t *chip = sim->efuse.chip;
    if (chip == NULL || addr < chip->base || addr - chip->base >= REGISTERS) {
        return false;
    }
    uint32_t at = addr - chip->base;
    if (at == chip->cmd) {
        command(sim, value);
        return true;
    }
    if (sim->efuse.is_busy) {
        sim_misuse(sim, "write to eFuse register 0x%08X while a command goes on", (unsigned)addr);
        return true;
    }
    return sim_efuse_is_read_only(chip, at);
}
