/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the firmware of a co-processor as a manifest says: ESP-Hosted, a Thread RCP, AT firmware. Call
 * coprocessor_update() at every start of the host. Whatever was interrupted the last time, and wherever, it finishes:
 * what is missing is asked of the flash itself, and the way to it is the chip's ROM, which no write can damage. No
 * heap, no static data; README.md says what happens at each cut of the power.
 */
#ifndef COPROCESSOR_UPDATE_H
#define COPROCESSOR_UPDATE_H

#include "esp_loader_plan.h"

enum {
    COPROCESSOR_IMAGES_MAX = 6,    /**< images of a manifest */
    COPROCESSOR_VERSION_SIZE = 33, /**< bytes of a version text with its NUL, as in esp_app_desc_t */
    COPROCESSOR_MARK_SIZE = ESP_LOADER_MD5_SIZE,
};

/** One image of a manifest. */
typedef struct {
    const char *name;                 /**< for progress, may be NULL */
    uint32_t offset;                  /**< in flash, a multiple of 4096 */
    uint32_t size;                    /**< bytes */
    uint8_t md5[ESP_LOADER_MD5_SIZE]; /**< of its bytes: what a loader on the target can compute, too */
    bool is_raw;                      /**< data that is not to be interpreted: esp_loader_image_t */
} coprocessor_image_t;

/** What the co-processor is to hold. Who may change it may change the firmware: check its signature first. */
typedef struct {
    target_chip_t chip;
    uint32_t min_revision; /**< of the chip, major * 100 + minor; 0 = any */
    const char
        *version; /**< as ask_version() tells it; at most COPROCESSOR_VERSION_SIZE bytes with the NUL */
    const coprocessor_image_t *images;
    size_t image_count;
} coprocessor_manifest_t;

/** What the host provides. All but read() may be NULL. */
typedef struct {
    /** Reads exactly @p size bytes at @p offset of image @p image: from flash, a file, a server that serves ranges.
     * Called in any order and more than once for the same bytes. Bytes that do not come are an error. */
    esp_loader_error_t (*read)(void *ctx, size_t image, uint32_t offset, void *buf, size_t size);
    /** Asks the running firmware for its version, a text with its NUL. An error means that no firmware runs that
     * could be asked. */
    esp_loader_error_t (*ask_version)(void *ctx, char out_version[COPROCESSOR_VERSION_SIZE]);
    /** Updates through the running firmware, to another slot, and starts that. Whatever it returns, the version is
     * asked afterwards. Needs ask_version() and both functions of the mark. */
    esp_loader_error_t (*update_itself)(void *ctx, const coprocessor_manifest_t *manifest);
    /** The mark: 16 bytes that outlive a loss of power, of any value at first. It is stored before flash is erased
     * and after it was verified. A mark that was cut while it was stored may be read as anything but a mixture of
     * bits that happens to be the new one. */
    esp_loader_error_t (*load_mark)(void *ctx, uint8_t out_mark[COPROCESSOR_MARK_SIZE]);
    esp_loader_error_t (*store_mark)(void *ctx, const uint8_t mark[COPROCESSOR_MARK_SIZE]);
    /** Progress of flashing through the loader. */
    void (*on_event)(void *ctx, const esp_loader_plan_event_t *event);
    void *ctx; /**< passed to all */
} coprocessor_host_t;

/** How it ended. */
typedef enum {
    COPROCESSOR_UP_TO_DATE =
        0, /**< it holds what the manifest says, or runs the version that it has updated itself to;
                                   the loader changed not a byte of its flash */
    COPROCESSOR_UPDATED,        /**< written and verified through the loader */
    COPROCESSOR_UPDATED_ITSELF, /**< through its own firmware, and the version asked for runs */
    COPROCESSOR_UNCHANGED,      /**< failed, see `reason`; not a byte of its flash was changed */
    COPROCESSOR_INCOMPLETE, /**< failed, see `reason`; its flash may be changed in part: the next call goes on */
} coprocessor_result_t;

/** Why it failed. */
typedef enum {
    COPROCESSOR_NO_REASON = 0,
    COPROCESSOR_BAD_ARGUMENT, /**< a manifest, buffer or set of callbacks that cannot be worked with */
    COPROCESSOR_DOWNGRADE,    /**< what runs is newer */
    COPROCESSOR_SOURCE,       /**< an image could not be read, see `error` */
    COPROCESSOR_DIGEST,       /**< an image's bytes are not those that the manifest names */
    COPROCESSOR_CHIP,         /**< image, manifest and target are not of one chip */
    COPROCESSOR_REVISION,     /**< the chip is older than the manifest permits */
    COPROCESSOR_LINK,         /**< connecting, or asking the target; see `error` */
    COPROCESSOR_MARK,         /**< the mark could not be stored before the erase */
    COPROCESSOR_OTHER_RUNS, /**< the flash holds the images, and another version runs: from a slot that they leave alone */
    COPROCESSOR_PLAN, /**< the plan refused the images or failed; see `error` and esp_loader_error_detail() */
} coprocessor_reason_t;

/** One update. Fill the first part; 332 bytes on a 32-bit host. */
typedef struct {
    const coprocessor_manifest_t *manifest;
    const coprocessor_host_t *host;
    uint8_t *buffer;    /**< one block, better two: 256 bytes to 32 KiB, esp_loader_plan_options_t */
    size_t buffer_size; /**< bytes */
    bool use_stub;      /**< flash through the flasher stub, where there is one for the chip; SDIO needs it */
    bool allows_downgrade;

    /* set by coprocessor_update() */
    coprocessor_reason_t reason;
    esp_loader_error_t error; /**< of `reason` */
    size_t image;             /**< the one concerned, image_count if it is none */
    uint32_t sectors_erased;  /**< of the co-processor's flash, through the loader; blank ones are not */
    uint32_t bytes_written;   /**< to it, the same way */
    bool _has_begun;
    bool _is_source_checked;
    char _running[COPROCESSOR_VERSION_SIZE]; /* "" = nobody answers */
    struct coprocessor_reader {
        const coprocessor_host_t *host;
        size_t image;
    } _readers[COPROCESSOR_IMAGES_MAX];
    esp_loader_image_t _images[COPROCESSOR_IMAGES_MAX];
} coprocessor_update_t;

/** Brings the co-processor to what the manifest says. Asks its firmware first, where it can be asked; looks at the whole
 * of the images before anything is erased; uses the co-processor's own update, where that works, and otherwise its ROM;
 * asks again what runs then. Afterwards the co-processor has been reset into its firmware, unless the result is INCOMPLETE.
 *  @param loader  a session that esp_loader_init_serial() or esp_loader_init_sdio() has opened; the port must be able
 *                 to reset the co-processor into download mode */
coprocessor_result_t coprocessor_update(coprocessor_update_t *update, esp_loader_t *loader);

/** Is @p version older than @p than? Only the numbers they begin with are compared ("v1.10.2-dirty" is 1.10.2); a text
 * without one is neither. */
bool coprocessor_is_older(const char *version, const char *than);

#endif
