/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset sequences as line states, attempts, and detection, against scripted conversations.
 */
#include "conversation.h"

static void answer_security(uint8_t flags, uint8_t chip_id)
{
    REPLY_FRAME(1, ELI_GET_SECURITY_INFO, 24, 0, 0, 0, 0, 0, /* header */
                flags, 0, 0, 0,                              /* flags */
                0, 0, 0, 0, 0, 0, 0, 0,                      /* crypt count, key purposes */
                chip_id, 0, 0, 0,                            /* chip id */
                2, 0, 0, 0,                                  /* version */
                0, 0, 0, 0);
}

enum { S3 = 9, SECURE_DOWNLOAD = 1u << 2 };

/* From the first SYNC on. A late answer is listened for, but not in a build that is to be small. */
#define GIVEN_UP_MS(trials) (ELI_KNOWS_NETWORKS ? 2 * (trials)*100 + 200 : (trials)*100)

static const struct {
    const char *what;
    esp_loader_link_t link;
    int32_t trials;
    const char *lines;
    uint32_t took_ms; /* 0: not looked at */
} sequences[] = {
    {"USB-Serial/JTAG: both lines are never released before the reset", ESP_LOADER_LINK_USB_SERIAL_JTAG, 1,
     "10 11 01 00", 0},
    {"bridge", ESP_LOADER_LINK_UART, 5, "01 10 00", 100 + 50 + GIVEN_UP_MS(5)},
    {"bridge: a longer boot hold second", ESP_LOADER_LINK_UART, 6, "01 10 00 01 10 00",
     100 + 50 + (ELI_KNOWS_NETWORKS ? GIVEN_UP_MS(6) : 100 + 550 + 6 * 100)},
    {"an unknown link gets both kinds of sequence", ESP_LOADER_LINK_UNKNOWN, 10, "01 10 00 10 11 01 00", 0},
    {"unknown link: and the longer hold in its turn", ESP_LOADER_LINK_UNKNOWN, 16,
     "01 10 00 10 11 01 00 01 10 00 10 11 01 00", 0},
    {"USB-OTG: lines are left alone", ESP_LOADER_LINK_USB_OTG, 5, "", 0},
};

TEST_ROWS(each_link_has_its_reset_sequences, sequences)
{
    print_message("%s\n", row->what);
    open_session(row->link);
    assert_int_equal(connect_with(row->trials), ESP_LOADER_ERROR_TIMEOUT);
    assert_string_equal(f.port->lines, row->lines);
    assert_true(row->took_ms == 0 || f.port->now_ms == row->took_ms);
}

TEST(silence_ends_after_the_given_trials_with_their_number)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(connect_with(7), ESP_LOADER_ERROR_TIMEOUT);
    /* What cannot be reset may be a stub that stands the wrong way: every second SYNC has a delimiter before
     * it. */
    assert_int_equal(f.port->writes, (ELI_KNOWS_STUBS ? 7 + 3 : 7) + (ELI_KNOWS_NETWORKS ? 1 : 0));
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_SYNC);
    assert_int_equal(f.loader._detail.attempts, 7);
}

TEST(no_trials_is_a_bad_argument)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(connect_with(0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.port->writes, 0);
}

TEST(chip_is_found_by_its_security_information)
{
    open_session(ESP_LOADER_LINK_USB_OTG); /* no watchdogs to stop: a short conversation */
    answer_sync(1);
    answer_security(0, S3);
    assert_int_equal(connect_with(5), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S3_CHIP);
    assert_int_equal(f.port->writes, 2);
}

TEST(stub_that_was_left_running_is_refused_by_a_library_that_knows_none)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    answer(ELI_SYNC, 0);
    if (ELI_KNOWS_STUBS) {
        answer_security(0, S3);
        assert_int_equal(connect_with(5), ESP_LOADER_SUCCESS);
        assert_true(esp_loader_stub_is_running(&f.loader));
    } else {
        assert_int_equal(connect_with(5), ESP_LOADER_ERROR_INVALID_TARGET);
        assert_int_equal(f.port->writes, 1);
    }
}

/* A target that was slow to answer may have half a SYNC left, which would swallow the first command. */
TEST(late_answer_is_followed_by_more_syncs_until_one_is_answered_for_sure)
{
    open_session(ESP_LOADER_LINK_UART);
    reply_nothing();
    answer_sync(1);
    reply_nothing(); /* swallowed */
    answer_sync(1);  /* may be the answer to that one */
    answer_sync(1);
    answer_security(0, S3);
    assert_int_equal(connect_with(5), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP32S3_CHIP);
    assert_int_equal(f.port->writes, 6);
}

/* Only an answer from before the last reset is a reason to begin again: it came, and the target was reset under it. */
TEST(target_that_falls_silent_after_a_late_answer_is_not_reset_again)
{
    open_session(ESP_LOADER_LINK_UART);
    reply_nothing();
    answer_sync(1);
    assert_int_equal(connect_with(5), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_DETECT);
    assert_string_equal(f.port->lines, "01 10 00");
}

TEST(magic_register_is_read_only_when_there_is_no_security_information)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    answer_sync(1);
    refuse_unknown(8);
    answer_sync(8);
    refuse_unknown(8); /* counts when it is said again */
    answer_sync(8);
    answer(ELI_READ_REG, 0xDEADBEEF);
    assert_int_equal(connect_with(5), ESP_LOADER_ERROR_INVALID_TARGET);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0xDEADBEEF);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_DETECT);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
}

/* Secure download mode takes verifying from a loader, so one damaged bit must not make it. */
TEST(secure_download_mode_counts_when_it_is_said_again)
{
    for (int is_secure = 0; is_secure < 2; is_secure++) {
        open_session(ESP_LOADER_LINK_USB_OTG);
        answer_sync(1);
        answer_security(SECURE_DOWNLOAD, S3);
        answer_sync(8);
        answer_security(is_secure ? SECURE_DOWNLOAD : 0, S3);
        (void)connect_with(5);
        assert_int_equal(f.loader._is.secure_download, is_secure);
    }
}

/* The magic register is not asked: on a chip that nobody knows its address may be anything. */
TEST(unknown_chip_id_is_refused_with_the_id)
{
    open_session(ESP_LOADER_LINK_USB_OTG);
    answer_sync(1);
    answer_security(0, 0x77);
    assert_int_equal(connect_with(5), ESP_LOADER_ERROR_INVALID_TARGET);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(f.loader._detail.value, 0x77);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_DETECT);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(f.port->writes, 2); /* SYNC and this */
}

TEST(operations_before_connecting_are_refused)
{
    uint32_t value;
    uint8_t mac[6];
    open_session(ESP_LOADER_LINK_USB_OTG);
    assert_int_equal(esp_loader_read_register(&f.loader, 0, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_int_equal(esp_loader_read_mac(&f.loader, mac), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_measure_size(&f.loader, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.port->writes, 0);
}

/* Where TIMEOUT was meant a port of the first generation may say FAIL. No other failure is cured by a try. */
static const struct {
    const char *what;
    bool is_first_generation;
    esp_loader_error_t error;
    unsigned writes; /* of four tries */
} failures[] = {
    {"FAIL of the first generation costs a try", true, ESP_LOADER_ERROR_FAIL, 4},
    {"other error of the first generation", true, ESP_LOADER_ERROR_IO, 1},
    /* Without a clock nobody can tell how long to listen for a late answer. */
    {"silence on the first generation", true, ESP_LOADER_ERROR_TIMEOUT, 4},
    {"FAIL of the second generation", false, ESP_LOADER_ERROR_FAIL, 1},
    {"unplugged", false, ESP_LOADER_ERROR_DISCONNECTED, 1},
};

TEST_ROWS(failure_of_a_port_ends_connecting_unless_it_may_be_silence, failures)
{
    print_message("%s\n", row->what);
    if (row->is_first_generation) {
        open_session_v1();
    } else {
        open_session(ESP_LOADER_LINK_USB_SERIAL_JTAG);
    }
    f.script.read_error = row->error;
    assert_int_equal(connect_with(4), row->error);
    assert_int_equal(f.port->writes, row->writes);
    if (row->is_first_generation) {
        assert_string_equal(f.port->lines, "01"); /* its own reset, once per five tries */
    }
}

/* What an earlier connection has found out is nothing to the next. */
TEST(failed_connection_leaves_nothing_of_the_one_before)
{
    uint32_t value;
    open_session(ESP_LOADER_LINK_USB_OTG);
    answer_sync(1);
    answer_security(0, S3);
    assert_int_equal(connect_with(5), ESP_LOADER_SUCCESS);
    assert_int_equal(connect_with(1), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(esp_loader_read_register(&f.loader, 0, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_NOT_CONNECTED);
}

#ifndef ESP_LOADER_SMALL /* which does not measure it */
/* The shortest time a question took is a bound for the way there and back; 1 ms more, as clocks tick. */
TEST(answers_tell_how_long_the_way_is_at_most)
{
    uint32_t value;
    open_session(ESP_LOADER_LINK_USB_OTG);
    f.port->now_ms = 100000;
    answer_sync(1);
    answer_security(0, S3);
    answer(ELI_READ_REG, 0x12345678);
    assert_int_equal(connect_with(5), ESP_LOADER_SUCCESS);
    assert_int_equal(f.loader._round_trip_limit_ms, 0); /* not known yet */
    assert_int_equal(esp_loader_read_register(&f.loader, 0x1000, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(f.loader._round_trip_limit_ms, 1);
}
#endif

TEST(other_transports_say_that_they_are_not_there)
{
    open_session(ESP_LOADER_LINK_UART);
    assert_int_equal(esp_loader_init_spi(&f.loader, &f.port->port),
                     ESP_LOADER_ERROR_INVALID_PARAM); /* no SPI port */
    assert_int_equal(esp_loader_init_sdio(&f.loader, &f.port->port),
                     ESP_LOADER_ERROR_INVALID_PARAM); /* no SDIO port */
}

TEST(stub_is_refused_without_touching_the_target)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    open_session(ESP_LOADER_LINK_UART);
    assert_int_equal(esp_loader_connect_with_stub(&f.loader, &args), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(f.port->writes, 0);
    assert_string_equal(f.port->lines, "");
}
