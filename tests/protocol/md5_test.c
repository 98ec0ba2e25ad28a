/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The digest that a ROM sends as text: which characters it may have, and what it is taken for.
 */
#include <stdio.h>
#include <string.h>

#include "scripted_port.h"
#include "session/core.h"
#include "test.h"

enum { TEXT_AT = 9, TEXT_SIZE = 32 };

typedef struct {
    scripted_port_t script;
    esp_loader_t loader;
    uint8_t reply[46];
} fixture_t;

/* A connected ESP32-S3 with 4 MB of flash that answers commands in this order: with the text, or (S) a SYNC.
 */
static void open_session(fixture_t *f, const char *text, const char *order)
{
    static const uint8_t sync_reply[] = {0xC0, 1, 8, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    static const uint8_t head[] = {0xC0, 1, 0x13, TEXT_SIZE + 4, 0, 0, 0, 0, 0};
    memset(f, 0, sizeof(*f));
    scripted_port_init(&f->script);
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
    f->loader._is.connected = true;
    f->loader._is.flash_attached = true;
    f->loader._target = eli_target_by_chip_id(9);
    f->loader._chip = ESP32S3_CHIP;
    f->loader._flash_size = f->loader._told_flash_size = 4u << 20;
    memcpy(f->reply, head, sizeof(head));
    memcpy(&f->reply[TEXT_AT], text, TEXT_SIZE);
    f->reply[sizeof(f->reply) - 1] = 0xC0;
    for (; *order != '\0'; order++) {
        if (*order == 'S') {
            scripted_port_reply(&f->script, sync_reply, sizeof(sync_reply));
        } else {
            scripted_port_reply(&f->script, f->reply, sizeof(f->reply));
        }
    }
}

TEST(digest_is_read_in_small_and_in_capital_letters)
{
    static const char *const texts[] = {"0123456789abcdeffedcba9876543210",
                                        "0123456789ABCDEFFEDCBA9876543210"};
    static const uint8_t expected[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                                         0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};
    static fixture_t f;
    uint8_t digest[16];
    for (size_t i = 0; i < 2; i++) {
        open_session(&f, texts[i], "TTST"); /* the same text is asked for again */
        memset(digest, 0xA5, sizeof(digest));
        assert_int_equal(esp_loader_flash_md5(&f.loader, 0x1000, 16, digest), ESP_LOADER_SUCCESS);
        assert_memory_equal(digest, expected, sizeof(digest));
        assert_int_equal(esp_loader_flash_verify_known_md5(&f.loader, 0x1000, 16, expected),
                         ESP_LOADER_SUCCESS);
    }
}

/* Every other character, at the first place, in the middle and at the last. */
TEST(text_that_is_no_digest_is_a_malformed_reply)
{
    static const size_t places[] = {0, 15, 16, 31};
    static fixture_t f;
    uint8_t digest[16];
    for (unsigned c = 1; c < 256; c++) {
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        for (size_t i = 0; i < 4 && !is_hex && c != 0xC0 && c != 0xDB; i++) {
            char text[TEXT_SIZE + 1] = "00112233445566778899aabbccddeeff";
            text[places[i]] = (char)c;
            open_session(&f, text, "TST");
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
    static fixture_t f;
    uint8_t digest[16];
    open_session(&f, "0123456789abcdeffedcba9876543210", "");
    f.script.write_error = ESP_LOADER_ERROR_IO;
    assert_int_equal(esp_loader_flash_md5(&f.loader, 0, 4096, digest), ESP_LOADER_ERROR_IO);
    assert_int_equal(esp_loader_flash_verify_known_md5(&f.loader, 0, 4096, expected), ESP_LOADER_ERROR_IO);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_IO);
}
