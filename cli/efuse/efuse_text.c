/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/efuse_text.h"

#include <stdio.h>

static const char *value_name(const efuse_contents_t *contents, const efuse_field_t *field)
{
    const efuse_meaning_t *meaning = &efuse_meanings[field->meaning];
    const uint32_t value = efuse_number(contents, field);

    if (meaning->kind == EFUSE_ODD) {
        return efuse_burnt_bits(contents, field) % 2 == 1 ? "on" : "off";
    }
    for (size_t i = 0; i < meaning->value_count; i++) {
        if (meaning->values[i].value == value) {
            return meaning->values[i].text;
        }
    }
    if (meaning->value_count != 0) {
        return "unknown";
    }
    return meaning->kind == EFUSE_NUMBER && efuse_bit_count(contents, field) == 1
               ? (value != 0 ? "yes" : "no")
               : NULL;
}

static void print_bytes(const efuse_contents_t *contents, const efuse_field_t *field, const char *between,
                        char text[EFUSE_TEXT_SIZE])
{
    const size_t size = (efuse_bit_count(contents, field) + 7) / 8;
    uint8_t bytes[EFUSE_BYTES_MAX];
    size_t at = 0;

    efuse_bytes(contents, field, bytes);
    text[0] = '\0';
    for (size_t i = 0; i < size; i++) {
        at += (size_t)snprintf(text + at, EFUSE_TEXT_SIZE - at, "%s%02x", i == 0 ? "" : between, bytes[i]);
    }
}

const char *efuse_hex(const efuse_contents_t *contents, const efuse_field_t *field,
                      char text[EFUSE_TEXT_SIZE])
{
    print_bytes(contents, field, "", text);
    return text;
}

static const char *plain_value(const efuse_contents_t *contents, const efuse_field_t *field,
                               char text[EFUSE_TEXT_SIZE])
{
    const efuse_kind_t kind = efuse_meanings[field->meaning].kind;
    const size_t bits = efuse_bit_count(contents, field);

    if (kind == EFUSE_MAC) {
        print_bytes(contents, field, ":", text);
    } else if (kind == EFUSE_BYTES || bits > 32) {
        return efuse_hex(contents, field, text);
    } else if (kind == EFUSE_COUNT) {
        snprintf(text, EFUSE_TEXT_SIZE, "%u", efuse_burnt_bits(contents, field));
    } else if (bits <= 3) {
        snprintf(text, EFUSE_TEXT_SIZE, "%u", (unsigned)efuse_number(contents, field));
    } else {
        snprintf(text, EFUSE_TEXT_SIZE, "0x%0*x", (int)((bits + 3) / 4),
                 (unsigned)efuse_number(contents, field));
    }
    return text;
}

const char *efuse_value_text(const efuse_contents_t *contents, const efuse_field_t *field,
                             char text[EFUSE_TEXT_SIZE])
{
    char value[EFUSE_TEXT_SIZE];

    if (!efuse_is_readable(contents, field)) {
        return "?? (read-protected)";
    }
    if (!efuse_is_read(contents, field)) {
        return "not read (--show-keys)";
    }
    const char *name = value_name(contents, field);
    if (name == NULL) {
        return plain_value(contents, field, text);
    }
    snprintf(text, EFUSE_TEXT_SIZE, "%s (%s)", plain_value(contents, field, value), name);
    return text;
}

const char *efuse_access(const efuse_contents_t *contents, const efuse_field_t *field)
{
    const bool is_writable = efuse_is_writable(contents, field);

    return efuse_is_readable(contents, field) ? (is_writable ? "rw" : "r-") : is_writable ? "-w" : "--";
}
