/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

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

size_t sim_format_line(char line[SIM_LINE_SIZE], const char *format, va_list args)
{
    int length = vsnprintf(line, SIM_LINE_SIZE, format, args);
    if (length < 0) {
        return 0;
    }
    return length < SIM_LINE_SIZE ? (size_t)length : SIM_LINE_SIZE - 1;
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
