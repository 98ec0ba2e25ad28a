/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The digest that a ROM sends as text: which characters it may have, and what it is taken for.
 */
#include <string.h>

#include "conversation.h"
#include "session/flash.h"

enum { TEXT_SIZE = 32 };

/* A connected ESP32-S3 with 4 MB of flash that answers commands in this order: with the text, or (S) a SYNC. */
static void open_md5(const char *text, const char *order)
{
    uint8_t reply[ELI_REPLY_HEADER_SIZE + TEXT_SIZE + 4] = {1, ELI_SPI_FLASH_MD5, TEXT_SIZE + 4};
    open_connected(ESP32S3_CHIP);
    memcpy(&reply[ELI_REPLY_HEADER_SIZE], text, TEXT_SIZE);
    for (; *order != '\0'; order++) {
        if (*order == 'S') {
            answer_sync(1);
        } else {
            reply_frame(reply, sizeof(reply));
        }
    }
}

TEST(digest_is_read_in_small_and_in_capital_letters)
{
    static const char *const texts[] = {"0123456789abcdeffedcba9876543210",
                                        "0123456789ABCDEFFEDCBA9876543210"};
    static const uint8_t expected[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                                         0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};
    uint8_t digest[16];
    for (size_t i = 0; i < 2; i++) {
        open_md5(texts[i], "TTST"); /* the same text is asked for again */
        memset(digest, 0xA5, sizeof(digest));
        assert_int_equal(esp_loader_flash_md5(&f.loader, 0x1000, 16, digest), ESP_LOADER_SUCCESS);
        assert_memory_equal(digest, expected, sizeof(digest));
        assert_int_equal(esp_loader_flash_verify_known_md5(&f.loader, 0x1000, 16, expected),
                         ESP_LOADER_SUCCESS);
    }
}

TEST(digest_beyond_the_end_of_the_flash_is_not_asked_for)
{
    eli_sent_t sent;
    open_md5("0123456789abcdeffedcba9876543210", "T");
    assert_int_equal(eli_md5_send(&f.loader, 4u << 20, 16, &sent), ESP_LOADER_ERROR_IMAGE_SIZE);
}

/* Every other character, at the first place, in the middle and at the last. */
TEST(text_that_is_no_digest_is_a_malformed_reply)
{
    static const size_t places[] = {0, 15, 16, 31};
    uint8_t digest[16];
    for (unsigned c = 1; c < 256; c++) {
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        for (size_t i = 0; i < 4 && !is_hex; i++) {
            char text[TEXT_SIZE + 1] = "00112233445566778899aabbccddeeff";
            text[places[i]] = (char)c;
            open_md5(text, "TST");
            assert_int_equal(esp_loader_flash_md5(&f.loader, 0x1000, 16, digest),
                             ESP_LOADER_ERROR_INVALID_RESPONSE);
            assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_MALFORMED_REPLY);
            assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_VERIFY);
            assert_int_equal(f.loader._detail.address, 0x1000);
        }
    }
}

TEST(question_that_cannot_be_sent_is_a_failure_of_the_port)
{
    static const uint8_t expected[16] = {0};
    uint8_t digest[16];
    open_md5("0123456789abcdeffedcba9876543210", "");
    f.script.write_error = ESP_LOADER_ERROR_IO;
    assert_int_equal(esp_loader_flash_md5(&f.loader, 0, 4096, digest), ESP_LOADER_ERROR_IO);
    assert_int_equal(esp_loader_flash_verify_known_md5(&f.loader, 0, 4096, expected), ESP_LOADER_ERROR_IO);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_IO);
}
