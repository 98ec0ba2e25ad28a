/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Staging keys: their bytes, what they are for, and what protects them. Source: espefuse 5.6, ESP-IDF.
 */
#include "burn/stage.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include "burn/keys.h"
#include "common/count_of.h"

enum { RD_DIS = 32, PURPOSE_GUARD = 8, KEY_SIZE = 32, NO_PURPOSE = 32 };

static esp_loader_error_t refuse_slot(esp_loader_efuse_refusal_t *out_refusal)
{
    if (out_refusal != NULL) {
        *out_refusal = ESP_LOADER_EFUSE_KEY_SLOT_IN_USE;
    }
    return ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE;
}

/* ---- with a purpose ---- */

/* The code that is burnt. */
static unsigned purpose_code(esp_loader_key_purpose_t purpose)
{
    static const uint8_t later[] = {15, 16, 17, 18, 13, 14, 19}; /* from number 13 on */
    const unsigned number = (unsigned)purpose;
    return number < 13 ? number : number - 13 < sizeof(later) ? later[number - 13] : NO_PURPOSE;
}

unsigned eli_purpose_of(const eli_burn_chip_t *chip, const uint32_t *block0, unsigned key)
{
    unsigned code = 0;
    for (unsigned i = 0; i < chip->purpose_bits; i++) {
        code |= (unsigned)eli_bit(block0, chip->purpose_first[key] + i) << i;
    }
    return chip->purpose_high[key] == 0
               ? code
               : code | (unsigned)eli_bit(block0, chip->purpose_high[key]) << chip->purpose_bits;
}

static void stage_purpose(const eli_burn_chip_t *chip, uint32_t *block0, unsigned key, unsigned code)
{
    for (unsigned i = 0; i < chip->purpose_bits; i++) {
        if ((code >> i & 1u) != 0) {
            eli_set_bit(block0, chip->purpose_first[key] + i);
        }
    }
    if (chip->purpose_high[key] != 0 && (code >> chip->purpose_bits & 1u) != 0) {
        eli_set_bit(block0, chip->purpose_high[key]);
    }
}

static bool is_among(uint32_t codes, unsigned code)
{
    return (codes >> code & 1u) != 0;
}

/* Codes whose keys are stored with the last byte first, and that have secret keys. */
#define ECDSA    (1u << 1 | 7u << 16)
#define REVERSED (ECDSA | 7u << 2 | 7u << 13)
#define SECRET   (0x1FEu | 0x7Fu << 12 | 1u << 19)

static bool is_held_data(const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (words[i] != 0) {
            return true;
        }
    }
    return false;
}

/* Of two keys for one slot, neither would be burnt: bits can only be added. */
static bool is_staged_for(const esp_loader_efuse_ctx_t *ctx, const eli_burn_chip_t *chip, unsigned key,
                          unsigned code)
{
    const unsigned purpose = eli_purpose_of(chip, eli_staged_words(ctx, 0), key);
    return is_held_data(eli_staged_words(ctx, chip->key_block + key), KEY_SIZE / 4) ||
           (purpose != 0 && purpose != code);
}

/* A slot that an interrupted burn has begun may hold a part of what it was to hold; the plan compares the data. */
static bool is_free(const esp_loader_efuse_state_t *state, const esp_loader_efuse_ctx_t *ctx,
                    const eli_burn_chip_t *chip, unsigned key, unsigned code)
{
    const uint32_t *block0 = eli_held(state, 0);
    const unsigned block = chip->key_block + key;
    if (is_staged_for(ctx, chip, key, code)) {
        return false;
    }
    const unsigned held = eli_purpose_of(chip, block0, key);
    if (((state->begun_blocks | state->done_blocks) >> block & 1u) != 0) {
        return (held & ~code) == 0;
    }
    return !eli_bit(block0, chip->block_guard[block]) && !eli_bit(block0, RD_DIS + key) && held == 0 &&
           !eli_bit(block0, PURPOSE_GUARD + key) && !is_held_data(eli_held(state, block), KEY_SIZE / 4);
}

static void stage_bytes(uint32_t *words, const uint8_t *bytes, size_t size, size_t at, bool is_reversed,
                        size_t whole)
{
    for (size_t i = 0; i < size; i++) {
        const size_t place = is_reversed ? whole - 1 - (at + i) : at + i;
        words[place / 4] |= (uint32_t)bytes[i] << 8 * (place % 4);
    }
}

esp_loader_error_t esp_loader_efuse_stage_key(const esp_loader_efuse_state_t *state,
                                              esp_loader_efuse_ctx_t *ctx, esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config,
                                              esp_loader_efuse_refusal_t *out_refusal)
{
    static const esp_loader_efuse_write_key_config_t all = {false, false};
    if (state == NULL || ctx == NULL || key == NULL || key_size == 0 || key_size > KEY_SIZE) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const eli_burn_chip_t *chip = eli_burn_chip_of(state->chip, state->revision);
    if (chip == NULL || chip->key_count == 0) {
        return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
    }
    const unsigned number = (unsigned)block;
    const unsigned code = purpose_code(purpose);
    if (number >= chip->key_count || code == NO_PURPOSE) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (!is_among(chip->purposes, code)) {
        return is_among(chip->later_purposes, code) ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC
                                                    : ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const bool is_reversed = is_among(REVERSED, code);
    if ((chip->flags & ELI_BURN_LAST_KEY_IS_LIMITED) != 0 && number + 1 == chip->key_count && is_reversed) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (!is_free(state, ctx, chip, number, code)) {
        return refuse_slot(out_refusal);
    }
    config = config != NULL ? config : &all;
    uint32_t *block0 = eli_staged(ctx, 0);
    stage_bytes(eli_staged(ctx, chip->key_block + number), key, key_size,
                is_among(ECDSA, code) ? KEY_SIZE - key_size : 0, is_reversed, KEY_SIZE);
    stage_purpose(chip, block0, number, code);
    eli_set_bit(block0, PURPOSE_GUARD + number);
    if (is_among(ECDSA, code) && chip->ecdsa_bit != 0) {
        eli_set_bit(block0, chip->ecdsa_bit);
    }
    if (!config->no_write_protect) {
        eli_set_bit(block0, chip->block_guard[chip->key_block + number]);
    }
    if (is_among(SECRET, code) && !config->no_read_protect) {
        eli_set_bit(block0, RD_DIS + number);
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- without ---- */

typedef struct {
    uint8_t chip; /**< target_chip_t */
    uint8_t block;
    uint8_t word, words; /**< of the block */
    bool is_reversed, is_secret;
    uint8_t read_guard, read_guards; /**< bits of BLOCK0 */
} place_t;

static const place_t places[] = {
    [ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION] = {ESP32_CHIP, 1, 0, 8, true, true, 16, 1},
    [ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1] = {ESP32_CHIP, 2, 0, 8, true, true, 17, 1},
    [ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2] = {ESP32_CHIP, 2, 0, 8, false, false, 0, 0},
    [ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128] = {ESP32C2_CHIP, 3, 0, 8, true, true, 32, 2},
    [ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED] = {ESP32C2_CHIP, 3, 0, 4, true, true, 32, 1},
    [ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST] = {ESP32C2_CHIP, 3, 4, 4, false, false, 0, 0},
};

static bool is_place_free(const esp_loader_efuse_state_t *state, const esp_loader_efuse_ctx_t *ctx,
                          const eli_burn_chip_t *chip, const place_t *place, unsigned words)
{
    if (is_held_data(&eli_staged_words(ctx, place->block)[place->word], words)) {
        return false;
    }
    if (((state->begun_blocks | state->done_blocks) >> place->block & 1u) != 0) {
        return true;
    }
    return !eli_bit(eli_held(state, 0), chip->block_guard[place->block]) &&
           !eli_is_hidden(state, place->block) &&
           !is_held_data(&eli_held(state, place->block)[place->word], words);
}

esp_loader_error_t esp_loader_efuse_stage_key_legacy(const esp_loader_efuse_state_t *state,
                                                     esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config,
                                                     esp_loader_efuse_refusal_t *out_refusal)
{
    static const esp_loader_efuse_write_key_config_t all = {false, false};
    enum { V3_0 = 300 };
    if (state == NULL || ctx == NULL || key == NULL || (unsigned)target >= ELI_COUNT_OF(places)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const eli_burn_chip_t *chip = eli_burn_chip_of(state->chip, state->revision);
    if (chip == NULL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
    }
    const place_t *place = &places[target];
    const unsigned scheme = eli_coding_scheme(chip, eli_held(state, 0));
    const unsigned words = place->words == 8 && scheme == ELI_CODING_34 ? 6 : place->words;
    if (place->chip != state->chip || key_size != 4 * words) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (target == ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2 &&
        (state->revision < V3_0 || scheme == ELI_CODING_34 || scheme == ELI_CODING_REPEAT)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (!is_place_free(state, ctx, chip, place, words)) {
        return refuse_slot(out_refusal);
    }
    config = config != NULL ? config : &all;
    uint32_t *block0 = eli_staged(ctx, 0);
    stage_bytes(eli_staged(ctx, place->block) + place->word, key, key_size, 0, place->is_reversed, key_size);
    if (target == ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128) {
        eli_set_bit(block0, chip->key_length);
    }
    if (!config->no_write_protect) {
        eli_set_bit(block0, chip->block_guard[place->block]);
    }
    for (unsigned i = 0; place->is_secret && !config->no_read_protect && i < place->read_guards; i++) {
        eli_set_bit(block0, place->read_guard + i);
    }
    return ESP_LOADER_SUCCESS;
}

#endif
