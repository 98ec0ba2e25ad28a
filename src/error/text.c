/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names and texts of error codes, faults and stages. Each function has its own table: a program that does not
 * use one does not link it.
 */
#include "esp_loader_error.h"

#include "common/count_of.h"

#define NAME_OF(code) [code] = #code

const char *esp_loader_error_name(esp_loader_error_t error)
{
    static const char *const names[] = {
        NAME_OF(ESP_LOADER_SUCCESS),
        NAME_OF(ESP_LOADER_ERROR_FAIL),
        NAME_OF(ESP_LOADER_ERROR_TIMEOUT),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_SIZE),
        NAME_OF(ESP_LOADER_ERROR_INVALID_MD5),
        NAME_OF(ESP_LOADER_ERROR_INVALID_PARAM),
        NAME_OF(ESP_LOADER_ERROR_INVALID_TARGET),
        NAME_OF(ESP_LOADER_ERROR_UNSUPPORTED_CHIP),
        NAME_OF(ESP_LOADER_ERROR_UNSUPPORTED_FUNC),
        NAME_OF(ESP_LOADER_ERROR_INVALID_RESPONSE),
        NAME_OF(ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE),
        NAME_OF(ESP_LOADER_ERROR_EFUSE_BURN_FAILED),
        NAME_OF(ESP_LOADER_ERROR_DISCONNECTED),
        NAME_OF(ESP_LOADER_ERROR_IO),
        NAME_OF(ESP_LOADER_ERROR_PORT_NOT_FOUND),
        NAME_OF(ESP_LOADER_ERROR_PORT_BUSY),
        NAME_OF(ESP_LOADER_ERROR_PORT_ACCESS),
        NAME_OF(ESP_LOADER_ERROR_CANCELLED),
        NAME_OF(ESP_LOADER_ERROR_NOT_CONNECTED),
        NAME_OF(ESP_LOADER_ERROR_TARGET_STATUS),
        NAME_OF(ESP_LOADER_ERROR_CHECKSUM),
        NAME_OF(ESP_LOADER_ERROR_MALFORMED_REPLY),
        NAME_OF(ESP_LOADER_ERROR_FLASH_ID),
        NAME_OF(ESP_LOADER_ERROR_FLASH_RANGE),
        NAME_OF(ESP_LOADER_ERROR_ALIGNMENT),
        NAME_OF(ESP_LOADER_ERROR_OVERLAP),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_FORMAT),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_CHECKSUM),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_CHIP),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_REVISION),
        NAME_OF(ESP_LOADER_ERROR_PARTITION),
        NAME_OF(ESP_LOADER_ERROR_SOURCE),
        NAME_OF(ESP_LOADER_ERROR_SECURITY),
        NAME_OF(ESP_LOADER_ERROR_RATE),
        NAME_OF(ESP_LOADER_ERROR_IMAGE_PLACE),
        NAME_OF(ESP_LOADER_ERROR_FLASH_SIZE),
        NAME_OF(ESP_LOADER_ERROR_FLASH_WRAPS),
    };
    _Static_assert(ELI_COUNT_OF(names) == ESP_LOADER_ERROR_COUNT, "every code has a name");

    return (unsigned)error < ELI_COUNT_OF(names) ? names[error] : "unknown error";
}

const char *esp_loader_error_text(esp_loader_error_t error)
{
    static const char *const texts[] = {
        [ESP_LOADER_SUCCESS] = "success",
        [ESP_LOADER_ERROR_FAIL] = "the port reported a failure without a reason",
        [ESP_LOADER_ERROR_TIMEOUT] = "the target did not answer in time",
        [ESP_LOADER_ERROR_IMAGE_SIZE] = "the image does not fit",
        [ESP_LOADER_ERROR_INVALID_MD5] = "the flash does not hold what was sent",
        [ESP_LOADER_ERROR_INVALID_PARAM] = "an argument is out of its range, or the call is out of order",
        [ESP_LOADER_ERROR_INVALID_TARGET] = "not possible with this target in its present state",
        [ESP_LOADER_ERROR_UNSUPPORTED_CHIP] = "the target is a chip this build does not know",
        [ESP_LOADER_ERROR_UNSUPPORTED_FUNC] = "not available on this target, loader or transport",
        [ESP_LOADER_ERROR_INVALID_RESPONSE] = "the target rejected the command, or its reply was invalid",
        [ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE] = "the eFuse block holds data or is write-protected",
        [ESP_LOADER_ERROR_EFUSE_BURN_FAILED] = "eFuse bits did not read back as burnt",
        [ESP_LOADER_ERROR_DISCONNECTED] = "the device was disconnected",
        [ESP_LOADER_ERROR_IO] = "reading from or writing to the port failed",
        [ESP_LOADER_ERROR_PORT_NOT_FOUND] = "there is no such device or address",
        [ESP_LOADER_ERROR_PORT_BUSY] = "another program uses the device",
        [ESP_LOADER_ERROR_PORT_ACCESS] = "no permission to open the device",
        [ESP_LOADER_ERROR_CANCELLED] = "cancelled",
        [ESP_LOADER_ERROR_NOT_CONNECTED] = "no target is connected",
        [ESP_LOADER_ERROR_TARGET_STATUS] = "the target reported a failure",
        [ESP_LOADER_ERROR_CHECKSUM] = "the target found a block damaged every time it was sent",
        [ESP_LOADER_ERROR_MALFORMED_REPLY] = "the target's reply could not be decoded",
        [ESP_LOADER_ERROR_FLASH_ID] = "the flash chip did not answer",
        [ESP_LOADER_ERROR_FLASH_RANGE] = "the range exceeds the flash or what the loader can address",
        [ESP_LOADER_ERROR_ALIGNMENT] = "the offset or size is not aligned",
        [ESP_LOADER_ERROR_OVERLAP] = "two images share a flash sector",
        [ESP_LOADER_ERROR_IMAGE_FORMAT] = "not a complete executable image",
        [ESP_LOADER_ERROR_IMAGE_CHECKSUM] = "the executable image is damaged: its checksum does not fit",
        [ESP_LOADER_ERROR_IMAGE_CHIP] = "the executable image is for another chip",
        [ESP_LOADER_ERROR_IMAGE_REVISION] = "the executable image does not allow this chip's revision",
        [ESP_LOADER_ERROR_PARTITION] = "the partition table is invalid or the image does not fit it",
        [ESP_LOADER_ERROR_SOURCE] = "the image could not be read",
        [ESP_LOADER_ERROR_SECURITY] = "the target's security settings forbid it",
        [ESP_LOADER_ERROR_RATE] = "the target does not answer at the new rate",
        [ESP_LOADER_ERROR_IMAGE_PLACE] = "the image is where it cannot start",
        [ESP_LOADER_ERROR_FLASH_SIZE] = "the flash size cannot be derived from the flash chip's id",
        [ESP_LOADER_ERROR_FLASH_WRAPS] =
            "the flash is smaller than it is taken for: its content repeats itself",
    };
    _Static_assert(ELI_COUNT_OF(texts) == ESP_LOADER_ERROR_COUNT, "every code has a text");

    return (unsigned)error < ELI_COUNT_OF(texts) ? texts[error] : "unknown error";
}

const char *esp_loader_fault_text(esp_loader_fault_t fault)
{
    static const char *const texts[] = {
        [ESP_LOADER_FAULT_NONE] = "no fault",
        [ESP_LOADER_FAULT_TABLE_EMPTY] = "the partition table has no entry",
        [ESP_LOADER_FAULT_TABLE_END] = "the partition table has no end mark after its last entry",
        [ESP_LOADER_FAULT_TABLE_MD5] = "the MD5 in the partition table does not fit its entries",
        [ESP_LOADER_FAULT_TABLE_SECOND] = "is a second partition table, in no partition of the first",
        [ESP_LOADER_FAULT_PARTITION_ALIGNMENT] =
            "begins on no multiple of its alignment, 64 KB for apps, else 4 KB",
        [ESP_LOADER_FAULT_PARTITION_EMPTY] = "has a size of 0",
        [ESP_LOADER_FAULT_PARTITION_END] = "ends beyond 4 GB",
        [ESP_LOADER_FAULT_PARTITION_OVERLAP] = "overlaps an earlier partition",
        [ESP_LOADER_FAULT_PARTITION_POSITION] = "begins before the end of the partition table",
        [ESP_LOADER_FAULT_PARTITION_FLASH] = "ends beyond the flash",
        [ESP_LOADER_FAULT_PARTITION_HEADER] = "ends beyond the flash size in the bootloader's header",
        [ESP_LOADER_FAULT_IMAGE_OUTSIDE] = "lies in no partition of the table",
        [ESP_LOADER_FAULT_IMAGE_LARGER] = "is too small for the image",
        [ESP_LOADER_FAULT_PLACE_BOOTLOADER] = "is an app, where the bootloader belongs",
        [ESP_LOADER_FAULT_PLACE_OFFSET] = "is not where its chip looks for a bootloader",
        [ESP_LOADER_FAULT_PLACE_APP] = "is a bootloader, where an app belongs",
        [ESP_LOADER_FAULT_PLACE_TABLE] = "puts something else in the place of the partition table",
        [ESP_LOADER_FAULT_FOREIGN] =
            "is a file of another format, where the chip expects an image or a table",
        [ESP_LOADER_FAULT_HEADER_SIZE] = "its header states more flash than the target has",
        [ESP_LOADER_FAULT_SIGNED] = "is signed: its flash parameters cannot be changed",
        [ESP_LOADER_FAULT_ERASED_BEYOND] =
            "the content there, after the image, was erased with it and is lost",
    };
    _Static_assert(ELI_COUNT_OF(texts) == ESP_LOADER_FAULT_COUNT, "every fault has a text");

    return (unsigned)fault < ELI_COUNT_OF(texts) ? texts[fault] : "unknown fault";
}

const char *esp_loader_stage_name(esp_loader_stage_t stage)
{
    static const char *const names[] = {
        [ESP_LOADER_STAGE_NONE] = "nothing",           [ESP_LOADER_STAGE_OPEN] = "opening the port",
        [ESP_LOADER_STAGE_CHECK] = "checking",         [ESP_LOADER_STAGE_RESET] = "resetting",
        [ESP_LOADER_STAGE_SYNC] = "connecting",        [ESP_LOADER_STAGE_DETECT] = "identifying the chip",
        [ESP_LOADER_STAGE_STUB] = "starting the stub", [ESP_LOADER_STAGE_ATTACH] = "attaching the flash",
        [ESP_LOADER_STAGE_ERASE] = "erasing",          [ESP_LOADER_STAGE_WRITE] = "writing",
        [ESP_LOADER_STAGE_VERIFY] = "verifying",       [ESP_LOADER_STAGE_READ] = "reading",
        [ESP_LOADER_STAGE_RAM] = "loading to RAM",     [ESP_LOADER_STAGE_REGISTER] = "accessing registers",
        [ESP_LOADER_STAGE_RATE] = "changing the rate",
    };
    _Static_assert(ELI_COUNT_OF(names) == ESP_LOADER_STAGE_COUNT, "every stage has a name");

    return (unsigned)stage < ELI_COUNT_OF(names) ? names[stage] : "unknown stage";
}
