/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A burn of eFuses as a plan: what would change is computed before anything is burnt. Beyond the 2.1 API; part of a
 * library that is built with ESP_LOADER_EFUSE_BURN. No silicon has been burnt by it: see docs/efuses.md.
 *
 *     esp_loader_efuse_read_state()    what the target holds
 *     esp_loader_efuse_stage_...()     what is to be burnt, bit by bit; pure computation, as is
 *     esp_loader_efuse_make_plan()     in which steps, or why not
 *     esp_loader_efuse_burn_step()     one step after the other
 *
 * esp_loader_efuse_commit() does the same with what the functions of the 2.1 API have staged.
 */
#ifndef ESP_LOADER_EFUSE_PLAN_H
#define ESP_LOADER_EFUSE_PLAN_H

#include "esp_loader_efuse.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Purposes of keys beyond those that the 2.1 API names; for the functions of both headers. */
#define ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_1 ((esp_loader_key_purpose_t)17) /**< code 13 */
#define ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_2 ((esp_loader_key_purpose_t)18) /**< code 14 */
#define ESP_LOADER_KEY_PURPOSE_SDC_KEY_DIGEST          ((esp_loader_key_purpose_t)19) /**< code 19 */

/** Most steps of a plan: each block but BLOCK0 once, and five passes of BLOCK0. */
#define ESP_LOADER_EFUSE_MAX_STEPS 15u

/** Why something cannot be burnt. */
typedef enum {
    ESP_LOADER_EFUSE_ALLOWED = 0,
    ESP_LOADER_EFUSE_WOULD_CLEAR,      /**< a bit is burnt that would have to be 0 */
    ESP_LOADER_EFUSE_WRITE_PROTECTED,  /**< a bit or block is not burnt and write-protected */
    ESP_LOADER_EFUSE_BLOCK_HAS_DATA,   /**< a coded block was written before: it can be written once only */
    ESP_LOADER_EFUSE_BLOCK_UNREADABLE, /**< what a block holds cannot be compared: it is read-protected */
    ESP_LOADER_EFUSE_KEY_SLOT_IN_USE,  /**< a key block or its purpose is in use, protected or staged */
    ESP_LOADER_EFUSE_DIGEST_UNREADABLE, /**< a digest for secure boot would be read-protected: nothing would boot */
    ESP_LOADER_EFUSE_USB_LOST, /**< both ways of USB would be off, after which the ROM does not start */
    ESP_LOADER_EFUSE_CODING_WITH_DATA,  /**< ESP32: the coding scheme, and data that it changes, at once */
    ESP_LOADER_EFUSE_BEYOND_CODING,     /**< ESP32: more data than a block has under its coding scheme */
    ESP_LOADER_EFUSE_CODING_UNSUPPORTED /**< ESP32: coding scheme Repeat */
} esp_loader_efuse_refusal_t;

/** What the eFuses of a target hold. */
typedef struct {
    target_chip_t chip; /**< which chip */
    uint16_t revision;  /**< major * 100 + minor */
    uint16_t
        begun_blocks; /**< bit n: an interrupted burn of the same data has begun to write block n. 0 otherwise */
    uint16_t
        done_blocks; /**< bit n: it has written and compared block n; needed once the block cannot be read */
    esp_loader_efuse_image_t image; /**< its blocks */
} esp_loader_efuse_state_t;

/** One programming of a block. Bits that read as 1 already are in none. */
typedef struct {
    uint8_t block;      /**< its number */
    bool is_unverified; /**< ends contact with the target: is burnt last, and is not compared */
    uint32_t
        words[ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK]; /**< bits to be burnt, as they are read afterwards */
} esp_loader_efuse_step_t;

/** Steps in the order in which they are burnt: blocks with data from the highest to the lowest number, then BLOCK0 in
 * passes: settings, what enables flash encryption and secure boot, protections, what ends protecting, what ends download
 * mode. Holds keys when it burns some. */
typedef struct {
    uint8_t step_count;                 /**< valid steps */
    uint8_t refused_block;              /**< where it is refused */
    uint16_t refused_bit;               /**< first bit of it that is, from the start of the block */
    esp_loader_efuse_refusal_t refusal; /**< with which no step is planned */
    esp_loader_efuse_step_t steps[ESP_LOADER_EFUSE_MAX_STEPS]; /**< in this order */
} esp_loader_efuse_plan_t;

/** Reads what a plan needs: all blocks, also those with keys, some 90 registers. What is not read-protected goes over the
 * wire.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     @p out is NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  a chip without such blocks (ESP8266); cause SECURITY: secure download mode */
esp_loader_error_t esp_loader_efuse_read_state(esp_loader_t *loader, esp_loader_efuse_state_t *out);

/** Stages a value for a field: its bits that are 1. Sends nothing.
 *  @param field            as in esp_loader_efuse_read_field()
 *  @param src              the lowest bit of the first run is bit 0 of @p src[0]
 *  @param src_size_bits    bits beyond are not staged
 *  @param out_refusal      why not; may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        NULL argument, or a run that is not within a block of this chip
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP     no eFuses that can be burnt (ESP8266)
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   WOULD_CLEAR: a bit that is 0 in @p src is burnt; nothing is staged */
esp_loader_error_t esp_loader_efuse_stage_field(const esp_loader_efuse_state_t *state,
                                                esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *const field[],
                                                const uint8_t *src, size_t src_size_bits,
                                                esp_loader_efuse_refusal_t *out_refusal);

/** Stages a key as esp_loader_efuse_write_key(), without a target. A block that @p state names as begun or done may hold
 * data, and its purpose may be burnt as far as it is the same.
 *  @param out_refusal  why not; may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        NULL argument, key of a size other than 1 to 32 bytes, a block or purpose
 *                                                that the chip does not have, or one that this block cannot have
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP     keys without purposes (ESP32, ESP32-C2), or none (ESP8266)
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC     a purpose that a later revision of the chip has
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   KEY_SLOT_IN_USE */
esp_loader_error_t esp_loader_efuse_stage_key(const esp_loader_efuse_state_t *state,
                                              esp_loader_efuse_ctx_t *ctx, esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config,
                                              esp_loader_efuse_refusal_t *out_refusal);

/** Stages a key whose place says what it is for, as esp_loader_efuse_write_key_legacy(), without a target.
 *  @param out_refusal  why not; may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM        NULL argument, another chip, wrong size
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP     no eFuses that can be burnt (ESP8266)
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC     secure boot V2 before revision v3.0 of the ESP32 or under a coding scheme
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE   KEY_SLOT_IN_USE */
esp_loader_error_t esp_loader_efuse_stage_key_legacy(const esp_loader_efuse_state_t *state,
                                                     esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config,
                                                     esp_loader_efuse_refusal_t *out_refusal);

/** Stages a custom MAC address. Except on the ESP32 without a coding scheme its block can be written once only.
 *  @param mac  6 bytes as they are printed; not a multicast address
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     NULL argument, multicast address
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP  no eFuses that can be burnt (ESP8266) */
esp_loader_error_t esp_loader_efuse_stage_mac(const esp_loader_efuse_state_t *state,
                                              esp_loader_efuse_ctx_t *ctx, const uint8_t *mac);

/** Plans what is staged, or refuses all of it. What is burnt already is left out; no step means that nothing is to be done.
 *  @param plan  also tells where and why it is refused
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM       NULL argument; DIGEST_UNREADABLE, USB_LOST, CODING_WITH_DATA, BEYOND_CODING
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP    no eFuses that can be burnt (ESP8266)
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC    CODING_UNSUPPORTED
 *  @retval ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE  WRITE_PROTECTED, BLOCK_HAS_DATA, BLOCK_UNREADABLE */
esp_loader_error_t esp_loader_efuse_make_plan(const esp_loader_efuse_state_t *state,
                                              const esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_plan_t *plan);

/** Burns one step, which cannot be undone, and compares what is read: about 0.3 s at 115200 baud. What is to be burnt is
 * read back from the controller before it is burnt. Up to 3 attempts.
 *  @param step  of a plan for this target, all earlier ones burnt
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM      @p step is NULL, or of a block that the chip does not have
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC   ESP8266; the crystal cannot be measured; cause SECURITY: secure download mode
 *  @retval ESP_LOADER_ERROR_EFUSE_BURN_FAILED  the controller stays busy, bits do not read as 1, or errors remain in the
 *                                              block: some of its bits may be burnt. The detail has the register */
esp_loader_error_t esp_loader_efuse_burn_step(esp_loader_t *loader, const esp_loader_efuse_step_t *step);

#ifdef __cplusplus
}
#endif

#endif
