/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Error values: one enumeration for everything that can go wrong, and the record of what failed, where, and
 * at which target address. Nothing here does I/O. Codes 0 to 9 are those of the 2.0 API, 10 and 11 those
 * of 2.1; they never change.
 */
#ifndef ESP_LOADER_ERROR_H
#define ESP_LOADER_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks results that a caller must check. Only on functions the 2.0 API does not have: existing programs
 * build with warnings as errors. */
#if defined(__GNUC__)
#define ESP_LOADER_MUST_CHECK __attribute__((warn_unused_result))
#else
#define ESP_LOADER_MUST_CHECK
#endif

/** Result of every function that can fail.
 *
 * Functions of the 2.0 API return the code that API documents; esp_loader_error_detail() then holds the
 * distinct cause, which may be one of our own codes, 12 and above. */
typedef enum {
    ESP_LOADER_SUCCESS = 0,            /**< done */
    ESP_LOADER_ERROR_FAIL,             /**< unspecified failure, reported by a first-generation port */
    ESP_LOADER_ERROR_TIMEOUT,          /**< no complete reply before the deadline */
    ESP_LOADER_ERROR_IMAGE_SIZE,       /**< image is larger than the flash, or than was announced */
    ESP_LOADER_ERROR_INVALID_MD5,      /**< flash content differs from what was sent */
    ESP_LOADER_ERROR_INVALID_PARAM,    /**< argument out of its documented range, or call out of order */
    ESP_LOADER_ERROR_INVALID_TARGET,   /**< image, chip revision or chip state does not fit this target */
    ESP_LOADER_ERROR_UNSUPPORTED_CHIP, /**< the target identified itself as a chip this build does not know */
    ESP_LOADER_ERROR_UNSUPPORTED_FUNC, /**< not available on this target, loader or transport */
    ESP_LOADER_ERROR_INVALID_RESPONSE, /**< the target rejected the command, or invalid reply */
    ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, /**< an eFuse block or key holds data, or is protected */
    ESP_LOADER_ERROR_EFUSE_BURN_FAILED,  /**< eFuse bits do not read as burnt, or errors stay */

    ESP_LOADER_ERROR_DISCONNECTED,    /**< the device left the bus or the connection was closed */
    ESP_LOADER_ERROR_IO,              /**< the port failed to read, write or set its lines */
    ESP_LOADER_ERROR_PORT_NOT_FOUND,  /**< no such device or address */
    ESP_LOADER_ERROR_PORT_BUSY,       /**< another program uses the device */
    ESP_LOADER_ERROR_PORT_ACCESS,     /**< no permission to open the device */
    ESP_LOADER_ERROR_CANCELLED,       /**< the caller asked to stop */
    ESP_LOADER_ERROR_NOT_CONNECTED,   /**< needs a successful connect first */
    ESP_LOADER_ERROR_TARGET_STATUS,   /**< the target executed the command and reported a failure */
    ESP_LOADER_ERROR_CHECKSUM,        /**< checksum error in a block, after all retries */
    ESP_LOADER_ERROR_MALFORMED_REPLY, /**< reply too short, too long, or undecodable */
    ESP_LOADER_ERROR_FLASH_ID,        /**< the flash chip did not answer, or its id is invalid */
    ESP_LOADER_ERROR_FLASH_RANGE,     /**< range exceeds the flash, or what this loader can address */
    ESP_LOADER_ERROR_ALIGNMENT,       /**< offset or size is not a multiple of what the operation requires */
    ESP_LOADER_ERROR_OVERLAP,         /**< two images share an erase sector */
    ESP_LOADER_ERROR_IMAGE_FORMAT,    /**< executable image is truncated or its structure is invalid */
    ESP_LOADER_ERROR_IMAGE_CHECKSUM,  /**< checksum or SHA-256 of an executable image does not match */
    ESP_LOADER_ERROR_IMAGE_CHIP,      /**< executable image is built for another chip */
    ESP_LOADER_ERROR_IMAGE_REVISION,  /**< executable image does not support this chip's revision */
    ESP_LOADER_ERROR_PARTITION,       /**< image does not fit the partition table, or the table is invalid */
    ESP_LOADER_ERROR_SOURCE,          /**< an image's read function failed */
    ESP_LOADER_ERROR_SECURITY,        /**< the target's security settings forbid it */
    ESP_LOADER_ERROR_RATE,            /**< the target does not answer at the new rate */
    ESP_LOADER_ERROR_IMAGE_PLACE,     /**< an image cannot start at its offset, or belongs elsewhere */

    ESP_LOADER_ERROR_FLASH_SIZE,  /**< the flash size is neither in the flash chip's id nor stated */
    ESP_LOADER_ERROR_FLASH_WRAPS, /**< the flash is smaller than its id or the stated size */

    ESP_LOADER_ERROR_COUNT /**< number of codes; not an error */
} esp_loader_error_t;

/** What the library was doing when an operation failed. */
typedef enum {
    ESP_LOADER_STAGE_NONE = 0, /**< nothing has failed */
    ESP_LOADER_STAGE_OPEN,     /**< opening the port */
    ESP_LOADER_STAGE_CHECK,    /**< checking arguments and images; the target was not touched */
    ESP_LOADER_STAGE_RESET,    /**< putting the target into download mode, or out of it */
    ESP_LOADER_STAGE_SYNC,     /**< waiting for the loader on the target to answer */
    ESP_LOADER_STAGE_DETECT,   /**< identifying the chip */
    ESP_LOADER_STAGE_STUB,     /**< starting the flasher stub */
    ESP_LOADER_STAGE_ATTACH,   /**< attaching and identifying the flash chip */
    ESP_LOADER_STAGE_ERASE,    /**< erasing, including the erase inside FLASH_BEGIN */
    ESP_LOADER_STAGE_WRITE,    /**< writing flash */
    ESP_LOADER_STAGE_VERIFY,   /**< comparing flash with what was sent */
    ESP_LOADER_STAGE_READ,     /**< reading flash */
    ESP_LOADER_STAGE_RAM,      /**< loading or starting a RAM image */
    ESP_LOADER_STAGE_REGISTER, /**< reading or writing registers, MAC, security information */
    ESP_LOADER_STAGE_RATE,     /**< changing the baud rate */
    ESP_LOADER_STAGE_COUNT     /**< number of stages; not a stage */
} esp_loader_stage_t;

/** What exactly is wrong with an image or a partition table, where the error code alone is ambiguous. */
typedef enum {
    ESP_LOADER_FAULT_NONE = 0,

    /* ESP_LOADER_ERROR_PARTITION: the table itself */
    ESP_LOADER_FAULT_TABLE_EMPTY,         /**< it has no entry */
    ESP_LOADER_FAULT_TABLE_END,           /**< no end mark after its last entry */
    ESP_LOADER_FAULT_TABLE_MD5,           /**< its MD5 does not match */
    ESP_LOADER_FAULT_TABLE_SECOND,        /**< a second table, outside every partition of the first */
    ESP_LOADER_FAULT_PARTITION_ALIGNMENT, /**< not aligned to 64 KB (app) or 4 KB */
    ESP_LOADER_FAULT_PARTITION_EMPTY,     /**< its size is 0 */
    ESP_LOADER_FAULT_PARTITION_END,       /**< ends beyond 32 bits */
    ESP_LOADER_FAULT_PARTITION_OVERLAP,   /**< overlaps an earlier one */
    ESP_LOADER_FAULT_PARTITION_POSITION,  /**< begins before the end of the table */
    ESP_LOADER_FAULT_PARTITION_FLASH,     /**< ends beyond the flash; value: its offset */
    ESP_LOADER_FAULT_PARTITION_HEADER,    /**< ends beyond the size in the bootloader's header; value: that */
    /* ESP_LOADER_ERROR_PARTITION: an image and the table */
    ESP_LOADER_FAULT_IMAGE_OUTSIDE, /**< is outside every partition; value: its size */
    ESP_LOADER_FAULT_IMAGE_LARGER,  /**< is larger than its partition; value: its size */

    /* ESP_LOADER_ERROR_IMAGE_PLACE */
    ESP_LOADER_FAULT_PLACE_BOOTLOADER, /**< an app where the bootloader belongs */
    ESP_LOADER_FAULT_PLACE_OFFSET,     /**< not its chip's bootloader offset; value: that */
    ESP_LOADER_FAULT_PLACE_APP,        /**< a bootloader where an app belongs */
    ESP_LOADER_FAULT_PLACE_TABLE,      /**< where the partition table belongs */

    ESP_LOADER_FAULT_FOREIGN,       /**< ERROR_IMAGE_FORMAT: other format; value: its esp_loader_format_t */
    ESP_LOADER_FAULT_HEADER_SIZE,   /**< ERROR_IMAGE_SIZE: header states more than the flash; value: that */
    ESP_LOADER_FAULT_SIGNED,        /**< ERROR_SECURITY: signed, so its flash parameters cannot be changed */
    ESP_LOADER_FAULT_ERASED_BEYOND, /**< ERROR_INVALID_MD5: more was erased after it; value: bytes checked */
    ESP_LOADER_FAULT_COUNT          /**< number of faults; not a fault */
} esp_loader_fault_t;

#define ESP_LOADER_PARTITION_LABEL_SIZE 17 /**< with its NUL */

/** Details of the last failure of a session. */
typedef struct {
    esp_loader_error_t error; /**< code the failing function returned */
    esp_loader_error_t cause; /**< distinct cause; equal to @c error where that is distinct */
    esp_loader_stage_t stage; /**< what was being done */
    uint8_t command;          /**< opcode of the command that failed, 0 if none was on the wire */
    uint8_t target_status;    /**< first status byte of the target's reply, 0 if none */
    uint8_t target_reason;    /**< second status byte (the loader's error code), 0 if none */
    uint8_t fault;            /**< esp_loader_fault_t: what is wrong with an image or table */
    uint16_t attempts;        /**< number of tries, at least 1 once something was sent */
    uint32_t address;         /**< flash offset, RAM or register address concerned, else 0 */
    uint32_t value;           /**< the offending value: flash id, chip id, magic or size, else 0 */
    int32_t image;            /**< index in the plan of the image concerned, -1 if none */
    char partition[ESP_LOADER_PARTITION_LABEL_SIZE]; /**< label of the partition concerned, "" if none */
} esp_loader_error_detail_t;

/** Name of a code as written in this header, e.g. "ESP_LOADER_ERROR_TIMEOUT"; never NULL. */
const char *esp_loader_error_name(esp_loader_error_t error);

/** One plain sentence fragment for people, e.g. "the target did not answer in time"; never NULL. */
const char *esp_loader_error_text(esp_loader_error_t error);

/** Sentence fragment about the partition, if the detail names one, else about the image: "overlaps an earlier
 * partition"; never NULL. */
const char *esp_loader_fault_text(esp_loader_fault_t fault);

/** Short name of a stage for messages, e.g. "connecting"; never NULL. */
const char *esp_loader_stage_name(esp_loader_stage_t stage);

#ifdef __cplusplus
}
#endif

#endif
