/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a file. The parts that a walk finds lie in the file, in order, without overlapping; each is
 * what a look at its place says; an image that is complete is also found alone; only a whole file is of
 * another format.
 *
 * Input: where the file will stand, in sectors; where its bytes begin; the bytes. The rest of the file is
 * blank.
 */
#include <stdlib.h>
#include <string.h>

#include "esp_loader_content.h"
#include "source.h"

enum { FILE_SIZE = 0x14000, SECTOR = 4096 };

static void check_look(const esp_loader_source_t *source, const esp_loader_part_t *found)
{
    esp_loader_part_t part;
    FUZZ_CHECK(esp_loader_part_at(source, found->offset, &part) == ESP_LOADER_SUCCESS);
    FUZZ_CHECK(part.kind == found->kind && part.size == found->size && part.format == found->format);
    FUZZ_CHECK(part.is_certain == found->is_certain && part.is_complete == found->is_complete);
}

static void check_executable(const esp_loader_source_t *source, const esp_loader_part_t *part)
{
    esp_loader_view_t view;
    esp_loader_part_t alone;
    esp_loader_image_info_t info;
    const esp_loader_source_t rest = esp_loader_view(&view, source, part->offset);
    FUZZ_CHECK(part->is_certain || part->is_complete);
    FUZZ_CHECK(!part->is_bootloader || !part->is_mapped);
    FUZZ_CHECK(esp_loader_part_at(&rest, 0, &alone) == ESP_LOADER_SUCCESS);
    FUZZ_CHECK(alone.kind == part->kind && alone.is_complete == part->is_complete);
    if (esp_loader_image_check(&rest, &info) == ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(part->is_complete && info.size - part->info.size == (info.has_crc ? 4u : 0u));
    }
    if (part->is_complete) {
        FUZZ_CHECK(part->size == part->info.size && part->size <= rest.size);
        (void)esp_loader_image_flash_size(&part->info);
        FUZZ_CHECK(!esp_loader_image_allows_revision(&part->info, 0) ||
                   esp_loader_image_min_revision(&part->info) == 0);
    }
}

static void walk(const esp_loader_source_t *source, uint32_t flash_offset)
{
    esp_loader_parts_t parts;
    esp_loader_part_t part;
    uint32_t end = 0;
    esp_loader_parts_begin(&parts, source, flash_offset);
    for (unsigned count = 0;; count++) {
        FUZZ_CHECK(count <= FILE_SIZE / SECTOR + 1);
        FUZZ_CHECK(esp_loader_parts_next(&parts, &part) == ESP_LOADER_SUCCESS);
        if (part.kind == ESP_LOADER_PART_END) {
            return;
        }
        FUZZ_CHECK(part.offset % SECTOR == 0 && part.offset >= end);
        FUZZ_CHECK(part.size > 0 && part.size <= source->size - part.offset);
        end = part.offset + part.size;
        FUZZ_CHECK(part.kind != ESP_LOADER_PART_FOREIGN || part.offset == 0);
        if (part.kind != ESP_LOADER_PART_SIGNATURE) {
            check_look(source, &part);
        }
        if (part.kind == ESP_LOADER_PART_EXECUTABLE) {
            check_executable(source, &part);
        }
    }
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t file[FILE_SIZE];
    fuzz_input_t input = {data, size};
    const uint32_t flash_offset = fuzz_u8(&input) * (uint32_t)SECTOR;
    const uint32_t begin = fuzz_u8(&input) % 17u * SECTOR;
    const fuzz_input_t bytes = fuzz_take(&input, FILE_SIZE - begin);
    memset(file, 0xFF, sizeof(file));
    if (bytes.size > 0) {
        memcpy(file + begin, bytes.data, bytes.size);
    }
    const uint32_t sizes[] = {FILE_SIZE, begin + (uint32_t)bytes.size};
    for (unsigned i = 0; i < 2; i++) {
        uint8_t *exact = fuzz_copy((fuzz_input_t){file, sizes[i]});
        fuzz_input_t whole = {exact, sizes[i]};
        const esp_loader_source_t source = fuzz_source(&whole);
        walk(&source, flash_offset);
        free(exact);
    }
}

/* An image with a signature; a table; a cut image; and one of each other format. */
FUZZ_SEEDS(10)
{
    static const uint8_t image[48] = {
        0xE9, 1, 2,    0x30, 0, 0, 0x38, 0x40, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0,    0, 0xC9, 0x3F, 8, 0, 0,    0,    1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xEF ^ 4};
    static const char *const formats[] = {("\x7F"
                                           "ELF"), /* apart, because E is a hexadecimal digit */
                                          "UF2\nWQ]\x9E",
                                          "\x1F\x8B\x08",
                                          "PK\3\4",
                                          "<html>",
                                          "a,b,c,d\n",
                                          ":00000001FF\n"};
    uint8_t table[96] = {0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0x10, 0, 0, 'a'};
    uint8_t blank[SECTOR];
    memset(blank, 0xFF, sizeof(blank));
    memset(table + 32, 0xFF, 64);
    fuzz_put_u8(seed, number == 1 ? 8 : 0);
    fuzz_put_u8(seed, number % 3);
    if (number == 0) {
        fuzz_put(seed, image, sizeof(image));
        fuzz_put(seed, blank, SECTOR - sizeof(image));
        fuzz_put(seed, "\xE7\x02\0\0", 4);
    } else if (number == 1) {
        fuzz_put(seed, table, sizeof(table));
    } else if (number == 2) {
        fuzz_put(seed, image, 40);
    } else {
        fuzz_put(seed, formats[number - 3], strlen(formats[number - 3]));
    }
}
