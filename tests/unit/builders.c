/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Content of test images and tables, byte by byte, and the watched source.
 */
#include "builders.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "digest/checksum.h"
#include "digest/sha256.h"

#define TABLE_SIZE 3072u

const image_spec_t plain_image = {.chip_id = TEST_CHIP_ID,
                                  .segment_count = 2,
                                  .segment_size = 100,
                                  .max_revision = 65535,
                                  .has_digest = true};

void put_u16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

void put_u32(uint8_t *p, uint32_t value)
{
    put_u16(p, value & 0xFFFF);
    put_u16(p + 2, value >> 16);
}

blob_t make_blob(uint32_t size, uint8_t value)
{
    blob_t blob = {.size = size, .bytes = malloc(size + (size == 0))};

    assert_non_null(blob.bytes);
    memset(blob.bytes, value, size);
    return blob;
}

void free_blob(blob_t *blob)
{
    free(blob->bytes);
    blob->bytes = NULL;
}

void resize_blob(blob_t *blob, uint32_t size)
{
    blob_t resized = make_blob(size, 0xFF);

    memcpy(resized.bytes, blob->bytes, size < blob->size ? size : blob->size);
    free_blob(blob);
    *blob = resized;
}

static esp_loader_error_t read_blob(void *ctx, uint32_t offset, void *buf, size_t size)
{
    blob_t *blob = ctx;

    assert_true(offset <= blob->size && size <= blob->size - offset);
    if (size > blob->largest_read) {
        blob->largest_read = size;
    }
    if (++blob->reads == blob->fail_at) {
        return blob->result;
    }
    memcpy(buf, blob->bytes + offset, size);
    return ESP_LOADER_SUCCESS;
}

esp_loader_source_t source_of(blob_t *blob)
{
    return (esp_loader_source_t){.read = read_blob, .ctx = blob, .size = blob->size};
}

static void put_header(uint8_t *bytes, const image_spec_t *spec)
{
    bytes[0] = 0xE9;
    bytes[1] = (uint8_t)spec->segment_count;
    bytes[2] = 0x02;
    bytes[3] = 0x0F; /* 1 MB */
    put_u32(bytes + 4, 0x40380004);
    bytes[8] = 0xEE;
    put_u16(bytes + 12, spec->chip_id);
    bytes[14] = spec->min_revision_legacy;
    put_u16(bytes + 15, spec->min_revision);
    put_u16(bytes + 17, spec->max_revision);
    bytes[23] = spec->has_digest;
}

#define APP_DESCRIPTION_MAGIC 0xABCD5432u
enum { MMU_PAGE_LOG_OFF = 180 };

/* RAM of the chip with this id in the headers of its images; what is mapped from flash elsewhere would make
 * an app. */
static uint32_t ram_of(uint16_t chip_id)
{
    switch (chip_id) {
    case 0: /* ESP32 */
        return 0x3FFB0000;
    case 2: /* ESP32-S2 */
        return 0x3FFC0000;
    case 12: /* ESP32-C2 */
        return 0x3FCA8000;
    case 13: /* ESP32-C6, -H2, -C61, -C5, -H21, -H4 */
    case 16:
    case 20:
    case 23:
    case 25:
    case 28:
        return 0x40820000;
    case 18: /* ESP32-P4 */
        return 0x4FF40000;
    case 32: /* ESP32-S31 */
        return 0x2F040000;
    default:
        return 0x3FC90000;
    }
}

blob_t make_image(const image_spec_t *spec)
{
    uint32_t checked = (24 + spec->segment_count * (8 + spec->segment_size) + 16) / 16 * 16;
    uint32_t size = checked + (spec->has_digest ? 32u : 0u);
    blob_t blob = make_blob(size + spec->trailing, 0);
    uint8_t *at = blob.bytes + 24;
    uint8_t checksum = ELI_CHECKSUM_SEED;
    eli_sha256_t sha;

    put_header(blob.bytes, spec);
    for (unsigned i = 0; i < spec->segment_count; i++) {
        put_u32(at, ram_of(spec->chip_id) + i * 0x1000);
        put_u32(at + 4, spec->segment_size);
        at += 8;
        for (uint32_t k = 0; k < spec->segment_size; k++) {
            at[k] = (uint8_t)(k * 31 + i * 17 + k / 256);
        }
        if (i == 0 && spec->is_app && spec->segment_size > MMU_PAGE_LOG_OFF) {
            put_u32(at, APP_DESCRIPTION_MAGIC);
            at[MMU_PAGE_LOG_OFF] = 0; /* the usual page */
        }
        checksum = eli_checksum_add(checksum, at, spec->segment_size);
        at += spec->segment_size;
    }
    blob.bytes[checked - 1] = checksum;
    if (spec->has_digest) {
        eli_sha256_init(&sha);
        eli_sha256_update(&sha, blob.bytes, checked);
        eli_sha256_finish(&sha, blob.bytes + checked);
    }
    memset(blob.bytes + size, 0xFF, spec->trailing);
    return blob;
}

blob_t make_esp8266_image(uint32_t address, uint32_t segment_size)
{
    const uint32_t end = (16 + segment_size + 16) / 16 * 16;
    blob_t blob = make_blob(end, 0);

    memcpy(blob.bytes, "\xE9\x01\x02\x40", 4); /* DIO, 4 MB, 40 MHz */
    put_u32(blob.bytes + 4, 0x40100004);
    put_u32(blob.bytes + 8, address);
    put_u32(blob.bytes + 12, segment_size);
    for (uint32_t i = 0; i < segment_size; i++) {
        blob.bytes[16 + i] = (uint8_t)(i * 3);
    }
    blob.bytes[end - 1] = eli_checksum_add(ELI_CHECKSUM_SEED, blob.bytes + 16, segment_size);
    return blob;
}

blob_t make_image_of_size(uint32_t size)
{
    image_spec_t spec = plain_image;

    spec.segment_count = 1;
    spec.segment_size = size - 32 - 32 - 1;
    blob_t blob = make_image(&spec);
    assert_int_equal(blob.size, size);
    return blob;
}

blob_t make_table(const entry_t *entries, unsigned count)
{
    blob_t blob = make_blob(TABLE_SIZE, 0xFF);
    esp_loader_md5_t md5;

    assert_true((count + 2) * 32 <= TABLE_SIZE);
    for (unsigned i = 0; i < count; i++) {
        uint8_t *at = blob.bytes + 32 * i;
        memset(at, 0, 32);
        at[0] = 0xAA;
        at[1] = 0x50;
        at[2] = entries[i].type;
        at[3] = entries[i].subtype;
        put_u32(at + 4, entries[i].offset);
        put_u32(at + 8, entries[i].size);
        memcpy(at + 12, entries[i].label, strlen(entries[i].label));
    }
    put_u16(blob.bytes + 32 * count, 0xEBEB);
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, blob.bytes, 32 * count);
    esp_loader_md5_finish(&md5, blob.bytes + 32 * count + 16);
    return blob;
}

blob_t plain_image_for(uint16_t chip_id)
{
    image_spec_t spec = plain_image;

    spec.chip_id = chip_id;
    spec.has_digest = false; /* so that a test may change the header */
    return make_image(&spec);
}

blob_t bootloader_for(uint16_t chip_id)
{
    blob_t blob = plain_image_for(chip_id);
    uint8_t *last = &blob.bytes[blob.size - 1];

    for (unsigned i = 0; i < 13; i++) {
        *last ^= blob.bytes[32 + i];
        blob.bytes[32 + i] = (uint8_t) "\x50\0\0\0\1\0\0\0v5.5"[i];
        *last ^= blob.bytes[32 + i];
    }
    return blob;
}

/* Its first segment is mapped from flash. */
blob_t app_for(uint16_t chip_id)
{
    blob_t blob = plain_image_for(chip_id);

    put_u32(blob.bytes + 24, chip_id == ESP32_ID ? 0x3F400020 : chip_id == C6_ID ? 0x42000020 : 0x3C000020);
    return blob;
}

void put_part(blob_t *file, uint32_t offset, blob_t part)
{
    assert_true(offset + part.size <= file->size);
    memcpy(file->bytes + offset, part.bytes, part.size);
    free_blob(&part);
}

/* ---- judging ---- */

esp_loader_image_info_t image_info;

esp_loader_error_t check_image(blob_t *blob)
{
    esp_loader_source_t source = source_of(blob);

    memset(&image_info, 0xA5, sizeof(image_info));
    return esp_loader_image_check(&source, &image_info);
}

void assert_image(blob_t blob, esp_loader_error_t expected)
{
    assert_int_equal(check_image(&blob), expected);
    free_blob(&blob);
}

void assert_every_read_counts(blob_t blob, esp_loader_error_t (*look)(blob_t *))
{
    assert_int_equal(look(&blob), ESP_LOADER_SUCCESS);
    const unsigned reads = blob.reads;

    blob.result = ESP_LOADER_ERROR_DISCONNECTED;
    for (unsigned n = 1; n <= reads; n++) {
        blob.reads = 0;
        blob.fail_at = n;
        assert_int_equal(look(&blob), ESP_LOADER_ERROR_DISCONNECTED);
    }
    free_blob(&blob);
}
