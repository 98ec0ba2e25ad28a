/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a burn would end: each rule with what it is about, and without.
 */
#include "efuse/burn_keys.h"
#include "efuse/burn_report.h"

#include <string.h>

#include "efuse_burn.h"

typedef struct {
    const char *name; /**< of a field; "-NAME": what forbids writing it */
    uint64_t value;
} field_t;

typedef struct {
    const char *chip;
    uint32_t revision;
    field_t before[4], burnt[3];
    const char *sentence; /**< a part of it; NULL = none */
} hazard_t;

#define NO_BOOT    "nothing would boot"
#define NO_KEY     "on without a key"
#define OTHER_DATA "other keys and data"
#define NEVER_ON   "never be turned on"

static const hazard_t hazards[] = {
    {"ESP32-C6", 0, {{0}}, {{"SECURE_BOOT_EN", 1}}, NO_BOOT},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_2", 9}}, {{"SECURE_BOOT_EN", 1}}, NULL},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_2", 9}, {"RD_DIS", 4}}, {{"SECURE_BOOT_EN", 1}}, NO_BOOT},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_2", 9}, {"SECURE_BOOT_KEY_REVOKE0", 1}}, {{"SECURE_BOOT_EN", 1}}, NO_BOOT},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_2", 9}, {"SECURE_BOOT_KEY_REVOKE1", 1}}, {{"SECURE_BOOT_EN", 1}}, NULL},
    {"ESP32-C6",
     0,
     {{"KEY_PURPOSE_2", 10}, {"SECURE_BOOT_EN", 1}},
     {{"SECURE_BOOT_KEY_REVOKE1", 1}},
     NO_BOOT},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_2", 10}}, {{"SECURE_BOOT_KEY_REVOKE1", 1}}, NULL},
    {"ESP32-C6", 0, {{"SECURE_BOOT_EN", 1}}, {{"DIS_PAD_JTAG", 1}}, NULL}, /* it is so already */
    {"ESP32", 300, {{0}}, {{"ABS_DONE_1", 1}}, NO_BOOT},
    {"ESP32", 300, {{"BLOCK2", 5}}, {{"ABS_DONE_1", 1}}, NULL},
    {"ESP32", 0, {{0}}, {{"ABS_DONE_0", 1}}, NO_BOOT},
    {"ESP32", 0, {{"BLOCK2", 5}}, {{"ABS_DONE_0", 1}}, NULL},
    {"ESP32", 0, {{"RD_DIS", 2}}, {{"ABS_DONE_0", 1}}, NULL}, /* nobody can tell */
    {"ESP32", 0, {{"ABS_DONE_0", 1}}, {{"JTAG_DISABLE", 1}}, NULL},
    {"ESP32", 0, {{0}}, {{"CODING_SCHEME", 1}}, NULL},
    {"ESP32", 0, {{"BLOCK1", 5}}, {{"CODING_SCHEME", 1}}, OTHER_DATA},
    {"ESP32", 0, {{"RD_DIS", 1}}, {{"CODING_SCHEME", 1}}, OTHER_DATA},
    {"ESP32", 0, {{"BLOCK3", 5}}, {{"CODING_SCHEME", 1}}, OTHER_DATA},
    {"ESP32", 0, {{"CODING_SCHEME", 1}, {"BLOCK1", 5}}, {{"JTAG_DISABLE", 1}}, NULL},
    {"ESP32", 0, {{"MAC", 5}}, {{"MAC", 7}}, "from the factory"},
    {"ESP32", 0, {{"MAC", 5}}, {{"JTAG_DISABLE", 1}}, NULL},
    {"ESP32", 0, {{0}}, {{"MAC", 7}}, NULL}, /* that comes without one */
    {"ESP32-C2", 0, {{0}}, {{"SECURE_BOOT_EN", 1}}, NO_BOOT},
    {"ESP32-C2", 0, {{"KEY0_HI_128", 5}}, {{"SECURE_BOOT_EN", 1}}, NULL},
    {"ESP32-C6", 0, {{0}}, {{"SPI_BOOT_CRYPT_CNT", 1}}, NO_KEY},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_0", 4}}, {{"SPI_BOOT_CRYPT_CNT", 1}}, NULL},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_0", 5}}, {{"SPI_BOOT_CRYPT_CNT", 1}}, NO_KEY},
    {"ESP32-C6", 0, {{"SPI_BOOT_CRYPT_CNT", 1}}, {{"SPI_BOOT_CRYPT_CNT", 3}}, NULL},
    {"ESP32", 300, {{0}}, {{"FLASH_CRYPT_CNT", 1}}, NO_KEY},
    {"ESP32", 300, {{"BLOCK1", 5}}, {{"FLASH_CRYPT_CNT", 1}}, NULL},
    {"ESP32-C6", 0, {{0}}, {{"-SPI_BOOT_CRYPT_CNT", 0}}, NEVER_ON},
    {"ESP32-C6", 0, {{"SPI_BOOT_CRYPT_CNT", 1}, {"KEY_PURPOSE_0", 4}}, {{"-SPI_BOOT_CRYPT_CNT", 0}}, NULL},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_0", 5}}, {{"-RD_DIS", 0}}, "never be read-protected"},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_0", 5}, {"RD_DIS", 1}}, {{"-RD_DIS", 0}}, NULL},
    {"ESP32-C6", 0, {{"KEY_PURPOSE_0", 9}}, {{"-RD_DIS", 0}}, NULL},
    {"ESP32-C6", 0, {{0}}, {{"DIS_DOWNLOAD_MODE", 1}}, "never be flashed over a cable"},
    {"ESP32-C6", 0, {{"DIS_DOWNLOAD_MODE", 1}}, {{"DIS_PAD_JTAG", 1}}, NULL},
    {"ESP32", 300, {{0}}, {{"UART_DOWNLOAD_DIS", 1}}, "never be flashed over a cable"},
    {"ESP32", 299, {{0}}, {{"UART_DOWNLOAD_DIS", 1}}, NULL}, /* it has no effect there */
    {"ESP32-C6", 0, {{0}}, {{"ENABLE_SECURITY_DOWNLOAD", 1}}, "never be read any more"},
    {"ESP32-P4", 300, {{0}}, {{"ENABLE_SECURITY_DOWNLOAD", 1}}, "never be read any more"},
    {"ESP32-P4",
     301,
     {{"DOWNLOAD_MODE_XPD_ON", 1}},
     {{"ENABLE_SECURITY_DOWNLOAD", 1}},
     "would have no power"},
    {"ESP32-P4", 302, {{0}}, {{"ENABLE_SECURITY_DOWNLOAD", 1}}, "would have no power"},
    {"ESP32-P4",
     302,
     {{"DOWNLOAD_MODE_XPD_ON", 1}},
     {{"ENABLE_SECURITY_DOWNLOAD", 1}},
     "never be read any more"},
};

typedef struct {
    uint16_t millivolts; /**< that the flash has before it */
    hazard_t hazard;
} voltage_hazard_t;

#define DESTROYED "can destroy it"

static const voltage_hazard_t voltage_hazards[] = {
    {3300, {"ESP32", 0, {{0}}, {{"XPD_SDIO_FORCE", 1}}, "no power any more"}},
    {1800, {"ESP32", 0, {{0}}, {{"XPD_SDIO_FORCE", 1}, {"XPD_SDIO_REG", 1}}, NULL}},
    {3300, {"ESP32", 0, {{0}}, {{"XPD_SDIO_FORCE", 1}, {"XPD_SDIO_REG", 1}}, DESTROYED}},
    {1800, {"ESP32", 0, {{"XPD_SDIO_REG", 1}}, {{"XPD_SDIO_FORCE", 1}, {"XPD_SDIO_TIEH", 1}}, DESTROYED}},
    {3300, {"ESP32-S3", 0, {{0}}, {{"VDD_SPI_XPD", 1}}, NULL}}, /* it is still up to the pin */
    {1800, {"ESP32-S3", 0, {{"VDD_SPI_FORCE", 1}, {"VDD_SPI_XPD", 1}}, {{"VDD_SPI_TIEH", 1}}, DESTROYED}},
    {1800, {"ESP32-S3", 0, {{"VDD_SPI_FORCE", 1}, {"VDD_SPI_XPD", 1}}, {{"DIS_PAD_JTAG", 1}}, NULL}},
};

static void burn_all(efuse_contents_t *contents, const field_t *fields, size_t count)
{
    for (size_t i = 0; i < count && fields[i].name != NULL; i++) {
        if (fields[i].name[0] == '-') {
            burn_wr_dis(contents, fields[i].name + 1);
        } else {
            burn(contents, fields[i].name, fields[i].value);
        }
    }
}

static void expect_hazard(const hazard_t *row, const flash_voltage_t *voltage)
{
    efuse_contents_t before = {.table = efuse_table_of(row->chip, row->revision)};
    const char *sentences[BURN_HAZARDS_MAX];
    burn_all(&before, row->before, 4);
    efuse_contents_t after = before;
    burn_all(&after, row->burnt, 3);
    const size_t count = burn_hazards(&before, &after, row->revision, voltage, sentences);
    assert_int_equal(count, row->sentence != NULL);
    if (row->sentence != NULL) {
        assert_non_null(strstr(sentences[0], row->sentence));
    }
}

TEST_ROWS(what_a_burn_would_end_is_known, hazards)
{
    expect_hazard(row, &(flash_voltage_t){.source = FLASH_VOLTAGE_NOWHERE});
}

TEST_ROWS(another_voltage_of_the_flash_is_known, voltage_hazards)
{
    expect_hazard(&row->hazard,
                  &(flash_voltage_t){FLASH_VOLTAGE_BY_PIN, 12, .is_known = true, row->millivolts});
}

TEST(several_at_once)
{
    efuse_contents_t before = {.table = efuse_table_of("ESP32-C6", 0)};
    efuse_contents_t after = before;
    const flash_voltage_t none = {0};
    const char *sentences[BURN_HAZARDS_MAX];
    burn(&after, "SECURE_BOOT_EN", 1);
    burn(&after, "SPI_BOOT_CRYPT_CNT", 7);
    burn(&after, "DIS_DOWNLOAD_MODE", 1);
    assert_int_equal(burn_hazards(&before, &after, 0, &none, sentences), 3);
}

TEST(keys_that_secure_boot_cannot_use)
{
    static const struct {
        const char *chip;
        bool takes_rsa, takes_ecdsa;
    } chips[] = {{"ESP32", true, false},    {"ESP32-S2", true, false}, {"ESP32-S3", true, false},
                 {"ESP32-C3", true, false}, {"ESP32-C2", false, true}, {"ESP32-C61", false, true},
                 {"ESP32-C5", true, true},  {"ESP32-C6", true, true},  {"ESP32-H2", true, true},
                 {"ESP32-P4", true, true},  {"ESP32-S31", true, true}, {"ESP32-H4", true, true},
                 {"ESP32-H21", true, true}};
    static burn_request_t request = {.key_count = 2};
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        request.keys[1].kind = BURN_OF_BYTES;
        assert_null(burn_key_hazard(&request, chips[i].chip));
        request.keys[1].kind = BURN_OF_RSA;
        assert_int_equal(burn_key_hazard(&request, chips[i].chip) == NULL, chips[i].takes_rsa);
        request.keys[1].kind = BURN_OF_ECDSA;
        assert_int_equal(burn_key_hazard(&request, chips[i].chip) == NULL, chips[i].takes_ecdsa);
    }
}
