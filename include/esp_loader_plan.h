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
    /** true: do not interpret the content: no header, chip, partition or security check. Also the way to
     * write what has been encrypted on the host. */
    bool is_raw;
    /** The whole of `source` as one zlib stream (RFC 1950, window at most 32 KiB), compressed beforehand;
     * size 0 = none. Sent in its place through the stub where that is faster (on a UART, not on USB). Not
     * used for an image of which only parts differ or whose header is patched. */
    esp_loader_source_t deflated;
} esp_loader_image_t;

/** A host's compressor: makes zlib streams (RFC 1950, window at most 32 KiB) of what a plan wants to send. */
typedef struct {
    /** Compresses @p content, a part of an image as it is to stand in flash.
     *  @param content       valid during the call; its read() may be used in any order
     *  @param out_deflated  the zlib stream, valid until the next call; size 0 = send as it is
     *  @return an error ends the plan: ESP_LOADER_ERROR_SOURCE, value: the error */
    esp_loader_error_t (*deflate)(void *ctx, const esp_loader_source_t *content,
                                  esp_loader_source_t *out_deflated);
    void *ctx; /**< passed to it */
} esp_loader_deflater_t;

/** What a plan is doing with an image. */
typedef enum {
    ESP_LOADER_PLAN_COMPARE = 0, /**< asking the target what it holds already; one event per question */
    ESP_LOADER_PLAN_ERASE,       /**< about to erase for the first time */
    ESP_LOADER_PLAN_WRITE,       /**< one event when it starts (done 0), one per block */
    ESP_LOADER_PLAN_VERIFY,      /**< comparing the target's MD5 of the image */
    ESP_LOADER_PLAN_DONE,        /**< finished with this image without error; its report is complete */
} esp_loader_plan_step_t;

/** Progress report to the caller. */
typedef struct {
    esp_loader_plan_step_t step;
    size_t image_index;
    const esp_loader_image_t *image;
    /** Bytes of the image that are dealt with: up to here it is compared, or written, or was there already;
     * goes back when a lost block makes the plan compare again, or the last look finds that an image is not
     * there any more. */
    uint32_t done;
    uint32_t total; /**< bytes of the image */
} esp_loader_plan_event_t;

/** How to run a plan. Zero is the default everywhere; `buffer` and `buffer_size` are mandatory. */
typedef struct {
    uint8_t *buffer; /**< working memory for one block, better two */
    /** Its bytes, at least 256; the largest power of two that fits, at most 16384 and at most what the loader
     * takes (1024 in ROM), becomes the block size. With twice that the next block is read while the target
     * works on the one before. */
    size_t buffer_size;
    bool skip_verify;   /**< do not compare MD5 after writing; reports then say WRITTEN */
    bool rewrite_equal; /**< write everything, also what the flash holds already */
    /** Patches the header of the bootloader: the image at the chip's bootloader offset, in whatever file;
     * NULL = keep. */
    const esp_loader_flash_params_t *flash_params;
    /** Progress; may be NULL; must not call the loader. */
    void (*on_event)(void *ctx, const esp_loader_plan_event_t *event);
    /** Asked before every block, also while comparing, and before every erase; true stops; may be NULL. */
    bool (*is_cancelled)(void *ctx);
    void *ctx; /**< passed to both */
    /** Compresses what is sent through the stub where that is faster (on a UART, not on USB); may be NULL. */
    const esp_loader_deflater_t *deflater;
} esp_loader_plan_options_t;

/** How an image ended. */
typedef enum {
    ESP_LOADER_IMAGE_NOT_STARTED = 0,
    ESP_LOADER_IMAGE_EQUAL,      /**< the flash held it already; nothing was written */
    ESP_LOADER_IMAGE_VERIFIED,   /**< what differed is written, and the target's MD5 of all of it fits */
    ESP_LOADER_IMAGE_UNVERIFIED, /**< written, but this loader has no MD5 */
    ESP_LOADER_IMAGE_WRITTEN,    /**< written, verification was not asked for */
    /** See `error`; its flash range is as it was if sectors_erased and bytes_sent are 0, else undefined. */
    ESP_LOADER_IMAGE_FAILED,
} esp_loader_image_result_t;

/** What happened to one image. */
typedef struct {
    esp_loader_image_result_t result;
    esp_loader_error_t error; /**< cause when result is FAILED */
    uint32_t bytes;           /**< bytes of the image */
    /** Payload bytes the target acknowledged: less than `bytes` if parts were there or compressed, more if a
     * lost block made it write something again. */
    uint32_t bytes_sent;
    uint32_t sectors_erased; /**< 4 KiB sectors whose erase was ordered; a stub leaves blank ones alone */
    uint32_t time_ms;        /**< on the port's clock; 0 on a first-generation port, which has none */
} esp_loader_image_report_t;

/** Checks everything that can be checked without a target. What each check demands: docs/formats.md.
 *  @param out_detail  set on every return, may be NULL. On failure: stage CHECK, `image` (-1 = arguments),
 *                     `address` the flash offset of the part concerned, `fault` what exactly is wrong with
 *                     it, `partition` the label of the partition concerned, and in `value` what is named
 *                     below or with the fault.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM   no images, no or too small a buffer, impossible flash_params; or
 *                                           an image without read() or without bytes
 *  @retval ESP_LOADER_ERROR_ALIGNMENT       offset is not a multiple of 4096
 *  @retval ESP_LOADER_ERROR_FLASH_RANGE     offset and size exceed 32 bits; value: size
 *  @retval ESP_LOADER_ERROR_OVERLAP         shares a sector with an earlier image; value: that one's offset
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT    no sound executable image where only one makes sense
 *  @retval ESP_LOADER_ERROR_IMAGE_CHECKSUM  executable image whose checksum or SHA-256 does not fit
 *  @retval ESP_LOADER_ERROR_IMAGE_CHIP      made for another chip than an earlier image; value: its chip id
 *  @retval ESP_LOADER_ERROR_IMAGE_PLACE     stands where it cannot start, or in the place of another; see
 *                                           fault
 *  @retval ESP_LOADER_ERROR_PARTITION       an invalid table, or an image that does not fit it; see fault.
 *                                           value: size of the image; or offset of a partition that begins
 *                                           before the table ends; or of the first table; else 0
 *  @retval ESP_LOADER_ERROR_SECURITY        flash_params would change a bootloader that is signed
 *  @retval ESP_LOADER_ERROR_SOURCE          read() failed; value: what it returned */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_plan_check(const esp_loader_image_t *images, size_t count,
                                         const esp_loader_plan_options_t *options,
                                         esp_loader_error_detail_t *out_detail);

/** Runs a plan on a connected target: esp_loader_plan_check(), then everything that needs the target, then
 * image by image in the given order: compare, and erase, write and verify the sectors that differ. Where more
 * differs than comparing saves, it stops comparing and writes (docs/architecture.md, "Plans"). Verifies each
 * image as a whole, and at the end once more those that a later erase could have hit. What goes wrong on the
 * link makes it compare again and write what is missing, as long as less is missing each time; any other
 * failure ends it. After a lost connection, connect again and run the same plan: it writes what is missing. A
 * loader without MD5 gets everything. Takes about 1.75 KiB of stack on a Cortex-M0+, besides what port and
 * read() take.
 *  @param reports  @p count elements, filled on every return; may be NULL
 *  @return as esp_loader_plan_check(), or one of the following, and then nothing was erased:
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause FLASH_SIZE: the flash chip's id does not tell its size;
 *                                           value: the id; see esp_loader_flash_set_size()
 *  @retval ESP_LOADER_ERROR_FLASH_WRAPS     the flash is smaller than its id or whoever stated its size says;
 *                                           value: how large it is at most. Looked for by
 *                                           esp_loader_flash_measure_size() where the size was stated, or an
 *                                           image ends beyond the middle. Found with stage VERIFY, all is
 *                                           written: the flash was blank before, or is why an image is not
 *                                           there
 *  @retval ESP_LOADER_ERROR_IMAGE_SIZE      exceeds the flash or the loader's reach (cause FLASH_RANGE); or
 *                                           the bootloader's header states more than the flash (fault
 *                                           HEADER_SIZE)
 *  @retval ESP_LOADER_ERROR_SECURITY        flash encryption is on and the image is not raw; or it is the
 *                                           bootloader and secure boot is on, or flash_params would change it
 *                                           in secure download mode; or it is not raw and lies where the
 *                                           target's security keeps its own (docs/formats.md)
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT    no executable image at the chip's bootloader offset
 *  @retval ESP_LOADER_ERROR_IMAGE_CHIP      made for another chip; value: the image's chip id
 *  @retval ESP_LOADER_ERROR_IMAGE_REVISION  does not allow this chip's revision; value: the chip's
 *  @retval ESP_LOADER_ERROR_PARTITION       a partition exceeds the flash; value: its offset. Or an image
 *                                           exceeds its partition in the table that the target has (fault
 *                                           IMAGE_LARGER); value: size of the image
 *  @return or, with the image's range possibly erased (see its report):
 *  @retval ESP_LOADER_ERROR_CANCELLED       is_cancelled() said so
 *  @retval ESP_LOADER_ERROR_SOURCE          read() failed; value: what it returned, or 0: the image is not
 *                                           the one that it was when writing began
 *  @retval ESP_LOADER_ERROR_INVALID_MD5     the flash does not hold the image */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_plan_run(esp_loader_t *loader, const esp_loader_image_t *images, size_t count,
                                       const esp_loader_plan_options_t *options,
                                       esp_loader_image_report_t *reports);

#ifdef __cplusplus
}
#endif

#endif
