/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The telnet codec, byte by byte. Source of the tables: RFC 854, RFC 855, RFC 2217.
 */
#include "telnet.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Feeds @p in in pieces of @p piece bytes and writes what comes out as text: data in hex, N verb option, S
 * content. */
static void decode_in_pieces(const uint8_t *in, size_t size, size_t piece, char *out)
{
    fe_telnet_decoder_t decoder = {0};
    uint8_t data[64];
    size_t at = 0;
    size_t length = 0;
    out[0] = '\0';
    while (at < size) {
        const size_t left = size - at < piece ? size - at : piece;
        uint8_t *copy = malloc(left); /* exact size: an overrun is seen by the sanitizer */
        assert_non_null(copy);
        memcpy(copy, in + at, left);
        size_t used;
        size_t stored;
        const fe_telnet_event_t event =
            fe_telnet_decode(&decoder, copy, left, data, sizeof(data), &used, &stored);
        free(copy);
        assert_true(used > 0);
        at += used;
        for (size_t i = 0; i < stored; i++)
            length += (size_t)sprintf(out + length, "%02x ", data[i]);
        if (event == FE_TELNET_NEGOTIATION)
            length += (size_t)sprintf(out + length, "N%u,%u ", decoder.verb, decoder.option);
        if (event == FE_TELNET_SUBNEGOTIATION) {
            length += (size_t)sprintf(out + length, "S");
            for (size_t i = 0; i < decoder.sub_size; i++)
                length += (size_t)sprintf(out + length, "%02x", decoder.sub[i]);
            length += (size_t)sprintf(out + length, " ");
        }
    }
}

static const struct {
    const char *expected;
    size_t size;
    uint8_t in[24];
} streams[] = {
    {"c0 00 0d 00 c0 ", 5, {0xC0, 0x00, 0x0D, 0x00, 0xC0}},
    {"ff ", 2, {255, 255}},
    {"01 ff ff 02 ", 6, {1, 255, 255, 255, 255, 2}},
    {"N251,44 ", 3, {255, 251, 44}},
    {"41 N253,0 42 ", 5, {0x41, 255, 253, 0, 0x42}},
    {"S2c0100038400 ", 10, {255, 250, 44, 1, 0, 3, 0x84, 0, 255, 240}},
    {"S2c01ff ", 8, {255, 250, 44, 1, 255, 255, 255, 240}},
    {"07 S2c0508 08 ", 9, {7, 255, 250, 44, 5, 8, 255, 240, 8}},
    {"41 42 ", 4, {0x41, 255, 241, 0x42}},                /* NOP */
    {"", 4, {255, 250, 255, 240}},                        /* empty subnegotiation */
    {"N251,3 05 ", 8, {255, 250, 44, 5, 255, 251, 3, 5}}, /* its end is missing */
    {"S2c07 ", 9, {255, 250, 44, 255, 250, 44, 7, 255, 240}},
    {"11 ", 3, {255, 240, 0x11}}, /* an end without a beginning */
};

TEST_ROWS(decoder_takes_streams_apart_however_they_are_cut, streams)
{
    for (size_t piece = 1; piece <= row->size; piece++) {
        char out[256];
        decode_in_pieces(row->in, row->size, piece, out);
        assert_string_equal(out, row->expected);
    }
}

TEST(decoder_uses_no_byte_for_which_there_is_no_room)
{
    fe_telnet_decoder_t decoder = {0};
    const uint8_t in[] = {1, 2, 255, 255, 3};
    uint8_t data[2];
    size_t used;
    size_t stored;
    assert_int_equal(fe_telnet_decode(&decoder, in, 5, data, 2, &used, &stored), FE_TELNET_NOTHING);
    assert_int_equal(stored, 2);
    assert_int_equal(used, 3); /* the first half of the doubled byte needs no room */
    assert_int_equal(fe_telnet_decode(&decoder, in + 3, 2, data, 0, &used, &stored), FE_TELNET_NOTHING);
    assert_int_equal(used, 0);
    assert_int_equal(fe_telnet_decode(&decoder, in + 3, 2, data, 2, &used, &stored), FE_TELNET_NOTHING);
    assert_int_equal(used, 2);
    assert_int_equal(data[0], 255);
    assert_int_equal(data[1], 3);
}

TEST(decoder_reports_commands_though_there_is_no_room_for_data)
{
    fe_telnet_decoder_t decoder = {0};
    const uint8_t in[] = {255, 250, 44, 5, 8, 255, 240, 9};
    uint8_t none;
    size_t used;
    size_t stored;
    assert_int_equal(fe_telnet_decode(&decoder, in, sizeof(in), &none, 0, &used, &stored),
                     FE_TELNET_SUBNEGOTIATION);
    assert_int_equal(used, 7);
}

TEST(decoder_skips_a_subnegotiation_that_is_too_long_and_goes_on)
{
    for (size_t length = FE_TELNET_SUB_CAPACITY; length <= FE_TELNET_SUB_CAPACITY + 1; length++) {
        fe_telnet_decoder_t decoder = {0};
        uint8_t in[FE_TELNET_SUB_CAPACITY + 8] = {255, 250};
        uint8_t data[4];
        size_t used;
        size_t stored;
        memset(in + 2, 0x2C, length);
        in[2 + length] = 255;
        in[3 + length] = 240;
        in[4 + length] = 0x42;
        const fe_telnet_event_t event =
            fe_telnet_decode(&decoder, in, length + 5, data, sizeof(data), &used, &stored);
        if (length == FE_TELNET_SUB_CAPACITY) {
            assert_int_equal(event, FE_TELNET_SUBNEGOTIATION);
            assert_int_equal(decoder.sub_size, length);
        } else {
            assert_int_equal(event, FE_TELNET_NOTHING);
            assert_int_equal(stored, 1);
            assert_int_equal(data[0], 0x42);
        }
    }
}

TEST(encoder_doubles_255_and_never_splits_the_pair)
{
    const uint8_t in[] = {0xC0, 255, 0xDB, 255};
    uint8_t out[8];
    size_t used;
    assert_int_equal(fe_telnet_encode_data(in, 4, out, sizeof(out), &used), 6);
    assert_int_equal(used, 4);
    assert_memory_equal(out, ((const uint8_t[]){0xC0, 255, 255, 0xDB, 255, 255}), 6);
    assert_int_equal(fe_telnet_encode_data(in, 4, out, 5, &used), 4);
    assert_int_equal(used, 3);
    assert_int_equal(fe_telnet_encode_data(in, 4, out, 0, &used), 0);
    assert_int_equal(used, 0);
}

TEST(subnegotiation_is_framed_or_refused_whole)
{
    const uint8_t sub[] = {44, 101, 255};
    uint8_t out[8];
    assert_int_equal(fe_telnet_encode_subnegotiation(sub, 3, out, 8), 8);
    assert_memory_equal(out, ((const uint8_t[]){255, 250, 44, 101, 255, 255, 255, 240}), 8);
    assert_int_equal(fe_telnet_encode_subnegotiation(sub, 3, out, 7), 0);
    assert_int_equal(fe_telnet_encode_subnegotiation(sub, 3, out, 3), 0);
}

TEST(greeting_asks_for_a_binary_path_and_com_port)
{
    fe_telnet_options_t options = {0};
    uint8_t out[FE_TELNET_GREETING_SIZE];
    assert_int_equal(fe_telnet_greet(&options, out), 15);
    assert_memory_equal(
        out, ((const uint8_t[]){255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 253, 44}), 15);
    assert_false(fe_telnet_has_com_port(&options));
}

typedef struct {
    uint8_t verb, option;
    size_t size;
    uint8_t answer[3];
} exchange_t;

static void run_exchanges(fe_telnet_options_t *options, const exchange_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t out[FE_TELNET_ANSWER_SIZE];
        assert_int_equal(fe_telnet_negotiate(options, rows[i].verb, rows[i].option, out), rows[i].size);
        assert_memory_equal(out, rows[i].answer, rows[i].size);
    }
}

TEST(answers_to_the_greeting_are_not_answered)
{
    fe_telnet_options_t options = {0};
    uint8_t out[FE_TELNET_GREETING_SIZE];
    (void)fe_telnet_greet(&options, out);
    static const exchange_t rows[] = {
        {FE_TELNET_DO, 0, 0, {0}},
        {FE_TELNET_WILL, 0, 0, {0}},
        {FE_TELNET_DONT, 3, 0, {0}},
        {FE_TELNET_WILL, 44, 0, {0}},
        {FE_TELNET_WILL, 44, 0, {0}},            /* said twice */
        {FE_TELNET_DO, 3, 3, {255, 251, 3}},     /* changed its mind */
        {FE_TELNET_WONT, 44, 3, {255, 254, 44}}, /* switched off again */
    };
    run_exchanges(&options, rows, 4);
    assert_true(fe_telnet_has_com_port(&options));
    run_exchanges(&options, rows + 4, 3);
    assert_false(fe_telnet_has_com_port(&options));
}

TEST(requests_are_accepted_when_known_and_refused_otherwise)
{
    fe_telnet_options_t options = {0};
    static const exchange_t rows[] = {
        {FE_TELNET_DO, FE_TELNET_OPTION_ECHO, 3, {255, 252, 1}},
        {FE_TELNET_WILL, 31, 3, {255, 254, 31}},
        {FE_TELNET_DONT, FE_TELNET_OPTION_ECHO, 0, {0}},
        {FE_TELNET_WONT, 31, 0, {0}},
        {FE_TELNET_DO, 44, 3, {255, 251, 44}},
        {FE_TELNET_WILL, 0, 3, {255, 253, 0}},
        {FE_TELNET_DONT, 3, 0, {0}}, /* it was off */
    };
    run_exchanges(&options, rows, sizeof(rows) / sizeof(rows[0]));
    assert_true(fe_telnet_has_com_port(&options));
}
