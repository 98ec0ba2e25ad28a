/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "link/console.h"

#include <stdarg.h>

#include "state/model.h"

void sim_print(esp_sim_t *sim, const char *format, ...)
{
    char line[SIM_LINE_SIZE];
    va_list args;
    va_start(args, format);
    size_t length = sim_format_line(line, format, args);
    va_end(args);
    sim_text_add(&sim->console, line, length);
    sim_link_send(sim, line, length);
}
