/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: ESP-IDF v6.0, components/log (ESP_LOGE of the bootloader without colours).
 */
#include "boot/boot_log.h"

#include <stdarg.h>
#include <stdio.h>

#include "state/model.h"

enum { TIME_STAMP = 30, LINE_SIZE = 200 };

void sim_boot_log(esp_sim_t *sim, const char *tag, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    sim_print(sim, "E (%d) %s: %s\r\n", TIME_STAMP, tag, line);
}
