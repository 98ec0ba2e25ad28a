/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The image maker against the library's reader: two independent readings of the image format have to agree,
 * for every chip, on what is valid and on what is wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "esp_loader_image.h"
#include "image.h"
#include "program.h"
#include "table.h"
#include "test.h"

static mkimage_options_t options_for(const char *chip)
{
    mkimage_options_t options = {
        .chip = mkimage_chip_find(chip),
        .flash_mode = 2,
        .flash_size = 3,
        .flash_freq = 0xF,
        .min_revision = 1,
        .max_revision = 199,
        .has_digest = true,
        .seed = 7,
        .project = "hello",
        .version = "1.0.0",
    };
    assert_non_null(options.chip);
    options.header_chip_id = options.chip->image_id;
    return options;
}

static esp_loader_image_info_t info;

/* Checks exactly @p size bytes at @p data, then frees them. */
static esp_loader_error_t check_and_free(uint8_t *data, size_t size)
{
    assert_non_null(data);
    uint8_t *exact = malloc(size);
    assert_non_null(exact);
    memcpy(exact, data, size);
    free(data);
    esp_loader_source_t source = {.read = esp_loader_read_memory, .ctx = exact, .size = (uint32_t)size};
    esp_loader_error_t error = esp_loader_image_check(&source, &info);
    free(exact);
    return error;
}

TEST(every_chip_and_size_gives_an_image_the_library_accepts)
{
    static const size_t SIZES[] = {1024, 8192, 128 * 1024 - 16, 128 * 1024, 256 * 1024, 1024 * 1024 + 16};
    const mkimage_chip_t *chip;
    size_t chips = 0;
    for (; (chip = mkimage_chip_at(chips)) != NULL; chips++) {
        for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
            mkimage_options_t options = options_for(chip->name);
            size_t size;
            uint8_t *data = mkimage_app(&options, SIZES[i], &size);
            assert_int_equal(size, SIZES[i]);
            assert_int_equal(check_and_free(data, size), ESP_LOADER_SUCCESS);
            assert_int_equal(info.size, SIZES[i]);
            assert_int_equal(info.chip_id, chip->image_id);
            assert_int_equal(info.flash_mode, 2);
            assert_int_equal(info.flash_size_code, 3);
            assert_int_equal(info.flash_freq_code, 0xF);
            assert_int_equal(info.min_revision, mkimage_has_short_header(chip) ? 0 : 1);
            assert_int_equal(info.max_revision, mkimage_has_short_header(chip) ? 65535 : 199);
            assert_int_equal(info.has_digest, !mkimage_has_short_header(chip));
        }
    }
    assert_int_equal(chips, 14);
}

TEST(mapped_segments_are_congruent_to_the_mmu_page)
{
    const mkimage_chip_t *chip;
    for (size_t i = 0; (chip = mkimage_chip_at(i)) != NULL; i++) {
        mkimage_options_t options = options_for(chip->name);
        size_t size;
        uint8_t *data = mkimage_app(&options, 512 * 1024, &size);
        assert_non_null(data);
        const size_t first = mkimage_has_short_header(chip) ? 8 : 24;
        size_t pos = first;
        unsigned mapped = 0;
        for (unsigned segment = 0; segment < data[1]; segment++) {
            uint32_t addr = (uint32_t)data[pos] | (uint32_t)data[pos + 1] << 8 |
                            (uint32_t)data[pos + 2] << 16 | (uint32_t)data[pos + 3] << 24;
            uint32_t len = (uint32_t)data[pos + 4] | (uint32_t)data[pos + 5] << 8 |
                           (uint32_t)data[pos + 6] << 16 | (uint32_t)data[pos + 7] << 24;
            pos += 8;
            if ((addr & 0xFFFF) == first + 8) { /* only mapped segments start there */
                assert_int_equal(pos & 0xFFFF, addr & 0xFFFF);
                mapped++;
            }
            pos += len;
        }
        assert_int_equal(mapped, 2);
        free(data);
    }
}

TEST(bootloader_is_an_image_the_library_accepts)
{
    mkimage_options_t options = options_for("esp32s3");
    size_t size;
    uint8_t *data = mkimage_bootloader(&options, 20480, &size);
    assert_int_equal(check_and_free(data, size), ESP_LOADER_SUCCESS);
    assert_int_equal(info.segment_count, 2);
    assert_int_equal(info.size, 20480);
}

TEST(descriptions_are_those_the_library_reads)
{
    mkimage_options_t options = options_for("esp32c6");
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;
    size_t size;
    uint8_t *data = mkimage_app(&options, 8192, &size);
    assert_non_null(data);
    esp_loader_source_t source = {esp_loader_read_memory, data, (uint32_t)size};
    assert_int_equal(esp_loader_app_description_read(&source, &app), ESP_LOADER_SUCCESS);
    assert_string_equal(app.project, "hello");
    assert_string_equal(app.version, "1.0.0");
    assert_string_equal(app.sdk, "el-mkimage");
    assert_int_equal(app.mmu_page_log2, 16);
    free(data);
    data = mkimage_bootloader(&options, 8192, &size);
    assert_non_null(data);
    source.ctx = data;
    assert_int_equal(esp_loader_bootloader_description_read(&source, &bootloader), ESP_LOADER_SUCCESS);
    assert_string_equal(bootloader.sdk, "el-mkimage");
    free(data);
}

TEST(image_without_digest_says_so)
{
    mkimage_options_t options = options_for("esp32s3");
    options.has_digest = false;
    size_t size;
    uint8_t *data = mkimage_app(&options, 8192, &size);
    assert_int_equal(check_and_free(data, size), ESP_LOADER_SUCCESS);
    assert_false(info.has_digest);
    assert_int_equal(info.size, 8192);
}

/* A linked program: ELF header, three program headers, data. */
typedef struct {
    uint8_t bytes[52 + 3 * 32 + 24];
} elf_t;

static void set32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static void add_segment(elf_t *elf, unsigned index, uint32_t addr, uint32_t offset, uint32_t size)
{
    uint8_t *header = elf->bytes + 52 + 32 * index;
    set32(header, 1); /* loadable */
    set32(header + 4, offset);
    set32(header + 8, addr);
    set32(header + 12, addr);
    set32(header + 16, size);
}

/* Two segments side by side in DRAM, the second first in the file, and one in IRAM. */
static elf_t make_elf(void)
{
    static const uint8_t HEADER[] = {0x7F, 'E', 'L', 'F', 1, 1, 1, 0,    0, 0, 0,
                                     0,    0,   0,   0,   0, 2, 0, 0xF3, 0, 1};
    elf_t elf = {{0}};
    memcpy(elf.bytes, HEADER, sizeof(HEADER));
    set32(elf.bytes + 24, 0x40380004);
    set32(elf.bytes + 28, 52);
    elf.bytes[40] = 52;
    elf.bytes[42] = 32;
    elf.bytes[44] = 3;
    add_segment(&elf, 0, 0x3FC90008, 148, 6);
    add_segment(&elf, 1, 0x3FC90000, 154, 8);
    add_segment(&elf, 2, 0x40380000, 162, 10);
    for (unsigned i = 148; i < sizeof(elf.bytes); i++) {
        elf.bytes[i] = (uint8_t)i;
    }
    return elf;
}

static const char *error_of(const elf_t *elf, size_t size)
{
    mkimage_options_t options = options_for("esp32c3");
    const char *error = NULL;
    size_t image_size;
    uint8_t *exact = malloc(size);
    assert_non_null(exact);
    memcpy(exact, elf->bytes, size);
    assert_null(mkimage_elf(&options, exact, size, &image_size, &error));
    free(exact);
    assert_non_null(error);
    return error;
}

TEST(linked_program_becomes_an_image_of_merged_segments)
{
    elf_t elf = make_elf();
    mkimage_options_t options = options_for("esp32c3");
    const char *error;
    size_t size;
    uint8_t *image = mkimage_elf(&options, elf.bytes, sizeof(elf.bytes), &size, &error);
    assert_non_null(image);
    assert_int_equal(size, 80 + 32);
    static const uint8_t DATA[] = {0x00, 0x00, 0xC9, 0x3F, 16,  0,   0,   0,   154, 155, 156, 157,
                                   158,  159,  160,  161,  148, 149, 150, 151, 152, 153, 0,   0};
    static const uint8_t CODE[] = {0x00, 0x00, 0x38, 0x40, 12,  0,   0,   0,   162, 163,
                                   164,  165,  166,  167,  168, 169, 170, 171, 0,   0};
    assert_memory_equal(image + 24, DATA, sizeof(DATA));
    assert_memory_equal(image + 24 + sizeof(DATA), CODE, sizeof(CODE));
    assert_int_equal(check_and_free(image, size), ESP_LOADER_SUCCESS);
    assert_int_equal(info.segment_count, 2);
    assert_int_equal(info.entry_addr, 0x40380004);
    assert_int_equal(info.chip_id, 5);
}

TEST(what_is_no_program_in_ram_is_refused_with_a_sentence)
{
    static const struct {
        size_t at;
        uint8_t value;
        const char *sentence;
    } CASES[] = {
        {1, 'e', "no ELF file"},
        {4, 2, "32-bit RISC-V or Xtensa"},
        {5, 2, "32-bit RISC-V or Xtensa"},
        {18, 0x3E, "32-bit RISC-V or Xtensa"},
        {16, 1, "not a linked program"},
        {42, 56, "not a linked program"},
        {31, 0xFF, "cut off"},
        {45, 0xFF, "cut off"},
        {52 + 7, 0xFF, "cut off"},
        {52 + 19, 0xFF, "cut off"},
        {52 + 12, 0x09, "not at whole words"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        elf_t elf = make_elf();
        elf.bytes[CASES[i].at] = CASES[i].value;
        assert_non_null(strstr(error_of(&elf, sizeof(elf.bytes)), CASES[i].sentence));
    }
    elf_t elf = make_elf();
    for (size_t size = 1; size < sizeof(elf.bytes) - 2; size++) {
        error_of(&elf, size);
    }
    add_segment(&elf, 0, 0x42000020, 148, 6);
    assert_non_null(strstr(error_of(&elf, sizeof(elf.bytes)), "mapped from flash"));
    elf.bytes[44] = 0;
    assert_string_equal(error_of(&elf, sizeof(elf.bytes)), "it has nothing to load");
}

static const struct {
    const char *name;
    esp_loader_error_t error;
} defects[] = {
    {"magic", ESP_LOADER_ERROR_IMAGE_FORMAT},     {"segments", ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"length", ESP_LOADER_ERROR_IMAGE_FORMAT},    {"checksum", ESP_LOADER_ERROR_IMAGE_CHECKSUM},
    {"content", ESP_LOADER_ERROR_IMAGE_CHECKSUM}, {"digest", ESP_LOADER_ERROR_IMAGE_CHECKSUM},
};

TEST_ROWS(every_defect_is_found_by_the_library, defects)
{
    mkimage_options_t options = options_for("esp32s3");
    size_t size;
    assert_true(mkimage_defect_find(row->name, &options.defect));
    uint8_t *data = mkimage_app(&options, 8192, &size);
    assert_int_equal(check_and_free(data, size), row->error);
}

TEST(same_seed_gives_same_bytes_and_another_seed_others)
{
    mkimage_options_t options = options_for("esp32c3");
    size_t size;
    uint8_t *first = mkimage_app(&options, 8192, &size);
    uint8_t *again = mkimage_app(&options, 8192, &size);
    options.seed++;
    uint8_t *other = mkimage_app(&options, 8192, &size);
    assert_memory_equal(first, again, size);
    assert_memory_not_equal(first, other, size);
    free(first);
    free(again);
    free(other);
}

TEST(table_is_one_the_library_accepts)
{
    uint8_t table[MKIMAGE_TABLE_SIZE];
    uint32_t count;
    esp_loader_partition_t partition;
    mkimage_table_start(table);
    assert_true(mkimage_table_add(table, 0, "nvs, data, nvs, 0x9000, 24K"));
    assert_true(mkimage_table_add(table, 1, "factory,app,factory,0x10000,1M,encrypted"));
    assert_true(mkimage_table_add(table, 2, "sixteen_letters_,0x40,0x7,0x110000,0x1000"));
    mkimage_table_finish(table, 3);
    esp_loader_source_t source = {.read = esp_loader_read_memory, .ctx = table, .size = sizeof(table)};
    assert_int_equal(esp_loader_partition_table_check(&source, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 3);
    assert_int_equal(esp_loader_partition_get(&source, 1, &partition), ESP_LOADER_SUCCESS);
    assert_int_equal(partition.offset, 0x10000);
    assert_int_equal(partition.size, 0x100000);
    assert_int_equal(partition.flags, 1);
    assert_int_equal(esp_loader_partition_get(&source, 2, &partition), ESP_LOADER_SUCCESS);
    assert_string_equal(partition.label, "sixteen_letters_");
    table[4] ^= 0x10;
    assert_int_equal(esp_loader_partition_table_check(&source, &count), ESP_LOADER_ERROR_PARTITION);
}

TEST(malformed_partition_lines_are_refused)
{
    static const char *const LINES[] = {
        "",
        "nvs,data,nvs,0x9000",
        "nvs,data,nvs,0x9000,0x6000,readonly,more",
        ",data,nvs,0x9000,0x6000",
        "seventeen_letters,data,nvs,0x9000,0x6000",
        "nvs,date,nvs,0x9000,0x6000",
        "nvs,data,ota_0,0x9000,0x6000",
        "ota,app,ota_16,0x10000,1M",
        "nvs,data,nvs,-1,0x6000",
        "nvs,data,nvs,0x9000,4096M",
        "nvs,data,nvs,0x9000,0x6000,secret",
        "nvs,256,nvs,0x9000,0x6000",
    };
    uint8_t table[MKIMAGE_TABLE_SIZE];
    mkimage_table_start(table);
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
        assert_false(mkimage_table_add(table, 0, LINES[i]));
    }
    assert_false(mkimage_table_add(table, MKIMAGE_TABLE_ENTRIES, "nvs,data,nvs,0x9000,0x6000"));
    assert_int_equal(table[0], 0xFF);
}
