/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses: bits of the target that can be burnt to one and never back. The functions that burn are part of a library that is
 * built with ESP_LOADER_EFUSE_BURN; in others they return ESP_LOADER_ERROR_UNSUPPORTED_FUNC before anything is sent. No
 * silicon has been burnt by them: docs/efuses.md. esp_loader_efuse_plan.h shows what would be burnt before it is.
 *
 * The fields of a chip by name: `efuse/<chip>/esp_loader_efuse_table.h`, e.g. `efuse/esp32s3/esp_loader_efuse_table.h`. A
 * program that uses none of it, links none of it.
 */
#ifndef ESP_LOADER_EFUSE_H
#define ESP_LOADER_EFUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_LOADER_EFUSE_MAX_BLOCKS          11u     /**< most blocks that a chip has */
#define ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK 9u      /**< most words that a block has */
#define ESP_LOADER_EFUSE_BIT_NONE            0xFFFFu /**< no bit protects this field */
#define ESP_LOADER_CHIP_REV_ANY              0xFFFFu /**< as the last revision: there is no last */

/* ---- what there is ---- */

/** One contiguous run of bits. A field is a NULL-terminated array of pointers to runs, lowest part first. */
typedef struct {
    uint16_t efuse_block; /**< number of the block */
    uint16_t bit_start;   /**< lowest bit, counted from the start of the block */
    uint16_t bit_count;   /**< at least 1 */
} esp_loader_efuse_desc_t;

/** A field with its name, and the bits of BLOCK0 that protect it; these are counted from the start of BLOCK0. */
typedef struct {
    const char *name;                      /**< as ESP-IDF's tables have it, with dots */
    const esp_loader_efuse_desc_t **field; /**< its runs */
    uint16_t wr_dis_bit;                   /**< once set it cannot be burnt, or ESP_LOADER_EFUSE_BIT_NONE */
    uint16_t rd_dis_bit;                   /**< once set it reads as zero, or ESP_LOADER_EFUSE_BIT_NONE */
} esp_loader_efuse_field_info_t;

/** All fields of a chip, or of a range of its revisions. */
typedef struct {
    target_chip_t chip;                          /**< which chip */
    const esp_loader_efuse_field_info_t *fields; /**< @c count of them */
    uint16_t count;                              /**< of @c fields */
    uint16_t rev_min;                            /**< first revision, major * 100 + minor */
    uint16_t rev_max;                            /**< last revision, inclusive, or ESP_LOADER_CHIP_REV_ANY */
} esp_loader_efuse_field_set_t;

/** Content of a block. */
typedef struct {
    uint8_t block;                     /**< its number */
    uint8_t word_count;                /**< valid words */
    uint16_t read_protected_word_mask; /**< bit i: word i reads as zero because it is read-protected */
    uint32_t words[ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK]; /**< bit 0 of the block is bit 0 of words[0] */
} esp_loader_efuse_block_t;

/** Content of all blocks of a chip. */
typedef struct {
    uint8_t block_count;                                          /**< valid blocks */
    esp_loader_efuse_block_t blocks[ESP_LOADER_EFUSE_MAX_BLOCKS]; /**< by number */
} esp_loader_efuse_image_t;

/* ---- reading ---- */

/** The fields of a chip. Needs no connection; links the tables of all chips.
 *  @param revision  major * 100 + minor, from esp_loader_get_chip_revision()
 *  @param set       the set whose range of revisions has it; constant
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     @p set is NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP  no table: ESP8266, or no chip */
esp_loader_error_t esp_loader_efuse_get_field_info(target_chip_t chip, uint16_t revision,
                                                   const esp_loader_efuse_field_set_t **set);

/** Reads block @p block by one register read for each word; for blocks other than BLOCK0 the words with the bits of read
 * protection as well. What the target holds is what it loaded at its last reset. The ESP32's blocks are read as they
 * are, whatever its coding scheme.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     the chip has no such block, or @p out is NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  a chip without such blocks (ESP8266); cause SECURITY: secure download mode */
esp_loader_error_t esp_loader_efuse_read_block(esp_loader_t *loader, uint8_t block,
                                               esp_loader_efuse_block_t *out);

/** Reads all blocks of the chip, BLOCK0 first, as esp_loader_efuse_read_block(): some 90 registers.
 *  @param out  undefined on failure
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p out is NULL */
esp_loader_error_t esp_loader_efuse_read_image(esp_loader_t *loader, esp_loader_efuse_image_t *out);

/** Reads a field into bytes: the lowest bit of its first run becomes bit 0 of @p dst[0]. A part that is read-protected
 * reads as zero.
 *  @param field          e.g. ESP32S3_EFUSE_MAC
 *  @param dst            (dst_size_bits + 7) / 8 bytes; what the field does not fill is zero
 *  @param dst_size_bits  if it is less than the field has, the rest of the field is not read
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     NULL argument, or a run that is not within a block of this chip
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  a chip without such blocks (ESP8266); cause SECURITY: secure download mode */
esp_loader_error_t esp_loader_efuse_read_field(esp_loader_t *loader, const esp_loader_efuse_desc_t *field[],
                                               uint8_t *dst, size_t dst_size_bits);

/* ---- burning ---- */

/** Bits that are to be burnt by one commit; zero-initialise it (`= {0}`). Private. */
typedef struct {
    uint32_t _buf[ESP_LOADER_EFUSE_MAX_BLOCKS * ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK];
} esp_loader_efuse_ctx_t;

/** Blocks that hold keys. */
typedef enum {
    ESP_LOADER_EFUSE_KEY0 = 0,
    ESP_LOADER_EFUSE_KEY1 = 1,
    ESP_LOADER_EFUSE_KEY2 = 2,
    ESP_LOADER_EFUSE_KEY3 = 3,
    ESP_LOADER_EFUSE_KEY4 = 4,
    ESP_LOADER_EFUSE_KEY5 = 5
} esp_loader_efuse_key_block_t;

/** What a key is for. The numbers are names, not what is burnt: from 13 on the two differ. */
typedef enum {
    ESP_LOADER_KEY_PURPOSE_USER = 0,
    ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256 = 1,
    ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1 = 2,
    ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2 = 3,
    ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY = 4,
    ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_ALL = 5,
    ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_JTAG = 6,
    ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_DIGITAL_SIGNATURE = 7,
    ESP_LOADER_KEY_PURPOSE_HMAC_UP = 8,
    ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST0 = 9,
    ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST1 = 10,
    ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST2 = 11,
    ESP_LOADER_KEY_PURPOSE_KM_INIT_KEY = 12,
    ESP_LOADER_KEY_PURPOSE_XTS_AES_128_PSRAM_KEY = 13, /**< code 15 */
    ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192 = 14,        /**< code 16 */
    ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_L = 15,      /**< code 17 */
    ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_H = 16       /**< code 18 */
} esp_loader_key_purpose_t;

/** Keys of the ESP32 and ESP32-C2, whose place says what they are for. */
typedef enum {
    ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION = 0,
    ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1 = 1,
    ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2 = 2,
    ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128 = 3,
    ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED = 4,
    ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST = 5
} esp_loader_legacy_key_target_t;

/** Which protections of a key are left out; NULL in its place leaves out none. */
typedef struct {
    bool no_write_protect; /**< its block can be burnt further */
    bool no_read_protect;  /**< a secret key stays readable */
} esp_loader_efuse_write_key_config_t;

/** Stages a value for a field: its bits that are 1. Sends nothing, and does not know what is burnt already.
 *  @param field          e.g. ESP32S3_EFUSE_USER_DATA
 *  @param src            the lowest bit of the first run is bit 0 of @p src[0]
 *  @param src_size_bits  bits of the field beyond are not staged
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     NULL argument, or a run that is not within a block of this chip
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  ESP8266; a library that does not burn; cause SECURITY: secure download mode */
esp_loader_error_t esp_loader_efuse_write_field(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *field[], const uint8_t *src,
                                                size_t src_size_bits);

/** Stages the lowest bit of a field.
 *  @return as esp_loader_efuse_write_field() */
esp_loader_error_t esp_loader_efuse_write_field_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                    const esp_loader_efuse_desc_t *field[]);

/** Stages a bit of a block, counted from its start.
 *  @return as esp_loader_efuse_write_field() */
esp_loader_error_t esp_loader_efuse_write_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              uint8_t block, uint16_t bit_num);

/** Stages a key, its purpose, and what protects both, after reading whether its place is free. Keys of XTS and ECDSA are
 * stored with the last byte first, all others as they are; the bytes of @p key are in the order of a key file. On an ESP32-H2
 * before v1.2, ECDSA_FORCE_USE_HARDWARE_K is staged with a key of ECDSA.
 *  @param key       missing bytes are 0: with a key of ECDSA before it, otherwise after it. Only the copy that is staged
 *                   remains; esp_loader_efuse_commit() clears it
 *  @param key_size  1 to 32 bytes
 *  @param config    NULL: all protections. Of the purpose none is ever left out
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        NULL argument, wrong size, a block or purpose that the chip does not have, a
 *                                                key of XTS or ECDSA in the last block of a chip that cannot read it there
 *                                                (ESP32-S3, C3, C6, H2, H4)
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC     ESP8266, ESP32, ESP32-C2; a purpose that only later revisions of the
 *                                                ESP32-P4 have; a library that does not burn; cause SECURITY: secure
 *                                                download mode
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   the block holds data, has a purpose, one of the two is protected, or
 *                                                a key is staged for it already */
esp_loader_error_t esp_loader_efuse_write_key(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config);

/** Stages a key of an ESP32 or ESP32-C2 as esp_loader_efuse_write_key(). Both halves of the ESP32-C2's key block must be
 * staged before one commit.
 *  @param key_size  32 bytes; 24 for an ESP32 with coding scheme 3/4; 16 for a half of the ESP32-C2's block
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        NULL argument, wrong size, another chip
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC     ESP8266; secure boot V2 before v3.0 or under a coding scheme; a library that
 *                                                does not burn; cause SECURITY: secure download mode
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   there is data, or a protection, or a key is staged already */
esp_loader_error_t esp_loader_efuse_write_key_legacy(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config);

/** Burns what is staged, which cannot be undone: reads what the target holds, refuses all of it or burns it in the order that
 * esp_loader_efuse_plan_t has, and compares. What is burnt already is left out. Needs 2 KB of stack.
 *
 * DIS_DOWNLOAD_MODE, ENABLE_SECURITY_DOWNLOAD and UART_DOWNLOAD_DIS end contact with the target: they are burnt last and
 * are not compared.
 *  @param ctx  all zero after success; after a failure what is not burnt yet, so that the same call can be repeated
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        @p ctx is NULL; cause SECURITY: it would harm the target (read protection
 *                                                of a digest for secure boot, both ways of USB off on an ESP32-S3), or data
 *                                                that the ESP32's coding scheme does not allow; nothing is burnt
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC     ESP8266; the ESP32's coding scheme Repeat; a crystal that cannot be
 *                                                measured; a library that does not burn; cause SECURITY: secure download mode
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   a block with a code holds other data, or something is write-protected;
 *                                                nothing is burnt
 *  @retval ESP_LOADER_ERROR_EFUSE_BURN_FAILED    as in esp_loader_efuse_burn_step() */
esp_loader_error_t esp_loader_efuse_commit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx);

#ifdef __cplusplus
}
#endif

#endif
