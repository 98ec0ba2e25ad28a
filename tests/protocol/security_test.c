/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the security information of a target is taken for: each bit for itself, and the short form.
 */
#include <string.h>

#include "conversation.h"

enum { FLAGS_AT = 8, CRYPT_COUNT_AT = 12, PURPOSES_AT = 13, CHIP_AT = 20, VERSION_AT = 24, LONG_SIZE = 32 };

static uint8_t reply[LONG_SIZE]; /* the long form, before it is framed */

/* A connected session, and the long form of an ESP32-S3, to be changed. */
static void open_s3(void)
{
    static const uint8_t head[] = {1, ELI_GET_SECURITY_INFO, 24};
    open_connected(ESP32S3_CHIP);
    memset(reply, 0, sizeof(reply));
    memcpy(reply, head, sizeof(head));
    reply[CHIP_AT] = 9;
}

static void ask(esp_loader_target_security_info_t *info)
{
    reply_frame(reply, sizeof(reply)); /* unless something else has been queued */
    memset(info, 0xA5, sizeof(*info));
    assert_int_equal(esp_loader_get_security_info(&f.loader, info), ESP_LOADER_SUCCESS);
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
    esp_loader_target_security_info_t info;
    for (unsigned bit = 0; bit < 16; bit++) {
        open_s3();
        reply[FLAGS_AT + bit / 8] = (uint8_t)(1u << bit % 8);
        ask(&info);
        assert_int_equal(answers(&info), bit <= 10 ? 1u << bit : 0);
        assert_false(info.flash_encryption_enabled);
    }
}

TEST(flash_is_encrypted_while_an_odd_number_of_bits_is_set)
{
    esp_loader_target_security_info_t info;
    for (unsigned count = 0; count < 256; count++) {
        open_s3();
        reply[CRYPT_COUNT_AT] = (uint8_t)count;
        ask(&info);
        assert_int_equal(info.flash_encryption_enabled, __builtin_parity(count));
        assert_int_equal(info.flash_crypt_count, count);
        assert_int_equal(answers(&info), 0);
    }
}

TEST(purposes_chip_and_version_are_those_of_the_reply)
{
    static const uint8_t purposes[7] = {1, 2, 3, 4, 5, 6, 7};
    esp_loader_target_security_info_t info;
    open_s3();
    memcpy(&reply[PURPOSES_AT], purposes, sizeof(purposes));
    reply[VERSION_AT] = 0x34;
    reply[VERSION_AT + 1] = 0x12;
    ask(&info);
    assert_memory_equal(info.key_purposes, purposes, sizeof(purposes));
    assert_int_equal(info.target_chip, ESP32S3_CHIP);
    assert_int_equal(info.eco_version, 0x1234);

    open_s3();
    reply[CHIP_AT] = 0x77;
    ask(&info);
    assert_int_equal(info.target_chip, ESP_UNKNOWN_CHIP);
}

/* ---- the short form, which only the ESP32-S2 gives ---- */

static void answer_short(uint8_t flags, uint8_t crypt_count)
{
    REPLY_FRAME(1, ELI_GET_SECURITY_INFO, 16, 0, 0, 0, 0, 0, flags, 0, 0, 0, crypt_count, 1, 2, 3, 4, 5, 6, 7,
                0, 0, 0, 0);
}

#define SECURE_DOWNLOAD 4

TEST(short_form_in_secure_download_mode_is_an_esp32_s2)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    for (int times = 0; times < 2; times++) { /* counts when it is said again */
        answer_sync(1);
        answer_short(SECURE_DOWNLOAD, 0);
    }
    assert_int_equal(connect_with(2), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S2_CHIP);
    assert_true(f.loader._is.secure_download);
    assert_int_equal(f.port->writes, 4); /* the magic register cannot be asked for */
}

TEST(short_form_tells_no_chip_and_no_version)
{
    static const uint8_t purposes[7] = {1, 2, 3, 4, 5, 6, 7};
    esp_loader_target_security_info_t info;
    open_s3();
    answer_short(1, 7);
    ask(&info);
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
    open_session(ESP_LOADER_LINK_USB_OTG);
    answer_sync(1);
    for (int times = 0; times < 2; times++) { /* counts when it is said again */
        refuse_unknown(1);
        answer_sync(1);
    }
    answer(ELI_READ_REG, 0);
    assert_int_equal(connect_with(2), ESP_LOADER_ERROR_INVALID_TARGET);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0);
    assert_null(eli_target_by_magic(0));
}

/* ---- failures ---- */

TEST(chips_without_the_command_are_not_asked)
{
    esp_loader_target_security_info_t info;
    open_s3();
    f.loader._target = eli_target_by_chip_id(0); /* ESP32 */
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(f.port->writes, 0);
    f.loader._is.connected = false;
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.port->writes, 0);
}

TEST(refused_question_is_an_error_of_the_session)
{
    esp_loader_target_security_info_t info;
    open_s3();
    refuse(ELI_GET_SECURITY_INFO, 6);
    answer_sync(1);
    refuse(ELI_GET_SECURITY_INFO, 6);
    assert_int_equal(esp_loader_get_security_info(&f.loader, &info), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.target_reason, 6);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_REGISTER);
}
