/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is burnt, and what is read of it: codes undone, protected blocks hidden, errors counted. A block that its code
 * cannot correct is read as it is. Of the repeated code (ESP32) a bit is read as 1 that is burnt in either half.
 */
#include <string.h>

#include "base/bytes.h"
#include "chip/efuse_code.h"
#include "state/model.h"

enum {
    SCHEME_WORD = 6,
    SCHEME_34 = 1,
    SCHEME_REPEAT = 2,
    REPEATED = 4, /* words */
    LOST = 1 << 3,
    IDLE = 1, /* of the status register */
};

static void put_words(uint8_t *bytes, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sim_put32(bytes + 4 * i, words[i]);
    }
}

static void get_words(uint32_t *words, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        words[i] = sim_get32(bytes + 4 * i);
    }
}

static uint32_t scheme_of(const sim_efuse_t *efuse)
{
    return efuse->chip->has_coding_scheme ? efuse->cells[0][SCHEME_WORD] & 3 : 0;
}

bool sim_efuse_is_34_coded(const sim_efuse_t *efuse, size_t block)
{
    return block > 0 && scheme_of(efuse) == SCHEME_34;
}

/* ---- from content to cells ---- */

static void encode(sim_efuse_t *efuse, size_t block)
{
    uint32_t *cells = efuse->cells[block];
    uint8_t data[SIM_RS_DATA], code[SIM_34_SIZE];
    put_words(data, cells, SIM_EFUSE_DATA);
    if (sim_efuse_is_rs_coded(efuse->chip, block)) {
        sim_rs_encode(data, code);
        get_words(cells + SIM_EFUSE_DATA, code, SIM_EFUSE_CELLS - SIM_EFUSE_DATA);
    } else if (sim_efuse_is_34_coded(efuse, block)) {
        sim_34_encode(data, code);
        get_words(cells, code, SIM_EFUSE_DATA);
    } else if (block > 0 && scheme_of(efuse) == SCHEME_REPEAT) {
        memcpy(cells + REPEATED, cells, REPEATED * sizeof(*cells));
    }
}

static uint32_t gather(const esp_sim_t *sim, const sim_bits_t *parts, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count && parts[i].mask != 0; i++) {
        uint32_t word = sim_memory_read32(&sim->memory, parts[i].addr);
        value |= (word >> parts[i].shift & parts[i].mask) << parts[i].value_shift;
    }
    return value;
}

/* As the registers have it, which may be a file's. */
static uint32_t revision_of(const esp_sim_t *sim)
{
    const sim_chip_t *chip = sim->chip;
    uint32_t major =
        gather(sim, chip->major_revision, sizeof(chip->major_revision) / sizeof(chip->major_revision[0]));
    uint32_t minor =
        gather(sim, chip->minor_revision, sizeof(chip->minor_revision) / sizeof(chip->minor_revision[0]));
    return major * 100 + minor;
}

static void keep_flaws(esp_sim_t *sim, uint16_t at)
{
    if (at != 0) {
        sim->efuse.flaws[at / 4] = sim_memory_read32(&sim->memory, sim->efuse.chip->base + at);
    }
}

void sim_efuse_make(esp_sim_t *sim)
{
    sim_efuse_t *efuse = &sim->efuse;
    efuse->is_made = true;
    efuse->chip = sim_efuse_chip(sim->chip->name, revision_of(sim));
    if (efuse->chip == NULL) {
        return;
    }
    for (size_t i = 0; i < efuse->chip->block_count && !efuse->has_file_cells; i++) {
        const sim_efuse_block_t *block = &efuse->chip->blocks[i];
        for (size_t word = 0; word < block->words; word++) {
            efuse->cells[i][word] =
                sim_memory_read32(&sim->memory, efuse->chip->base + block->read + 4 * (uint32_t)word);
        }
        encode(efuse, i);
    }
    for (size_t i = 0; i < sizeof(efuse->chip->block0_errors) / sizeof(efuse->chip->block0_errors[0]); i++) {
        keep_flaws(sim, efuse->chip->block0_errors[i]);
    }
    keep_flaws(sim, efuse->chip->rs_errors[0]);
    keep_flaws(sim, efuse->chip->rs_errors[1]);
    keep_flaws(sim, efuse->chip->decoding_errors);
}

/* ---- from cells to registers ---- */

typedef struct {
    uint64_t rs;
    uint32_t decoding;
} errors_t;

static void decode(const sim_efuse_t *efuse, size_t block, uint32_t words[SIM_EFUSE_CELLS], errors_t *errors)
{
    uint8_t code[SIM_RS_SIZE], data[SIM_RS_DATA] = {0};
    memcpy(words, efuse->cells[block], sizeof(efuse->cells[block]));
    put_words(code, words, SIM_EFUSE_CELLS);
    if (sim_efuse_is_rs_coded(efuse->chip, block)) {
        int corrected = sim_rs_correct(code);
        uint64_t lost = corrected < 0 ? (uint64_t)LOST << efuse->chip->fail_lag : 0;
        errors->rs |= (corrected < 0 ? lost : (uint64_t)corrected) << efuse->chip->blocks[block].errors;
        get_words(words, code, SIM_EFUSE_DATA);
    } else if (sim_efuse_is_34_coded(efuse, block)) {
        errors->decoding |= sim_34_decode(code, data) << 4 * (block - 1);
        get_words(words, data, SIM_EFUSE_DATA);
    } else if (block > 0 && scheme_of(efuse) == SCHEME_REPEAT) {
        for (size_t i = 0; i < REPEATED; i++) {
            errors->decoding |= words[i] != words[i + REPEATED] ? 1u << (i + 4 * (block - 1)) : 0;
            words[i] |= words[i + REPEATED];
            words[i + REPEATED] = 0;
        }
    }
}

static bool is_set(const sim_efuse_t *efuse, unsigned bit)
{
    return bit != 0 && (efuse->cells[0][bit / 32] >> bit % 32 & 1) != 0;
}

static void hide(const sim_efuse_t *efuse, size_t block, uint32_t words[SIM_EFUSE_CELLS])
{
    const sim_efuse_block_t *row = &efuse->chip->blocks[block];
    for (size_t i = 0; i < SIM_EFUSE_DATA; i++) {
        if (is_set(efuse, i < SIM_EFUSE_DATA / 2 ? row->hidden_low : row->hidden_high)) {
            words[i] = 0;
        }
    }
    for (const sim_efuse_lock_t *field = efuse->chip->hidden; block == 0 && field != NULL && field->mask != 0;
         field++) {
        words[field->word] &= is_set(efuse, field->bit) ? ~field->mask : UINT32_MAX;
    }
}

static void put_errors(const sim_efuse_t *efuse, uint32_t image[SIM_EFUSE_WORDS], uint16_t at,
                       uint32_t errors)
{
    if (at != 0) {
        image[at / 4] = errors | efuse->flaws[at / 4];
    }
}

void sim_efuse_image(const sim_efuse_t *efuse, uint32_t image[SIM_EFUSE_WORDS])
{
    const sim_efuse_chip_t *chip = efuse->chip;
    errors_t errors = {0};
    memset(image, 0, SIM_EFUSE_WORDS * sizeof(*image));
    for (size_t i = 0; i < chip->block_count; i++) {
        uint32_t words[SIM_EFUSE_CELLS];
        decode(efuse, i, words, &errors);
        hide(efuse, i, words);
        memcpy(image + chip->blocks[i].read / 4, words, chip->blocks[i].words * sizeof(*words));
    }
    for (size_t i = 0; i < sizeof(chip->block0_errors) / sizeof(chip->block0_errors[0]); i++) {
        put_errors(efuse, image, chip->block0_errors[i], 0);
    }
    put_errors(efuse, image, chip->rs_errors[0], (uint32_t)errors.rs);
    put_errors(efuse, image, chip->rs_errors[1], (uint32_t)(errors.rs >> 32));
    put_errors(efuse, image, chip->decoding_errors, errors.decoding);
    if (chip->status != 0) {
        image[chip->status / 4] = IDLE;
    }
}

void sim_efuse_load(esp_sim_t *sim)
{
    const sim_efuse_chip_t *chip = sim->efuse.chip;
    uint32_t image[SIM_EFUSE_WORDS];
    sim_efuse_image(&sim->efuse, image);
    for (uint32_t i = 0; i < SIM_EFUSE_WORDS; i++) {
        if (sim_efuse_is_read_only(chip, 4 * i)) {
            sim_memory_write32(&sim->memory, chip->base + 4 * i, image[i]);
        }
    }
}
