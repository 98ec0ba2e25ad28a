/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/trace.h"

#include <inttypes.h>
#include <stdarg.h>

#include "state/model.h"

void sim_trace(esp_sim_t *sim, const char *format, ...)
{
    if (sim->config.trace == NULL) {
        return;
    }
    char line[SIM_LINE_SIZE];
    va_list args;
    va_start(args, format);
    (void)sim_format_line(line, format, args);
    va_end(args);
    fprintf(sim->config.trace, "%10" PRIu64 " us  %s\n", sim->clock.now_ns / 1000u, line);
    fflush(sim->config.trace);
}

void sim_misuse(esp_sim_t *sim, const char *format, ...)
{
    if (sim->config.as_rom || sim->link.is_disturbed) {
        return;
    }
    char line[SIM_LINE_SIZE];
    va_list args;
    va_start(args, format);
    size_t length = sim_format_line(line, format, args);
    va_end(args);
    char time[32];
    int time_length = snprintf(time, sizeof(time), "%" PRIu64 " us: ", sim->clock.now_ns / 1000u);
    sim_text_add(&sim->misuse, time, time_length > 0 ? (size_t)time_length : 0);
    sim_text_add(&sim->misuse, line, length);
    sim_text_add(&sim->misuse, "\n", 1);
    sim_trace(sim, "misuse: %s", line);
}
