/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Words that completion offers.
 */
#include <ctype.h>
#include <string.h>

#include "esp_loader.h"
#include "pages/pages.h"

/** Adds a word in small letters without dashes inside, as chips are mostly typed, or as it is. */
static size_t add(char *room, size_t size, size_t used, const char *word, size_t length, bool is_chip)
{
    if (used + length + 2 > size) {
        return used;
    }
    if (used > 0) {
        room[used++] = ' ';
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_chip || word[i] != '-') {
            room[used++] = (char)(is_chip ? tolower((unsigned char)word[i]) : word[i]);
        }
    }
    room[used] = '\0';
    return used;
}

const char *words_of(const option_t *option, char *room, size_t size)
{
    size_t used = 0;

    room[0] = '\0';
    if (option->kind == VALUE_CHIP) {
        for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
            const char *name = esp_loader_chip_name((target_chip_t)chip);

            if (esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX) {
                used = add(room, size, used, name, strlen(name), true);
            }
        }
        used = add(room, size, used, "auto", 4, false);
    }
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        used = add(room, size, used, option->choices[i], strcspn(option->choices[i], " "), false);
    }
    return room;
}
