/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images and partition tables: pure functions on bytes, no I/O, nothing kept. Sources are read
 * piece by piece, so no image has to be in memory as a whole. Formats: docs/formats.md.
 */
#ifndef ESP_LOADER_IMAGE_H
#define ESP_LOADER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Reads exactly @p size bytes at @p offset of an image into @p buf; called in any order, any number of
 * times, never beyond the source's size. Returns an error to stop: functions of this header return it
 * unchanged, a plan returns ESP_LOADER_ERROR_SOURCE with that error as the detail's value. */
typedef esp_loader_error_t (*esp_loader_read_fn)(void *ctx, uint32_t offset, void *buf, size_t size);

/** Where bytes come from: a file, an array, a download in a buffer. */
typedef struct {
    esp_loader_read_fn read; /**< mandatory */
    void *ctx;               /**< passed to read() */
    uint32_t size;           /**< bytes */
} esp_loader_source_t;

/** read() function for bytes in memory; ctx points to the first byte and is not written to.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  no ctx */
esp_loader_error_t esp_loader_read_memory(void *ctx, uint32_t offset, void *buf, size_t size);

#define ESP_LOADER_IMAGE_MAGIC        0xE9u   /**< first byte of an executable image */
#define ESP_LOADER_IMAGE_MAX_SEGMENTS 16u     /**< most segments an image can have */
#define ESP_LOADER_IMAGE_HEADER_SIZE  24u     /**< common and extended header */
#define ESP_LOADER_IMAGE_NO_CHIP_ID   0xFFFFu /**< ESP8266 image: has no chip id */
#define ESP_LOADER_SHA256_SIZE        32u     /**< bytes of a SHA-256 */

/** The decoded header of an executable image. ESP8266 images are recognised by their load addresses. They
 * have an 8-byte header (segments_off 8); V2 images have a second one after the flash-mapped segment. */
typedef struct {
    uint8_t segment_count;       /**< at most ESP_LOADER_IMAGE_MAX_SEGMENTS */
    uint8_t flash_mode;          /**< 0 QIO, 1 QOUT, 2 DIO, 3 DOUT */
    uint8_t flash_size_code;     /**< high nibble of header byte 3 */
    uint8_t flash_freq_code;     /**< low nibble of header byte 3 */
    uint32_t entry_addr;         /**< where the program begins, a RAM address */
    uint16_t chip_id;            /**< as in the security information, or ESP_LOADER_IMAGE_NO_CHIP_ID */
    uint8_t min_revision_legacy; /**< one-byte form */
    uint16_t min_revision;       /**< major * 100 + minor */
    uint16_t max_revision;  /**< major * 100 + minor; 65535 = no limit, 0 = only the legacy field counts */
    bool has_digest;        /**< a SHA-256 follows the checksum */
    uint32_t size;          /**< bytes including checksum and digest; what follows is signature or padding */
    uint32_t segments_off;  /**< offset of the first segment header that the checksum covers */
    uint8_t tail_size;      /**< bytes after the checksum: SHA-256, CRC-32 (ESP8266), or none */
    bool has_flash_content; /**< V2 (ESP8266): a flash-mapped segment precedes the second header */
    bool has_crc;           /**< a matching CRC-32 follows the checksum (ESP8266); set by the check */
} esp_loader_image_info_t;

/** Parses and checks an image: header, segments, checksum byte and, where present, SHA-256. Reads its data
 * once, in pieces of at most 128 bytes. Uses about 500 bytes of stack.
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT    not an executable image, truncated, or its structure is invalid
 *  @retval ESP_LOADER_ERROR_IMAGE_CHECKSUM  checksum or digest does not match the content
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_image_check(const esp_loader_source_t *source,
                                          esp_loader_image_info_t *out_info);

/** Application description (`esp_app_desc_t`), stored at the beginning of an application. Strings are
 * NUL-terminated but not sanitised: an untrusted file may put any other byte into them. */
typedef struct {
    uint32_t secure_version;     /**< anti-rollback */
    char version[33];            /**< of the application */
    char project[33];            /**< its name */
    char time[17];               /**< of compilation */
    char date[17];               /**< of compilation */
    char sdk[33];                /**< version of ESP-IDF */
    uint8_t elf_sha256[32];      /**< of the ELF file the image was made from */
    uint16_t min_block_revision; /**< of the eFuse block with the chip's calibration, major * 100 + minor */
    uint16_t max_block_revision; /**< the same, the highest */
    uint8_t mmu_page_log2;       /**< page size of the mapped segments is 1 << this; 0 = not given */
} esp_loader_app_description_t;

/** Reads an application's description. Checks its magic number only: use esp_loader_image_check() to validate
 * the image. Not for ESP8266 images.
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT  not an executable image, or it has no such description
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_app_description_read(const esp_loader_source_t *source,
                                                   esp_loader_app_description_t *out_description);

/** Bootloader description, in second-stage bootloaders of newer ESP-IDF versions. */
typedef struct {
    uint8_t secure_version; /**< anti-rollback */
    uint32_t version;       /**< project version */
    char sdk[33];           /**< version of ESP-IDF */
    char date_time[25];     /**< of the compilation */
} esp_loader_bootloader_description_t;

/** Reads a bootloader's description.
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT  it has none
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t
esp_loader_bootloader_description_read(const esp_loader_source_t *source,
                                       esp_loader_bootloader_description_t *out_description);

/** One entry of a partition table. */
typedef struct {
    uint8_t type;    /**< ESP_LOADER_PARTITION_TYPE_APP ..., or one of the user's, 0x40 to 0xFE */
    uint8_t subtype; /**< its meaning depends on the type */
    uint32_t offset; /**< in flash, bytes */
    uint32_t size;   /**< bytes */
    char label[ESP_LOADER_PARTITION_LABEL_SIZE]; /**< NUL terminated */
    uint32_t flags;                              /**< bit 0: encrypted; bit 1: read-only */
} esp_loader_partition_t;

#define ESP_LOADER_PARTITION_TYPE_APP        0x00 /**< an application */
#define ESP_LOADER_PARTITION_TYPE_DATA       0x01 /**< NVS, otadata, file systems ... */
#define ESP_LOADER_PARTITION_TYPE_BOOTLOADER 0x02 /**< a second-stage bootloader */
#define ESP_LOADER_PARTITION_TYPE_TABLE      0x03 /**< a partition table */
#define ESP_LOADER_PARTITION_MAX_COUNT       95u  /**< entries that a table has room for */

/** true when @p source begins like a partition table (entry magic AA 50). */
bool esp_loader_partition_table_is(const esp_loader_source_t *source);

/** Checks a partition table: magic, alignment and overlap of the entries, the MD5 if there is one, and the
 * end mark. Entries may be in any order.
 *  @param out_count  number of entries, may be NULL
 *  @retval ESP_LOADER_ERROR_PARTITION  invalid partition table
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_partition_table_check(const esp_loader_source_t *source, uint32_t *out_count);

/** As esp_loader_partition_table_check(), and reports what is wrong.
 *  @param out_detail  on failure its `fault` is set, and `partition` if one entry is at fault; may be NULL
 *  @retval ESP_LOADER_ERROR_PARTITION  invalid partition table
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_partition_table_explain(const esp_loader_source_t *source, uint32_t *out_count,
                                                      esp_loader_error_detail_t *out_detail);

/** Reads entry @p index of a checked table.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  no such entry
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_partition_get(const esp_loader_source_t *source, uint32_t index,
                                            esp_loader_partition_t *out_partition);

#define ESP_LOADER_FLASH_KEEP 0xFFu /**< leaves the image's value */

/** Flash parameters in a bootloader's header. */
typedef struct {
    uint8_t mode_code; /**< header byte 2, or ESP_LOADER_FLASH_KEEP */
    uint8_t freq_code; /**< low nibble of header byte 3 (chip dependent), or ESP_LOADER_FLASH_KEEP */
    uint8_t size_code; /**< high nibble of header byte 3, or ESP_LOADER_FLASH_KEEP */
} esp_loader_flash_params_t;

/** Patches the flash parameters while the image is being streamed: esp_loader_image_patch_prepare() computes
 * the digest of the patched image in one pass, esp_loader_image_patch_apply() then patches any piece of
 * it. */
typedef struct {
    esp_loader_flash_params_t params;       /**< what is to be in the header */
    uint32_t digest_off;                    /**< offset of the SHA-256, UINT32_MAX = the image has none */
    uint8_t digest[ESP_LOADER_SHA256_SIZE]; /**< of the patched image */
    bool is_active;                         /**< false: nothing to change */
    uint32_t image_off;                     /**< where the image begins in its file */
} esp_loader_image_patch_t;

/** Prepares a patch. The patch is inactive, and the function succeeds, if the image is not executable, if its
 * first byte is not 0xE9, or if the parameters change nothing. Signatures are not checked for:
 * esp_loader_plan_check() refuses to patch a signed image.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  a code is too large for its field
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT   the image's structure is invalid
 *  @return otherwise the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_image_patch_prepare(const esp_loader_source_t *source,
                                                  const esp_loader_flash_params_t *params,
                                                  esp_loader_image_patch_t *out_patch);

/** As esp_loader_image_patch_prepare(), for an image that begins at @p image_off of the file. */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_image_patch_prepare_at(const esp_loader_source_t *source, uint32_t image_off,
                                                     const esp_loader_flash_params_t *params,
                                                     esp_loader_image_patch_t *out_patch);

/** Applies a prepared patch to @p size bytes at @p offset of the file. */
void esp_loader_image_patch_apply(const esp_loader_image_patch_t *patch, uint32_t offset, uint8_t *data,
                                  size_t size);

#ifdef __cplusplus
}
#endif

#endif
