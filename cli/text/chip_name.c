/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Comparison of chip names with those the library knows.
 */
#include "text/chip_name.h"

#include <ctype.h>
#include <stdbool.h>

static const char *skip_dashes(const char *text)
{
    while (*text == '-') {
        text++;
    }
    return text;
}

static bool is_same(const char *a, const char *b)
{
    for (;;) {
        a = skip_dashes(a);
        b = skip_dashes(b);
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
        a++;
        b++;
    }
}

target_chip_t chip_name_find(const char *name)
{
    for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
        const bool is_known = esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX;
        if (is_known && is_same(name, esp_loader_chip_name((target_chip_t)chip))) {
            return (target_chip_t)chip;
        }
    }
    return ESP_UNKNOWN_CHIP;
}
