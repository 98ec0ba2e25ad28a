/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: error codes.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_ESP_ERR_H
#define IDF_HOST_ESP_ERR_H

#include <stdint.h>

typedef int esp_err_t;

#define ESP_OK                   0
#define ESP_FAIL                 -1
#define ESP_ERR_NO_MEM           0x101
#define ESP_ERR_INVALID_ARG      0x102
#define ESP_ERR_INVALID_STATE    0x103
#define ESP_ERR_INVALID_SIZE     0x104
#define ESP_ERR_NOT_FOUND        0x105
#define ESP_ERR_NOT_SUPPORTED    0x106
#define ESP_ERR_TIMEOUT          0x107
#define ESP_ERR_INVALID_RESPONSE 0x108
#define ESP_ERR_NOT_FINISHED     0x10C

void idf_host_error_check_failed(esp_err_t code, const char *file, int line, const char *expression);

#define ESP_ERROR_CHECK(x)                                                                                   \
    do {                                                                                                     \
        const esp_err_t err_rc_ = (x);                                                                       \
        if (err_rc_ != ESP_OK) {                                                                             \
            idf_host_error_check_failed(err_rc_, __FILE__, __LINE__, #x);                                    \
        }                                                                                                    \
    } while (0)

#endif
