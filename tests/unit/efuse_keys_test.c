/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys: which ones a chip can have, which places are free, what protects them.
 */
#include "efuse_part.h"

typedef struct {
    target_chip_t chip;
    uint16_t revision;
    unsigned key, purpose;
    size_t size;
    esp_loader_error_t error;
} key_case_t;

static const key_case_t keys[] = {
    {ESP32C6_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 0, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C6_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 1, ESP_LOADER_SUCCESS},
    {ESP32C6_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 33, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C6_CHIP, 0, 6, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32S31_CHIP, 0, 5, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32S31_CHIP, 0, 4, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_SUCCESS},
    {ESP32C6_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C6_CHIP, 0, 0, 20, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C6_CHIP, 0, 5, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C6_CHIP, 0, 5, ESP_LOADER_KEY_PURPOSE_HMAC_UP, 32, ESP_LOADER_SUCCESS},
    {ESP32C5_CHIP, 0, 5, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, 32, ESP_LOADER_SUCCESS},
    {ESP32P4_CHIP, 103, 0, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192, 24, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {ESP32P4_CHIP, 300, 0, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192, 24, ESP_LOADER_SUCCESS},
    {ESP32P4_CHIP, 300, 0, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_PSRAM_KEY, 32, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C2_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_ERROR_UNSUPPORTED_CHIP},
    {ESP32_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_ERROR_UNSUPPORTED_CHIP},
    {ESP8266_CHIP, 0, 0, ESP_LOADER_KEY_PURPOSE_USER, 32, ESP_LOADER_ERROR_UNSUPPORTED_CHIP},
};

TEST_ROWS(keys_that_a_chip_can_have, keys)
{
    static const uint8_t key[64] = {1};
    esp_loader_efuse_state_t part = new_part(row->chip, row->revision);
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, (esp_loader_efuse_key_block_t)row->key,
                                                (esp_loader_key_purpose_t)row->purpose, key, row->size, NULL,
                                                NULL),
                     row->error);
    assert_int_equal(memcmp(&ctx, &(esp_loader_efuse_ctx_t){{0}}, sizeof(ctx)) != 0,
                     row->error == ESP_LOADER_SUCCESS);
}

/* What makes key 1 of an ESP32-C6 not free: its data, its purpose, and what protects them. */
static const struct {
    unsigned block, bit;
} uses[] = {{5, 200}, {0, 92}, {0, 9}, {0, 24}, {0, 33}};

TEST_ROWS(a_key_block_in_use_is_refused, uses)
{
    static const stage_t key = KEY(1, ESP_LOADER_KEY_PURPOSE_HMAC_UP, COUNTING, 0, 32, 0);
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    assert_int_equal(stage(&part, &ctx, &key), ESP_LOADER_SUCCESS);
    memset(&ctx, 0, sizeof(ctx));
    burn_bit(&part, row->block, row->bit);
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, ESP_LOADER_EFUSE_KEY1,
                                                ESP_LOADER_KEY_PURPOSE_HMAC_UP, (const uint8_t *)"x", 1, NULL,
                                                &refusal),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(refusal, ESP_LOADER_EFUSE_KEY_SLOT_IN_USE);
    assert_memory_equal(&ctx, &(esp_loader_efuse_ctx_t){{0}}, sizeof(ctx));
}

/* Bits can only be added: of two keys in one block the sum would be burnt, which is neither. */
TEST(one_block_takes_one_key)
{
    static const uint8_t key[32] = {1};
    const esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, ESP_LOADER_EFUSE_KEY1,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL, NULL),
                     ESP_LOADER_SUCCESS);
    const esp_loader_efuse_ctx_t staged = ctx;
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, ESP_LOADER_EFUSE_KEY1,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL,
                                                &refusal),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(refusal, ESP_LOADER_EFUSE_KEY_SLOT_IN_USE);
    assert_memory_equal(&ctx, &staged, sizeof(ctx));
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, ESP_LOADER_EFUSE_KEY2,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL, NULL),
                     ESP_LOADER_SUCCESS);
}

static const struct {
    unsigned bit;
    esp_loader_error_t error;
} staged_purposes[] = {{95, ESP_LOADER_SUCCESS}, {93, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE}};

TEST_ROWS(a_purpose_that_is_staged_is_of_this_key, staged_purposes)
{
    static const stage_t key = KEY(1, ESP_LOADER_KEY_PURPOSE_HMAC_UP, COUNTING, 0, 32, 0); /* purpose 8 */
    const esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    ctx._buf[row->bit / 32] |= 1u << row->bit % 32;
    assert_int_equal(stage(&part, &ctx, &key), row->error);
}

TEST(places_of_keys_take_one_key_each)
{
    static const uint8_t key[32] = {1};
    const esp_loader_efuse_state_t part = new_part(ESP32C2_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    assert_int_equal(esp_loader_efuse_stage_key_legacy(
                         &part, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED, key, 16, NULL, NULL),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_efuse_stage_key_legacy(&part, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, key,
                                                       32, NULL, &refusal),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(refusal, ESP_LOADER_EFUSE_KEY_SLOT_IN_USE);
    assert_int_equal(esp_loader_efuse_stage_key_legacy(
                         &part, &ctx, ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST, key, 16, NULL, NULL),
                     ESP_LOADER_SUCCESS); /* the other half */
}

TEST(an_interrupted_key_is_finished_as_far_as_it_is_the_same)
{
    static const stage_t key = KEY(1, ESP_LOADER_KEY_PURPOSE_HMAC_UP, COUNTING, 0, 32, 0); /* purpose 8 */
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    burn_bit(&part, 0, 95);
    part.done_blocks = 1u << 5;
    assert_int_equal(stage(&part, &ctx, &key), ESP_LOADER_SUCCESS);
    memset(&ctx, 0, sizeof(ctx));
    burn_bit(&part, 0, 92); /* of another purpose */
    assert_int_equal(stage(&part, &ctx, &key), ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
}

typedef struct {
    target_chip_t chip;
    uint16_t revision;
    unsigned target;
    size_t size;
    unsigned scheme, held_block, held_bit; /**< of the ESP32; what is burnt, bit 0 = none */
    esp_loader_error_t error;
} legacy_case_t;

static const legacy_case_t legacy_keys[] = {
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 24, 0, 0, 0,
     ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 32, 1, 0, 0,
     ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 24, 1, 0, 0, ESP_LOADER_SUCCESS},
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 32, 0, 1, 255,
     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE},
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 32, 0, 0, 7,
     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE},
    {ESP32_CHIP, 0, ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1, 32, 0, 0, 0, ESP_LOADER_SUCCESS},
    {ESP32_CHIP, 299, ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, 32, 0, 0, 0,
     ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {ESP32_CHIP, 300, ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, 24, 1, 0, 0,
     ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {ESP32_CHIP, 300, ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, 32, 3, 0, 0, ESP_LOADER_SUCCESS},
    {ESP32_CHIP, 300, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, 32, 0, 0, 0, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32_CHIP, 300, 6, 32, 0, 0, 0, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C2_CHIP, 0, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, 16, 0, 0, 0, ESP_LOADER_ERROR_INVALID_PARAM},
    {ESP32C2_CHIP, 0, ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST, 16, 0, 3, 100, ESP_LOADER_SUCCESS},
    {ESP32C2_CHIP, 0, ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST, 16, 0, 3, 130,
     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE},
    {ESP32C2_CHIP, 0, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED, 16, 0, 3, 130, ESP_LOADER_SUCCESS},
    {ESP8266_CHIP, 0, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, 32, 0, 0, 0, ESP_LOADER_ERROR_UNSUPPORTED_CHIP},
};

TEST_ROWS(keys_whose_place_says_what_they_are_for, legacy_keys)
{
    static const uint8_t key[32] = {1};
    esp_loader_efuse_state_t part = new_part(row->chip, row->revision);
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    part.image.blocks[0].words[6] |= row->scheme;
    if (row->held_bit != 0) {
        burn_bit(&part, row->held_block, row->held_bit);
    }
    assert_int_equal(esp_loader_efuse_stage_key_legacy(&part, &ctx,
                                                       (esp_loader_legacy_key_target_t)row->target, key,
                                                       row->size, NULL, &refusal),
                     row->error);
    assert_int_equal(refusal == ESP_LOADER_EFUSE_KEY_SLOT_IN_USE,
                     row->error == ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(memcmp(&ctx, &(esp_loader_efuse_ctx_t){{0}}, sizeof(ctx)) != 0,
                     row->error == ESP_LOADER_SUCCESS);
}

TEST(protections_of_a_key_can_be_left_out)
{
    static const uint8_t key[32] = {1};
    static const esp_loader_efuse_write_key_config_t open = {true, true};
    esp_loader_efuse_state_t part = new_part(ESP32C6_CHIP, 0);
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_int_equal(esp_loader_efuse_stage_key(&part, &ctx, ESP_LOADER_EFUSE_KEY0,
                                                ESP_LOADER_KEY_PURPOSE_HMAC_UP, key, 32, &open, NULL),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(ctx._buf[0], 1u << 8); /* that of the purpose stays */
    assert_int_equal(ctx._buf[1], 0);
    part = new_part(ESP32C2_CHIP, 0);
    memset(&ctx, 0, sizeof(ctx));
    assert_int_equal(esp_loader_efuse_stage_key_legacy(&part, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, key,
                                                       32, &open, NULL),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(ctx._buf[0], 0);
    assert_int_equal(ctx._buf[1], 1u << 10);
}
