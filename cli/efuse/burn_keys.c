/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/burn_keys.h"
#include "efuse/burn_refusal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { KEY_HALF = 32, NO_PART = 0xFF };

/** A purpose; of one with two parts, the first half goes into the named block. */
typedef struct {
    const char *name;
    uint8_t part, other; /**< esp_loader_key_purpose_t; other NO_PART = one block only */
    uint8_t size;        /**< of its file */
} purpose_t;

static const purpose_t purposes[] = {
    {"USER", ESP_LOADER_KEY_PURPOSE_USER, NO_PART, 32},
    {"ECDSA_KEY", ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256, NO_PART, 32},
    {"ECDSA_KEY_P256", ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256, NO_PART, 32},
    {"ECDSA_KEY_P192", ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192, NO_PART, 24},
    {"ECDSA_KEY_P384", ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_H, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_L, 48},
    {"XTS_AES_256_KEY", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2,
     64},
    {"XTS_AES_256_KEY_1", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1, NO_PART, 32},
    {"XTS_AES_256_KEY_2", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2, NO_PART, 32},
    {"XTS_AES_128_KEY", ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, NO_PART, 32},
    {"XTS_AES_256_PSRAM_KEY", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_1,
     ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_2, 64},
    {"XTS_AES_256_PSRAM_KEY_1", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_1, NO_PART, 32},
    {"XTS_AES_256_PSRAM_KEY_2", ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_2, NO_PART, 32},
    {"XTS_AES_128_PSRAM_KEY", ESP_LOADER_KEY_PURPOSE_XTS_AES_128_PSRAM_KEY, NO_PART, 32},
    {"HMAC_DOWN_ALL", ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_ALL, NO_PART, 32},
    {"HMAC_DOWN_JTAG", ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_JTAG, NO_PART, 32},
    {"HMAC_DOWN_DIGITAL_SIGNATURE", ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_DIGITAL_SIGNATURE, NO_PART, 32},
    {"HMAC_UP", ESP_LOADER_KEY_PURPOSE_HMAC_UP, NO_PART, 32},
    {"SECURE_BOOT_DIGEST0", ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST0, NO_PART, 32},
    {"SECURE_BOOT_DIGEST1", ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST1, NO_PART, 32},
    {"SECURE_BOOT_DIGEST2", ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST2, NO_PART, 32},
    {"KM_INIT_KEY", ESP_LOADER_KEY_PURPOSE_KM_INIT_KEY, NO_PART, 32},
    {"SDC_KEY_DIGEST", ESP_LOADER_KEY_PURPOSE_SDC_KEY_DIGEST, NO_PART, 32},
};

/** Keys whose place says what they are for. */
typedef struct {
    const char *chip, *name; /**< the ESP32's block, the ESP32-C2's purpose */
    esp_loader_legacy_key_target_t target;
    uint8_t size, used; /**< of the file, and how much of it is burnt */
} place_t;

static const place_t places[] = {
    {"ESP32", "flash_encryption", ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, 32, 32},
    {"ESP32", "secure_boot_v1", ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1, 32, 32},
    {"ESP32", "secure_boot_v2", ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, 32, 32},
    {"ESP32-C2", "XTS_AES_128_KEY", ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, 32, 32},
    {"ESP32-C2", "XTS_AES_128_KEY_DERIVED_FROM_128_EFUSE_BITS", ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED,
     16, 16},
    {"ESP32-C2", "SECURE_BOOT_DIGEST", ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST, 32, 16},
};

enum { PURPOSES = sizeof(purposes) / sizeof(purposes[0]), PLACES = sizeof(places) / sizeof(places[0]) };

bool burn_key_has_no_purpose(const char *block)
{
    for (size_t i = 0; i < PLACES; i++) {
        if (strcmp(places[i].chip, "ESP32") == 0 && strcasecmp(places[i].name, block) == 0) {
            return true;
        }
    }
    return false;
}

static cli_exit_t fail(cli_exit_t code, char sentence[BURN_SENTENCE_SIZE], const char *text, const char *word)
{
    (void)snprintf(sentence, BURN_SENTENCE_SIZE, text, word);
    return code;
}

static cli_exit_t staged(esp_loader_error_t error, esp_loader_efuse_refusal_t refusal, const char *block,
                         char sentence[BURN_SENTENCE_SIZE])
{
    switch (error) {
    case ESP_LOADER_SUCCESS:
        return CLI_OK;
    case ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE:
        (void)snprintf(sentence, BURN_SENTENCE_SIZE, "%.32s: %s", block, burn_refusal_text(refusal));
        return CLI_TARGET;
    case ESP_LOADER_ERROR_UNSUPPORTED_FUNC:
        return fail(CLI_TARGET, sentence,
                    "%.32s: this revision of the chip, or its coding scheme, cannot have such a key", block);
    default:
        return fail(CLI_TARGET, sentence, "%.32s: the chip cannot have such a key there", block);
    }
}

static cli_exit_t check_size(const burn_key_t *key, size_t size, char sentence[BURN_SENTENCE_SIZE])
{
    if (key->size == size) {
        return CLI_OK;
    }
    (void)snprintf(sentence, BURN_SENTENCE_SIZE, "the file for %.32s is to have %u bytes", key->block,
                   (unsigned)size);
    return CLI_INPUT;
}

static cli_exit_t stage_place(const burn_request_t *request, const burn_key_t *key, const place_t *place,
                              const esp_loader_efuse_state_t *state, esp_loader_efuse_ctx_t *ctx,
                              char sentence[BURN_SENTENCE_SIZE])
{
    const esp_loader_efuse_write_key_config_t config = {request->no_write_protect, request->no_read_protect};
    const bool is_34 = state->chip == ESP32_CHIP && (state->image.blocks[0].words[6] & 3) == 1;
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    const size_t size = is_34 ? 24 : place->size;

    const cli_exit_t code = check_size(key, size, sentence);
    if (code != CLI_OK) {
        return code;
    }
    const esp_loader_error_t error = esp_loader_efuse_stage_key_legacy(
        state, ctx, place->target, key->bytes, is_34 ? 24 : place->used, &config, &refusal);
    return staged(error, refusal, key->block, sentence);
}

/** Number of the key block called @p name; false: it is none. */
static bool find_block(const efuse_contents_t *contents, const char *name, unsigned *out_key)
{
    const efuse_field_t *field = efuse_find(contents->table, name);

    if (field == NULL || !efuse_is_key(contents->table, field)) {
        return false;
    }
    *out_key = efuse_runs[field->run].block - 4u;
    return true;
}

static cli_exit_t stage_parts(const burn_request_t *request, const burn_key_t *key, const purpose_t *purpose,
                              unsigned block, const esp_loader_efuse_state_t *state,
                              esp_loader_efuse_ctx_t *ctx, char sentence[BURN_SENTENCE_SIZE])
{
    const esp_loader_efuse_write_key_config_t config = {request->no_write_protect, request->no_read_protect};
    esp_loader_efuse_refusal_t refusal = ESP_LOADER_EFUSE_ALLOWED;
    const size_t first = purpose->other == NO_PART ? key->size : key->size - KEY_HALF;

    const esp_loader_error_t error = esp_loader_efuse_stage_key(
        state, ctx, (esp_loader_efuse_key_block_t)block, (esp_loader_key_purpose_t)purpose->part, key->bytes,
        first, &config, &refusal);
    if (error != ESP_LOADER_SUCCESS || purpose->other == NO_PART) {
        return staged(error, refusal, key->block, sentence);
    }
    for (unsigned next = block + 1; next <= ESP_LOADER_EFUSE_KEY5; next++) {
        if (esp_loader_efuse_stage_key(state, ctx, (esp_loader_efuse_key_block_t)next,
                                       (esp_loader_key_purpose_t)purpose->other, key->bytes + first, KEY_HALF,
                                       &config, NULL) == ESP_LOADER_SUCCESS) {
            return CLI_OK;
        }
    }
    return fail(CLI_TARGET, sentence, "no key block is free after %.32s for the second part of the key",
                key->block);
}

cli_exit_t burn_stage_key(const burn_request_t *request, const burn_key_t *key,
                          const efuse_contents_t *contents, const esp_loader_efuse_state_t *state,
                          esp_loader_efuse_ctx_t *ctx, char sentence[BURN_SENTENCE_SIZE])
{
    const bool is_c2 = strcmp(contents->table->chip, "ESP32-C2") == 0;
    const char *name = key->purpose != NULL                    ? key->purpose
                       : request->kind == BURN_DIGEST && is_c2 ? "SECURE_BOOT_DIGEST"
                                                               : key->block;
    unsigned block = 0;

    if (key->purpose != NULL && !find_block(contents, key->block, &block)) {
        return fail(CLI_USAGE, sentence, "the chip has no key block '%.32s'", key->block);
    }
    for (size_t i = 0; i < PLACES; i++) {
        if (strcmp(places[i].chip, contents->table->chip) == 0 && strcasecmp(places[i].name, name) == 0) {
            return stage_place(request, key, &places[i], state, ctx, sentence);
        }
    }
    if (key->purpose == NULL) {
        return fail(CLI_USAGE, sentence, "the chip has no key block '%.32s'", key->block);
    }
    for (size_t i = 0; i < PURPOSES; i++) {
        if (strcasecmp(purposes[i].name, name) == 0) {
            const cli_exit_t code = check_size(key, purposes[i].size, sentence);
            return code != CLI_OK ? code
                                  : stage_parts(request, key, &purposes[i], block, state, ctx, sentence);
        }
    }
    return fail(CLI_USAGE, sentence, "unknown purpose '%.64s' of a key", name);
}

/** Chips whose secure boot V2 takes one kind of keys only. Source: ESP-IDF, SOC_SECURE_BOOT_V2_RSA and _ECC. */
static const struct {
    const char *chip;
    burn_key_kind_t kind;
} secure_boots[] = {
    {"ESP32", BURN_OF_RSA},    {"ESP32-S2", BURN_OF_RSA},   {"ESP32-S3", BURN_OF_RSA},
    {"ESP32-C3", BURN_OF_RSA}, {"ESP32-C2", BURN_OF_ECDSA}, {"ESP32-C61", BURN_OF_ECDSA},
};

const char *burn_key_hazard(const burn_request_t *request, const char *chip)
{
    for (size_t i = 0; i < sizeof(secure_boots) / sizeof(secure_boots[0]); i++) {
        for (size_t k = 0; k < request->key_count && strcmp(secure_boots[i].chip, chip) == 0; k++) {
            const burn_key_kind_t kind = request->keys[k].kind;
            if (kind != BURN_OF_BYTES && kind != secure_boots[i].kind) {
                return kind == BURN_OF_RSA ? "secure boot of this chip takes keys of ECDSA, not of RSA"
                                           : "secure boot of this chip takes keys of RSA, not of ECDSA";
            }
        }
    }
    return NULL;
}
