/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What reports and events are made of.
 */
#ifndef CLI_JSON_REPORT_VALUES_H
#define CLI_JSON_REPORT_VALUES_H

#include <jansson.h>

#include "session/session.h"

/** An array of @p count objects; NULL when one of them, or the array, cannot be made. */
json_t *json_report_array(size_t count, json_t *(*make)(const void *ctx, size_t index), const void *ctx);

/** Name, offset and size of an image, and what became of it; @p result NULL = nothing. */
json_t *json_report_image(const esp_loader_image_t *image, const char *result);

/** Who has answered. */
json_t *json_report_target(const session_t *session);

/** A number, or NULL: json_pack()'s "o*" leaves it out. */
json_t *json_report_number(uint32_t number, bool is_known);

/** Bytes as hexadecimal digits. */
json_t *json_report_hex(const uint8_t *bytes, size_t size);

/** The same as "02:00:...", for addresses. */
json_t *json_report_address(const uint8_t *bytes, size_t size);

/** Text from outside, which may hold anything: '?' for each byte that is not UTF-8. */
json_t *json_report_name(const char *text);

/** The same, or NULL when it is empty. */
json_t *json_report_text(const char *text);

#endif
