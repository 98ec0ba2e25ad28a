/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading eFuses as blocks and fields. What is read are the registers into which the target has loaded them.
 */
#include "esp_loader_efuse.h"

#include <string.h>

#include "session/chip.h"
#include "target/efuse_layout.h"

static esp_loader_error_t enter(esp_loader_t *loader, const eli_efuse_layout_t **out)
{
    RETURN_ON_ERROR(eli_register_enter(loader, 0));
    *out = eli_efuse_layout_of(loader->_chip);
    return *out != NULL ? ESP_LOADER_SUCCESS : eli_fail_unsupported(loader, 0);
}

static uint32_t address_of(const esp_loader_t *loader, const eli_efuse_block_t *block, uint32_t word)
{
    return eli_target(loader)->efuse_base + block->offset + 4 * word;
}

/* Each of the bits is for as many words as the others. All of a block are in one word of BLOCK0. */
static esp_loader_error_t read_protection(esp_loader_t *loader, const eli_efuse_layout_t *layout,
                                          const eli_efuse_block_t *block, uint16_t *out_mask)
{
    uint32_t bits;
    *out_mask = 0;
    if (block->rd_dis_count == 0) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(
        eli_register_read(loader, address_of(loader, &layout->blocks[0], block->rd_dis / 32u), &bits));
    for (uint32_t word = 0; word < block->words; word++) {
        uint32_t bit = block->rd_dis % 32u + (block->rd_dis_count == 2 && 2 * word >= block->words ? 1 : 0);
        *out_mask |= (uint16_t)((bits >> bit & 1u) << word);
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_block(esp_loader_t *loader, const eli_efuse_layout_t *layout, uint8_t number,
                                     esp_loader_efuse_block_t *out)
{
    const eli_efuse_block_t *block = &layout->blocks[number];
    memset(out, 0, sizeof(*out));
    out->block = number;
    out->word_count = block->words;
    RETURN_ON_ERROR(read_protection(loader, layout, block, &out->read_protected_word_mask));
    return eli_registers_read(loader, address_of(loader, block, 0), out->words, block->words);
}

esp_loader_error_t esp_loader_efuse_read_block(esp_loader_t *loader, uint8_t block,
                                               esp_loader_efuse_block_t *out)
{
    const eli_efuse_layout_t *layout = NULL;
    RETURN_ON_ERROR(enter(loader, &layout));
    if (block >= layout->block_count || out == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, block);
    }
    return read_block(loader, layout, block, out);
}

esp_loader_error_t esp_loader_efuse_read_image(esp_loader_t *loader, esp_loader_efuse_image_t *out)
{
    const eli_efuse_layout_t *layout = NULL;
    RETURN_ON_ERROR(enter(loader, &layout));
    if (out == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    memset(out, 0, sizeof(*out));
    out->block_count = layout->block_count;
    for (uint8_t block = 0; block < layout->block_count; block++) {
        RETURN_ON_ERROR(read_block(loader, layout, block, &out->blocks[block]));
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- fields ---- */

static bool is_within(const eli_efuse_layout_t *layout, const esp_loader_efuse_desc_t *const *field)
{
    for (; *field != NULL; field++) {
        const esp_loader_efuse_desc_t *run = *field;
        if (run->efuse_block >= layout->block_count ||
            (uint32_t)run->bit_start + run->bit_count > 32u * layout->blocks[run->efuse_block].words) {
            return false;
        }
    }
    return true;
}

esp_loader_error_t esp_loader_efuse_read_field(esp_loader_t *loader, const esp_loader_efuse_desc_t *field[],
                                               uint8_t *dst, size_t dst_size_bits)
{
    const eli_efuse_layout_t *layout = NULL;
    uint32_t word = 0;
    uint32_t word_address = 0; /* of what is in word; 0 = nothing */
    size_t at = 0;
    RETURN_ON_ERROR(enter(loader, &layout));
    if (field == NULL || dst == NULL || !is_within(layout, field)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    memset(dst, 0, dst_size_bits / 8 + (dst_size_bits % 8 != 0 ? 1 : 0));
    for (; *field != NULL; field++) {
        const esp_loader_efuse_desc_t *run = *field;
        for (uint32_t bit = run->bit_start; bit < (uint32_t)run->bit_start + run->bit_count; bit++, at++) {
            if (at == dst_size_bits) {
                return ESP_LOADER_SUCCESS;
            }
            uint32_t address = address_of(loader, &layout->blocks[run->efuse_block], bit / 32);
            if (address != word_address) {
                RETURN_ON_ERROR(eli_register_read(loader, address, &word));
                word_address = address;
            }
            dst[at / 8] |= (uint8_t)((word >> bit % 32 & 1u) << at % 8);
        }
    }
    return ESP_LOADER_SUCCESS;
}
