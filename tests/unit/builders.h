/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Test inputs: small executable images and partition tables on heap blocks of exactly their size, and a
 * source that watches how it is read and fails on request.
 */
#ifndef UNIT_BUILDERS_H
#define UNIT_BUILDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_image.h"

#define TEST_CHIP_ID 9u /* ESP32-S3 */
enum { ESP32_ID = 0, C3_ID = 5, C6_ID = 13, P4_ID = 18 };

/** Bytes that are read through a source. */
typedef struct {
    uint8_t *bytes; /**< heap */
    uint32_t size;
    unsigned reads;            /**< calls so far */
    size_t largest_read;       /**< bytes of the largest */
    unsigned fail_at;          /**< number of the call that fails, from 1; 0 = none */
    esp_loader_error_t result; /**< what that call returns */
} blob_t;

/** Empty content of @p size bytes, every byte @p value. */
blob_t make_blob(uint32_t size, uint8_t value);
void free_blob(blob_t *blob);

/** Cuts or extends (with 0xFF) to @p size, again on a block of exactly that size. */
void resize_blob(blob_t *blob, uint32_t size);

/** Source that reads @p blob and asserts that it is never asked for more than there is. */
esp_loader_source_t source_of(blob_t *blob);

/** Whichever read of a look at @p blob fails, its error comes back. Looks once before, with success; frees it. */
void assert_every_read_counts(blob_t blob, esp_loader_error_t (*look)(blob_t *));

void put_u16(uint8_t *p, unsigned value);
void put_u32(uint8_t *p, uint32_t value);

/** What an image is to look like. */
typedef struct {
    uint16_t chip_id;
    unsigned segment_count; /**< at most 255 */
    uint32_t segment_size;  /**< bytes of each */
    uint8_t min_revision_legacy;
    uint16_t min_revision;
    uint16_t max_revision;
    bool has_digest;
    uint32_t trailing; /**< bytes 0xFF after the image */
    bool is_app;       /**< its first segment begins with a description, where it is long enough for one */
} image_spec_t;

/** Two segments of 100 bytes for the test chip, any revision, with digest. */
extern const image_spec_t plain_image;

blob_t make_image(const image_spec_t *spec);

/** An image of the ESP8266: a short header, and one segment of @p segment_size bytes at @p address. */
blob_t make_esp8266_image(uint32_t address, uint32_t segment_size);

/** As plain_image, with one segment such that the image has @p size bytes, a multiple of 16 and at least 80.
 */
blob_t make_image_of_size(uint32_t size);

/** esp_loader_image_check(); what it found out is in image_info. */
esp_loader_error_t check_image(blob_t *blob);
extern esp_loader_image_info_t image_info;

/** The same with its result; frees the image. */
void assert_image(blob_t blob, esp_loader_error_t expected);

/** Images without a digest, so that a test may change the header: all in RAM; with a bootloader's description; with a
 * segment that is mapped from flash. */
blob_t plain_image_for(uint16_t chip_id);
blob_t bootloader_for(uint16_t chip_id);
blob_t app_for(uint16_t chip_id);

/** Puts a part into a file, and frees it. */
void put_part(blob_t *file, uint32_t offset, blob_t part);

/** One entry of a table. */
typedef struct {
    uint8_t type;
    uint8_t subtype;
    uint32_t offset;
    uint32_t size;
    const char *label;
} entry_t;

/** Table as ESP-IDF makes it: entries, digest, 0xFF up to 3072 bytes. */
blob_t make_table(const entry_t *entries, unsigned count);

#endif
