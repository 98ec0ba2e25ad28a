/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Console, misuse report and trace.
 */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

enum { LINE_SIZE = 512 };

void *sim_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size);
    if (memory == NULL) {
        fprintf(stderr, "esp-sim: out of memory (%zu bytes)\n", size);
        abort();
    }
    return memory;
}

void sim_text_add(sim_text_t *text, const char *bytes, size_t size)
{
    if (text->capacity - text->length <= size) {
        text->capacity = (text->length + size + 1) * 2;
        text->text = sim_realloc(text->text, text->capacity);
    }
    memcpy(text->text + text->length, bytes, size);
    text->length += size;
    text->text[text->length] = '\0';
}

const char *sim_text_get(const sim_text_t *text)
{
    return text->text == NULL ? "" : text->text;
}

void sim_text_free(sim_text_t *text)
{
    free(text->text);
    *text = (sim_text_t){0};
}

void sim_copy_text(char *out, const uint8_t *field, size_t size)
{
    size_t n = 0;
    while (n < size && field[n] != 0) {
        out[n] = field[n] >= 0x20 && field[n] < 0x7F ? (char)field[n] : '?';
        n++;
    }
    out[n] = '\0';
}

/* Formats into a line buffer; an overlong line is cut. Returns its length. */
static size_t format_line(char line[LINE_SIZE], const char *format, va_list args)
{
    int length = vsnprintf(line, LINE_SIZE, format, args);
    if (length < 0) {
        return 0;
    }
    return length < LINE_SIZE ? (size_t)length : LINE_SIZE - 1;
}

void sim_print(esp_sim_t *sim, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    size_t length = format_line(line, format, args);
    va_end(args);
    sim_text_add(&sim->console, line, length);
    sim_link_send(sim, line, length);
}

void sim_trace(esp_sim_t *sim, const char *format, ...)
{
    if (sim->config.trace == NULL) {
        return;
    }
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    format_line(line, format, args);
    va_end(args);
    fprintf(sim->config.trace, "%10" PRIu64 " us  %s\n", sim->clock.now_ns / 1000u, line);
    fflush(sim->config.trace);
}

void sim_misuse(esp_sim_t *sim, const char *format, ...)
{
    if (sim->config.as_rom || sim->link.is_disturbed) {
        return;
    }
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    size_t length = format_line(line, format, args);
    va_end(args);
    char time[32];
    int time_length = snprintf(time, sizeof(time), "%" PRIu64 " us: ", sim->clock.now_ns / 1000u);
    sim_text_add(&sim->misuse, time, time_length > 0 ? (size_t)time_length : 0);
    sim_text_add(&sim->misuse, line, length);
    sim_text_add(&sim->misuse, "\n", 1);
    sim_trace(sim, "misuse: %s", line);
}

bool sim_error(char *error, size_t error_size, const char *format, ...)
{
    if (error != NULL && error_size > 0) {
        va_list args;
        va_start(args, format);
        vsnprintf(error, error_size, format, args);
        va_end(args);
    }
    return false;
}
