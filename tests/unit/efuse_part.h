/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A part in memory whose eFuses a test burns, and staging what a row of a table says.
 */
#ifndef EFUSE_PART_H
#define EFUSE_PART_H

#include <string.h>

#include "efuse_vectors.h"
#include "esp_loader_efuse_plan.h"
#include "test.h"

enum { SIZE = 64, BLOCKS = 11 };

/* ---- a target in memory ---- */

static const uint8_t words_of_most[BLOCKS] = {6, 6, 8, 8, 8, 8, 8, 8, 8, 8, 8};
static const uint8_t words_of_esp32[BLOCKS] = {7, 8, 8, 8};
static const uint8_t words_of_c2[BLOCKS] = {2, 3, 8, 8};
static const uint8_t words_of_s31[BLOCKS] = {9, 6, 8, 8, 8, 8, 8, 8, 8, 8};

static inline esp_loader_efuse_state_t new_part(target_chip_t chip, uint16_t revision)
{
    const uint8_t *words = chip == ESP32_CHIP      ? words_of_esp32
                           : chip == ESP32C2_CHIP  ? words_of_c2
                           : chip == ESP32S31_CHIP ? words_of_s31
                                                   : words_of_most;
    esp_loader_efuse_state_t part = {.chip = chip, .revision = revision};
    for (uint8_t i = 0; i < BLOCKS && words[i] != 0; i++) {
        part.image.block_count++;
        part.image.blocks[i].block = i;
        part.image.blocks[i].word_count = words[i];
    }
    return part;
}

static inline void burn_step(esp_loader_efuse_state_t *part, const esp_loader_efuse_step_t *step)
{
    for (unsigned i = 0; i < ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK; i++) {
        part->image.blocks[step->block].words[i] |= step->words[i];
    }
}

static inline void burn_bit(esp_loader_efuse_state_t *part, unsigned block, unsigned bit)
{
    part->image.blocks[block].words[bit / 32] |= 1u << bit % 32;
}

/* ---- staging ---- */

static inline void fill(uint8_t bytes[SIZE], input_t input)
{
    for (unsigned i = 0; i < SIZE; i++) {
        bytes[i] = (uint8_t)(input == COUNTING  ? i
                             : input == FROM_1  ? i + 1
                             : input == FROM_A0 ? 0xA0 + i
                                                : 7 * i + 3);
    }
}

static inline esp_loader_error_t stage_run(const esp_loader_efuse_state_t *part, esp_loader_efuse_ctx_t *ctx,
                                           unsigned block, unsigned first, unsigned count,
                                           const uint8_t *bytes, esp_loader_efuse_refusal_t *refusal)
{
    const esp_loader_efuse_desc_t run = {(uint16_t)block, (uint16_t)first, (uint16_t)count};
    const esp_loader_efuse_desc_t *const field[] = {&run, NULL};
    return esp_loader_efuse_stage_field(part, ctx, field, bytes, count, refusal);
}

static inline esp_loader_error_t stage_bits(const esp_loader_efuse_state_t *part, esp_loader_efuse_ctx_t *ctx,
                                            unsigned block, unsigned first, unsigned count)
{
    static const uint8_t ones[] = {0xFF, 0xFF, 0xFF, 0xFF};
    return stage_run(part, ctx, block, first, count, ones, NULL);
}

static inline esp_loader_error_t stage(const esp_loader_efuse_state_t *part, esp_loader_efuse_ctx_t *ctx,
                                       const stage_t *what)
{
    static const uint8_t mac[] = {0xAA, 0xCD, 0xEF, 0x01, 0x02, 0x03};
    const esp_loader_efuse_write_key_config_t config = {.no_write_protect =
                                                            (what->flags & NO_WRITE_PROTECT) != 0};
    uint8_t bytes[SIZE];
    fill(bytes, what->input);
    switch (what->kind) {
    case STAGE_KEY:
        return esp_loader_efuse_stage_key(part, ctx, (esp_loader_efuse_key_block_t)what->where,
                                          (esp_loader_key_purpose_t)what->what, bytes + what->off, what->size,
                                          &config, NULL);
    case STAGE_LEGACY:
        return esp_loader_efuse_stage_key_legacy(part, ctx, (esp_loader_legacy_key_target_t)what->where,
                                                 bytes + what->off, what->size, &config, NULL);
    case STAGE_MAC:
        return esp_loader_efuse_stage_mac(part, ctx, mac);
    case STAGE_BITS:
        return stage_bits(part, ctx, what->where, what->what, what->size);
    case STAGE_DATA:
        return stage_run(part, ctx, what->where, 0, what->size, bytes, NULL);
    case NOTHING:
    case PLAN_AND_BURN:
        break;
    }
    return ESP_LOADER_SUCCESS;
}

#endif
