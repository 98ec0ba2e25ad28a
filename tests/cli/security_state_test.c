/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a part can still do, in words.
 */
#include "efuse/security_state.h"
#include "efuse_burn.h"

#include <string.h>

static efuse_contents_t blank(const char *chip, uint32_t revision)
{
    const efuse_contents_t contents = {.table = efuse_table_of(chip, revision)};

    assert_non_null(contents.table);
    return contents;
}

static const security_state_t *find(const security_states_t *states, const char *what)
{
    for (size_t i = 0; i < states->count; i++) {
        if (strcmp(states->states[i].what, what) == 0) {
            return &states->states[i];
        }
    }
    return NULL;
}

static void expect(const efuse_contents_t *contents, uint32_t revision, const char *what, const char *text)
{
    security_states_t states;

    security_state_find(&states, contents, revision);
    const security_state_t *state = find(&states, what);
    assert_non_null(state);
    assert_string_equal(state->text, text);
}

static void expect_nothing(const efuse_contents_t *contents, const char *what)
{
    security_states_t states;

    security_state_find(&states, contents, 0);
    assert_null(find(&states, what));
}

/** @p on and @p final as programs read them */
static void expect_flags(const efuse_contents_t *contents, const char *what, bool on, bool final)
{
    security_states_t states;

    security_state_find(&states, contents, 0);
    assert_int_equal(find(&states, what)->is_on, on);
    assert_int_equal(find(&states, what)->is_final, final);
}

TEST(a_blank_part_can_do_everything)
{
    for (size_t i = 0; i < efuse_table_count; i++) {
        const efuse_contents_t contents = {.table = &efuse_tables[i]};
        expect(&contents, 300, "secure boot", "off, can be turned on for good");
        expect(&contents, 300, "flash encryption", "off, can be turned on");
        expect(&contents, 300, "ROM download", "on, can be turned off for good");
        expect(&contents, 300, "JTAG", "on, can be turned off");
        expect_flags(&contents, "secure boot", false, false);
        expect_flags(&contents, "JTAG", true, false);
    }
}

TEST(everything_burnt_leaves_nothing_to_change)
{
    for (size_t i = 0; i < efuse_table_count; i++) {
        efuse_contents_t contents = {.table = &efuse_tables[i]};
        memset(contents.words, 0xFF, sizeof(contents.words));
        security_states_t states;
        security_state_find(&states, &contents, 300);
        assert_in_range(states.count, 4, SECURITY_STATES - 1); /* there was room for all */
        for (size_t k = 0; k < states.count; k++) {
            assert_true(states.states[k].is_final);
            assert_true(strlen(states.states[k].text) < SECURITY_STATE_SIZE - 1);
        }
    }
}

TEST(secure_boot_is_on_or_can_be)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    burn_wr_dis(&contents, "SECURE_BOOT_EN");
    expect(&contents, 0, "secure boot", "off for good");
    expect_flags(&contents, "secure boot", false, true);
    burn(&contents, "SECURE_BOOT_EN", 1);
    expect(&contents, 0, "secure boot", "on for good");
    expect_flags(&contents, "secure boot", true, true);
    expect_nothing(&contents, "secure boot keys");
    burn(&contents, "SECURE_BOOT_KEY_REVOKE1", 1);
    expect(&contents, 0, "secure boot keys", "1 of 3 are revoked");
    expect_flags(&contents, "secure boot keys", true, false);
}

TEST(the_esp32_has_two_secure_boots_from_v3_on)
{
    efuse_contents_t contents = blank("ESP32", 0);
    burn_wr_dis(&contents, "ABS_DONE_0");
    expect(&contents, 300, "secure boot", "off, can be turned on for good");
    expect(&contents, 100, "secure boot", "off for good"); /* no V2 */
    burn(&contents, "ABS_DONE_1", 1);
    expect(&contents, 300, "secure boot", "V2 on for good");
    expect(&contents, 100, "secure boot", "off for good");
    burn(&contents, "ABS_DONE_0", 1);
    expect(&contents, 100, "secure boot", "V1 on for good");
}

static const struct {
    const char *chip;
    uint32_t count;
    bool is_protected;
    const char *text;
} counts[] = {
    {"ESP32-S3", 0, true, "off for good"},
    {"ESP32-S3", 1, false, "on, can be turned off once; the ROM can encrypt what is flashed"},
    {"ESP32-S3", 1, true, "on for good; the ROM can encrypt what is flashed"},
    {"ESP32-S3", 3, false, "off, can be turned on"},
    {"ESP32-S3", 3, true, "off for good"},
    {"ESP32-S3", 7, false, "on for good; the ROM can encrypt what is flashed"},
    {"ESP32", 1, false, "on, can be turned off three times; the ROM can encrypt what is flashed"},
    {"ESP32", 7, false, "on, can be turned off twice; the ROM can encrypt what is flashed"},
    {"ESP32", 0x1F, false, "on, can be turned off once; the ROM can encrypt what is flashed"},
    {"ESP32", 0x7F, false, "on for good; the ROM can encrypt what is flashed"},
};

TEST_ROWS(flash_encryption_is_counted, counts)
{
    const char *name = strcmp(row->chip, "ESP32") == 0 ? "FLASH_CRYPT_CNT" : "SPI_BOOT_CRYPT_CNT";
    efuse_contents_t contents = blank(row->chip, 0);
    burn(&contents, name, row->count);
    if (row->is_protected) {
        burn_wr_dis(&contents, name);
    }
    expect(&contents, 0, "flash encryption", row->text);
}

TEST(an_encrypted_part_may_take_only_encrypted_images)
{
    efuse_contents_t contents = blank("ESP32-C3", 0);
    burn(&contents, "SPI_BOOT_CRYPT_CNT", 7);
    burn(&contents, "DIS_DOWNLOAD_MANUAL_ENCRYPT", 1);
    expect(&contents, 0, "flash encryption", "on for good; only encrypted images can be flashed");
    contents = blank("ESP32", 0);
    burn(&contents, "FLASH_CRYPT_CNT", 0x7F);
    burn(&contents, "DISABLE_DL_ENCRYPT", 1);
    expect(&contents, 0, "flash encryption", "on for good; only encrypted images can be flashed");
}

TEST(download_mode_is_on_restricted_or_off)
{
    efuse_contents_t contents = blank("ESP32-S3", 0);
    burn(&contents, "ENABLE_SECURITY_DOWNLOAD", 1);
    expect(&contents, 0, "ROM download", "it only flashes and reads nothing, can be turned off for good");
    burn_wr_dis(&contents, "DIS_DOWNLOAD_MODE");
    expect(&contents, 0, "ROM download", "it only flashes and reads nothing");
    burn(&contents, "DIS_DOWNLOAD_MODE", 1);
    expect(&contents, 0, "ROM download", "off for good");
    expect_flags(&contents, "ROM download", false, true);
    contents = blank("ESP32-S3", 0);
    burn_wr_dis(&contents, "DIS_DOWNLOAD_MODE");
    expect(&contents, 0, "ROM download", "on for good");
}

TEST(download_mode_of_an_old_esp32_cannot_be_off)
{
    efuse_contents_t contents = blank("ESP32", 0);
    expect(&contents, 100, "ROM download", "on for good");
    burn(&contents, "UART_DOWNLOAD_DIS", 1);
    expect(&contents, 100, "ROM download", "on for good");
    expect(&contents, 300, "ROM download", "off for good");
}

TEST(usb_is_spoken_of_where_there_is_one)
{
    efuse_contents_t contents = blank("ESP32-C2", 0);
    expect_nothing(&contents, "USB-Serial/JTAG download");
    expect_nothing(&contents, "USB-OTG download");
    contents = blank("ESP32-C3", 0);
    expect_nothing(&contents, "USB-OTG download");
    contents = blank("ESP32-S3", 0);
    burn(&contents, "DIS_USB_SERIAL_JTAG_DOWNLOAD_MODE", 1);
    expect(&contents, 0, "USB-Serial/JTAG download", "off for good");
    expect(&contents, 0, "USB-OTG download", "on, can be turned off for good");
    burn(&contents, "DIS_USB_OTG", 1);
    expect(&contents, 0, "USB-OTG download", "off for good");
    contents = blank("ESP32-S2", 0);
    burn(&contents, "DIS_USB_DOWNLOAD_MODE", 1);
    expect(&contents, 0, "USB-OTG download", "off for good");
}

TEST(jtag_is_off_for_good_only_when_no_way_is_left)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    burn(&contents, "DIS_PAD_JTAG", 1);
    expect(&contents, 0, "JTAG", "on through USB, off at the pins for good; can be turned off");
    burn(&contents, "DIS_USB_JTAG", 1);
    expect(&contents, 0, "JTAG", "off for good");
    expect_flags(&contents, "JTAG", false, true);
    contents = blank("ESP32-C6", 0);
    burn(&contents, "DIS_USB_JTAG", 1);
    expect(&contents, 0, "JTAG", "on at the pins, off through USB for good; can be turned off");
    contents = blank("ESP32-C6", 0);
    burn(&contents, "SOFT_DIS_JTAG", 3);
    expect(&contents, 0, "JTAG", "on, can be turned off");
    burn(&contents, "SOFT_DIS_JTAG", 7);
    expect(&contents, 0, "JTAG", "off, an HMAC key can turn it on until the next reset");
    expect_flags(&contents, "JTAG", false, false);
}

TEST(chips_have_jtag_of_their_own_kinds)
{
    efuse_contents_t contents = blank("ESP32", 0);
    burn(&contents, "JTAG_DISABLE", 1);
    expect(&contents, 0, "JTAG", "off for good");
    contents = blank("ESP32-C2", 0);
    burn(&contents, "DIS_PAD_JTAG", 1);
    expect(&contents, 0, "JTAG", "off for good");
    contents = blank("ESP32-S2", 0);
    burn(&contents, "HARD_DIS_JTAG", 1);
    expect(&contents, 0, "JTAG", "off for good");
    contents = blank("ESP32-C2", 0);
    burn_wr_dis(&contents, "DIS_PAD_JTAG");
    expect(&contents, 0, "JTAG", "on for good");
}

TEST(secrets_that_can_be_read_are_told)
{
    efuse_contents_t contents = blank("ESP32-S3", 0);
    expect_nothing(&contents, "key block 2");
    burn(&contents, "KEY_PURPOSE_2", 4);
    expect(&contents, 0, "key block 2", "holds a secret that can be read, can be protected");
    burn_wr_dis(&contents, "RD_DIS");
    expect(&contents, 0, "key block 2", "holds a secret that can be read for good");
    burn(&contents, "RD_DIS", 1u << 2);
    expect_nothing(&contents, "key block 2");
    burn(&contents, "KEY_PURPOSE_3", 9); /* no secret */
    expect_nothing(&contents, "key block 3");
    burn(&contents, "RD_DIS", 1u << 3);
    expect(&contents, 0, "key block 3", "secure boot cannot read its digest: it never verifies");
}

TEST(the_key_of_flash_encryption_is_told_of_where_blocks_have_no_purpose)
{
    efuse_contents_t contents = blank("ESP32", 0);
    expect_nothing(&contents, "flash encryption key");
    burn(&contents, "FLASH_CRYPT_CNT", 1);
    expect(&contents, 0, "flash encryption key", "can be read, can be protected");
    burn(&contents, "RD_DIS", 1);
    expect_nothing(&contents, "flash encryption key");
    contents = blank("ESP32-C2", 0);
    burn(&contents, "SPI_BOOT_CRYPT_CNT", 1);
    burn_wr_dis(&contents, "RD_DIS");
    expect(&contents, 0, "flash encryption key", "can be read for good");
    burn(&contents, "RD_DIS", 1);
    expect_nothing(&contents, "flash encryption key");
}

TEST(anti_rollback_is_a_number_of_bits)
{
    efuse_contents_t contents = blank("ESP32-C6", 0);
    expect_nothing(&contents, "anti-rollback");
    burn(&contents, "SECURE_VERSION", 7);
    expect(&contents, 0, "anti-rollback", "apps below security version 3 do not start");
}
