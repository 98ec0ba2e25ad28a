/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a burn would change: codes, keys, order, refusals; without any target.
 */
#include "esp_loader_efuse_plan.h"

#include <stdio.h>
#include "burn/codes.h"
#include "burn/stage.h"
#include "efuse/esp32c6/esp_loader_efuse_table.h"
#include "efuse_part.h"

enum { RUNS = 20 };

/* ---- as espefuse burns ---- */

typedef struct {
    unsigned count;
    esp_loader_efuse_step_t steps[RUNS];
} burnt_t;

static void plan_and_burn(esp_loader_efuse_state_t *part, esp_loader_efuse_ctx_t *ctx, burnt_t *burnt)
{
    esp_loader_efuse_plan_t plan;
    assert_int_equal(esp_loader_efuse_make_plan(part, ctx, &plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.refusal, ESP_LOADER_EFUSE_ALLOWED);
    for (unsigned i = 0; i < plan.step_count; i++) {
        burn_step(part, &plan.steps[i]);
        burnt->steps[burnt->count++] = plan.steps[i];
    }
    memset(ctx, 0, sizeof(*ctx));
}

static eli_code_t code_of(const esp_loader_efuse_state_t *part, unsigned block)
{
    const bool is_34 = part->chip == ESP32_CHIP && (part->image.blocks[0].words[6] & 3) == 1;
    return block == 0                 ? ELI_CODE_NONE
           : is_34                    ? ELI_CODE_34
           : part->chip == ESP32_CHIP ? ELI_CODE_NONE
                                      : ELI_CODE_RS;
}

/* espefuse burns BLOCK0 in two parts, of which ours may divide the second one further. */
static unsigned join_passes(burnt_t *burnt, unsigned at, unsigned wanted)
{
    unsigned blocks0 = 0;
    for (unsigned i = 0; i < burnt->count; i++) {
        blocks0 += burnt->steps[i].block == 0;
    }
    while (blocks0 > wanted && at + 1 < burnt->count) {
        for (unsigned i = 0; i < ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK; i++) {
            burnt->steps[burnt->count - 2].words[i] |= burnt->steps[burnt->count - 1].words[i];
        }
        burnt->count--;
        blocks0--;
    }
    return burnt->count;
}

TEST_ROWS(burns_what_espefuse_burns, vectors)
{
    esp_loader_efuse_state_t part = new_part(row->chip, row->revision);
    esp_loader_efuse_ctx_t ctx = {{0}};
    burnt_t burnt = {0};
    unsigned wanted = 0;
    print_message("%s\n", row->name);
    for (unsigned i = 0; i < 4 && row->stages[i].kind != NOTHING; i++) {
        assert_int_equal(stage(&part, &ctx, &row->stages[i]), ESP_LOADER_SUCCESS);
        if (row->stages[i].kind == PLAN_AND_BURN) {
            plan_and_burn(&part, &ctx, &burnt);
        }
    }
    plan_and_burn(&part, &ctx, &burnt);
    for (unsigned i = 0; i < row->count; i++) {
        wanted += row->programs[i].block == 0;
    }
    assert_int_equal(join_passes(&burnt, 0, wanted), row->count);
    for (unsigned i = 0; i < row->count; i++) {
        uint32_t buffer[ELI_BUFFER_WORDS];
        assert_int_equal(burnt.steps[i].block, row->programs[i].block);
        eli_burn_encode(burnt.steps[i].words, code_of(&part, burnt.steps[i].block), buffer);
        assert_memory_equal(buffer, row->programs[i].words, sizeof(buffer));
    }
}

/* ---- codes ---- */

typedef struct {
    uint8_t first, step;
    const char *check; /**< of 32 bytes */
} code_t;

static const code_t codes[] = {
    {0x00, 0, "000000000000000000000000"},    {0x00, 1, "a04c470d3ffcb203dae9f413"},
    {0x1F, 0xFF, "067c7cae6d1cd6797510e1f2"}, {0xA0, 1, "0404992ae0b12cb0ef0d4fd3"},
    {0xFF, 0, "13a36292597404257375e0aa"},
};

TEST_ROWS(reed_solomon_codes, codes)
{
    uint32_t data[ELI_CODED_WORDS] = {0};
    uint32_t check[ELI_CHECK_WORDS];
    char text[25];
    for (unsigned i = 0; i < 32; i++) {
        data[i / 4] |= (uint32_t)(uint8_t)(row->first + row->step * i) << 8 * (i % 4);
    }
    eli_burn_code_rs(data, check);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(text + 2 * i, 3, "%02x", (unsigned)(check[i / 4] >> 8 * (i % 4) & 0xFF));
    }
    assert_string_equal(text, row->check);
}

TEST(crc_of_mac_addresses)
{
    assert_int_equal(eli_burn_code_mac((const uint8_t[]){0xAA, 0xCD, 0xEF, 1, 2, 3}), 0x56);
    assert_int_equal(eli_burn_code_mac((const uint8_t[]){0x24, 0x0A, 0xC4, 0, 0, 1}), 0xBE);
    assert_int_equal(eli_burn_code_mac((const uint8_t[]){255, 255, 255, 255, 255, 255}), 0x12);
}

/* ---- what is refused ---- */

static void refuses(const esp_loader_efuse_state_t *part, const esp_loader_efuse_ctx_t *ctx,
                    esp_loader_error_t error, esp_loader_efuse_refusal_t refusal, unsigned block,
                    unsigned bit)
{
    esp_loader_efuse_plan_t plan;
    assert_int_equal(esp_loader_efuse_make_plan(part, ctx, &plan), error);
    assert_int_equal(plan.refusal, refusal);
    assert_int_equal(plan.refused_block, block);
    assert_int_equal(plan.refused_bit, bit);
    assert_int_equal(plan.step_count, 0);
    for (unsigned i = 0; i < ESP_LOADER_EFUSE_MAX_STEPS; i++) {
        for (unsigned word = 0; word < ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK; word++) {
            assert_int_equal(plan.steps[i].words[word], 0);
        }
    }
}

static unsigned steps_of(const esp_loader_efuse_state_t *part, const esp_loader_efuse_ctx_t *ctx)
{
    esp_loader_efuse_plan_t plan;
    assert_int_equal(esp_loader_efuse_make_plan(part, ctx, &plan), ESP_LOADER_SUCCESS);
    return plan.step_count;
}

TEST(a_bit_does_not_go_back)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    burn_bit(&part, 0, 83);
    assert_int_equal(stage_run(&part, &ctx, 0, 82, 3, (const uint8_t[]){1}, &refusal),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(refusal, ESP_LOADER_EFUSE_WOULD_CLEAR);
    assert_int_equal(stage_run(&part, &ctx, 0, 82, 3, (const uint8_t[]){1}, NULL),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(steps_of(&part, &ctx), 0); /* nothing was staged */
    assert_int_equal(stage_run(&part, &ctx, 0, 82, 3, (const uint8_t[]){3}, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(steps_of(&part, &ctx), 1);
}

TEST(write_protected_bits_and_blocks_are_refused)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    burn_bit(&part, 0, 4); /* WR_DIS of SPI_BOOT_CRYPT_CNT */
    burn_bit(&part, 0, 82);
    assert_int_equal(stage_bits(&part, &ctx, 0, 82, 1), ESP_LOADER_SUCCESS);
    assert_int_equal(steps_of(&part, &ctx), 0); /* it is burnt */
    assert_int_equal(stage_bits(&part, &ctx, 0, 82, 2), ESP_LOADER_SUCCESS);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_WRITE_PROTECTED, 0, 83);
    memset(&ctx, 0, sizeof(ctx));
    burn_bit(&part, 0, 22); /* of BLOCK3 */
    assert_int_equal(stage_bits(&part, &ctx, 3, 7, 1), ESP_LOADER_SUCCESS);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_WRITE_PROTECTED, 3, 7);
    burn_bit(&part, 3, 7);
    assert_int_equal(steps_of(&part, &ctx), 0);
}

TEST(a_coded_block_is_written_once)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_plan_t plan;
    assert_int_equal(stage_bits(&part, &ctx, 3, 0, 4), ESP_LOADER_SUCCESS);
    burn_bit(&part, 3, 0);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_BLOCK_HAS_DATA, 3, 1);
    part.begun_blocks = 1u << 3; /* by a burn of the same data */
    assert_int_equal(esp_loader_efuse_make_plan(&part, &ctx, &plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.step_count, 1);
    assert_int_equal(plan.steps[0].words[0], 0xF);
    part.image.blocks[3].words[0] = 0xF; /* nobody sees whether the code is complete */
    assert_int_equal(steps_of(&part, &ctx), 1);
    part.done_blocks = 1u << 3;
    assert_int_equal(steps_of(&part, &ctx), 0);
    ctx._buf[3 * ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK + ELI_BEGUN_WORD] = 1; /* is no data of the block */
    assert_int_equal(steps_of(&part, &ctx), 0);
    part.done_blocks = 0;
    burn_bit(&part, 3, 20);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_BLOCK_HAS_DATA, 3, 20);
}

TEST(a_block_that_cannot_be_read_is_not_written)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    part.image.blocks[4].read_protected_word_mask = 0xFF;
    assert_int_equal(stage_bits(&part, &ctx, 4, 0, 4), ESP_LOADER_SUCCESS);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_BLOCK_UNREADABLE, 4, 0);
    part.done_blocks = 1u << 4;
    assert_int_equal(steps_of(&part, &ctx), 0);
    part = new_part(ESP32_CHIP, 300);
    part.image.blocks[1].read_protected_word_mask = 0xFF;
    memset(&ctx, 0, sizeof(ctx));
    assert_int_equal(stage_bits(&part, &ctx, 1, 5, 4), ESP_LOADER_SUCCESS);
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_BLOCK_UNREADABLE, 1, 5);
    part.done_blocks = 1u << 1;
    assert_int_equal(steps_of(&part, &ctx), 0);
}

/* ---- what would harm the target ---- */

typedef struct {
    target_chip_t chip;
    uint16_t revision;
    unsigned held[3], staged[2]; /**< bits of BLOCK0; 0 = none */
    esp_loader_efuse_refusal_t refusal;
    unsigned bit;
} harm_t;

static const harm_t harms[] = {
    {ESP32C6_CHIP, 0, {91, 88}, {32}, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 32},     /* purpose 9 of key 0 */
    {ESP32C6_CHIP, 0, {91, 89}, {33, 32}, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 32}, /* purpose 10 */
    {ESP32C6_CHIP, 0, {90}, {32}, ESP_LOADER_EFUSE_ALLOWED, 0},                    /* purpose 4 */
    {ESP32S3_CHIP, 0, {0}, {118, 119}, ESP_LOADER_EFUSE_USB_LOST, 119},
    {ESP32S3_CHIP, 0, {118}, {119}, ESP_LOADER_EFUSE_USB_LOST, 119},
    {ESP32S3_CHIP, 0, {0}, {118}, ESP_LOADER_EFUSE_ALLOWED, 0},
    {ESP32S3_CHIP, 0, {118, 119}, {40}, ESP_LOADER_EFUSE_ALLOWED, 0}, /* it is done */
    {ESP32C2_CHIP, 0, {0}, {33}, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 33},
    {ESP32C2_CHIP, 0, {42}, {33}, ESP_LOADER_EFUSE_ALLOWED, 0},
    {ESP32C2_CHIP, 0, {42, 53}, {33}, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 33},
    {ESP32C2_CHIP, 0, {0}, {32}, ESP_LOADER_EFUSE_ALLOWED, 0},
    {ESP32_CHIP, 300, {197}, {17}, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 17},
    {ESP32_CHIP, 100, {197}, {17}, ESP_LOADER_EFUSE_ALLOWED, 0},
    {ESP32_CHIP, 300, {0}, {17}, ESP_LOADER_EFUSE_ALLOWED, 0},
};

TEST_ROWS(what_would_end_booting_is_refused, harms)
{
    esp_loader_efuse_state_t part = new_part(row->chip, row->revision);
    esp_loader_efuse_ctx_t ctx = {{0}};
    for (unsigned i = 0; i < 3 && row->held[i] != 0; i++) {
        burn_bit(&part, 0, row->held[i]);
    }
    for (unsigned i = 0; i < 2 && row->staged[i] != 0; i++) {
        assert_int_equal(stage_bits(&part, &ctx, 0, row->staged[i], 1), ESP_LOADER_SUCCESS);
    }
    if (row->refusal == ESP_LOADER_EFUSE_ALLOWED) {
        assert_int_equal(steps_of(&part, &ctx), 1);
    } else {
        refuses(&part, &ctx, ESP_LOADER_ERROR_INVALID_PARAM, row->refusal, 0, row->bit);
    }
}

TEST(data_of_the_esp32_depend_on_its_coding_scheme)
{
    esp_loader_efuse_state_t part = new_part(ESP32_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_int_equal(stage_bits(&part, &ctx, 3, 200, 1), ESP_LOADER_SUCCESS);
    burn_bit(&part, 3, 0); /* without a code bits are added */
    assert_int_equal(steps_of(&part, &ctx), 1);
    burn_bit(&part, 0, 9); /* WR_DIS of it */
    refuses(&part, &ctx, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_EFUSE_WRITE_PROTECTED, 3, 200);
    part = new_part(ESP32_CHIP, 0);
    assert_int_equal(stage_bits(&part, &ctx, 0, 192, 1), ESP_LOADER_SUCCESS);
    refuses(&part, &ctx, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_EFUSE_CODING_WITH_DATA, 3, 0);
    burn_bit(&part, 0, 192);
    refuses(&part, &ctx, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_EFUSE_BEYOND_CODING, 3, 192);
    memset(&ctx, 0, sizeof(ctx));
    assert_int_equal(stage_bits(&part, &ctx, 3, 191, 1), ESP_LOADER_SUCCESS);
    assert_int_equal(steps_of(&part, &ctx), 1);
    part.image.blocks[0].words[6] = 2;
    refuses(&part, &ctx, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_EFUSE_CODING_UNSUPPORTED, 3, 0);
}

/* ---- order ---- */

TEST(what_ends_contact_comes_last_and_protections_after_what_they_protect)
{
    static const unsigned bits[] = {128 /* DIS_DOWNLOAD_MODE */,
                                    18 /* WR_DIS of it */,
                                    0 /* WR_DIS of RD_DIS */,
                                    32 /* RD_DIS */,
                                    4 /* WR_DIS of */,
                                    82 /* SPI_BOOT_CRYPT_CNT */,
                                    52};
    static const struct {
        unsigned word;
        uint32_t value;
    } passes[] = {{1, 1u << 20}, {2, 1u << 18}, {0, 1u << 4}, {0, 1}, {4, 1}};
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_plan_t plan;
    for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        assert_int_equal(stage_bits(&part, &ctx, 0, bits[i], 1), ESP_LOADER_SUCCESS);
    }
    assert_int_equal(esp_loader_efuse_make_plan(&part, &ctx, &plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.step_count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(plan.steps[i].words[passes[i].word], passes[i].value);
        assert_int_equal(plan.steps[i].is_unverified, i == 4);
    }
    assert_int_equal(plan.steps[2].words[1], 1);        /* RD_DIS, before it is protected */
    assert_int_equal(plan.steps[4].words[0], 1u << 18); /* not in force before DIS_DOWNLOAD_MODE is burnt */
}

TEST(what_protects_protections_of_the_esp32_waits_for_them)
{
    esp_loader_efuse_state_t part = new_part(ESP32_CHIP, 300);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_plan_t plan;
    assert_int_equal(stage_bits(&part, &ctx, 0, 1, 2),
                     ESP_LOADER_SUCCESS); /* WR_DIS of WR_DIS, of UART_DOWNLOAD_DIS */
    assert_int_equal(stage_bits(&part, &ctx, 0, 27, 1), ESP_LOADER_SUCCESS); /* UART_DOWNLOAD_DIS */
    assert_int_equal(esp_loader_efuse_make_plan(&part, &ctx, &plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.step_count, 1);
    assert_int_equal(plan.steps[0].words[0], 6u | 1u << 27);
    assert_true(plan.steps[0].is_unverified);
}

TEST(bits_without_a_field_are_burnt_first)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    for (unsigned bit = 0; bit < 192; bit++) {
        if (bit % 32 != 0) {
            assert_int_equal(stage_bits(&part, &ctx, 0, bit, 1), ESP_LOADER_SUCCESS);
        }
    }
    esp_loader_efuse_plan_t plan;
    uint32_t all[6] = {0};
    assert_int_equal(esp_loader_efuse_make_plan(&part, &ctx, &plan), ESP_LOADER_SUCCESS);
    for (unsigned i = 0; i < plan.step_count; i++) {
        for (unsigned word = 0; word < 6; word++) {
            assert_int_equal(all[word] & plan.steps[i].words[word], 0); /* each bit once */
            all[word] |= plan.steps[i].words[word];
        }
    }
    assert_memory_equal(all, ctx._buf, sizeof(all));
}

/* ---- arguments ---- */

TEST(arguments_that_are_missing_or_of_no_chip)
{
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    const esp_loader_efuse_state_t other = {.chip = ESP8266_CHIP};
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_plan_t plan;
    const uint8_t mac[] = {2, 0, 0, 0, 0, 1};
    const uint8_t multicast[] = {1, 0, 0, 0, 0, 1};
    const esp_loader_efuse_desc_t *const *field = ESP32C6_EFUSE_DIS_PAD_JTAG;
    assert_int_equal(esp_loader_efuse_stage_field(NULL, &ctx, field, mac, 1, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_field(&part, NULL, field, mac, 1, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_field(&part, &ctx, NULL, mac, 1, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_field(&part, &ctx, field, NULL, 1, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_field(&other, &ctx, field, mac, 1, NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(stage_bits(&part, &ctx, 11, 0, 1), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(stage_bits(&part, &ctx, 0, 191, 2), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_mac(&part, &ctx, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_mac(&part, &ctx, multicast), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_stage_mac(&other, &ctx, mac), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(esp_loader_efuse_make_plan(NULL, &ctx, &plan), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_make_plan(&part, NULL, &plan), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_make_plan(&part, &ctx, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_make_plan(&other, &ctx, &plan), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_memory_equal(&ctx, &(esp_loader_efuse_ctx_t){{0}}, sizeof(ctx));
    assert_int_equal(steps_of(&part, &ctx), 0);
}
