/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans: several images flashed, verified and reported in one checked job. Everything that can be checked
 * before the first erase is checked before the first erase. The caller owns all memory; a host needs RAM for
 * one block only.
 */
#ifndef ESP_LOADER_PLAN_H
#define ESP_LOADER_PLAN_H

#include "esp_loader.h"
#include "esp_loader_image.h"
#include "esp_loader_rate.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_LOADER_SECTOR_SIZE 4096u /**< smallest erasable unit, bytes */

/** One image of a plan. */
typedef struct {
    const char *name;           /**< for messages and events, e.g. "bootloader"; may be NULL */
    uint32_t offset;            /**< flash offset, multiple of 4096 */
    esp_loader_source_t source; /**< its bytes; read more than once, in any order */
    /** true: do not interpret the content: no header, chip, partition or security check. Set it also for
     * content encrypted on the host. */
    bool is_raw;
    /** The whole of `source` as one zlib stream (RFC 1950, window at most 32 KiB), compressed beforehand;
     * size 0 = none. Sent instead of `source` through the stub where that is faster (on a UART, not on USB).
     * Not used for an image of which only parts differ or whose header is patched. */
    esp_loader_source_t deflated;
} esp_loader_image_t;

/** The host's compressor: makes zlib streams (RFC 1950, window at most 32 KiB) of what a plan sends. */
typedef struct {
    /** Compresses @p content, a part of an image as it will be in flash.
     *  @param content       valid during the call; its read() may be used in any order
     *  @param out_deflated  the zlib stream, valid until the next call; size 0 = send as it is
     *  @return an error ends the plan: ESP_LOADER_ERROR_SOURCE, value: the error */
    esp_loader_error_t (*deflate)(void *ctx, const esp_loader_source_t *content,
                                  esp_loader_source_t *out_deflated);
    void *ctx; /**< passed to it */
} esp_loader_deflater_t;

/** What became of larger pieces (esp_loader_pieces_t). */
typedef enum {
    ESP_LOADER_PIECES_UNUSED = 0, /**< nothing was done to the flash */
    ESP_LOADER_PIECES_UNSUPPORTED, /**< not on this chip, with a flash of this size, in secure download mode or with
                                      another stub than the library's, started by this session, or without verification */
    ESP_LOADER_PIECES_UNKNOWN, /**< the loader's table is not as known: it was left alone, pieces as usual */
    ESP_LOADER_PIECES_USED,    /**< the target had them */
    ESP_LOADER_PIECES_FAILED, /**< what was written with them was wrong; the plan went on with the usual ones */
} esp_loader_pieces_result_t;

/** How larger pieces are made, opaque. */
typedef struct eli_pieces_code esp_loader_pieces_code_t;

/** Lets the loader's own flash routines program and read 64 bytes per SPI transaction instead of 32 and 16: begin with
 * `.code = &esp_loader_pieces_64`. The plan sets two words in the target's RAM after the flash is attached, and puts
 * them back at its end, whichever it is; after a lost connection the target's next reset does. With ESP32-S3, C2, C3,
 * C5, C6, C61, H2, P4 and S31, ROM loader or stub; not above 16 MB of flash on S3, C5, C61, P4 and S31. */
typedef struct {
    const esp_loader_pieces_code_t *code; /**< &esp_loader_pieces_64 */
    esp_loader_pieces_result_t result;    /**< set by esp_loader_plan_run() */
    bool is_left;                         /**< set by it: the words could not be put back, a reset will */
    bool _is_changing;                    /* a word is being written: it may be anything by now */
    uint32_t _table;
} esp_loader_pieces_t;

/** Pieces of 64 bytes; a program that does not name it does not have the code for them. */
extern const esp_loader_pieces_code_t esp_loader_pieces_64;

/** What a plan is doing with an image. */
typedef enum {
    ESP_LOADER_PLAN_COMPARE = 0, /**< comparing with what the flash holds; one event per query */
    ESP_LOADER_PLAN_ERASE,       /**< about to erase for the first time */
    ESP_LOADER_PLAN_WRITE,       /**< one event when it starts (done 0), one per block */
    ESP_LOADER_PLAN_VERIFY,      /**< comparing the target's MD5 of the image */
    ESP_LOADER_PLAN_DONE,        /**< finished with this image without error; its report is complete */
} esp_loader_plan_step_t;

/** Progress report to the caller. Images that are flashed as one are compared under the index of the first; then
 * each is written; then each is verified and DONE. */
typedef struct {
    esp_loader_plan_step_t step;     /**< what is being done */
    size_t image_index;              /**< with which image: its index in the plan */
    const esp_loader_image_t *image; /**< the image */
    /** Bytes completed so far (compared, written or already present). Decreases when a lost block makes the
     * plan compare again, or when the final check finds that an image has been damaged. */
    uint32_t done;
    uint32_t total; /**< bytes of the image */
} esp_loader_plan_event_t;

/** How to run a plan. Zero is the default everywhere; `buffer` and `buffer_size` are mandatory. */
typedef struct {
    uint8_t *buffer; /**< work buffer; room for two blocks overlaps reading with writing */
    /** Size of `buffer`, bytes, at least 256. The block size is the largest power of two that fits, at most
     * 16384 and at most what the loader accepts (ROM: 1024). With twice that, the next block is read while
     * the target works on the current one. To a ROM over USB-Serial/JTAG half of the buffer is sent at a time,
     * from 2048 bytes up to 6144. */
    size_t buffer_size;
    bool skip_verify;   /**< do not compare MD5 after writing; reports then say WRITTEN */
    bool rewrite_equal; /**< write everything, also content the flash already holds */
    /** Patches the header of the bootloader, the image at the chip's bootloader offset, whichever file holds
     * it; NULL = keep. */
    const esp_loader_flash_params_t *flash_params;
    /** Progress; may be NULL; must not call the loader. */
    void (*on_event)(void *ctx, const esp_loader_plan_event_t *event);
    /** Called before every block, also while comparing, and before every erase; true stops; may be NULL. */
    bool (*is_cancelled)(void *ctx);
    void *ctx; /**< passed to both */
    /** Compresses data sent through the stub where that is faster (on a UART, not on USB); may be NULL. */
    const esp_loader_deflater_t *deflater;
    /** true: the baud rate stays as it is. Otherwise a plan that has more than 16 KiB to write raises it first
     * (esp_loader_raise_rate()), goes on at a lower one when something does not arrive, and sets it back at its
     * end. That needs a port that can reset the target or states its highest rate, or `rate`. A rate that was set
     * by esp_loader_change_transmission_rate() stays, and so does any in a build with ESP_LOADER_SMALL. */
    bool keep_rate;
    const esp_loader_rate_options_t *rate; /**< how to look for it; NULL = the defaults */
    /** Where the target has its own partition table, which counts where the plan brings none; 0 = 0x8000. */
    uint32_t partition_table_offset;
    /** true: esp_loader_plan_check() has accepted the images, and they have not changed since. Then checksum and
     * SHA-256 of executable images are not computed again: for a plan that runs on many targets. */
    bool content_is_checked;
    esp_loader_pieces_t
        *pieces; /**< larger pieces where the target can be told to; NULL = as its loader has them */
} esp_loader_plan_options_t;

/** Result for one image. */
typedef enum {
    ESP_LOADER_IMAGE_NOT_STARTED = 0,
    ESP_LOADER_IMAGE_EQUAL, /**< the flash already held it; nothing was written */
    /** Differences are written, and the target's MD5 of the image matches. In a run that succeeds this was so after
     * the last erase; in one that fails, when the image was written. */
    ESP_LOADER_IMAGE_VERIFIED,
    ESP_LOADER_IMAGE_UNVERIFIED, /**< written, but this loader has no MD5 */
    ESP_LOADER_IMAGE_WRITTEN,    /**< written, verification was not requested */
    /** See `error`; its flash range is as it was if sectors_erased and bytes_sent are 0, else undefined. */
    ESP_LOADER_IMAGE_FAILED,
} esp_loader_image_result_t;

/** What happened to one image. */
typedef struct {
    esp_loader_image_result_t result; /**< what became of it */
    esp_loader_error_t error;         /**< cause when result is FAILED */
    uint32_t bytes;                   /**< bytes of the image */
    /** Payload bytes the target acknowledged: less than `bytes` if parts were already present or compressed,
     * more if a lost block made the plan write something again. Of images that are flashed as one, erased flash
     * up to the next image is counted as well, and compressed bytes are shared out by size. */
    uint32_t bytes_sent;
    /** 4 KiB sectors requested to be erased. A stub skips blank ones; they count where writing to them failed. */
    uint32_t sectors_erased;
    uint32_t time_ms; /**< on the port's clock; 0 on a first-generation port, which has none */
} esp_loader_image_report_t;

/** Checks everything that can be checked without a target. The rules: docs/formats.md.
 *  @param out_detail  set on every return, may be NULL. On failure: stage CHECK; `image` (-1 = arguments);
 *                     `address`, the flash offset of the part concerned; `fault`, what exactly is wrong with
 *                     it; `partition`, the label of the partition concerned; and `value`, as described below
 *                     or with the fault.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM   no images, no buffer or one too small, invalid flash_params; or
 *                                           an image without read() or without bytes
 *  @retval ESP_LOADER_ERROR_ALIGNMENT       offset is not a multiple of 4096
 *  @retval ESP_LOADER_ERROR_FLASH_RANGE     offset and size exceed 32 bits; value: size
 *  @retval ESP_LOADER_ERROR_OVERLAP         shares a sector with an earlier image; value: that one's offset
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT    no valid executable image where one is required
 *  @retval ESP_LOADER_ERROR_IMAGE_CHECKSUM  checksum or SHA-256 of an executable image does not match
 *  @retval ESP_LOADER_ERROR_IMAGE_CHIP      made for another chip than an earlier image; value: its chip id
 *  @retval ESP_LOADER_ERROR_IMAGE_PLACE     at an offset where it cannot start, or where another image
 *                                           belongs; see fault
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
 * image by image in the given order: compare, and erase, write and verify the sectors that differ. Images that
 * follow each other in the list and, sector by sector, in flash are flashed as one. When comparing no longer
 * pays off, the rest is written without comparing (docs/architecture.md, "Plans"). Each
 * image is verified as a whole, and at the end once more if a later erase could have hit it; with a stub also
 * the content after it. After an error on the link the plan compares again and writes what is missing, as
 * long as less is missing each time; any other failure ends it. After a lost connection, connect again and
 * run the same plan: it writes what is missing. To a loader without MD5 everything is written. Uses about
 * 1.75 KiB of stack on a Cortex-M0+, plus that of the port and of read().
 *  @param reports  @p count elements, filled on every return; may be NULL
 *  @return as esp_loader_plan_check(), or one of the following, and then nothing was erased:
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause FLASH_SIZE: the size cannot be derived from the flash
 *                                             chip's id; value: the id; see esp_loader_flash_set_size()
 *  @retval ESP_LOADER_ERROR_FLASH_WRAPS     the flash is smaller than its id or the stated size; value: upper
 *                                           bound of its size. Checked by esp_loader_flash_measure_size() if
 *                                           the size was stated, or an image ends beyond the middle. With
 *                                           stage VERIFY everything has been written: the flash was blank
 *                                           before, or the wrap has destroyed an image
 *  @retval ESP_LOADER_ERROR_IMAGE_SIZE      exceeds the flash or the loader's reach (cause FLASH_RANGE); or
 *                                           the bootloader's header states more than the flash (fault
 *                                           HEADER_SIZE)
 *  @retval ESP_LOADER_ERROR_SECURITY        flash encryption is on and the image is not raw; or it is the
 *                                           bootloader and secure boot is on, or flash_params would change it
 *                                           in secure download mode; or a non-raw image overlaps an area
 *                                           reserved by secure boot or the key manager (docs/formats.md)
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT    no executable image at the chip's bootloader offset
 *  @retval ESP_LOADER_ERROR_IMAGE_CHIP      made for another chip; value: the image's chip id
 *  @retval ESP_LOADER_ERROR_IMAGE_REVISION  does not support this chip's revision; value: the chip's
 *  @retval ESP_LOADER_ERROR_PARTITION       a partition exceeds the flash; value: its offset. Or an image
 *                                           exceeds its partition in the table on the target (fault
 *                                           IMAGE_LARGER); value: size of the image
 *  @return or, with the image's range possibly erased (see its report):
 *  @retval ESP_LOADER_ERROR_TIMEOUT         cause RATE: the target was lost while a higher baud rate was looked
 *                                           for (esp_loader_raise_rate())
 *  @retval ESP_LOADER_ERROR_CANCELLED       is_cancelled() returned true
 *  @retval ESP_LOADER_ERROR_SOURCE          read() failed; value: what it returned, or 0: the content has
 *                                           changed since writing began (`image` is the first of those that
 *                                           are flashed as one, where it is not known which has)
 *  @retval ESP_LOADER_ERROR_INVALID_MD5     the flash does not hold the image; fault ERASED_BEYOND: it does,
 *                                           but the content after it, at `address`, was erased */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_plan_run(esp_loader_t *loader, const esp_loader_image_t *images, size_t count,
                                       const esp_loader_plan_options_t *options,
                                       esp_loader_image_report_t *reports);

#ifdef __cplusplus
}
#endif

#endif
