/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values as JSON.
 */
#define _GNU_SOURCE
#include "session/json_report_values.h"

#include <stdlib.h>
#include <string.h>

#include "text/safe_text.h"

enum { BYTES_MAX = 16 };

json_t *json_report_number(uint32_t number, bool is_known)
{
    return is_known ? json_integer((json_int_t)number) : NULL;
}

static json_t *hex_string(const uint8_t *bytes, size_t size, const char *separator)
{
    char text[BYTES_MAX * 3 + 1] = "";
    size_t used = 0;

    for (size_t i = 0; i < size && i < BYTES_MAX; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%02x", i == 0 ? "" : separator,
                                 (unsigned)bytes[i]);
    }
    return json_string(text);
}

json_t *json_report_hex(const uint8_t *bytes, size_t size)
{
    return hex_string(bytes, size, "");
}

json_t *json_report_address(const uint8_t *bytes, size_t size)
{
    return hex_string(bytes, size, ":");
}

json_t *json_report_name(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL) {
        return NULL;
    }
    safe_text_make_utf8(copy);
    json_t *value = json_string(copy);
    free(copy);
    return value;
}

json_t *json_report_text(const char *text)
{
    return text[0] != '\0' ? json_report_name(text) : NULL;
}

json_t *json_report_array(size_t count, json_t *(*make)(const void *ctx, size_t index), const void *ctx)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(array, make(ctx, i)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *json_report_image(const esp_loader_image_t *image, const char *result)
{
    return json_pack("{s:o, s:I, s:I, s:s*}", "name", json_report_name(image->name), "offset",
                     (json_int_t)image->offset, "size", (json_int_t)image->source.size, "result", result);
}

json_t *json_report_target(const session_t *session)
{
    json_t *target = json_pack("{s:s, s:s}", "chip", esp_loader_chip_name(session->context.chip), "loader",
                               session->is_stub ? "stub" : "rom");

    if (session->has_mac) {
        json_object_set_new(target, "mac", json_report_address(session->mac, sizeof(session->mac)));
    }
    if (session->context.flash_size != 0) {
        json_object_set_new(target, "flash_size", json_integer((json_int_t)session->context.flash_size));
    }
    if (session->no_size.cause == ESP_LOADER_ERROR_FLASH_SIZE ||
        session->no_size.cause == ESP_LOADER_ERROR_FLASH_ID) {
        json_object_set_new(target, "flash_id", json_integer((json_int_t)session->no_size.value));
    }
    return target;
}
