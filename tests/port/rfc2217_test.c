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

static rfc2217_t codec;
static uint8_t out[2 * RFC2217_REQUEST_SIZE_MAX]; /* a request */

/** Feeds @p text; what comes out as data and as replies must be @p data and @p replies. */
static void assert_receives(const char *text, const char *data, const char *replies)
{
    hex_t input = hex_parse(text);
    hex_t got_data = {0};
    hex_t got_replies = {0};

    for (size_t i = 0; i < input.size; i++) {
        switch (rfc2217_receive(&codec, input.bytes[i])) {
        case RFC2217_DATA:
            got_data.bytes[got_data.size++] = input.bytes[i];
            break;
        case RFC2217_REPLY:
            memcpy(got_replies.bytes + got_replies.size, codec.reply, sizeof(codec.reply));
            got_replies.size += sizeof(codec.reply);
            break;
        case RFC2217_NOTHING:
            break;
        }
    }
    assert_bytes(got_data.bytes, got_data.size, data);
    assert_bytes(got_replies.bytes, got_replies.size, replies);
}

/** Nothing but control bytes. */
static void assert_consumes(const char *text)
{
    assert_receives(text, "", "");
}

static void begin(void)
{
    uint8_t hello[RFC2217_HELLO_SIZE];

    rfc2217_hello(&codec, hello);
    assert_bytes(hello, sizeof(hello), HELLO);
}

static void begin_connected(void)
{
    begin();
    assert_consumes(AGREEMENT);
    assert_true(rfc2217_is_ready(&codec));
}

/** Which requests are open, and which were answered with another value: a bit for each. */
static void assert_open(uint32_t awaited, uint32_t refused)
{
    assert_int_equal(codec.awaited, awaited);
    assert_int_equal(codec.refused, refused);
}

enum { RATE = 1u << RFC2217_ANSWER_BAUDRATE, DTR = 1u << RFC2217_ANSWER_DTR, RTS = 1u << RFC2217_ANSWER_RTS };

TEST(hello_asks_for_com_port_binary_and_no_go_ahead)
{
    begin();
    assert_true(rfc2217_is_negotiating(&codec));
    assert_false(rfc2217_is_ready(&codec));
}

TEST(negotiation_ends_when_every_needed_option_is_answered)
{
    static const char *const answers[] = {"fffd2c", "fffd00", "fffb00"};
    begin();
    for (size_t i = 0; i < 3; i++) {
        assert_true(rfc2217_is_negotiating(&codec));
        assert_consumes(answers[i]);
    }
    assert_false(rfc2217_is_negotiating(&codec));
    assert_true(rfc2217_is_ready(&codec));
}

TEST(refusal_of_a_needed_option_ends_negotiation_unready)
{
    static const char *const refusals[] = {"fffe2c fffd00 fffb00", "fffd2c fffe00 fffb00",
                                           "fffd2c fffd00 fffc00"};

    for (size_t i = 0; i < 3; i++) {
        begin();
        assert_consumes(refusals[i]);
        assert_false(rfc2217_is_negotiating(&codec));
        assert_false(rfc2217_is_ready(&codec));
    }
}

TEST(offers_are_answered_once_each)
{
    static const struct {
        const char *what;
        const char *text, *replies;
        bool is_ready;
    } cases[] = {
        {"unknown options are refused: WILL ECHO, DO TERMINAL-TYPE", "fffb01 fffd18", "fffe01 fffc18", true},
        {"and their refusals not answered", "fffc01 fffe18", "", true},
        {"nor is agreement that is said again, so that no loop starts", AGREEMENT AGREEMENT, "", true},
        {"COM-PORT from the server's side is agreed to", "fffb2c", "fffd2c", true},
        {"COM-PORT is taken back", "fffe2c", "fffc2c", false},
        {"and offered again", "fffd2c", "fffb2c", true},
        {"binary is taken back", "fffc00", "fffe00", false},
    };

    begin_connected();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("%s\n", cases[i].what);
        assert_receives(cases[i].text, "", cases[i].replies);
        assert_int_equal(rfc2217_is_ready(&codec), cases[i].is_ready);
    }
}

TEST(data_passes_and_doubled_iac_is_one_byte)
{
    begin_connected();
    assert_receives("00c0db ffff ffff fe7f", "00c0dbfffffe7f", "");
    assert_receives("0d000a", "0d000a", "");             /* binary: CR NUL stays */
    assert_receives("41 fff1 42 fff9 43", "414243", ""); /* NOP, GA */
}

TEST(escape_doubles_iac_and_never_splits_the_pair)
{
    hex_t data = hex_parse("01ff02ffff");
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

static const struct {
    rfc2217_request_t request;
    uint32_t value;
    const char *bytes;
} requests[] = {
    {RFC2217_SET_BAUDRATE, 115200, "fffa2c01 0001c200 fff0"},
    {RFC2217_SET_BAUDRATE, 0x00FF00FF, "fffa2c01 00ffff00ffff fff0"}, /* escaped */
    {RFC2217_SET_BAUDRATE, UINT32_MAX, "fffa2c01 ffffffffffffffff fff0"},
    {RFC2217_SET_DATASIZE, 8, "fffa2c02 08 fff0"},
    {RFC2217_SET_PARITY, 1, "fffa2c03 01 fff0"},
    {RFC2217_SET_STOPSIZE, 1, "fffa2c04 01 fff0"},
    {RFC2217_SET_CONTROL, RFC2217_CONTROL_NO_FLOW_CONTROL, "fffa2c05 01 fff0"},
    {RFC2217_PURGE_DATA, RFC2217_PURGE_BOTH, "fffa2c0c 03 fff0"},
};

TEST_ROWS(requests_have_the_bytes_of_the_standard, requests)
{
    begin_connected();
    size_t size = rfc2217_request(&codec, row->request, row->value, out);

    assert_bytes(out, size, row->bytes);
    assert_int_not_equal(codec.awaited, 0);
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
        begin_connected();
        size_t size = rfc2217_request_lines(&codec, cases[i].dtr, cases[i].rts, out);

        assert_bytes(out, size, cases[i].bytes);
        assert_open(DTR | RTS, 0);
    }
}

static const struct {
    const char *what;
    uint32_t rate_baud; /* that is asked for; 0: DTR on and RTS off instead */
    const char *reply;
    uint32_t awaited, refused;
} acknowledgements[] = {
    {"RTS alone", 0, "fffa2c69 0c fff0", DTR, 0},
    {"both lines", 0, "fffa2c69 0c fff0 fffa2c69 08 fff0", 0, 0},
    {"the rate", 115200, "fffa2c65 0001c200 fff0", 0, 0},
    {"another rate is a refusal", 921600, "fffa2c65 0001c200 fff0", 0, RATE},
    {"an escaped byte inside is one byte", 0xFF00, "fffa2c65 00 00 ffff 00 fff0", 0, 0},
    {"nonsense", 115200, "fffa2c65 c200 fff0 fffa2c65 000000000001c200 fff0 fffa2c65 fff0", RATE, 0},
};

TEST_ROWS(acknowledgement_clears_its_request_and_no_other, acknowledgements)
{
    print_message("%s\n", row->what);
    begin_connected();
    if (row->rate_baud != 0) {
        rfc2217_request(&codec, RFC2217_SET_BAUDRATE, row->rate_baud, out);
    } else {
        rfc2217_request_lines(&codec, true, false, out);
    }
    assert_consumes(row->reply);
    assert_open(row->awaited, row->refused);
}

TEST(refusal_is_forgotten_with_the_next_acknowledgement)
{
    begin_connected();
    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 921600, out);
    assert_consumes("fffa2c65 0001c200 fff0");
    assert_open(0, RATE);
    assert_int_equal(codec.acknowledged[RFC2217_ANSWER_BAUDRATE], 115200);
    rfc2217_request(&codec, RFC2217_SET_BAUDRATE, 115200, out);
    assert_consumes("fffa2c65 0001c200 fff0");
    assert_open(0, 0);
}

TEST(late_acknowledgement_does_not_count_for_the_next_request)
{
    begin_connected();
    rfc2217_request_lines(&codec, true, true, out);
    rfc2217_request_lines(&codec, true, true, out); /* after giving up on the first */
    assert_consumes("fffa2c69 08 fff0 fffa2c69 0b fff0");
    assert_open(DTR | RTS, 0);
    assert_consumes("fffa2c69 08 fff0 fffa2c69 0b fff0");
    assert_open(0, 0);
}

static const char *const ignored[] = {
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

TEST_ROWS(notifications_and_nonsense_are_ignored, ignored)
{
    begin_connected();
    assert_consumes(*row);
    assert_receives("41", "41", ""); /* and data goes on */
    assert_open(0, 0);
    assert_false(codec.is_suspended);
}

TEST(server_can_suspend_and_resume)
{
    begin_connected();
    assert_consumes("fffa2c6c fff0");
    assert_true(codec.is_suspended);
    assert_consumes("fffa2c6d fff0");
    assert_false(codec.is_suspended);
}
