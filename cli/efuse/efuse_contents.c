/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "efuse/efuse_contents.h"

#include <string.h>
#include <strings.h>

#include "esp_loader_efuse.h"

_Static_assert(EFUSE_BLOCKS == ESP_LOADER_EFUSE_MAX_BLOCKS &&
                   EFUSE_WORDS == ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK,
               "what the library reads fits");

/* ---- tables ---- */

const efuse_table_t *efuse_table_of(const char *chip, uint32_t revision)
{
    for (size_t i = 0; i < efuse_table_count; i++) {
        const efuse_table_t *table = &efuse_tables[i];
        if (strcmp(table->chip, chip) == 0 && revision >= table->revision_min &&
            revision <= table->revision_max) {
            return table;
        }
    }
    return NULL;
}

/** Is @p name one of those, which are separated by blanks? */
static bool is_among(const char *names, const char *name)
{
    const size_t size = strlen(name);

    while (*names != '\0') {
        const size_t length = strcspn(names, " ");
        if (length == size && strncasecmp(names, name, size) == 0) {
            return true;
        }
        names += length;
        names += strspn(names, " ");
    }
    return false;
}

const efuse_field_t *efuse_find(const efuse_table_t *table, const char *name)
{
    for (size_t i = 0; i < table->field_count; i++) {
        if (strcasecmp(table->fields[i].name, name) == 0) {
            return &table->fields[i];
        }
    }
    for (size_t i = 0; i < table->field_count; i++) {
        if (is_among(table->fields[i].others, name)) {
            return &table->fields[i];
        }
    }
    return NULL;
}

uint16_t efuse_all_blocks(const efuse_table_t *table, bool has_keys)
{
    uint16_t blocks = 0;

    for (uint8_t i = 0; i < table->controller->block_count; i++) {
        if (has_keys || !table->controller->blocks[i].is_key) {
            blocks |= EFUSE_BLOCK(i);
        }
    }
    return blocks;
}

uint16_t efuse_blocks_of(const efuse_field_t *field)
{
    uint16_t blocks = 0;

    for (size_t i = 0; i < field->run_count; i++) {
        blocks |= EFUSE_BLOCK(efuse_runs[field->run + i].block);
    }
    return blocks;
}

bool efuse_is_key(const efuse_table_t *table, const efuse_field_t *field)
{
    return (efuse_blocks_of(field) & ~efuse_all_blocks(table, false)) != 0;
}

/* ---- reading ---- */

esp_loader_error_t efuse_read(efuse_contents_t *contents, esp_loader_t *loader, uint16_t blocks)
{
    const efuse_controller_t *controller = contents->table->controller;

    blocks |= EFUSE_BLOCK(0); /* it says what can be read and written */
    for (uint8_t i = 0; i < controller->block_count; i++) {
        esp_loader_efuse_block_t block;
        if ((blocks & ~contents->blocks & EFUSE_BLOCK(i)) == 0) {
            continue;
        }
        RETURN_ON_ERROR(esp_loader_efuse_read_block(loader, i, &block));
        memcpy(contents->words[i], block.words, block.word_count * sizeof(block.words[0]));
        contents->blocks |= EFUSE_BLOCK(i);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t efuse_read_errors(efuse_contents_t *contents, esp_loader_t *loader)
{
    const efuse_controller_t *controller = contents->table->controller;
    const size_t count = (size_t)controller->block0_errors + controller->code_errors;

    for (size_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(
            esp_loader_read_register(loader, controller->base + controller->errors[i], &contents->errors[i]));
    }
    if (controller->decoding_off != 0) {
        RETURN_ON_ERROR(esp_loader_read_register(loader, controller->base + controller->decoding_off,
                                                 &contents->decoding));
    }
    contents->has_errors = true;
    return ESP_LOADER_SUCCESS;
}

/* ---- errors ---- */

static bool code_bit(const efuse_contents_t *contents, unsigned bit)
{
    const uint32_t *words = &contents->errors[contents->table->controller->block0_errors];

    return (words[bit / 32] >> bit % 32 & 1u) != 0;
}

bool efuse_has_error(const efuse_contents_t *contents, uint8_t block, bool *out_is_lost)
{
    const efuse_controller_t *controller = contents->table->controller;
    bool has_error = false;

    *out_is_lost = false;
    if (block == 0) {
        for (size_t i = 0; i < controller->block0_errors; i++) {
            has_error = has_error || contents->errors[i] != 0;
        }
        return has_error;
    }
    if (controller->decoding_count != 0) { /* it does not say in which block */
        return (contents->decoding & ((1u << controller->decoding_count) - 1)) != 0;
    }
    const unsigned count = controller->code_bits[block - 1].count;
    const unsigned fail = controller->code_bits[block - 1].fail;
    *out_is_lost = fail != EFUSE_NO_BIT && code_bit(contents, fail);
    return *out_is_lost || code_bit(contents, count) || code_bit(contents, count + 1) ||
           code_bit(contents, count + 2);
}

/* ---- fields ---- */

static bool bit_of(const efuse_contents_t *contents, uint8_t block, size_t bit)
{
    return (contents->words[block][bit / 32] >> bit % 32 & 1u) != 0;
}

bool efuse_is_read(const efuse_contents_t *contents, const efuse_field_t *field)
{
    return (efuse_blocks_of(field) & ~contents->blocks) == 0;
}

bool efuse_is_readable(const efuse_contents_t *contents, const efuse_field_t *field)
{
    for (size_t i = 0; i < field->rd_dis_count; i++) {
        if (bit_of(contents, 0, field->rd_dis + i)) {
            return false;
        }
    }
    return true;
}

bool efuse_is_writable(const efuse_contents_t *contents, const efuse_field_t *field)
{
    return field->wr_dis == EFUSE_NO_BIT || !bit_of(contents, 0, field->wr_dis);
}

/** Bits that a block has: with a code, blocks of the ESP32 hold three quarters or half of them. */
static size_t block_bits(const efuse_contents_t *contents, uint8_t block)
{
    const efuse_field_t *scheme = block != 0 ? efuse_find(contents->table, "CODING_SCHEME") : NULL;

    if (scheme == NULL) {
        return (size_t)32 * EFUSE_WORDS;
    }
    const uint16_t first = efuse_runs[scheme->run].first;
    const bool is_low = bit_of(contents, 0, first);
    const bool is_high = bit_of(contents, 0, first + 1u);
    return is_low == is_high ? (size_t)32 * EFUSE_WORDS : is_low ? 192 : 128;
}

static size_t bits_of(const efuse_contents_t *contents, const efuse_run_t *run)
{
    const size_t end = block_bits(contents, run->block);

    return run->first >= end ? 0 : run->first + run->count > end ? end - run->first : run->count;
}

size_t efuse_bit_count(const efuse_contents_t *contents, const efuse_field_t *field)
{
    size_t count = 0;

    for (size_t i = 0; i < field->run_count; i++) {
        count += bits_of(contents, &efuse_runs[field->run + i]);
    }
    return count;
}

void efuse_bytes(const efuse_contents_t *contents, const efuse_field_t *field, uint8_t *bytes)
{
    size_t at = 0;

    memset(bytes, 0, EFUSE_BYTES_MAX);
    for (size_t i = 0; i < field->run_count; i++) {
        const efuse_run_t *run = &efuse_runs[field->run + i];
        const size_t count = bits_of(contents, run);
        for (size_t bit = 0; bit < count; bit++, at++) {
            if (bit_of(contents, run->block, run->first + bit)) {
                bytes[at / 8] |= (uint8_t)(1u << at % 8);
            }
        }
    }
}

uint32_t efuse_number(const efuse_contents_t *contents, const efuse_field_t *field)
{
    uint8_t bytes[EFUSE_BYTES_MAX];

    efuse_bytes(contents, field, bytes);
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

unsigned efuse_burnt_bits(const efuse_contents_t *contents, const efuse_field_t *field)
{
    uint8_t bytes[EFUSE_BYTES_MAX];
    unsigned count = 0;

    efuse_bytes(contents, field, bytes);
    for (size_t i = 0; i < sizeof(bytes) * 8; i++) {
        count += (unsigned)bytes[i / 8] >> i % 8 & 1u;
    }
    return count;
}
