/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans: several images flashed, verified and reported in one checked job. Everything that can be known
 * before the first erase is checked before the first erase. The caller owns all memory; a host needs RAM for
 * one block only.
 */
#ifndef ESP_LOADER_PLAN_H
#define ESP_LOADER_PLAN_H

#include "esp_loader.h"
#include "esp_loader_image.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_LOADER_SECTOR_SIZE 4096u /**< smallest erasable unit, bytes */

/** One image of a plan. */
typedef struct {
    const char *name;           /**< for messages and events, e.g. "bootloader"; may be NULL */
    uint32_t offset;            /**< flash offset, multiple of 4096 */
    esp_loader_source_t source; /**< its bytes; read more than once, in any order */
    bool is_raw; /**< true: do not interpret the content (no header, chip or partition check) */
} esp_loader_image_t;

/** What a plan is doing with an image. */
typedef enum {
    ESP_LOADER_PLAN_COMPARE = 0, /**< asking the target whether it holds the image already */
    ESP_LOADER_PLAN_ERASE,       /**< erasing its range */
    ESP_LOADER_PLAN_WRITE,       /**< one event when it starts (done 0), one per block */
    ESP_LOADER_PLAN_VERIFY,      /**< comparing the target's MD5 */
    ESP_LOADER_PLAN_DONE,        /**< finished with this image; the report is complete */
} esp_loader_plan_step_t;

/** Progress report to the caller. */
typedef struct {
    esp_loader_plan_step_t step;
    size_t image_index;
    const esp_loader_image_t *image;
    uint32_t done;  /**< bytes of the image written so far */
    uint32_t total; /**< bytes of the image */
} esp_loader_plan_event_t;

/** How to run a plan. Zero is the default everywhere; `buffer` and `buffer_size` are mandatory. */
typedef struct {
    uint8_t *buffer;    /**< working memory for one block */
    size_t buffer_size; /**< its bytes, at least 256; the largest power of two that fits, at most 16384 and at
                           most what the loader takes, becomes the block size */
    bool skip_verify;   /**< do not compare MD5 after writing; reports then say WRITTEN */
    bool rewrite_equal; /**< write also images that the flash holds already */
    const esp_loader_flash_params_t
        *flash_params; /**< patch the bootloader's header with these; NULL = keep */
    void (*on_event)(void *ctx,
                     const esp_loader_plan_event_t *event); /**< may be NULL; must not call the loader */
    bool (*is_cancelled)(void *ctx); /**< asked before every block; true stops; may be NULL */
    void *ctx;                       /**< passed to both */
} esp_loader_plan_options_t;

/** How an image ended. */
typedef enum {
    ESP_LOADER_IMAGE_NOT_STARTED = 0,
    ESP_LOADER_IMAGE_EQUAL,      /**< the flash held it already; nothing was written */
    ESP_LOADER_IMAGE_VERIFIED,   /**< written, and the target's MD5 fits */
    ESP_LOADER_IMAGE_UNVERIFIED, /**< written, but this loader has no MD5 */
    ESP_LOADER_IMAGE_WRITTEN,    /**< written, verification was not asked for */
    ESP_LOADER_IMAGE_FAILED,     /**< see `error`; its range is erased or partly written if bytes_sent or
                                      sectors_erased is not 0 */
} esp_loader_image_result_t;

/** What happened to one image. */
typedef struct {
    esp_loader_image_result_t result;
    esp_loader_error_t error; /**< cause when result is FAILED */
    uint32_t bytes;           /**< bytes of the image */
    uint32_t bytes_sent;      /**< payload bytes the target acknowledged */
    uint32_t sectors_erased;  /**< 4 KiB sectors */
    uint32_t time_ms;         /**< on the port's clock; 0 on a first-generation port, which has none */
} esp_loader_image_report_t;

/** Checks everything that can be checked without a target: alignment, overlap by sector, structure, checksum
 * and digest of executable images, that all are for one chip, the partition table and that images fit it.
 *  @param out_detail  cause and image on failure; may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM, ALIGNMENT, OVERLAP, FLASH_RANGE, IMAGE_FORMAT, IMAGE_CHECKSUM,
 * IMAGE_CHIP, PARTITION, SOURCE */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_plan_check(const esp_loader_image_t *images, size_t count,
                                         const esp_loader_plan_options_t *options,
                                         esp_loader_error_detail_t *out_detail);

/** Runs a plan on a connected target: esp_loader_plan_check(), then chip, revision, flash size and security
 * against the images, then image by image in the given order: compare, erase, write, verify. Stops at the
 * first failure. After a lost connection, connect again and run the same plan: images that are complete are
 * found equal and not written.
 *  @param reports  @p count elements, filled on every return; may be NULL
 *  @return as esp_loader_plan_check() (nothing was erased), or
 *  @retval ESP_LOADER_ERROR_IMAGE_CHIP, IMAGE_REVISION, IMAGE_SIZE, SECURITY  does not fit this target;
 * nothing was erased
 *  @retval ESP_LOADER_ERROR_CANCELLED    is_cancelled() said so
 *  @retval ESP_LOADER_ERROR_INVALID_MD5  verification failed */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_plan_run(esp_loader_t *loader, const esp_loader_image_t *images, size_t count,
                                       const esp_loader_plan_options_t *options,
                                       esp_loader_image_report_t *reports);

#ifdef __cplusplus
}
#endif

#endif
