/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-ins for esp_log and esp_err. A log line is handed to the bench as well, which acts on what the host
 * says.
 */
#include <stdarg.h>
#include <stdio.h>

#include "esp_err.h"
#include "esp_log.h"

#include "esp_host.h"
#include "kernel.h"

static void (*listener)(const char *text);

void esp_host_listen(void (*function)(const char *text))
{
    listener = function;
}

void idf_host_log(esp_log_level_t level, const char *tag, const char *format, ...)
{
    static const char letters[] = "-EWIDV";
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (level > ESP_LOG_INFO) {
        return;
    }
    kernel_lock();
    printf("%c (%lu) %s: %s\n", letters[level], (unsigned long)(kernel_now_us_locked() / 1000), tag, text);
    if (listener != NULL) {
        listener(text);
    }
    kernel_unlock();
}

void idf_host_log_hex(esp_log_level_t level, const char *tag, const void *data, uint16_t size)
{
    (void)level;
    (void)tag;
    (void)data;
    (void)size;
}

const char *esp_err_to_name(esp_err_t code)
{
    switch (code) {
    case ESP_OK:
        return "ESP_OK";
    case ESP_ERR_INVALID_STATE:
        return "ESP_ERR_INVALID_STATE";
    case ESP_ERR_NO_MEM:
        return "ESP_ERR_NO_MEM";
    default:
        return "ESP_ERR";
    }
}

void idf_host_error_check_failed(esp_err_t code, const char *file, int line, const char *expression)
{
    kernel_panic("ESP_ERROR_CHECK failed: esp_err_t 0x%x (%s) at %s:%d: %s", (unsigned)code,
                 esp_err_to_name(code), file, line, expression);
}
