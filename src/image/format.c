/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files that are no image of a flash, by name. Sources: ELF specification (magic number); the UF2 format's
 * two magic numbers; RFC 1952 and APPNOTE.TXT (gzip, zip); Intel's hexadecimal object file format.
 */
#include "image/image.h"

#include "common/count_of.h"

#include <string.h>

#include "common/bytes.h"

#define HEAD_SIZE       64u
#define CSV_COMMAS      3u /* a partition has four fields at least */
#define HEX_OVERHEAD    5u /* bytes of a record besides its data: size, address, type, checksum */
#define HEX_TYPE_MAX    5u
#define UF2_MAGIC       0x0A324655u
#define UF2_MAGIC_AGAIN 0x9E5D5157u

const char *esp_loader_format_name(esp_loader_format_t format)
{
    static const char *const names[] = {
        [ESP_LOADER_FORMAT_UNKNOWN] = "a file of an unknown format",
        [ESP_LOADER_FORMAT_ELF] = "an ELF file",
        [ESP_LOADER_FORMAT_UF2] = "a UF2 file",
        [ESP_LOADER_FORMAT_GZIP] = "a gzip file",
        [ESP_LOADER_FORMAT_ZIP] = "a zip file",
        [ESP_LOADER_FORMAT_HTML] = "an HTML page",
        [ESP_LOADER_FORMAT_CSV] = "a CSV file",
        [ESP_LOADER_FORMAT_HEX] = "an Intel HEX file",
    };
    _Static_assert(ELI_COUNT_OF(names) == ESP_LOADER_FORMAT_COUNT, "every format has a name");

    return (unsigned)format < ESP_LOADER_FORMAT_COUNT ? names[format] : names[ESP_LOADER_FORMAT_UNKNOWN];
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(const char *text, const char *word)
{
    for (; *word != '\0'; word++, text++) {
        if (lower(*text) != *word) {
            return false;
        }
    }
    return true;
}

/* Text of the first bytes, without a byte order mark and spaces in front. */
static const char *skip_blanks(const char *text)
{
    text += begins_with(text, "\xEF\xBB\xBF") ? 3 : 0;
    return text + strspn(text, " \t\r\n");
}

static bool is_html(const char *text)
{
    text = skip_blanks(text);
    return begins_with(text, "<!doctype html") || begins_with(text, "<html");
}

static bool is_text(const char *head, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)head[i];
        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7F) {
            return false;
        }
    }
    return true;
}

/* A comment, as the sources of partition tables begin, or fields between commas on one line. */
static bool is_csv(const char *head, size_t size)
{
    const char *text = skip_blanks(head);
    size_t commas = 0;

    if (!is_text(head, size)) {
        return false;
    }
    for (const char *c = text; *c != '\0' && *c != '\n'; c++) {
        commas += *c == ',' ? 1 : 0;
    }
    return commas >= CSV_COMMAS || (text[0] == '#' && strchr(text, '\n') != NULL) ||
           begins_with(text, "# esp-idf");
}

static unsigned nibble_of(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)(lower(c) - 'a') + 10u;
}

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

/* Reads two digits at *offset; false when they are none. */
static esp_loader_error_t read_hex_byte(const esp_loader_source_t *source, uint32_t *offset,
                                        uint8_t *out_byte, bool *out_is_hex)
{
    char digits[2];

    *out_is_hex = false;
    if (source->size - *offset < sizeof(digits)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_source_read(source, *offset, digits, sizeof(digits)));
    *offset += (uint32_t)sizeof(digits);
    *out_is_hex = is_hex_digit(digits[0]) && is_hex_digit(digits[1]);
    *out_byte = (uint8_t)(nibble_of(digits[0]) << 4 | nibble_of(digits[1]));
    return ESP_LOADER_SUCCESS;
}

/* A ':' alone begins many a binary file: the record has to be whole and its checksum has to fit. */
static esp_loader_error_t is_intel_hex(const esp_loader_source_t *source, bool *out_is_it)
{
    uint32_t offset = 1;
    uint32_t count = HEX_OVERHEAD;
    uint8_t sum = 0;

    *out_is_it = false;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte;
        bool is_hex;
        RETURN_ON_ERROR(read_hex_byte(source, &offset, &byte, &is_hex));
        if (!is_hex || (i == 3 && byte > HEX_TYPE_MAX)) {
            return ESP_LOADER_SUCCESS;
        }
        count += i == 0 ? byte : 0;
        sum = (uint8_t)(sum + byte);
    }
    if (offset < source->size) {
        char end;
        RETURN_ON_ERROR(eli_source_read(source, offset, &end, 1));
        *out_is_it = sum == 0 && (end == '\r' || end == '\n');
    } else {
        *out_is_it = sum == 0;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_format_t format_of(const char *head, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)head;

    if (memcmp(head,
               "\x7F"
               "ELF",
               4) == 0) {
        return ESP_LOADER_FORMAT_ELF;
    }
    if (eli_get_u32(bytes) == UF2_MAGIC && eli_get_u32(bytes + 4) == UF2_MAGIC_AGAIN) {
        return ESP_LOADER_FORMAT_UF2;
    }
    if (memcmp(head, "\x1F\x8B\x08", 3) == 0) {
        return ESP_LOADER_FORMAT_GZIP;
    }
    if (memcmp(head, "PK\x03\x04", 4) == 0) {
        return ESP_LOADER_FORMAT_ZIP;
    }
    if (is_html(head)) {
        return ESP_LOADER_FORMAT_HTML;
    }
    return is_csv(head, size) ? ESP_LOADER_FORMAT_CSV : ESP_LOADER_FORMAT_UNKNOWN;
}

esp_loader_error_t eli_source_format(const esp_loader_source_t *source, esp_loader_format_t *out_format)
{
    char head[HEAD_SIZE + 1] = {0};
    uint32_t size = source->size < HEAD_SIZE ? source->size : HEAD_SIZE;
    bool is_hex = false;

    RETURN_ON_ERROR(eli_source_read(source, 0, head, size));
    if (head[0] == ':') {
        RETURN_ON_ERROR(is_intel_hex(source, &is_hex));
    }
    *out_format = is_hex ? ESP_LOADER_FORMAT_HEX : format_of(head, size);
    return ESP_LOADER_SUCCESS;
}
