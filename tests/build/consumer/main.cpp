/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Uses a public function from C++14, including every public header.
 */
#include <cstring>

#include "esp_loader.h"
#include "esp_loader_error.h"
#include "esp_loader_image.h"
#include "esp_loader_io.h"
#include "esp_loader_md5.h"
#include "esp_loader_plan.h"

int main()
{
    return std::strcmp(esp_loader_error_name(ESP_LOADER_ERROR_TIMEOUT), "ESP_LOADER_ERROR_TIMEOUT") == 0 ? 0
                                                                                                         : 1;
}
