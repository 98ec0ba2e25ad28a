/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the 2.1 API has beyond 2.0, by name, type, order and number, in C and in C++: a file that includes this compiles
 * only if all of it is there, and links only if all of it is defined.
 */
#ifndef NAMES_2_1_H
#define NAMES_2_1_H

#include "esp_loader.h"
#include "esp_loader_efuse.h"
#include "esp_loader_stubs.h"

#include "efuse/esp32/esp_loader_efuse_table.h"
#include "efuse/esp32c2/esp_loader_efuse_table.h"
#include "efuse/esp32c3/esp_loader_efuse_table.h"
#include "efuse/esp32c5/esp_loader_efuse_table.h"
#include "efuse/esp32c6/esp_loader_efuse_table.h"
#include "efuse/esp32c61/esp_loader_efuse_table.h"
#include "efuse/esp32h2/esp_loader_efuse_table.h"
#include "efuse/esp32p4/esp_loader_efuse_table.h"
#include "efuse/esp32s2/esp_loader_efuse_table.h"
#include "efuse/esp32s3/esp_loader_efuse_table.h"

#ifdef __cplusplus
#define NAMES_CHECK(condition) static_assert(condition, #condition)
#else
#define NAMES_CHECK(condition) _Static_assert(condition, #condition)
#endif

NAMES_CHECK(ESP32S31_CHIP == 11 && ESP32H21_CHIP == 12 && ESP32H4_CHIP == 13);
NAMES_CHECK(ESP_MAX_CHIP == 14 && ESP_UNKNOWN_CHIP == ESP_MAX_CHIP);
NAMES_CHECK(ESP_LOADER_ERROR_INVALID_RESPONSE == 9 && ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE == 10 &&
            ESP_LOADER_ERROR_EFUSE_BURN_FAILED == 11);
NAMES_CHECK(ESP_LOADER_EFUSE_MAX_BLOCKS == 11u && ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK == 9u);
NAMES_CHECK(ESP_LOADER_EFUSE_BIT_NONE == 0xFFFFu && ESP_LOADER_CHIP_REV_ANY == 0xFFFFu);
NAMES_CHECK(ESP_LOADER_EFUSE_KEY0 == 0 && ESP_LOADER_EFUSE_KEY1 == 1 && ESP_LOADER_EFUSE_KEY2 == 2 &&
            ESP_LOADER_EFUSE_KEY3 == 3 && ESP_LOADER_EFUSE_KEY4 == 4 && ESP_LOADER_EFUSE_KEY5 == 5);
NAMES_CHECK(ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION == 0 &&
            ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1 == 1 &&
            ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2 == 2 && ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128 == 3 &&
            ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED == 4 &&
            ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST == 5);
NAMES_CHECK(ESP_LOADER_KEY_PURPOSE_USER == 0 && ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256 == 1 &&
            ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1 == 2 && ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2 == 3 &&
            ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY == 4 && ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_ALL == 5 &&
            ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_JTAG == 6 &&
            ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_DIGITAL_SIGNATURE == 7 && ESP_LOADER_KEY_PURPOSE_HMAC_UP == 8 &&
            ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST0 == 9 &&
            ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST1 == 10 &&
            ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST2 == 11 && ESP_LOADER_KEY_PURPOSE_KM_INIT_KEY == 12 &&
            ESP_LOADER_KEY_PURPOSE_XTS_AES_128_PSRAM_KEY == 13 &&
            ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192 == 14 && ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_L == 15 &&
            ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_H == 16);
NAMES_CHECK(sizeof(((esp_loader_efuse_block_t *)0)->words) == 9 * sizeof(uint32_t));
NAMES_CHECK(sizeof(((esp_loader_efuse_image_t *)0)->blocks) == 11 * sizeof(esp_loader_efuse_block_t));
NAMES_CHECK(sizeof(esp_loader_efuse_ctx_t) == 11 * 9 * sizeof(uint32_t));

/* Members by position: another order or type does not compile. */
static const esp_loader_efuse_desc_t names_run = {UINT16_MAX, UINT16_MAX, UINT16_MAX};
static const esp_loader_efuse_desc_t *names_runs[] = {&names_run, NULL};
static const esp_loader_efuse_field_info_t names_info = {"NAME", names_runs, UINT16_MAX,
                                                         ESP_LOADER_EFUSE_BIT_NONE};
static const esp_loader_efuse_field_set_t names_set = {ESP32_CHIP, &names_info, 1, UINT16_MAX,
                                                       ESP_LOADER_CHIP_REV_ANY};
static const esp_loader_efuse_block_t names_block = {UINT8_MAX, UINT8_MAX, UINT16_MAX, {UINT32_MAX}};
static const esp_loader_efuse_image_t names_image = {UINT8_MAX,
                                                     {{UINT8_MAX, UINT8_MAX, UINT16_MAX, {UINT32_MAX}}}};
static const esp_loader_efuse_write_key_config_t names_key_config = {true, false};
static const uint8_t names_bytes[4] = {0};
static const esp_loader_bin_segment_t names_segment = {UINT32_MAX, 4, names_bytes};
static const esp_stub_t names_stub = {{0, 0, 0, 0, UINT32_MAX}, &names_segment, 1};

static const esp_stub_t *const names_stubs[] = {
    &esp_stub_esp8266,     &esp_stub_esp32,    &esp_stub_esp32s2,  &esp_stub_esp32c3,  &esp_stub_esp32s3,
    &esp_stub_esp32c2,     &esp_stub_esp32c5,  &esp_stub_esp32h2,  &esp_stub_esp32c6,  &esp_stub_esp32p4,
    &esp_stub_esp32p4rev1, &esp_stub_esp32c61, &esp_stub_esp32s31, &esp_stub_esp32h21, &esp_stub_esp32h4};

static const esp_loader_efuse_field_set_t *const names_sets[] = {
    &ESP32_EFUSE_FIELDS,   &ESP32S2_EFUSE_FIELDS,
    &ESP32S3_EFUSE_FIELDS, &ESP32C2_EFUSE_FIELDS,
    &ESP32C3_EFUSE_FIELDS, &ESP32C5_EFUSE_FIELDS,
    &ESP32C6_EFUSE_FIELDS, &ESP32C61_EFUSE_FIELDS,
    &ESP32H2_EFUSE_FIELDS, &ESP32H2_V0_0_V1_1_EFUSE_FIELDS,
    &ESP32P4_EFUSE_FIELDS, &ESP32P4_REV1_EFUSE_FIELDS};

/* Some of the symbols of each table; a set refers to all fields, and the rows of protection are in the same object. */
static const esp_loader_efuse_desc_t **const names_fields[] = {
    ESP32_EFUSE_MAC,
    ESP32_EFUSE_WR_DIS_FLASH_CRYPT_CNT,
    ESP32_EFUSE_ABS_DONE_1,
    ESP32S2_EFUSE_SPI_BOOT_CRYPT_CNT,
    ESP32S3_EFUSE_MAC,
    ESP32S3_EFUSE_WR_DIS_BLOCK_KEY0,
    ESP32S3_EFUSE_RD_DIS_BLOCK_KEY0,
    ESP32S3_EFUSE_USER_DATA_MAC_CUSTOM,
    ESP32C2_EFUSE_KEY0_LOW_128,
    ESP32C3_EFUSE_KEY_PURPOSE_0,
    ESP32C5_EFUSE_MAC_EXT,
    ESP32C6_EFUSE_MAC_EXT,
    ESP32C61_EFUSE_SECURE_BOOT_EN,
    ESP32H2_EFUSE_KEY5,
    ESP32H2_V0_0_V1_1_EFUSE_ECDSA_FORCE_USE_HARDWARE_K,
    ESP32H2_V0_0_V1_1_EFUSE_WR_DIS_ECDSA_FORCE_USE_HARDWARE_K,
    ESP32P4_EFUSE_WR_DIS,
    ESP32P4_REV1_EFUSE_WR_DIS};

/* Functions by their types. */
static esp_loader_error_t (*names_connect)(esp_loader_t *, esp_loader_connect_args_t *,
                                           esp_loader_stub_provider_t,
                                           void *) = esp_loader_connect_with_stub_provider;
static esp_loader_error_t (*names_revision)(esp_loader_t *, uint16_t *) = esp_loader_get_chip_revision;
static esp_loader_error_t (*names_get_info)(target_chip_t, uint16_t, const esp_loader_efuse_field_set_t **) =
    esp_loader_efuse_get_field_info;
static esp_loader_error_t (*names_read_block)(esp_loader_t *, uint8_t,
                                              esp_loader_efuse_block_t *) = esp_loader_efuse_read_block;
static esp_loader_error_t (*names_read_image)(esp_loader_t *,
                                              esp_loader_efuse_image_t *) = esp_loader_efuse_read_image;
static esp_loader_error_t (*names_read_field)(esp_loader_t *, const esp_loader_efuse_desc_t *[], uint8_t *,
                                              size_t) = esp_loader_efuse_read_field;
static esp_loader_error_t (*names_write_field)(esp_loader_t *, esp_loader_efuse_ctx_t *,
                                               const esp_loader_efuse_desc_t *[], const uint8_t *,
                                               size_t) = esp_loader_efuse_write_field;
static esp_loader_error_t (*names_write_field_bit)(esp_loader_t *, esp_loader_efuse_ctx_t *,
                                                   const esp_loader_efuse_desc_t *[]) =
    esp_loader_efuse_write_field_bit;
static esp_loader_error_t (*names_write_bit)(esp_loader_t *, esp_loader_efuse_ctx_t *, uint8_t,
                                             uint16_t) = esp_loader_efuse_write_bit;
static esp_loader_error_t (*names_write_key)(
    esp_loader_t *, esp_loader_efuse_ctx_t *, esp_loader_efuse_key_block_t, esp_loader_key_purpose_t,
    const uint8_t *, size_t, const esp_loader_efuse_write_key_config_t *) = esp_loader_efuse_write_key;
static esp_loader_error_t (*names_write_legacy)(
    esp_loader_t *, esp_loader_efuse_ctx_t *, esp_loader_legacy_key_target_t, const uint8_t *, size_t,
    const esp_loader_efuse_write_key_config_t *) = esp_loader_efuse_write_key_legacy;
static esp_loader_error_t (*names_commit)(esp_loader_t *, esp_loader_efuse_ctx_t *) = esp_loader_efuse_commit;

/* How many there are: uses all of them, so that none is a warning. */
static inline size_t names_count(void)
{
    size_t count = sizeof(names_stubs) / sizeof(names_stubs[0]) + sizeof(names_sets) / sizeof(names_sets[0]) +
                   sizeof(names_fields) / sizeof(names_fields[0]);
    count += names_stub.segment_count + names_set.count + names_block.word_count + names_image.block_count;
    count += names_key_config.no_write_protect ? 1 : 0;
    return count + (names_connect != NULL) + (names_revision != NULL) + (names_get_info != NULL) +
           (names_read_block != NULL) + (names_read_image != NULL) + (names_read_field != NULL) +
           (names_write_field != NULL) + (names_write_field_bit != NULL) + (names_write_bit != NULL) +
           (names_write_key != NULL) + (names_write_legacy != NULL) + (names_commit != NULL);
}

#endif
