/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fields of eFuses: found, put together, protected, in words.
 */
#include "efuse/efuse_contents.h"
#include "efuse/efuse_text.h"
#include "efuse_burn.h"

#include <string.h>

static efuse_contents_t blank(const char *chip, uint32_t revision)
{
    efuse_contents_t contents = {.table = efuse_table_of(chip, revision)};

    assert_non_null(contents.table);
    contents.blocks = efuse_all_blocks(contents.table, true);
    return contents;
}

static const char *text_of(const efuse_contents_t *contents, const char *name)
{
    static char text[EFUSE_TEXT_SIZE];

    return efuse_value_text(contents, burn_field(contents, name), text);
}

TEST(each_chip_and_revision_has_its_table)
{
    assert_null(efuse_table_of("ESP8266", 0));
    assert_non_null(efuse_find(efuse_table_of("ESP32-H2", 101), "ECDSA_FORCE_USE_HARDWARE_K"));
    assert_null(efuse_find(efuse_table_of("ESP32-H2", 102), "ECDSA_FORCE_USE_HARDWARE_K"));
    assert_ptr_not_equal(efuse_table_of("ESP32-P4", 299), efuse_table_of("ESP32-P4", 300));
    assert_null(efuse_find(efuse_table_of("ESP32-P4", 299), "DOWNLOAD_MODE_XPD_ON"));
    assert_non_null(efuse_find(efuse_table_of("ESP32-P4", 300), "DOWNLOAD_MODE_XPD_ON"));
}

TEST(a_field_has_several_names_in_any_case)
{
    const efuse_table_t *table = efuse_table_of("ESP32-C6", 0);

    const efuse_field_t *field = efuse_find(table, "DIS_TWAI");
    assert_non_null(field);
    assert_ptr_equal(efuse_find(table, "dis_twai"), field);
    assert_ptr_equal(efuse_find(table, "Dis_Can"), field);
    assert_ptr_equal(efuse_find(table, "CUSTOM_MAC"), efuse_find(table, "USER_DATA.MAC_CUSTOM"));
    assert_null(efuse_find(table, "DIS"));
    assert_null(efuse_find(table, "MAC CUSTOM"));
    assert_null(efuse_find(table, ""));
}

TEST(a_field_of_several_parts_is_one_value)
{
    efuse_contents_t contents = blank("ESP32-S3", 0);
    contents.words[1][5] = 1u << 19; /* the highest bit of three */
    contents.words[1][4] = 2u << 3;
    assert_int_equal(efuse_number(&contents, burn_field(&contents, "PSRAM_CAP")), 6);
    contents.words[1][0] = 0x30405060;
    contents.words[1][1] = 0x00001020;
    assert_string_equal(text_of(&contents, "MAC"), "10:20:30:40:50:60");
}

static const struct {
    const char *name;
    uint32_t value;
    const char *text;
} texts[] = {
    {"DIS_TWAI", 0, "0 (no)"},
    {"DIS_TWAI", 1, "1 (yes)"},
    {"FLASH_CAP", 2, "2 (8 MB)"},
    {"FLASH_CAP", 7, "7 (unknown)"},
    {"KEY_PURPOSE_0", 4, "0x4 (XTS-AES-128 key)"},
    {"SPI_BOOT_CRYPT_CNT", 1, "1 (on)"},
    {"SPI_BOOT_CRYPT_CNT", 5, "5 (off)"},
    {"SECURE_VERSION", 7, "3"},
    {"WR_DIS", 0x1000, "0x00001000"},
    {"USER_DATA.MAC_CUSTOM", 0x030201, "01:02:03:00:00:00"},
    {"OPTIONAL_UNIQUE_ID", 0x0201, "01020000000000000000000000000000"},
};

TEST_ROWS(values_have_words, texts)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    burn(&contents, row->name, row->value);
    assert_string_equal(text_of(&contents, row->name), row->text);
}

TEST(protection_is_that_of_block_0)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    assert_string_equal(efuse_access(&contents, burn_field(&contents, "KEY1")), "rw");
    burn(&contents, "WR_DIS", 1u << 24);
    assert_string_equal(efuse_access(&contents, burn_field(&contents, "KEY1")), "r-");
    burn(&contents, "RD_DIS", 1u << 1);
    assert_string_equal(efuse_access(&contents, burn_field(&contents, "KEY1")), "--");
    assert_string_equal(text_of(&contents, "KEY1"), "?? (read-protected)");
    assert_string_equal(efuse_access(&contents, burn_field(&contents, "KEY0")), "rw");
    burn(&contents, "RD_DIS", 1);
    assert_string_equal(efuse_access(&contents, burn_field(&contents, "KEY0")), "-w");
}

TEST(halves_of_the_key_of_the_c2_are_protected_by_themselves)
{
    efuse_contents_t contents = blank("ESP32-C2", 0);
    burn(&contents, "RD_DIS", 2);
    assert_true(efuse_is_readable(&contents, burn_field(&contents, "KEY0_LOW_128")));
    assert_false(efuse_is_readable(&contents, burn_field(&contents, "KEY0_HI_128")));
    assert_false(efuse_is_readable(&contents, burn_field(&contents, "KEY0")));
}

TEST(what_holds_a_key_is_known_and_not_among_the_other_blocks)
{
    for (size_t i = 0; i < efuse_table_count; i++) {
        const efuse_table_t *table = &efuse_tables[i];
        unsigned keys = 0;
        for (size_t k = 0; k < table->field_count; k++) {
            const char *name = table->fields[k].name;
            const bool is_named_so = (strncmp(name, "KEY", 3) == 0 && name[3] >= '0' && name[3] <= '5') ||
                                     strcmp(name, "BLOCK1") == 0 || strcmp(name, "BLOCK2") == 0;
            assert_int_equal(efuse_is_key(table, &table->fields[k]), is_named_so);
            keys += is_named_so;
        }
        assert_in_range(keys, 2, 6);
    }
}

TEST(a_block_that_was_not_read_has_no_value)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    contents.blocks = efuse_all_blocks(contents.table, false);
    assert_string_equal(text_of(&contents, "KEY0"), "not read (--show-keys)");
    assert_string_equal(text_of(&contents, "DIS_TWAI"), "0 (no)");
}

TEST(blocks_of_the_esp32_are_shorter_with_a_code)
{
    efuse_contents_t contents = blank("ESP32", 0);
    const efuse_field_t *key = burn_field(&contents, "BLOCK1");
    assert_int_equal(efuse_bit_count(&contents, key), 256);
    burn(&contents, "CODING_SCHEME", 1);
    assert_int_equal(efuse_bit_count(&contents, key), 192);
    contents = blank("ESP32", 0);
    burn(&contents, "CODING_SCHEME", 2);
    assert_int_equal(efuse_bit_count(&contents, key), 128);
    assert_int_equal(efuse_bit_count(&contents, burn_field(&contents, "FLASH_CRYPT_CNT")), 7);
    assert_int_equal(efuse_bit_count(&contents, burn_field(&contents, "MAC_VERSION")), 0);
}

static const struct {
    const char *chip;
    size_t word;
    uint32_t value;
    uint8_t block;
    bool is_lost;
} errors[] = {
    {"ESP32-C6", 4, 1, 0, false},          {"ESP32-C6", 5, 0x3, 1, false},  {"ESP32-C6", 5, 0x8, 1, true},
    {"ESP32-C6", 5, 0x80000000u, 8, true}, {"ESP32-C6", 6, 0x4, 9, false},  {"ESP32-C6", 6, 0x80, 10, true},
    {"ESP32-C3", 5, 0x80, 1, true},        {"ESP32-C3", 6, 0x8, 8, true},   {"ESP32-C3", 5, 0x10, 2, false},
    {"ESP32-S31", 9, 0x80, 9, true},       {"ESP32-C2", 1, 0x800, 3, true}, {"ESP32-C2", 0, 1, 0, false},
};

TEST_ROWS(errors_are_those_of_one_block, errors)
{
    efuse_contents_t contents = blank(row->chip, 0);
    contents.errors[row->word] = row->value;
    for (uint8_t block = 0; block < contents.table->controller->block_count; block++) {
        bool is_lost;
        assert_int_equal(efuse_has_error(&contents, block, &is_lost), block == row->block);
        assert_int_equal(is_lost, block == row->block && row->is_lost);
    }
}

TEST(the_code_of_the_esp32_does_not_tell_the_block)
{
    efuse_contents_t contents = blank("ESP32", 0);
    bool is_lost;
    contents.decoding = 0x1000; /* beyond its bits */
    assert_false(efuse_has_error(&contents, 1, &is_lost));
    contents.decoding = 0x800;
    assert_false(efuse_has_error(&contents, 0, &is_lost));
    assert_true(efuse_has_error(&contents, 1, &is_lost) && efuse_has_error(&contents, 3, &is_lost));
}
