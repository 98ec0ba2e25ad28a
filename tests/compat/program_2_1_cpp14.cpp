/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The names of the 2.1 API in a C++14 program, and what of it needs no target.
 */
#include <cstdio>
#include <cstring>

#include "names_2_1.h"

int main()
{
    const esp_loader_efuse_field_set_t *set = nullptr;
    if (esp_loader_efuse_get_field_info(ESP32P4_CHIP, 299, &set) != ESP_LOADER_SUCCESS ||
        set != &ESP32P4_REV1_EFUSE_FIELDS) {
        std::fputs("the ESP32-P4 v2.99 has another table\n", stderr);
        return 1;
    }
    esp_loader_efuse_ctx_t ctx = {};
    esp_loader_efuse_write_key_config_t config = {};
    if (ctx._buf[0] != 0 || config.no_read_protect || std::strcmp(set->fields[0].name, "WR_DIS") != 0) {
        return 1;
    }
    std::printf("%zu names\n", names_count());
    return 0;
}
