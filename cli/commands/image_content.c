/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the reports for people and for programs say about a file in the same words.
 */
#define _GNU_SOURCE
#include "commands/image_content.h"

bool image_content_is_merged(const content_t *content)
{
    return content->count > 1 || (content->count == 1 && content->parts[0].part.offset != 0);
}

flash_params_text_t image_content_flash(const esp_loader_part_t *part)
{
    const esp_loader_flash_params_t params = {.mode_code = part->info.flash_mode,
                                              .freq_code = part->info.flash_freq_code,
                                              .size_code = part->info.flash_size_code};
    flash_params_text_t text = flash_params_decode(part->chip, params);

    text.freq = part->chip != ESP_UNKNOWN_CHIP ? text.freq : NULL; /* each chip has codes of its own */
    return text;
}

bool image_content_has_revisions(const esp_loader_image_info_t *info)
{
    return info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID &&
           (info->max_revision != 0 || info->min_revision_legacy != 0);
}
