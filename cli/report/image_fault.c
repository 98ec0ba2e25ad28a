/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Words for the faults of images and tables. What is not in the error's detail is read from the image.
 */
#define _GNU_SOURCE
#include "report/image_fault.h"

#include <stdio.h>

#include "text/short_text.h"

enum { NO_MAXIMUM = 65535 };

const char *image_fault_advice(esp_loader_format_t format)
{
    switch (format) {
    case ESP_LOADER_FORMAT_ELF:
        return "flash the .bin that is made of it";
    case ESP_LOADER_FORMAT_UF2:
    case ESP_LOADER_FORMAT_HEX:
        return "flash the .bin it was made of";
    case ESP_LOADER_FORMAT_GZIP:
    case ESP_LOADER_FORMAT_ZIP:
        return "unpack it first";
    case ESP_LOADER_FORMAT_HTML:
        return "the download of the real file has failed";
    case ESP_LOADER_FORMAT_CSV:
        return "flash the binary partition table that is made of it";
    case ESP_LOADER_FORMAT_UNKNOWN:
    case ESP_LOADER_FORMAT_COUNT:
    default:
        return "not an image";
    }
}

/** Name of the chip with this id in image headers, or the id. */
static const char *chip_text(uint32_t chip_id, char out[SHORT_TEXT_SIZE])
{
    const target_chip_t chip = esp_loader_chip_of_image((uint16_t)chip_id);

    if (chip == ESP_UNKNOWN_CHIP) {
        snprintf(out, SHORT_TEXT_SIZE, "chip id %u", (unsigned)chip_id);
    } else {
        snprintf(out, SHORT_TEXT_SIZE, "an %s", esp_loader_chip_name(chip));
    }
    return out;
}

/** Which revisions the image allows, and which one there is. */
static bool revision_sentence(const esp_loader_error_detail_t *detail, const esp_loader_image_t *image,
                              char out[REPORT_SIZE])
{
    char min[SHORT_TEXT_SIZE];
    char max[SHORT_TEXT_SIZE];
    char own[SHORT_TEXT_SIZE];
    esp_loader_part_t part;

    if (esp_loader_part_at(&image->source, detail->address - image->offset, &part) != ESP_LOADER_SUCCESS ||
        !part.is_complete) {
        return false;
    }
    short_text_of_revision(esp_loader_image_min_revision(&part.info), min);
    short_text_of_revision(esp_loader_image_max_revision(&part.info), max);
    short_text_of_revision(detail->value, own);
    if (esp_loader_image_max_revision(&part.info) == NO_MAXIMUM) {
        snprintf(out, REPORT_SIZE, "needs chip revision %s or newer, this chip has %s", min, own);
    } else {
        snprintf(out, REPORT_SIZE, "needs a chip revision from %s to %s, this chip has %s", min, max, own);
    }
    return true;
}

static void partition_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                               char out[REPORT_SIZE])
{
    const char *label = detail->partition;
    char size[SHORT_TEXT_SIZE];

    switch ((esp_loader_fault_t)detail->fault) {
    case ESP_LOADER_FAULT_IMAGE_LARGER:
        snprintf(out, REPORT_SIZE, "its %u bytes do not fit into partition '%s'%s", (unsigned)detail->value,
                 label, context->is_connected ? " of the table in the target's flash" : "");
        return;
    case ESP_LOADER_FAULT_PARTITION_FLASH:
        snprintf(out, REPORT_SIZE, "partition '%s' ends beyond the flash of %s", label,
                 short_text_of_size(context->flash_size, size));
        return;
    case ESP_LOADER_FAULT_PARTITION_HEADER:
        snprintf(
            out, REPORT_SIZE,
            "partition '%s' ends beyond the %s of flash that the bootloader's header states (--flash-size "
            "changes that)",
            label, short_text_of_size(detail->value, size));
        return;
    default:
        snprintf(out, REPORT_SIZE, "partition '%s' %s", label, esp_loader_fault_text(detail->fault));
    }
}

static void fault_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                           char out[REPORT_SIZE])
{
    char size[SHORT_TEXT_SIZE];
    char own_size[SHORT_TEXT_SIZE];

    switch ((esp_loader_fault_t)detail->fault) {
    case ESP_LOADER_FAULT_FOREIGN:
        snprintf(out, REPORT_SIZE,
                 "is %s, where the chip expects an executable image or a partition table: %s",
                 esp_loader_format_name(detail->value), image_fault_advice(detail->value));
        return;
    case ESP_LOADER_FAULT_PLACE_OFFSET:
        snprintf(out, REPORT_SIZE, "cannot start there: its chip looks for the bootloader at 0x%x",
                 (unsigned)detail->value);
        return;
    case ESP_LOADER_FAULT_HEADER_SIZE:
        snprintf(out, REPORT_SIZE,
                 "its header states %s of flash, this target has %s (--flash-size detect changes that)",
                 short_text_of_size(detail->value, size), short_text_of_size(context->flash_size, own_size));
        return;
    default:
        snprintf(out, REPORT_SIZE, "%s", esp_loader_fault_text(detail->fault));
    }
}

bool image_fault_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                          const esp_loader_image_t *image, char out[REPORT_SIZE])
{
    char chip[SHORT_TEXT_SIZE];

    if (detail->cause == ESP_LOADER_ERROR_IMAGE_REVISION) {
        return revision_sentence(detail, image, out);
    }
    if (detail->cause == ESP_LOADER_ERROR_IMAGE_CHIP) {
        chip_text(detail->value, chip);
        if (context->is_connected) {
            snprintf(out, REPORT_SIZE, "is not built for this chip, an %s, but for %s",
                     esp_loader_chip_name(context->chip), chip);
        } else {
            snprintf(out, REPORT_SIZE, "is built for %s, another file for another chip", chip);
        }
        return true;
    }
    if (detail->fault == ESP_LOADER_FAULT_NONE) {
        return false;
    }
    if (detail->partition[0] != '\0' && detail->cause == ESP_LOADER_ERROR_PARTITION) {
        partition_sentence(context, detail, out);
    } else {
        fault_sentence(context, detail, out);
    }
    return true;
}
