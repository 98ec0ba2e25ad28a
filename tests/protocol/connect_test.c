/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset sequences as line states, attempts, and detection, against scripted conversations.
 */
#include <string.h>

#include "conversation.h"
#include "session/core.h"
#include "test.h"

#define SECURITY_REPLY(chip_id)                                                                              \
    0xC0, 1, 0x14, 24, 0, 0, 0, 0, 0, /* header */                                                           \
        0, 0, 0, 0,                   /* flags */                                                            \
        0, 0, 0, 0, 0, 0, 0, 0,       /* crypt count, key purposes */                                        \
        chip_id, 0, 0, 0,             /* chip id */                                                          \
        2, 0, 0, 0,                   /* version */                                                          \
        0, 0, 0, 0, 0xC0

static const uint8_t nothing[1];
static const uint8_t sync_reply[] = {SYNC_REPLY};
static const uint8_t s3_security[] = {SECURITY_REPLY(9)};

static void open_session(fixture_t *f, esp_loader_link_t link)
{
    scripted_port_init(&f->script);
    f->script.base.link = link;
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
}

static esp_loader_error_t connect_with(fixture_t *f, int32_t trials)
{
    esp_loader_connect_args_t args = {.sync_timeout = 100, .trials = trials};
    return esp_loader_connect(&f->loader, &args);
}

TEST(serial_jtag_sequence_never_releases_both_lines_before_the_reset)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_SERIAL_JTAG);
    assert_int_equal(connect_with(&f, 1), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "10 11 01 00");
}

/* From the first SYNC on. A late answer is listened for, but not in a build that is to be small. */
#define GIVEN_UP_MS(trials) (ELI_KNOWS_NETWORKS ? 2 * (trials)*100 + 200 : (trials)*100)

TEST(bridge_sequence_tries_a_longer_boot_hold_second)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_UART);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "01 10 00");
    assert_int_equal(f.script.base.now_ms, 100 + 50 + GIVEN_UP_MS(5));
    open_session(&f, ESP_LOADER_LINK_UART);
    assert_int_equal(connect_with(&f, 6), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "01 10 00 01 10 00");
    assert_int_equal(f.script.base.now_ms,
                     100 + 50 + (ELI_KNOWS_NETWORKS ? GIVEN_UP_MS(6) : 100 + 550 + 6 * 100));
}

TEST(unknown_link_gets_both_kinds_of_sequence)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_UNKNOWN);
    assert_int_equal(connect_with(&f, 10), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "01 10 00 10 11 01 00");
    open_session(&f, ESP_LOADER_LINK_UNKNOWN); /* and the longer hold in its turn */
    assert_int_equal(connect_with(&f, 16), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "01 10 00 10 11 01 00 01 10 00 10 11 01 00");
}

TEST(usb_otg_lines_are_left_alone)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.script.base.lines, "");
}

TEST(silence_ends_after_the_given_trials_with_their_number)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(connect_with(&f, 7), ESP_LOADER_ERROR_TIMEOUT);
    /* What cannot be reset may be a stub that stands the wrong way: every second SYNC has a delimiter before
     * it. */
    assert_int_equal(f.script.base.writes, (ELI_KNOWS_STUBS ? 7 + 3 : 7) + (ELI_KNOWS_NETWORKS ? 1 : 0));
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_SYNC);
    assert_int_equal(f.loader._detail.attempts, 7);
}

TEST(no_trials_is_a_bad_argument)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(connect_with(&f, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.script.base.writes, 0);
}

TEST(chip_is_found_by_its_security_information)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_OTG); /* no watchdogs to stop: a short conversation */
    REPLY(&f, sync_reply);
    REPLY(&f, s3_security);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S3_CHIP);
    assert_int_equal(f.script.base.writes, 2);
}

/* A target that was slow to answer may have half a SYNC left, which would swallow the first command. */
TEST(late_answer_is_followed_by_more_syncs_until_one_is_answered_for_sure)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_UART);
    scripted_port_reply(&f.script, nothing, 0);
    REPLY(&f, sync_reply);
    scripted_port_reply(&f.script, nothing, 0); /* swallowed */
    REPLY(&f, sync_reply);                      /* may be the answer to that one */
    REPLY(&f, sync_reply);
    REPLY(&f, s3_security);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S3_CHIP);
    assert_int_equal(f.script.base.writes, 6);
}

TEST(magic_register_is_read_only_when_there_is_no_security_information)
{
    static fixture_t f;
    static const uint8_t refusals[] = {REFUSAL, REFUSAL, REFUSAL, REFUSAL,
                                       REFUSAL, REFUSAL, REFUSAL, REFUSAL};
    static const uint8_t sync_replies[] = {SYNC_REPLIES};
    static const uint8_t unknown_magic[] = {0xC0, 1, 0x0A, 4, 0, 0xEF, 0xBE, 0xAD, 0xDE, 0, 0, 0, 0, 0xC0};
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    REPLY(&f, sync_reply);
    REPLY(&f, refusals);
    REPLY(&f, sync_replies);
    REPLY(&f, refusals); /* counts when it is said again */
    REPLY(&f, sync_replies);
    REPLY(&f, unknown_magic);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0xDEADBEEF);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_DETECT);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
}

/* Secure download mode takes verifying from a loader, so one damaged bit must not make it. */
TEST(secure_download_mode_counts_when_it_is_said_again)
{
    static fixture_t f;
    static const uint8_t sync_replies[] = {SYNC_REPLIES};
    uint8_t secure[sizeof(s3_security)];
    memcpy(secure, s3_security, sizeof(secure));
    secure[1 + 8] |= 1u << 2; /* of the flags */
    for (int is_secure = 0; is_secure < 2; is_secure++) {
        open_session(&f, ESP_LOADER_LINK_USB_OTG);
        REPLY(&f, sync_reply);
        REPLY(&f, secure);
        REPLY(&f, sync_replies);
        if (is_secure) {
            REPLY(&f, secure);
        } else {
            REPLY(&f, s3_security);
        }
        (void)connect_with(&f, 5);
        assert_int_equal(f.loader._is.secure_download, is_secure);
    }
}

TEST(unknown_chip_id_is_refused_with_the_id)
{
    static fixture_t f;
    static const uint8_t security[] = {SECURITY_REPLY(0x77)};
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    REPLY(&f, sync_reply);
    REPLY(&f, security);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0x77);
}

TEST(operations_before_connecting_are_refused)
{
    static fixture_t f;
    uint32_t value;
    uint8_t mac[6];
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(esp_loader_read_register(&f.loader, 0, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_int_equal(esp_loader_read_mac(&f.loader, mac), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.script.base.writes, 0);
}

TEST(failing_port_of_the_first_generation_costs_a_try)
{
    static fixture_t f;
    scripted_port_init(&f.script);
    test_port_make_v1(&f.script.base);
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    f.script.read_error = ESP_LOADER_ERROR_FAIL; /* where TIMEOUT was meant */
    assert_int_equal(connect_with(&f, 4), ESP_LOADER_ERROR_FAIL);
    assert_int_equal(f.script.base.writes, 4);
    assert_string_equal(f.script.base.lines, "01"); /* its own reset, once per five tries */
}

/* Only there FAIL may mean TIMEOUT, and only FAIL does. */
TEST(failures_that_no_try_cures_end_connecting_at_once)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_UART);
    f.script.read_error = ESP_LOADER_ERROR_FAIL;
    assert_int_equal(connect_with(&f, 4), ESP_LOADER_ERROR_FAIL);
    assert_int_equal(f.script.base.writes, 1);
    scripted_port_init(&f.script);
    test_port_make_v1(&f.script.base);
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    f.script.read_error = ESP_LOADER_ERROR_IO;
    assert_int_equal(connect_with(&f, 4), ESP_LOADER_ERROR_IO);
    assert_int_equal(f.script.base.writes, 1);
}

/* Without a clock nobody can tell how long to listen for a late answer. */
TEST(silence_on_a_port_of_the_first_generation_is_not_listened_to_for_long)
{
    static fixture_t f;
    scripted_port_init(&f.script);
    test_port_make_v1(&f.script.base);
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    assert_int_equal(connect_with(&f, 3), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.script.base.writes, 3);
}

/* What an earlier connection has found out is nothing to the next. */
TEST(failed_connection_leaves_nothing_of_the_one_before)
{
    static fixture_t f;
    uint32_t value;
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    REPLY(&f, sync_reply);
    REPLY(&f, s3_security);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_SUCCESS);
    assert_int_equal(connect_with(&f, 1), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(esp_loader_read_register(&f.loader, 0, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_NOT_CONNECTED);
}

/* The shortest time a question took is a bound for the way there and back; 1 ms more, as clocks tick. */
TEST(answers_tell_how_long_the_way_is_at_most)
{
    static fixture_t f;
    static const uint8_t reg_reply[] = {0xC0, 1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0, 0xC0};
    uint32_t value;
    open_session(&f, ESP_LOADER_LINK_USB_OTG);
    f.script.base.now_ms = 100000;
    REPLY(&f, sync_reply);
    REPLY(&f, s3_security);
    REPLY(&f, reg_reply);
    assert_int_equal(connect_with(&f, 5), ESP_LOADER_SUCCESS);
    assert_int_equal(f.loader._round_trip_limit_ms, 0); /* not known yet */
    assert_int_equal(esp_loader_read_register(&f.loader, 0x1000, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(f.loader._round_trip_limit_ms, 1);
}

TEST(unplugging_ends_connecting_at_once)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_USB_SERIAL_JTAG);
    f.script.read_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(connect_with(&f, 10), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(f.script.base.writes, 1);
}

TEST(other_transports_say_that_they_are_not_there)
{
    static fixture_t f;
    open_session(&f, ESP_LOADER_LINK_UART);
    assert_int_equal(esp_loader_init_spi(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_init_sdio(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(stub_is_refused_without_touching_the_target)
{
    static fixture_t f;
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    open_session(&f, ESP_LOADER_LINK_UART);
    assert_int_equal(esp_loader_connect_with_stub(&f.loader, &args), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(f.script.base.writes, 0);
    assert_string_equal(f.script.base.lines, "");
}
