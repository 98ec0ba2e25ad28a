/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SLIP framing of src/link/link.c, byte-exact in both directions.
 */
#include <string.h>

#include "conversation.h"

static void open_link(void)
{
    open_session(ESP_LOADER_LINK_UNKNOWN);
    eli_port_set_deadline(&f.loader, 100);
}

#define FEED(...)                                                                                            \
    scripted_port_push(&f.script, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect_frame(const char *text)
{
    uint8_t buf[16];
    size_t size;
    assert_int_equal(eli_link_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(buf, text, size);
}

static void expect_nothing(void)
{
    uint8_t buf[16];
    size_t size;
    assert_int_equal(eli_link_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(size, 0);
}

static void expect_sent(const uint8_t *wire, size_t size)
{
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.sent_size, size);
    assert_memory_equal(f.script.sent, wire, size);
}

/* ---- sending ---- */

TEST(frame_is_delimited_and_escaped_in_one_write)
{
    open_link();
    static const uint8_t data[] = {0x01, 0xC0, 0x02, 0xDB, 0x03};
    static const uint8_t wire[] = {0xC0, 0x01, 0xDB, 0xDC, 0x02, 0xDB, 0xDD, 0x03, 0xC0};
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    expect_sent(wire, sizeof(wire));
    assert_int_equal(f.port->writes, 1);
}

TEST(frame_that_does_not_fit_goes_out_in_full_buffers)
{
    static uint8_t data[ESP_LOADER_TX_BUFFER_SIZE];
    memset(data, 0xC0, sizeof(data)); /* doubles on the wire */
    open_link();
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.sent_size, 2 * sizeof(data) + 2);
    assert_int_equal(f.port->writes, 3); /* 2 x buffer + 2 bytes */
}

/* Any length, any alignment, few to many bytes to escape, handed over in two pieces. */
TEST(any_content_is_escaped_byte_by_byte)
{
    static const uint8_t alphabet[] = {0xC0, 0xDB, 0xC1, 0xDA, 0x40, 0x00, 0xBF, 0xDC};
    static uint8_t data[3000 + 8];
    static uint8_t wire[2 * sizeof(data) + 2];
    uint32_t seed = 1;

    for (unsigned round = 0; round < 2000; round++) {
        size_t wire_size = 0;
        size_t size = (seed >> 7) % (round % 8 == 0 ? 3000 : 40);
        uint8_t *start = data + round % 8;
        unsigned one_in = 1u << (round % 9);
        wire[wire_size++] = 0xC0;
        for (size_t i = 0; i < size; i++) {
            seed = seed * 1664525u + 1013904223u;
            bool is_odd = (seed >> 9) % one_in == 0;
            start[i] = is_odd ? alphabet[seed >> 29] : (uint8_t)(seed >> 20 & 0x7F);
            bool is_escaped = start[i] == 0xC0 || start[i] == 0xDB;
            if (is_escaped) {
                wire[wire_size++] = 0xDB;
            }
            wire[wire_size++] = !is_escaped ? start[i] : start[i] == 0xC0 ? 0xDC : 0xDD;
        }
        wire[wire_size++] = 0xC0;
        seed = seed * 1664525u + 1013904223u;
        size_t first = size == 0 ? 0 : (seed >> 8) % size;
        open_link();
        eli_link_begin_frame(&f.loader);
        eli_link_put(&f.loader, start, first);
        eli_link_put(&f.loader, start + first, size - first);
        expect_sent(wire, wire_size);
    }
}

TEST(failed_write_ends_the_frame_and_is_reported)
{
    static uint8_t data[3 * ESP_LOADER_TX_BUFFER_SIZE];
    open_link();
    f.script.write_error = ESP_LOADER_ERROR_DISCONNECTED;
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(f.port->writes, 1); /* nothing is sent after the first error */
}

TEST(fill_bytes_are_part_of_the_frame)
{
    static const uint8_t wire[] = {0xC0, 0xFF, 0xFF, 0xFF, 0xC0};
    open_link();
    eli_link_begin_frame(&f.loader);
    eli_link_put_fill(&f.loader, 0xFF, 3);
    expect_sent(wire, sizeof(wire));
}

/* ---- receiving ---- */

#define BYTES(...) .input = (const uint8_t[]){__VA_ARGS__}, .size = sizeof((const uint8_t[]){__VA_ARGS__})
#define X15        'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'

static const struct {
    const char *what;
    const char *frames[4]; /* that come out of it, before nothing does */
    const uint8_t *input;
    size_t size;
} streams[] = {
    {"escapes", {"a\xC0x\xDB"}, BYTES(0xC0, 'a', 0xDB, 0xDC, 'x', 0xDB, 0xDD, 0xC0)},
    {"the first byte is escaped", {"\xC0x"}, BYTES(0xC0, 0xDB, 0xDC, 'x', 0xC0)},
    {"empty frames are skipped", {"a"}, BYTES(0xC0, 0xC0, 0xC0, 'a', 0xC0)},
    {"frames may share a delimiter", {"a", "b"}, BYTES(0xC0, 'a', 0xC0, 'b', 0xC0)},
    {"a lost or an extra delimiter costs at most one frame",
     {"a", "noise", "b", "c"},
     BYTES(0xC0, 'a', 0xC0, 0xC0, 'n', 'o', 'i', 's', 'e', 0xC0, 'b', 0xC0, 'c', 0xC0)},
    {"half a frame is nothing", {NULL}, BYTES(0xC0, 'a', 'b')},
    /* what is wrong with a frame takes that frame, and not the next */
    {"escape before the delimiter", {"c"}, BYTES(0xC0, 'a', 0xDB, 0xC0, 0xC0, 'c', 0xC0)},
    {"cut off in an escape", {"b"}, BYTES(0xC0, 'a', 0xDB, 0xC0, 'b', 0xC0)},
    {"escape of b", {"c"}, BYTES(0xC0, 'a', 0xDB, 'b', 0xC0, 0xC0, 'c', 0xC0)},
    {"escape of 00", {"cd"}, BYTES(0xC0, 'a', 0xDB, 0x00, 'b', 0xC0, 'c', 'd', 0xC0)},
    {"escape of DB", {"cd"}, BYTES(0xC0, 'a', 0xDB, 0xDB, 'b', 0xC0, 'c', 'd', 0xC0)},
    {"escape of DE", {"cd"}, BYTES(0xC0, 'a', 0xDB, 0xDE, 'b', 0xC0, 'c', 'd', 0xC0)},
    {"escape of DA", {"cd"}, BYTES(0xC0, 'a', 0xDB, 0xDA, 'b', 0xC0, 'c', 'd', 0xC0)},
    {"escape of FF", {"cd"}, BYTES(0xC0, 'a', 0xDB, 0xFF, 'b', 0xC0, 'c', 'd', 0xC0)},
    {"as long as the buffer", {"xxxxxxxxxxxxxxxx", "ok"}, BYTES(0xC0, X15, 'x', 0xC0, 0xC0, 'o', 'k', 0xC0)},
    {"longer by one", {"ok"}, BYTES(0xC0, X15, 'x', 'x', 0xC0, 0xC0, 'o', 'k', 0xC0)},
    {"longer by two", {"ok"}, BYTES(0xC0, X15, 'x', 'x', 'x', 0xC0, 0xC0, 'o', 'k', 0xC0)},
};

TEST(frames_come_out_of_a_stream_whatever_the_chunks)
{
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        print_message("%s\n", streams[i].what);
        for (size_t chunk = 0; chunk <= 9; chunk++) { /* 0: all at once */
            open_link();
            f.script.chunk = chunk;
            scripted_port_push(&f.script, streams[i].input, streams[i].size);
            for (size_t k = 0; k < 4 && streams[i].frames[k] != NULL; k++) {
                expect_frame(streams[i].frames[k]);
            }
            expect_nothing();
            assert_int_equal(f.port->now_ms, 100);
        }
    }
}

TEST(endless_noise_ends_at_the_deadline)
{
    open_link();
    f.script.noise = "x"; /* never a delimiter; each read takes a millisecond */
    expect_nothing();
    assert_in_range(f.port->now_ms, 100, 102);
}

TEST(frames_without_end_stop_at_the_deadline)
{
    uint8_t frame[16];
    size_t size;
    unsigned frames = 0;
    open_link();
    f.script.noise = "x\xC0";
    while (eli_link_receive(&f.loader, frame, sizeof(frame), &size) == ESP_LOADER_SUCCESS) {
        assert_true(frames++ < 110 * sizeof(f.loader._buffers.rx));
    }
    assert_in_range(f.port->now_ms, 100, 102);
}

TEST(discarding_ends_although_the_target_never_stops)
{
    open_link();
    f.script.noise = "x";
    eli_link_discard_input(&f.loader);
    assert_int_equal(f.port->reads, 16384 / ESP_LOADER_RX_BUFFER_SIZE);
}

TEST(discarded_bytes_never_come_back)
{
    open_link();
    FEED(0xC0, 'o', 'l', 'd', 0xC0, 0xC0, 'o', 'l', 'd', '2', 0xC0);
    expect_frame("old"); /* leaves bytes in the session's own buffer */
    eli_link_discard_input(&f.loader);
    eli_port_set_deadline(&f.loader, 100);
    expect_nothing();
}

TEST(port_error_reaches_the_caller)
{
    uint8_t buf[16];
    size_t size;
    open_link();
    FEED(0xC0, 'a');
    f.script.read_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(eli_link_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_DISCONNECTED);
}

/* ---- frames of a known size ---- */

static const struct {
    const char *what;
    const char *content; /* NULL: it is none of four bytes */
    const uint8_t *input;
    size_t size;
} known[] = {
    {"plain", "abcd", BYTES(0xC0, 'a', 'b', 'c', 'd', 0xC0)},
    {"escapes", "\xC0\xDB\xC0z", BYTES(0xC0, 0xDB, 0xDC, 0xDB, 0xDD, 0xDB, 0xDC, 'z', 0xC0)},
    {"all escaped", "\xDB\xDB\xDB\xDB", BYTES(0xC0, 0xDB, 0xDD, 0xDB, 0xDD, 0xDB, 0xDD, 0xDB, 0xDD, 0xC0)},
    {"several delimiters before it", "abcd", BYTES(0xC0, 0xC0, 0xC0, 'a', 'b', 'c', 'd', 0xC0)},
    {"a delimiter too few", "abcd", BYTES('a', 'b', 'c', 'd', 0xC0)},
    {"shorter", NULL, BYTES(0xC0, 'a', 'b', 'c', 0xC0, 0xC0, 'x')},
    {"longer", NULL, BYTES(0xC0, 'a', 'b', 'c', 'd', 'e', 0xC0)},
    {"longer by an escape", NULL, BYTES(0xC0, 'a', 'b', 'c', 'd', 0xDB, 0xDC, 0xC0)},
    {"escape before the delimiter", NULL, BYTES(0xC0, 'a', 'b', 'c', 0xDB, 0xC0, 'x')},
    {"escape of b", NULL, BYTES(0xC0, 'a', 0xDB, 'b', 'c', 'd', 0xC0)},
    {"escape of DB", NULL, BYTES(0xC0, 'a', 0xDB, 0xDB, 'c', 'd', 0xC0)},
};

static void expect_known(size_t i)
{
    uint8_t buf[5] = {0, 0, 0, 0, 0x77};

    scripted_port_push(&f.script, known[i].input, known[i].size);
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_link_receive_exactly(&f.loader, buf, 4),
                     known[i].content != NULL ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE);
    if (known[i].content != NULL) {
        assert_memory_equal(buf, known[i].content, 4);
    }
    assert_int_equal(buf[4], 0x77);
}

TEST_ROWS(frames_of_a_known_size_are_received_where_they_belong, known)
{
    const size_t i = (size_t)(row - known);

    for (size_t chunk = 0; chunk <= known[i].size; chunk++) {
        open_link();
        f.script.chunk = chunk;
        expect_known(i);
    }
    open_session_v1();
    eli_port_set_deadline(&f.loader, 100);
    expect_known(i);
}

TEST(first_generation_port_is_read_in_as_few_calls_as_what_is_sure_allows)
{
    uint8_t frame[258] = {0xC0};
    uint8_t buf[256];

    memset(frame + 1, 'a', 256);
    frame[257] = 0xC0;
    open_session_v1();
    eli_port_set_deadline(&f.loader, 100);
    scripted_port_push(&f.script, frame, sizeof(frame));
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->reads, 2); /* the delimiter, and the first byte */
    assert_int_equal(eli_link_receive_exactly(&f.loader, buf, sizeof(buf)), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->reads, 4); /* the rest, and its end */
    assert_memory_equal(buf, frame + 1, sizeof(buf));
}

TEST(what_is_missing_of_a_known_frame_is_a_timeout)
{
    uint8_t buf[8];

    open_link();
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_ERROR_TIMEOUT);
    eli_port_set_deadline(&f.loader, 100);
    FEED(0xC0, 'a', 'b');
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_link_receive_exactly(&f.loader, buf, sizeof(buf)), ESP_LOADER_ERROR_TIMEOUT);
    open_link();
    FEED(0xC0, 'a', 'b'); /* all but its end */
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_link_receive_exactly(&f.loader, buf, 2), ESP_LOADER_ERROR_TIMEOUT);
    open_link();
    f.script.noise = "\xC0"; /* delimiters for ever */
    assert_int_equal(eli_link_await(&f.loader), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(f.port->now_ms, 100, 102);
    open_link();
    f.script.read_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(eli_link_receive_exactly(&f.loader, buf, sizeof(buf)), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST(first_generation_port_is_read_byte_by_byte)
{
    open_session_v1();
    eli_port_set_deadline(&f.loader, 100);
    FEED(0xC0, 'a', 'b', 0xC0);
    expect_frame("ab");
    assert_int_equal(f.port->reads, 4);
    expect_nothing();
}
