/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Staging fields and custom MAC addresses.
 */
#include "burn/stage.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include "burn/codes.h"

void eli_wipe(void *bytes, size_t size)
{
    volatile uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        byte[i] = 0;
    }
}

static bool is_within(const eli_efuse_layout_t *layout, const esp_loader_efuse_desc_t *run)
{
    return run->efuse_block < layout->block_count &&
           (uint32_t)run->bit_start + run->bit_count <= 32u * layout->blocks[run->efuse_block].words;
}

bool eli_stage_runs(const eli_efuse_layout_t *layout, esp_loader_efuse_ctx_t *ctx,
                    const esp_loader_efuse_desc_t *const field[], const uint8_t *src, size_t src_size_bits)
{
    size_t at = 0;
    for (size_t i = 0; field[i] != NULL; i++) {
        if (!is_within(layout, field[i])) {
            return false;
        }
    }
    for (; *field != NULL; field++) {
        uint32_t *words = eli_staged(ctx, (*field)->efuse_block);
        for (unsigned i = 0; i < (*field)->bit_count && at < src_size_bits; i++, at++) {
            if ((src[at / 8] >> at % 8 & 1) != 0) {
                eli_set_bit(words, (*field)->bit_start + i);
            }
        }
    }
    return true;
}

/* Is a bit burnt that is 0 in the value? */
static bool would_clear(const esp_loader_efuse_state_t *state, const esp_loader_efuse_desc_t *const field[],
                        const uint8_t *src, size_t src_size_bits)
{
    size_t at = 0;
    for (; *field != NULL; field++) {
        for (unsigned i = 0; i < (*field)->bit_count && at < src_size_bits; i++, at++) {
            if ((src[at / 8] >> at % 8 & 1) == 0 &&
                eli_bit(eli_held(state, (*field)->efuse_block), (*field)->bit_start + i)) {
                return true;
            }
        }
    }
    return false;
}

esp_loader_error_t esp_loader_efuse_stage_field(const esp_loader_efuse_state_t *state,
                                                esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *const field[],
                                                const uint8_t *src, size_t src_size_bits,
                                                esp_loader_efuse_refusal_t *out_refusal)
{
    if (state == NULL || ctx == NULL || field == NULL || src == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const eli_efuse_layout_t *layout = eli_efuse_layout_of(state->chip);
    if (layout == NULL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
    }
    if (!eli_stage_runs(layout, ctx, field, src, 0)) { /* checks the runs only */
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (would_clear(state, field, src, src_size_bits)) {
        if (out_refusal != NULL) {
            *out_refusal = ESP_LOADER_EFUSE_WOULD_CLEAR;
        }
        return ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE;
    }
    (void)eli_stage_runs(layout, ctx, field, src, src_size_bits);
    return ESP_LOADER_SUCCESS;
}

static void stage_byte(uint32_t *words, unsigned at, uint8_t byte)
{
    words[at / 4] |= (uint32_t)byte << 8 * (at % 4);
}

esp_loader_error_t esp_loader_efuse_stage_mac(const esp_loader_efuse_state_t *state,
                                              esp_loader_efuse_ctx_t *ctx, const uint8_t *mac)
{
    enum { VERSION_BYTE = 23, VERSION = 1 }; /* of the ESP32's form; the CRC is before the address */
    if (state == NULL || ctx == NULL || mac == NULL || (mac[0] & 1) != 0) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const eli_burn_chip_t *chip = eli_burn_chip_of(state->chip, state->revision);
    if (chip == NULL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
    }
    uint32_t *words = eli_staged(ctx, chip->mac_block);
    for (unsigned i = 0; i < 6; i++) {
        stage_byte(words, chip->mac_byte + i, mac[i]);
    }
    if ((chip->flags & ELI_BURN_MAC_WITH_CRC) != 0) {
        stage_byte(words, chip->mac_byte - 1u, eli_burn_code_mac(mac));
        stage_byte(words, VERSION_BYTE, VERSION);
    }
    if (chip->mac_used != 0) {
        eli_set_bit(eli_staged(ctx, 0), chip->mac_used);
    }
    return ESP_LOADER_SUCCESS;
}

#endif
