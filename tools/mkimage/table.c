/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partition tables: 32-byte entries, an MD5 slot, 0xFF to the end.
 * Source: ESP-IDF 6.1, partition table format (entry layout, type and subtype numbers, MD5 slot).
 */
#include "table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

enum {
    ENTRY_SIZE = 32,
    LABEL_SIZE = 16,
    MAX_FIELDS = 6,
    FIELD_SIZE = 24,
};

typedef struct {
    const char *name;
    uint8_t type;
    uint8_t subtype;
} subtype_t;

static const subtype_t SUBTYPES[] = {
    {"factory", 0, 0x00}, {"test", 0, 0x20},     {"ota", 1, 0x00},      {"phy", 1, 0x01},
    {"nvs", 1, 0x02},     {"coredump", 1, 0x03}, {"nvs_keys", 1, 0x04}, {"efuse", 1, 0x05},
    {"undefined", 1, 6},  {"fat", 1, 0x81},      {"spiffs", 1, 0x82},   {"littlefs", 1, 0x83},
};

static bool parse_number(const char *text, uint32_t max, uint32_t *out_value)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 0);
    if (errno != 0 || end == text || !isdigit((unsigned char)text[0])) {
        return false;
    }
    unsigned long unit = 1;
    if (*end == 'K' || *end == 'k') {
        unit = 1024;
        end++;
    } else if (*end == 'M' || *end == 'm') {
        unit = 1024 * 1024;
        end++;
    }
    if (*end != '\0' || value > max / unit) {
        return false;
    }
    *out_value = (uint32_t)(value * unit);
    return true;
}

static bool parse_type(const char *text, uint8_t *out_type)
{
    uint32_t value;
    if (strcmp(text, "app") == 0) {
        *out_type = 0;
    } else if (strcmp(text, "data") == 0) {
        *out_type = 1;
    } else if (parse_number(text, 0xFF, &value)) {
        *out_type = (uint8_t)value;
    } else {
        return false;
    }
    return true;
}

static bool parse_subtype(uint8_t type, const char *text, uint8_t *out_subtype)
{
    for (size_t i = 0; i < sizeof(SUBTYPES) / sizeof(SUBTYPES[0]); i++) {
        if (SUBTYPES[i].type == type && strcmp(SUBTYPES[i].name, text) == 0) {
            *out_subtype = SUBTYPES[i].subtype;
            return true;
        }
    }
    uint32_t value;
    if (type == 0 && strncmp(text, "ota_", 4) == 0 && parse_number(text + 4, 15, &value)) {
        *out_subtype = (uint8_t)(0x10 + value);
        return true;
    }
    if (parse_number(text, 0xFF, &value)) {
        *out_subtype = (uint8_t)value;
        return true;
    }
    return false;
}

/* Splits at commas and drops blanks; a field that is too long, or one too many, is a syntax error. */
static bool split(const char *line, char fields[MAX_FIELDS][FIELD_SIZE], size_t *out_count)
{
    size_t count = 0;
    size_t len = 0;
    for (const char *p = line;; p++) {
        if (count == MAX_FIELDS || len == FIELD_SIZE) {
            return false;
        }
        if (*p == ',' || *p == '\0') {
            fields[count++][len] = '\0';
            len = 0;
            if (*p == '\0') {
                break;
            }
        } else if (!isspace((unsigned char)*p)) {
            fields[count][len++] = *p;
        }
    }
    *out_count = count;
    return true;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

bool mkimage_table_add(uint8_t table[MKIMAGE_TABLE_SIZE], size_t index, const char *line)
{
    char fields[MAX_FIELDS][FIELD_SIZE];
    size_t count;
    uint8_t type, subtype;
    uint32_t offset, size;
    uint32_t flags = 0;
    if (index >= MKIMAGE_TABLE_ENTRIES || !split(line, fields, &count) || count < 5) {
        return false;
    }
    size_t label_len = strlen(fields[0]);
    if (label_len == 0 || label_len > LABEL_SIZE || !parse_type(fields[1], &type) ||
        !parse_subtype(type, fields[2], &subtype) || !parse_number(fields[3], UINT32_MAX, &offset) ||
        !parse_number(fields[4], UINT32_MAX, &size)) {
        return false;
    }
    if (count == 6) {
        if (strcmp(fields[5], "encrypted") == 0) {
            flags = 1;
        } else if (strcmp(fields[5], "readonly") == 0) {
            flags = 2;
        } else {
            return false;
        }
    }
    uint8_t *entry = table + index * ENTRY_SIZE;
    memset(entry, 0, ENTRY_SIZE);
    entry[0] = 0xAA;
    entry[1] = 0x50;
    entry[2] = type;
    entry[3] = subtype;
    put_u32(entry + 4, offset);
    put_u32(entry + 8, size);
    memcpy(entry + 12, fields[0], label_len);
    put_u32(entry + 28, flags);
    return true;
}

void mkimage_table_start(uint8_t table[MKIMAGE_TABLE_SIZE])
{
    memset(table, 0xFF, MKIMAGE_TABLE_SIZE);
}

void mkimage_table_finish(uint8_t table[MKIMAGE_TABLE_SIZE], size_t count)
{
    uint8_t *slot = table + count * ENTRY_SIZE;
    slot[0] = 0xEB;
    slot[1] = 0xEB;
    mkimage_md5(table, count * ENTRY_SIZE, slot + 16);
}
