/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the security information of a target is taken for: each bit for itself, and the short form.
 */
#include <string.h>

#include "scripted_port.h"
#include "session/core.h"
#include "test.h"

#define SYNC_REPLY 0xC0, 1, 0x08, 4, 0, 0x07, 0x07, 0x12, 0x20, 0, 0, 0, 0, 0xC0
#define REFUSAL    0xC0, 1, 0x14, 4, 0, 0, 0, 0, 0, 1, 6, 0, 0, 0xC0

enum { FLAGS_AT = 9, CRYPT_COUNT_AT = 13, PURPOSES_AT = 14, CHIP_AT = 21, VERSION_AT = 25 };

typedef struct {
    scripted_port_t script;
    esp_loader_t loader;
    uint8_t reply[34];
} fixture_t;

static const uint8_t sync_reply[] = {SYNC_REPLY};

static void open_unconnected(fixture_t *f)
{
    memset(f, 0, sizeof(*f));
    scripted_port_init(&f->script);
    f->script.base.link = ESP_LOADER_LINK_USB_OTG;
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
}

/* A connected session, and in f->reply the long form of an ESP32-S3, to be changed. */
static void open_session(fixture_t *f)
{
    open_unconnected(f);
    static const uint8_t head[] = {0xC0, 1, 0x14, 24, 0};
    memcpy(f->reply, head, sizeof(head));
    f->reply[CHIP_AT] = 9;
    f->reply[sizeof(f->reply) - 1] = 0xC0;
    f->loader._is.connected = true;
    f->loader._target = eli_target_by_chip_id(9);
    f->loader._chip = ESP32S3_CHIP;
}

static void ask(fixture_t *f, esp_loader_target_security_info_t *info)
{
    scripted_port_reply(&f->script, f->reply, sizeof(f->reply)); /* unless something else has been queued */
    memset(info, 0xA5, sizeof(*info));
    assert_int_equal(esp_loader_get_security_info(&f->loader, info), ESP_LOADER_SUCCESS);
}

/* Every answer as one bit of a word, in the order of the table below. */
static unsigned answers(const esp_loader_target_security_info_t *info)
{
    const bool all[] = {info->secure_boot_enabled,
                        info->secure_boot_aggressive_revoke_enabled,
                        info->secure_download_mode_enabled,
                        info->secure_boot_revoked_keys[0],
                        info->secure_boot_revoked_keys[1],
                        info->secure_boot_revoked_keys[2],
                        info->jtag_software_disabled,
                        info->jtag_hardware_disabled,
                        info->usb_disabled,
                        info->dcache_in_uart_download_disabled,
                        info->icache_in_uart_download_disabled};
    unsigned word = 0;
    for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        word |= (unsigned)all[i] << i;
    }
    return word;
}

/* Source: serial protocol document of esptool, GET_SECURITY_INFO: bits 0 to 10. */
TEST(each_flag_answers_one_question)
{
    static fixture_t f;
    esp_loader_target_security_info_t info;
    for (unsigned bit = 0; bit < 16; bit++) {
        open_session(&f);
        f.reply[FLAGS_AT + bit / 8] = (uint8_t)(1u << bit % 8);
        ask(&f, &info);
        assert_int_equal(answers(&info), bit <= 10 ? 1u << bit : 0);
        assert_false(info.flash_encryption_enabled);
    }
}

TEST(flash_is_encrypted_while_an_odd_number_of_bits_is_set)
{
    static fixture_t f;
    esp_loader_target_security_info_t info;
    for (unsigned count = 0; count < 256; count++) {
        if (count == 0xC0 || count == 0xDB) {
            continue; /* these would have to be escaped */
        }
        open_session(&f);
        f.reply[CRYPT_COUNT_AT] = (uint8_t)count;
        ask(&f, &info);
        assert_int_equal(info.flash_encryption_enabled, __builtin_parity(count));
        assert_int_equal(info.flash_crypt_count, count);
        assert_int_equal(answers(&info), 0);
    }
}

TEST(purposes_chip_and_version_are_those_of_the_reply)
{
    static const uint8_t purposes[7] = {1, 2, 3, 4, 5, 6, 7};
    static fixture_t f;
    esp_loader_target_security_info_t info;
    open_session(&f);
    memcpy(&f.reply[PURPOSES_AT], purposes, sizeof(purposes));
    f.reply[VERSION_AT] = 0x34;
    f.reply[VERSION_AT + 1] = 0x12;
    ask(&f, &info);
    assert_memory_equal(info.key_purposes, purposes, sizeof(purposes));
    assert_int_equal(info.target_chip, ESP32S3_CHIP);
    assert_int_equal(info.eco_version, 0x1234);

    open_session(&f);
    f.reply[CHIP_AT] = 0x77;
    ask(&f, &info);
    assert_int_equal(info.target_chip, ESP_UNKNOWN_CHIP);
}

/* ---- the short form, which only the ESP32-S2 gives ---- */

#define SHORT(flags, crypt_count)                                                                            \
    {                                                                                                        \
        0xC0, 1, 0x14, 16, 0, 0, 0, 0, 0, flags, 0, 0, 0, crypt_count, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0xC0 \
    }
#define SECURE_DOWNLOAD 4

TEST(short_form_in_secure_download_mode_is_an_esp32_s2)
{
    static const uint8_t security[] = SHORT(SECURE_DOWNLOAD, 0);
    static fixture_t f;
    esp_loader_connect_args_t args = {.sync_timeout = 100, .trials = 2};
    open_unconnected(&f);
    scripted_port_reply(&f.script, sync_reply, sizeof(sync_reply));
    scripted_port_reply(&f.script, security, sizeof(security));
    scripted_port_reply(&f.script, sync_reply, sizeof(sync_reply));
    scripted_port_reply(&f.script, security, sizeof(security)); /* counts when it is said again */
    assert_int_equal(esp_loader_connect(&f.loader, &args), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S2_CHIP);
    assert_true(f.loader._is.secure_download);
    assert_int_equal(f.script.base.writes, 4); /* the magic register cannot be asked for */
}

TEST(short_form_tells_no_chip_and_no_version)
{
    static const uint8_t security[] = SHORT(1, 7);
    static const uint8_t purposes[7] = {1, 2, 3, 4, 5, 6, 7};
    static fixture_t f;
    esp_loader_target_security_info_t info;
    open_session(&f);
    scripted_port_reply(&f.script, security, sizeof(security));
    ask(&f, &info);
    assert_int_equal(info.target_chip, ESP_UNKNOWN_CHIP);
    assert_int_equal(info.eco_version, 0);
    assert_int_equal(answers(&info), 1);
    assert_true(info.flash_encryption_enabled);
    assert_memory_equal(info.key_purposes, purposes, sizeof(purposes));
}

/* ---- without security information ---- */

/* Several chips have no magic value, in the table 0. */
TEST(magic_value_of_zero_is_no_chip)
{
    static const uint8_t unknown[] = {0xC0, 1, 0xFF, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0xC0};
    static const uint8_t zero[] = {0xC0, 1, 0x0A, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    static fixture_t f;
    esp_loader_connect_args_t args = {.sync_timeout = 100, .trials = 2};
    open_unconnected(&f);
    scripted_port_reply(&f.script, sync_reply, sizeof(sync_reply));
    for (int times = 0; times < 2; times++) { /* counts when it is said again */
        scripted_port_reply(&f.script, unknown, sizeof(unknown));
        scripted_port_reply(&f.script, sync_reply, sizeof(sync_reply));
    }
    scripted_port_reply(&f.script, zero, sizeof(zero));
    assert_int_equal(esp_loader_connect(&f.loader, &args), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0);
    assert_null(eli_target_by_magic(0));
}

/* ---- failures ---- */

TEST(chips_without_the_command_are_not_asked)
{
    static fixture_t f;
    esp_loader_target_security_info_t info;
    open_session(&f);
    f.loader._target = eli_target_by_chip_id(0); /* ESP32 */
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(f.script.base.writes, 0);
    f.loader._is.connected = false;
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.script.base.writes, 0);
}

TEST(refused_question_is_an_error_of_the_session)
{
    static const uint8_t refusal[] = {REFUSAL};
    static fixture_t f;
    esp_loader_target_security_info_t info;
    open_session(&f);
    scripted_port_reply(&f.script, refusal, sizeof(refusal));
    scripted_port_reply(&f.script, sync_reply, sizeof(sync_reply));
    scripted_port_reply(&f.script, refusal, sizeof(refusal));
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.target_reason, 6);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_REGISTER);
}
