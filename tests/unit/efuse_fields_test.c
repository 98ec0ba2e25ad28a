/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sets of eFuse fields: which one a chip and a revision get, and what the fields of all of them keep to.
 */
#include "esp_loader_efuse.h"

#include <string.h>

#include "efuse/esp32/esp_loader_efuse_table.h"
#include "efuse/esp32c2/esp_loader_efuse_table.h"
#include "efuse/esp32h2/esp_loader_efuse_table.h"
#include "efuse/esp32p4/esp_loader_efuse_table.h"
#include "efuse/esp32s3/esp_loader_efuse_table.h"
#include "test.h"

static const struct {
    target_chip_t chip;
    uint16_t revision;
    uint16_t count, rev_min, rev_max;
    const char *last;
} sets[] = {
    {ESP32_CHIP, 0, 49, 0, 65535, "MAC_VERSION"},
    {ESP32_CHIP, 301, 49, 0, 65535, "MAC_VERSION"},
    {ESP32S2_CHIP, 100, 94, 0, 65535, "SYS_DATA_PART2"},
    {ESP32C3_CHIP, 3, 86, 0, 65535, "SYS_DATA_PART2"},
    {ESP32S3_CHIP, 65535, 109, 0, 65535, "SYS_DATA_PART2"},
    {ESP32C2_CHIP, 100, 50, 0, 65535, "KEY0_HI_128"},
    {ESP32C5_CHIP, 100, 110, 0, 65535, "SYS_DATA_PART2"},
    {ESP32H2_CHIP, 0, 90, 0, 101, "ECDSA_FORCE_USE_HARDWARE_K"},
    {ESP32H2_CHIP, 101, 90, 0, 101, "ECDSA_FORCE_USE_HARDWARE_K"},
    {ESP32H2_CHIP, 102, 89, 0, 65535, "SYS_DATA_PART2"},
    {ESP32C6_CHIP, 0, 87, 0, 65535, "SYS_DATA_PART2"},
    {ESP32P4_CHIP, 0, 130, 0, 299, NULL},
    {ESP32P4_CHIP, 299, 130, 0, 299, NULL},
    {ESP32P4_CHIP, 300, 128, 300, 65535, NULL},
    {ESP32C61_CHIP, 100, 90, 0, 65535, "SYS_DATA_PART2"},
    {ESP32S31_CHIP, 0, 94, 0, 65535, NULL},
    {ESP32H21_CHIP, 0, 80, 0, 65535, NULL},
    {ESP32H4_CHIP, 0, 114, 0, 65535, NULL},
};

TEST_ROWS(each_chip_and_revision_gets_its_set, sets)
{
    const esp_loader_efuse_field_set_t *set = NULL;
    assert_int_equal(esp_loader_efuse_get_field_info(row->chip, row->revision, &set), ESP_LOADER_SUCCESS);
    assert_int_equal(set->chip, row->chip);
    assert_int_equal(set->count, row->count);
    assert_int_equal(set->rev_min, row->rev_min);
    assert_int_equal(set->rev_max, row->rev_max);
    assert_string_equal(set->fields[0].name, "WR_DIS");
    if (row->last != NULL) {
        assert_string_equal(set->fields[set->count - 1].name, row->last);
    }
}

TEST(chips_without_a_table_are_refused)
{
    const esp_loader_efuse_field_set_t *set = NULL;
    assert_int_equal(esp_loader_efuse_get_field_info(ESP8266_CHIP, 0, &set),
                     ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(esp_loader_efuse_get_field_info(ESP_UNKNOWN_CHIP, 0, &set),
                     ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(esp_loader_efuse_get_field_info((target_chip_t)99, 0, &set),
                     ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_null(set);
    assert_int_equal(esp_loader_efuse_get_field_info(ESP32_CHIP, 0, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
}

static bool is_protection(uint16_t bit)
{
    return bit == ESP_LOADER_EFUSE_BIT_NONE || bit < 64;
}

/* Names are there once, runs are within blocks, and protecting bits are those of WR_DIS and RD_DIS. */
TEST_ROWS(fields_keep_to_the_rules, sets)
{
    const esp_loader_efuse_field_set_t *set = NULL;
    assert_int_equal(esp_loader_efuse_get_field_info(row->chip, row->revision, &set), ESP_LOADER_SUCCESS);
    for (unsigned n = 0; n < set->count; n++) {
        const esp_loader_efuse_field_info_t *info = &set->fields[n];
        assert_non_null(info->field[0]);
        for (const esp_loader_efuse_desc_t **run = info->field; *run != NULL; run++) {
            assert_true((*run)->efuse_block < ESP_LOADER_EFUSE_MAX_BLOCKS);
            assert_true((*run)->bit_count >= 1);
            assert_true((*run)->bit_start + (*run)->bit_count <= 32u * ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK);
        }
        assert_true(is_protection(info->wr_dis_bit));
        assert_true(is_protection(info->rd_dis_bit));
        for (unsigned other = 0; other < n; other++) {
            assert_string_not_equal(info->name, set->fields[other].name);
        }
    }
}

static const esp_loader_efuse_field_info_t *find(const esp_loader_efuse_field_set_t *set, const char *name)
{
    for (unsigned n = 0; n < set->count; n++) {
        if (strcmp(set->fields[n].name, name) == 0) {
            return &set->fields[n];
        }
    }
    return NULL;
}

/* A sample, from the tables of ESP-IDF. */
TEST(fields_are_where_the_tables_of_esp_idf_have_them)
{
    const esp_loader_efuse_field_info_t *info = find(&ESP32_EFUSE_FIELDS, "FLASH_CRYPT_CNT");
    assert_ptr_equal(info->field, ESP32_EFUSE_FLASH_CRYPT_CNT);
    assert_int_equal(info->field[0]->bit_start, 20);
    assert_int_equal(info->field[0]->bit_count, 7);
    assert_int_equal(info->wr_dis_bit, 2);
    assert_int_equal(info->rd_dis_bit, ESP_LOADER_EFUSE_BIT_NONE);

    info = find(&ESP32S3_EFUSE_FIELDS, "KEY0");
    assert_int_equal(info->field[0]->efuse_block, 4);
    assert_int_equal(info->wr_dis_bit, 23);
    assert_int_equal(info->rd_dis_bit, 32);

    /* the lowest part of the MAC address is its first byte */
    assert_int_equal(ESP32S3_EFUSE_MAC[0]->bit_start, 40);
    assert_int_equal(ESP32S3_EFUSE_MAC[5]->bit_start, 0);
    assert_null(ESP32S3_EFUSE_MAC[6]);

    info = find(&ESP32C2_EFUSE_FIELDS, "KEY0_HI_128");
    assert_int_equal(info->rd_dis_bit, 33);

    assert_ptr_equal(find(&ESP32H2_V0_0_V1_1_EFUSE_FIELDS, "ECDSA_FORCE_USE_HARDWARE_K")->field,
                     ESP32H2_V0_0_V1_1_EFUSE_ECDSA_FORCE_USE_HARDWARE_K);
    assert_int_equal(ESP32H2_V0_0_V1_1_EFUSE_ECDSA_FORCE_USE_HARDWARE_K[0]->bit_start, 114);
    assert_int_equal(ESP32H2_V0_0_V1_1_EFUSE_WR_DIS_ECDSA_FORCE_USE_HARDWARE_K[0]->bit_start, 17);
    assert_null(find(&ESP32H2_EFUSE_FIELDS, "ECDSA_FORCE_USE_HARDWARE_K"));
    assert_int_equal(ESP32P4_REV1_EFUSE_WR_DIS[0]->bit_count, 32);
}
