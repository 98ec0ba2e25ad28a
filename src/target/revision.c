/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which revisions of its chip an image allows. Older images have a field of one byte only, and leave the
 * others 0 or unlimited. Source: esptool 5.3, image checks of write-flash.
 */
#include "esp_loader_content.h"
#include "target/target.h"

#define NO_MAX_REVISION 65535u

static bool has_one_byte_form(const esp_loader_image_info_t *info)
{
    return info->max_revision == 0 || (info->max_revision == NO_MAX_REVISION && info->min_revision == 0 &&
                                       info->min_revision_legacy != 0);
}

static bool is_minor(const esp_loader_image_info_t *info)
{
    const eli_target_t *target = eli_target_by_chip_id(info->chip_id);

    return target != NULL && eli_has(target, ELI_LEGACY_REVISION_IS_MINOR);
}

uint32_t esp_loader_image_min_revision(const esp_loader_image_info_t *info)
{
    if (!has_one_byte_form(info)) {
        return info->min_revision;
    }
    return is_minor(info) ? info->min_revision_legacy : info->min_revision_legacy * 100u;
}

uint32_t esp_loader_image_max_revision(const esp_loader_image_info_t *info)
{
    return has_one_byte_form(info) ? NO_MAX_REVISION : info->max_revision;
}

bool esp_loader_image_allows_revision(const esp_loader_image_info_t *info, uint32_t revision)
{
    if (has_one_byte_form(info)) {
        return (is_minor(info) ? revision % 100 : revision / 100) >= info->min_revision_legacy;
    }
    return revision >= info->min_revision &&
           (revision <= info->max_revision || info->max_revision == NO_MAX_REVISION);
}
