/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: log lines "L (ms) tag: text".
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_ESP_LOG_H
#define IDF_HOST_ESP_LOG_H

#include <stdint.h>

typedef enum {
    ESP_LOG_NONE,
    ESP_LOG_ERROR,
    ESP_LOG_WARN,
    ESP_LOG_INFO,
    ESP_LOG_DEBUG,
    ESP_LOG_VERBOSE,
} esp_log_level_t;

__attribute__((format(printf, 3, 4))) void idf_host_log(esp_log_level_t level, const char *tag,
                                                        const char *format, ...);

#define ESP_LOG_LEVEL(level, tag, ...) idf_host_log(level, tag, __VA_ARGS__)
#define ESP_LOGE(tag, ...)             idf_host_log(ESP_LOG_ERROR, tag, __VA_ARGS__)
#define ESP_LOGW(tag, ...)             idf_host_log(ESP_LOG_WARN, tag, __VA_ARGS__)
#define ESP_LOGI(tag, ...)             idf_host_log(ESP_LOG_INFO, tag, __VA_ARGS__)
#define ESP_LOGD(tag, ...)             idf_host_log(ESP_LOG_DEBUG, tag, __VA_ARGS__)
#define ESP_LOG_BUFFER_HEX_LEVEL(tag, data, size, level)                                                     \
    ((void)(tag), (void)(data), (void)(size), (void)(level))

#endif
