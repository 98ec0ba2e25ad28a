/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the digest of erased flash is.
 */
#include <string.h>

#include "plan/plan.h"

/* Of what is asked about most: 64 KiB. */
static const uint8_t blank_block[ESP_LOADER_MD5_SIZE] = {0xEC, 0xB9, 0x9E, 0x6F, 0xFE, 0xA7, 0xBE, 0x1E,
                                                         0x54, 0x19, 0x35, 0x0F, 0x72, 0x5D, 0xA8, 0x6B};

bool eli_plan_is_blank(const uint8_t digest[ESP_LOADER_MD5_SIZE], uint32_t size)
{
    static const uint8_t empty[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    uint8_t of_blank[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;

    if (size == ELI_ERASE_BLOCK_SIZE) {
        return memcmp(blank_block, digest, sizeof(blank_block)) == 0;
    }
    esp_loader_md5_init(&md5);
    for (uint32_t done = 0; done < size; done += sizeof(empty)) {
        esp_loader_md5_update(&md5, empty, size - done < sizeof(empty) ? size - done : sizeof(empty));
    }
    esp_loader_md5_finish(&md5, of_blank);
    return memcmp(of_blank, digest, sizeof(of_blank)) == 0;
}
