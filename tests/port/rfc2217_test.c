/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The RFC 2217 codec, byte for byte. Bytes are worked out by hand from RFC 854, RFC 855 and RFC 2217.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "rfc2217.h"
#include "test.h"

#define HELLO     "fffb2c fffb00 fffd00 fffb03 fffd03"
#define AGREEMENT "fffd2c fffd00 fffb00 fffd03 fffb03"

static void assert_bytes(const uint8_t *bytes, size_t size, const char *expected)
{
    hex_t hex = hex_parse(expected);

    assert_int_equal(size, hex.size);
    assert_memory_equal(bytes, hex.bytes, size);
}

/** Feeds @p text; what comes out as data and as replies must be @p data and @p replies. */
static void assert_receives(rfc2217_t *codec, const char *text, const char *data, const char *replies)
{
    hex_t input = hex_parse(text);
    hex_t got_data = {0};
    hex_t got_replies = {0};

    for (size_t i = 0; i < input.size; i++) {
        switch (rfc2217_receive(codec, input.bytes[i])) {
        case RFC2217_DATA:
            got_data.bytes[got_data.size++] = input.bytes[i];
            break;
        case RFC2217_REPLY:
            memcpy(got_replies.bytes + got_replies.size, codec->reply, sizeof(codec->reply));
            got_replies.size += sizeof(codec->reply);
            break;
        case RFC2217_NOTHING:
            break;
        }
    }
    assert_bytes(got_data.bytes, got_data.size, data);
    assert_bytes(got_replies.bytes, got_replies.size, replies);
}

static rfc2217_t connected(void)
{
    rfc2217_t codec;
    uint8_t hello[RFC2217_HELLO_SIZE];

    rfc2217_hello(&codec, hello);
    assert_receives(&codec, AGREEMENT, "", "");
    assert_true(rfc2217_is_ready(&codec));
    return codec;
}

TEST(hello_asks_for_com_port_binary_and_no_go_ahead)
{
    rfc2217_t codec;
    uint8_t hello[RFC2217_HELLO_SIZE];

    rfc2217_hello(&codec, hello);
    assert_bytes(hello, sizeof(hello), HELLO);
    assert_true(rfc2217_is_negotiating(&codec));
    assert_false(rfc2217_is_ready(&codec));
}

TEST(negotiation_ends_when_every_needed_option_is_answered)
{
    static const char *const answers[] = {"fffd2c", "fffd00", "fffb00"};
    rfc2217_t codec;
    uint8_t hello[RFC2217_HELLO_SIZE];

    rfc2217_hello(&codec, hello);
    for (size_t i = 0; i < 3; i++) {
        assert_true(rfc2217_is_negotiating(&codec));
        assert_receives(&codec, answers[i], "", "");
    }
    assert_false(rfc2217_is_negotiating(&codec));
    assert_true(rfc2217_is_ready(&codec));
}

TEST(refusal_of_a_needed_option_ends_negotiation_unready)
{
    static const char *const refusals[] = {"fffe2c fffd00 fffb00", "fffd2c fffe00 fffb00",
                                           "fffd2c fffd00 fffc00"};

    for (size_t i = 0; i < 3; i++) {
        rfc2217_t codec;
        uint8_t hello[RFC2217_HELLO_SIZE];

        rfc2217_hello(&codec, hello);
        assert_receives(&codec, refusals[i], "", "");
        assert_false(rfc2217_is_negotiating(&codec));
        assert_false(rfc2217_is_ready(&codec));
    }
}

TEST(unknown_options_are_refused_once_and_refusals_are_not_answered)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, "fffb01 fffd18", "", "fffe01 fffc18"); /* WILL ECHO, DO TERMINAL-TYPE */
    assert_receives(&codec, "fffc01 fffe18", "", "");
}

TEST(repeated_agreement_is_not_answered_so_that_no_loop_starts)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, AGREEMENT AGREEMENT, "", "");
}

TEST(option_taken_back_and_offered_again_is_answered)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, "fffe2c", "", "fffc2c");
    assert_false(rfc2217_is_ready(&codec));
    assert_receives(&codec, "fffd2c", "", "fffb2c");
    assert_true(rfc2217_is_ready(&codec));
    assert_receives(&codec, "fffc00", "", "fffe00");
}

TEST(com_port_offered_from_the_servers_side_is_agreed_to)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, "fffb2c", "", "fffd2c");
}

TEST(data_passes_and_doubled_iac_is_one_byte)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, "00c0db ffff ffff fe7f", "00c0dbfffffe7f", "");
    assert_receives(&codec, "0d000a", "0d000a", "");             /* binary: CR NUL stays */
    assert_receives(&codec, "41 fff1 42 fff9 43", "414243", ""); /* NOP, GA */
}

TEST(escape_doubles_iac_and_never_splits_the_pair)
{
    hex_t data = hex_parse("01ff02ffff");
    uint8_t out[16];

    static const struct {
        size_t capacity;
        size_t consumed;
        const char *out;
    } cases[] = {
        {0, 0, ""},
        {1, 1, "01"},
        {2, 1, "01"}, /* the pair does not fit */
        {3, 2, "01ffff"},
        {4, 3, "01ffff02"},
        {5, 3, "01ffff02"},
        {6, 4, "01ffff02ffff"},
        {8, 5, "01ffff02ffffffff"},
        {16, 5, "01ffff02ffffffff"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t consumed = 99;
        size_t used = rfc2217_escape(data.bytes, data.size, out, cases[i].capacity, &consumed);

        assert_int_equal(consumed, cases[i].consumed);
        assert_bytes(out, used, cases[i].out);
    }
}

TEST(requests_have_the_bytes_of_the_standard)
{
    static const struct {
        rfc2217_request_t request;
        uint32_t value;
        const char *bytes;
    } cases[] = {
        {RFC2217_SET_BAUDRATE, 115200, "fffa2c01 0001c200 fff0"},
        {RFC2217_SET_BAUDRATE, 0x00FF00FF, "fffa2c01 00ffff00ffff fff0"}, /* escaped */
        {RFC2217_SET_BAUDRATE, UINT32_MAX, "fffa2c01 ffffffffffffffff fff0"},
        {RFC2217_SET_DATASIZE, 8, "fffa2c02 08 fff0"},
        {RFC2217_SET_PARITY, 1, "fffa2c03 01 fff0"},
        {RFC2217_SET_STOPSIZE, 1, "fffa2c04 01 fff0"},
        {RFC2217_SET_CONTROL, RFC2217_CONTROL_NO_FLOW_CONTROL, "fffa2c05 01 fff0"},
        {RFC2217_PURGE_DATA, RFC2217_PURGE_BOTH, "fffa2c0c 03 fff0"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rfc2217_t codec = connected();
        uint8_t out[RFC2217_REQUEST_SIZE_MAX];
        size_t size = rfc2217_request(&codec, cases[i].request, cases[i].value, out);

        assert_bytes(out, size, cases[i].bytes);
        assert_int_not_equal(codec.awaited, 0);
    }
}

TEST(line_requests_never_pass_through_reset_on_the_way)
{
    static const struct {
        bool dtr;
        bool rts;
        const char *bytes;
    } cases[] = {
        {false, false, "fffa2c05 0c fff0 fffa2c05 09 fff0"}, /* RTS off, then DTR off */
        {false, true, "fffa2c05 0b fff0 fffa2c05 09 fff0"},  /* RTS on, then DTR off */
        {true, false, "fffa2c05 08 fff0 fffa2c05 0c fff0"},  /* DTR on, then RTS off */
        {true, true, "fffa2c05 08 fff0 fffa2c05 0b fff0"},   /* DTR on, then RTS on */
    };

    for (size_t i = 0; i < 4; i++) {
        rfc2217_t codec = connected();
        uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX];
        size_t size = rfc2217_request_lines(&codec, cases[i].dtr, cases[i].rts, out);

        assert_bytes(out, size, cases[i].bytes);
        assert_int_equal(codec.awaited, 1u << RFC2217_ANSWER_DTR | 1u << RFC2217_ANSWER_RTS);
    }
}

TEST(acknowledgement_clears_its_request_only)
{
    rfc2217_t codec = connected();
    uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX];

    rfc2217_request_lines(&codec, true, false, out);
    assert_receives(&codec, "fffa2c69 0c fff0", "", ""); /* RTS off */
    assert_int_equal(codec.awaited, 1u << RFC2217_ANSWER_DTR);
    assert_receives(&codec, "fffa2c69 08 fff0", "", "");
    assert_int_equal(codec.awaited, 0);
    assert_int_equal(codec.refused, 0);
}

TEST(acknowledgement_of_another_value_is_a_refusal)
{
    rfc2217_t codec = connected();
    uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX];

    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 921600, out);
    assert_receives(&codec, "fffa2c65 00 01 c2 00 fff0", "", "");
    assert_int_equal(codec.awaited, 0);
    assert_int_equal(codec.refused, 1u << RFC2217_ANSWER_BAUDRATE);
    assert_int_equal(codec.acknowledged[RFC2217_ANSWER_BAUDRATE], 115200);
    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 115200, out);
    assert_receives(&codec, "fffa2c65 00 01 c2 00 fff0", "", "");
    assert_int_equal(codec.refused, 0);
}

TEST(escaped_byte_inside_an_acknowledgement_is_one_byte)
{
    rfc2217_t codec = connected();
    uint8_t out[RFC2217_REQUEST_SIZE_MAX];

    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 0x0000FF00, out);
    assert_receives(&codec, "fffa2c65 00 00 ffff 00 fff0", "", "");
    assert_int_equal(codec.awaited, 0);
    assert_int_equal(codec.refused, 0);
}

TEST(late_acknowledgement_does_not_count_for_the_next_request)
{
    rfc2217_t codec = connected();
    uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX];

    rfc2217_request_lines(&codec, true, true, out);
    rfc2217_request_lines(&codec, true, true, out); /* after giving up on the first */
    assert_receives(&codec, "fffa2c69 08 fff0 fffa2c69 0b fff0", "", "");
    assert_int_equal(codec.awaited, 1u << RFC2217_ANSWER_DTR | 1u << RFC2217_ANSWER_RTS);
    assert_receives(&codec, "fffa2c69 08 fff0 fffa2c69 0b fff0", "", "");
    assert_int_equal(codec.awaited, 0);
}

TEST(notifications_and_nonsense_are_ignored)
{
    static const char *const cases[] = {
        "fffa2c6b 30 fff0",                   /* NOTIFY-MODEMSTATE */
        "fffa2c6a 60 fff0",                   /* NOTIFY-LINESTATE */
        "fffa2c64 53657269616c fff0",         /* SIGNATURE */
        "fffa2c65 0001c200 fff0",             /* not asked for */
        "fffa2c69 08 fff0",                   /* not asked for */
        "fffa2c69 05 fff0",                   /* break */
        "fffa2c69 fff0",                      /* no value */
        "fffa2c69 0809 fff0",                 /* two values */
        "fffa2c65 c200 fff0",                 /* short rate */
        "fffa2c65 000000000001c200 fff0",     /* long rate */
        "fffa2c fff0 fffa fff0",              /* empty */
        "fffa18 01 fff0",                     /* another option */
        "fffa2c05 08 fff0",                   /* a request, from a server */
        "fffa2c65 00 fffa2c69 08 fff0",       /* broken off by the next */
        "fffa2c00112233445566778899aabb fff0" /* far too long */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rfc2217_t codec = connected();

        assert_receives(&codec, cases[i], "", "");
        assert_receives(&codec, "41", "41", ""); /* and data goes on */
        assert_int_equal(codec.awaited, 0);
        assert_int_equal(codec.refused, 0);
        assert_false(codec.is_suspended);
    }
}

TEST(nonsense_does_not_answer_an_open_request)
{
    rfc2217_t codec = connected();
    uint8_t out[RFC2217_REQUEST_SIZE_MAX];

    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 115200, out);
    assert_receives(&codec, "fffa2c65 c200 fff0 fffa2c65 000000000001c200 fff0 fffa2c65 fff0", "", "");
    assert_int_equal(codec.awaited, 1u << RFC2217_ANSWER_BAUDRATE);
}

TEST(server_can_suspend_and_resume)
{
    rfc2217_t codec = connected();

    assert_receives(&codec, "fffa2c6c fff0", "", "");
    assert_true(codec.is_suspended);
    assert_receives(&codec, "fffa2c6d fff0", "", "");
    assert_false(codec.is_suspended);
}
