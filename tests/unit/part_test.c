/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a file: every kind of part at its beginning and inside, formats by name, and what only looks
 * like one of them.
 */
#include <string.h>

#include "builders.h"
#include "esp_loader_content.h"
#include "test.h"

static const entry_t entries[] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
    {1, 0x82, 0x20000, 0x10000, "storage"},
};

static esp_loader_part_t part_at(blob_t *blob, uint32_t offset)
{
    esp_loader_source_t source = source_of(blob);
    esp_loader_part_t part;

    assert_int_equal(esp_loader_part_at(&source, offset, &part), ESP_LOADER_SUCCESS);
    assert_int_equal(part.offset, offset);
    return part;
}

/* As "merge" makes it, for flash offset 0 of an ESP32-S3. */
static blob_t make_merged(void)
{
    blob_t file = make_blob(0x30000, 0xFF);

    put_part(&file, 0x0, make_image(&plain_image));
    put_part(&file, 0x8000, make_table(entries, 3));
    put_part(&file, 0x10000, make_image(&plain_image));
    return file;
}

/* The walk over a file: one letter per part. */
static void assert_parts(blob_t *blob, uint32_t flash_offset, const char *expected)
{
    static const char letters[] = "?..XTSF"; /* of the enumeration */
    esp_loader_source_t source = source_of(blob);
    esp_loader_parts_t parts;
    esp_loader_part_t part;
    char found[20] = "";
    size_t count = 0;
    uint32_t end = 0;

    esp_loader_parts_begin(&parts, &source, flash_offset);
    for (;;) {
        assert_int_equal(esp_loader_parts_next(&parts, &part), ESP_LOADER_SUCCESS);
        if (part.kind == ESP_LOADER_PART_END) {
            break;
        }
        assert_true(count < sizeof(found) - 1);
        assert_true(part.offset >= end && part.size > 0 && part.size <= blob->size - part.offset);
        end = part.offset + part.size;
        found[count++] = letters[part.kind];
    }
    assert_string_equal(found, expected);
}

TEST(an_executable_image_is_told_whole_or_cut)
{
    blob_t blob = make_image(&plain_image);
    esp_loader_part_t part = part_at(&blob, 0);

    assert_int_equal(part.kind, ESP_LOADER_PART_EXECUTABLE);
    assert_true(part.is_certain && part.is_complete);
    assert_false(part.is_mapped || part.is_bootloader || part.is_signed);
    assert_int_equal(part.chip, ESP32S3_CHIP);
    assert_int_equal(part.size, blob.size);
    resize_blob(&blob, 100);
    part = part_at(&blob, 0);
    assert_int_equal(part.kind, ESP_LOADER_PART_EXECUTABLE);
    assert_true(part.is_certain && !part.is_complete);
    assert_int_equal(part.chip, ESP32S3_CHIP);
    resize_blob(&blob, 31);
    assert_int_equal(part_at(&blob, 0).kind, ESP_LOADER_PART_DATA);
    free_blob(&blob);
}

TEST(an_image_for_an_unknown_chip_is_one_if_it_is_whole)
{
    image_spec_t spec = plain_image;

    spec.chip_id = 0x55;
    blob_t blob = make_image(&spec);
    esp_loader_part_t part = part_at(&blob, 0);
    assert_int_equal(part.kind, ESP_LOADER_PART_EXECUTABLE);
    assert_true(part.is_complete && !part.is_certain);
    assert_int_equal(part.chip, ESP_UNKNOWN_CHIP);
    resize_blob(&blob, 100);
    assert_int_equal(part_at(&blob, 0).kind, ESP_LOADER_PART_DATA);
    free_blob(&blob);
}

TEST(images_of_the_esp8266_are_certain_by_their_addresses)
{
    blob_t blob = make_esp8266_image(0x40100000, 100);
    esp_loader_part_t part = part_at(&blob, 0);

    assert_true(part.is_certain && part.is_complete && !part.is_mapped);
    assert_int_equal(part.chip, ESP8266_CHIP);
    resize_blob(&blob, 60);
    assert_int_equal(part_at(&blob, 0).kind, ESP_LOADER_PART_EXECUTABLE);
    free_blob(&blob);

    blob = make_blob(400, 0); /* flash content in front */
    memcpy(blob.bytes, "\xEA\x04\x02\x40\x04\x00\x10\x40\x00\x00\x00\x00\x64\x00\x00\x00", 16);
    put_part(&blob, 116, make_esp8266_image(0x40100000, 100));
    part = part_at(&blob, 0);
    assert_true(part.is_certain && part.is_complete && part.is_mapped);
    blob.size = 100;
    part = part_at(&blob, 0);
    assert_true(part.is_certain && !part.is_complete);
    blob.size = 400;
    free_blob(&blob);
}

/* Bootloaders of newer ESP-IDF describe themselves; apps have segments that are mapped from flash. */
TEST(bootloaders_and_apps_are_told_apart)
{
    blob_t blob = make_image(&plain_image);

    memcpy(blob.bytes + 32, "\x50\0\0\0\1\0\0\0v5.5", 13);
    assert_true(part_at(&blob, 0).is_bootloader);
    static const struct {
        uint32_t at;
        uint8_t byte;
        bool is_one;
    } cases[] = {{32, 0x51, false}, {33, 1, false},  {34, 1, false},   {40, ' ', false},
                 {40, '!', true},   {40, '~', true}, {40, 0x7F, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const uint8_t was = blob.bytes[cases[i].at];
        blob.bytes[cases[i].at] = cases[i].byte;
        assert_int_equal(part_at(&blob, 0).is_bootloader, cases[i].is_one);
        blob.bytes[cases[i].at] = was;
    }
    put_u32(blob.bytes + 24, 0x3C000020);
    assert_false(part_at(&blob, 0).is_bootloader);
    assert_true(part_at(&blob, 0).is_mapped);
    free_blob(&blob);
}

/* What comes after the last segment is none, however few bytes that are, and whatever they look like. */
TEST(an_image_in_ram_is_one_wherever_its_segments_end)
{
    image_spec_t spec = plain_image;

    spec.has_digest = false;
    for (spec.segment_size = 96; spec.segment_size < 96 + 16; spec.segment_size += 4) {
        for (int is_followed = 0; is_followed < 2; is_followed++) {
            blob_t blob = make_image(&spec);
            const uint32_t end = 24 + 2 * (8 + spec.segment_size);
            if (is_followed != 0) {
                resize_blob(&blob, blob.size + 8);
            }
            if (blob.size - end > 4) {
                put_u32(blob.bytes + end, 0x3C000020); /* as a mapped segment begins */
            }
            const esp_loader_part_t part = part_at(&blob, 0);
            assert_int_equal(part.kind, ESP_LOADER_PART_EXECUTABLE);
            assert_true(part.is_complete && !part.is_mapped);
            free_blob(&blob);
        }
    }
}

TEST(a_signature_follows_at_the_next_sector)
{
    for (uint8_t version = 1; version <= 4; version++) {
        blob_t blob = make_image(&plain_image);
        resize_blob(&blob, 0x2000);
        blob.bytes[0x1000] = 0xE7;
        blob.bytes[0x1001] = version;
        bool is_known = version == 2 || version == 3;
        assert_int_equal(part_at(&blob, 0).is_signed, is_known);
        assert_parts(&blob, 0, is_known ? "XS" : "X");
        blob.bytes[0x1000] = 0xE8;
        assert_false(part_at(&blob, 0).is_signed);
        free_blob(&blob);
    }
}

TEST(parts_are_found_wherever_they_stand)
{
    blob_t file = make_merged();

    assert_parts(&file, 0, "XTX");
    assert_int_equal(part_at(&file, 0x1000).kind, ESP_LOADER_PART_BLANK);
    assert_int_equal(part_at(&file, 0x8000).kind, ESP_LOADER_PART_TABLE);
    assert_int_equal(part_at(&file, 0x8000).size, 0xC00);
    assert_int_equal(part_at(&file, 0x30000).kind, ESP_LOADER_PART_END);

    blob_t other = make_blob(0x30000, 0xFF); /* a format of its own is one at the beginning only */
    memcpy(other.bytes, file.bytes, file.size);
    memcpy(other.bytes + 0x3000, "PK\3\4", 4);
    assert_parts(&other, 0, "XTX");
    put_part(&other, 0x9000, make_image(&plain_image)); /* the partition that begins where the table ends */
    assert_parts(&other, 0, "XTXX");
    free_blob(&other);

    /* the same without the bootloader's sector, and as it begins with blank flash */
    blob_t from_table = make_blob(0x28000, 0);
    memcpy(from_table.bytes, file.bytes + 0x8000, 0x28000);
    assert_parts(&from_table, 0x8000, "TX");
    memset(file.bytes, 0xFF, 0x1000);
    put_part(&file, 0x2000, make_image(&plain_image));
    assert_parts(&file, 0, "XTX");
    free_blob(&from_table);
    free_blob(&file);
}

/* What lies inside a partition is its own; a file system may hold a firmware. */
TEST(behind_a_table_only_the_beginnings_of_partitions_are_looked_at)
{
    blob_t file = make_merged();

    put_part(&file, 0x21000, make_image(&plain_image));
    put_part(&file, 0x2A000, make_table(entries, 3));
    assert_parts(&file, 0, "XTX");
    file.bytes[0x8004] ^= 1; /* no table that says where they are */
    assert_parts(&file, 0, "XTXXT");
    file.bytes[0x8004] ^= 1;
    put_part(&file, 0x20000, make_table(entries, 3));
    assert_parts(&file, 0, "XTXT");
    free_blob(&file);
}

TEST(what_may_be_a_table_inside_of_a_file_needs_a_second_slot)
{
    blob_t file = make_blob(0x2000, 0x33);

    memcpy(file.bytes, "\xAA\x50", 2);
    memcpy(file.bytes + 0x1000, "\xAA\x50", 2);
    assert_int_equal(part_at(&file, 0).kind, ESP_LOADER_PART_TABLE);
    assert_int_equal(part_at(&file, 0x1000).kind, ESP_LOADER_PART_DATA);
    file.size = 0x1040; /* whole */
    assert_int_equal(part_at(&file, 0x1000).kind, ESP_LOADER_PART_DATA);
    file.size = 0x103F; /* cut */
    assert_int_equal(part_at(&file, 0x1000).kind, ESP_LOADER_PART_TABLE);
    file.size = 0x2000;
    static const struct {
        uint8_t slot[2];
        bool is_one;
    } cases[] = {{{0xAA, 0x50}, true},  {{0xEB, 0xEB}, true},  {{0xFF, 0xFF}, true},
                 {{0xAA, 0x51}, false}, {{0xEB, 0xAA}, false}, {{0xFF, 0xFE}, false},
                 {{0xFE, 0xFF}, false}, {{0xAB, 0x50}, false}, {{0xEA, 0xEB}, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memcpy(file.bytes + 0x1020, cases[i].slot, 2);
        assert_int_equal(part_at(&file, 0x1000).kind,
                         cases[i].is_one ? ESP_LOADER_PART_TABLE : ESP_LOADER_PART_DATA);
    }
    free_blob(&file);
}

static const struct {
    const char *bytes;
    size_t size;
    esp_loader_format_t format;
} formats[] = {
    {"\177ELF\1\1\1", 7, ESP_LOADER_FORMAT_ELF},
    {"\177EL ", 4, ESP_LOADER_FORMAT_UNKNOWN},
    {"UF2\n\x57\x51\x5D\x9E", 8, ESP_LOADER_FORMAT_UF2},
    {"UF2\n\x57\x51\x5D\x9F", 8, ESP_LOADER_FORMAT_UNKNOWN},
    {"\x1F\x8B\x08\0", 4, ESP_LOADER_FORMAT_GZIP},
    {"\x1F\x8B\x07\0", 4, ESP_LOADER_FORMAT_UNKNOWN},
    {"PK\3\4", 4, ESP_LOADER_FORMAT_ZIP},
    {"PK\5\5", 4, ESP_LOADER_FORMAT_UNKNOWN},
    {"<!DOCTYPE html>\n", 16, ESP_LOADER_FORMAT_HTML},
    {"\xEF\xBB\xBF \r\n<HTML lang=", 17, ESP_LOADER_FORMAT_HTML},
    {"<htm", 4, ESP_LOADER_FORMAT_UNKNOWN},
    {"# ESP-IDF Partition Table\n# Name, Type\n", 39, ESP_LOADER_FORMAT_CSV},
    {"nvs, data, nvs, 0x9000, 0x6000\n", 31, ESP_LOADER_FORMAT_CSV},
    {"key,type,encoding,value\n", 24, ESP_LOADER_FORMAT_CSV},
    {"one, two\n", 9, ESP_LOADER_FORMAT_UNKNOWN},
    {"nvs,data,nvs,\0", 14, ESP_LOADER_FORMAT_UNKNOWN},
    {"just some words", 15, ESP_LOADER_FORMAT_UNKNOWN},
    {":020000040000FA\n", 16, ESP_LOADER_FORMAT_HEX},
    {":020000040000FA\r\n:10", 20, ESP_LOADER_FORMAT_HEX},
    {":00000001ff", 11, ESP_LOADER_FORMAT_HEX},
    {":0400000508000000EF\n", 20, ESP_LOADER_FORMAT_HEX}, /* the last type */
    {":020000040000FB\n", 16, ESP_LOADER_FORMAT_UNKNOWN}, /* checksum */
    {":0200000400", 11, ESP_LOADER_FORMAT_UNKNOWN},       /* cut */
    {":00000000", 9, ESP_LOADER_FORMAT_UNKNOWN},          /* the same */
    {":020000040000FAx", 16, ESP_LOADER_FORMAT_UNKNOWN},  /* goes on */
    {":00001000Fg\n", 12, ESP_LOADER_FORMAT_UNKNOWN},     /* one digit is none */
    {":020000090000F5\n", 16, ESP_LOADER_FORMAT_UNKNOWN}, /* no such type */
    {":", 1, ESP_LOADER_FORMAT_UNKNOWN},
    {":) hello", 8, ESP_LOADER_FORMAT_UNKNOWN},
    {":0", 2, ESP_LOADER_FORMAT_UNKNOWN},
};

TEST_ROWS(formats_are_known_by_name, formats)
{
    blob_t blob = make_blob((uint32_t)row->size, 0);
    memcpy(blob.bytes, row->bytes, row->size);
    esp_loader_part_t part = part_at(&blob, 0);
    assert_int_equal(part.format, row->format);
    assert_int_equal(part.kind, row->format == ESP_LOADER_FORMAT_UNKNOWN ? ESP_LOADER_PART_DATA
                                                                         : ESP_LOADER_PART_FOREIGN);
    assert_parts(&blob, 0, row->format == ESP_LOADER_FORMAT_UNKNOWN ? "" : "F");
    free_blob(&blob);
}

TEST(a_sector_is_blank_only_when_all_of_it_is)
{
    blob_t blob = make_blob(0x1000, 0);
    memset(blob.bytes, 0xFF, blob.size);
    assert_int_equal(part_at(&blob, 0).kind, ESP_LOADER_PART_BLANK);
    for (uint32_t i = 1; i < blob.size; i += i < 70 ? 1 : 157) {
        blob.bytes[i] = 0x7F;
        assert_int_equal(part_at(&blob, 0).kind, ESP_LOADER_PART_DATA);
        blob.bytes[i] = 0xFF;
    }
    free_blob(&blob);
}

TEST(every_format_has_a_name)
{
    for (int format = 0; format < ESP_LOADER_FORMAT_COUNT; format++) {
        assert_true(strncmp(esp_loader_format_name((esp_loader_format_t)format), "a", 1) == 0);
    }
    assert_string_equal(esp_loader_format_name(ESP_LOADER_FORMAT_COUNT), "a file of an unknown format");
}

/* The smallest longest record: 255 bytes of data. */
TEST(the_longest_record_is_read_to_its_end)
{
    blob_t blob = make_blob(1 + 2 * (255 + 5), '0');

    memcpy(blob.bytes, ":FF", 3);
    memcpy(blob.bytes + blob.size - 2, "01", 2);
    assert_int_equal(part_at(&blob, 0).format, ESP_LOADER_FORMAT_HEX);
    blob.bytes[blob.size - 3] = 'G';
    assert_int_equal(part_at(&blob, 0).format, ESP_LOADER_FORMAT_UNKNOWN);
    free_blob(&blob);
}

TEST(the_header_states_a_size_of_flash)
{
    static const uint32_t of_esp8266[16] = {0x80000,  0x40000,  0x100000, 0x200000, 0x400000,
                                            0x200000, 0x400000, 0,        0x800000, 0x1000000};

    for (uint8_t code = 0; code < 16; code++) {
        esp_loader_image_info_t info = {.flash_size_code = code, .chip_id = 9};
        assert_int_equal(esp_loader_image_flash_size(&info), code < 8 ? 0x100000u << code : 0);
        info.chip_id = ESP_LOADER_IMAGE_NO_CHIP_ID;
        assert_int_equal(esp_loader_image_flash_size(&info), of_esp8266[code]);
    }
}

TEST(a_view_is_the_rest_of_its_source)
{
    blob_t blob = make_blob(100, 7);
    esp_loader_source_t source = source_of(&blob);
    esp_loader_view_t view;
    uint8_t byte = 0;

    blob.bytes[60] = 9;
    esp_loader_source_t rest = esp_loader_view(&view, &source, 50);
    assert_int_equal(rest.size, 50);
    assert_int_equal(rest.read(rest.ctx, 10, &byte, 1), ESP_LOADER_SUCCESS);
    assert_int_equal(byte, 9);
    assert_int_equal(esp_loader_view(&view, &source, 101).size, 0);
    free_blob(&blob);
}

/* A walk ends with the last sector that 32 bits can name. */
static esp_loader_error_t read_vast(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const blob_t *file = ctx;

    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)buf)[i] = offset < file->size && i < file->size - offset ? file->bytes[offset + i] : 0x33;
    }
    return ESP_LOADER_SUCCESS;
}

TEST(a_walk_over_all_of_32_bits_ends)
{
    static const entry_t last[] = {{1, 0x82, 0xFFFFF000, 0x1000, "last"}};
    blob_t file = make_blob(0x9000, 0xFF);
    const esp_loader_source_t source = {.read = read_vast, .ctx = &file, .size = UINT32_MAX};
    esp_loader_parts_t parts;
    esp_loader_part_t part;

    put_part(&file, 0x8000, make_table(last, 1));
    esp_loader_parts_begin(&parts, &source, 0);
    assert_int_equal(esp_loader_parts_next(&parts, &part), ESP_LOADER_SUCCESS);
    assert_int_equal(part.kind, ESP_LOADER_PART_TABLE);
    assert_int_equal(esp_loader_parts_next(&parts, &part), ESP_LOADER_SUCCESS);
    assert_int_equal(part.kind, ESP_LOADER_PART_END);
    free_blob(&file);
}

/* Whichever read fails, its error comes back. */
TEST(an_error_of_read_is_returned)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        blob_t file = make_merged();
        esp_loader_source_t source = source_of(&file);
        esp_loader_parts_t parts;
        esp_loader_part_t part = {.kind = ESP_LOADER_PART_DATA};
        file.fail_at = ++n;
        file.result = ESP_LOADER_ERROR_IO;
        esp_loader_parts_begin(&parts, &source, 0);
        do {
            err = esp_loader_parts_next(&parts, &part);
        } while (err == ESP_LOADER_SUCCESS && part.kind != ESP_LOADER_PART_END);
        assert_true(err == ESP_LOADER_SUCCESS || err == ESP_LOADER_ERROR_IO);
        free_blob(&file);
    } while (err != ESP_LOADER_SUCCESS);
    assert_true(n > 30);
}

static esp_loader_error_t look(blob_t *blob)
{
    esp_loader_source_t source = source_of(blob);
    esp_loader_part_t part;

    return esp_loader_part_at(&source, 0, &part);
}

/* A failure to look is no answer to what a file is. */
TEST(an_error_of_read_makes_no_other_format)
{
    static const char record[] = ":020000040000FA\n";
    blob_t blob = make_blob(sizeof(record) - 1, 0);

    memcpy(blob.bytes, record, sizeof(record) - 1);
    assert_int_equal(part_at(&blob, 0).format, ESP_LOADER_FORMAT_HEX);
    blob.reads = 0;
    assert_every_read_counts(blob, look);
}
