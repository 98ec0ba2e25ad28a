/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys, the text that ends a monitor, its options, and what waits between its threads.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/finder.h"
#include "monitor/keys.h"
#include "monitor/monitor_options.h"
#include "monitor/pieces.h"
#include "test.h"

/* ---- keys ---- */

static const struct {
    const char *typed;
    monitor_key_t key; /* of the last one */
} keys[] = {
    {"a", MONITOR_KEY_SEND},         {"\x03", MONITOR_KEY_SEND}, /* Ctrl-C */
    {"\x1D", MONITOR_KEY_EXIT},      {"\x14", MONITOR_KEY_NOTHING},        {"\x14\x14", MONITOR_KEY_SEND},
    {"\x14\x1D", MONITOR_KEY_SEND},  {"\x14\x12", MONITOR_KEY_RESET},      {"\x14r", MONITOR_KEY_RESET},
    {"\x14R", MONITOR_KEY_RESET},    {"\x14\x10", MONITOR_KEY_DOWNLOAD},   {"\x14\x19", MONITOR_KEY_PAUSE},
    {"\x14\x0C", MONITOR_KEY_LOG},   {"\x14\x09", MONITOR_KEY_TIMESTAMPS}, {"\x14\x08", MONITOR_KEY_HELP},
    {"\x14x", MONITOR_KEY_EXIT},     {"\x14z", MONITOR_KEY_UNKNOWN},       {"\x14\xFF", MONITOR_KEY_UNKNOWN},
    {"\x14zr", MONITOR_KEY_SEND}, /* the menu has ended */
    {"\x14\x14r", MONITOR_KEY_SEND},
};

TEST_ROWS(keys_are_those_of_esp_idf, keys)
{
    monitor_keys_t state = {0};
    monitor_key_t key = MONITOR_KEY_NOTHING;

    for (const char *typed = row->typed; *typed != '\0'; typed++) {
        key = monitor_keys_take(&state, *typed);
    }
    assert_int_equal(key, row->key);
}

/* ---- the text that ends it ---- */

static const struct {
    const char *text;
    const char *stream;
    bool is_found;
} streams[] = {
    {"PASS", "PASS", true},      {"PASS", "PAPASS", true},  {"PASS", "PASPASPASSED", true},
    {"PASS", "PAS", false},      {"PASS", "pass", false},   {"aab", "aaab", true},
    {"abab", "abaabab", true},   {"abab", "abaaba", false}, {"aaa", "aabaa", false},
    {"\xFF\n", "x\xFF\n", true}, {"x", "", false},
};

TEST_ROWS(a_text_is_found_however_it_comes, streams)
{
    finder_t whole = {.text = row->text};
    finder_t bytes = {.text = row->text};
    bool is_found = false;

    assert_int_equal(finder_take(&whole, (const uint8_t *)row->stream, strlen(row->stream)), row->is_found);
    for (const char *byte = row->stream; *byte != '\0'; byte++) {
        is_found = finder_take(&bytes, (const uint8_t *)byte, 1);
    }
    assert_int_equal(is_found, row->is_found);
}

/* ---- options ---- */

static const struct {
    option_id_t id;
    const char *text;
    const char *error; /* "" = it is taken */
} values[] = {
    {OPTION_FILTER, "wifi:W *:E", ""},
    {OPTION_FILTER, "wifi:Q",
     "invalid filter: rule 'wifi:Q' has an unknown level: N, E, W, I, D and V are known"},
    {OPTION_TIMESTAMPS, NULL, ""},
    {OPTION_TIMESTAMPS, "%H", ""},
    {OPTION_TIMESTAMPS, "", "invalid format of time stamps ''"},
    {OPTION_EXIT_ON, "PASS", ""},
    {OPTION_EXIT_ON, "", "the text of --exit-on has 1 to 255 bytes"},
    {OPTION_PORT, "x", "--x is not one of a monitor's options"},
};

TEST_ROWS(values_are_checked, values)
{
    monitor_options_t options;
    char error[OPTION_ERROR_SIZE] = "";
    const option_t option = {.id = row->id, .name = "x"};
    const option_value_t value = {.option = &option, .text = row->text};

    monitor_options_init(&options);
    assert_int_equal(options.rate_baud, 115200);
    assert_int_equal(monitor_options_take(&options, &value, error), row->error[0] == '\0');
    assert_string_equal(error, row->error);
    assert_int_equal(monitor_options_has(&value), row->id != OPTION_PORT);
}

static void assert_checked(const monitor_options_t *options, const char *port, const char *sentence)
{
    const session_options_t session = {.port = port};
    char error[OPTION_ERROR_SIZE] = "";

    assert_int_equal(monitor_options_check(options, &session, error), sentence[0] == '\0');
    assert_string_equal(error, sentence);
}

TEST(options_that_do_not_go_together)
{
    monitor_options_t options = {.rate_baud = 9600, .is_rate_demanded = true};

    assert_checked(&options, "/dev/ttyUSB0", "");
    assert_checked(&options, "socket://host:1", "a socket:// port has no baud rate: leave it out");
    options.is_rate_demanded = false;
    assert_checked(&options, "socket://host:1", "");
    options.mode = MONITOR_HEX;
    options.timestamps = "%H";
    assert_checked(&options, "/dev/ttyUSB0", "");
    options.filter.count = 1;
    assert_checked(&options, "/dev/ttyUSB0", "--filter needs lines: leave out --mode and --raw");
    options = (monitor_options_t){.mode = MONITOR_RAW, .timestamps = "%H"};
    assert_checked(&options, "/dev/ttyUSB0", "nothing is added to raw bytes: leave out --timestamps");
}

/* ---- what waits ---- */

enum { PIECE_COUNT = 1000, PIECE_SIZE = 1000 };

static void *put_all(void *ctx)
{
    uint8_t bytes[PIECE_SIZE];

    for (unsigned i = 0; i < PIECE_COUNT; i++) {
        memset(bytes, (int)(i & 0xFF), sizeof(bytes));
        pieces_put(ctx, i % 10 == 0, bytes, sizeof(bytes));
    }
    return NULL;
}

/* The room is for three: the one that puts has to wait, and nothing is lost. */
TEST(everything_comes_out_once_and_in_order)
{
    pieces_t pieces;
    pthread_t thread;

    assert_true(pieces_begin(&pieces, 3 * PIECE_SIZE));
    assert_int_equal(pthread_create(&thread, NULL, put_all, &pieces), 0);
    for (unsigned i = 0; i < PIECE_COUNT;) {
        piece_t *piece = pieces_take(&pieces);

        assert_true(pieces.held <= 3 * PIECE_SIZE);
        if (piece != NULL) {
            assert_int_equal(piece->size, PIECE_SIZE);
            assert_int_equal(piece->is_remark, i % 10 == 0);
            assert_int_equal(piece->bytes[0], i & 0xFF);
            assert_int_equal(piece->bytes[PIECE_SIZE - 1], i & 0xFF);
            free(piece);
            i++;
        }
    }
    pthread_join(thread, NULL);
    assert_null(pieces_take(&pieces));
    pieces_free(&pieces);
}

TEST(nobody_waits_after_the_end)
{
    pieces_t pieces;
    pthread_t thread;

    assert_true(pieces_begin(&pieces, 3 * PIECE_SIZE));
    assert_int_equal(pthread_create(&thread, NULL, put_all, &pieces), 0);
    pieces_end(&pieces);
    pthread_join(thread, NULL);
    pieces_free(&pieces);
}

TEST(a_piece_that_is_larger_than_the_room_is_taken_alone)
{
    pieces_t pieces;
    const uint8_t bytes[20] = {1};

    assert_true(pieces_begin(&pieces, 10));
    pieces_put(&pieces, false, bytes, sizeof(bytes));
    piece_t *piece = pieces_take(&pieces);
    assert_non_null(piece);
    assert_int_equal(piece->size, sizeof(bytes));
    free(piece);
    pieces_free(&pieces);
}
