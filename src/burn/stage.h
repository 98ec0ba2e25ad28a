/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bits that are to be burnt. Pure computation.
 */
#ifndef ELI_BURN_STAGE_H
#define ELI_BURN_STAGE_H

#include <string.h>

#include "burn/chips.h"
#include "esp_loader_efuse_plan.h"
#include "target/efuse_layout.h"

/** The word of a context that no block has: its programming was begun in an earlier commit. */
#define ELI_BEGUN_WORD 8u

static inline uint32_t *eli_staged(esp_loader_efuse_ctx_t *ctx, unsigned block)
{
    return &ctx->_buf[block * ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK];
}

static inline const uint32_t *eli_staged_words(const esp_loader_efuse_ctx_t *ctx, unsigned block)
{
    return &ctx->_buf[block * ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK];
}

static inline bool eli_bit(const uint32_t *words, unsigned bit)
{
    return (words[bit / 32] >> bit % 32 & 1u) != 0;
}

static inline void eli_set_bit(uint32_t *words, unsigned bit)
{
    words[bit / 32] |= 1u << bit % 32;
}

/** What a block of @p state holds. */
static inline const uint32_t *eli_held(const esp_loader_efuse_state_t *state, unsigned block)
{
    return state->image.blocks[block].words;
}

/** Is a block, or its key, read-protected in any word? */
static inline bool eli_is_hidden(const esp_loader_efuse_state_t *state, unsigned block)
{
    return state->image.blocks[block].read_protected_word_mask != 0;
}

/** The ESP32's coding scheme: 0 = none. Of what is staged, or what is held. */
static inline unsigned eli_coding_scheme(const eli_burn_chip_t *chip, const uint32_t *block0)
{
    return chip->coding_scheme == 0 ? 0 : block0[chip->coding_scheme / 32] >> chip->coding_scheme % 32 & 3u;
}

enum { ELI_CODING_34 = 1, ELI_CODING_REPEAT = 2 };

/** Does a code go with the data of a block, so that it can be written once only? */
static inline bool eli_is_coded(const eli_burn_chip_t *chip, const uint32_t *block0, unsigned block)
{
    return block != 0 && (chip->coding_scheme == 0 || eli_coding_scheme(chip, block0) == ELI_CODING_34);
}

/** Stages a field without regard to what is held.
 *  @return false: a run is not within a block */
bool eli_stage_runs(const eli_efuse_layout_t *layout, esp_loader_efuse_ctx_t *ctx,
                    const esp_loader_efuse_desc_t *const field[], const uint8_t *src, size_t src_size_bits);

/** Overwrites what held a key; a compiler cannot leave it out. */
void eli_wipe(void *bytes, size_t size);

#endif
